"""No secret of a device is anywhere but where Home Assistant keeps an entry and where a person puts it.

Devices with recognisable secrets are driven through everything at debug level; then all that came out is searched.
"""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from homeassistant.components import media_source
from homeassistant.components.camera import async_get_image, async_get_stream_source
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_config_entry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.dvrip import settings as settings_module
from custom_components.dvrip.const import DOMAIN
from dvrip_proto import sofia_hash
from dvrip_proto.simulator import Simulator
from tests.homeassistant.world import PASSWORD, entity, entry_for, set_up, until

# Where a device keeps something secret: object, path in it, the secret.
PLANTED = (
    ("NetWork.Wifi", ("Keys",), "wifi-key-4711"),
    ("NetWork.NetEmail", ("MailServer", "Password"), "mail-4712"),
    ("NetWork.NetFTP", ("Server", "Password"), "ftp-4713"),
    ("NetWork.NetDDNS", (0, "Server", "Password"), "ddns-4714"),
    ("NetWork.NetPPPoE", ("Server", "Password"), "pppoe-4715"),
    ("NetWork.NetNTP", ("Server", "Password"), "ntp-4716"),
    ("NetWork.RTSP", ("Server", "Password"), "rtsp-4717"),
    ("NetWork.DAS", ("Password",), "das-4718"),
    ("NetWork.AlarmServer", (0, "Server", "Password"), "centre-4719"),
    ("NetWork.RemoteDeviceV3", (0, "Decoder", 0, "PassWord"), "camera-4720"),
    ("NetWork.RemoteDeviceV3", (0, "Decoder", 0, "MainRtspUrl"), "rtsp://admin:url-4721@192.0.2.1/1"),
    ("General.PwdSafety", ("PwdReset", 0, "QuestionAnswer"), "answer-4722"),
    ("System.ExUserMap", ("User", 0, "Password"), "other-user-4723"),
    ("NetWork.Vendor", ("AuthToken",), "token-4724"),
)
WRONG, WRITTEN, MISFIT = "wrong-4725", "written-4726", "m" * 300 + "-4727"
FOUND = {PASSWORD, sofia_hash(PASSWORD), WRONG, sofia_hash(WRONG), WRITTEN, MISFIT[-40:]} | {
    secret for _, _, secret in PLANTED
}


def plant(sim: Simulator) -> None:
    """Give a device the secrets that it has a place for."""
    sim.state.config["NetWork.Vendor"] = {"AuthToken": ""}
    for name, path, secret in PLANTED:
        here: Any = sim.state.config.get(name)
        if here:
            for part in path[:-1]:
                here = here[part]
            here[path[-1]] = secret


def secrets_in(text: str) -> list[str]:
    """What of the secrets is in a text, also as base64."""
    return [
        secret
        for secret in FOUND
        if secret in text or base64.b64encode(secret.encode()).decode().rstrip("=") in text
    ]


async def asked(hass: HomeAssistant, action: str, data: dict[str, Any]) -> str:
    """Answer or error of an action, as text."""
    try:
        answer = await hass.services.async_call(
            DOMAIN, action, data, blocking=True, return_response=action not in ("sync_time", "ptz_move")
        )
    except HomeAssistantError as error:
        return f"{error!r} {error} {error.translation_placeholders}"
    return repr(answer)


async def acted(hass: HomeAssistant, entry: MockConfigEntry, sim: Simulator) -> Iterator[tuple[str, str]]:
    """What the actions say: every object read, secrets written, taken or not."""
    device = {"device_id": entry.runtime_data.session.device_id}
    said = [(name, await asked(hass, "get_config", {**device, "name": name})) for name in sim.state.config]
    for value, how in ((WRITTEN, {"dry_run": True}), (WRITTEN, {}), (MISFIT, {})):
        for name, patch in (
            ("NetWork.NetEmail", {"MailServer": {"Password": value}}),
            ("NetWork.NetFTP", {"Server": {"Password": value}}),
            ("NetWork.Vendor", {"AuthToken": value}),
        ):
            patched = {**device, "name": name, "value": patch, "allow_disconnect": True, **how}
            said.append((f"set {name}", await asked(hass, "set_config", patched)))
    said.append(("sync_time", await asked(hass, "sync_time", device)))
    camera = entity(hass, f"{sim.serial}_0_sub", "camera")
    span = {"entity_id": camera, "start": "2020-01-01 00:00:00", "end": "2099-01-01 00:00:00"}
    said.append(("search", await asked(hass, "search_recordings", span)))
    said.append(("url", await async_get_stream_source(hass, camera)))
    assert (await async_get_image(hass, camera)).content
    return iter(said)


async def played(hass: HomeAssistant, client: Any) -> str:
    """Go down the media browser and play what is there; everything that it says."""
    said, place = [], "media-source://dvrip"
    while True:
        here = await media_source.async_browse_media(hass, place)
        said.append(str(here.as_dict()))
        if not here.children:
            return " ".join(said)
        # A recording of motion is short.
        child = next((each for each in here.children if each.title == "Motion"), here.children[0])
        place = child.media_content_id
        if child.can_play:
            url = (await media_source.async_resolve_media(hass, place, None)).url
            async with client.get(url) as answer:
                assert answer.status == 200
                await answer.read()
            return " ".join([*said, url])


async def hurt(
    hass: HomeAssistant, entry: MockConfigEntry, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """Losses, an error that nobody expected, wrong passwords; what people are shown."""
    data = entry.runtime_data
    shown = [repr(data), repr(data.session), repr(data.session.device), repr(data.settings), repr(entry)]
    with monkeypatch.context() as broken:
        broken.setattr(settings_module, "present", lambda *_trees, **_more: 1 / 0)
        data.settings._present.clear()
        await data.settings.async_refresh()
    sim.drop_connections()
    await until(lambda: not data.session.connected)
    shown.append(repr(data.session.last_error))
    await until(lambda: data.session.connected)
    sim.state.accounts.users["admin"]["Password"] = sofia_hash("of somebody else")
    sim.drop_connections()
    await until(lambda: bool(hass.config_entries.flow.async_progress_by_handler(DOMAIN)))
    flow = hass.config_entries.flow.async_progress_by_handler(DOMAIN)[0]
    for password in (WRONG, PASSWORD):
        flow = await hass.config_entries.flow.async_configure(
            flow["flow_id"], {"username": "admin", "password": password}
        )
        shown.append(str({key: value for key, value in flow.items() if key != "context"}))
        sim.state.accounts.users["admin"]["Password"] = sofia_hash(PASSWORD)
    assert flow["reason"] == "reauth_successful"
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    return shown


def kept(hass: HomeAssistant, hass_storage: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """States, registries, stores and files."""
    yield "states", json.dumps([state.as_dict() for state in hass.states.async_all()], default=str)
    yield "devices", str([device.dict_repr for device in dr.async_get(hass).devices])
    yield "entities", str([each.extended_dict for each in er.async_get(hass).entities.values()])
    yield "repairs", str(list(ir.async_get(hass).issues.values()))
    for name, stored in hass_storage.items():
        if name != "core.config_entries":
            yield f"store {name}", str(stored)
    for path in Path(hass.config.config_dir).rglob("*"):
        if path.is_file():
            yield str(path), path.read_bytes().decode("latin-1")


@pytest.mark.parametrize("profile", ["ipc", "nvr"])
async def test_no_secret_comes_out_anywhere(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hass_storage: dict[str, Any],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    profile: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    hass.config.config_dir = str(tmp_path)
    for component in ("diagnostics", "media_source", "system_health"):
        assert await async_setup_component(hass, component, {})
    async with Simulator(profile=profile, users={"admin": PASSWORD}) as sim:
        plant(sim)
        now = sim.state.clock.now().replace(microsecond=0)  # else "today" may have a long recording only
        sim.archive.add(0, now - timedelta(seconds=12), now - timedelta(seconds=2), event="M")
        entry = await set_up(hass, entry_for(sim))
        said = dict(await acted(hass, entry, sim))
        said["media"] = await played(hass, await hass_client())
        said["diagnostics"] = str(await get_diagnostics_for_config_entry(hass, hass_client, entry))
        said["shown"] = " ".join(await hurt(hass, entry, sim, monkeypatch))
        said |= dict(kept(hass, hass_storage))
        with suppress(StopIteration):
            assert await hass.config_entries.async_unload(entry.entry_id)
    # What a person writes with an action is an event of Home Assistant's core, which it logs itself.
    said["log"] = "\n".join(
        record.getMessage() + (record.exc_text or "")
        for record in caplog.records
        if record.name != "homeassistant.core"
    )
    assert "ZeroDivisionError" in caplog.text
    assert MISFIT in str(sim.state.config)  # the device has what was written
    assert {place: found for place, text in said.items() if (found := secrets_in(text))} == {}
