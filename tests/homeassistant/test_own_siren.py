"""The siren of a camera that sounds an alarm by itself, as vendor clients have it told to."""

from __future__ import annotations

import copy
from unittest.mock import patch

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from custom_components.dvrip import siren as platform
from dvrip_proto.simulator import Simulator
from tests.homeassistant.test_lights import enabled_siren
from tests.homeassistant.world import until


def _has(sim: Simulator, flag: str = "ManuIntellAlertAlarm", *, yes: bool = True) -> None:
    functions = sim.state.abilities["SystemFunction"] = copy.deepcopy(sim.state.abilities["SystemFunction"])
    functions.setdefault("AlarmFunction", {})[flag] = yes


async def _siren(hass: HomeAssistant, sim: Simulator, flag: str = "ManuIntellAlertAlarm") -> str:
    """The siren of a camera that says it has one, which a person has enabled."""
    _has(sim, flag)
    return await enabled_siren(hass, sim)


async def _act(hass: HomeAssistant, action: str, siren: str, **data: float) -> None:
    await hass.services.async_call("siren", action, {"entity_id": siren, **data}, blocking=True)


@pytest.mark.parametrize("flag", ["ManuIntellAlertAlarm", "OneKeyManulAlarm"])
async def test_it_sounds_until_it_is_turned_off(hass: HomeAssistant, sim: Simulator, flag: str) -> None:
    siren = await _siren(hass, sim, flag)
    assert hass.states.get(siren).state == "off"
    assert hass.states.get(siren).attributes["assumed_state"] is True
    await _act(hass, "turn_on", siren)
    assert sim.state.siren
    assert hass.states.get(siren).state == "on"
    await _act(hass, "turn_off", siren)
    assert not sim.state.siren
    assert hass.states.get(siren).state == "off"


async def test_it_falls_silent_by_itself_also_when_the_first_word_is_lost(
    hass: HomeAssistant, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    siren = await _siren(hass, sim)
    with patch.object(platform, "_AGAIN_S", 0.5):
        await _act(hass, "turn_on", siren, duration=1)
        _has(sim, yes=False)
        await until(lambda: "the siren sounds on" in caplog.text)
        assert sim.state.siren
        assert hass.states.get(siren).state == "on"
        _has(sim)
        await until(lambda: hass.states.get(siren).state == "off")
    assert not sim.state.siren


async def test_a_refusal_is_told(hass: HomeAssistant, sim: Simulator) -> None:
    siren = await _siren(hass, sim)
    _has(sim, yes=False)
    with pytest.raises(HomeAssistantError):
        await _act(hass, "turn_on", siren)
    assert hass.states.get(siren).state == "off"


async def test_it_does_not_sound_on_when_the_entry_goes(hass: HomeAssistant, sim: Simulator) -> None:
    siren = await _siren(hass, sim)
    await _act(hass, "turn_on", siren)
    (entry,) = hass.config_entries.async_entries("dvrip")
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert not sim.state.siren
