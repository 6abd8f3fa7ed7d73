"""The relay in front of a simulated device: what the device sees of its viewers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest

from dvrip_proto import Device, Keeper
from dvrip_proto.relay import Relay, jpeg
from dvrip_proto.simulator import Quirks, Simulator

from .conftest import Seen, pictures, read, rises, until

MAIN = (0, "Main")


@pytest.fixture
async def device() -> AsyncIterator[Simulator]:
    async with Simulator(profile="nvr", videos=["scene:h264", "scene:h265"]) as simulator:
        await simulator.prepare_media()
        yield simulator


@pytest.fixture
async def keeper(device: Simulator) -> AsyncIterator[Keeper]:
    async def up(_device: Device) -> None:
        pass

    kept = Keeper(
        lambda: Device(device.host, device.port, timeout_s=3),
        on_up=up,
        on_down=lambda _error: None,
        backoff_s=(0.2,),
    )
    await kept.start()
    yield kept
    await kept.stop()


async def test_five_viewers_are_one_monitor_to_the_device(
    relay: Relay, device: Simulator, keeper: Keeper
) -> None:
    hub = relay.add("1/main", partial(keeper.monitor, 0, "Main"), linger_s=0.2)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(read(relay.url("1/main"), pictures(50))) for _ in range(5)]
        await until(lambda: hub.viewers == 5)
        await until(lambda: device.monitors == {MAIN: 1})
    for task in tasks:
        seen = task.result()
        assert len(set(seen.pictures)) > 10
        for dts in seen.dts.values():
            assert rises(dts)
    assert device.monitors_peak == {MAIN: 1}
    assert device.monitors_started == {MAIN: 1}
    await until(lambda: not device.monitors)


@pytest.mark.parametrize(("channel", "codec"), [(0, "h264"), (1, "hevc")])
@pytest.mark.parametrize("stream", ["Main", "Extra1"])
async def test_every_stream_is_read(
    relay: Relay, device: Simulator, keeper: Keeper, channel: int, codec: str, stream: str
) -> None:
    relay.add("x", partial(keeper.monitor, channel, stream))
    seen = await read(relay.url("x"), pictures(40))
    assert seen.codecs[0] == codec
    assert seen.codecs[1:] in ([], ["aac", "pcm_alaw"])
    assert len(set(seen.pictures)) > 10
    assert seen.error == ""


@pytest.mark.parametrize(
    "quirks",
    [
        Quirks(mid_gop=True),
        Quirks(packet_size=0),
        Quirks(merge_frames=True, split_headers=True),
        Quirks(info_frames=True, service_blocks=True),
    ],
)
async def test_odd_devices_are_read_as_well(
    relay: Relay, device: Simulator, keeper: Keeper, quirks: Quirks
) -> None:
    device.quirks = quirks
    relay.add("x", partial(keeper.monitor, 1, "Main"))
    seen = await read(relay.url("x"), pictures(60))
    assert len(seen.pictures) == 60
    assert rises(seen.dts["hevc"])


@pytest.mark.parametrize("fall", ["reboot", "drop"])
async def test_viewers_outlive_a_fall_of_the_device(
    relay: Relay, device: Simulator, keeper: Keeper, fall: str
) -> None:
    hub = relay.add("x", partial(keeper.monitor, 0, "Main"))
    seen = Seen()
    reading = asyncio.create_task(read(relay.url("x"), pictures(120), into=seen))
    await until(lambda: len(seen.pictures) >= 40, 15)
    if fall == "reboot":
        await device.reboot(1.0)
    else:
        device.drop_connections()
    await reading
    assert seen.error == ""
    assert device.monitors_started[MAIN] == 2
    assert device.monitors_peak == {MAIN: 1}
    for dts in seen.dts.values():
        assert rises(dts)
        assert max(b - a for a, b in zip(dts, dts[1:], strict=False)) < 10
    assert hub.viewers <= 1


async def test_a_stream_that_freezes_is_started_again(
    relay: Relay, device: Simulator, keeper: Keeper
) -> None:
    device.quirks = Quirks(freeze_after_s=2.0)
    relay.add("x", partial(keeper.monitor, 0, "Main"))
    seen = Seen()
    reading = asyncio.create_task(read(relay.url("x"), pictures(80), into=seen))
    await until(lambda: len(seen.pictures) >= 30, 15)
    device.quirks = Quirks()
    await reading
    assert seen.error == ""
    assert device.monitors_started[MAIN] == 2


async def test_a_still_shares_the_stream_of_the_viewers(
    relay: Relay, device: Simulator, keeper: Keeper
) -> None:
    hub = relay.add("x", partial(keeper.monitor, 1, "Main"), linger_s=0.2)
    reading = asyncio.create_task(read(relay.url("x"), pictures(60)))
    await until(lambda: hub.viewers == 1)
    keyframe = await hub.keyframe(max_age_s=0)
    assert (await asyncio.to_thread(jpeg, keyframe, 160))[:2] == b"\xff\xd8"
    assert keyframe.time is not None
    await reading
    assert device.monitors_started == {(1, "Main"): 1}
