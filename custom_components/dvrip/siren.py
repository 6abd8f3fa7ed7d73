"""Siren: the camera's own where it says that it has one, else a tone that is said through the loudspeaker."""

import asyncio
import math
from array import array
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, override

from homeassistant.components.siren import (
    ATTR_DURATION,
    ATTR_VOLUME_LEVEL,
    SirenEntity,
    SirenEntityDescription,
    SirenEntityFeature,
)
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.event import async_call_later

from dvrip_proto import DvripError, encode_alaw

from .const import LOGGER
from .entity import DvripEntity
from .failure import translated
from .runtime import DvripConfigEntry
from .session import DvripSession

PARALLEL_UPDATES = 0

SIREN = SirenEntityDescription(key="siren", translation_key="siren", entity_registry_enabled_default=False)
LONGEST_S: Final = 180
"""A siren that nobody turns off falls silent by itself."""

_OWN: Final = ("ManuIntellAlertAlarm", "OneKeyManulAlarm")  # flags of devices that sound an alarm when told
_AGAIN_S: Final = 10  # until the end of an alarm is asked for again
_RATE: Final = 8000
_LOUD: Final = 30000
_TONES_HZ: Final = (700.0, 1100.0)  # half a second each


async def async_setup_entry(
    hass: HomeAssistant, entry: DvripConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the siren of one device, where it has one or a loudspeaker."""
    session = entry.runtime_data.session
    flags = session.functions.get("AlarmFunction", {})
    if any(flags.get(name) for name in _OWN):
        async_add_entities([DvripOwnSiren(session)])
    elif session.can_talk:
        async_add_entities([DvripSiren(session)])


def tone(volume: float) -> bytes:
    """One second of two tones in turn, as A-law."""
    samples = (
        round(volume * _LOUD * math.sin(2 * math.pi * _TONES_HZ[2 * at // _RATE] * at / _RATE))
        for at in range(_RATE)
    )
    return encode_alaw(array("h", samples))


class DvripSiren(DvripEntity, SirenEntity):
    """The loudspeaker as a siren."""

    _attr_supported_features = (
        SirenEntityFeature.TURN_ON
        | SirenEntityFeature.TURN_OFF
        | SirenEntityFeature.DURATION
        | SirenEntityFeature.VOLUME_SET
    )

    def __init__(self, session: DvripSession) -> None:
        super().__init__(session, SIREN)
        self._sounding: asyncio.Task[None] | None = None

    @property
    @override
    def is_on(self) -> bool:
        return self._sounding is not None and not self._sounding.done()

    @override
    @translated
    async def async_turn_on(self, **kwargs: Any) -> None:
        await self._silence()
        seconds = min(kwargs.get(ATTR_DURATION, LONGEST_S), LONGEST_S)
        begun = asyncio.get_running_loop().create_future()
        work = self._sound(seconds, tone(kwargs.get(ATTR_VOLUME_LEVEL, 1.0)), begun)
        sounding = self._sounding = self.hass.async_create_task(work, f"{self.entity_id} sounds")
        sounding.add_done_callback(self._ended)
        # Turned off while it waits for the loudspeaker, it never begins.
        await asyncio.wait([begun, sounding], return_when=asyncio.FIRST_COMPLETED)
        if not begun.done() and not sounding.cancelled():
            sounding.result()
        self.async_write_ha_state()

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        await self._silence()
        self.async_write_ha_state()

    @override
    async def async_will_remove_from_hass(self) -> None:
        await self._silence()
        await super().async_will_remove_from_hass()

    async def _sound(self, seconds: int, second: bytes, begun: asyncio.Future[None]) -> None:
        try:
            async with self.session.talk() as conversation:
                begun.set_result(None)
                for _ in range(seconds):
                    await conversation.send(second)
        except DvripError as error:
            if not begun.done():
                raise
            LOGGER.warning("%s: the siren fell silent: %s", self.session.name, error)

    @callback
    def _ended(self, sounding: asyncio.Task[None]) -> None:
        if not sounding.cancelled():
            sounding.exception()  # whoever turned it on may be gone
        if self._sounding is sounding:  # else whoever ended it tells the state
            self.async_write_ha_state()

    async def _silence(self) -> None:
        sounding, self._sounding = self._sounding, None
        if sounding is not None:
            sounding.cancel()
            await asyncio.wait([sounding])


class DvripOwnSiren(DvripEntity, SirenEntity):
    """The alarm that a camera sounds by itself when it is told to. It tells no state."""

    _attr_assumed_state = True
    _attr_is_on = False
    _attr_supported_features = (
        SirenEntityFeature.TURN_ON | SirenEntityFeature.TURN_OFF | SirenEntityFeature.DURATION
    )

    def __init__(self, session: DvripSession) -> None:
        super().__init__(session, SIREN)
        self._stop_waiting: CALLBACK_TYPE | None = None

    @override
    @translated
    async def async_turn_on(self, **kwargs: Any) -> None:
        await self.session.device.outputs.siren(on=True)
        self._end_in(min(kwargs.get(ATTR_DURATION, LONGEST_S), LONGEST_S))
        self._attr_is_on = True
        self.async_write_ha_state()

    @override
    @translated
    async def async_turn_off(self, **kwargs: Any) -> None:
        await self._end()

    @override
    async def async_will_remove_from_hass(self) -> None:
        self._forget()
        if self._attr_is_on:
            with suppress(DvripError):
                await self.session.device.outputs.siren(on=False)
        await super().async_will_remove_from_hass()

    async def _end(self) -> None:
        await self.session.device.outputs.siren(on=False)
        self._forget()
        self._attr_is_on = False
        self.async_write_ha_state()

    async def _end_late(self, _now: datetime) -> None:
        self._stop_waiting = None
        try:
            await self._end()
        except DvripError as error:
            LOGGER.warning("%s: the siren sounds on: %s", self.session.name, error)
            self._end_in(_AGAIN_S)

    def _end_in(self, seconds: float) -> None:
        self._forget()
        self._stop_waiting = async_call_later(self.hass, seconds, self._end_late)

    def _forget(self) -> None:
        if self._stop_waiting is not None:
            self._stop_waiting()
            self._stop_waiting = None
