"""Searches in files and logs, and the storage manager. No recordings are kept: searches find none."""

from __future__ import annotations

from typing import Final

from ...wire.ids import MessageId
from .request import ILLEGAL, NO_RIGHT, OK, Answer, Handler, Request, number_of, reply

_LOG: Final = "OPLogQuery"
_STORAGE: Final = "OPStorageManager"
_PLAYBACK: Final = "OPPlayBack"
_NOTHING: Final = 119
_NOT_FOUND: Final = 109


def _files(request: Request) -> Answer:
    channel = number_of(request.member("OPFileQuery").get("Channel", 0))
    if not request.allows(f"Replay_{channel + 1:02d}"):
        return reply(NO_RIGHT)
    return reply(_NOTHING)


def _files_by_time(request: Request) -> Answer:
    """Cameras do not answer it, recorders tell that every minute is empty."""
    if not request.state.system_info()["DigChannel"]:
        return None
    return reply(OK, "OPFileQuery", OPFileQuery={"ByTimeInfo": None})


def _calendar(request: Request) -> Answer:
    if request.message_id == MessageId.YEAR_CALENDAR:
        return reply(OK, "OPSCalendar", OPSCalendar={"Mask": [0] * 12})
    return {"OPSCalendar": {"Mask": 0}, "Ret": OK}


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
        kind = "ClearDriver" if operation.get("Action") == "Clear" else "SetDriverType"
        place = f"/mnt/idea{operation.get('PartNo', 0)},{operation.get('Type', '')}"
        request.state.journal.add(kind, place)
    return reply(ret)


def _playback_claim(_request: Request) -> Answer:
    return reply(ILLEGAL, _PLAYBACK)


def _playback(request: Request) -> Answer:
    starting = str(request.member(_PLAYBACK).get("Action", "")).endswith("Start")
    return reply(ILLEGAL if starting else OK, _PLAYBACK)


TABLE: Final[dict[int, Handler]] = {
    MessageId.FILE_SEARCH: _files,
    MessageId.FILE_SEARCH_BY_TIME: _files_by_time,
    MessageId.FILE_SEARCH_CALENDAR: _calendar,
    MessageId.YEAR_CALENDAR: _calendar,
    MessageId.COMPRESS_PICTURE: _pictures,
    MessageId.LOG_SEARCH: _logs,
    MessageId.DISK_MANAGER: _storage,
    MessageId.PLAYBACK_CLAIM: _playback_claim,
    MessageId.PLAYBACK: _playback,
}
