"""Speaker: what a camera can say. Speech, sounds and announcements, one after the other."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final, override

from aiohttp import ClientError
from homeassistant.components import media_source, tts
from homeassistant.components.media_player import (
    ATTR_MEDIA_ANNOUNCE,
    ATTR_MEDIA_ENQUEUE,
    ATTR_MEDIA_EXTRA,
    BrowseMedia,
    MediaPlayerDeviceClass,
    MediaPlayerEnqueue,
    MediaPlayerEntity,
    MediaPlayerEntityDescription,
    MediaPlayerEntityFeature,
    MediaPlayerState,
    MediaType,
    async_process_play_media_url,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from yarl import URL

from dvrip_proto import UsageError, control

from .const import DOMAIN
from .entity import DvripEntity
from .failure import translated
from .runtime import DvripConfigEntry, DvripData
from .saving import async_allowed, read

PARALLEL_UPDATES = 0

SOUND_MAX_BYTES: Final = 32 * 1024 * 1024
FETCH_TIMEOUT_S: Final = 30.0

SPEAKER = MediaPlayerEntityDescription(
    key="speaker", translation_key="speaker", device_class=MediaPlayerDeviceClass.SPEAKER
)
VOLUME = control("speaker_volume")
_SPEECH: Final = f"{media_source.URI_SCHEME}{tts.DOMAIN}/"
_BEHIND = (MediaPlayerEnqueue.ADD, MediaPlayerEnqueue.NEXT)


async def async_setup_entry(
    hass: HomeAssistant, entry: DvripConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the loudspeaker of one device, where it has one."""
    if entry.runtime_data.session.can_talk:
        async_add_entities([DvripSpeaker(entry.runtime_data)])


class DvripSpeaker(DvripEntity, MediaPlayerEntity):
    """The loudspeaker of a device. The device says one thing at a time, whoever sent it."""

    _attr_supported_features = (
        MediaPlayerEntityFeature.BROWSE_MEDIA
        | MediaPlayerEntityFeature.MEDIA_ANNOUNCE
        | MediaPlayerEntityFeature.MEDIA_ENQUEUE
        | MediaPlayerEntityFeature.PLAY_MEDIA
        | MediaPlayerEntityFeature.STOP
        | MediaPlayerEntityFeature.VOLUME_SET
        | MediaPlayerEntityFeature.VOLUME_STEP
    )
    _attr_media_content_type = MediaType.MUSIC

    def __init__(self, data: DvripData) -> None:
        super().__init__(data.session, SPEAKER)
        self._settings = data.settings
        self._own_volume = 1.0
        self._turn = asyncio.Lock()
        self._saying: set[asyncio.Task[float]] = set()
        self._attr_state = MediaPlayerState.IDLE

    @property
    @override
    def volume_level(self) -> float:
        told = self._told_volume()
        return self._own_volume if told is None else told / 100

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        # Being listened to, the object with the volume is kept up to date.
        self.async_on_remove(self._settings.async_add_listener(self.async_write_ha_state, VOLUME.object))

    @override
    async def async_will_remove_from_hass(self) -> None:
        await self.async_media_stop()
        await super().async_will_remove_from_hass()

    @override
    @translated
    async def async_play_media(
        self, media_type: MediaType | str, media_id: str, announce: bool | None = None, **kwargs: Any
    ) -> None:
        sound = await self._sound(media_id)
        enqueue = kwargs.get(ATTR_MEDIA_ENQUEUE)
        if not (announce or kwargs.get(ATTR_MEDIA_ANNOUNCE) or enqueue in _BEHIND):
            await self.async_media_stop()
        await self._in_turn(sound, _title(media_id, kwargs.get(ATTR_MEDIA_EXTRA) or {}))

    @translated
    async def async_talk(self, file: str | None = None, media_content_id: str | None = None) -> None:
        """Say a file of Home Assistant's own machine, or a medium, after what is being said."""
        if file is None:
            sound, title = await self._sound(str(media_content_id)), _title(str(media_content_id), {})
        else:
            path = await async_allowed(self.hass, file)
            sound, title = await self.hass.async_add_executor_job(read, path, SOUND_MAX_BYTES), path.name
        await self._in_turn(sound, title)

    async def _in_turn(self, sound: bytes, title: str | None) -> None:
        saying = self.hass.async_create_task(self._say(sound, title), f"{self.entity_id} speaks")
        self._saying.add(saying)
        try:
            await asyncio.wait([saying])
        finally:
            saying.cancel()  # where this action itself was ended
            self._saying.discard(saying)
        if not saying.cancelled():
            saying.result()

    @override
    async def async_media_stop(self) -> None:
        """Fall silent, and forget what waits for its turn."""
        saying = tuple(self._saying)
        for task in saying:
            task.cancel()
        await asyncio.gather(*saying, return_exceptions=True)

    @override
    @translated
    async def async_set_volume_level(self, volume: float) -> None:
        if self._told_volume() is None:
            self._own_volume = volume
        else:
            await self._settings.async_write(VOLUME, 0, round(volume * 100))
        self.async_write_ha_state()

    @override
    async def async_browse_media(
        self, media_content_type: MediaType | str | None = None, media_content_id: str | None = None
    ) -> BrowseMedia:
        return await media_source.async_browse_media(
            self.hass,
            media_content_id,
            content_filter=lambda item: item.media_content_type.startswith("audio/"),
        )

    def _told_volume(self) -> int | None:
        """Volume that the device itself is set to; None where it has no such setting."""
        told = self._settings.value(VOLUME, 0)
        return told if isinstance(told, int) else None

    async def _say(self, sound: bytes, title: str | None) -> float:
        async with self._turn:
            self._attr_state, self._attr_media_title = MediaPlayerState.PLAYING, title
            self.async_write_ha_state()
            volume = 100 if self._told_volume() is not None else round(self._own_volume * 100)
            try:
                return await self.session.device.talk.say(sound, volume=max(volume, 1))
            finally:
                self._attr_state, self._attr_media_title = MediaPlayerState.IDLE, None
                self.async_write_ha_state()

    async def _sound(self, media_id: str) -> bytes:
        """Content of a sound. UsageError for more than `SOUND_MAX_BYTES`."""
        path = None
        if media_source.is_media_source_id(media_id):
            if media_id.startswith(_SPEECH) and tts.DOMAIN in self.hass.config.components:
                return (await tts.async_get_media_source_audio(self.hass, media_id))[1]
            item = await media_source.async_resolve_media(self.hass, media_id, self.entity_id)
            media_id, path = item.url, item.path
        if path is not None:
            return await self.hass.async_add_executor_job(read, path, SOUND_MAX_BYTES)
        try:
            url = async_process_play_media_url(self.hass, media_id or " ")
            async with (
                asyncio.timeout(FETCH_TIMEOUT_S),
                async_get_clientsession(self.hass).get(url, raise_for_status=True) as answer,
            ):
                sound = await answer.content.read(SOUND_MAX_BYTES + 1)
                while len(sound) <= SOUND_MAX_BYTES and (more := await answer.content.read(65536)):
                    sound += more
        except (ClientError, TimeoutError, ValueError) as error:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="sound_not_found",
                translation_placeholders={"name": self.told_as},
            ) from error
        if len(sound) > SOUND_MAX_BYTES:
            raise UsageError(f"the sound has more than {SOUND_MAX_BYTES} bytes")
        return sound


def _title(media_id: str, extra: Mapping[str, Any]) -> str | None:
    """What is shown of a sound: the sentence of speech, or its name in the media browser."""
    if media_id.startswith(_SPEECH):
        return URL(media_id).query.get("message")
    metadata = extra.get("metadata")
    title = metadata.get("title") if isinstance(metadata, Mapping) else None
    return None if title is None else str(title)
