"""Keeps a device connected: finds it again after a loss, and never hammers a login. Policy only.

1. Refused credentials are never tried again.
2. While the device cannot be reached, trying costs it nothing: it is tried every few seconds.
3. A device that was there a moment ago is tried again within ten seconds, however often it goes.
4. Only a device that is there and says no, or one that is another, has the long delays.
5. Any sign of the device, and anybody who wants its pictures, cuts a wait: `nudge`.
"""

from __future__ import annotations

import asyncio
import logging
import math
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress

from .device import Device
from .errors import AuthenticationError, DvripError, TransportError, UnsupportedError, UsageError
from .silence import Silence
from .stream import MediaStream

_LOGGER = logging.getLogger(__name__)
BACKOFF_S = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
AWAY_S = 4.0
LOST_S = 10.0
STEADY_S = 60.0
_JITTER = 0.2
_NUDGED_S = 1.0  # what a nudge leaves of a wait behind the last attempt
_REFUSED_S = 10.0  # the same for a device that was there and said no
_WANTED_S = 3.0


class Keeper:
    """Owns the one device that is connected now.

    `on_up` is awaited after every login, the first included: arm alarms there. When it raises, the device is
    closed and tried again. `on_down` hears once of every loss, with its error, and of a login that was
    refused, after which nothing is tried any more: devices lock accounts. It hears, too, of every attempt for
    which no encrypted session came about. An `on_up` that asks through
    `silence` may lose the first connection to a question: that is not asked again, so `start` goes on.
    `backoff_s` are the delays between attempts, at most `away_s` while there is no way to the device, at most
    `lost_s` behind a good login; a session of `steady_s` starts them anew.
    """

    def __init__(
        self,
        factory: Callable[[], Device],
        *,
        on_up: Callable[[Device], Awaitable[None]],
        on_down: Callable[[DvripError | None], None],
        backoff_s: Sequence[float] = BACKOFF_S,
        away_s: float = AWAY_S,
        lost_s: float = LOST_S,
        steady_s: float = STEADY_S,
        silence: Silence | None = None,
    ) -> None:
        self._away_s = away_s
        self._lost_s = lost_s
        self._steady_s = steady_s
        self._factory = factory
        self._on_up = on_up
        self._on_down = on_down
        self._backoff_s = tuple(backoff_s) or BACKOFF_S
        self._silence = silence or Silence()
        self._task: asyncio.Task[None] | None = None
        self._device: Device | None = None
        self._where = "the device"
        self._failures = 0
        self._longest_s = lost_s
        self._nudged = asyncio.Event()
        self._up = asyncio.Event()
        self._started = False
        self._stopped = False

    @property
    def device(self) -> Device | None:
        """The device while it is connected."""
        return self._device

    async def start(self, *, patient: bool = False) -> None:
        """Connect for the first time. Its error is raised, and then nothing goes on; a keeper starts once.

        A `patient` one waits for a device that cannot be reached: `on_down` hears of it, and this returns.
        """
        if self._started:
            raise UsageError(f"{self._where}: a keeper starts once: make a new one")
        self._started = True
        device: Device | None = None
        try:
            device = await self._first_connection()
        except TransportError as error:
            if not patient or self._stopped:
                raise
            self._tell(error)
        if self._stopped and device is not None:
            await device.close()
            raise TransportError(f"{self._where}: stopped while connecting")
        self._task = asyncio.create_task(self._keep(device))

    def nudge(self) -> None:
        """Try now, if it is being waited: the device has been seen, or somebody wants its pictures."""
        self._nudged.set()

    async def stop(self) -> None:
        """Disconnect for good; any number of times. `on_down` does not hear of it."""
        self._stopped = True
        try:
            if self._task is not None and self._task is not asyncio.current_task():
                self._task.cancel()
                await asyncio.wait([self._task])
        finally:
            device, self._device = self._device, None
            if device is not None:
                await device.close()

    @asynccontextmanager
    async def monitor(self, channel: int = 0, stream: str = "Main") -> AsyncIterator[MediaStream]:
        """Stream of the device that is connected, now or in a moment. TransportError while there is none."""
        if self._device is None and self._task is not None and not self._task.done():
            self.nudge()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._up.wait(), _WANTED_S)
        if self._device is None:
            raise TransportError(f"{self._where}: not connected")
        async with self._device.monitor.open(channel, stream) as media:
            yield media

    async def _first_connection(self) -> Device:
        while True:
            try:
                return await self._connect()
            except TransportError:
                if self._stopped or not self._silence.suspected:
                    raise

    async def _connect(self) -> Device:
        device = self._factory()
        self._where = f"{device.host}:{device.port}"
        try:
            try:
                await device.open()
            except BaseException as error:
                self._silence.settle(there=False)
                self._longest_s = self._away_s if isinstance(error, TransportError) else math.inf
                raise
            self._silence.settle(there=True)
            if self._stopped:
                raise TransportError(f"{self._where}: stopped while connecting")
            self._device = device
            await self._on_up(device)
        except BaseException:
            if self._device is not None:
                self._longest_s = self._lost_s if device.closed else math.inf
            self._device = None
            await device.close()
            raise
        self._longest_s = self._lost_s
        self._up.set()
        return device

    async def _keep(self, device: Device | None) -> None:
        clock = asyncio.get_running_loop().time
        current = device or await self._connect_again()
        while current is not None and not self._stopped:
            began = clock()
            error = await current.wait_closed()
            self._nudged.clear()
            self._device = None
            self._up.clear()
            await current.close()
            if clock() - began >= self._steady_s:
                self._failures = 0
            if isinstance(error, UnsupportedError):
                self._longest_s = math.inf  # it lets in, and then wants what nobody here can do
            _LOGGER.debug("%s: connection lost: %s", self._where, error)
            self._tell(error)
            current = await self._connect_again()

    async def _connect_again(self) -> Device | None:
        """Try until it succeeds; None when the device refuses the login."""
        while not self._stopped:
            await self._wait()
            self._nudged.clear()
            try:
                return await self._connect()
            except AuthenticationError as error:
                self._tell(error)
                return None
            except DvripError as error:
                _LOGGER.debug("%s: not connected yet: %s", self._where, error)
                if isinstance(error, UnsupportedError) and error.encryption:
                    self._tell(error)  # that does not end by itself
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if task is None or task.cancelling():
                    raise
                _LOGGER.exception("%s: on_up was cancelled", self._where)  # what it waited for was
            except Exception:
                _LOGGER.exception("%s: on_up failed", self._where)
        return None

    async def _wait(self) -> None:
        """Wait before the next attempt, or until a nudge: but never without any delay."""
        delay_s = min(self._backoff_s[min(self._failures, len(self._backoff_s) - 1)], self._longest_s)
        self._failures += 1
        delay_s *= random.uniform(1 - _JITTER, 1 + _JITTER)
        least_s = min(delay_s, _NUDGED_S if math.isfinite(self._longest_s) else _REFUSED_S)
        await asyncio.sleep(least_s)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._nudged.wait(), delay_s - least_s)

    def _tell(self, error: DvripError | None) -> None:
        try:
            self._on_down(error)
        except Exception:
            _LOGGER.exception("%s: on_down failed", self._where)
