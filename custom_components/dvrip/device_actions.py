"""Actions on a device as a whole: its configuration and its clock. Targets are devices, or their entities."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import voluptuous as vol
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import (
    async_extract_config_entry_ids,
    async_register_admin_service,
)

from dvrip_proto import DvripError, Plan, redact, spec_for

from . import clock
from .const import DOMAIN
from .failure import telling
from .inert import inert
from .runtime import DvripConfigEntry, DvripData

_DEEPEST: Final = 32
_OBJECT: Final[dict[str | vol.Marker, Any]] = {
    **cv.TARGET_SERVICE_FIELDS,
    vol.Required("name"): cv.string,
    vol.Optional("channel"): vol.All(vol.Coerce(int), vol.Range(min=1)),
}
_GET = vol.All(vol.Schema(_OBJECT), cv.has_at_least_one_key(*cv.TARGET_SERVICE_FIELDS))


def _plain(value: Any, depth: int = 0) -> Any:
    """Any value that is not nested deeper than what a device can have."""
    if depth > _DEEPEST:
        raise vol.Invalid(f"it is nested more than {_DEEPEST} times")
    for inner in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        _plain(inner, depth + 1)
    return value


_SET = vol.All(
    vol.Schema(
        {
            **_OBJECT,
            vol.Required("value"): _plain,
            vol.Optional("dry_run", default=False): cv.boolean,
            vol.Optional("allow_disconnect", default=False): cv.boolean,
        }
    ),
    cv.has_at_least_one_key(*cv.TARGET_SERVICE_FIELDS),
)
_DEVICE = vol.All(
    vol.Schema({**cv.TARGET_SERVICE_FIELDS}), cv.has_at_least_one_key(*cv.TARGET_SERVICE_FIELDS)
)


@callback
def async_setup_device_actions(hass: HomeAssistant) -> None:
    """Register `dvrip.get_config`, `dvrip.set_config` and `dvrip.sync_time`."""
    hass.services.async_register(DOMAIN, "get_config", _get_config, _GET, SupportsResponse.ONLY)
    async_register_admin_service(hass, DOMAIN, "set_config", _set_config, _SET, SupportsResponse.OPTIONAL)
    hass.services.async_register(DOMAIN, "sync_time", _sync_time, _DEVICE)


async def _get_config(call: ServiceCall) -> ServiceResponse:
    """Object of each device by the id of the device; secrets are masked."""
    name = call.data["name"]
    found: dict[str, Any] = {}
    for data in await _targets(call):
        with telling(f"{data.session.name}, {name}"):
            tree = await data.session.device.settings.get(name, channel=_channel(call))
        found[data.session.device_id] = redact(tree, spec_for(name))
    return found


async def _set_config(call: ServiceCall) -> ServiceResponse:
    """Change what differs, and tell what that was. Nothing is written while one device would be in danger.

    An error tells what was written before it.
    """
    name, wanted, allow = call.data["name"], call.data["value"], call.data["allow_disconnect"]
    plans = []
    for data in await _targets(call):
        with telling(f"{data.session.name}, {name}"):
            settings = data.session.device.settings
            plan = await settings.plan(name, wanted, channel=_channel(call))
            if not allow and not call.data["dry_run"]:
                settings.check(plan)
        plans.append((data, plan))
    done: dict[str, Any] = {}
    written: list[str] = []
    for data, plan in plans:
        told = _told(plan)
        if plan.changed and not call.data["dry_run"]:
            with telling(f"{data.session.name}, {name}"):
                async with data.settings.async_alone(name):
                    settings = data.session.device.settings
                    try:
                        # What others changed since it was looked at stays changed.
                        plan = await settings.plan(name, wanted, channel=_channel(call))
                        applied = await settings.apply(plan, allow_disconnect=allow)
                    except DvripError as error:
                        error.written = (*written, *error.written)
                        raise
            written += [f"{plan.label} ({data.session.name})"] if plan.changed else []
            told |= {"written": True, "reboot_needed": applied.reboot_needed, "verified": applied.verified}
            await data.settings.async_request_refresh()
        done[data.session.device_id] = told
    return done if call.return_response else None


async def _sync_time(call: ServiceCall) -> None:
    """Set the clock to the time of Home Assistant. A device that is away keeps no other from being set."""
    tasks = (_set_clock(entry) for entry in await _entries(call))
    for done in await asyncio.gather(*tasks, return_exceptions=True):
        if done is not None:
            raise done


async def _set_clock(entry: DvripConfigEntry) -> None:
    data = _data_of(entry)
    with telling(data.session.name):
        await clock.async_set(data.session.device)
    data.status.async_clock_set()
    await data.status.async_request_refresh()


async def _targets(call: ServiceCall) -> list[DvripData]:
    """The devices that are meant. ServiceValidationError when one is not there, or when there is none."""
    return [_data_of(entry) for entry in await _entries(call)]


async def _entries(call: ServiceCall) -> list[DvripConfigEntry]:
    """The entries of the devices that are meant. ServiceValidationError when there is none."""
    told = [
        call.hass.config_entries.async_get_entry(entry_id)
        for entry_id in sorted(await async_extract_config_entry_ids(call))
    ]
    found = [entry for entry in told if entry is not None and entry.domain == DOMAIN]
    if not found:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_device")
    return found


def _data_of(entry: DvripConfigEntry) -> DvripData:
    if entry.state is not ConfigEntryState.LOADED:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="not_loaded",
            translation_placeholders={"name": inert(entry.title)},
        )
    return entry.runtime_data


def _channel(call: ServiceCall) -> int | None:
    told = call.data.get("channel")
    return None if told is None else int(told) - 1


def _told(plan: Plan) -> dict[str, Any]:
    return {
        "changed": plan.changed,
        "written": False,
        "dangers": [str(danger) for danger in plan.dangers],
        "changes": [
            {
                "channel": None if change.channel is None else change.channel + 1,
                "path": change.path,
                "before": change.before,
                "after": change.after,
            }
            for change in plan.changes
        ],
    }
