"""A mistake is told in one sentence at every door: the library's."""

from __future__ import annotations

import copy

import pytest

from dvrip_proto import DangerError, Device, UsageError
from dvrip_proto.simulator import Simulator
from tests.sentences import LOCK_OUTS, MISTAKES, Mistake


@pytest.mark.parametrize("mistake", [*MISTAKES, *LOCK_OUTS], ids=str)
async def test_the_library_says_the_sentence(mistake: Mistake) -> None:
    channel = None if mistake.channel is None else mistake.channel - 1
    async with Simulator(profile=mistake.profile) as sim, Device(sim.host, sim.port) as device:
        before = copy.deepcopy(sim.state.config[mistake.object])
        with pytest.raises(UsageError) as told:
            await device.settings.ensure(mistake.object, mistake.wish, channel=channel)
        assert str(told.value) == f"{sim.host}:{sim.port}: {mistake.says}"
        assert told.value.channel == channel
        assert isinstance(told.value, DangerError) == (mistake in LOCK_OUTS)
        if mistake.setting:
            with pytest.raises(UsageError) as named:
                await device.controls.plan({mistake.setting: mistake.value}, channel=channel)
            assert str(named.value) == str(told.value)
        assert sim.state.config[mistake.object] == before


@pytest.mark.parametrize("mistake", LOCK_OUTS, ids=str)
async def test_the_library_writes_what_is_allowed(mistake: Mistake) -> None:
    async with Simulator(profile=mistake.profile) as sim, Device(sim.host, sim.port) as device:
        plan, applied = await device.settings.ensure(mistake.object, mistake.wish, allow_disconnect=True)
        assert plan.dangers
        assert applied is not None
        assert not (await device.settings.plan(mistake.object, mistake.wish)).changed
