from __future__ import annotations

import json

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_config_entry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from dvrip_proto import sofia_hash
from dvrip_proto.simulator import Simulator
from tests.homeassistant.world import PASSWORD, entry_for, set_up, until


async def test_diagnostics_help_and_give_nothing_away(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await async_setup_component(hass, "diagnostics", {})
    # What some firmware tells beside the rest, in its own spelling.
    for place, told in (
        ("WlanMac", "9c:a3:a9:12:34:56"),
        ("DeviceID", "cloud-4728"),
        ("SerialNumber", "sn-1"),
    ):
        monkeypatch.setitem(sim.state.profile.data["system_info"], place, told)
    entry = await set_up(hass, entry_for(sim))
    said = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert {"WlanMac", "DeviceID", "SerialNumber"} <= said["system_info"].keys()
    assert not [told for told in ("9c:a3:a9", "cloud-4728", "sn-1") if told in json.dumps(said)]
    assert said["connected"] is True
    assert said["armed"] is True
    assert said["system_info"]["SoftWareVersion"]
    assert said["functions"]["AlarmFunction"]
    assert said["settings"]["motion_detection 1"] is sim.state.config["Detect.MotionDetect"][0]["Enable"]
    assert said["settings"]["motion_sensitivity 1"] == sim.state.config["Detect.MotionDetect"][0]["Level"]
    assert not [key for key in said["settings"] if "name" in key]
    assert said["channels"] == {"1": {"kind": "analog", "state": "connected"}}
    assert said["connections"] == []
    text = json.dumps(said)
    mac = entry.runtime_data.session.identity.mac
    for secret in (PASSWORD, sofia_hash(PASSWORD), sim.serial, sim.host, mac, mac.upper(), "rtsp://"):
        assert secret not in text


async def test_diagnostics_count_channels_from_1(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, recorder: Simulator
) -> None:
    assert await async_setup_component(hass, "diagnostics", {})
    entry = await set_up(hass, entry_for(recorder))
    recorder.raise_alarm(2, "VideoMotion")
    recorder.raise_alarm(0, "NetAbort")
    await until(lambda: len(entry.runtime_data.alarms.active) == 2)
    entry.runtime_data.streams.hub(3, "Main")
    async with entry.runtime_data.session.monitor(1, "Main"):
        said = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert said["alarms"] == ["MOTION 3", "NETWORK"]
    assert set(said["streams"]) == {"4/Main"}
    assert said["connections"] == ["channel 2 Main"]
    assert set(said["channels"]) == {"1", "2", "3", "4"}


async def test_diagnostics_of_a_lost_device(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, sim: Simulator
) -> None:
    assert await async_setup_component(hass, "diagnostics", {})
    entry = await set_up(hass, entry_for(sim))
    sim.drop_connections()
    await until(lambda: not entry.runtime_data.session.connected)
    said = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert said["connected"] is False
    assert said["last_error"].startswith("TransportError: HOST:")
