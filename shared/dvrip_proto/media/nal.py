"""H.264 and H.265 in Annex-B form: the NAL units of an access unit, and the parameter sets among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

START_CODE = b"\x00\x00\x01"

H264_SPS, H264_PPS = 7, 8
H265_VPS, H265_SPS, H265_PPS = 32, 33, 34

_UNITS_MAX = 4096  # a picture has some dozen; a frame of 16 MiB could hold millions
# SEI, delimiters, ends and filler: a decoder does without, and go2rtc ends an access unit at a trailing one.
_DROPPED = {"h264": frozenset({6, 9, 10, 11, 12}), "h265": frozenset({35, 36, 37, 38, 39, 40})}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterSets:
    """What a decoder needs before the first picture; `vps` is empty for H.264."""

    vps: bytes = field(default=b"", repr=False)
    sps: bytes = field(repr=False)
    pps: bytes = field(repr=False)


def nal_type(codec: str, nal: memoryview | bytes) -> int:
    """Return the NAL unit type of `nal`."""
    return nal[0] & 0x1F if codec == "h264" else nal[0] >> 1 & 0x3F


def begins_picture(codec: str, head: bytes) -> bool:
    """Whether a NAL unit with these first three bytes is the first slice of a picture, or of a field."""
    if len(head) < 3:
        return False
    if codec == "h264":
        return nal_type(codec, head) in (1, 5) and bool(head[1] & 0x80)
    return nal_type(codec, head) < H265_VPS and bool(head[2] & 0x80)


def units(payload: bytes) -> Iterator[memoryview]:
    """The first NAL units of an Annex-B access unit, without start codes and the zeros behind them."""
    view = memoryview(payload)
    start = payload.find(START_CODE)
    for _ in range(_UNITS_MAX):
        if start < 0:
            return
        begin = start + len(START_CODE)
        start = payload.find(START_CODE, begin)
        end = len(payload) if start < 0 else start
        if end > begin and payload[end - 1] == 0:
            end = begin + len(payload[begin:end].rstrip(b"\0"))
        # Two bytes are the shortest header of the two codecs.
        if end - begin >= 2:
            yield view[begin:end]


def split(codec: str, payload: bytes) -> tuple[memoryview, ...]:
    """Return the NAL units of an Annex-B access unit that a decoder needs."""
    dropped = _DROPPED[codec]
    return tuple(nal for nal in units(payload) if nal_type(codec, nal) not in dropped)


def parameter_sets(codec: str, nals: tuple[memoryview, ...]) -> ParameterSets | None:
    """Return the parameter sets of a key frame, or None when it does not bring them all."""
    found: dict[int, bytes] = {}
    for nal in nals:
        found.setdefault(nal_type(codec, nal), bytes(nal))
    if codec == "h264":
        if H264_SPS in found and H264_PPS in found and len(found[H264_SPS]) >= 4:
            return ParameterSets(sps=found[H264_SPS], pps=found[H264_PPS])
        return None
    if {H265_VPS, H265_SPS, H265_PPS} <= found.keys():
        return ParameterSets(vps=found[H265_VPS], sps=found[H265_SPS], pps=found[H265_PPS])
    return None
