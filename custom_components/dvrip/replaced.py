"""A device that was replaced by another of its model: the entry, its entities and their history stay."""

from homeassistant.config_entries import SOURCE_IGNORE, ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er

from .const import DOMAIN
from .identity import Identity


@callback
def is_of_same_model(hass: HomeAssistant, entry: ConfigEntry, identity: Identity) -> bool:
    """Whether a device is of the model that the entry's own was when it was last set up."""
    known = (DOMAIN, entry.unique_id)
    models = {
        device.model
        for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
        if known in device.identifiers
    }
    return identity.model is not None and identity.model in models


async def async_replace(hass: HomeAssistant, entry: ConfigEntry, new: str) -> None:
    """Have what the registries keep of the device of an entry be of the one with the unique id `new`."""
    if entry.state is ConfigEntryState.LOADED:
        await hass.config_entries.async_unload(entry.entry_id)
    ignored = hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, new)
    if ignored is not None and ignored.source == SOURCE_IGNORE:
        await hass.config_entries.async_remove(ignored.entry_id)
    old = entry.unique_id or ""
    entities, devices = er.async_get(hass), dr.async_get(hass)
    for entity in er.async_entries_for_config_entry(entities, entry.entry_id):
        unique_id = new + entity.unique_id.removeprefix(old)
        entities.async_update_entity(entity.entity_id, new_unique_id=unique_id)
    for device in dr.async_entries_for_config_entry(devices, entry.entry_id):
        devices.async_update_device(
            device.id,
            new_identifiers={(domain, new + known.removeprefix(old)) for domain, known in device.identifiers},
            new_connections=set(),  # its MAC address has gone with it
        )
