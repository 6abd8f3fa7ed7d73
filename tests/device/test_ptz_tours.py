"""Tours and auxiliary outputs, as the vendor's demo program, paper and tables tell them."""

from __future__ import annotations

from typing import Any

import pytest

from dvrip_proto import Device, UsageError
from dvrip_proto.simulator import Simulator
from dvrip_proto.wire.ids import MessageId
from tests.device.conftest import scripted


@pytest.fixture(params=["ipc"])
def profile(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize(
    ("call", "arguments", "command", "parameter"),
    [
        ("start_tour", (7,), "StartTour", {"Tour": 7}),
        ("stop_tour", (), "StopTour", {"Tour": 1}),
        ("add_stop", (2, 9), "AddTour", {"Tour": 2, "Preset": 9, "Step": 5, "PresetIndex": -1}),
        ("remove_stop", (2, 9), "DeleteTour", {"Tour": 2, "Preset": 9}),
        ("clear_tour", (0,), "ClearTour", {"Tour": 0}),
    ],
)
async def test_a_tour_is_the_command_of_the_vendor_s_program(
    call: str, arguments: tuple[int, ...], command: str, parameter: dict[str, Any]
) -> None:
    asked: list[dict[str, Any]] = []

    async def answer(_link: object, message_id: int, body: dict[str, Any]) -> dict[str, Any]:
        if message_id == MessageId.PTZ:
            asked.append(body["OPPTZControl"])
        return {}

    async with scripted(answer) as device:
        await getattr(device.ptz, call)(*arguments, channel=3)
    [sent] = asked
    assert sent["Command"] == command
    assert sent["Parameter"].items() >= {"Channel": 3, **parameter}.items()


async def test_an_output_is_told_by_number_and_state(sim: Simulator, device: Device) -> None:
    await device.ptz.auxiliary(2, on=True)
    assert sim.ptz[0].outputs == {2}
    await device.ptz.auxiliary(2, on=False)
    assert sim.ptz[0].outputs == set()
    assert [command for command, _, _ in sim.ptz[0].history] == ["Aux", "Aux"]


async def test_tours_are_listed_started_and_ended(sim: Simulator, device: Device) -> None:
    assert await device.ptz.tours() == ()
    await device.ptz.add_stop(4, 100, seconds=10)
    await device.ptz.add_stop(4, 250)
    await device.ptz.add_stop(5, 100)
    assert [(tour.number, tour.stops) for tour in await device.ptz.tours()] == [
        (4, ((100, 10), (250, 5))),
        (5, ((100, 5),)),
    ]
    await device.ptz.remove_stop(4, 100)
    await device.ptz.clear_tour(5)
    assert [(tour.number, tour.stops) for tour in await device.ptz.tours()] == [(4, ((250, 5),))]
    await device.ptz.start_tour(4)
    assert sim.ptz[0].touring == 4
    await device.ptz.stop_tour()
    assert sim.ptz[0].touring is None


@pytest.mark.parametrize(
    ("told", "tours"),
    [
        (
            [{"Id": 1, "Name": " Night ", "Tour": [{"Id": 3, "Name": "", "Time": 20}, {"Id": 4}]}],
            [(1, "Night", ((3, 20), (4, 0)))],
        ),
        ([[{"Id": "0x02", "Tour": None}]], [(2, "", ())]),
        ([{"Tour": []}, None, {"Id": -1}, {"Id": 6, "Tour": [{"Time": 3}]}], [(6, "", ())]),
        (None, []),
        ({}, []),
    ],
)
async def test_stored_tours_are_listed_in_every_form(told: object, tours: list[object]) -> None:
    async def answer(_link: object, _message_id: int, body: dict[str, Any]) -> dict[str, Any]:
        return {body["Name"]: told} if body["Name"].startswith("Uart.PTZTour") else {"ret": 607}

    async with scripted(answer) as device:
        assert [(tour.number, tour.name, tour.stops) for tour in await device.ptz.tours()] == tours


@pytest.mark.parametrize("number", [-1, 256])
async def test_a_number_that_no_device_knows_is_not_sent(device: Device, number: int) -> None:
    with pytest.raises(UsageError, match=rf"tour {number} is not possible, it is from 0 to 255"):
        await device.ptz.start_tour(number)
    with pytest.raises(UsageError, match=rf"output {number} is not possible"):
        await device.ptz.auxiliary(number, on=True)
    with pytest.raises(UsageError, match=rf"preset {number} is not possible"):
        await device.ptz.add_stop(1, number)
    with pytest.raises(UsageError, match=rf"preset {number} is not possible"):
        await device.ptz.remove_stop(1, number)
