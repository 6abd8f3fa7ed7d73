from __future__ import annotations

import asyncio
import itertools
import logging
import threading
from unittest.mock import patch

import av
import pytest
from homeassistant.components.camera import async_get_stream_source
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_platform import async_get_platforms
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.dvrip.const import DOMAIN
from custom_components.dvrip.found import Found
from custom_components.dvrip.moves import async_follow
from dvrip_proto import sofia_hash
from dvrip_proto.simulator import Simulator
from tests.homeassistant.world import entity, entry_for, report, set_up, until


def state(hass: HomeAssistant, entity_id: str) -> str:
    current = hass.states.get(entity_id)
    assert isinstance(current, State)
    return current.state


async def test_a_reboot_is_survived_and_alarms_work_again(
    hass: HomeAssistant, sim: Simulator, caplog: pytest.LogCaptureFixture, prompt: None
) -> None:
    await set_up(hass, entry_for(sim))
    camera = entity(hass, f"{sim.serial}_0_main", "camera")
    motion = entity(hass, f"{sim.serial}_0_motion", "binary_sensor")
    connected = entity(hass, f"{sim.serial}_connected", "binary_sensor")
    sim.raise_alarm()
    await until(lambda: state(hass, motion) == STATE_ON)
    caplog.clear()

    reboot = asyncio.create_task(sim.reboot(downtime_s=1.5))
    await until(lambda: state(hass, camera) == STATE_UNAVAILABLE)
    assert state(hass, motion) == STATE_UNAVAILABLE
    assert state(hass, connected) == STATE_OFF
    await until(lambda: state(hass, camera) == "idle")
    assert state(hass, motion) == STATE_OFF
    assert state(hass, connected) == STATE_ON

    await reboot

    sim.raise_alarm()
    await until(lambda: state(hass, motion) == STATE_ON)
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
    await until(lambda: state(hass, connected) == STATE_OFF)
    await until(lambda: state(hass, connected) == STATE_ON)
    await until(lambda: sim.sessions == 1)


async def test_an_action_without_session_says_so(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up(hass, entry_for(sim))
    entry = hass.config_entries.async_entries(DOMAIN)[0]
    sim.drop_connections()
    await until(lambda: not entry.runtime_data.session.connected)
    camera = entity(hass, f"{sim.serial}_0_main", "camera")
    [platform] = [p for p in async_get_platforms(hass, DOMAIN) if p.domain == "camera"]
    with pytest.raises(HomeAssistantError) as raised:
        await platform.entities[camera].async_ptz_move("left", 5, 0.5)
    assert str(raised.value) == "Gate: Cannot connect to the device"


async def test_a_changed_password_asks_the_person_and_is_tried_once(
    hass: HomeAssistant, sim: Simulator
) -> None:
    entry = await set_up(hass, entry_for(sim))
    sim.state.users["admin"]["Password"] = sofia_hash("another")
    sim.drop_connections()
    await until(lambda: bool(hass.config_entries.flow.async_progress_by_handler(DOMAIN)))
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
    await until(lambda: not sim.monitors)
    await until(lambda: len(stamps) > before + 60)
    enough.set()
    await watching
    assert stamps == sorted(stamps)
    assert max(later - earlier for earlier, later in itertools.pairwise(stamps)) < 10
    assert sim.monitors_started == {(0, "Main"): 2}


async def test_a_live_view_survives_an_outage_that_is_longer_than_home_assistant_waits(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    sim: Simulator,
    caplog: pytest.LogCaptureFixture,
    prompt: None,
) -> None:
    assert await async_setup_component(hass, "stream", {"stream": {"segment_duration": 2}})
    entry = await set_up(hass, entry_for(sim))
    camera = entity(hass, f"{sim.serial}_0_main", "camera")
    ws = await hass_ws_client(hass)
    with patch("homeassistant.components.stream.worker.SOURCE_TIMEOUT", 3.5):  # 30 in earnest, twice
        await ws.send_json_auto_id({"type": "camera/stream", "entity_id": camera})
        assert (await ws.receive_json())["success"]
        [stream] = hass.data["stream"]["streams"]
        hls = stream.outputs()["hls"]
        await until(lambda: hls.last_sequence >= 1)
        await sim.reboot(downtime_s=7.5)
        assert state(hass, camera) == STATE_UNAVAILABLE, "the last picture is not taken for a new one"
        await until(lambda: sim.monitors == {(0, "Main"): 1})
        shown = hls.last_sequence
        await until(lambda: hls.last_sequence >= shown + 2)
        assert stream.outputs() == {"hls": hls}, "it is the same view"
        assert sim.monitors_started == {(0, "Main"): 2}
        assert "Error from stream worker" not in caplog.text
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_a_device_that_reports_is_connected_at_once(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    with patch("dvrip_proto.Keeper.nudge") as nudge:
        await async_follow(hass, [Found.of(report(serial="someone-else", port=sim.port))])
        assert not nudge.called
        await async_follow(hass, [Found.of(report(serial=sim.serial, host=sim.host, port=sim.port))])
        assert nudge.called
    await hass.config_entries.async_unload(entry.entry_id)
    await async_follow(hass, [Found.of(report(serial=sim.serial, host=sim.host, port=sim.port))])
