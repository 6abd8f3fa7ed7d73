"""Guard, unguard, network alarms, PTZ, the remote keyboard and the siren."""

from __future__ import annotations

from typing import Final

from ...wire.ids import MessageId
from .request import ILLEGAL, NO_RIGHT, OK, UNSUPPORTED, Answer, Handler, Request, number_of, reply

_NO_PROTOCOL: Final = 118
_PTZ: Final = "OPPTZControl"
_NET_ALARM: Final = "OPNetAlarm"
_KEYBOARD: Final = "OPNetKeyboard"
_REMOTE: Final = "OPRemoteCtrl"
_SIREN: Final = {"0x00000001": True, "0x00000000": False}
_SIREN_FLAGS: Final = ("ManuIntellAlertAlarm", "OneKeyManulAlarm")


def _guard(request: Request) -> Answer:
    if request.session is not None:
        request.session.armed = request.message_id == MessageId.GUARD and not request.unit.quirks.no_push
    refusal = request.unit.quirks.guard_ret
    return reply(refusal if refusal is not None and request.message_id == MessageId.GUARD else OK)


def _acknowledge(_request: Request) -> Answer:
    return reply(OK)


def _net_alarm(request: Request) -> Answer:
    mask = number_of(request.member(_NET_ALARM).get("State"), 0)
    for channel in range(request.state.channels):
        active = bool(mask >> channel & 1)
        if active != ((channel, "NetAlarm") in request.state.alarms.active):
            request.unit.raise_alarm(channel, "NetAlarm", active=active)
    return reply(OK, _NET_ALARM)


def _ptz(request: Request) -> Answer:
    operation = request.member(_PTZ)
    if not operation:
        return reply(OK)
    if not request.allows("PTZControl", "ElecPTZControl"):
        return reply(NO_RIGHT)
    parameter = operation.get("Parameter")
    parameter = parameter if isinstance(parameter, dict) else {}
    channel = number_of(parameter.get("Channel", 0))
    if channel not in request.state.ptz:
        return reply(ILLEGAL)
    ports = request.state.config.get("Uart.PTZ", [])
    if channel < len(ports) and ports[channel]["ProtocolName"] == "NONE":
        return reply(_NO_PROTOCOL)
    if not request.unit.quirks.ptz_ignores:
        request.state.drives.move(channel, str(operation.get("Command")), parameter)
    return reply(OK)


def _keyboard(request: Request) -> Answer:
    key = request.member(_KEYBOARD)
    if key:
        request.state.keys.append((str(key.get("Status")), str(key.get("Value"))))
        del request.state.keys[:-64]
    return reply(OK, _KEYBOARD)


def _remote(request: Request) -> Answer:
    functions = request.state.abilities.get("SystemFunction", {}).get("AlarmFunction", {})
    if not any(functions.get(name) for name in _SIREN_FLAGS):
        return reply(UNSUPPORTED)
    wish = request.member(_REMOTE)
    if wish.get("Type") != "ManuIntelAlarm" or wish.get("msg") not in _SIREN:
        return reply(ILLEGAL, _REMOTE)
    request.state.siren = _SIREN[wish["msg"]]
    return reply(OK, _REMOTE)


TABLE: Final[dict[int, Handler]] = {
    MessageId.GUARD: _guard,
    MessageId.UNGUARD: _guard,
    MessageId.ALARM: _acknowledge,
    MessageId.NET_ALARM: _net_alarm,
    MessageId.PTZ: _ptz,
    MessageId.NET_KEYBOARD: _keyboard,
    MessageId.REMOTE_CONTROL: _remote,
}
