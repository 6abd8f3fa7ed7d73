"""Searches in recordings and logs, and the storage manager."""

from __future__ import annotations

import base64
from calendar import monthrange
from datetime import date, datetime
from typing import Any, Final

from ...wire.ids import MessageId
from ..clips.recorded import Tape, seconds
from ..state.archive import RecordedFile
from ..state.clock import FORMAT
from .request import NO_RIGHT, OK, Answer, Handler, Request, number_of, reply

_FILES: Final = "OPFileQuery"
_CALENDAR: Final = "OPSCalendar"
_LOG: Final = "OPLogQuery"
_STORAGE: Final = "OPStorageManager"
_NOTHING: Final = 119
_NOT_FOUND: Final = 109
_PAGE: Final = 64
_MASK_CHANNELS: Final = 32
_STREAMS: Final = ("Main", "Extra1")


async def _files(request: Request) -> Answer:
    query = request.member(_FILES)
    channel, stream = number_of(query.get("Channel", 0)), number_of(query.get("StreamType", 0))
    if not request.allows(f"Replay_{channel + 1:02d}"):
        return reply(NO_RIGHT)
    events, kind = query.get("Event"), str(query.get("Type", "h264"))
    begin, end = _time(query.get("BeginTime")), _time(query.get("EndTime"))
    if not events or begin is None or end is None or not 0 <= channel < request.state.channels:
        return reply(_NOTHING)
    found = request.state.archive.files(channel, begin, end, stream=stream, kind=kind)
    wanted = [file for file in found if file.event in str(events) or "*" in str(events)][:_PAGE]
    if not wanted:
        return reply(_NOTHING)
    return reply(OK, _FILES, OPFileQuery=[await _listed(request, file) for file in wanted])


async def _listed(request: Request, file: RecordedFile) -> dict[str, Any]:
    size = await _size(request, file)
    return {
        "BeginTime": file.begin.strftime(FORMAT),
        "DiskNo": 0,
        "EndTime": file.end.strftime(FORMAT),
        "FileLength": f"0x{size // 1024:08X}",
        "FileName": file.name,
        "SerialNo": 0,
    }


async def _size(request: Request, file: RecordedFile) -> int:
    """How many bytes a download has: clients wait for so many, or stop there."""
    media, key = request.unit.media, (file.channel, _STREAMS[file.stream])
    if file.kind == "jpg":
        picture = await media.still(key, seconds(file.begin))
        return len(picture or b"")
    clip = await media.clip(key)
    return Tape(clip, sound=True).size(file.begin, file.end) if clip else 0


def _files_by_time(request: Request) -> Answer:
    """Cameras do not answer it."""
    if not request.state.system_info()["DigChannel"]:
        return None
    query = request.member(_FILES)
    begin = _time(query.get("BeginTime"))
    if begin is None:
        return reply(OK, _FILES, OPFileQuery={"ByTimeInfo": None})
    masks = [(number_of(query.get(key, 0)), first) for key, first in (("LowChannel", 0), ("HighChannel", 32))]
    wanted = [first + bit for mask, first in masks for bit in range(_MASK_CHANNELS) if mask >> bit & 1]
    infos = []
    for channel in wanted:
        side = "LowStreamType" if channel < _MASK_CHANNELS else "HighStreamType"
        extra = number_of(query.get(side, 0)) >> channel % _MASK_CHANNELS & 1
        if channel < request.state.channels and request.allows(f"Replay_{channel + 1:02d}"):
            minutes = request.state.archive.minutes(channel, begin.date(), extra)
            packed = bytes(low | high << 4 for low, high in zip(minutes[::2], minutes[1::2], strict=True))
            infos.append({"cRecordBitMap": base64.b64encode(packed).decode(), "iChannel": channel})
    return reply(OK, _FILES, OPFileQuery={"ByTimeInfo": infos or None})


def _calendar(request: Request) -> Answer:
    query = request.member(_CALENDAR)
    year, kind = number_of(query.get("Year", 0), 0), str(query.get("FileType", "h264"))
    if request.message_id == MessageId.YEAR_CALENDAR:
        masks = [_days(request, year, month, kind) for month in range(1, 13)]
        return reply(OK, _CALENDAR, OPSCalendar={"Mask": masks})
    return {
        "OPSCalendar": {"Mask": _days(request, year, number_of(query.get("Month", 0), 0), kind)},
        "Ret": OK,
    }


def _days(request: Request, year: int, month: int, kind: str) -> int:
    if not (1 <= month <= 12 and 1970 <= year <= 2100):
        return 0
    archive, channels = request.state.archive, request.state.channels
    days = range(1, monthrange(year, month)[1] + 1)
    return sum(1 << day - 1 for day in days if archive.has(channels, date(year, month, day), kind))


def _pictures(_request: Request) -> Answer:
    return reply(_NOT_FOUND)


def _logs(request: Request) -> Answer:
    if not request.allows("QueryLog"):
        return reply(NO_RIGHT, _LOG)
    query = request.member(_LOG)
    found = request.state.journal.page(
        begin=str(query.get("BeginTime", "")),
        end=str(query.get("EndTime", "9999")),
        position=number_of(query.get("LogPosition", 0), 0),
        kind=str(query.get("Type", "")),
    )
    return reply(OK, _LOG, **{_LOG: found if query else None})


def _storage(request: Request) -> Answer:
    if not request.allows("StorageManager"):
        return reply(NO_RIGHT)
    operation = request.member(_STORAGE)
    ret = request.state.storage.manage(operation)
    if ret == OK:
        erases = operation.get("Action") in ("Clear", "Partition")
        place = f"/mnt/idea{operation.get('PartNo', 0)},{operation.get('Type', '')}"
        request.state.journal.add("ClearDriver" if erases else "SetDriverType", place)
        if erases and number_of(operation.get("PartNo", 0), 0) == 0:
            request.state.archive.clear()  # its files lie on the first partition
        request.unit.check_disk()
    return reply(ret, _STORAGE if ret == OK and request.state.profile.flag("names_storage") else "")


def _time(text: object) -> datetime | None:
    """A time of a query; days and months that no calendar has mean the beginning of their year."""
    try:
        return datetime.strptime(str(text).replace("-00", "-01"), FORMAT)
    except ValueError:
        return None


TABLE: Final[dict[int, Handler]] = {
    MessageId.FILE_SEARCH: _files,
    MessageId.FILE_SEARCH_BY_TIME: _files_by_time,
    MessageId.FILE_SEARCH_CALENDAR: _calendar,
    MessageId.YEAR_CALENDAR: _calendar,
    MessageId.COMPRESS_PICTURE: _pictures,
    MessageId.LOG_SEARCH: _logs,
    MessageId.DISK_MANAGER: _storage,
}
