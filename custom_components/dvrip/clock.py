"""The clock of a device, and what it should show."""

from datetime import datetime, timedelta
from typing import Final

from homeassistant.util import dt as dt_util

from dvrip_proto import Device, UnsupportedError

_KEPT: Final = timedelta(minutes=30)
"""A clock that is no further off the time of its own zone goes by that zone."""


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
