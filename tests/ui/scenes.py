"""What an owner looks at, one function a scene: each brings it about and has it photographed."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import av
import numpy as np
import yaml

from demo.pictures import MOVING
from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.wire.digest import sofia_hash
from tests.device import firmware_file
from tests.ui.look import Look

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "home-assistant.md"
SENTENCE = (
    "Somebody is standing at the front door. Please wait for a moment: I am coming down to open it for you."
)
CHANNELS = 16
_BURN_S = 25.0
_LOUD = 500  # of 32767


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The simulated devices, and the page that shows them."""

    camera: Simulator
    yard: Simulator
    recorder: Simulator
    new: Simulator
    look: Look

    @property
    def page(self) -> Any:
        """The page in the browser."""
        return self.look.page

    async def entity(self, sim: Simulator, key: str) -> str:
        """Entity id of what a device has."""
        return await self.look.here.entity(f"{sim.serial}_{key}")


async def discovery(house: House) -> None:
    """A device that nobody has added, its dialog, and what a person fills in to add one by hand."""
    card = house.page.locator("ha-config-flow-card").filter(has_text=f"({house.new.host})")
    await house.look.at("discovery", "/config/integrations/dashboard", f"({house.new.host})")
    await card.get_by_text("Add", exact=True).click()
    await house.look.there("discovery-dialog", "reported on the network")


async def devices(house: House) -> None:
    """Pages of a camera, a recorder and one of its channels."""
    for name, title in (
        ("camera", "Living room"),
        ("recorder", "NBD8008R-U"),
        ("channel", "NBD8008R-U CAM01"),
    ):
        await house.look.at(f"device-{name}", await house.look.here.device_page(title), "Controls", tall=3)


async def security(house: House) -> None:
    """Home Assistant's own page of everything that watches, with sixteen channels and ten connections."""
    await house.look.open("/config/dashboard")
    await house.look.dashboard("/security", "ui.panel.lovelace.strategy.security.devices")
    await house.look.wait("Devices")
    await house.page.wait_for_timeout(15_000)
    await house.look.there("security", tall=3)


async def live(house: House) -> None:
    """Live views in the camera's own dialog."""
    await _live(house, "live-h264", await house.entity(house.camera, "0_main"), "video")
    await _live(house, "live-h265", await house.entity(house.yard, "0_main"), "ha-camera-stream img, video")
    await _live(house, "live-h265-sub", await house.entity(house.yard, "0_sub"), "video")


async def _live(house: House, name: str, entity_id: str, player: str) -> None:
    await house.look.open("/config/integrations/dashboard")
    await house.look.wait("DVRIP")
    await house.look.dialog(entity_id)
    await _moves(house, player)
    await house.look.there(name)
    await _moves(house, player)


async def _moves(house: House, player: str) -> None:
    """Wait until two looks at a player differ."""
    shown = house.page.locator(player).first
    await shown.wait_for()
    async with asyncio.timeout(60):
        before = _grey(await shown.screenshot())
        while True:
            await house.page.wait_for_timeout(1000)
            now = _grey(await shown.screenshot())
            if now.shape == before.shape and float(np.abs(now - before).mean()) > MOVING:
                return
            before = now


def _grey(picture: bytes) -> np.ndarray:
    with av.open(io.BytesIO(picture), "r", format="png_pipe") as file:
        return next(file.decode(video=0)).reformat(format="gray").to_ndarray().astype(np.int16)


async def card(house: House) -> None:
    """The card of the documentation that moves a camera, as it stands there."""
    blocks = re.findall(
        r"```yaml\n(type: picture-elements\n.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL
    )
    shown = yaml.safe_load(
        blocks[0].replace("camera.gate_sub_stream", await house.entity(house.camera, "0_sub"))
    )
    hass = house.look.here.hass
    await hass.command("lovelace/dashboards/create", url_path="moving-it", title="Gate", mode="storage")
    view = {"title": "Gate", "cards": [shown]}
    await hass.command("lovelace/config/save", url_path="moving-it", config={"views": [view]})
    await house.look.open("/moving-it")
    await _moves(house, "video")
    await house.page.locator("hui-icon-element").first.click()
    await house.look.there("ptz-card")
    assert house.camera.ptz[0].history, "the camera was not asked to move"


async def recording(house: House) -> None:
    """From the list of devices down to a recording that plays."""
    await house.look.at(
        "media-devices", "/media-browser/browser/app%2Cmedia-source%3A%2F%2Fdvrip", "Living room"
    )
    await house.look.click("Living room")
    await house.page.get_by_text(re.compile(r"^\s*20\d\d-\d\d-\d\d\s*$")).locator("visible=true").last.click()
    await house.look.there("media-day", "Motion")
    await house.look.click("All")
    clip = re.compile(r"^\s*\d\d:\d\d:\d\d [a-z]")
    await house.page.get_by_text(clip).locator("visible=true").first.wait_for()
    await house.page.wait_for_timeout(5000)
    await house.look.there("media-recordings")
    await house.page.get_by_text(clip).locator("visible=true").first.click()
    await _moves(house, "video")
    await house.look.there("media-playing")
    await _moves(house, "video")


async def speaker(house: House) -> None:
    """The speaker says a sentence that was typed into the media browser; what the device heard becomes a file."""
    speaker_id = await house.entity(house.camera, "speaker")
    await house.look.open("/config/integrations/dashboard")
    await house.look.wait("DVRIP")
    before = len(house.camera.heard())
    saying = asyncio.create_task(
        house.look.here.hass.action(
            "media_player.play_media",
            entity_id=speaker_id,
            media_content_id=f"media-source://tts/voice?message={quote_plus(SENTENCE)}&language=en",
            media_content_type="music",
        )
    )
    try:
        await house.look.here.until(speaker_id, {"playing"})
        await house.look.dialog(speaker_id)
        await house.look.there("speaker")
    finally:
        await saying
    heard = house.camera.heard()
    assert len(heard) > before
    assert loud_s(heard) > 1.0
    if house.look.folder is not None:
        (house.look.folder / "speaker-heard.wav").write_bytes(heard)


def loud_s(sound: bytes) -> float:
    """Seconds of a WAV file in which there is something to hear, counted in fiftieths."""
    with av.open(io.BytesIO(sound), "r") as file:
        rate = file.streams.audio[0].rate
        samples = np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)])
    pieces = samples[: len(samples) // (rate // 50) * (rate // 50)].reshape(-1, rate // 50)
    return float((np.abs(pieces.astype(np.int32)).max(axis=1) > _LOUD).sum() / 50)


async def update(house: House) -> None:
    """Firmware offered, and being installed."""
    here = house.look.here
    folder = here.folder / "config" / "dvrip" / "firmware"
    folder.mkdir(parents=True)
    firmware_file.write(folder)
    entity_id = await house.entity(house.camera, "firmware")
    await here.hass.command("config/entity_registry/update", entity_id=entity_id, disabled_by=None)
    for entry in await here.hass.command("config_entries/get", domain="dvrip"):
        if entry["title"] == "Living room":
            await here.hass.post(f"/api/config/config_entries/entry/{entry['entry_id']}/reload")
    await here.until(entity_id, {"on"})
    await house.look.open("/config/integrations/dashboard")
    await house.look.wait("DVRIP")
    await house.look.dialog(entity_id)
    await house.look.there("update-offered")
    house.camera._unit.upgrade.burn_s = _BURN_S
    installing = asyncio.create_task(
        here.hass.command(
            "call_service", domain="update", service="install", target={"entity_id": entity_id}, timeout_s=120
        )
    )
    async with asyncio.timeout(60):
        while ((await here.hass.states())[entity_id]["attributes"].get("update_percentage") or 0) < 50:
            await house.page.wait_for_timeout(200)
    await house.look.there("update-progress")
    await installing


async def repairs(house: House) -> None:
    """What Home Assistant offers to mend."""
    await house.look.at("repairs", "/config/repairs", "No motion is reported")
    await house.look.click("No motion is reported")
    await house.look.there("repair-dialog", "Turn on both?")


async def options(house: House) -> None:
    """The options of a device."""
    await house.look.open("/config/integrations/integration/dvrip")
    await house.look.there("entries", "Living room")
    entry = house.page.locator("ha-config-entry-row").filter(has_text="NBD8008R-U").first
    await entry.locator("ha-icon-button").filter(has=house.page.locator("ha-svg-icon")).nth(1).click()
    await house.look.there("options", "Submit", tall=2)


async def reauth(house: House) -> None:
    """A password that the device no longer takes."""
    camera = house.camera
    camera.state.users["admin"]["Password"] = sofia_hash("another")
    camera.drop_connections()
    await house.look.here.until_refused()
    await house.look.at("reauth", "/config/integrations/dashboard", f"({camera.host})")
    asked = house.page.locator("ha-config-flow-card").filter(has_text=f"({camera.host})")
    await asked.locator("ha-button").first.click()
    await house.look.there("reauth-dialog", "Home Assistant has stopped trying")


async def no_alarms(house: House) -> None:
    """A device that sends its alarms to nobody."""
    house.camera.quirks = Quirks(guard_ret=107)
    house.camera.drop_connections()
    await house.look.at("no-alarms", "/config/repairs", "sends no alarms")
    await house.look.click("sends no alarms")
    await house.look.there("no-alarms-dialog", "does not agree to send alarms")
    house.camera.quirks = Quirks()


async def replaced(house: House) -> None:
    """Another camera of the model stands where one broke."""
    async with Simulator(bind="127.0.0.205", users={"admin": "admin"}) as spare:
        await house.look.open("/config/integrations/integration/dvrip")
        entry = house.page.locator("ha-config-entry-row").filter(has_text="Living room").first
        await entry.locator("ha-icon-button").filter(has=house.page.locator("ha-svg-icon")).nth(2).click()
        await house.look.click("Reconfigure")
        await house.look.there("reconfigure", "Submit")
        await house.page.locator("input[name=host]").fill(spare.host)
        await house.page.locator("input[type=number]").fill(str(spare.port))
        await house.look.click("Submit")
        await house.look.there("replaced", "is not Living room")


type Scene = Callable[[House], Awaitable[None]]
# The last ones change what the earlier ones show.
SCENES: tuple[Scene, ...] = (
    discovery,
    devices,
    security,
    live,
    card,
    recording,
    speaker,
    repairs,
    options,
    update,
    no_alarms,
    replaced,
    reauth,
)
