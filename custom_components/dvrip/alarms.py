"""Which alarms of a device are on now, made of pushes that repeat, come late, or never end."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later, async_track_time_interval

from dvrip_proto import AlarmEvent, AlarmKind, Device, DvripError

from .const import LOGGER
from .identity import Alarm, active_alarms
from .session import DvripSession

ARM = "Guard"
_BUTTON = "LocalAlarm"
"""What doorbells tell of their button, says the vendor's program for phones; of others it is an input's."""
DEVICE_ITSELF = -1
ANY = -2
"""Stands for whichever channel, input or disk has an alarm, for those who wait for it."""
_LOOK_EVERY = timedelta(seconds=5)
_ARM_AGAIN_EVERY = timedelta(minutes=5)

# A device repeats the start of these while they last, and some firmware never sends the end: silence ends
# them. The others last for hours without a word.
_REPEATING = {
    AlarmKind.MOTION,
    AlarmKind.PERSON,
    AlarmKind.FACE,
    AlarmKind.VEHICLE,
    AlarmKind.CROSSING,
    AlarmKind.FALL,
    AlarmKind.SOUND,
}


# Nothing lasts here, and many devices never end it: each is one of its own.
_MOMENTS = {AlarmKind.RING, AlarmKind.LOGIN, AlarmKind.NETWORK, AlarmKind.OTHER}


def alarm_of(event: AlarmEvent, channels: int) -> Alarm:
    """Kind and owner of an alarm; the device itself is no channel, input or disk."""
    number = event.owner(channels).number
    return event.kind, DEVICE_ITSELF if number is None else number


class ActiveAlarms:
    """The set of alarms that are on; `on_change` is called with each alarm that begins or ends."""

    def __init__(
        self,
        hass: HomeAssistant,
        auto_off_s: float,
        on_change: Callable[[Alarm], None],
        channels: Callable[[], int],
    ) -> None:
        self._hass = hass
        self._channels = channels
        self._auto_off_s = auto_off_s
        self._on_change = on_change
        self._active: dict[Alarm, CALLBACK_TYPE | None] = {}
        self._pushed: set[Alarm] | None = None
        self._stopped = False

    def __contains__(self, alarm: Alarm) -> bool:
        return alarm in self._active

    @property
    def active(self) -> frozenset[Alarm]:
        """The alarms that are on."""
        return frozenset(self._active)

    @callback
    def feed(self, event: AlarmEvent) -> bool:
        """Take in one push; whether an alarm has begun, and not only said so again."""
        if event.unclear or self._stopped:
            return False
        alarm = alarm_of(event, self._channels())
        if self._pushed is not None:
            self._pushed.add(alarm)
        known = alarm in self._active
        self._cancel(alarm)
        if event.active is False:
            if known:
                del self._active[alarm]
                self._on_change(alarm)
            return False
        self._active[alarm] = self._end_timer(alarm, has_end=event.active is not None)
        if not known:
            self._on_change(alarm)
        return not known or event.kind in _MOMENTS

    @callback
    def reset(self, active: Iterable[Alarm] = ()) -> None:
        """Forget everything but `active`, silently."""
        for alarm in self._active:
            self._cancel(alarm)
        self._active = {}
        self._add(active)

    @callback
    def begin(self) -> None:
        """Forget everything, and note from now on what is pushed: that is newer than what is asked for."""
        self.reset()
        self._pushed = set()

    @callback
    def settle(self, told: Iterable[Alarm]) -> None:
        """Take in, silently, what a device was asked for since `begin`."""
        pushed, self._pushed = self._pushed or set(), None
        self._add(set(told) - pushed)

    @callback
    def stop(self) -> None:
        """Forget everything, for good."""
        self._stopped = True
        self.reset()

    def _add(self, alarms: Iterable[Alarm]) -> None:
        if not self._stopped:
            self._active |= {alarm: self._end_timer(alarm, has_end=True) for alarm in alarms}

    def _end_timer(self, alarm: Alarm, *, has_end: bool) -> CALLBACK_TYPE | None:
        if has_end and alarm[0] not in _REPEATING:
            return None

        @callback
        def end(_now: object) -> None:
            del self._active[alarm]
            self._on_change(alarm)

        return async_call_later(self._hass, self._auto_off_s, end)

    def _cancel(self, alarm: Alarm) -> None:
        if (cancel := self._active.get(alarm)) is not None:
            cancel()


class DvripAlarms:
    """Arms a device after each login; an alarm is told to those who wait for it, and to nobody else."""

    def __init__(self, hass: HomeAssistant, session: DvripSession, auto_off_s: float) -> None:
        self._session = session
        self._on = ActiveAlarms(hass, auto_off_s, self._changed, lambda: session.channel_count)
        self._waiting: defaultdict[Alarm, set[CALLBACK_TYPE]] = defaultdict(set)
        self._hearing: set[Callable[[AlarmEvent], None]] = set()
        self.armed = False
        self._heard_ever = False
        self._hinted = False
        self._told = False
        session.async_greet(self._arm)
        self._unlisten = session.async_listen(self._session_changed)
        self._stop_looking = async_track_time_interval(hass, self._look, _LOOK_EVERY)
        self._stop_asking = async_track_time_interval(hass, self._arm_again, _ARM_AGAIN_EVERY)

    @property
    def active(self) -> frozenset[Alarm]:
        """The alarms that are on."""
        return self._on.active

    @property
    def known(self) -> bool:
        """Whether what is not on is off: some firmware agrees to push alarms, and never does."""
        return self._heard_ever or self._told

    @property
    def known_by_push(self) -> bool:
        """Whether this device has pushed an alarm since the entry was set up."""
        return self._heard_ever

    @callback
    def is_on(self, alarm: Alarm) -> bool:
        """Whether it is on now."""
        return alarm in self._on

    @callback
    def async_on_change(self, alarm: Alarm, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call `listener` when `alarm` begins or ends, until the returned function is called."""
        self._waiting[alarm].add(listener)
        return partial(self._waiting[alarm].discard, listener)

    @callback
    def async_on_event(self, listener: Callable[[AlarmEvent], None]) -> CALLBACK_TYPE:
        """Call `listener` with every start of an alarm until the returned function is called."""
        self._hearing.add(listener)
        return partial(self._hearing.discard, listener)

    @callback
    def async_stop(self) -> None:
        """Forget everything."""
        self._unlisten()
        self._stop_looking()
        self._stop_asking()
        self._on.stop()

    async def _arm(self, device: Device) -> None:
        self._on.begin()
        device.alarms.subscribe(self._heard)
        self.armed = await self._armed(device)
        told = await active_alarms(device, self._session.silence, self._session.channel_count)
        self._told = told is not None
        self._on.settle(told or ())

    async def _armed(self, device: Device) -> bool:
        silence = self._session.silence
        if ARM in silence or device.closed:
            return False
        return await silence.once(device, ARM, device.alarms.arm)

    async def _arm_again(self, _now: object) -> None:
        """Ask a device again that refused: its account may have been given the right meanwhile."""
        session = self._session
        if self.armed or not session.connected:
            return
        with suppress(DvripError):
            device = session.device
            armed = await self._armed(device)
            if armed and session.device_now is device:
                self.armed = True
                session.async_tell()

    @callback
    def _session_changed(self) -> None:
        if not self._session.connected:
            self._on.reset()
            self.armed = False

    async def _look(self, _now: object) -> None:
        """Ask a device that has pushed nothing yet what is on: some agree to push, and never do."""
        session = self._session
        if self._heard_ever or not self._told or not session.connected:
            return
        with suppress(DvripError):
            told = await active_alarms(session.device, session.silence, session.channel_count)
            if told is not None and not self._heard_ever:
                self._see(told)

    @callback
    def _see(self, told: set[Alarm]) -> None:
        before = self._on.active
        self._on.reset(told)
        for alarm in before ^ self._on.active:
            self._changed(alarm)
        if told - before and not self._hinted:
            self._hinted = True
            LOGGER.info("%s: an alarm is on that was not pushed: its state is asked for", self._session.name)

    @callback
    def _heard(self, event: AlarmEvent) -> None:
        if event.event == _BUTTON and self._session.identity.info.is_doorbell:
            event = replace(event, kind=AlarmKind.RING)
        news = not self.armed or not self.known
        self._heard_ever = self.armed = True
        if news:  # refused or silent so far, and there it is all the same
            self._session.async_tell()
        if not self._on.feed(event):
            return
        for listener in tuple(self._hearing):
            listener(event)

    @callback
    def _changed(self, alarm: Alarm) -> None:
        for place in (alarm, (alarm[0], ANY)):
            for listener in tuple(self._waiting.get(place, ())):
                listener()
