"""Battery cameras: what they tell, under whichever number, and those that have none."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from dvrip_proto import BatteryState, Charging, Device, RequestTimeoutError, TransportError
from dvrip_proto.features.rare.battery import read_state
from dvrip_proto.simulator import Simulator
from dvrip_proto.simulator.handlers.battery import report
from dvrip_proto.wire.ids import MessageId
from tests import hostile


@pytest.fixture(params=["ipc"])
def profile(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_reports_as_they_come(sim: Simulator, device: Device) -> None:
    sim.state.battery = {"devStorageStatus": 1, "electable": 0, "percent": 80}
    async with device.battery.reports() as reports, asyncio.timeout(2):
        first = await anext(reports)
        assert (first.percent, first.charging, first.has_card) == (80, Charging.NO, True)
        sim.state.battery = {"electable": 2, "percent": 100}
        report(sim._unit)
        assert (await anext(reports)).charging is Charging.FULL
    with pytest.raises(StopAsyncIteration):
        await anext(reports)
    asked = [message_id for message_id, name, _ in sim.requests if name == "OPTUpData"]
    assert asked == [MessageId.UPLOAD_START, MessageId.UPLOAD_STOP]
    assert (await device.battery.state()).percent == 100


async def test_a_camera_without_a_battery(device: Device) -> None:
    with pytest.raises(RequestTimeoutError, match="told nothing of a battery within 0.2 s"):
        await device.battery.state(timeout_s=0.2)
    assert not device.closed


@pytest.mark.parametrize("push_id", [1610, 1611, 1612, 1613, 1614, 1624, 1629])
async def test_a_push_under_any_number(push_id: int) -> None:
    async def script(link: hostile.Link) -> None:
        await link.accept_login()
        await link.reply(await link.receive())
        await link.push(push_id, {"Name": "Something", "Else": 1})
        await link.push(push_id, {"Dev.ElectCapacity": {"electable": 1, "percent": 42}})
        await link.serve()

    async with hostile.peer(script) as (host, port), Device(host, port, timeout_s=2) as device:
        state = await device.battery.state()
        assert (state.percent, state.charging, state.has_card) == (42, Charging.YES, None)


async def test_a_reply_that_has_it_already_and_an_end() -> None:
    async def script(link: hostile.Link) -> None:
        await link.accept_login()
        await link.reply(await link.receive(), **{"Dev.ElectCapacity": {"percent": 1}})

    async with (
        hostile.peer(script) as (host, port),
        Device(host, port, timeout_s=2) as device,
        device.battery.reports() as reports,
        asyncio.timeout(2),
    ):
        assert (await anext(reports)).percent == 1
        for _ in range(2):
            with pytest.raises(TransportError):
                await anext(reports)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"percent": -1, "electable": 3, "devStorageStatus": -2}, (None, Charging.UNKNOWN, None)),
        ({"percent": "0x32", "electable": "2", "devStorageStatus": 0}, (50, Charging.FULL, False)),
        ({"percent": 300, "electable": None, "devStorageStatus": 2}, (None, Charging.UNKNOWN, True)),
        ({}, (None, Charging.UNKNOWN, None)),
    ],
)
def test_values(raw: dict[str, Any], expected: tuple[object, ...]) -> None:
    state = read_state({"Dev.ElectCapacity": raw})
    assert isinstance(state, BatteryState)
    assert (state.percent, state.charging, state.has_card) == expected
    assert state.raw == raw


def test_no_states() -> None:
    assert read_state({}) is None
    assert read_state({"Dev.ElectCapacity": [1]}) is None
