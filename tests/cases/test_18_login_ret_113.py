"""Case 18: an unknown user is refused with 113; whatever refuses a login is tried once, and never again by itself."""

from __future__ import annotations

import asyncio
import struct
from typing import Any

import pytest

from dvrip_proto import AuthenticationError, Device, DvripError, Keeper, ProtocolError, RequestError
from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.wire.framer import pack
from tests import hostile
from tests.hostile import Link


@pytest.mark.parametrize("ret", [113, 430, 106, 203, 204, 205, 206, 107, 115, 208, 210, 214, 299, 777, -1])
async def test_a_refused_login_is_no_hiccup(ret: int) -> None:
    logins = 0

    async def script(link: Link) -> None:
        nonlocal logins
        request = await link.receive()
        logins += request.message_id == 1000
        await link.reply(request, ret, SessionID="0x00000000")
        await link.gone()

    async with hostile.peer(script) as (host, port):
        with pytest.raises(AuthenticationError) as caught:
            await Device(host, port, timeout_s=2).open()
    assert (caught.value.ret, logins) == (ret, 1)


@pytest.mark.parametrize("ret", ["wrong password", "locked", "", "0xCB", "failed", False, [203]])
async def test_a_login_that_is_refused_in_words_is_no_hiccup_either(ret: Any) -> None:
    logins = 0

    async def script(link: Link) -> None:
        nonlocal logins
        request = await link.receive()
        logins += request.message_id == 1000
        await link.reply(request, None, Ret=ret, SessionID="0x00000000")
        await link.gone()

    async with hostile.peer(script) as (host, port):
        with pytest.raises(AuthenticationError):
            await Device(host, port, timeout_s=2).open()
    assert logins == 1


@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize(
    ("numbers", "ret"),
    [((0, 0, 205, 0, 7, 72), 205), ((0, 0, 203, 0, 0, 72), 203), ((0, 0, 206), 206), ((106,), 106)],
)
async def test_a_login_that_is_refused_in_numbers_is_no_hiccup_either(
    numbers: tuple[int, ...], ret: int, version: int
) -> None:
    """Old firmware refuses without JSON, the third number is the code (a public client of uc-httpd cameras)."""
    logins = 0

    async def script(link: Link) -> None:
        nonlocal logins
        request = await link.receive()
        logins += request.message_id == 1000
        body = struct.pack(f"<{len(numbers)}I", *numbers)
        await link.send(pack(1001, body, version=version))
        await link.gone()

    async with hostile.peer(script) as (host, port):
        with pytest.raises(AuthenticationError) as caught:
            await Device(host, port, timeout_s=2).open()
    assert (caught.value.ret, logins) == (ret, 1)


@pytest.mark.parametrize("body", [b"\xff\xd8\xff\xe0", struct.pack("<3I", 0, 0, 100), bytes(range(1, 200))])
async def test_other_bytes_instead_of_json_are_no_refusal(body: bytes) -> None:
    async def script(link: Link) -> None:
        await link.receive()
        await link.send(pack(1001, body))
        await link.gone()

    async with hostile.peer(script) as (host, port):
        with pytest.raises(ProtocolError):
            await Device(host, port, timeout_s=2).open()


@pytest.mark.parametrize("ret", [104, 207, 212])
async def test_an_account_in_use_may_be_tried_later(ret: int) -> None:
    async with Simulator(quirks=Quirks(login_ret=ret)) as sim:
        with pytest.raises(RequestError, match="try again later"):
            await Device(sim.host, sim.port).open()


@pytest.mark.parametrize("ret", [113, 430, 299])
async def test_the_keeper_logs_in_once_and_stops(ret: int) -> None:
    told: list[DvripError | None] = []

    async def up(_device: Device) -> None:
        """Nothing to do."""

    async with Simulator() as sim:
        keeper = Keeper(lambda: Device(sim.host, sim.port), on_up=up, on_down=told.append, backoff_s=(0.05,))
        await keeper.start()
        sim.quirks = Quirks(login_ret=ret)
        before = _logins(sim)
        sim.drop_connections()
        await asyncio.sleep(1)
        assert _logins(sim) - before == 1
        assert isinstance(told[-1], AuthenticationError)
        await keeper.stop()


def _logins(sim: Simulator) -> int:
    return sum(message_id == 1000 for message_id, _, _ in sim.requests)
