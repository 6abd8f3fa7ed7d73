"""The device's own log: who logged in, what was changed, when it recorded and restarted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from ..connection import Connection
from ..errors import ProtocolError, UsageError
from ..values import Json, loose_number, plain_text
from ..wire.ids import MessageId
from ..wire.ret import EMPTY, SUCCESS
from ..wire.shapes import member
from .recordings.file_query import listed
from .times import parse_time, wire_time

_NAME = "OPLogQuery"
_LISTS = (_NAME, "LogList")  # the second is the specification's
_PAGE = 128
PAGES_MAX = 2000  # devices keep some thousand entries
_PATIENCE = 3  # times the usual timeout
_ZIP = b"PK"
# What vendor clients send for "from the beginning" and "to the end".
_EVER = ("2000-00-00 00:00:00", "2126-01-01 00:00:00")


class LogKind(Enum):
    """What entries are about; the value is the device's word: it takes an unknown one for FILE_ACCESS."""

    ALL = "LogAll"
    SYSTEM = "LogSystem"
    CONFIG = "LogConfig"
    STORAGE = "LogStorage"
    ALARM = "LogAlarm"
    RECORD = "LogRecord"
    ACCOUNT = "LogAccount"
    FILE_ACCESS = "LogFile"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One entry: `event` and `data` as the device spells them, `time` its local one, None when it tells none.

    `position` numbers the entries of a device; -1 when it tells none.
    """

    position: int
    time: datetime | None
    event: str
    user: str
    data: str


class Logs:
    """Reads and clears the log."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.pages_max = PAGES_MAX
        """A log of more pages is taken for one that never ends."""

    async def entries(
        self, begin: datetime | None = None, end: datetime | None = None, *, kind: LogKind = LogKind.ALL
    ) -> AsyncIterator[LogEntry]:
        """Entries between two times of the device, the oldest first, each once."""
        first, last = wire_time(begin) if begin else _EVER[0], wire_time(end) if end else _EVER[1]
        if begin is not None and end is not None and first > last:
            raise UsageError(f"{self._connection.where}: log from {first} to {last}: the end is before")
        seen: set[int] = set()
        position = 0
        for _ in range(self.pages_max):
            query = {"BeginTime": first, "EndTime": last, "LogPosition": position, "Type": kind.value}
            page, full = await self._page(query)
            before = len(seen)
            for entry in page:
                if hash(entry) not in seen:
                    if entry.position != -1:
                        seen.add(hash(entry))
                    yield entry
            following = page[-1].position if page else position
            if len(seen) > self.pages_max * _PAGE:
                break
            if not full or len(seen) == before or following in (position, -1):
                return
            position = following
        raise ProtocolError(
            f"{self._connection.where}: {_NAME}: the log of more than {len(seen)} entries goes on"
        )

    async def clear(self) -> None:
        """Remove every entry. The device notes who did it, or not."""
        await self._connection.request(
            MessageId.SYSTEM_MANAGER, "OPLogManager", {"Action": "RemoveAll"}, timeout_s=self._patience_s
        )

    async def export(self) -> bytes:
        """The log as a ZIP file with the text `Log` inside."""
        reply = await self._connection.request(MessageId.LOG_EXPORT, timeout_s=self._patience_s)
        if not reply.raw.startswith(_ZIP):
            where = self._connection.where
            raise ProtocolError(f"{where}: log export: {len(reply.raw)} bytes that are no ZIP file")
        return reply.raw

    @property
    def _patience_s(self) -> float:
        return _PATIENCE * self._connection.timeout_s

    async def _page(self, query: dict[str, Json]) -> tuple[list[LogEntry], bool]:
        """What one reply lists, and whether that is as much as a reply can."""
        reply = await self._connection.request(
            MessageId.LOG_SEARCH,
            _NAME,
            query,
            ok=SUCCESS | EMPTY,
            timeout_s=self._patience_s,
            optional=True,
        )
        items = listed(self._connection.where, reply, _LISTS, marks=("Position", "Type"))
        return [_entry(item) for item in items if isinstance(item, dict)], len(items) >= _PAGE


def _entry(item: dict[str, Json]) -> LogEntry:
    position = loose_number(member(item, "Position"))
    return LogEntry(
        position=-1 if position is None else max(-1, position),
        time=parse_time(member(item, "Time")),
        event=plain_text(member(item, "Type")),
        user=plain_text(member(item, "User")),
        data=plain_text(member(item, "Data")),
    )
