"""Reboot, defaults, logs and time: the system manager's operations and the clock."""

from __future__ import annotations

from typing import Final

from ...wire.ids import MessageId
from .request import ILLEGAL, NO_RIGHT, OK, Answer, Handler, Request, reply

_RESTART: Final = 603
_TIME_QUERY: Final = "OPTimeQuery"
# What each flag of OPDefaultConfig returns to its default; the simulated address stays.
_DEFAULTS: Final = {
    "General": ("General.", "System."),
    "Encode": ("Simplify.", "AVEnc."),
    "Record": ("Record", "ExtRecord", "Storage."),
    "Alarm": ("Alarm.", "Detect."),
    "NetCommon": ("NetWork.NetCommon", "NetWork.NetDHCP", "NetWork.NetDNS"),
    "NetServer": (
        "NetWork.Net",
        "NetWork.RTSP",
        "NetWork.Upnp",
        "NetWork.AlarmServer",
        "NetWork.PMS",
        "NetWork.Nat",
    ),
    "CommPtz": ("Uart.",),
    "Preview": ("fVideo.", "ChannelTitle"),
    "CameraPARAM": ("Camera.",),
}


def _manage(request: Request) -> Answer:
    operations = {
        "OPMachine": _machine,
        "OPLogManager": _log_manager,
        "OPDefaultConfig": _defaults,
        "OPTimeSetting": _set_time,
        "OPUTCTimeSetting": _set_time,
    }
    operation = operations.get(request.name)
    return reply(ILLEGAL, request.name) if operation is None else operation(request)


def _machine(request: Request) -> Answer:
    action = request.member("OPMachine").get("Action")
    if not request.allows("ShutDown"):
        return reply(NO_RIGHT, "OPMachine")
    if action not in ("Reboot", "Shutdown"):
        return reply(OK if request.state.profile.flag("agrees_to_any_action") else ILLEGAL, "OPMachine")
    now = request.state.clock.now()
    when = f"{now.year}-{now.month:2}-{now.day:2} {now:%H:%M:%S}(8)"  # the log's own spelling of a date
    request.state.journal.add("Reboot" if action == "Reboot" else "ShutDown", when)
    request.unit.restart(comes_back=action == "Reboot")
    return reply(OK, "OPMachine")


def _log_manager(request: Request) -> Answer:
    action = request.member("OPLogManager").get("Action")
    if not request.allows("DelLog"):
        return reply(NO_RIGHT, "OPLogManager")
    if action in ("RemoveAll", "Clear"):
        request.state.journal.clear()
        return reply(OK, "OPLogManager")
    return reply(OK if action in ("LogOn", "LogOff") else ILLEGAL, "OPLogManager")


def _defaults(request: Request) -> Answer:
    if not request.allows("DefaultConfig"):
        return reply(NO_RIGHT, "OPDefaultConfig")
    flags = request.member("OPDefaultConfig")
    if not flags:
        return reply(ILLEGAL, "OPDefaultConfig")
    everything = flags.get("Factory") is True
    for flag, prefixes in _DEFAULTS.items():
        if everything or flags.get(flag):
            request.state.store.restore(prefixes)
    if everything or flags.get("Account"):
        request.state.accounts.restore()
        request.state.journal.add("AccountRestore", "")
    request.state.journal.add("RestoreConfig", "Manual(netip)", request.user)
    return reply(_RESTART, "OPDefaultConfig")


def _set_time(request: Request) -> Answer:
    name = request.name
    if not request.allows("GeneralConfig"):
        return reply(NO_RIGHT, name)
    text, clock = str(request.body.get(name, "")), request.state.clock
    universal = name == "OPUTCTimeSetting"
    if not (clock.set_universal(text) if universal else clock.set_local(text)):
        return reply(ILLEGAL, name)
    request.state.journal.add("SetTime", f"{text}(UTC)" if universal else text, request.user)
    return reply(OK, name)


def _sync_time(request: Request) -> Answer:
    done = request.state.clock.set_local(str(request.body.get("OPTimeSettingNoRTC", "")))
    return reply(OK if done else ILLEGAL)


def _query_time(request: Request) -> Answer:
    answer: dict[str, object] = {_TIME_QUERY: request.state.clock.text(), "Ret": OK}
    if request.state.profile.flag("time_query_name"):
        answer["Name"] = _TIME_QUERY
    return answer


TABLE: Final[dict[int, Handler]] = {
    MessageId.SYSTEM_MANAGER: _manage,
    MessageId.TIME_QUERY: _query_time,
    MessageId.TIME_SYNC: _sync_time,
}
