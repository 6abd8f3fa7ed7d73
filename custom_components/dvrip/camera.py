"""Cameras: one for each stream of each channel. Their video comes from the loopback relay."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any, override

from aiohttp import web
from homeassistant.components.camera import DOMAIN as CAMERA_DOMAIN
from homeassistant.components.camera import (
    Camera,
    CameraEntityDescription,
    CameraEntityFeature,
    async_get_still_stream,
)
from homeassistant.components.stream import DOMAIN as STREAM_DOMAIN
from homeassistant.components.stream.const import ATTR_STREAMS
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from dvrip_proto import control

from .const import CONF_STREAMS, MANUFACTURER, STREAMS
from .entity import DvripEntity
from .failure import translated
from .ptz import async_stored, async_stored_tour
from .runtime import DvripConfigEntry, DvripData
from .saving import async_allowed, write
from .shape import Place
from .streams import OUTAGE_S
from .together import once_a_channel

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class DvripCameraDescription(CameraEntityDescription):
    """One stream of a channel, under the device's own name for it."""

    stream: str
    on_recorders: bool = True


MOTION = control("motion_detection")
PRIVACY = control("privacy")

CAMERAS = (
    # A browser that shows many channels of a recorder at once cannot take their full pictures.
    DvripCameraDescription(key="main", translation_key="main", stream="Main", on_recorders=False),
    DvripCameraDescription(key="sub", translation_key="sub", stream="Extra1"),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: DvripConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the cameras of one device."""
    data = entry.runtime_data
    wanted = entry.options.get(CONF_STREAMS) or STREAMS
    if entry.options.get(CONF_STREAMS):
        _follow_choice(hass, entry, wanted)
    async_add_entities(
        DvripCamera(data, description, channel)
        for channel in data.session.present
        for description in CAMERAS
        if description.key in wanted
    )


@callback
def _follow_choice(hass: HomeAssistant, entry: DvripConfigEntry, wanted: Sequence[str]) -> None:
    """Show the streams that a person has chosen, and forget those that he has not."""
    registry = er.async_get(hass)
    for known in er.async_entries_for_config_entry(registry, entry.entry_id):
        if known.domain == CAMERA_DOMAIN and known.unique_id.rpartition("_")[2] not in wanted:
            registry.async_remove(known.entity_id)
        elif known.domain == CAMERA_DOMAIN and known.disabled_by is er.RegistryEntryDisabler.INTEGRATION:
            registry.async_update_entity(known.entity_id, disabled_by=None)


class DvripCamera(DvripEntity, Camera):
    """One stream of one channel."""

    entity_description: DvripCameraDescription

    def __init__(self, data: DvripData, description: DvripCameraDescription, channel: int) -> None:
        DvripEntity.__init__(self, data.session, description, channel)
        Camera.__init__(self)
        self._channel = channel
        self._streams = data.streams
        self.recordings = data.recordings
        self.running = data.running
        self._settings = data.settings
        picked = bool(self.session.config_entry.options.get(CONF_STREAMS))
        self._attr_entity_registry_enabled_default = (
            picked or description.on_recorders or not self.session.is_recorder
        )
        self._attr_brand = MANUFACTURER
        self._attr_model = self.session.identity.info.model or None

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self._settings.async_on_found(self._follow))

    @callback
    def _follow(self, places: list[Place]) -> None:
        """Keep up to date what the device has of these: a slow one tells it after the camera is here."""
        for row in (MOTION, PRIVACY):
            if (row.key, self._channel) in places:
                self.async_on_remove(self._settings.async_add_listener(self.async_write_ha_state, row.object))
                self.async_write_ha_state()

    @property
    def _has_privacy(self) -> bool:
        return (PRIVACY.key, self._channel) in self._settings.places

    @property
    @override
    def supported_features(self) -> CameraEntityFeature:
        on_off = CameraEntityFeature.ON_OFF if self._has_privacy else CameraEntityFeature(0)
        return CameraEntityFeature.STREAM | on_off

    @property
    @override
    def is_on(self) -> bool:
        return not self._settings.value(PRIVACY, self._channel)

    @override
    @translated
    async def async_turn_on(self) -> None:
        await self._settings.async_write(PRIVACY, self._channel, False)

    @override
    @translated
    async def async_turn_off(self) -> None:
        await self._settings.async_write(PRIVACY, self._channel, True)

    @property
    @override
    def motion_detection_enabled(self) -> bool:
        return bool(self._settings.value(MOTION, self._channel))

    @override
    @translated
    async def async_enable_motion_detection(self) -> None:
        await self._settings.async_write(MOTION, self._channel, True)

    @override
    @translated
    async def async_disable_motion_detection(self) -> None:
        await self._settings.async_write(MOTION, self._channel, False)

    @override
    @translated
    async def stream_source(self) -> str:
        return self._streams.url(self._channel, self.entity_description.stream)

    @override
    @translated
    async def async_camera_image(self, width: int | None = None, height: int | None = None) -> bytes:
        return await self._streams.stills.take(self._channel, self.entity_description.stream)

    @override
    async def handle_async_still_stream(self, request: web.Request, interval: float) -> web.StreamResponse:
        # What a browser gets that cannot show the video outlasts a device that is away, as video does.
        last: bytes | None = None
        came = monotonic()

        async def picture() -> bytes | None:
            nonlocal last, came
            try:
                last = await self.async_camera_image()
            except HomeAssistantError:
                return last if monotonic() - came < OUTAGE_S else None
            came = monotonic()
            return last

        return await async_get_still_stream(request, picture, self.content_type, interval)

    @override
    async def async_will_remove_from_hass(self) -> None:
        # Told to stop before its source ends, the stream's thread ends at once and without complaint.
        await asyncio.gather(
            self._stop_stream(),
            self._streams.async_close_hub(self._channel, self.entity_description.stream),
        )
        await super().async_will_remove_from_hass()

    async def _stop_stream(self) -> None:
        # Home Assistant leaves the stream of an entity that goes to itself: a preloaded one would never end,
        # and its list keeps each for good, with a decoder, this entity and all that the entity knows.
        if (stream := self.stream) is not None:
            self.stream = None
            stream.dynamic_stream_settings.preload_stream = False
            for output in stream.outputs().values():
                await stream.remove_provider(output)
            await stream.stop()
            with suppress(ValueError):
                self.hass.data[STREAM_DOMAIN][ATTR_STREAMS].remove(stream)

    @translated
    @once_a_channel
    async def async_ptz_move(self, direction: str, speed: int, duration: float) -> None:
        """Move for `duration` seconds, then stop."""
        ptz = self.session.device.ptz
        await ptz.move(direction, channel=self._channel, speed=speed, duration_s=duration)

    @translated
    @once_a_channel
    async def async_ptz_start(self, direction: str, speed: int) -> None:
        """Move until `async_ptz_stop`, or until the camera can go no further."""
        await self.session.device.ptz.start(direction, channel=self._channel, speed=speed)

    @translated
    @once_a_channel
    async def async_ptz_stop(self) -> None:
        """End any movement."""
        await self.session.device.ptz.stop(channel=self._channel)

    @translated
    @once_a_channel
    async def async_ptz_preset(self, preset: int | str, action: str) -> None:
        """Go to a stored position, store the present one, or forget it."""
        ptz = self.session.device.ptz
        if action == "set" and isinstance(preset, int):
            await ptz.set_preset(preset, channel=self._channel)
            return
        number = await async_stored(self.session, self._channel, preset)
        act = {"goto": ptz.goto_preset, "set": ptz.set_preset, "clear": ptz.clear_preset}[action]
        await act(number, channel=self._channel)

    @translated
    @once_a_channel
    async def async_ptz_tour(self, tour: int | str, action: str) -> None:
        """Go from position to position of a stored tour, or end whichever it is on."""
        ptz = self.session.device.ptz
        if action == "stop":
            await ptz.stop_tour(channel=self._channel)
            return
        number = await async_stored_tour(self.session, self._channel, tour)
        await ptz.start_tour(number, channel=self._channel)

    @translated
    @once_a_channel
    async def async_ptz_auxiliary(self, number: int, turn_on: bool) -> None:
        """Switch an output of the drive."""
        await self.session.device.ptz.auxiliary(number, on=turn_on, channel=self._channel)

    @translated
    @once_a_channel
    async def async_snapshot(self, filename: str) -> dict[str, Any]:
        """Save a picture of now."""
        path = await async_allowed(self.hass, filename)
        picture = await self._streams.stills.take(self._channel, self.entity_description.stream)
        await self.hass.async_add_executor_job(write, path, picture)
        return {"filename": filename, "bytes": len(picture)}
