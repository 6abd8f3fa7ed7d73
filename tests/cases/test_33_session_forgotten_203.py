"""Case 33: a device that has forgotten the session answers with codes of a login; the keeper logs in again."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from dvrip_proto import Device, DvripError, Keeper, RequestError, TransportError
from dvrip_proto.session import State
from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.wire.framer import pack
from tests.device.conftest import scripted
from tests.hostile import Link
from tests.session.conversation import logged_in
from tests.simulator.raw import until


@pytest.mark.parametrize("ret", [203, 205, 105, 202, 106, 204, 206])
async def test_a_request_to_a_device_that_has_forgotten_the_session(ret: int) -> None:
    async with Simulator() as sim, Device(sim.host, sim.port) as device:
        await device.system.info()
        sim.quirks = Quirks(lost_session_ret=ret)
        with pytest.raises(TransportError, match="session has ended"):
            await device.system.info()
        assert device.closed


@pytest.mark.parametrize("ret", [203, 205, 103, 101, 999])
async def test_the_first_such_keep_alive_ends_the_session_and_the_keeper_comes_back(ret: int) -> None:
    ups: list[Device] = []
    downs: list[DvripError | None] = []

    async def up(device: Device) -> None:
        await device.alarms.arm()
        ups.append(device)

    async with Simulator(quirks=Quirks(alive_interval_s=1)) as sim:
        keeper = Keeper(lambda: Device(sim.host, sim.port), on_up=up, on_down=downs.append, backoff_s=(0.05,))
        await keeper.start()
        sim.quirks = Quirks(alive_interval_s=1, lost_session_ret=ret)
        await until(lambda: bool(downs), 10)
        sim.quirks = Quirks(alive_interval_s=1)
        await until(lambda: len(ups) > 1 and not ups[-1].closed, 10)
        assert isinstance(downs[0], TransportError)
        assert f"Ret {ret}" in str(downs[0])
        alarms: list[object] = []
        ups[-1].alarms.subscribe(alarms.append)
        sim.raise_alarm(0, "VideoMotion", True)
        await until(lambda: bool(alarms), 10)
        await keeper.stop()


@pytest.mark.parametrize(("message_id", "ret"), [(1488, 203), (1484, 205), (1636, 203)])
async def test_a_refused_password_of_a_request_is_no_lost_session(message_id: int, ret: int) -> None:
    async def answer(_link: Link, _message_id: int, _body: dict[str, Any]) -> dict[str, Any]:
        return {"ret": ret}

    async with scripted(answer) as device:
        with pytest.raises(RequestError):
            await device.connection.request(message_id, "ModifyPassword")
        await asyncio.sleep(0.05)
        assert not device.closed


@pytest.mark.parametrize("body", [b"", b"\n\0", b"\0\0\0\0", b"\r\n"])
def test_a_keep_alive_that_is_answered_empty_says_nothing(body: bytes) -> None:
    wire = logged_in()
    wire.session.tick(10.0)
    assert wire.hears(pack(1007, body), now=10.5) == []
    assert wire.session.state is State.READY
