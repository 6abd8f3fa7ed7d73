"""What a person can prefer about one device."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import voluptuous as vol
from homeassistant.components.file_upload import process_uploaded_file
from homeassistant.config_entries import (
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_component import async_update_entity
from homeassistant.helpers.selector import (
    FileSelector,
    FileSelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from dvrip_proto import DvripError, Firmware, UpgradeInfo, UsageError

from .const import (
    CONF_AUTO_OFF,
    CONF_CHANNELS,
    CONF_FIRMWARE,
    CONF_LIGHT_ON,
    CONF_STREAMS,
    DEFAULT_AUTO_OFF_S,
    DOMAIN,
    LOGGER,
    STREAMS,
)
from .entity import channel_name
from .firmware import SUFFIXES, firmware_folder
from .inert import inert
from .light import LIGHT, ON_WORDS
from .select import option_key
from .update import FIRMWARE

_OPTIONS = vol.Schema(
    {
        vol.Required(CONF_AUTO_OFF, default=DEFAULT_AUTO_OFF_S): vol.All(
            NumberSelector(
                NumberSelectorConfig(
                    min=5, max=3600, step=1, mode=NumberSelectorMode.BOX, unit_of_measurement="s"
                )
            ),
            vol.Coerce(int),
        ),
        vol.Optional(CONF_STREAMS): SelectSelector(
            SelectSelectorConfig(options=list(STREAMS), multiple=True, translation_key=CONF_STREAMS)
        ),
    }
)
# A form tells the words of a device by their keys, as the select of the mode does.
_LIGHT_WORDS = {option_key(word): word for word in ON_WORDS}
_LIGHT = {
    vol.Optional(CONF_LIGHT_ON): SelectSelector(
        SelectSelectorConfig(options=list(_LIGHT_WORDS), translation_key=CONF_LIGHT_ON)
    )
}
_FIRMWARE = {vol.Optional(CONF_FIRMWARE): FileSelector(FileSelectorConfig(accept=",".join(SUFFIXES)))}
"""The last: its field is as high as all others."""


class DvripOptionsFlow(OptionsFlowWithReload):
    """Asks for the options; no channels and no streams mean the usual ones."""

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the options, and take a firmware file for the update entity to offer."""
        errors: dict[str, str] = {}
        typed = self.config_entry.options if user_input is None else user_input
        if user_input is not None:
            file_id = user_input.pop(CONF_FIRMWARE, None)
            if file_id is not None and (problem := await self._async_take(file_id)):
                errors[CONF_FIRMWARE] = problem
            else:
                if file_id is not None:
                    await self._async_offer()
                return self.async_create_entry(data=self._kept | _stored(user_input))
        asked = options_of(self.config_entry)
        # The channels of a recorder that is away cannot be listed: what was chosen stays.
        self._kept = {
            key: value for key, value in self.config_entry.options.items() if key not in asked.schema
        }
        schema = self.add_suggested_values_to_schema(asked, _offered(asked, typed))
        return self.async_show_form(step_id="init", data_schema=schema, errors=errors)

    async def _async_take(self, file_id: str) -> str:
        """Put an uploaded file where firmware lies, if it is for this device; else what is wrong with it."""
        if self.config_entry.state is not ConfigEntryState.LOADED:
            return "firmware_unchecked"
        session = self.config_entry.runtime_data.session
        try:
            wanted = await session.device.upgrade.info()
        except DvripError as error:
            LOGGER.debug("%s: what firmware it takes is not known: %s", session.name, error)
            return "firmware_unchecked"
        folder = firmware_folder(self.hass)
        return await self.hass.async_add_executor_job(
            _keep, self.hass, file_id, folder, wanted, session.identity.info.firmware
        )

    async def _async_offer(self) -> None:
        """Who brings a file wants to see it: the update shows it now, or once it is enabled."""
        registry = er.async_get(self.hass)
        key = self.config_entry.runtime_data.session.key
        entity_id = registry.async_get_entity_id(Platform.UPDATE, DOMAIN, f"{key}_{FIRMWARE.key}")
        known = registry.async_get(entity_id) if entity_id else None
        if known is not None and known.disabled_by is er.RegistryEntryDisabler.INTEGRATION:
            registry.async_update_entity(known.entity_id, disabled_by=None)
        elif known is not None and not known.disabled:
            await async_update_entity(self.hass, known.entity_id)


def _keep(hass: HomeAssistant, file_id: str, folder: Path, wanted: UpgradeInfo, version: str) -> str:
    """Check an uploaded file and move it to its place; "" when it is there. Blocks."""
    try:
        with process_uploaded_file(hass, file_id) as path:
            firmware = Firmware.read(path)
            if firmware.misfits(wanted, version):
                return "firmware_misfits"
            if firmware.date is None or not firmware.release:
                return "firmware_unnamed"
            folder.mkdir(parents=True, exist_ok=True)
            shutil.move(path, folder / path.name)
    except (UsageError, ValueError, OSError) as error:
        LOGGER.debug("An uploaded file is no firmware: %s", error)
        return "firmware_broken"
    return ""


def options_of(entry: ConfigEntry) -> vol.Schema:
    """The form of one entry: the channels can be picked while a recorder is there to list them.

    What is about a light is asked of no device that is known to have none.
    """
    if entry.state is not ConfigEntryState.LOADED:
        return _OPTIONS.extend(_LIGHT | _FIRMWARE)
    session, places = entry.runtime_data.session, entry.runtime_data.settings.places
    lit = any(key == LIGHT.key for key, _ in places)
    schema = _OPTIONS.extend(_LIGHT) if lit else _OPTIONS
    if not session.is_recorder:
        return schema.extend(_FIRMWARE)
    chosen = entry.options.get(CONF_CHANNELS, [])
    channels = [
        SelectOptionDict(
            value=str(channel.number + 1),
            label=f"{channel.number + 1}: {inert(channel_name(session, channel.number))}",
        )
        for channel in session.channels
        if channel.exists or str(channel.number + 1) in chosen
    ]
    selector = SelectSelector(
        SelectSelectorConfig(options=channels, multiple=True, mode=SelectSelectorMode.LIST)
    )
    return schema.extend({vol.Optional(CONF_CHANNELS): selector} | _FIRMWARE)


def _stored(typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, with the words of devices."""
    return {key: _LIGHT_WORDS[value] if key == CONF_LIGHT_ON else value for key, value in typed.items()}


def _offered(asked: vol.Schema, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was chosen, without channels that the recorder no longer has: nobody could take them out."""
    shown = {key: option_key(value) if key == CONF_LIGHT_ON else value for key, value in typed.items()}
    if CONF_CHANNELS not in shown or CONF_CHANNELS not in asked.schema:
        return shown
    values = {option["value"] for option in asked.schema[CONF_CHANNELS].config["options"]}
    return {**shown, CONF_CHANNELS: [each for each in shown[CONF_CHANNELS] if each in values]}
