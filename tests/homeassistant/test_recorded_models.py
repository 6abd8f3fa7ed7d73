"""Home Assistant with the simulator's models of recorded devices: what each gets."""

from __future__ import annotations

from collections import Counter

import pytest
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from dvrip_proto.simulator import Simulator
from tests.homeassistant.world import PASSWORD, entry_for, set_up


@pytest.mark.parametrize(
    ("model", "channels", "cameras"), [("r80x30", 1, 2), ("nbd80n36ra", 6, 12), ("xm210", 1, 2)]
)
async def test_a_recorded_device_gets_entities(
    hass: HomeAssistant, model: str, channels: int, cameras: int
) -> None:
    async with Simulator(profile=model, channels=channels, users={"admin": PASSWORD}) as sim:
        entry = await set_up(hass, entry_for(sim))
        entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
        kinds = Counter(each.domain for each in entities)
        assert kinds["camera"] == cameras
        assert min(kinds[domain] for domain in ("binary_sensor", "switch", "number", "select", "event")) > 0
        seen = {state.entity_id: state.state for state in hass.states.async_all("camera")}
        assert STATE_UNAVAILABLE not in list(seen.values())[:1], "the first camera is there on each"
        await hass.config_entries.async_unload(entry.entry_id)
