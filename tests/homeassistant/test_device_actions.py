"""Actions on the configuration and the clock of a device: who may, what is told, what is not written."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import voluptuous as vol
from homeassistant.auth.models import User
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.dvrip.const import DOMAIN
from dvrip_proto import Device
from dvrip_proto.simulator import Simulator
from dvrip_proto.simulator.handlers import TABLE
from dvrip_proto.simulator.handlers.request import Request, reply
from dvrip_proto.wire.ids import MessageId
from tests.homeassistant.world import PASSWORD, entity, entry_for, set_up


async def act(hass: HomeAssistant, action: str, data: dict[str, Any], **how: Any) -> Any:
    how = {"return_response": action != "sync_time", **how}
    return await hass.services.async_call(DOMAIN, action, data, blocking=True, **how)


async def test_an_object_is_read_by_the_device_or_an_entity_of_it(
    hass: HomeAssistant, sim: Simulator
) -> None:
    entry = await set_up(hass, entry_for(sim))
    device_id = entry.runtime_data.session.device_id
    sim.state.config["NetWork.NetNTP"]["UpdatePeriod"] = 77
    for target in (
        {"device_id": device_id},
        {"entity_id": entity(hass, f"{sim.serial}_connected", "binary_sensor")},
    ):
        told = await act(hass, "get_config", {**target, "name": "NetWork.NetNTP"})
        assert set(told) == {device_id}
        assert told[device_id]["UpdatePeriod"] == 77


async def test_a_device_of_another_integration_in_the_target_is_passed_by(
    hass: HomeAssistant, sim: Simulator
) -> None:
    entry = await set_up(hass, entry_for(sim))
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    stranger = dr.async_get(hass).async_get_or_create(
        config_entry_id=other.entry_id, identifiers={("other", "1")}
    )
    ours = entry.runtime_data.session.device_id
    told = await act(hass, "get_config", {"device_id": [stranger.id, ours], "name": "NetWork.NetNTP"})
    assert set(told) == {ours}
    with pytest.raises(ServiceValidationError):
        await act(hass, "get_config", {"device_id": stranger.id, "name": "NetWork.NetNTP"})


async def test_one_channel_is_counted_from_one(hass: HomeAssistant, recorder: Simulator) -> None:
    entry = await set_up(hass, entry_for(recorder))
    device_id = entry.runtime_data.session.device_id
    recorder.state.config["Record"][1]["PreRecord"] = 23
    told = await act(hass, "get_config", {"device_id": device_id, "name": "Record", "channel": 2})
    assert told[device_id]["PreRecord"] == 23
    with pytest.raises(vol.Invalid):
        await act(hass, "get_config", {"device_id": device_id, "name": "Record", "channel": 0})


async def test_passwords_are_masked(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    sim.state.config["NetWork.NetFTP"]["Server"]["Password"] = "h1dden"
    told = await act(
        hass, "get_config", {"device_id": entry.runtime_data.session.device_id, "name": "NetWork.NetFTP"}
    )
    assert "h1dden" not in str(told)
    assert "Password" in str(told)


async def test_a_change_tells_what_differed(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    device_id = entry.runtime_data.session.device_id
    sim.state.config["NetWork.NetNTP"]["UpdatePeriod"] = 77
    wish = {"device_id": device_id, "name": "NetWork.NetNTP", "value": {"UpdatePeriod": 60}}
    looked = await act(hass, "set_config", {**wish, "dry_run": True})
    assert sim.state.config["NetWork.NetNTP"]["UpdatePeriod"] == 77
    assert (looked[device_id]["changed"], looked[device_id]["written"]) == (True, False)
    told = (await act(hass, "set_config", wish))[device_id]
    assert told["changes"] == [{"channel": None, "path": "UpdatePeriod", "before": 77, "after": 60}]
    assert (told["written"], told["verified"], told["reboot_needed"]) == (True, True, False)
    assert sim.state.config["NetWork.NetNTP"]["UpdatePeriod"] == 60
    again = (await act(hass, "set_config", wish))[device_id]
    assert (again["changed"], again["written"], again["changes"]) == (False, False, [])
    assert await act(hass, "set_config", wish, return_response=False) is None


async def test_what_would_end_the_connection_is_written_only_when_allowed(
    hass: HomeAssistant, sim: Simulator
) -> None:
    entry = await set_up(hass, entry_for(sim))
    device_id = entry.runtime_data.session.device_id
    port = sim.state.config["NetWork.NetCommon"]["TCPPort"]
    wish = {"device_id": device_id, "name": "NetWork.NetCommon", "value": {"TCPPort": port + 1}}
    with pytest.raises(ServiceValidationError, match="end the connection"):
        await act(hass, "set_config", wish)
    assert sim.state.config["NetWork.NetCommon"]["TCPPort"] == port
    looked = await act(hass, "set_config", {**wish, "dry_run": True})
    assert looked[device_id]["dangers"]


async def test_only_administrators_change_the_configuration(
    hass: HomeAssistant, sim: Simulator, hass_read_only_user: User
) -> None:
    entry = await set_up(hass, entry_for(sim))
    wish = {
        "device_id": entry.runtime_data.session.device_id,
        "name": "NetWork.NetNTP",
        "value": {"UpdatePeriod": 61},
    }
    with pytest.raises(Unauthorized):
        await act(hass, "set_config", wish, context=Context(user_id=hass_read_only_user.id))
    assert sim.state.config["NetWork.NetNTP"]["UpdatePeriod"] != 61


async def test_the_clock_is_set(hass: HomeAssistant, sim: Simulator) -> None:
    async with Device(sim.host, sim.port, password=PASSWORD) as device:
        await device.system.set_time(await device.system.local_time() + timedelta(minutes=10))
    entry = await set_up(hass, entry_for(sim))
    await act(hass, "sync_time", {"device_id": entry.runtime_data.session.device_id})
    async with Device(sim.host, sim.port, password=PASSWORD) as device:
        drift = await device.system.time() - await device.system.local_time()
    assert abs(drift) < timedelta(seconds=30)


async def test_a_device_that_is_away_keeps_no_other_clock_from_being_set(
    hass: HomeAssistant, sim: Simulator, recorder: Simulator
) -> None:
    """As by an automation once a week, of all devices of a house."""
    entries = [
        await set_up(hass, entry_for(one, entry_id=name)) for name, one in (("1", recorder), ("2", sim))
    ]
    async with Device(sim.host, sim.port, password=PASSWORD) as device:
        await device.system.set_time(await device.system.local_time() + timedelta(minutes=10))
        wish = {"device_id": [entry.runtime_data.session.device_id for entry in entries]}
        await hass.config_entries.async_unload("1")
        with pytest.raises(ServiceValidationError, match="not set up"):
            await act(hass, "sync_time", wish)
        drift = await device.system.time() - await device.system.local_time()
    assert abs(drift) < timedelta(seconds=30)


async def test_what_a_device_does_not_have_is_told(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    with pytest.raises(HomeAssistantError, match="cannot do this"):
        await act(hass, "get_config", {"device_id": entry.runtime_data.session.device_id, "name": "No.Such"})


async def test_a_device_that_is_not_there_is_told(hass: HomeAssistant, sim: Simulator) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(ServiceValidationError, match="None of the targets"):
        await act(hass, "sync_time", {"device_id": "nobody"})
    hass.states.async_set("light.foreign", "on")
    with pytest.raises(ServiceValidationError, match="None of the targets"):
        await act(hass, "sync_time", {"entity_id": "light.foreign"})
    entry = await set_up(hass, entry_for(sim))
    device_id = entry.runtime_data.session.device_id
    await hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(ServiceValidationError, match="not set up"):
        await act(hass, "sync_time", {"device_id": device_id})
    with pytest.raises(vol.Invalid):
        await act(hass, "sync_time", {})


async def test_nothing_is_written_to_any_device_while_one_would_be_in_danger(
    hass: HomeAssistant, sim: Simulator, recorder: Simulator
) -> None:
    recorder.state.config["NetWork.NetCommon"]["TCPMaxConn"] = 0  # there it is no change, so no danger
    before = recorder.state.config["NetWork.NetCommon"]["HostName"]
    entries = [
        await set_up(hass, entry_for(one, entry_id=name)) for name, one in (("1", recorder), ("2", sim))
    ]
    wish = {
        "device_id": [entry.runtime_data.session.device_id for entry in entries],
        "name": "NetWork.NetCommon",
        "value": {"HostName": "Elsewhere", "TCPMaxConn": 0},
    }
    with pytest.raises(ServiceValidationError):
        await act(hass, "set_config", wish)
    assert recorder.state.config["NetWork.NetCommon"]["HostName"] == before


async def test_a_refusal_tells_which_devices_were_written_before_it(
    hass: HomeAssistant, sim: Simulator, recorder: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = [
        await set_up(hass, entry_for(one, entry_id=name)) for name, one in (("1", recorder), ("2", sim))
    ]
    answers = [TABLE[MessageId.CONFIG_SET]]

    def taken_once(request: Request) -> Any:
        return answers.pop()(request) if answers else reply(103, request.name)

    monkeypatch.setitem(TABLE, MessageId.CONFIG_SET, taken_once)
    wish = {
        "device_id": [entry.runtime_data.session.device_id for entry in entries],
        "name": "General.General",
        "value": {"LocalNo": 21},
    }
    with pytest.raises(HomeAssistantError, match="Only a part of it is written") as told:
        await act(hass, "set_config", wish)
    first = entries[0].runtime_data.session.name
    assert str(told.value).endswith(f"; written: General.General ({first})")
    assert recorder.state.config["General.General"]["LocalNo"] == 21
    wish["value"] = {"LocalNo": 22}
    wish["device_id"] = entries[1].runtime_data.session.device_id
    with pytest.raises(HomeAssistantError, match="The device refused"):
        await act(hass, "set_config", wish)
