"""Firmware from Home Assistant's folder: only what fits, only when asked, and seen to be there afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_component import async_update_entity
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.dvrip import options_flow
from dvrip_proto import UnsupportedError
from dvrip_proto.features.firmware.upgrade import Upgrade
from dvrip_proto.simulator import Simulator
from tests.device.firmware_file import NAME, write
from tests.homeassistant.world import PASSWORD, entity, entry_for, set_up, until


@pytest.fixture
async def camera(socket_enabled: None) -> AsyncIterator[Simulator]:
    """A camera that burns and restarts in a moment."""
    async with Simulator(users={"admin": PASSWORD}) as simulator:
        simulator._unit.upgrade.burn_s = 0.2
        simulator.downtime_s = 0.3
        yield simulator


@pytest.fixture
def folder(hass: HomeAssistant, tmp_path: Path) -> Path:
    hass.config.config_dir = str(tmp_path)
    files = tmp_path / "dvrip" / "firmware"
    files.mkdir(parents=True)
    return files


async def enabled_entity(hass: HomeAssistant, camera: Simulator) -> str:
    """The update entity, which a person has enabled."""
    entry = entry_for(camera)
    entry.add_to_hass(hass)
    registered = er.async_get(hass).async_get_or_create(
        "update", "dvrip", f"{camera.serial}_firmware", config_entry=entry, disabled_by=None
    )
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return registered.entity_id


async def test_without_a_file_there_is_nothing_to_do(hass: HomeAssistant, camera: Simulator) -> None:
    state = hass.states.get(await enabled_entity(hass, camera))
    assert state is not None
    assert state.state == "off"
    assert state.attributes["installed_version"] == state.attributes["latest_version"]
    assert state.attributes["installed_version"].startswith("V5.00.R02 (20")


async def test_what_is_not_there_has_no_notes_and_is_not_installed(
    hass: HomeAssistant, camera: Simulator, hass_ws_client: WebSocketGenerator
) -> None:
    update = await enabled_entity(hass, camera)
    socket = await hass_ws_client(hass)
    await socket.send_json_auto_id({"type": "update/release_notes", "entity_id": update})
    assert (await socket.receive_json())["result"] is None
    with pytest.raises(HomeAssistantError, match="No update available"):
        await hass.services.async_call("update", "install", {"entity_id": update}, blocking=True)


async def test_a_device_that_does_not_tell_what_it_takes_is_offered_nothing(
    hass: HomeAssistant, camera: Simulator, folder: Path
) -> None:
    write(folder)
    with patch.object(Upgrade, "info", side_effect=UnsupportedError("no such request")):
        state = hass.states.get(await enabled_entity(hass, camera))
    assert state is not None
    assert state.state == "off"


async def test_it_is_disabled_until_a_person_wants_it(hass: HomeAssistant, camera: Simulator) -> None:
    entry = entry_for(camera)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    registered = er.async_get(hass).async_get(
        er.async_get(hass).async_get_entity_id("update", "dvrip", f"{camera.serial}_firmware") or ""
    )
    assert registered is not None
    assert registered.disabled_by is er.RegistryEntryDisabler.INTEGRATION


async def test_only_the_newest_file_that_fits_is_offered(
    hass: HomeAssistant, camera: Simulator, folder: Path
) -> None:
    write(folder)
    write(folder, name=NAME.replace("20260102", "20250102"))
    write(folder, name=NAME.replace("20260102", "20260303"), Hardware="HI3516EV300_85H50AI")
    write(folder, name=NAME.replace("20260102", "20010303"))
    write(folder, name="nameless.bin")
    (folder / NAME.replace("20260102", "20260404")).write_bytes(b"PK\x03\x04 broken")
    (folder / "notes.txt").write_text("no firmware")
    state = hass.states.get(await enabled_entity(hass, camera))
    assert state is not None
    assert state.state == "on"
    assert state.attributes["latest_version"] == "V5.00.R02 (2026-01-02)"


async def test_it_is_installed_with_progress_and_seen_to_be_there(
    hass: HomeAssistant, camera: Simulator, folder: Path, hass_ws_client: WebSocketGenerator
) -> None:
    write(folder)
    update = await enabled_entity(hass, camera)
    socket = await hass_ws_client(hass)
    await socket.send_json_auto_id({"type": "update/release_notes", "entity_id": update})
    assert NAME in (await socket.receive_json())["result"]
    shown: list[Any] = []

    @callback
    def note(event: Event) -> None:
        if event.data["entity_id"] == update and event.data["new_state"] is not None:
            shown.append(event.data["new_state"].attributes["update_percentage"])

    hass.bus.async_listen("state_changed", note)
    await hass.services.async_call("update", "install", {"entity_id": update}, blocking=True)
    per_cent = [each for each in shown if each is not None]
    assert per_cent == sorted(per_cent)
    assert per_cent[0] == 0
    assert per_cent[-1] >= 90
    entry = hass.config_entries.async_entries("dvrip")[0]
    await until(lambda: entry.runtime_data.session.connected)
    await hass.async_block_till_done()
    await async_update_entity(hass, update)
    state = hass.states.get(update)
    assert state is not None
    assert state.state == "off"
    assert state.attributes["installed_version"] == "V5.00.R02 (2026-01-02)"
    assert state.attributes["in_progress"] is False


async def test_a_device_that_refuses_it_says_so_and_keeps_what_it_has(
    hass: HomeAssistant, camera: Simulator, folder: Path
) -> None:
    write(folder)
    update = await enabled_entity(hass, camera)
    before = hass.states.get(update).attributes["installed_version"]
    write(folder, images={"romfs-x.cramfs.img": b"other", "user-x.cramfs.img": b"than was checked"})
    with pytest.raises(HomeAssistantError):
        await hass.services.async_call("update", "install", {"entity_id": update}, blocking=True)
    state = hass.states.get(update)
    assert state.attributes["in_progress"] is False
    assert state.attributes["installed_version"] == before


async def test_nothing_is_installed_by_itself(hass: HomeAssistant, camera: Simulator, folder: Path) -> None:
    write(folder)
    update = await enabled_entity(hass, camera)
    for _ in range(3):
        await async_update_entity(hass, update)
        await asyncio.sleep(0.05)
    assert hass.states.get(update).state == "on"


async def _upload(hass: HomeAssistant, camera: Simulator, file: Path | None) -> Any:
    """What the options say of an uploaded file; None for one that was never uploaded."""
    (entry,) = hass.config_entries.async_entries("dvrip")
    form = await hass.config_entries.options.async_init(entry.entry_id)

    @contextmanager
    def uploaded(_hass: HomeAssistant, _file_id: str) -> Iterator[Path]:
        if file is None:
            raise ValueError("File does not exist")
        yield file

    with patch.object(options_flow, "process_uploaded_file", uploaded):
        wish = {"auto_off_s": 60, "firmware": "0123456789abcdef0123456789abcdef"}
        return await hass.config_entries.options.async_configure(form["flow_id"], wish)


async def test_an_uploaded_file_that_fits_is_offered(
    hass: HomeAssistant, camera: Simulator, folder: Path, tmp_path: Path
) -> None:
    update = await enabled_entity(hass, camera)
    done = await _upload(hass, camera, write(tmp_path))
    assert done["type"] == "create_entry"
    assert "firmware" not in done["data"]
    await hass.async_block_till_done()
    await async_update_entity(hass, update)
    assert hass.states.get(update).state == "on"


async def test_an_uploaded_file_is_offered_at_once_also_where_nothing_else_was_changed(
    hass: HomeAssistant, camera: Simulator, folder: Path, tmp_path: Path
) -> None:
    update = await enabled_entity(hass, camera)
    (entry,) = hass.config_entries.async_entries("dvrip")
    hass.config_entries.async_update_entry(entry, options={"auto_off_s": 60})
    await _upload(hass, camera, write(tmp_path))
    assert hass.states.get(update).state == "on"


async def test_an_uploaded_file_enables_the_update_unless_a_person_has_disabled_it(
    hass: HomeAssistant, camera: Simulator, folder: Path, tmp_path: Path
) -> None:
    await set_up(hass, entry_for(camera))
    registry = er.async_get(hass)
    update = entity(hass, f"{camera.serial}_firmware", "update")
    await _upload(hass, camera, write(tmp_path))
    assert registry.async_get(update).disabled_by is None
    registry.async_update_entity(update, disabled_by=er.RegistryEntryDisabler.USER)
    await hass.async_block_till_done()
    await _upload(hass, camera, write(tmp_path))
    assert registry.async_get(update).disabled_by is er.RegistryEntryDisabler.USER


@pytest.mark.parametrize(
    ("problem", "changes"),
    [
        ("firmware_misfits", {"Hardware": "HI3516EV300_85H50AI"}),
        ("firmware_unnamed", {"name": "nameless.bin"}),
        ("firmware_broken", {"text": b"no json"}),
        ("firmware_broken", None),
    ],
)
async def test_an_uploaded_file_that_does_not_is_refused_and_not_kept(
    hass: HomeAssistant,
    camera: Simulator,
    folder: Path,
    tmp_path: Path,
    problem: str,
    changes: dict[str, Any] | None,
) -> None:
    await enabled_entity(hass, camera)
    file = None if changes is None else write(tmp_path, **changes)
    refused = await _upload(hass, camera, file)
    assert refused["errors"] == {"firmware": problem}
    assert await asyncio.to_thread(lambda: list(folder.iterdir())) == []


async def test_a_file_for_a_device_that_is_away_is_not_judged(
    hass: HomeAssistant, camera: Simulator, folder: Path, tmp_path: Path
) -> None:
    await enabled_entity(hass, camera)
    (entry,) = hass.config_entries.async_entries("dvrip")
    await camera.stop()
    await until(lambda: not entry.runtime_data.session.connected)
    assert (await _upload(hass, camera, write(tmp_path)))["errors"] == {"firmware": "firmware_unchecked"}
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert (await _upload(hass, camera, write(tmp_path)))["errors"] == {"firmware": "firmware_unchecked"}
