"""DVRIP cameras and recorders: set-up and unload of one device."""

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.typing import ConfigType

from dvrip_proto import Device, DvripError

from .const import CONF_CHANNELS, DOMAIN, LOGGER, PLATFORMS
from .device_actions import async_setup_device_actions
from .discovery import async_setup_discovery
from .entity import channel_identifier, device_info
from .failure import setup_error
from .issues import async_watch
from .recording_actions import async_setup_recording_actions
from .reported import async_forget
from .runtime import DvripConfigEntry, DvripData
from .services import async_setup_services
from .shape import ShapeStore
from .troubles import async_tell_encryption, async_watch_troubles, is_gone
from .views import async_setup_views

# This file is loaded in a thread; the event loop, where devices are used, must not wait for a disk.
Device.preload()

# A bare `dvrip:` in configuration.yaml starts discovery before the first device is set up.
CONFIG_SCHEMA = cv.empty_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions and start looking for devices."""
    async_setup_services(hass)
    async_setup_device_actions(hass)
    async_setup_recording_actions(hass)
    async_setup_views(hass)
    async_setup_discovery(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: DvripConfigEntry) -> bool:
    """Connect to one device and add what it has."""
    data = DvripData.of(hass, entry)

    async def stop(_event: Event) -> None:
        await data.async_stop()

    # From the start: Home Assistant may be stopped while a device is slow to answer.
    entry.async_on_unload(data.async_stop)
    entry.async_on_unload(hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, stop))
    try:
        await data.async_start()
    except DvripError as error:
        async_tell_encryption(hass, entry, error)
        raise setup_error(error, entry.title) from error
    entry.runtime_data = data
    is_new = not er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    # Channels name it as the device they are behind, so it comes first.
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, **device_info(data.session)
    )
    data.session.device_id = device.id
    try:
        await data.status.async_start()
        await data.settings.async_start()
    except DvripError as error:  # lost again
        raise setup_error(error, entry.title) from error
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    _drop_left_out(hass, entry)
    data.settings.async_first_read()
    if is_new:
        data.status.async_look_again()
    async_watch(hass, entry)
    async_watch_troubles(hass, entry)
    return True


@callback
def _drop_left_out(hass: HomeAssistant, entry: DvripConfigEntry) -> None:
    """Forget the channels that a person has left out, and slots that a recorder tells late to be empty."""
    session = entry.runtime_data.session
    if not entry.options.get(CONF_CHANNELS) and not entry.runtime_data.settings.told_first:
        return
    left_out = {
        channel_identifier(session, channel)
        for channel in range(session.channel_count)
        if channel not in session.present
    }
    registry = dr.async_get(hass)
    for device in dr.async_entries_for_config_entry(registry, entry.entry_id):
        if device.identifiers & left_out:
            registry.async_remove_device(device.id)


async def async_unload_entry(hass: HomeAssistant, entry: DvripConfigEntry) -> bool:
    """Remove the entities; closing the device follows (`async_on_unload`)."""
    installing = entry.runtime_data.installing
    if installing.locked():
        LOGGER.info("%s: firmware is being installed; the entry is unloaded when that is over", entry.title)
    async with installing:
        unloaded = await hass.config_entries.async_unload_platforms(entry, PLATFORMS)
    if unloaded and entry.disabled_by is not None:
        async_forget(hass, entry)  # nobody looks after what is disabled
    return unloaded


async def async_remove_entry(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Forget what was kept of the device."""
    await ShapeStore(hass, entry.entry_id).async_remove()
    async_forget(hass, entry)


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: DvripConfigEntry, device: dr.DeviceEntry
) -> bool:
    """Let a person remove a channel that the recorder no longer has; one that is away cannot be asked."""
    return entry.state is ConfigEntryState.LOADED and is_gone(entry.runtime_data.session, device)
