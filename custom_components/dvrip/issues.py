"""What keeps a device from doing what its owner expects. Most can be mended with a click."""

from homeassistant.const import CONF_PASSWORD, Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir

from dvrip_proto import control

from .const import DOMAIN
from .entity import channel_name
from .inert import inert
from .runtime import DvripConfigEntry, DvripData
from .status import CLOCK

MOTION = control("motion_detection")
REPORT = control("motion_report")

CLOUD = control("cloud")

MENDED = frozenset({"motion_silent", "clock_drift"})
KINDS = (*sorted(MENDED), "cloud", "empty_password")

DRIFT_S = 60
"""Recordings are looked for by time: a minute off is one event off."""


@callback
def async_watch(hass: HomeAssistant, entry: DvripConfigEntry) -> None:
    """Look after every reading of settings and status."""
    data = entry.runtime_data

    @callback
    def look() -> None:
        _motion(hass, entry)
        _clock(hass, entry)
        _cloud(hass, entry)

    entry.async_on_unload(data.settings.async_add_listener(look, MOTION.object))
    entry.async_on_unload(data.settings.async_add_listener(look, CLOUD.object))
    entry.async_on_unload(data.status.async_add_listener(look, CLOCK))
    # Factory passwords are empty.
    name, empty = data.session.name, not entry.data[CONF_PASSWORD]
    _set(hass, entry, "empty_password", wrong=empty, name=name)
    look()


@callback
def async_forget(hass: HomeAssistant, entry: DvripConfigEntry) -> None:
    """Take back what was told of an entry that goes."""
    registry = ir.async_get(hass)
    for domain, issue_id in list(registry.issues):
        if domain == DOMAIN and issue_id.endswith(entry.entry_id):
            ir.async_delete_issue(hass, domain, issue_id)


async def async_mend(data: DvripData, kind: str) -> None:
    """Do what the repair of this kind offers. Errors: those of writing."""
    if kind == "clock_drift":
        await data.session.device.system.sync_time()
        await data.status.async_refresh()
        return
    for channel in _silent(data) or ():
        await data.settings.async_write(MOTION, channel, True)
        await data.settings.async_write(REPORT, channel, True)


def _silent(data: DvripData) -> list[int] | None:
    """Channels whose sensor is enabled and can never be on; None while nothing is known of any."""
    registry = er.async_get(data.session.hass)
    # Some firmware pushes whatever it is set to: what has been heard is right.
    rows = (MOTION,) if data.alarms.known_by_push else (MOTION, REPORT)
    known, silent = False, []
    for channel in data.session.present:
        place = f"{data.session.key}_{channel}_motion"
        sensor = registry.async_get_entity_id(Platform.BINARY_SENSOR, DOMAIN, place)
        enabled = sensor is not None and registry.entities[sensor].disabled_by is None
        values = [data.settings.value(row, channel) for row in rows]
        known = known or not enabled or any(value is not None for value in values)
        if enabled and False in values:
            silent.append(channel)
    return silent if known else None


@callback
def _motion(hass: HomeAssistant, entry: DvripConfigEntry) -> None:
    """One repair for all channels of a device: a recorder has many."""
    data = entry.runtime_data
    silent = _silent(data)
    if silent is None:
        return  # not read yet: what a person has ignored stays so
    names = [channel_name(data.session, channel) for channel in silent]
    name = names[0] if len(names) == 1 else f"{data.session.name} ({len(names)})"
    _set(hass, entry, "motion_silent", wrong=bool(silent), name=name)


@callback
def _clock(hass: HomeAssistant, entry: DvripConfigEntry) -> None:
    data = entry.runtime_data
    drift = data.status.data.get(CLOCK)
    if drift is None:
        return
    _set(hass, entry, "clock_drift", wrong=abs(drift) > DRIFT_S, name=data.session.name)


@callback
def _cloud(hass: HomeAssistant, entry: DvripConfigEntry) -> None:
    data = entry.runtime_data
    on = data.settings.value(CLOUD, None)
    if on is not None:
        _set(hass, entry, "cloud", wrong=bool(on), name=data.session.name)


@callback
def _set(hass: HomeAssistant, entry: DvripConfigEntry, kind: str, *, wrong: bool, name: str) -> None:
    issue_id = f"{kind}_{entry.entry_id}"
    if not wrong:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        data={"entry_id": entry.entry_id, "kind": kind},
        is_fixable=kind in MENDED,
        severity=ir.IssueSeverity.WARNING,
        translation_key=kind,
        translation_placeholders={"name": inert(name)},
    )
