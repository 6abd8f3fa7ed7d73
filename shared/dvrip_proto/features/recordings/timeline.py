"""When a device has recorded: the days of a month, the minutes of a day."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from ...connection import Connection, Reply
from ...errors import ProtocolError, RequestError, RequestTimeoutError, UnsupportedError, UsageError
from ...values import Json, loose_number, number
from ...wire.ids import MessageId
from ...wire.ret import EMPTY, SUCCESS
from ...wire.shapes import member, members, things
from ..times import wire_time
from .recording import KINDS, STREAMS, check_source

_CALENDAR = "OPSCalendar"
_FILES = "OPFileQuery"
_MINUTES = 24 * 60
_MONTHS = 12
_SOON_S = 3.0
_MASK_CHANNELS = 32
# Vendor SDK, SDK_File_Type: one nibble a minute.
_NATURES = ("none", "regular", "alarm", "motion", "card", "manual")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A time without a break in the recording, and why it was recorded: "regular", "motion" ..."""

    begin: datetime
    end: datetime
    nature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """What each of a day's 1440 minutes has: 0 nothing, 1 regular, 2 alarm, 3 motion, 4 card, 5 manual."""

    day: date
    channel: int
    minutes: bytes

    def spans(self) -> Iterator[Span]:
        """The recorded times, in their order."""
        minute = 0
        for nature, run in groupby(self.minutes):
            length = sum(1 for _ in run)
            if nature:
                begin = datetime.combine(self.day, time.min) + timedelta(minutes=minute)
                name = _NATURES[nature] if nature < len(_NATURES) else "other"
                yield Span(begin=begin, end=begin + timedelta(minutes=length), nature=name)
            minute += length


class Timelines:
    """Asks when there are recordings, without listing them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._silent = False

    async def day(self, day: date, *, channel: int, stream: str) -> Timeline:
        """The minutes of a day. UnsupportedError from cameras, which leave the question unanswered."""
        where = self._connection.where
        check_source(where, channel, stream)
        if channel >= 2 * _MASK_CHANNELS:
            raise UsageError(f"{where}: there is no channel {channel + 1} in a timeline")
        # A late answer could belong to another day: who did not answer once is not asked again.
        if self._silent:
            raise self._unanswered()
        try:
            reply = await self._connection.request(
                MessageId.FILE_SEARCH_BY_TIME,
                _FILES,
                _query(day, channel, stream),
                ok=SUCCESS | EMPTY,
                optional=True,
            )
        except RequestTimeoutError as error:
            if self._connection.closed:
                raise
            self._silent = True
            raise self._unanswered() from error
        return Timeline(day=day, channel=channel, minutes=self._minutes(reply, channel))

    async def month(self, year: int, month: int, *, kind: str) -> frozenset[date]:
        """The days of a month that have recordings, of any channel."""
        _check_month(self._connection.where, year, month, kind)
        mask = await self._mask(MessageId.FILE_SEARCH_CALENDAR, year, month, kind)
        return frozenset(_of_mask(_of_month(mask, month), year, month))

    async def year(self, year: int, *, kind: str) -> frozenset[date]:
        """The days of a year that have recordings, of any channel."""
        _check_month(self._connection.where, year, 1, kind)
        masks = await self._mask(MessageId.YEAR_CALENDAR, year, 0, kind)
        if not isinstance(masks, list):
            raise ProtocolError(f"{self._connection.where}: {_CALENDAR}: the device told no list of months")
        return frozenset(
            day for month, mask in enumerate(masks[:_MONTHS], 1) for day in _of_mask(mask, year, month)
        )

    async def says(self, day: date, *, kind: str) -> bool:
        """Whether the device says soon that a day has recordings, of any channel."""
        message_id, patience_s = MessageId.FILE_SEARCH_CALENDAR, min(_SOON_S, self._connection.timeout_s)
        try:
            mask = await self._mask(message_id, day.year, day.month, kind, soon_s=patience_s)
        except (RequestError, RequestTimeoutError, ProtocolError):
            return False
        return day in _of_mask(_of_month(mask, day.month), day.year, day.month)

    async def _mask(
        self, message_id: int, year: int, month: int, kind: str, *, soon_s: float | None = None
    ) -> Json:
        query = {"Event": "*", "FileType": kind, "Month": month, "Rev": "", "Year": year}
        reply = await self._connection.request(
            message_id,
            _CALENDAR,
            query,
            ok=SUCCESS | EMPTY,
            timeout_s=soon_s,
            optional=soon_s is not None,
        )
        told = member(reply.body, _CALENDAR)
        mask = told if number(told) is not None else member(members(told), "Mask")
        empty: Json = 0 if month else [0] * _MONTHS
        return empty if mask is None else mask

    def _minutes(self, reply: Reply, channel: int) -> bytes:
        infos = member(members(member(reply.body, _FILES)), "ByTimeInfo")
        for info in things(infos, "cRecordBitMap"):
            if not isinstance(info, dict):
                continue
            told = member(info, "iChannel")
            if told is None or loose_number(told) == channel:
                return self._bitmap(member(info, "cRecordBitMap"))
        return bytes(_MINUTES)

    def _bitmap(self, text: Json) -> bytes:
        """One value a minute: the low half of a byte is the first of its two."""
        try:
            packed = base64.b64decode(
                "".join(text.rstrip("\0").split()) if isinstance(text, str) else text or "", validate=True
            )
        except (binascii.Error, TypeError, ValueError) as error:
            where = self._connection.where
            raise ProtocolError(f"{where}: {_FILES}: the device told no bitmap of a day") from error
        minutes = bytes(half for byte in packed for half in (byte & 0x0F, byte >> 4))
        return minutes[:_MINUTES].ljust(_MINUTES, b"\0")

    def _unanswered(self) -> UnsupportedError:
        return UnsupportedError(
            f"{self._connection.where}: {_FILES}: the device tells no timeline of a day",
            message_id=MessageId.FILE_SEARCH_BY_TIME,
            name=_FILES,
        )


def _query(day: date, channel: int, stream: str) -> dict[str, Json]:
    bit = 1 << channel % _MASK_CHANNELS
    high, low = (bit, 0) if channel >= _MASK_CHANNELS else (0, bit)
    extra = STREAMS[stream]
    return {
        "BeginTime": wire_time(datetime.combine(day, time.min)),
        "EndTime": wire_time(datetime.combine(day, time(23, 59, 59))),
        "Event": "*",
        "HighChannel": high,
        "HighStreamType": f"0x{extra * high:08X}",
        "LowChannel": low,
        "LowStreamType": f"0x{extra * low:08X}",
        "Sync": 0,
        "Type": "h264",
    }


def _of_month(mask: Json, month: int) -> Json:
    """The mask of a month, of the twelve that some recorders tell."""
    if not isinstance(mask, list):
        return mask
    return mask[month - 1] if len(mask) == _MONTHS else next(iter(mask), 0)


def _of_mask(mask: Json, year: int, month: int) -> Iterator[date]:
    """The days whose bits are set; bits of days that a month does not have mean nothing."""
    told = loose_number(mask) or 0
    bits = max(told, 0) if told >= -1 else told & 0xFFFFFFFF  # below zero the highest of 32 is set
    first = date(year, month, 1).toordinal()
    for offset in range(31):
        day = date.fromordinal(first + offset)
        if bits >> offset & 1 and day.month == month:
            yield day


def _check_month(where: str, year: int, month: int, kind: str) -> None:
    if not 1970 <= year <= 2100 or not 1 <= month <= _MONTHS:
        raise UsageError(f"{where}: no month {year}-{month}")
    if kind not in KINDS:
        raise UsageError(f"{where}: no kind {kind!r} of recordings, it is one of {', '.join(KINDS)}")
