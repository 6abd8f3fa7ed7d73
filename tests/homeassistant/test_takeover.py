"""A neighbour who claims to be a camera: nobody signs in there by himself, and no entry goes there unasked."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from unittest.mock import patch

import pytest
import pytest_socket
from homeassistant.components.repairs import repairs_flow_manager
from homeassistant.config_entries import SOURCE_DHCP, SOURCE_USER, ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.dvrip import moves
from custom_components.dvrip.const import DOMAIN, SCAN_INTERVAL
from dvrip_proto.simulator import Simulator
from tests import hostile
from tests.homeassistant.world import PASSWORD, Air, entry_for, report, set_up, until

HOME, AWAY, THIEF = "127.0.0.5", "127.0.0.6", "127.0.0.66"
MAC = "02:00:00:00:00:66"


class Thief:
    """Takes any password at his address, and writes down what he is sent."""

    def __init__(self, serial: str) -> None:
        self.serial = serial
        self.heard = b""
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = hostile.Link(reader, writer)
        try:
            while True:
                request = await link.receive()
                self.heard += request.body
                await link.reply(request, SystemInfo={"SerialNo": self.serial, "VideoInChannel": 1})
        except (EOFError, OSError):
            pass
        finally:
            writer.close()

    @property
    def captured(self) -> bool:
        return b"PassWord" in self.heard


@pytest.fixture(autouse=True)
def street(socket_enabled: None) -> None:
    """More than one address of the loopback network can be reached."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", HOME, AWAY, THIEF])


@pytest.fixture
async def camera(street: None) -> AsyncIterator[Simulator]:
    async with Simulator(bind=HOME, users={"admin": PASSWORD}) as device:
        yield device


@pytest.fixture
async def thief(camera: Simulator) -> AsyncIterator[Thief]:
    thief = Thief(camera.serial)
    server = await asyncio.start_server(thief.serve, THIEF, 0)
    thief.port = server.sockets[0].getsockname()[1]
    yield thief
    server.close()
    await server.wait_closed()


async def scan(hass: HomeAssistant, air: Air) -> None:
    """Let a quarter of an hour pass, and Home Assistant weigh what it heard."""
    asked = len(air.probes)
    scan.passed = getattr(scan, "passed", 0) + 1
    async_fire_time_changed(hass, dt_util.utcnow() + scan.passed * (SCAN_INTERVAL + timedelta(seconds=1)))
    await until(lambda: len(air.probes) > asked)
    for _ in range(20):
        await asyncio.sleep(0.01)
        await hass.async_block_till_done()


def questions(hass: HomeAssistant) -> list[ir.IssueEntry]:
    return [
        issue
        for (domain, _), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN and issue.active and issue.translation_key == "new_address"
    ]


async def gone(hass: HomeAssistant, entry: MockConfigEntry, camera: Simulator) -> None:
    """The camera is switched off."""
    await camera.stop()
    await until(lambda: not entry.runtime_data.session.connected)


def stayed(entry: MockConfigEntry, camera: Simulator) -> bool:
    return (entry.data[CONF_HOST], entry.data[CONF_PORT]) == (HOME, camera.port)


async def test_while_a_camera_reboots_a_thief_with_another_mac_is_asked_about(
    hass, camera, air, thief
) -> None:
    entry = await set_up(hass, entry_for(camera))
    await gone(hass, entry, camera)
    air.devices = [report(camera.serial, host=THIEF, port=thief.port, mac=MAC)]
    await scan(hass, air)
    assert stayed(entry, camera)
    assert not thief.captured
    [question] = questions(hass)
    assert question.translation_placeholders == {
        "name": "Gate",
        "old": f"{HOME}:{camera.port}",
        "new": f"{THIEF}:{thief.port}",
    }
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_the_camera_s_own_report_in_the_same_scan_is_a_conflict_that_is_told_once(
    hass, camera, air, thief, caplog
) -> None:
    entry = await set_up(hass, entry_for(camera))
    await gone(hass, entry, camera)
    theirs = report(camera.serial, host=THIEF, port=thief.port, mac=camera.state.mac)
    for order in (1, -1, 1):
        air.devices = [report(camera.serial, host=HOME, port=camera.port, mac=camera.state.mac), theirs][
            ::order
        ]
        await scan(hass, air)
    assert stayed(entry, camera)
    assert not thief.captured
    assert not questions(hass)
    told = [record for record in caplog.records if "several hosts claim" in record.message]
    assert [record.levelno for record in told] == [logging.WARNING]
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_two_thieves_move_nothing(hass, camera, air, thief) -> None:
    entry = await set_up(hass, entry_for(camera))
    await gone(hass, entry, camera)
    air.devices = [
        report(camera.serial, host=host, port=thief.port, mac=camera.state.mac)
        for host in (THIEF, "127.0.0.67")
    ]
    await scan(hass, air)
    assert stayed(entry, camera)
    assert not thief.captured
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_a_camera_that_is_connected_has_not_moved(hass, camera, air, thief) -> None:
    entry = await set_up(hass, entry_for(camera))
    air.devices = [report(camera.serial, host=THIEF, port=thief.port, mac=camera.state.mac)]
    await scan(hass, air)
    assert stayed(entry, camera)
    assert not thief.captured
    await until(lambda: entry.runtime_data.session.connected)


async def test_during_a_reload_nobody_takes_the_place(hass, camera, air, thief) -> None:
    entry = await set_up(hass, entry_for(camera))
    air.devices = [report(camera.serial, host=THIEF, port=thief.port, mac=camera.state.mac)]
    reloading = asyncio.create_task(hass.config_entries.async_reload(entry.entry_id))
    await scan(hass, air)
    assert await reloading
    assert stayed(entry, camera)
    assert not thief.captured


async def test_at_start_up_a_thief_is_asked_about(hass, camera, air, thief) -> None:
    """Nothing is known of the device yet, and it is away."""
    await camera.stop()
    air.devices = [report(camera.serial, host=THIEF, port=thief.port, mac=camera.state.mac)]
    entry = await set_up(hass, entry_for(camera))
    assert entry.state is ConfigEntryState.SETUP_RETRY
    await scan(hass, air)
    assert stayed(entry, camera)
    assert not thief.captured
    assert len(questions(hass)) == 1


async def test_a_refused_password_sends_nobody_elsewhere(hass, camera, air, thief) -> None:
    """The old address answers, with another password: a thief there would want to be left for."""
    entry = await set_up(hass, entry_for(camera, data={CONF_PASSWORD: "old"}))
    air.devices = [report(camera.serial, host=THIEF, port=thief.port, mac=camera.state.mac)]
    await scan(hass, air)
    assert stayed(entry, camera)
    assert not thief.captured


@pytest.mark.parametrize("change", [{"mac": ""}, {"mac": MAC}, {"channels": 8}, {"device_type": 1}])
async def test_what_does_not_fit_is_asked_about(hass, camera, air, thief, change) -> None:
    entry = await set_up(hass, entry_for(camera))
    air.devices = [report(camera.serial, host=HOME, port=camera.port, mac=camera.state.mac)]
    await scan(hass, air)
    await gone(hass, entry, camera)
    claim = {"host": THIEF, "port": thief.port, "mac": camera.state.mac} | change
    air.devices = [report(camera.serial, **claim)]
    await scan(hass, air)
    assert stayed(entry, camera)
    assert not thief.captured
    assert len(questions(hass)) == 1
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_another_network_is_asked_about(hass, camera, air) -> None:
    entry = await set_up(hass, entry_for(camera))
    await gone(hass, entry, camera)
    air.devices = [report(camera.serial, host="203.0.113.9", mac=camera.state.mac)]
    await scan(hass, air)
    assert stayed(entry, camera)
    await until(lambda: len(questions(hass)) == 1)
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_a_neighbour_with_another_mac_than_he_claims_is_asked_about(
    hass, camera, air, thief, tmp_path
) -> None:
    table = tmp_path / "arp"
    table.write_text(
        "IP address       HW type     Flags       HW address            Mask     Device\n"
        f"{THIEF}      0x1         0x2         {MAC}     *        eth0\n"
    )
    entry = await set_up(hass, entry_for(camera))
    await gone(hass, entry, camera)
    air.devices = [report(camera.serial, host=THIEF, port=thief.port, mac=camera.state.mac)]
    with patch.object(moves, "_ARP", table):
        await scan(hass, air)
    assert stayed(entry, camera)
    assert not thief.captured
    assert len(questions(hass)) == 1
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_a_true_move_is_followed_within_one_scan(hass, camera, air) -> None:
    entry = await set_up(hass, entry_for(camera))
    await gone(hass, entry, camera)
    async with Simulator(bind=AWAY, users={"admin": PASSWORD}, serial=camera.serial) as moved:
        assert moved.state.mac == camera.state.mac
        air.devices = [report(moved.serial, host=AWAY, port=moved.port, mac=moved.state.mac)]
        await scan(hass, air)
        await until(lambda: moved.sessions == 1)
        assert (entry.data[CONF_HOST], entry.data[CONF_PORT]) == (AWAY, moved.port)
        assert not questions(hass)
        await hass.async_block_till_done()
        assert await hass.config_entries.async_unload(entry.entry_id)


async def test_a_person_s_yes_moves_the_entry(hass, camera, air) -> None:
    assert await async_setup_component(hass, "repairs", {})
    entry = await set_up(hass, entry_for(camera))
    await gone(hass, entry, camera)
    async with Simulator(bind=AWAY, users={"admin": PASSWORD}, serial=camera.serial) as moved:
        air.devices = [report(moved.serial, host=AWAY, port=moved.port, mac=MAC)]
        await scan(hass, air)
        assert moved.sessions == 0
        [question] = questions(hass)
        flows = repairs_flow_manager(hass)
        form = await flows.async_init(DOMAIN, data={"issue_id": question.issue_id})
        assert form["type"] is FlowResultType.FORM
        assert form["description_placeholders"]["new"] == f"{AWAY}:{moved.port}"
        result = await flows.async_configure(form["flow_id"], {})
        assert result["type"] is FlowResultType.CREATE_ENTRY
        await until(lambda: moved.sessions == 1)
        assert entry.data[CONF_HOST] == AWAY
        assert not questions(hass)
        await hass.async_block_till_done()
        assert await hass.config_entries.async_unload(entry.entry_id)


async def test_adding_a_device_with_a_known_serial_asks_first(hass, camera, air, thief) -> None:
    """A person signs in there himself: the account he types is his to give, the entry is not moved by it."""
    entry = await set_up(hass, entry_for(camera))
    flow = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    typed = {CONF_HOST: THIEF, CONF_PORT: thief.port, CONF_USERNAME: "admin", CONF_PASSWORD: "typed"}
    asked = await hass.config_entries.flow.async_configure(flow["flow_id"], typed)
    assert asked["type"] is FlowResultType.FORM
    assert asked["step_id"] == "known_device"
    assert asked["description_placeholders"]["old"] == f"{HOME}:{camera.port}"
    assert asked["description_placeholders"]["new"] == f"{THIEF}:{thief.port}"
    assert stayed(entry, camera)
    assert entry.data[CONF_PASSWORD] == PASSWORD


async def test_adding_a_known_device_at_its_new_address_moves_it_after_a_yes(hass, camera) -> None:
    entry = entry_for(camera, data={CONF_HOST: AWAY, CONF_PORT: 1})
    entry.add_to_hass(hass)
    flow = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    typed = {CONF_HOST: HOME, CONF_PORT: camera.port, CONF_USERNAME: "admin", CONF_PASSWORD: PASSWORD}
    asked = await hass.config_entries.flow.async_configure(flow["flow_id"], typed)
    done = await hass.config_entries.flow.async_configure(asked["flow_id"], {})
    await hass.async_block_till_done()
    assert done["reason"] == "reconfigure_successful"
    assert stayed(entry, camera)
    assert entry.state is ConfigEntryState.LOADED


async def test_an_address_given_by_dhcp_is_weighed_as_a_report_is(hass, camera, air, thief) -> None:
    entry = await set_up(hass, entry_for(camera))
    await gone(hass, entry, camera)
    told = DhcpServiceInfo(ip=THIEF, hostname="gate", macaddress=camera.state.mac.replace(":", ""))
    air.devices = [report(camera.serial, host=THIEF, port=thief.port, mac=MAC)]
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_DHCP}, data=told)
    assert result["reason"] == "already_configured"
    assert air.probes[-1] == ("0.0.0.0", (THIEF,))
    assert stayed(entry, camera)
    assert not thief.captured
    assert len(questions(hass)) == 1
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_another_device_at_the_address_is_told_with_both_identities_and_not_tried_again(
    hass, camera, socket_enabled
) -> None:
    async with Simulator(bind=HOME, users={"admin": PASSWORD}, serial="0badc0de0badc0de") as other:
        entry = await set_up(hass, entry_for(camera, data={CONF_PORT: other.port}))
        assert entry.state is ConfigEntryState.SETUP_ERROR
        assert "0badc0de0badc0de" in str(entry.reason)
        assert camera.serial in str(entry.reason)
        logins = sum(name == "Login" or number == 1000 for number, name, _ in other.requests)
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(hours=1))
        await hass.async_block_till_done()
        assert sum(name == "Login" or number == 1000 for number, name, _ in other.requests) == logins == 1


async def test_a_device_that_is_exchanged_while_it_is_away_ends_the_attempts(hass, camera) -> None:
    entry = await set_up(hass, entry_for(camera))
    port = camera.port
    await gone(hass, entry, camera)
    async with Simulator(bind=HOME, port=port, users={"admin": PASSWORD}, serial="0badc0de0badc0de"):
        await until(lambda: entry.state is ConfigEntryState.SETUP_ERROR)
        assert "0badc0de0badc0de" in str(entry.reason)
