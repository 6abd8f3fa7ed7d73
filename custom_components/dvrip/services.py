"""Actions on cameras: moving them."""

import voluptuous as vol
from homeassistant.components.camera import DOMAIN as CAMERA_DOMAIN
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.service import async_register_platform_entity_service

from dvrip_proto import DIRECTIONS

from .const import DOMAIN

PRESET_ACTIONS = ("goto", "set", "clear")


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register `dvrip.ptz_move` and `dvrip.ptz_preset`."""
    async_register_platform_entity_service(
        hass,
        DOMAIN,
        "ptz_move",
        entity_domain=CAMERA_DOMAIN,
        func="async_ptz_move",
        schema={
            vol.Required("direction"): vol.In(sorted(DIRECTIONS)),
            vol.Optional("speed", default=5): vol.All(vol.Coerce(int), vol.Range(min=1, max=8)),
            vol.Optional("duration", default=0.5): vol.All(vol.Coerce(float), vol.Range(min=0.1, max=10.0)),
        },
    )
    async_register_platform_entity_service(
        hass,
        DOMAIN,
        "ptz_preset",
        entity_domain=CAMERA_DOMAIN,
        func="async_ptz_preset",
        schema={
            vol.Required("preset"): vol.All(vol.Coerce(int), vol.Range(min=0, max=255)),
            vol.Optional("action", default="goto"): vol.In(PRESET_ACTIONS),
        },
    )
