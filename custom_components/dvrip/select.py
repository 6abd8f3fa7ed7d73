"""Selects: settings that are one word of a list."""

import re
from typing import override

from homeassistant.components.select import SelectEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import slugify

from dvrip_proto import Kind

from .runtime import DvripConfigEntry
from .setting import DvripSetting, async_add_settings

PARALLEL_UPDATES = 0

# Words that are marks, and the mark that is part of a word.
_MARKS = {"+": "_plus", ".": "dot", "-": "dash", "/": "slash"}


async def async_setup_entry(
    hass: HomeAssistant, entry: DvripConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the selects that one device has."""
    async_add_settings(entry.runtime_data.settings, DvripSelect, fits, async_add_entities)


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
