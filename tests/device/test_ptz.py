import asyncio
import time

import pytest

from dvrip_proto import (
    DIRECTIONS,
    RequestError,
    RequestTimeoutError,
    TransportError,
    UnsupportedError,
    UsageError,
)
from dvrip_proto.simulator import Quirks
from dvrip_proto.wire.ids import MessageId
from tests.device.conftest import login, scripted


@pytest.mark.parametrize("direction", DIRECTIONS)
async def test_every_direction_moves_and_stops(direction):
    sent = []

    async def answer(link, message_id, body):
        if message_id == 1400:
            sent.append((body["OPPTZControl"]["Command"], body["OPPTZControl"]["Parameter"]["Preset"]))
        return {}

    async with scripted(answer) as device:
        await device.ptz.move(direction, duration_s=0.01)
    assert sent == [(DIRECTIONS[direction], 65535), (DIRECTIONS[direction], -1)]


async def test_a_movement_of_the_right_channel(sim, device):
    channel = sim.channels - 1
    await device.ptz.start("left", channel=channel, speed=7)
    assert (sim.ptz[channel].moving, sim.ptz[channel].speed) == ("DirectionLeft", 7)
    await device.ptz.stop(channel=channel)
    assert sim.ptz[channel].moving is None


async def test_a_step_takes_its_time(sim, device):
    moving = asyncio.create_task(device.ptz.move("zoom_in", duration_s=0.4, speed=2))
    await asyncio.sleep(0.2)
    assert sim.ptz[0].moving == "ZoomTile"
    await moving
    assert sim.ptz[0].moving is None
    assert 0.5 < sim.ptz[0].position[2] < 1.6


async def test_presets(sim, device):
    await device.ptz.set_preset(4)
    here = sim.ptz[0].position
    await device.ptz.move("right", duration_s=0.1)
    assert sim.ptz[0].position != here
    await device.ptz.goto_preset(4)
    assert (sim.ptz[0].position, sim.ptz[0].preset) == (here, 4)
    await device.ptz.clear_preset(4)
    assert 4 not in sim.ptz[0].presets


class TestStop:
    @pytest.fixture
    def profile(self):
        return "ipc"

    async def test_comes_when_the_movement_is_cancelled(self, sim, device):
        moving = asyncio.create_task(device.ptz.move("up", duration_s=30))
        await asyncio.sleep(0.1)
        assert sim.ptz[0].moving == "DirectionUp"
        moving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await moving
        assert sim.ptz[0].moving is None

    async def test_comes_when_the_cancellation_comes_before_the_answer(self, sim, device):
        sim.quirks = Quirks(late={1400: 0.2})
        moving = asyncio.create_task(device.ptz.move("up", duration_s=30))
        await asyncio.sleep(0.05)
        moving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await moving
        assert [preset for _, preset, _ in sim.ptz[0].history] == [65535, -1]

    async def test_comes_when_the_cancellation_comes_during_the_stop(self, sim, device):
        moving = asyncio.create_task(device.ptz.move("up", duration_s=0.1))
        await asyncio.sleep(0.05)
        sim.quirks = Quirks(late={1400: 0.3})
        await asyncio.sleep(0.2)
        moving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await moving
        assert sim.ptz[0].moving is None

    async def test_is_asked_again_when_there_is_no_answer(self, sim):
        async with login(sim, timeout_s=0.3) as device:
            await device.ptz.start("up")
            sim.quirks = Quirks(mute=frozenset({1400}))
            with pytest.raises(RequestTimeoutError):
                await device.ptz.stop("up")
            assert [preset for _, preset, _ in sim.ptz[0].history] == [65535, -1, -1]
            assert not device.closed

    async def test_comes_when_the_start_has_no_answer(self, sim):
        async with login(sim, timeout_s=0.3) as device:
            sim.quirks = Quirks(mute=frozenset({1400}))
            with pytest.raises(RequestTimeoutError):
                await device.ptz.move("up")
            assert [preset for _, preset, _ in sim.ptz[0].history] == [65535, -1, -1]

    async def test_does_not_wait_for_an_answer_to_the_start(self, sim):
        """Vyzio's client of such cameras takes a movement without an answer for one that was made."""
        async with login(sim, timeout_s=3) as device:
            sim.quirks = Quirks(mute=frozenset({1400}))
            moving = asyncio.create_task(device.ptz.move("up", duration_s=0.5))
            await asyncio.sleep(0.3)
            sim.quirks = Quirks()  # the stop is answered
            began = time.monotonic()
            await moving
            assert time.monotonic() - began < 1
            assert [preset for _, preset, _ in sim.ptz[0].history] == [65535, -1]
            assert not device.closed

    async def test_is_not_taken_for_the_late_answer_to_the_start(self, sim):
        async with login(sim, timeout_s=3) as device:
            sim.quirks = Quirks(late={1400: 0.7})
            await device.ptz.move("up", duration_s=0.5)
            await device.ptz.move("down", duration_s=0.5)
            assert [preset for _, preset, _ in sim.ptz[0].history] == [65535, -1] * 2
            assert not device.closed

    async def test_does_not_come_after_a_refusal(self):
        sent = []

        async def answer(link, message_id, body):
            sent.append(message_id)
            return {"ret": 118} if message_id == 1400 else {}

        async with scripted(answer) as device:
            with pytest.raises(RequestError) as refusal:
                await device.ptz.move("up")
            assert refusal.value.ret == 118
        assert sent.count(1400) == 1

    async def test_cannot_come_when_the_connection_is_gone(self, sim, device):
        moving = asyncio.create_task(device.ptz.move("up", duration_s=0.3))
        await asyncio.sleep(0.1)
        sim.drop_connections()
        with pytest.raises(TransportError):
            await moving


class TestCommands:
    @pytest.fixture
    def profile(self):
        return "ipc"

    async def test_keep_a_distance(self, sim, device):
        began = time.monotonic()
        for number in range(3):
            await device.ptz.goto_preset(number)
        assert time.monotonic() - began >= 0.2

    @pytest.mark.parametrize(
        "mistake",
        [
            lambda ptz: ptz.move("sideways"),
            lambda ptz: ptz.move("up", speed=9),
            lambda ptz: ptz.start("up", speed=0),
            lambda ptz: ptz.move("up", duration_s=0),
            lambda ptz: ptz.move("up", duration_s=3600),
            lambda ptz: ptz.goto_preset(256),
            lambda ptz: ptz.set_preset(-1),
            lambda ptz: ptz.move("up", channel=-1),
        ],
    )
    async def test_with_mistakes_are_not_sent(self, sim, device, mistake):
        with pytest.raises(UsageError, match=rf"^{sim.host}:{sim.port}: "):
            await mistake(device.ptz)
        assert len(sim.ptz[0].history) == 0


@pytest.mark.parametrize(
    ("told", "presets"),
    [
        ([{"Id": 100, "PresetName": "Door"}, {"Id": 250}], [(100, "Door"), (250, "")]),
        ([{"Id": 2}, {"Id": 1}, {"Id": 255}], [(1, ""), (2, ""), (255, "")]),
        ([{"Id": 3, "Name": " Gate "}, None, {}, {"Name": "x"}, {"Id": "0x04"}], [(3, "Gate"), (4, "")]),
        ([[{"Id": 5, "Name": "behind a recorder"}]], [(5, "behind a recorder")]),
        ([7, "8", -1], [(7, ""), (8, "")]),
        (None, []),
        ([], []),
        ({}, []),
    ],
)
async def test_stored_presets_are_listed_in_every_form(told, presets):
    async def answer(link, message_id, body):
        return {body["Name"]: told} if body["Name"].startswith("Uart") else {"ret": 607}

    async with scripted(answer) as device:
        found = await device.ptz.presets()
    assert [(preset.number, preset.name) for preset in found] == presets


async def test_presets_are_found_in_the_list_of_all_channels_and_behind_a_recorder():
    stored = {"Uart.PTZPreset": [[], [{"Id": 9}]], "bypass@Uart.PTZPreset.[2]": [[{"Id": 4, "Name": "Yard"}]]}

    async def answer(link, message_id, body):
        return {body["Name"]: stored[body["Name"]]} if body["Name"] in stored else {"ret": 102}

    async with scripted(answer) as device:
        assert [preset.number for preset in await device.ptz.presets(channel=1)] == [9]
        assert [preset.name for preset in await device.ptz.presets(channel=2)] == ["Yard"]
        assert await device.ptz.presets(channel=3) == ()


async def test_a_device_without_a_list_of_presets_says_so():
    async def answer(link, message_id, body):
        return {"ret": 607} if message_id == MessageId.CONFIG_GET else {}

    async with scripted(answer) as device:
        with pytest.raises(UnsupportedError):
            await device.ptz.presets()


async def test_a_simulated_camera_lists_what_was_stored_and_some_forget_it(sim, device):
    await device.ptz.set_preset(7)
    await device.ptz.set_preset(3)
    assert [preset.number for preset in await device.ptz.presets()] == [3, 7]
    await device.ptz.clear_preset(7)
    assert [preset.number for preset in await device.ptz.presets()] == [3]
    sim.quirks = Quirks(forget_presets=True)
    await device.close()
    await sim.reboot(0)
    async with login(sim) as again:
        assert await again.ptz.presets() == ()


async def test_the_first_preset_of_a_camera_whose_list_is_null_gets_a_name():
    stored = {"Uart.PTZPreset.[0]": None}

    async def answer(link, message_id, body):
        name = body["Name"]
        if message_id == MessageId.CONFIG_SET:
            stored[name] = body[name]
            return {}
        return {name: stored[name]} if name in stored else {"ret": 607}

    async with scripted(answer) as device:
        assert await device.settings.get("Uart.PTZPreset", channel=0) == []
        plan = await device.settings.plan("Uart.PTZPreset", [{"Id": 1, "Name": "Door"}], channel=0)
        assert (await device.settings.apply(plan)).verified
        assert [(each.number, each.name) for each in await device.ptz.presets()] == [(1, "Door")]
