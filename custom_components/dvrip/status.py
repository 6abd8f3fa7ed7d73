"""How one device does: channels, disks and load every minute while somebody looks, the clock every hour."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from dvrip_proto import Device, DvripError

from .clock import Clock
from .const import LOGGER
from .identity import functions
from .session import DvripSession

INTERVAL = timedelta(minutes=1)

CLOCK_EVERY = timedelta(hours=1)
"""A clock goes wrong by seconds a week; it is asked sooner only by a person, or after it was set."""

AGAIN_S = 90.0
"""When a device is asked once more that was met for the first time, and maybe while it was busy."""

BATTERY = "battery"
CHANNELS = "channels"
CLOCK = "clock"
CONNECTIONS = "connections"
DISKS = "disks"
STARTED = "started"
WIFI = "wifi"
WORK = "work"

SAME_START = timedelta(minutes=5)
"""Starts that are nearer to each other are one, told twice."""

BATTERY_S = 3.0
"""How long a camera may take to tell of its battery."""


async def _held(device: Device) -> tuple[str, ...]:
    """What connections to the device are held for, its own one first."""
    return ("session", *device.connection.budget.held)


async def _started(device: Device) -> datetime | None:
    """When the device was started; None of one that does not tell."""
    info = await device.system.info()
    return dt_util.utcnow() - info.uptime if "DeviceRunTime" in info.raw else None


_QUESTIONS: Mapping[str, Callable[[Device], Awaitable[Any]]] = {
    BATTERY: lambda device: device.battery.state(timeout_s=BATTERY_S),
    CHANNELS: lambda device: device.system.channels(),
    CLOCK: Clock.of,
    CONNECTIONS: _held,
    DISKS: lambda device: device.storage.disks(),
    STARTED: _started,
    WIFI: lambda device: device.system.wifi(),
    WORK: lambda device: device.system.work_state(),
}


def _has_wifi(session: DvripSession) -> bool:
    flags = (flag for group in session.functions.values() for flag in group.items())
    return any(on and "wifi" in name.lower() for name, on in flags)


# These are for few devices: others are not asked, because some never answer what they do not know.
_ONLY: Mapping[str, Callable[[DvripSession], bool]] = {
    BATTERY: lambda session: session.identity.info.on_battery,
    WIFI: _has_wifi,
}


class DvripStatus(DataUpdateCoordinator[Mapping[str, Any]]):
    """Data are the answers by the names of this module; what a device does not tell is not there."""

    def __init__(self, hass: HomeAssistant, session: DvripSession, entry: ConfigEntry) -> None:
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=f"{session.name} status",
            update_interval=INTERVAL,
        )
        self.data = {}
        self.session = session
        self._entry = entry
        self._clock_asked: datetime | None = None

    @property
    def ahead(self) -> timedelta:
        """How far the times that the device tells are ahead of those of Home Assistant."""
        clock: Clock | None = self.data.get(CLOCK)
        return timedelta() if clock is None else clock.ahead

    @callback
    def async_clock_set(self) -> None:
        """Ask for the clock with the next refresh, however lately it was asked for."""
        self._clock_asked = None

    async def async_start(self) -> None:
        """Ask everything once, to learn what the device tells; go on with what is looked at."""
        self.data = {CHANNELS: self.session.channels, **await self._ask_all()}
        self._entry.async_on_unload(self.session.async_listen(self._session_changed))
        if self.session.is_recorder:
            # Nobody has to look: cameras behind a recorder come and go.
            self._entry.async_on_unload(self.async_add_listener(lambda: None, CHANNELS))

    @callback
    def async_look_again(self) -> None:
        """Ask once more, a little later, what a device has not told that is met for the first time."""

        @callback
        def again(_now: datetime) -> None:
            _ = self._start_task(self._look_again())

        job = HassJob(again, cancel_on_shutdown=True)
        self._entry.async_on_unload(async_call_later(self.hass, AGAIN_S, job))

    async def _look_again(self) -> None:
        """What it tells now has entities when the entry is set up again."""
        session = self.session
        told = await self._ask([name for name in self._names() if name not in self.data])
        with suppress(DvripError):
            if told or (not session.functions and await functions(session.device, session.silence)):
                self.hass.config_entries.async_schedule_reload(self._entry.entry_id)

    def _names(self) -> list[str]:
        return [name for name in _QUESTIONS if name not in _ONLY or _ONLY[name](self.session)]

    async def _ask_all(self) -> dict[str, Any]:
        """Every answer. A device that ends the session over a question is asked the others in the next."""
        answers: dict[str, Any] = {}
        while True:
            device = self.session.device
            answers |= await self._ask([name for name in self._names() if name not in answers])
            if not device.closed:
                return answers
            await self.session.async_another(device)

    @override
    async def _async_update_data(self) -> Mapping[str, Any]:
        watched = set(self.async_contexts())
        if self._clock_asked is not None and abs(dt_util.utcnow() - self._clock_asked) < CLOCK_EVERY:
            watched.discard(CLOCK)
        return {**self.data, **await self._ask([name for name in _QUESTIONS if name in watched])}

    async def _ask(self, names: list[str]) -> dict[str, Any]:
        answers = {}
        for name in names:
            try:
                device = self.session.device
                answer = await self.session.silence.ask(device, name, partial(_QUESTIONS[name], device))
            except DvripError:  # no session: its own entity says so
                break
            if name == CLOCK:
                self._clock_asked = dt_util.utcnow()
            if name == STARTED and answer is not None:
                answer = self._same_start(answer)
            if answer is not None:
                answers[name] = answer
        if CHANNELS in answers:
            self.session.async_set_channels(answers[CHANNELS])
            answers[CHANNELS] = self.session.channels
        return answers

    def _same_start(self, moment: datetime) -> datetime:
        """Devices count minutes, and clocks do not run alike: what is near the known start is that."""
        known: datetime | None = self.data.get(STARTED)
        if known is not None and abs(moment - known) < SAME_START:
            return known
        return moment.replace(second=0, microsecond=0)

    @callback
    def _session_changed(self) -> None:
        if self.session.connected:
            _ = self._start_task(self.async_refresh())
        self.async_update_listeners()

    def _start_task(self, work: Coroutine[Any, Any, None]) -> object:
        return self._entry.async_create_background_task(self.hass, work, self.name)
