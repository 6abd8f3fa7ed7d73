"""Clocks that were lost, and abilities by channel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dvrip_proto import Device, UnsupportedError
from dvrip_proto.simulator import Simulator
from dvrip_proto.wire.ids import MessageId
from tests import hostile
from tests.device.conftest import scripted

SECONDS = timedelta(seconds=5)


def asked(sim: Simulator) -> int:
    return [message_id for message_id, _, _ in sim.requests].count(MessageId.TIME_SYNC)


@pytest.mark.parametrize("lost", ["2000-01-01 00:00:07", "2017-06-01 00:00:00"])
async def test_a_lost_clock_gets_its_time_once(sim: Simulator, device: Device, lost: str) -> None:
    assert sim.state.clock.set_local(lost)
    wanted = datetime(2026, 2, 1, 12, 17, 19, tzinfo=UTC)
    assert await device.system.restore_time(now=wanted)
    assert abs(await device.system.time() - wanted.replace(tzinfo=None)) < SECONDS
    assert not await device.system.restore_time()
    assert asked(sim) == 1
    assert sim.state.clock.set_local(lost)
    assert await device.system.restore_time()
    assert abs(await device.system.time() - datetime.now()) < SECONDS


async def test_a_clock_that_runs_is_left_alone(sim: Simulator, device: Device) -> None:
    assert sim.state.clock.set_local("2019-01-01 00:00:00")
    assert not await device.system.restore_time()
    assert asked(sim) == 0


async def test_abilities_by_channel(sim: Simulator, device: Device) -> None:
    with pytest.raises(UnsupportedError, match="ChannelSystemFunction@SmartH264"):
        await device.system.channel_ability("ChannelSystemFunction", "SmartH264")


@pytest.mark.parametrize("key", ["ChannelSystemFunction@SmartH264", "ChannelSystemFunction"])
async def test_a_device_that_knows_them(key: str) -> None:
    seen: list[Any] = []

    async def answer(_link: hostile.Link, message_id: int, body: dict[str, Any]) -> dict[str, Any]:
        seen.append((message_id, body.get("Name")))
        if body.get("Name") == "Other@Thing":
            return {}
        return {"Name": key, key: [True, False]}

    async with scripted(answer) as device:
        assert await device.system.channel_ability("ChannelSystemFunction", "SmartH264") == [True, False]
        with pytest.raises(UnsupportedError, match="no such ability"):
            await device.system.channel_ability("Other", "Thing")
    assert seen[0] == (MessageId.CHANNEL_ABILITY_GET, "ChannelSystemFunction@SmartH264")
