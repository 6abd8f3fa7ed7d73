"""The device as a client of alarm centres: one connection and one 1508 message an event.

A device simulated on loopback dials loopback only, whatever address was configured.
"""

from __future__ import annotations

import asyncio
import contextlib
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final

from ..errors import ProtocolError
from ..wire.address import decode_ipv4
from ..wire.body import encode_reply
from ..wire.framer import pack
from ..wire.ids import MessageId
from .state.alarms import SYSTEM_NAMES, status

if TYPE_CHECKING:
    from .state.device import DeviceState

_TIMEOUT_S: Final = 5.0


async def report(state: DeviceState, channel: int, event: str, *, active: bool) -> None:
    """Tell every enabled alarm centre about an alarm; one that does not listen is skipped."""
    message = {
        "Address": state.config["NetWork.NetCommon"]["HostIP"],
        "Channel": channel,
        "Descrip": "",
        "Event": SYSTEM_NAMES.get(event, event),
        "SerialID": state.serial,
        "StartTime": state.clock.text(),
        "Status": status(event, active=active),
        "Type": "Alarm",
    }
    packet = pack(MessageId.ALARM_CENTRE, encode_reply(message), version=1)
    for centre in state.config.get("NetWork.AlarmServer", []):
        if centre["Enable"] and centre["Alarm"] and centre["Protocol"] == "GENERAL":
            with contextlib.suppress(OSError, TimeoutError):
                await _send(packet, *_address(state, centre["Server"]))


async def _send(packet: bytes, host: str, port: int) -> None:
    async with asyncio.timeout(_TIMEOUT_S):
        _, writer = await asyncio.open_connection(host, port)
        try:
            writer.write(packet)
            await writer.drain()
        finally:
            writer.close()
            await writer.wait_closed()


def _address(state: DeviceState, server: dict[str, Any]) -> tuple[str, int]:
    """Host and port of a centre: a dotted `Name` wins over `Address`; OSError for one out of bounds."""
    try:
        host = (
            ip_address(server["Name"])
            if server["Name"][:1].isdecimal()
            else ip_address(decode_ipv4(server["Address"]))
        )
    except (ValueError, ProtocolError) as error:
        raise OSError("no address of an alarm centre") from error
    if not state.cable.plugged:
        raise OSError("the cable is out")
    if ip_address(state.address.host).is_loopback and not host.is_loopback:
        raise OSError("a device on loopback reports to loopback only")
    if not 0 < server["Port"] < 65536:
        raise OSError("no port of an alarm centre")
    return str(host), server["Port"]
