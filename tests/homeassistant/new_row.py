"""An entity of a row that was just added: tests/test_one_row.py runs this in a scratch copy that has the row.

The row's key is in the environment variable ROW; it is a switch of the whole device.
"""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant

from custom_components.dvrip import settings
from dvrip_proto import control
from dvrip_proto.simulator import Simulator
from tests.homeassistant.test_settings import behind, in_device, set_up_with, state
from tests.homeassistant.world import entity, until

ROW = os.environ.get("ROW", "")


async def test_its_entity_changes_the_device_and_follows_it(
    hass: HomeAssistant, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "INTERVAL", timedelta(seconds=0.2))
    sim.state.config[control(ROW).object][control(ROW).path] = False
    await set_up_with(hass, sim, ("switch", ROW))
    switch = entity(hass, f"{sim.serial}_{ROW}", "switch")
    assert state(hass, switch) == STATE_OFF
    assert control(ROW).title in {
        shown.name.removeprefix("Gate ") for shown in hass.states.async_all("switch")
    }
    await hass.services.async_call("switch", "turn_on", {"entity_id": switch}, blocking=True)
    assert in_device(sim, ROW, None)
    assert state(hass, switch) == STATE_ON
    await behind(sim, ROW, False, None)
    await until(lambda: state(hass, switch) == STATE_OFF, 60.0)
