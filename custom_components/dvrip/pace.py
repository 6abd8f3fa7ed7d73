"""At most ten of a thing a second: a broken device repeats itself by the thousand, and all is recorded."""

from collections.abc import Callable
from time import monotonic

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

MOST = 10
WINDOW_S = 1.0


class Pace:
    """Lets ten through in a second."""

    def __init__(self) -> None:
        self._began = float("-inf")
        self._count = 0

    def allows(self) -> bool:
        """Whether there is room for one more now, which it then takes."""
        now = monotonic()
        if now - self._began >= WINDOW_S:
            self._began, self._count = now, 0
        self._count += 1
        return self._count <= MOST


class PacedWrites:
    """Calls `write` as often as it is asked to, up to the pace; what is beyond becomes one call, later."""

    def __init__(self, hass: HomeAssistant, write: Callable[[], None]) -> None:
        self._hass = hass
        self._write = write
        self._pace = Pace()
        self._late: CALLBACK_TYPE | None = None

    @callback
    def __call__(self) -> None:
        """Write now, or a second later together with what comes until then."""
        if self._late is None:
            if self._pace.allows():
                self._write()
            else:
                self._late = async_call_later(self._hass, WINDOW_S, self._write_late)

    @callback
    def cancel(self) -> None:
        """Write no more."""
        if self._late is not None:
            self._late()
            self._late = None

    @callback
    def _write_late(self, _now: object) -> None:
        self._late = None
        self._write()
