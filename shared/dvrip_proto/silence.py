"""What a device is silent about: asked once. Some firmware never answers what it does not know."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from .device import Device
from .errors import ProtocolError, RequestError, RequestTimeoutError, TransportError

_HANGS_UP: Final = 3  # once or twice in a row may be a restart, or a network that stood still


class Silence:
    """The questions that one device lets time out, answers with nonsense, or hangs up on, time after time.

    Such a question costs its connection. It is only suspected at first, because a cable that was pulled looks
    the same: a device that is there again at once was silent, one that is not was away. `Keeper` tells which.
    What was answered once is doubted only when it fails time after time.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = set(names)
        self._suspected: set[str] = set()
        self._answered: set[str] = set()
        self._hung_up: Counter[str] = Counter()
        self._lock = asyncio.Lock()

    def __contains__(self, name: str) -> bool:
        return name in self._names or name in self._suspected

    @property
    def names(self) -> frozenset[str]:
        """Questions that are not asked any more."""
        return frozenset(self._names | self._suspected)

    @property
    def suspected(self) -> bool:
        """Whether a question was left open on the last connection."""
        return bool(self._suspected or self._hung_up)

    def settle(self, *, there: bool) -> None:
        """Say whether the device could be connected to after its silence: then it was silent on purpose."""
        if there:
            self._names |= self._suspected
        else:
            self._hung_up.clear()
        self._suspected.clear()

    async def ask[T](self, device: Device, name: str, question: Callable[[], Awaitable[T]]) -> T | None:
        """Answer to `question`, known as `name`; None when the device has none, or is no longer connected."""
        if name in self or device.closed:
            return None
        try:
            return await self.once(device, name, question)
        except (TransportError, ProtocolError, RequestError):
            return None

    async def once[T](self, device: Device, name: str, question: Callable[[], Awaitable[T]]) -> T:
        """Answer to `question`, whose silence is noted; one at a time. Errors: those of `question`."""
        async with self._lock:
            if device.closed:
                raise TransportError(f"{device.host}:{device.port}: not connected")
            clock = asyncio.get_running_loop().time
            began = clock()
            try:
                answer = await question()
            except ProtocolError:
                self._doubt(name, known=name in self._answered)
                raise
            except RequestTimeoutError:
                # The end of a connection fails all that waits on it: what waited shorter is not the culprit.
                if clock() - began >= device.connection.timeout_s * 0.9:
                    self._doubt(name, known=name in self._answered)
                raise
            except TransportError:
                if device.closed:
                    self._doubt(name, known=True)
                raise
            self._hung_up.pop(name, None)
            self._answered.add(name)
            return answer

    def _doubt(self, name: str, *, known: bool) -> None:
        if known:
            self._hung_up[name] += 1
            if self._hung_up[name] < _HANGS_UP:
                return
        self._suspected.add(name)
