"""The white light, the siren, and a camera that is turned off for privacy."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from unittest.mock import patch

import pytest
from homeassistant.components.camera import CameraEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_component import async_update_entity
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.dvrip.siren import tone
from dvrip_proto import Device, TransportError
from dvrip_proto.simulator import Simulator
from tests.homeassistant.world import PASSWORD, entity, entry_for, set_up, until


async def _act(hass: HomeAssistant, action: str, entity_id: str, **data: Any) -> None:
    domain = entity_id.partition(".")[0]
    await hass.services.async_call(domain, action, {"entity_id": entity_id, **data}, blocking=True)


async def _told(sim: Simulator, name: str) -> Any:
    async with Device(sim.host, sim.port, password=PASSWORD) as device:
        return await device.settings.get(name)


async def test_the_white_light_is_on_and_off_by_its_words(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    light = entity(hass, f"{sim.serial}_white_light", "light")
    await _act(hass, "turn_on", light)
    assert (await _told(sim, "Camera.WhiteLight"))["WorkMode"] == "KeepOpen"
    assert hass.states.get(light).state == "on"
    await _act(hass, "turn_off", light)
    assert (await _told(sim, "Camera.WhiteLight"))["WorkMode"] == "Close"
    assert hass.states.get(light).state == "off"
    async with Device(sim.host, sim.port, password=PASSWORD) as device:
        await device.settings.ensure("Camera.WhiteLight", {"WorkMode": "Auto"})
    await entry.runtime_data.settings.async_refresh()
    state = hass.states.get(light)
    assert (state.state, state.attributes["mode"]) == ("off", "Auto")


async def test_a_camera_whose_light_is_on_in_another_mode_is_told_so(
    hass: HomeAssistant, sim: Simulator
) -> None:
    await set_up(hass, entry_for(sim, options={"light_on": "Auto"}))
    light = entity(hass, f"{sim.serial}_white_light", "light")
    await _act(hass, "turn_on", light)
    assert (await _told(sim, "Camera.WhiteLight"))["WorkMode"] == "Auto"
    assert hass.states.get(light).state == "on"


async def test_the_mode_of_a_light_is_asked_for_where_there_is_one(
    hass: HomeAssistant, sim: Simulator, recorder: Simulator
) -> None:
    camera, without = await set_up(hass, entry_for(sim)), await set_up(hass, entry_for(recorder))
    await hass.async_block_till_done(wait_background_tasks=True)
    for entry, asked in ((camera, True), (without, False)):
        form = await hass.config_entries.options.async_init(entry.entry_id)
        assert ("light_on" in form["data_schema"].schema) == asked


async def test_the_mode_of_a_light_is_chosen_in_the_words_of_people(
    hass: HomeAssistant, sim: Simulator
) -> None:
    entry = await set_up(hass, entry_for(sim, options={"light_on": "Auto"}))
    await hass.async_block_till_done(wait_background_tasks=True)
    for chosen, before, kept in (("keep_open", "auto", "KeepOpen"), ("auto", "keep_open", "Auto")):
        form = await hass.config_entries.options.async_init(entry.entry_id)
        marker = next(key for key in form["data_schema"].schema if key == "light_on")
        assert marker.description == {"suggested_value": before}
        assert form["data_schema"].schema[marker].config["options"] == ["keep_open", "auto"]
        wish = {"auto_off_s": 60, "light_on": chosen}
        await hass.config_entries.options.async_configure(form["flow_id"], wish)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert entry.options["light_on"] == kept


async def test_a_light_with_brightness_is_dimmed(hass: HomeAssistant) -> None:
    async with Simulator(profile="r80x30", users={"admin": PASSWORD}) as sim:
        await set_up(hass, entry_for(sim))
        light = entity(hass, f"{sim.serial}_white_light", "light")
        assert hass.states.get(light).attributes["supported_color_modes"] == ["brightness"]
        for asked, written in ((26, 10), (1, 1), (255, 100)):  # 0 is no brightness of a light that is on
            await _act(hass, "turn_on", light, brightness=asked)
            assert (await _told(sim, "Camera.WhiteLight"))["Brightness"] == written


async def test_a_camera_is_turned_off_by_its_privacy(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up(hass, entry_for(sim))
    camera = entity(hass, f"{sim.serial}_0_main", "camera")
    assert hass.states.get(camera).attributes["supported_features"] & CameraEntityFeature.ON_OFF
    await _act(hass, "turn_off", camera)
    assert (await _told(sim, "General.OneKeyMaskVideo"))[0]["Enable"] is True
    await _act(hass, "turn_on", camera)
    assert (await _told(sim, "General.OneKeyMaskVideo"))[0]["Enable"] is False


async def test_a_camera_without_privacy_cannot_be_turned_off(
    hass: HomeAssistant, recorder: Simulator
) -> None:
    await set_up(hass, entry_for(recorder))
    camera = entity(hass, f"{recorder.serial}_0_sub", "camera")
    assert not hass.states.get(camera).attributes["supported_features"] & CameraEntityFeature.ON_OFF


async def enabled_siren(hass: HomeAssistant, sim: Simulator) -> str:
    """The siren, which a person has enabled."""
    entry = entry_for(sim)
    entry.add_to_hass(hass)
    registered = er.async_get(hass).async_get_or_create(
        "siren", "dvrip", f"{sim.serial}_siren", config_entry=entry, disabled_by=None
    )
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return registered.entity_id


async def test_a_siren_sounds_until_it_is_turned_off(hass: HomeAssistant, sim: Simulator) -> None:
    siren = await enabled_siren(hass, sim)
    assert hass.states.get(siren).state == "off"
    await _act(hass, "turn_on", siren, volume_level=0.5)
    assert hass.states.get(siren).state == "on"
    await until(lambda: sim._unit.talk.heard_bytes > 0)
    await _act(hass, "turn_on", siren)
    await _act(hass, "turn_off", siren)
    assert hass.states.get(siren).state == "off"
    await until(lambda: sim._unit.talk.speaker is None)


async def test_a_siren_falls_silent_by_itself(hass: HomeAssistant, sim: Simulator) -> None:
    siren = await enabled_siren(hass, sim)
    await _act(hass, "turn_on", siren, duration=1)
    await until(lambda: hass.states.get(siren).state == "off")
    assert len(sim._unit.talk._sound) >= 8000
    await async_update_entity(hass, siren)


async def test_a_siren_that_cannot_speak_says_so(hass: HomeAssistant, sim: Simulator) -> None:
    siren = await enabled_siren(hass, sim)
    (entry,) = hass.config_entries.async_entries("dvrip")
    async with entry.runtime_data.session.talk():
        with pytest.raises(HomeAssistantError):
            await _act(hass, "turn_on", siren)
    assert hass.states.get(siren).state == "off"


async def test_a_siren_that_is_turned_on_again_is_never_off_between(
    hass: HomeAssistant, sim: Simulator
) -> None:
    siren = await enabled_siren(hass, sim)
    await _act(hass, "turn_on", siren)
    await until(lambda: sim._unit.talk.heard_bytes > 0)
    seen = async_capture_events(hass, "state_changed")
    await _act(hass, "turn_on", siren, volume_level=0.5)
    assert [event.data["new_state"].state for event in seen if event.data["entity_id"] == siren] == []
    await _act(hass, "turn_off", siren)
    assert hass.states.get(siren).state == "off"


async def test_a_siren_that_falls_silent_too_early_is_off_and_the_log_says_why(
    hass: HomeAssistant, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    siren = await enabled_siren(hass, sim)
    (entry,) = hass.config_entries.async_entries("dvrip")

    class Breaks:
        async def send(self, _sound: bytes) -> None:
            raise TransportError("the cable is out")

    @asynccontextmanager
    async def breaks() -> AsyncIterator[Breaks]:
        yield Breaks()

    with patch.object(entry.runtime_data.session, "talk", breaks):
        await _act(hass, "turn_on", siren)
        await until(lambda: hass.states.get(siren).state == "off")
    assert "the siren fell silent: the cable is out" in caplog.text


@pytest.mark.parametrize("how", ["turn_off", "turn_on", "unload"])
async def test_a_siren_that_is_given_up_before_it_sounds_keeps_nobody_waiting(
    hass: HomeAssistant, sim: Simulator, how: str
) -> None:
    siren = await enabled_siren(hass, sim)
    (entry,) = hass.config_entries.async_entries("dvrip")
    session, opened = entry.runtime_data.session, asyncio.Event()
    real = session.talk

    @asynccontextmanager
    async def slow() -> AsyncIterator[None]:
        opened.set()
        await asyncio.Event().wait()
        yield

    with patch.object(session, "talk", slow):
        first = hass.async_create_task(_act(hass, "turn_on", siren))
        await opened.wait()
    with patch.object(session, "talk", real):
        if how == "unload":
            assert await hass.config_entries.async_unload(entry.entry_id)
        else:
            await _act(hass, how, siren)
        async with asyncio.timeout(5):
            await first
    if how != "unload":
        assert hass.states.get(siren).state == ("on" if how == "turn_on" else "off")
        await _act(hass, "turn_off", siren)


async def test_a_siren_whose_caller_has_left_leaves_no_error(
    hass: HomeAssistant, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    siren = await enabled_siren(hass, sim)
    (entry,) = hass.config_entries.async_entries("dvrip")
    opened, refused = asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def refuses() -> AsyncIterator[None]:
        opened.set()
        await refused.wait()
        raise TransportError("the cable is out")
        yield

    with patch.object(entry.runtime_data.session, "talk", refuses):
        caller = hass.async_create_task(_act(hass, "turn_on", siren))
        await opened.wait()
        caller.cancel()
        await asyncio.wait([caller])
        refused.set()
        await until(lambda: hass.states.get(siren).state == "off")
    gc.collect()
    assert "never retrieved" not in caplog.text


async def test_a_siren_ends_with_its_device(hass: HomeAssistant, sim: Simulator) -> None:
    siren = await enabled_siren(hass, sim)
    await _act(hass, "turn_on", siren)
    await until(lambda: sim._unit.talk.heard_bytes > 0)
    await sim.stop()
    await until(lambda: hass.states.get(siren).state == "unavailable")
    (entry,) = hass.config_entries.async_entries("dvrip")
    assert await hass.config_entries.async_unload(entry.entry_id)


def test_the_tone_is_one_second_and_as_loud_as_wanted() -> None:
    assert len(tone(1.0)) == len(tone(0.1)) == 8000
    assert tone(1.0) != tone(0.1)
