"""Settings that keep a device from doing what its owner expects. Most can be mended with a click."""

from collections.abc import Sequence
from itertools import groupby

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er

from dvrip_proto import control

from . import clock
from .const import DOMAIN
from .entity import channel_name
from .reported import async_report
from .runtime import DvripConfigEntry, DvripData
from .status import CLOCK
from .troubles import gone_channels

MOTION = control("motion_detection")
REPORT = control("motion_report")
CLOUD = control("cloud")
EXTRA_CODEC = control("extra_codec")
PLAYS_EVERYWHERE = "H.264"

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
        _codec(hass, entry)

    for row in (MOTION, CLOUD, EXTRA_CODEC):
        entry.async_on_unload(data.settings.async_add_listener(look, row.object))
    entry.async_on_unload(data.status.async_add_listener(look, CLOCK))
    look()


async def async_mend(hass: HomeAssistant, entry: DvripConfigEntry, kind: str) -> None:
    """Do what the repair of this kind offers. Errors: those of writing."""
    data = entry.runtime_data
    if kind == "clock_drift":
        await clock.async_set(data.session.device)
        data.status.async_clock_set()
        await data.status.async_refresh()
    elif kind == "gone_channels":
        for device in gone_channels(hass, entry):
            dr.async_get(hass).async_remove_device(device.id)
    elif kind == "extra_codec":
        for channel in _hard_to_play(data) or ():
            await data.settings.async_write(EXTRA_CODEC, channel, PLAYS_EVERYWHERE)
    else:
        for channel in _silent(data) or ():
            await data.settings.async_write(MOTION, channel, True)
            await data.settings.async_write(REPORT, channel, True)


def _is_enabled(data: DvripData, platform: Platform, channel: int, key: str) -> bool:
    registry = er.async_get(data.session.hass)
    entity_id = registry.async_get_entity_id(platform, DOMAIN, f"{data.session.key}_{channel}_{key}")
    return entity_id is not None and registry.entities[entity_id].disabled_by is None


def _silent(data: DvripData) -> list[int] | None:
    """Channels whose sensor is enabled and can never be on; None while nothing is known of any."""
    # Some firmware pushes whatever it is set to: what has been heard is right.
    rows = (MOTION,) if data.alarms.known_by_push else (MOTION, REPORT)
    known, silent = False, []
    for channel in data.session.present:
        enabled = _is_enabled(data, Platform.BINARY_SENSOR, channel, "motion")
        values = [data.settings.value(row, channel) for row in rows]
        known = known or not enabled or any(value is not None for value in values)
        if enabled and False in values:
            silent.append(channel)
    return silent if known else None


def _hard_to_play(data: DvripData) -> list[int] | None:
    """Channels whose sub stream is H.265 and could be H.264; None while nothing is known of any."""
    known, hard = False, []
    for channel in data.session.present:
        one = data.settings.at(EXTRA_CODEC, channel)
        if one is None or data.settings.value(EXTRA_CODEC, channel) is None:
            continue
        known = True
        wanted = _is_enabled(data, Platform.CAMERA, channel, "sub")
        if wanted and str(one.value).startswith("H.265") and PLAYS_EVERYWHERE in one.kind.options:
            hard.append(channel)
    return hard if known else None


@callback
def _motion(hass: HomeAssistant, entry: DvripConfigEntry) -> None:
    silent = _silent(entry.runtime_data)
    if silent is not None:  # not read yet: what a person has ignored stays so
        name = _named(entry.runtime_data, silent)
        async_report(hass, entry, "motion_silent", wrong=bool(silent), name=name)


@callback
def _codec(hass: HomeAssistant, entry: DvripConfigEntry) -> None:
    hard = _hard_to_play(entry.runtime_data)
    if hard is not None:
        name = _named(entry.runtime_data, hard)
        async_report(hass, entry, "extra_codec", wrong=bool(hard), name=name)


def _named(data: DvripData, channels: Sequence[int]) -> str:
    """One repair for all channels of a device, a recorder has many: what is read in any language."""
    session = data.session
    if len(channels) < 2:
        return channel_name(session, channels[0]) if channels else session.name
    groups = groupby(enumerate(channels), lambda place: place[1] - place[0])
    runs = [[number + 1 for _, number in group] for _, group in groups]
    told = ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)
    return f"{session.name} ({told})"


@callback
def _clock(hass: HomeAssistant, entry: DvripConfigEntry) -> None:
    data = entry.runtime_data
    told: clock.Clock | None = data.status.data.get(CLOCK)
    if told is not None:
        wrong = abs(told.drift_s) > DRIFT_S
        async_report(hass, entry, "clock_drift", wrong=wrong, name=data.session.name)


@callback
def _cloud(hass: HomeAssistant, entry: DvripConfigEntry) -> None:
    data = entry.runtime_data
    on = data.settings.value(CLOUD, None)
    if on is not None:
        async_report(hass, entry, "cloud", wrong=bool(on), name=data.session.name)
