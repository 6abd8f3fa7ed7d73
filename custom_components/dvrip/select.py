"""Selects: settings that are one word of a list."""

import re
from datetime import timedelta
from functools import partial
from typing import override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import slugify

from dvrip_proto import DvripError, Kind, Preset

from .entity import DvripEntity
from .failure import translated
from .inert import inert
from .runtime import DvripConfigEntry
from .setting import DvripSetting, async_add_settings

PARALLEL_UPDATES = 0
SCAN_INTERVAL = timedelta(minutes=5)

# Words that are marks, and the mark that is part of a word.
_MARKS = {"+": "_plus", ".": "dot", "-": "dash", "/": "slash"}


async def async_setup_entry(
    hass: HomeAssistant, entry: DvripConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the selects that one device has."""
    data = entry.runtime_data
    async_add_settings(data.settings, DvripSelect, fits, async_add_entities)

    async def look_for_presets() -> None:
        for channel in data.session.present:
            presets = DvripPresets(data.session, PRESET, channel)
            if await presets.async_learn():
                async_add_entities([presets])

    _ = entry.async_create_background_task(hass, look_for_presets(), f"{data.session.name} presets")


def fits(kind: Kind) -> bool:
    """Whether a setting is a choice."""
    return bool(kind.options)


def option_key(word: str) -> str:
    """What translations know a device's word by: "KeepOpen" is keep_open, "H.265+" is h_265_plus."""
    for mark, name in _MARKS.items():
        word = word.replace(mark, name) if word == mark or mark == "+" else word
    return slugify(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", word))


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


class DvripPresets(DvripEntity, SelectEntity):
    """Positions that a camera has stored, by their names; choosing one moves the camera there."""

    _attr_should_poll = True
    _attr_current_option = None
    _presets: tuple[Preset, ...] = ()

    async def async_learn(self) -> bool:
        """Ask for the positions; whether there are any."""
        session, channel = self.session, self.channel or 0
        try:
            device = session.device
        except DvripError:
            return bool(self._presets)
        ask = partial(device.ptz.presets, channel=channel)
        told = await session.silence.ask(device, "presets", ask)
        self._presets = self._presets if told is None else told
        return bool(self._presets)

    async def async_update(self) -> None:
        """Ask for the positions again: somebody may have stored one."""
        await self.async_learn()

    @property
    @override
    def options(self) -> list[str]:
        return list(self._by_name)

    @override
    @translated
    async def async_select_option(self, option: str) -> None:
        number = self._by_name[option].number
        await self.session.device.ptz.goto_preset(number, channel=self.channel or 0)
        self._attr_current_option = option
        self.async_write_ha_state()

    @property
    def _by_name(self) -> dict[str, Preset]:
        named = {}
        for preset in self._presets:
            name = inert(preset.name) or f"{preset.number}"
            named[f"{name} ({preset.number})" if name in named else name] = preset
        return named
