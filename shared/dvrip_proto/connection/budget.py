"""The few connections that a device takes: who holds one, and who has to wait or is told so.

1. A device says its number (NetWork.NetCommon.TCPMaxConn, ten on most); two are left for the owner's app and
   for other programs, one is the session's own.
2. What nobody needs just now is given up for what somebody needs.
3. Whoever gets none is told who holds them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from ..errors import DvripError, NoConnectionError, RequestTimeoutError, TransportError
from ..values import Json, loose_number
from ..wire.ids import MessageId
from ..wire.shapes import member, members
from .callbacks import call, register

if TYPE_CHECKING:
    from .control import Connection

USUAL: Final = 10
LEFT_FREE: Final = 2
_OWN: Final = 1
_WAIT_S: Final = 3.0  # a still or a stream that is being closed needs less
_OBJECT: Final = "NetWork.NetCommon"
_ASK_S: Final = 2.0


class Slot:
    """A connection for media, until it is released; `what` it is for, in messages."""

    def __init__(self, budget: Budget, what: str) -> None:
        self.what = what
        self.give_up: Callable[[], None] | None = None
        """Ends what the connection is for, as long as nobody needs it."""
        self._budget = budget

    def release(self) -> None:
        """Give the connection back; any number of times."""
        self._budget._forget(self)  # noqa: SLF001 - its own module

    def refused(self, reason: str) -> NoConnectionError:
        """The error of a device that says that it sends no further stream; gives the connection back."""
        self.release()
        return self._budget._short(f"{self.what}: {reason}")  # noqa: SLF001 - its own module

    async def kept[T](self, opening: Awaitable[T], *, told: bool = False) -> T:
        """Result of a step of opening; what fails gives the connection back.

        With `told`, a device that ends the connection there says that it takes no more.
        """
        try:
            return await opening
        except TransportError as error:
            self.release()
            raise self._budget._refused(self.what, error) if told else error from error  # noqa: SLF001 - its own module
        except BaseException:
            self.release()
            raise


class Budget:
    """Connections for media beside one session."""

    def __init__(self, control: Connection) -> None:
        self._control = control
        self._where = control.where
        self._asking = asyncio.Lock()
        self._most: int | None = None
        self.wait_s = _WAIT_S
        self._slots: list[Slot] = []
        self._freed = asyncio.Event()
        self._refusals: list[Callable[[NoConnectionError], None]] = []

    @property
    def most(self) -> int:
        """Connections that may be held for media at once."""
        return max(1, (self._most or USUAL) - LEFT_FREE - _OWN)

    @property
    def held(self) -> tuple[str, ...]:
        """What connections are held for."""
        return tuple(slot.what for slot in self._slots)

    def on_refused(self, callback: Callable[[NoConnectionError], None]) -> Callable[[], None]:
        """Call `callback` whenever somebody gets none, until the returned function is called."""
        return register(self._refusals, callback)

    async def take(self, what: str) -> Slot:
        """Hold a connection for `what`. NoConnectionError when none gets free in a moment."""
        await self._learn()
        try:
            async with asyncio.timeout(self.wait_s):
                while len(self._slots) >= self.most:
                    self._give_up_one()
                    self._freed.clear()
                    await self._freed.wait()
        except TimeoutError:
            raise self._short(f"{what}: no free connection") from None
        slot = Slot(self, what)
        self._slots.append(slot)
        return slot

    def told(self) -> str:
        """Who holds the device's connections, for messages."""
        known = "takes" if self._most else "takes, as most do,"
        holders = ", ".join(self.held) or "nothing"
        return (
            f"the device {known} {self._most or USUAL}, {LEFT_FREE} of them are left for others; "
            f"held here beside the session: {holders}"
        )

    def _give_up_one(self) -> None:
        for slot in self._slots:
            if slot.give_up is not None:
                give_up, slot.give_up = slot.give_up, None
                give_up()
                return

    def _refused(self, what: str, error: TransportError) -> TransportError:
        if self._control.closed or isinstance(error, RequestTimeoutError):
            return error
        reason = str(error).removeprefix(f"{self._where}: ")
        return self._short(f"{what}: {reason} at once: it has no free connection")

    def _short(self, why: str) -> NoConnectionError:
        error = NoConnectionError(f"{self._where}: {why}: {self.told()}", holders=self.held)
        for callback in tuple(self._refusals):
            call(callback, error, self._where)
        return error

    async def _learn(self) -> None:
        """Ask for the device's number before a second connection is held: one it has in any case."""
        async with self._asking:
            if self._most is None and self._slots:
                self._most = await self._ask()

    async def _ask(self) -> int:
        try:
            reply = await self._control.request(
                MessageId.CONFIG_GET, _OBJECT, timeout_s=min(_ASK_S, self._control.timeout_s), optional=True
            )
        except DvripError:
            return USUAL
        return _number(member(reply.body, _OBJECT))

    def _forget(self, slot: Slot) -> None:
        if slot in self._slots:
            self._slots.remove(slot)
            self._freed.set()


def _number(common: Json) -> int:
    most = loose_number(member(members(common), "TCPMaxConn"))
    return most if most is not None and most > 1 else USUAL
