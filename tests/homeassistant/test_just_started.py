"""A device that has just started does not tell everything it has: what it had before is there again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_component import async_update_entity
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.dvrip import status as status_module
from custom_components.dvrip.const import DOMAIN
from dvrip_proto import RequestError
from dvrip_proto.features.ptz import Ptz
from dvrip_proto.features.system import System
from dvrip_proto.simulator import Simulator
from tests.homeassistant.world import entity, entry_for, set_up, until

HIDDEN = (("sensor", "0_bit_rate_now"), ("binary_sensor", "0_recording"))


async def set_up_shown(hass: HomeAssistant, sim: Simulator) -> MockConfigEntry:
    """Set up a device, with what is hidden at first."""
    entry = entry_for(sim)
    entry.add_to_hass(hass)
    for platform, place in HIDDEN:
        er.async_get(hass).async_get_or_create(platform, DOMAIN, f"{sim.serial}_{place}", config_entry=entry)
    await again(hass, entry)
    return entry


async def again(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Home Assistant and the device start at the same time."""
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()


async def busy(*_: Any, **__: Any) -> None:
    raise RequestError("h:1: busy", ret=101)


async def test_a_disk_that_turns_up_late_is_a_problem_only_so_long(
    hass: HomeAssistant, sim: Simulator
) -> None:
    entry = await set_up(hass, entry_for(sim))
    used = entity(hass, f"{sim.serial}_storage_used", "sensor")
    problem = entity(hass, f"{sim.serial}_disk_problem", "binary_sensor")
    before = hass.states.get(used).state
    assert float(before) > 0
    await hass.config_entries.async_unload(entry.entry_id)
    disks = list(sim.state.storage.disks)
    sim.state.storage.disks.clear()
    await again(hass, entry)
    assert (hass.states.get(used).state, hass.states.get(problem).state) == ("unknown", "on")
    sim.state.storage.disks.extend(disks)
    await entry.runtime_data.status.async_refresh()
    assert float(hass.states.get(used).state) == pytest.approx(float(before), abs=1)
    assert hass.states.get(problem).state == "off"


async def test_what_a_busy_device_refuses_is_unavailable_until_it_tells(
    hass: HomeAssistant,
    recorder: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    entry = await set_up_shown(hass, recorder)
    names = [entity(hass, f"{recorder.serial}_{place}", platform) for platform, place in HIDDEN]
    names += [
        entity(hass, f"{recorder.serial}_storage_used", "sensor"),
        entity(hass, f"{recorder.serial}_disk_problem", "binary_sensor"),
    ]

    def shown() -> set[str]:
        return {hass.states.get(name).state for name in names}

    assert not {"unavailable", "unknown"} & shown()
    await hass.config_entries.async_unload(entry.entry_id)
    with monkeypatch.context() as starting:
        for name in ("disks", "work"):
            starting.setitem(status_module._QUESTIONS, name, busy)
        await again(hass, entry)
        assert shown() == {"unavailable"}
        assert "Traceback" not in caplog.text
    await entry.runtime_data.status.async_refresh()
    assert not {"unavailable", "unknown"} & shown()


async def test_positions_that_a_busy_device_does_not_tell_can_be_chosen_later(
    hass: HomeAssistant, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    sim.state.config["Uart.PTZPreset"][0] = [{"Id": 3, "PresetName": "Door"}]
    sim.state.config["Uart.PTZTour"][0] = [{"Id": 2, "Name": "Night", "Tour": [{"Id": 3, "Time": 9}]}]
    entry = await set_up(hass, entry_for(sim))
    await hass.async_block_till_done(wait_background_tasks=True)
    selects = [entity(hass, f"{sim.serial}_0_ptz_{key}", "select") for key in ("preset", "tour")]
    await hass.config_entries.async_unload(entry.entry_id)
    with monkeypatch.context() as starting:
        starting.setattr(Ptz, "presets", busy)
        starting.setattr(Ptz, "tours", busy)
        await again(hass, entry)
        await hass.async_block_till_done(wait_background_tasks=True)
    for name in selects:
        await async_update_entity(hass, name)
    found = [hass.states.get(name) for name in selects]
    assert [each.state for each in found] == ["unknown", "unknown"]
    assert [each.attributes["options"] for each in found] == [["Door"], ["Night", "stop"]]


async def test_a_device_that_does_not_tell_its_abilities_yet_still_sees_persons(
    hass: HomeAssistant, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = await set_up(hass, entry_for(sim))
    person = entity(hass, f"{sim.serial}_0_person", "binary_sensor")
    await hass.config_entries.async_unload(entry.entry_id)
    monkeypatch.setattr(System, "functions", busy)
    await again(hass, entry)
    assert hass.states.get(person).state == "off"


async def test_what_a_device_never_had_does_not_come_while_it_is_busy(
    hass: HomeAssistant, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("disks", "work"):
        monkeypatch.setitem(status_module._QUESTIONS, name, busy)
    monkeypatch.setattr(System, "functions", busy)
    await set_up(hass, entry_for(sim))
    assert "0_motion" in known(hass, sim)
    assert not known(hass, sim) & {
        "storage_used",
        "disk_problem",
        "0_bit_rate_now",
        "0_recording",
        "0_person",
    }


def known(hass: HomeAssistant, sim: Simulator) -> set[str]:
    """Sensors of a device."""
    return {
        one.unique_id.removeprefix(f"{sim.serial}_")
        for one in er.async_get(hass).entities.values()
        if one.domain in ("sensor", "binary_sensor")
    }


@pytest.mark.parametrize(
    ("refused", "late"), [(("disks",), {"storage_used", "disk_problem"}), ((), {"0_person"})]
)
async def test_a_device_that_is_busy_when_it_is_met_first_has_everything_a_little_later(
    hass: HomeAssistant,
    sim: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    refused: tuple[str, ...],
    late: set[str],
) -> None:
    monkeypatch.setattr(status_module, "AGAIN_S", 0.5)
    for name in refused:
        monkeypatch.setitem(status_module._QUESTIONS, name, refused_once(status_module._QUESTIONS[name]))
    if not refused:
        monkeypatch.setattr(System, "functions", refused_once(System.functions))
    entry = entry_for(sim)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert not known(hass, sim) & late
    await until(lambda: known(hass, sim) >= late)
    await hass.async_block_till_done()


def refused_once(ask: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    answers = iter([busy])

    async def asked(*about: Any) -> Any:
        return await next(answers, ask)(*about)

    return asked


async def test_a_device_that_has_no_more_to_tell_is_not_set_up_again(
    hass: HomeAssistant, sim: Simulator
) -> None:
    entry = await set_up(hass, entry_for(sim))
    data = entry.runtime_data
    await data.status._look_again()
    data.session.functions = {}
    await sim.stop()
    await until(lambda: not data.session.connected)
    await data.status._look_again()
    await hass.async_block_till_done()
    assert entry.runtime_data is data
