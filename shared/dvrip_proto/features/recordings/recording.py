"""A recording as a device lists it, and the words for what is recorded."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from ...errors import UsageError
from ...values import Json, count
from ...wire.shapes import member
from ..times import parse_time, times_in_name

STREAMS = {"Main": 0, "Extra1": 1}
KINDS = ("h264", "jpg")
EVENT_NAMES = {"R": "regular", "M": "motion", "A": "alarm", "H": "manual", "K": "important"}
"""Why a device recorded, by the letter in the name of the file. There are more letters than these."""

_EVENTS = re.compile(r"\[([A-Za-z]{1,8})\]")
_PICTURE = re.compile(r"\.(?:jpe?g|bmp|png)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A recording, or a picture (`kind` "jpg"), on a disk of the device.

    Times are the device's local ones; None where it tells none. `channel` counts from 0. `events` are letters
    (EVENT_NAMES). One without a `name` stands for a stretch of time: what is recorded then, in any file.
    """

    begin: datetime | None = None
    end: datetime | None = None
    size_kib: int = 0
    name: str = ""
    channel: int = 0
    stream: str = "Main"
    events: frozenset[str] = frozenset()
    kind: str = "h264"

    def __str__(self) -> str:
        if self.name:
            return self.name
        return f"channel {self.channel + 1} from {self.begin or 'the beginning'} to {self.end or 'the end'}"


def read_recording(item: Json, *, channel: int, stream: str, kind: str) -> Recording | None:
    """A listed recording; None for what is none, or a picture where none is wanted."""
    if not isinstance(item, dict) or (kind == KINDS[0] and is_picture(item)):
        return None
    name = member(item, "FileName")
    name = name if isinstance(name, str) else ""
    since, until = times_in_name(name)
    begin, end = _time(member(item, "BeginTime"), since), _time(member(item, "EndTime"), until)
    if not name and begin is None:
        return None
    letters = _EVENTS.search(name.rpartition("/")[2])
    return Recording(
        begin=begin,
        end=end if begin is None or end is None or end >= begin else None,
        size_kib=count(member(item, "FileLength")),
        name=name,
        channel=channel,
        stream=stream,
        events=frozenset(letters[1].upper() if letters else ""),
        kind=kind,
    )


def is_picture(item: Json) -> bool:
    """Whether a listed item is one, by its name."""
    name = member(item, "FileName") if isinstance(item, dict) else None
    return isinstance(name, str) and _PICTURE.search(name) is not None


def _time(told: Json, named: datetime | None) -> datetime | None:
    """A time that an item tells; that of the file's name where it cannot be read. Zeros are none."""
    unreadable = isinstance(told, str) and told.strip(" 0-:") != "" and parse_time(told) is None
    return named if unreadable else parse_time(told)


def check_source(where: str, channel: int, stream: str) -> None:
    """UsageError for a channel or stream that no device has."""
    if channel < 0:
        raise UsageError(f"{where}: there is no channel {channel + 1}")
    if stream not in STREAMS:
        raise UsageError(f"{where}: no recorded stream {stream!r}, it is one of {', '.join(STREAMS)}")


def event_letters(where: str, events: Collection[str] | None) -> frozenset[str] | None:
    """The letters of why a device records: each may be given by its word, in any case."""
    if events is None:
        return None
    by_word = {word: letter for letter, word in EVENT_NAMES.items()}
    named = [events] if isinstance(events, str) and events.casefold() in by_word else list(events)
    letters = {by_word.get(event.casefold(), event.upper()) for event in named}
    unknown = sorted(letter for letter in letters if not (len(letter) == 1 and letter.isalpha()))
    if unknown:
        raise UsageError(
            f"{where}: no event {', '.join(map(repr, unknown))} of recordings: it is one of "
            f"{', '.join(EVENT_NAMES.values())}, or a letter"
        )
    return frozenset(letters)
