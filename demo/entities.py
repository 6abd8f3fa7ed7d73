"""What Home Assistant made of the devices: completes the discovered flows, finds the entities."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from .devices import USER, Simulated
from .hass_client import HassClient
from .progress import DemoError, require
from .stage import Secrets


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One channel of a device as Home Assistant shows it: entity ids by what they are."""

    device: Simulated
    channel: int
    name: str
    device_id: str
    cameras: dict[str, str]
    motion: str

    @property
    def video(self) -> str:
        """What the simulator shows there."""
        return self.device.model.videos[self.channel]

    @property
    def shown(self) -> str:
        """The camera for the dashboard: the main one, unless it is off or H.265, which few browsers play."""
        playable = "main" in self.cameras and not self.video.startswith("scene:h265")
        return self.cameras["main" if playable else "sub"]

    def stream(self, entity_id: str) -> str:
        """The simulator's name for what `entity_id` shows."""
        return f"{self.channel}/{'Main' if self.cameras.get('main') == entity_id else 'Extra1'}"


async def discovered(
    hass: HassClient, devices: list[Simulated], *, timeout_s: float = 30.0
) -> dict[str, str]:
    """Flow of each device by its serial number, once discovery has started them all. Errors: DemoError."""
    wanted = {device.serial for device in devices}
    deadline = asyncio.get_running_loop().time() + timeout_s
    while True:
        found = {
            flow["context"]["unique_id"]: flow["flow_id"]
            for flow in await hass.command("config_entries/flow/progress")
            if flow["handler"] == "dvrip" and flow["context"]["source"] == "integration_discovery"
        }
        if wanted <= found.keys():
            return {serial: found[serial] for serial in wanted}
        missing = ", ".join(sorted(wanted - found.keys()))
        if asyncio.get_running_loop().time() > deadline:
            raise DemoError(
                f"discovery did not find {missing} within {timeout_s:.0f} s; it found {sorted(found)}"
            )
        await asyncio.sleep(0.25)


async def confirm(hass: HassClient, flow_id: str, secrets: Secrets) -> str:
    """Answer a discovered flow with the credentials, as a person does; returns the id of the new entry."""
    answer = await hass.post(
        f"/api/config/config_entries/flow/{flow_id}", {"username": USER, "password": secrets.device}
    )
    require(
        answer["type"] == "create_entry", f"the flow ended in {answer['type']} {answer.get('errors') or ''}"
    )
    return str(answer["result"]["entry_id"])


async def rename(hass: HassClient, view: View, name: str) -> None:
    """Give the device behind `view` a name, as a person does after adding it."""
    await hass.command("config/device_registry/update", device_id=view.device_id, name_by_user=name)


async def entry_ids(hass: HassClient) -> list[str]:
    """Ids of the integration's entries."""
    return [entry["entry_id"] for entry in await hass.command("config_entries/get", domain="dvrip")]


async def views(hass: HassClient, devices: list[Simulated], *, timeout_s: float = 30.0) -> list[View]:
    """Every channel, once all its entities are there and available."""
    deadline = asyncio.get_running_loop().time() + timeout_s
    while True:
        found = await _views(hass, devices)
        states = await hass.states()
        missing = [
            entity
            for view in found
            for entity in (*view.cameras.values(), view.motion)
            if states.get(entity, {"state": "unavailable"})["state"] == "unavailable"
        ]
        wanted = sum(device.model.channels for device in devices)
        if len(found) == wanted and not missing:
            return found
        if asyncio.get_running_loop().time() > deadline:
            raise DemoError(
                f"{len(found)} of {wanted} channels after {timeout_s:.0f} s; not available: {missing}"
            )
        await asyncio.sleep(0.25)


async def _views(hass: HassClient, devices: list[Simulated]) -> list[View]:
    entries = await hass.command("config/entity_registry/list")
    registry = {entry["id"]: entry for entry in await hass.command("config/device_registry/list")}
    by_unique_id = {entry["unique_id"]: entry for entry in entries if entry["platform"] == "dvrip"}
    return [
        view
        for device in devices
        for channel in range(device.model.channels)
        if (view := _view(device, channel, by_unique_id, registry)) is not None
    ]


def _view(
    device: Simulated, channel: int, entries: dict[str, dict[str, Any]], registry: dict[str, dict[str, Any]]
) -> View | None:
    place = f"{device.serial}_{channel}"
    cameras = {
        stream: entry["entity_id"]
        for stream in ("main", "sub")
        if (entry := entries.get(f"{place}_{stream}")) and not entry["disabled_by"]
    }
    motion = entries.get(f"{place}_motion")
    if not cameras or motion is None:
        return None
    owner = registry[motion["device_id"]]
    return View(
        device=device,
        channel=channel,
        device_id=owner["id"],
        name=owner["name_by_user"] or owner["name"],
        cameras=cameras,
        motion=motion["entity_id"],
    )
