"""Giving a device that was discovered another address, also one that cannot be reached where it is."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import AuthenticationError, RequestTimeoutError, UsageError
from ..wire.ids import MessageId
from ..wire.probe import DISCOVERY_PORT, address_answer, address_request
from ..wire.ret import CODES, SUCCESS, Category, error_for
from .asking import asking, resolve
from .discovered import Discovered, mac_text, order, place


async def set_address(
    device: Discovered,
    *,
    host: str,
    netmask: str,
    gateway: str,
    username: str = "admin",
    password: str = "",
    targets: Sequence[str] = ("255.255.255.255",),
    port: int = DISCOVERY_PORT,
    timeout_s: float = 5.0,
    interface: str = "0.0.0.0",
) -> None:
    """Give a device that was discovered another IPv4 address, also one that cannot be reached where it is.

    It is told by broadcast and knows itself by its MAC address. UsageError for addresses that do not go
    together, AuthenticationError for refused credentials, RequestError when the device says no,
    RequestTimeoutError when it says nothing: then it may have taken the address nevertheless.
    """
    where = place(device)
    request = address_request(order(device, host, netmask, gateway, username, password))
    addresses = await resolve(targets)
    if not addresses or not timeout_s > 0 or not 0 < port < 65536:
        raise UsageError("an address needs a target, a port and a timeout above 0")
    # Twice, not oftener: a device counts wrong passwords.
    answers = asking(request, addresses, port, interface, times=2, gap_s=timeout_s / 2, timeout_s=timeout_s)
    async with answers as following:
        while (answer := await following()) is not None:
            told = address_answer(answer[0])
            if told is not None and mac_text(told[1]) in ("", device.mac):
                _check_answer(told[0], where)
                return
    raise RequestTimeoutError(f"{where}: no word from the device within {timeout_s:g} s about its address")


def _check_answer(ret: int, where: str) -> None:
    known = CODES.get(ret)
    if known is not None and known.category is Category.AUTH:
        raise AuthenticationError(f"{where}: the address was not set: {known.text} (Ret {ret})", ret=ret)
    if ret not in SUCCESS:
        raise error_for(ret, where=where, message_id=MessageId.IP_SET)
