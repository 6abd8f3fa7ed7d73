import asyncio
import time

import pytest

from dvrip_proto import DIRECTIONS, RequestError, RequestTimeoutError, TransportError, UsageError
from dvrip_proto.simulator import Quirks
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
