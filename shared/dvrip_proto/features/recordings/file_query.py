"""How the recordings of a device are listed: day by day, page by page.

1. A reply lists 64 recordings at most and does not say that there are more: a full page asks for another.
2. A span without an answer is empty on a device that has answered others: some say nothing when they have
   nothing. What comes late is not taken for the answer to the next question.
3. The next page begins where the last recording of this one does, not where it ends: a short event may lie
   inside a long recording. What comes twice is left out.
4. Whatever the device answers, the search ends: spans get shorter, and pages without news are not followed.
5. A day that stays without an answer, and has recordings as the calendar says, is asked for in parts: some
   recorders never come to the end of the list of a busy day (a viewer of Provision recorders).
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from ...connection import Connection, Reply
from ...errors import ProtocolError, RequestTimeoutError, UsageError
from ...values import Json, shape
from ...wire.ids import MessageId
from ...wire.ret import EMPTY, SUCCESS
from ...wire.shapes import member, things
from ..times import wire_time
from .recording import KINDS, STREAMS, Recording, check_source, event_letters, is_picture, read_recording

_LOGGER = logging.getLogger(__name__)
_NAME = "OPFileQuery"
_LISTS = (_NAME, "FileList")  # the second is the specification's
_PAGE = 64
PAGES_A_DAY = 2000  # a day of recordings of a second has 1350
_BARREN_PAGES = 2
_DAYS = 3660
_PATIENCE = 3  # times the usual timeout: old disks are slow
_SECOND = timedelta(seconds=1)
_PART = timedelta(hours=2)
_PARTS = 4
_PART_S = 3.0
_ANY = "*"  # as a type: an NBD80S16S-KL lists what it records as H.265 under no other

type Says = Callable[[date], Awaitable[bool]]
"""Whether the device says that a day has recordings."""


@dataclass(slots=True)
class Habits:
    """What a device has shown of how it lists.

    `types` has the type that has found something of a kind; `whole` tells that parts of a day did no better.
    """

    answers: bool = False
    whole: bool = False
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
    says: Says | None = None,
) -> AsyncIterator[Recording]:
    """Every recording that overlaps a span of time, in the order of their beginnings, each once."""
    begin, end = begin.replace(tzinfo=None), end.replace(tzinfo=None)
    _check(connection.where, begin, end, channel, stream, kind)
    wanted = event_letters(connection.where, events)
    yesterday: frozenset[object] = frozenset()
    query = _Query(connection, channel, stream, kind, pages_a_day, habits or Habits(), says)
    for day in _days(begin.date(), end.date()):
        first, last = max(begin, datetime.combine(day, time.min)), min(end, _last_second(day))
        found = await query.span(first, last)
        for recording in found.values():
            if _identity(recording) in yesterday:
                continue
            if wanted is None or not recording.events.isdisjoint(wanted):
                yield recording
        yesterday = frozenset(found)


class _TooMuchError(Exception):
    """A span is without an answer that has recordings."""


class _Query:
    """Asks for the recordings of a channel."""

    def __init__(
        self,
        connection: Connection,
        channel: int,
        stream: str,
        kind: str,
        pages_max: int,
        habits: Habits,
        says: Says | None,
    ) -> None:
        self._says = says
        self._unanswered: RequestTimeoutError | None = None  # of a span that is asked for in parts
        self._heard = False  # of one of these parts
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
                if self._unanswered is not None:
                    self._habits.whole = not self._heard
                    if not self._habits.answers:
                        raise self._unanswered
                self._unanswered = None
                return _in_order(found, first, last)
            since, until = spans.pop()
            try:
                page, full = await self._page(since, until)
            except _TooMuchError:
                spans += _parts(since, until)
                continue
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
        read = (self._read(item) for item in items)
        page = [recording for recording in read if recording is not None]
        return page, len(items) >= _PAGE

    async def _ask(self, since: datetime, until: datetime, told: str) -> list[Json]:
        """What the device lists of a type; nothing when it stays silent, and has answered before."""
        patience_s = _PATIENCE * self._connection.timeout_s
        if self._unanswered is not None:
            patience_s = min(patience_s / _PATIENCE, _PART_S)
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
            except RequestTimeoutError as error:
                self._habits.owes = True
                if self._connection.closed:
                    raise
                if first:
                    await self._expect_nothing(since, until, error)
                if not self._habits.answers and self._unanswered is None:
                    raise
                _LOGGER.info("%s: %s: no answer: taken for nothing", self._connection.where, _NAME)
                if not first:
                    self._habits.types[self._kind] = self._kind
                return []
            items = listed(self._connection.where, reply, _LISTS, marks=("FileName", "BeginTime"))
            late = (
                self._habits.owes and items and not any(self._lies_in(each, since, until) for each in items)
            )
            self._habits.answers, self._habits.owes, self._heard = True, False, True
            if not late:
                break
        if items and not (told == _ANY and all(is_picture(each) for each in items)):
            self._habits.types.setdefault(self._kind, told)
        return items

    async def _expect_nothing(self, since: datetime, until: datetime, error: RequestTimeoutError) -> None:
        """Raise _TooMuchError for a span without an answer that parts of it may have."""
        if self._says is None or self._habits.whole or until - since <= _PART:
            return
        if await self._says(since.date()):
            if self._unanswered is None:
                self._unanswered, self._heard = error, False
            raise _TooMuchError from error

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

    def _read(self, item: Json) -> Recording | None:
        return read_recording(item, channel=self._channel, stream=self._stream, kind=self._kind)

    def _lies_in(self, item: Json, since: datetime, until: datetime) -> bool:
        each = self._read(item)
        if each is None or each.begin is None:
            return True
        return each.begin <= until and (each.end or each.begin) >= since


def _parts(since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """A span in parts, the first one last."""
    step = (until - since) / _PARTS
    begins = [since + (step * number // _SECOND) * _SECOND for number in range(_PARTS)]
    ends = [*(begin - _SECOND for begin in begins[1:]), until]
    return list(zip(begins, ends, strict=True))[::-1]


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


def _days(first: date, last: date) -> Iterable[date]:
    return (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))


def _last_second(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59))
