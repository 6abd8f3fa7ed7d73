"""Actions on cameras and loudspeakers: moving, stored positions, a picture, saying something."""

from typing import Any, Final

import voluptuous as vol
from homeassistant.components.camera import DOMAIN as CAMERA_DOMAIN
from homeassistant.components.media_player import DOMAIN as PLAYER_DOMAIN
from homeassistant.core import HomeAssistant, SupportsResponse, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_platform_entity_service

from dvrip_proto import DIRECTIONS

from .const import DOMAIN

PRESET_ACTIONS = ("goto", "set", "clear")
TOUR_ACTIONS = ("start", "stop")
_MOVE: Final[dict[str | vol.Marker, Any]] = {
    vol.Required("direction"): vol.In(sorted(DIRECTIONS)),
    vol.Optional("speed", default=5): vol.All(vol.Coerce(int), vol.Range(min=1, max=8)),
}
_SECONDS = vol.All(vol.Coerce(float), vol.Range(min=0.1, max=10.0))
# A number, or else a name.
_PRESET = vol.Any(vol.All(vol.Coerce(int), vol.Range(min=0, max=255)), vol.All(str, vol.Match(r"\s*\D")))
_PRESET_FIELDS: Final[dict[str | vol.Marker, Any]] = {
    vol.Required("preset"): _PRESET,
    vol.Optional("action", default="goto"): vol.In(PRESET_ACTIONS),
}
_TOUR_FIELDS: Final[dict[str | vol.Marker, Any]] = {
    vol.Optional("tour", default=1): _PRESET,
    vol.Optional("action", default="start"): vol.In(TOUR_ACTIONS),
}
_AUXILIARY_FIELDS: Final[dict[str | vol.Marker, Any]] = {
    vol.Required("number"): vol.All(vol.Coerce(int), vol.Range(min=0, max=255)),
    vol.Optional("turn_on", default=True): cv.boolean,
}
_TALK = vol.All(
    cv.make_entity_service_schema(
        {vol.Exclusive("file", "sound"): cv.string, vol.Exclusive("media_content_id", "sound"): cv.string}
    ),
    cv.has_at_least_one_key("file", "media_content_id"),
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions that one camera or one loudspeaker does."""
    on_camera: dict[str, dict[str | vol.Marker, Any]] = {
        "ptz_move": {**_MOVE, vol.Optional("duration", default=0.5): _SECONDS},
        "ptz_start": _MOVE,
        "ptz_stop": {},
        "ptz_preset": _PRESET_FIELDS,
        "ptz_tour": _TOUR_FIELDS,
        "ptz_auxiliary": _AUXILIARY_FIELDS,
    }
    for name, schema in on_camera.items():
        async_register_platform_entity_service(
            hass, DOMAIN, name, entity_domain=CAMERA_DOMAIN, func=f"async_{name}", schema=schema
        )
    async_register_platform_entity_service(
        hass,
        DOMAIN,
        "snapshot",
        entity_domain=CAMERA_DOMAIN,
        func="async_snapshot",
        schema={vol.Required("filename"): cv.string},
        supports_response=SupportsResponse.OPTIONAL,
    )
    async_register_platform_entity_service(
        hass, DOMAIN, "talk", entity_domain=PLAYER_DOMAIN, func="async_talk", schema=_TALK
    )
