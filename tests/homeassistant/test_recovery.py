from __future__ import annotations

import asyncio
import itertools
import logging
import threading

import av
import pytest
from homeassistant.components.camera import async_get_stream_source
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_platform import async_get_platforms

from custom_components.dvrip.const import DOMAIN
from dvrip_proto import sofia_hash
from dvrip_proto.simulator import Simulator
from tests.homeassistant.world import entity, entry_for, set_up, until


def state(hass: HomeAssistant, entity_id: str) -> str:
    current = hass.states.get(entity_id)
    assert isinstance(current, State)
    return current.state


async def test_a_reboot_is_survived_and_alarms_work_again(
    hass: HomeAssistant, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    await set_up(hass, entry_for(sim))
    camera = entity(hass, f"{sim.serial}_0_main", "camera")
    motion = entity(hass, f"{sim.serial}_0_motion", "binary_sensor")
    connected = entity(hass, f"{sim.serial}_connected", "binary_sensor")
    sim.raise_alarm()
    await until(lambda: state(hass, motion) == STATE_ON, 1.0)
    caplog.clear()

    reboot = asyncio.create_task(sim.reboot(downtime_s=1.5))
    await until(lambda: state(hass, camera) == STATE_UNAVAILABLE, 3.0)
    assert state(hass, motion) == STATE_UNAVAILABLE
    assert state(hass, connected) == STATE_OFF
    await until(lambda: state(hass, camera) == "idle", 10.0)
    assert state(hass, motion) == STATE_OFF
    assert state(hass, connected) == STATE_ON

    await reboot

    sim.raise_alarm()
    await until(lambda: state(hass, motion) == STATE_ON, 1.0)
    ours = [
        record for record in caplog.records
        if record.name.startswith("custom_components.dvrip") and record.levelno >= logging.INFO
    ]  # fmt: skip
    assert [record.levelname for record in ours] == ["WARNING", "INFO"], [
        record.getMessage() for record in ours
    ]
    assert await hass.config_entries.async_unload(hass.config_entries.async_entries(DOMAIN)[0].entry_id)


async def test_a_lost_connection_comes_back(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up(hass, entry_for(sim))
    connected = entity(hass, f"{sim.serial}_connected", "binary_sensor")
    sim.drop_connections()
    await until(lambda: state(hass, connected) == STATE_OFF, 3.0)
    await until(lambda: state(hass, connected) == STATE_ON, 6.0)
    await until(lambda: sim.sessions == 1)


async def test_an_action_without_session_says_so(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up(hass, entry_for(sim))
    entry = hass.config_entries.async_entries(DOMAIN)[0]
    sim.drop_connections()
    await until(lambda: not entry.runtime_data.session.connected, 3.0)
    camera = entity(hass, f"{sim.serial}_0_main", "camera")
    [platform] = [p for p in async_get_platforms(hass, DOMAIN) if p.domain == "camera"]
    with pytest.raises(HomeAssistantError) as raised:
        await platform.entities[camera].async_ptz_move("left", 5, 0.5)
    assert str(raised.value) == "Cannot connect to the device"


async def test_a_changed_password_asks_the_person_and_is_tried_once(
    hass: HomeAssistant, sim: Simulator
) -> None:
    entry = await set_up(hass, entry_for(sim))
    sim.state.users["admin"]["Password"] = sofia_hash("another")
    sim.drop_connections()
    await until(lambda: bool(hass.config_entries.flow.async_progress_by_handler(DOMAIN)), 6.0)
    [flow] = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert flow["step_id"] == "reauth_confirm"
    assert entry.state is ConfigEntryState.LOADED
    assert state(hass, entity(hass, f"{sim.serial}_0_main", "camera")) == STATE_UNAVAILABLE
    await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"username": "admin", "password": "another"}
    )
    await hass.async_block_till_done()
    assert state(hass, entity(hass, f"{sim.serial}_0_main", "camera")) == "idle"


async def test_a_viewer_survives_a_short_outage(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up(hass, entry_for(sim))
    source = await async_get_stream_source(hass, entity(hass, f"{sim.serial}_0_main", "camera"))
    stamps: list[float] = []
    enough = threading.Event()

    def watch() -> None:
        with av.open(source, options={"rtsp_transport": "tcp"}, timeout=20) as container:
            for packet in container.demux(video=0):
                if packet.pts is not None:
                    stamps.append(float(packet.pts * packet.time_base))
                if enough.is_set():
                    return

    watching = hass.async_add_executor_job(watch)
    await until(lambda: len(stamps) > 30)
    sim.drop_connections()
    before = len(stamps)
    await until(lambda: not sim.monitors, 3.0)
    await until(lambda: len(stamps) > before + 60, 15.0)
    enough.set()
    await watching
    assert stamps == sorted(stamps)
    assert max(later - earlier for earlier, later in itertools.pairwise(stamps)) < 10
    assert sim.monitors_started == {(0, "Main"): 2}
