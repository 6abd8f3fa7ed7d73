"""Selects: settings that are one word of a list."""

import re
from abc import abstractmethod
from datetime import timedelta
from functools import partial
from typing import ClassVar, override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import slugify

from dvrip_proto import Device, DvripError, Kind, Preset, Tour

from .entity import DvripEntity, was_there
from .failure import translated
from .inert import inert
from .runtime import DvripConfigEntry
from .session import DvripSession
from .setting import DvripSetting, async_add_settings

PARALLEL_UPDATES = 0
SCAN_INTERVAL = timedelta(minutes=5)

# Words that are marks, and the mark that is part of a word.
_LONGEST = 64
_MARKS = {"+": "_plus", ".": "dot", "-": "dash", "/": "slash"}


async def async_setup_entry(
    hass: HomeAssistant, entry: DvripConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the selects that one device has."""
    data = entry.runtime_data
    async_add_settings(data.settings, DvripSelect, fits, async_add_entities)

    async def look_for_stored() -> None:
        for channel in data.session.present:
            # From position to position: without any there is no tour.
            for stored in (DvripPresets(data.session, channel), DvripTours(data.session, channel)):
                known = await stored.async_learn() or stored.was_there
                if not known or data.session.going:
                    break
                async_add_entities([stored])

    _ = entry.async_create_background_task(hass, look_for_stored(), f"{data.session.name} presets")


def fits(kind: Kind) -> bool:
    """Whether a setting is a choice."""
    return bool(kind.options)


def option_key(word: str) -> str:
    """What translations know a device's word by: "KeepOpen" is keep_open, "H.265+" is h_265_plus."""
    for mark, name in _MARKS.items():
        word = word.replace(mark, name) if word == mark or mark == "+" else word
    return slugify(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", word))[:_LONGEST]


class DvripSelect(DvripSetting, SelectEntity):
    """One setting that is one word of a list."""

    @property
    @override
    def options(self) -> list[str]:
        return list(self._words)

    @property
    @override
    def current_option(self) -> str | None:
        return None if self.current is None else option_key(str(self.current))

    @override
    async def async_select_option(self, option: str) -> None:
        await self.async_write(self._words[option])

    @property
    def _words(self) -> dict[str, str]:
        # What the device has now is a choice too, whether or not the list knows it.
        known = self.coordinator.at(self.row, self._channel)
        kind = known.kind if known else self.row.kind
        words = [*kind.options, *([] if self.current is None else [str(self.current)])]
        return {option_key(word): word for word in words}


PRESET = SelectEntityDescription(key="ptz_preset", translation_key="ptz_preset")
TOUR = SelectEntityDescription(key="ptz_tour", translation_key="ptz_tour")
STOP = "stop"


class DvripStored[T: (Preset, Tour)](DvripEntity, SelectEntity):
    """What a camera has stored, by its names."""

    _attr_should_poll = True
    _attr_current_option: str | None = None
    what: ClassVar[str]
    """What messages and the library call it."""

    def __init__(self, session: DvripSession, description: SelectEntityDescription, channel: int) -> None:
        super().__init__(session, description, channel)
        self._channel = channel
        self._stored: tuple[T, ...] = ()

    @property
    def was_there(self) -> bool:
        """Whether it had something before: a device that has just started may refuse to tell it."""
        return was_there(self.session, Platform.SELECT, self.entity_description.key, self._channel)

    async def async_learn(self) -> bool:
        """Ask for what is stored; whether there is anything."""
        try:
            device = self.session.device
        except DvripError:
            return bool(self._stored)
        told = await self.session.silence.ask(device, self.what, partial(self._ask, device))
        self._stored = self._stored if told is None else told
        return bool(self._stored)

    @abstractmethod
    async def _ask(self, device: Device) -> tuple[T, ...]:
        """What the device has stored."""

    async def async_update(self) -> None:
        """Ask again: somebody may have stored one."""
        await self.async_learn()

    @property
    @override
    def options(self) -> list[str]:
        return list(self._by_name)

    @property
    def _by_name(self) -> dict[str, T]:
        named: dict[str, T] = {}
        for each in self._stored:
            name = inert(each.name) or f"{each.number}"
            named[f"{name} ({each.number})" if name in (STOP, *named) else name] = each
        return named


class DvripPresets(DvripStored[Preset]):
    """Positions that a camera has stored; choosing one moves the camera there."""

    what = "presets"

    def __init__(self, session: DvripSession, channel: int) -> None:
        super().__init__(session, PRESET, channel)

    @override
    async def _ask(self, device: Device) -> tuple[Preset, ...]:
        return await device.ptz.presets(channel=self._channel)

    @override
    @translated
    async def async_select_option(self, option: str) -> None:
        number = self._by_name[option].number
        await self.session.device.ptz.goto_preset(number, channel=self._channel)
        self._attr_current_option = option
        self.async_write_ha_state()


class DvripTours(DvripStored[Tour]):
    """Tours that a camera has stored; choosing one starts it, until the end is chosen."""

    what = "tours"

    def __init__(self, session: DvripSession, channel: int) -> None:
        super().__init__(session, TOUR, channel)

    @override
    async def _ask(self, device: Device) -> tuple[Tour, ...]:
        return await device.ptz.tours(channel=self._channel)

    @property
    @override
    def options(self) -> list[str]:
        return [*super().options, STOP]

    @override
    @translated
    async def async_select_option(self, option: str) -> None:
        ptz = self.session.device.ptz
        tour = self._by_name.get(option) if option != STOP else None
        if tour is None:
            await ptz.stop_tour(channel=self._channel)
        else:
            await ptz.start_tour(tour.number, channel=self._channel)
        self._attr_current_option = option
        self.async_write_ha_state()
