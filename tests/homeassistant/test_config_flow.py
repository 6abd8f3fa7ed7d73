from __future__ import annotations

import socket
from typing import Any
from unittest.mock import Mock, patch

import pytest
from homeassistant.config_entries import SOURCE_IGNORE, SOURCE_USER, ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.selector import SelectSelector
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.dvrip import config_flow
from custom_components.dvrip.address import parse_address
from custom_components.dvrip.const import CONF_AUTO_OFF, CONF_NO_PASSWORD, DOMAIN
from dvrip_proto import UsageError
from dvrip_proto.simulator import Simulator
from tests import hostile
from tests.homeassistant.world import PASSWORD, Air, entry_for, report, set_up


def typed(host: str, port: int, password: str = PASSWORD, username: str = "admin") -> dict[str, Any]:
    return {CONF_HOST: host, CONF_PORT: port, CONF_USERNAME: username, CONF_PASSWORD: password}


async def start(hass: HomeAssistant) -> dict[str, Any]:
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "user"
    assert result["errors"] == {}
    return result


async def fill(hass: HomeAssistant, flow: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], values)
    await hass.async_block_till_done()
    return result


def suggested(result: dict[str, Any]) -> dict[str, Any]:
    return {str(key): (key.description or {}).get("suggested_value") for key in result["data_schema"].schema}


async def test_a_device_is_added_by_address(hass: HomeAssistant, sim: Simulator) -> None:
    flow = await start(hass)
    result = await fill(hass, flow, typed(sim.host, sim.port))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == typed(sim.host, sim.port)
    assert result["result"].unique_id == sim.serial
    assert result["title"]
    assert result["result"].state is ConfigEntryState.LOADED


@pytest.mark.parametrize(
    ("profile", "title", "hostname", "expected"),
    [
        ("ipc", "Front door", "camera_743c", "Front door"),
        ("ipc", "CAM01", "camera_743c", "camera_743c"),
        ("ipc", "Channel 1", "LocalHost", "50X50-WG"),
        ("hi3516", "", "", "HI3516EV100_50H20L_S38"),
        ("nvr", "Gate", "Shop", "Shop"),
        ("nvr", "Gate", "LocalHost", "NBD8008R-U"),
    ],
)
async def test_the_name_is_one_that_somebody_gave(
    hass: HomeAssistant, profile: str, title: str, hostname: str, expected: str
) -> None:
    async with Simulator(profile=profile, users={"admin": PASSWORD}) as sim:
        sim.state.config["ChannelTitle"][0] = title
        sim.state.config["NetWork.NetCommon"]["HostName"] = hostname
        result = await fill(hass, await start(hass), typed(sim.host, sim.port))
        assert result["title"] == expected
        await hass.config_entries.async_unload(result["result"].entry_id)


async def test_an_empty_password_is_a_password(hass: HomeAssistant) -> None:
    async with Simulator(profile="ipc", users={"admin": ""}) as sim:
        flow = await start(hass)
        values = typed(sim.host, sim.port)
        del values[CONF_PASSWORD]
        result = await fill(hass, flow, values)
        assert result["type"] is FlowResultType.CREATE_ENTRY
        assert result["data"][CONF_PASSWORD] == ""
        await hass.config_entries.async_unload(result["result"].entry_id)


async def recovers(hass: HomeAssistant, flow: dict[str, Any], sim: Simulator) -> None:
    result = await fill(hass, flow, typed(sim.host, sim.port))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_wrong_password_says_so_and_keeps_what_was_typed(hass: HomeAssistant, sim: Simulator) -> None:
    flow = await start(hass)
    result = await fill(hass, flow, typed(sim.host, sim.port, "Pa55"))
    assert result["errors"] == {"base": "invalid_auth"}
    assert suggested(result) == typed(sim.host, sim.port, "Pa55")
    assert f"{sim.host}:{sim.port}" in result["description_placeholders"]["error"]
    assert "Pa55" not in str(result["description_placeholders"])
    await recovers(hass, flow, sim)


async def test_an_unknown_user_is_told_to_wait(hass: HomeAssistant, sim: Simulator) -> None:
    flow = await start(hass)
    result = await fill(hass, flow, typed(sim.host, sim.port, username="nobody"))
    assert result["errors"] == {"base": "account_locked"}
    await recovers(hass, flow, sim)


async def test_a_closed_port(hass: HomeAssistant, sim: Simulator) -> None:
    flow = await start(hass)
    with hostile.refused_port() as port:
        result = await fill(hass, flow, typed(hostile.HOST, port))
    assert result["errors"] == {"base": "cannot_connect"}
    await recovers(hass, flow, sim)


async def test_a_name_that_does_not_resolve(
    hass: HomeAssistant, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = await start(hass)
    failed = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    monkeypatch.setattr(socket, "getaddrinfo", Mock(side_effect=failed))
    result = await fill(hass, flow, typed("no-such-camera", 34567))
    assert result["errors"] == {"base": "cannot_connect"}
    assert "no-such-camera:34567: " in result["description_placeholders"]["error"]
    monkeypatch.undo()
    await recovers(hass, flow, sim)


async def test_a_device_that_is_too_slow_altogether(
    hass: HomeAssistant, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = await start(hass)
    monkeypatch.setattr(config_flow, "LOGIN_TIMEOUT_S", 0.3)
    async with hostile.silent() as (host, port):
        result = await fill(hass, flow, typed(host, port))
    assert result["errors"] == {"base": "timeout"}
    assert host in result["description_placeholders"]["error"]
    monkeypatch.undo()
    await recovers(hass, flow, sim)


@pytest.mark.parametrize(
    ("peer", "key"),
    [
        (hostile.http(), "not_dvrip"),
        (hostile.garbage(), "not_dvrip"),
        (hostile.huge(), "not_dvrip"),
        (hostile.encrypted(), "unsupported_encryption"),
        (hostile.closes_at_once(), "cannot_connect"),
        (hostile.closes_mid_reply(), "cannot_connect"),
        (hostile.closes_after_login(), "cannot_connect"),
        (hostile.resets(), "cannot_connect"),
        (hostile.stalls_mid_reply(), "timeout"),
        (hostile.answers_login_only(), "timeout"),
        (hostile.unreachable(), "timeout"),
        (hostile.refuses_login(203), "invalid_auth"),
        (hostile.refuses_login(106), "invalid_auth"),
        (hostile.refuses_login(205), "account_locked"),
        (hostile.refuses_login(206), "address_blocked"),
        (hostile.refuses_login(104), "account_in_use"),
        (hostile.refuses_login(207), "account_in_use"),
        (hostile.refuses_login(107), "no_permission"),
        (hostile.refuses_login(101), "invalid_auth"),
        (hostile.refuses_login(102), "unsupported_encryption"),
        (hostile.refuses_login(502), "refused"),
    ],
)
async def test_every_cause_has_its_own_text(
    hass: HomeAssistant, sim: Simulator, peer: Any, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = await start(hass)
    monkeypatch.setattr(config_flow, "REQUEST_TIMEOUT_S", 0.5)
    async with peer as (host, port):
        result = await fill(hass, flow, typed(host, port))
    assert result["errors"] == {"base": key}
    assert result["description_placeholders"]["error"].startswith(f"{host}:{port}: ")
    assert PASSWORD not in result["description_placeholders"]["error"]
    monkeypatch.undo()
    await recovers(hass, flow, sim)


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (UsageError("1.2.3.4: not a host"), "invalid_value"),
        (RuntimeError("a bug"), "unknown"),
    ],
)
@pytest.mark.no_fail_on_log_exception
async def test_what_no_device_does(hass: HomeAssistant, sim: Simulator, error: Exception, key: str) -> None:
    flow = await start(hass)
    with patch.object(config_flow, "identify", side_effect=error):
        result = await fill(hass, flow, typed(sim.host, sim.port))
    assert result["errors"] == {"base": key}
    assert result["description_placeholders"]["error"] in (str(error), type(error).__name__)
    await recovers(hass, flow, sim)


async def test_a_device_is_added_once(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    result = await fill(hass, await start(hass), typed(sim.host, sim.port))
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
    assert hass.config_entries.async_entries(DOMAIN) == [entry]


async def test_adding_a_known_device_again_takes_its_new_address(hass: HomeAssistant, sim: Simulator) -> None:
    entry = entry_for(sim, data={CONF_PORT: 1})
    entry.add_to_hass(hass)
    result = await fill(hass, await start(hass), typed(sim.host, sim.port))
    assert result["reason"] == "already_configured"
    assert entry.data[CONF_PORT] == sim.port


async def test_a_device_that_was_ignored_is_added_by_address_all_the_same(
    hass: HomeAssistant, sim: Simulator
) -> None:
    MockConfigEntry(domain=DOMAIN, unique_id=sim.serial, source=SOURCE_IGNORE).add_to_hass(hass)
    result = await fill(hass, await start(hass), typed(sim.host, sim.port))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert (entry.source, entry.state, entry.data[CONF_HOST]) == (
        SOURCE_USER,
        ConfigEntryState.LOADED,
        sim.host,
    )


async def test_devices_that_report_are_offered(hass: HomeAssistant, sim: Simulator, air: Air) -> None:
    air.devices = [
        report(sim.serial, port=sim.port),
        report("0123456789abcdef", host="127.0.0.9", hostname="Yard"),
    ]
    flow = await start(hass)
    selector = flow["data_schema"].schema[CONF_HOST]
    assert isinstance(selector, SelectSelector)
    assert [option["value"] for option in selector.config["options"]] == [
        f"127.0.0.1:{sim.port}",
        "127.0.0.9",
    ]
    assert selector.config["custom_value"] is True
    assert flow["description_placeholders"]["count"] == "2"
    result = await fill(hass, flow, typed(f"127.0.0.1:{sim.port}", 34567))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == typed("127.0.0.1", sim.port)


async def test_devices_that_are_set_up_are_not_offered(hass: HomeAssistant, sim: Simulator, air: Air) -> None:
    await set_up(hass, entry_for(sim))
    air.devices = [report(sim.serial, port=sim.port)]
    flow = await start(hass)
    assert flow["description_placeholders"]["count"] == "0"


async def test_reauth(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim, data={CONF_PASSWORD: "old"}))
    assert entry.state is ConfigEntryState.SETUP_ERROR
    flow = hass.config_entries.flow.async_progress_by_handler(DOMAIN)[0]
    assert flow["step_id"] == "reauth_confirm"
    logins = len(sim.requests)

    result = await fill(hass, flow, {CONF_USERNAME: "admin", CONF_PASSWORD: "still wrong"})
    assert result["errors"] == {"base": "invalid_auth"}
    assert len(sim.requests) == logins + 1

    result = await fill(hass, flow, {CONF_USERNAME: "admin", CONF_PASSWORD: PASSWORD})
    assert result["reason"] == "reauth_successful"
    assert entry.data == typed(sim.host, sim.port)
    assert entry.state is ConfigEntryState.LOADED


async def test_reauth_never_moves_an_entry_to_another_device(
    hass: HomeAssistant, sim: Simulator, recorder: Simulator
) -> None:
    entry = entry_for(sim, data={CONF_PORT: recorder.port})
    entry.add_to_hass(hass)
    flow = await entry.start_reauth_flow(hass)
    result = await fill(hass, flow, {CONF_USERNAME: "admin", CONF_PASSWORD: PASSWORD})
    assert result["reason"] == "wrong_device"


async def test_reconfigure(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim, data={CONF_HOST: "127.0.0.1", CONF_PORT: 1}))
    assert entry.state is ConfigEntryState.SETUP_RETRY
    flow = await entry.start_reconfigure_flow(hass)
    assert suggested(flow) == {**typed("127.0.0.1", 1), CONF_PASSWORD: None, CONF_NO_PASSWORD: None}

    result = await fill(hass, flow, typed(sim.host, sim.port, "wrong"))
    assert result["errors"] == {"base": "invalid_auth"}

    result = await fill(hass, flow, typed(sim.host, sim.port, ""))
    assert result["reason"] == "reconfigure_successful"
    assert entry.data == typed(sim.host, sim.port)
    assert entry.state is ConfigEntryState.LOADED


async def test_reconfigure_refuses_another_device(
    hass: HomeAssistant, sim: Simulator, recorder: Simulator
) -> None:
    entry = await set_up(hass, entry_for(sim))
    flow = await entry.start_reconfigure_flow(hass)
    result = await fill(hass, flow, typed(recorder.host, recorder.port))
    assert result["reason"] == "wrong_device"
    assert entry.data[CONF_PORT] == sim.port


async def test_options_are_kept_and_reload_the_entry(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    before = entry.runtime_data
    flow = await hass.config_entries.options.async_init(entry.entry_id)
    assert flow["type"] is FlowResultType.FORM
    await hass.config_entries.options.async_configure(flow["flow_id"], {CONF_AUTO_OFF: 30})
    await hass.async_block_till_done()
    assert entry.options == {CONF_AUTO_OFF: 30}
    assert entry.runtime_data is not before


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("192.168.1.10", "192.168.1.10", None),
        ("  192.168.1.10 ", "192.168.1.10", None),
        ("192.168.1.10:34568", "192.168.1.10", 34568),
        ("http://192.168.1.10/", "192.168.1.10", None),
        ("http://192.168.1.10:80/index.htm", "192.168.1.10", None),
        ("https://admin:secret@camera.lan/", "camera.lan", None),
        ("rtsp://admin:secret@camera.lan:554/user=admin&password=x", "camera.lan", None),
        ("dvrip://admin@camera.lan:34599/?channel=0", "camera.lan", 34599),
        ("camera.lan/", "camera.lan", None),
        ("fe80::1", "fe80::1", None),
        ("[fe80::1]", "fe80::1", None),
        ("[fe80::1]:34567", "fe80::1", 34567),
        ("http://[fe80::1]:80/", "fe80::1", None),
        ("camera.lan:99999", "camera.lan", None),
        ("camera.lan:", "camera.lan:", None),
    ],
)
def test_an_address_is_read_as_people_paste_it(text: str, host: str, port: int | None) -> None:
    assert parse_address(text) == (host, port)


@pytest.mark.parametrize("written", ["http://{host}:80/", "{host}:{port}", " dvrip://{host}:{port} "])
async def test_a_pasted_address_signs_in(hass: HomeAssistant, sim: Simulator, written: str) -> None:
    text = written.format(host=sim.host, port=sim.port)
    result = await fill(hass, await start(hass), typed(text, sim.port))
    assert result["data"][CONF_HOST] == sim.host
    assert result["data"][CONF_PORT] == sim.port


async def test_reconfigure_can_take_the_password_away(hass: HomeAssistant) -> None:
    async with Simulator(profile="ipc", users={"admin": ""}) as sim:
        entry = await set_up(hass, entry_for(sim, data={CONF_PASSWORD: "old"}))
        flow = await entry.start_reconfigure_flow(hass)
        values = {**typed(sim.host, sim.port, ""), CONF_NO_PASSWORD: True}
        result = await fill(hass, flow, values)
        assert result["reason"] == "reconfigure_successful"
        assert entry.data[CONF_PASSWORD] == ""
        assert CONF_NO_PASSWORD not in entry.data
        await hass.config_entries.async_unload(entry.entry_id)


async def test_two_devices_of_one_model_have_two_names(hass: HomeAssistant) -> None:
    names = []
    for _ in range(2):
        async with Simulator(profile="nvr", channels=2, users={"admin": PASSWORD}) as sim:
            sim.state.config["NetWork.NetCommon"]["HostName"] = "LocalHost"
            result = await fill(hass, await start(hass), typed(sim.host, sim.port))
            names.append(result["title"])
            assert result["title"] in ("NBD8008R-U", f"NBD8008R-U {sim.serial[-4:]}")
            channels = [device.name for device in dr.async_get(hass).devices if device.via_device_id]
            assert len(set(channels)) == len(channels)
            assert any(name.startswith(result["title"]) for name in channels)
            await hass.config_entries.async_unload(result["result"].entry_id)
    assert len(set(names)) == 2


async def test_the_card_of_reauth_and_reconfigure_names_device_and_address(
    hass: HomeAssistant, sim: Simulator
) -> None:
    entry = await set_up(hass, entry_for(sim))
    await entry.start_reauth_flow(hass)
    await entry.start_reconfigure_flow(hass)
    for flow in hass.config_entries.flow.async_progress_by_handler(DOMAIN):
        assert flow["context"]["title_placeholders"] == {"name": "Gate", "host": sim.host}
