"""Things that happen at odd times: a stop during set-up, a form whose entry is gone, a speaker that goes."""

from __future__ import annotations

import asyncio
from typing import Any
from unittest.mock import patch

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, UnknownFlow
from homeassistant.helpers import entity_registry as er

from custom_components.dvrip import config_flow, session
from custom_components.dvrip.identity import identify
from dvrip_proto import Device, Silence
from dvrip_proto.simulator import Simulator
from tests.homeassistant.world import PASSWORD, entity, entry_for, set_up, until


class _Held:
    """Holds the question who a device is, until it is let go."""

    def __init__(self) -> None:
        self.asked, self.goes_on = asyncio.Event(), asyncio.Event()

    async def __call__(self, device: Device, silence: Silence) -> Any:
        found = await identify(device, silence)
        self.asked.set()
        await self.goes_on.wait()
        return found


async def test_a_stop_during_set_up_leaves_no_session_on_the_device(
    hass: HomeAssistant, sim: Simulator
) -> None:
    held, entry = _Held(), entry_for(sim)
    entry.add_to_hass(hass)
    with patch.object(session, "identify", held):
        setting_up = asyncio.create_task(hass.config_entries.async_setup(entry.entry_id))
        await held.asked.wait()
        hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
        await asyncio.sleep(0.05)
        held.goes_on.set()
        await setting_up
    await until(lambda: sim.sessions == 0)


@pytest.mark.parametrize("source", ["reauth", "reconfigure"])
async def test_a_form_whose_entry_is_removed_while_it_signs_in_ends_quietly(
    hass: HomeAssistant, sim: Simulator, caplog: pytest.LogCaptureFixture, source: str
) -> None:
    entry = await set_up(hass, entry_for(sim))
    flow = await (entry.start_reauth_flow(hass) if source == "reauth" else entry.start_reconfigure_flow(hass))
    typed: dict[str, Any] = {"username": "admin", "password": PASSWORD}
    if source == "reconfigure":
        typed |= {"host": sim.host, "port": sim.port, "no_password": False}
    held = _Held()
    with patch.object(config_flow, "identify", held):
        form = asyncio.create_task(hass.config_entries.flow.async_configure(flow["flow_id"], typed))
        await held.asked.wait()
        await hass.config_entries.async_remove(entry.entry_id)
        held.goes_on.set()
        (told,) = await asyncio.gather(form, return_exceptions=True)
    assert isinstance(told, UnknownFlow) or (told["type"], told["reason"]) == (
        FlowResultType.ABORT,
        "no_entry",
    )
    assert "Traceback" not in caplog.text


async def test_a_speaker_that_is_disabled_while_it_talks_falls_silent(
    hass: HomeAssistant, sim: Simulator
) -> None:
    entry = await set_up(hass, entry_for(sim))
    speaker = entity(hass, f"{sim.serial}_speaker", "media_player")
    talks = asyncio.Event()

    async def say(_sound: bytes, *, volume: int) -> float:
        talks.set()
        await asyncio.Event().wait()
        raise AssertionError(volume)

    player = hass.data["media_player"].get_entity(speaker)
    with (
        patch.object(entry.runtime_data.session.device.talk, "say", say),
        patch.object(type(player), "_sound", return_value=b"sound"),
    ):
        wish = {"entity_id": speaker, "media_content_id": "http://x/y.wav", "media_content_type": "music"}
        saying = asyncio.create_task(
            hass.services.async_call("media_player", "play_media", wish, blocking=True)
        )
        await talks.wait()
        er.async_get(hass).async_remove(speaker)
        await asyncio.wait_for(asyncio.gather(saying, return_exceptions=True), 5)
    assert hass.states.get(speaker) is None
    assert entry.state is ConfigEntryState.LOADED
