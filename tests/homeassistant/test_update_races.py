"""Firmware while the entry is wanted otherwise: reloads wait for its end, and nobody is told half a truth."""

from __future__ import annotations

import asyncio
from pathlib import Path
from unittest.mock import patch

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from dvrip_proto import TransportError
from dvrip_proto.features.firmware.upgrade import Upgrade
from dvrip_proto.simulator import Simulator
from tests.device.firmware_file import write
from tests.homeassistant.test_update import camera, enabled_entity, folder
from tests.homeassistant.world import until

__all__ = ["camera", "folder"]


def _burns(hass: HomeAssistant, update: str) -> bool:
    return (hass.states.get(update).attributes["update_percentage"] or 0) >= 40


async def _burning(hass: HomeAssistant, camera: Simulator, folder: Path) -> tuple[str, asyncio.Task[None]]:
    """An update entity, and its installation, which has come to where the device burns."""
    write(folder)
    update = await enabled_entity(hass, camera)
    wish = {"entity_id": update}
    install = asyncio.create_task(hass.services.async_call("update", "install", wish, blocking=True))
    await until(lambda: _burns(hass, update))
    return update, install


async def test_options_saved_while_firmware_is_burned_wait_for_its_end(
    hass: HomeAssistant, camera: Simulator, folder: Path
) -> None:
    camera._unit.upgrade.burn_s = 1.0
    update, install = await _burning(hass, camera, folder)
    (entry,) = hass.config_entries.async_entries("dvrip")
    form = await hass.config_entries.options.async_init(entry.entry_id)
    await hass.config_entries.options.async_configure(form["flow_id"], {"auto_off_s": 30})
    await until(lambda: entry.state is ConfigEntryState.UNLOAD_IN_PROGRESS)
    assert hass.states.get(update).attributes["in_progress"] is True
    await install
    await hass.async_block_till_done()
    await until(lambda: entry.state is ConfigEntryState.LOADED)
    assert entry.options["auto_off_s"] == 30
    assert hass.states.get(update).attributes["installed_version"] == "V5.00.R02 (2026-01-02)"


async def test_who_asks_a_second_time_is_refused_and_nothing_is_sent_twice(
    hass: HomeAssistant, camera: Simulator, folder: Path
) -> None:
    write(folder)
    update = await enabled_entity(hass, camera)
    wish = {"entity_id": update}
    both = await asyncio.gather(
        hass.services.async_call("update", "install", wish, blocking=True),
        hass.services.async_call("update", "install", wish, blocking=True),
        return_exceptions=True,
    )
    refused = [each for each in both if each is not None]
    assert len(refused) == 1
    assert isinstance(refused[0], HomeAssistantError)
    assert "already in progress" in str(refused[0])


async def test_a_connection_lost_while_it_burns_says_to_leave_the_power_on(
    hass: HomeAssistant, camera: Simulator, folder: Path
) -> None:
    camera._unit.upgrade.burn_s = 60.0
    update, install = await _burning(hass, camera, folder)
    await camera.stop()
    with pytest.raises(HomeAssistantError) as caught:
        await install
    assert caught.value.translation_key == "firmware_unwatched"
    assert "leave its power on" in str(caught.value)
    assert hass.states.get(update).state == "unavailable"


async def test_a_connection_lost_before_it_burns_is_only_that(
    hass: HomeAssistant, camera: Simulator, folder: Path
) -> None:
    write(folder)
    update = await enabled_entity(hass, camera)
    wish = {"entity_id": update}
    with (
        patch.object(Upgrade, "_send", side_effect=TransportError("gone")),
        pytest.raises(HomeAssistantError) as caught,
    ):
        await hass.services.async_call("update", "install", wish, blocking=True)
    assert caught.value.translation_key == "cannot_connect"
