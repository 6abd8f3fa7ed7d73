"""Recordings on the disks of a device, and how they are listed: day by day, page by page.

1. A reply lists 64 recordings at most and does not say that there are more: a full page asks for another.
2. A span without an answer is empty on a device that has answered others: some say nothing when they have
   nothing. What comes late is not taken for the answer to the next question.
3. The next page begins where the last recording of this one does, not where it ends: a short event may lie
   inside a long recording. What comes twice is left out.
4. Whatever the device answers, the search ends: spans get shorter, and pages without news are not followed.
"""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from ...connection import Connection, Reply
from ...errors import ProtocolError, RequestTimeoutError, UsageError
from ...values import Json, count, shape
from ...wire.ids import MessageId
from ...wire.ret import EMPTY, SUCCESS
from ...wire.shapes import member, things
from ..times import parse_time, times_in_name, wire_time

STREAMS = {"Main": 0, "Extra1": 1}
KINDS = ("h264", "jpg")
EVENT_NAMES = {"R": "regular", "M": "motion", "A": "alarm", "H": "manual", "K": "important"}
"""Why a device recorded, by the letter in the name of the file. There are more letters than these."""

_LOGGER = logging.getLogger(__name__)
_NAME = "OPFileQuery"
_LISTS = (_NAME, "FileList")  # the second is the specification's
_PAGE = 64
PAGES_A_DAY = 2000  # a day of recordings of a second has 1350
_BARREN_PAGES = 2
_DAYS = 3660
_PATIENCE = 3  # times the usual timeout: old disks are slow
_SECOND = timedelta(seconds=1)
_EVENTS = re.compile(r"\[([A-Za-z]{1,8})\]")
_ANY = "*"  # as a type: an NBD80S16S-KL lists what it records as H.265 under no other
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


@dataclass(slots=True)
class Habits:
    """What a device has shown of how it lists; `types` has the type that has found something of a kind."""

    answers: bool = False
    owes: bool = False
    types: dict[str, str] = field(default_factory=dict)


async def search(
    connection: Connection,
    begin: datetime,
    end: datetime,
    *,
    channel: int,
    stream: str,
    kind: str,
    events: Collection[str] | None,
    pages_a_day: int = PAGES_A_DAY,
    habits: Habits | None = None,
) -> AsyncIterator[Recording]:
    """Every recording that overlaps a span of time, in the order of their beginnings, each once."""
    begin, end = begin.replace(tzinfo=None), end.replace(tzinfo=None)
    _check(connection.where, begin, end, channel, stream, kind)
    wanted = _letters(connection.where, events)
    yesterday: frozenset[object] = frozenset()
    query = _Query(connection, channel, stream, kind, pages_a_day, habits or Habits())
    for day in _days(begin.date(), end.date()):
        first, last = max(begin, datetime.combine(day, time.min)), min(end, _last_second(day))
        found = await query.span(first, last)
        for recording in found.values():
            if _identity(recording) in yesterday:
                continue
            if wanted is None or not recording.events.isdisjoint(wanted):
                yield recording
        yesterday = frozenset(found)


class _Query:
    """Asks for the recordings of a channel."""

    def __init__(
        self, connection: Connection, channel: int, stream: str, kind: str, pages_max: int, habits: Habits
    ) -> None:
        self._pages_max = pages_max
        self._habits = habits
        self._connection = connection
        self._channel = channel
        self._stream = stream
        self._kind = kind

    async def span(self, first: datetime, last: datetime) -> dict[object, Recording]:
        """What overlaps a span, sorted."""
        found: dict[object, Recording] = {}
        spans = [(first, last)]
        barren = 0
        for _ in range(self._pages_max):
            if not spans:
                return _in_order(found, first, last)
            since, until = spans.pop()
            page, full = await self._page(since, until)
            news = {_identity(each): each for each in page if _identity(each) not in found}
            found.update(news)
            if len(found) > self._pages_max * _PAGE:
                break
            if not full:
                continue
            barren = 0 if news else barren + 1
            if barren == _BARREN_PAGES:
                spans.clear()  # it does not look at the times that it is asked for
            else:
                spans += _unseen(page, since, until, past=not news)
        where = self._connection.where
        raise ProtocolError(f"{where}: {_NAME}: the device lists more than {len(found)} recordings of a day")

    async def _page(self, since: datetime, until: datetime) -> tuple[list[Recording], bool]:
        """What one reply lists, and whether that is as much as a reply can."""
        known = self._habits.types.get(self._kind)
        items = await self._ask(since, until, known or self._kind)
        if not items and known is None and self._kind == KINDS[0]:
            items = await self._ask(since, until, _ANY)
        read = (self._recording(item) for item in items)
        page = [recording for recording in read if recording is not None]
        return page, len(items) >= _PAGE

    async def _ask(self, since: datetime, until: datetime, told: str) -> list[Json]:
        """What the device lists of a type; nothing when it stays silent, and has answered before."""
        patience_s = _PATIENCE * self._connection.timeout_s
        first = told == self._habits.types.get(self._kind, self._kind)
        while True:
            try:
                reply = await self._connection.request(
                    MessageId.FILE_SEARCH,
                    _NAME,
                    self._query(since, until, told),
                    ok=SUCCESS | EMPTY if first else None,
                    timeout_s=patience_s if first else self._connection.timeout_s,
                    optional=True,
                )
            except RequestTimeoutError:
                self._habits.owes = True
                if not self._habits.answers or self._connection.closed:
                    raise
                _LOGGER.info("%s: %s: no answer: taken for nothing", self._connection.where, _NAME)
                if not first:
                    self._habits.types[self._kind] = self._kind
                return []
            items = listed(self._connection.where, reply, _LISTS, marks=("FileName", "BeginTime"))
            late = (
                self._habits.owes and items and not any(self._lies_in(each, since, until) for each in items)
            )
            self._habits.answers, self._habits.owes = True, False
            if not late:
                break
        if items and not (told == _ANY and all(_is_picture(each) for each in items)):
            self._habits.types.setdefault(self._kind, told)
        return items

    def _query(self, since: datetime, until: datetime, told: str) -> dict[str, Json]:
        return {
            "BeginTime": wire_time(since),
            "Channel": self._channel,
            "DriverTypeMask": "0x0000FFFF",
            "EndTime": wire_time(until),
            "Event": "*",  # without it devices find nothing
            "StreamType": f"0x{STREAMS[self._stream]:08X}",
            "Type": told,
        }

    def _lies_in(self, item: Json, since: datetime, until: datetime) -> bool:
        each = self._recording(item)
        if each is None or each.begin is None:
            return True
        return each.begin <= until and (each.end or each.begin) >= since

    def _recording(self, item: Json) -> Recording | None:
        """A listed recording; None for what is none, or a picture where none is wanted."""
        if not isinstance(item, dict) or (self._kind == KINDS[0] and _is_picture(item)):
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
            channel=self._channel,
            stream=self._stream,
            events=frozenset(letters[1].upper() if letters else ""),
            kind=self._kind,
        )


def _is_picture(item: Json) -> bool:
    name = member(item, "FileName") if isinstance(item, dict) else None
    return isinstance(name, str) and _PICTURE.search(name) is not None


def _time(told: Json, named: datetime | None) -> datetime | None:
    """A time that an item tells; that of the file's name where it cannot be read. Zeros are none."""
    unreadable = isinstance(told, str) and told.strip(" 0-:") != "" and parse_time(told) is None
    return named if unreadable else parse_time(told)


def _unseen(
    page: list[Recording], since: datetime, until: datetime, *, past: bool
) -> list[tuple[datetime, datetime]]:
    """The spans that a full page has not shown; `past` what it shows, when nothing of that was new.

    Devices list the oldest first, or the newest; of a page in no order each half is asked for.
    """
    begins = [recording.begin for recording in page if recording.begin is not None]
    if begins == sorted(begins):
        latest = max(begins, default=since)
        if past:
            latest = max([latest, *(each.end for each in page if each.end is not None)])
        return [(max(latest, since + _SECOND), until)] if since < until else []
    if begins == sorted(begins, reverse=True):
        return [(since, min(begins[-1], until - _SECOND))] if since < until else []
    middle = since + timedelta(seconds=(until - since) // _SECOND // 2)
    return [(middle + _SECOND, until), (since, middle)] if since < until else []


def _in_order(found: dict[object, Recording], first: datetime, last: datetime) -> dict[object, Recording]:
    """Sorted, without what lies elsewhere: some devices list more than they were asked for."""
    inside = [
        (key, each)
        for key, each in found.items()
        if (each.begin is None or each.begin <= last)
        and (each.end is None or each.end >= first)
        and not (
            each.end is None and each.begin is not None and each.begin < datetime.combine(first, time.min)
        )
    ]
    return dict(sorted(inside, key=lambda pair: (pair[1].begin or datetime.min, pair[1].name)))


def listed(where: str, reply: Reply, names: Collection[str], *, marks: Collection[str]) -> list[Json]:
    """What a reply lists under one of some names; nothing when it found nothing. `marks` are of one thing."""
    found: Json = None if reply.ret in EMPTY else [member(reply.body, name) for name in names]
    told: Json = next((each for each in found or () if each not in (None, "", {})), [])
    items = things(told, *marks)
    if not items and not isinstance(told, list):
        name = next(iter(names))
        raise ProtocolError(f"{where}: {name}: the device told no list but {shape(told)}")
    return items


def _identity(recording: Recording) -> object:
    return recording.name or (recording.begin, recording.end)


def _check(where: str, begin: datetime, end: datetime, channel: int, stream: str, kind: str) -> None:
    if begin > end:
        raise UsageError(f"{where}: recordings from {begin} to {end}: the end is before the beginning")
    if (end - begin).days > _DAYS:
        raise UsageError(f"{where}: recordings of {(end - begin).days} days: ask for {_DAYS} at most")
    check_source(where, channel, stream)
    if kind not in KINDS:
        raise UsageError(f"{where}: no kind {kind!r} of recordings, it is one of {', '.join(KINDS)}")


def check_source(where: str, channel: int, stream: str) -> None:
    """UsageError for a channel or stream that no device has."""
    if channel < 0:
        raise UsageError(f"{where}: there is no channel {channel + 1}")
    if stream not in STREAMS:
        raise UsageError(f"{where}: no recorded stream {stream!r}, it is one of {', '.join(STREAMS)}")


def _letters(where: str, events: Collection[str] | None) -> frozenset[str] | None:
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


def _days(first: date, last: date) -> Iterable[date]:
    return (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))


def _last_second(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59))
