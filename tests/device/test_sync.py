"""`dvrip_proto.sync`: the library where nobody awaits, inside a running loop (a notebook) and out of it."""

from __future__ import annotations

import asyncio

import pytest

from dvrip_proto import AuthenticationError, MediaFrame
from dvrip_proto.simulator import Simulator
from dvrip_proto.sync import Device
from dvrip_proto.wire.ids import MessageId


def asks(host: str, port: int) -> list[object]:
    with Device(host, port, password="s3cret") as device:
        found: list[object] = [device.system.info().channel_count, len(device.system.channels())]
        plan, applied = device.settings.ensure("NetWork.NetNTP", {"Server": {"Name": "ntp.example.net"}})
        found += [plan.changed, applied is not None]
        with device.monitor.open(channel=0) as frames:
            found.append([isinstance(frame, MediaFrame) for frame, _ in zip(frames, range(3), strict=False)])
        for event in device.alarms.events():
            found.append(event.kind.value)
            break
        found.append("info" in dir(device.system))
    return [*found, device.closed]


async def test_a_script_reads_writes_watches_and_listens() -> None:
    async with Simulator(profile="ipc", users={"admin": "s3cret"}, videos=["scene:h264"]) as device:
        moving = asyncio.create_task(_motion(device))
        found = await asyncio.to_thread(asks, device.host, device.port)
        moving.cancel()
        assert found == [1, 1, True, True, [True, True, True], "motion", True, True]
        assert device.state.config["NetWork.NetNTP"]["Server"]["Name"] == "ntp.example.net"
        assert device.monitors == {}


async def test_a_cell_of_a_notebook_has_a_loop_that_runs() -> None:
    async with Simulator(profile="ipc", users={"admin": "s3cret"}) as device:

        async def cell() -> int:
            with Device(device.host, device.port, password="s3cret") as camera:
                count: int = camera.system.info().channel_count
            return count

        assert await asyncio.to_thread(asyncio.run, cell()) == 1


async def test_errors_are_those_of_the_library() -> None:
    async with Simulator(profile="ipc", users={"admin": "s3cret"}) as device:

        def wrong() -> None:
            with pytest.raises(AuthenticationError), Device(device.host, device.port, password="no"):
                pass

        await asyncio.to_thread(wrong)
        assert [message_id for message_id, _, _ in device.requests].count(MessageId.LOGIN) == 1


async def _motion(device: Simulator) -> None:
    while True:
        await asyncio.sleep(0.3)
        device.raise_alarm(0, "VideoMotion", active=True)
