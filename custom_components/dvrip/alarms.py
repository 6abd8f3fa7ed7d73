"""Which alarms of a device are on now, made of pushes that repeat, come late, or never end."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

from dvrip_proto import AlarmEvent, AlarmKind

type Alarm = tuple[AlarmKind, int]

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


class ActiveAlarms:
    """The set of alarms that are on; `on_change` is called after each change of it."""

    def __init__(self, hass: HomeAssistant, auto_off_s: float, on_change: Callable[[], None]) -> None:
        self._hass = hass
        self._auto_off_s = auto_off_s
        self._on_change = on_change
        self._active: dict[Alarm, CALLBACK_TYPE | None] = {}

    @property
    def active(self) -> frozenset[Alarm]:
        """The alarms that are on."""
        return frozenset(self._active)

    @callback
    def feed(self, event: AlarmEvent) -> None:
        """Take in one push."""
        alarm = (event.kind, event.channel)
        known = alarm in self._active
        self._cancel(alarm)
        if event.active is False:
            if known:
                del self._active[alarm]
                self._on_change()
            return
        self._active[alarm] = self._end_timer(alarm, has_end=event.active is not None)
        if not known:
            self._on_change()

    @callback
    def reset(self, active: Iterable[Alarm] = ()) -> None:
        """Forget everything but `active`, silently."""
        for alarm in self._active:
            self._cancel(alarm)
        self._active = {alarm: self._end_timer(alarm, has_end=True) for alarm in active}

    def _end_timer(self, alarm: Alarm, *, has_end: bool) -> CALLBACK_TYPE | None:
        if has_end and alarm[0] not in _REPEATING:
            return None

        @callback
        def end(_now: object) -> None:
            del self._active[alarm]
            self._on_change()

        return async_call_later(self._hass, self._auto_off_s, end)

    def _cancel(self, alarm: Alarm) -> None:
        if (cancel := self._active.get(alarm)) is not None:
            cancel()
