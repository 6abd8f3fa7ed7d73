"""The clock of a device, and what it should show."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from homeassistant.util import dt as dt_util

from dvrip_proto import Device, UnsupportedError

_KEPT: Final = timedelta(minutes=30)
"""A clock that is no further off the time of its own zone goes by that zone."""

_QUARTER: Final = timedelta(minutes=15)
_FARTHEST: Final = timedelta(hours=26)
"""Zones lie apart by quarters of an hour, and no further than this: from UTC-12 to UTC+14."""


@dataclass(frozen=True, slots=True)
class Clock:
    """What a clock has told."""

    drift_s: float
    """How far it is ahead of what it should show."""
    ahead: timedelta
    """How far what it shows is ahead of the time of Home Assistant, as zones are: what it stamps is, too."""

    @classmethod
    async def of(cls, device: Device) -> Self:
        """The clock of a device. Errors: those of asking."""
        shown, right = await async_read(device)
        apart = round((shown - dt_util.now().replace(tzinfo=None)) / _QUARTER) * _QUARTER
        ahead = apart if abs(apart) <= _FARTHEST else timedelta()
        return cls(round((shown - right).total_seconds(), 1), ahead)


async def async_read(device: Device) -> tuple[datetime, datetime]:
    """What the clock shows, and what it should show: both local, without a zone. Errors: those of asking.

    That is the time of Home Assistant, unless the clock goes by the zone that the device is set to: it may
    stand elsewhere. A zone alone says nothing. Of many devices it is still the maker's; some keep none.
    """
    shown: datetime = await device.system.time()
    ours = dt_util.now().replace(tzinfo=None)
    try:
        own: datetime = await device.system.local_time()
    except UnsupportedError:
        return shown, ours
    return shown, own if abs(shown - own) < _KEPT else ours


async def async_set(device: Device) -> None:
    """Let the clock show what it should. Errors: those of asking and of setting."""
    _, right = await async_read(device)
    await device.system.sync_time(now=right)
