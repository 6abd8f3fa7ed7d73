"""Which alarms a device has on now, and which channels it records."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..values import Json, count, flag, loose_number
from ..wire.shapes import member, members, things

_HEX_DIGITS: Final = re.compile(r"(?:[0-9a-fA-F]{8}){1,4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """What one channel does now."""

    recording: bool
    bitrate_kbit_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkState:
    """Alarms that are on, by channel or input (from 0), and what the channels do."""

    motion: frozenset[int]
    tamper: frozenset[int]
    video_loss: frozenset[int]
    alarm_inputs: frozenset[int]
    alarm_outputs: frozenset[int]
    channels: tuple[ChannelState, ...]


def read_work_state(raw: Mapping[str, Json]) -> WorkState:
    """What a WorkState says."""
    masks = members(member(raw, "AlarmState"))
    channels = things(member(raw, "ChannelState"), "Record", "Bitrate")
    return WorkState(
        motion=_bits(member(masks, "VideoMotion")),
        tamper=_bits(member(masks, "VideoBlind")),
        video_loss=_bits(member(masks, "VideoLoss")),
        alarm_inputs=_bits(member(masks, "AlarmIn")),
        alarm_outputs=_bits(member(masks, "AlarmOut")),
        channels=tuple(
            ChannelState(
                recording=flag(member(state, "Record")), bitrate_kbit_s=count(member(state, "Bitrate"))
            )
            for state in map(members, channels)  # a channel of which nothing is told has its place, too
        ),
    )


def _bits(value: Json) -> frozenset[int]:
    """The bits of a mask; of a list of them the first has the lowest. Below zero the highest of 32 is set."""
    if isinstance(value, list):
        return frozenset(32 * place + bit for place, word in enumerate(value[:4]) for bit in _bits(word))
    if isinstance(value, str) and _HEX_DIGITS.fullmatch(value.strip()):
        value = f"0x{value.strip()}"
    told = loose_number(value) or 0
    mask = told & 0xFFFFFFFF if told < 0 else told
    return frozenset(bit for bit in range(mask.bit_length()) if mask >> bit & 1)
