"""The network cable of one device: while it is out nothing arrives and nothing leaves, and nobody is told.

Connections stay open and silent, as TCP leaves them; new ones wait. With the cable back they go on, except
those that had too much to send or ended meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Final, Protocol

LONGEST_S: Final = 24 * 3600.0


class Holdable(Protocol):
    """A connection that can fall silent."""

    def hold(self) -> None:
        """Fall silent."""

    def release(self) -> None:
        """Go on."""


class Cable:
    """In or out; `wait` returns while it is in."""

    def __init__(self) -> None:
        self._in = asyncio.Event()
        self._in.set()
        self._timer: asyncio.TimerHandle | None = None
        self._held: list[Holdable] = []

    @property
    def plugged(self) -> bool:
        """Whether it is in."""
        return self._in.is_set()

    def pull(self, links: Iterable[Holdable], for_s: float) -> None:
        """Take it out for a time, 0 for until `plug`; a second pull sets the time anew."""
        self._stop_timer()
        if self._in.is_set():
            self._in.clear()
            self.hold(*links)
        if for_s:
            self._timer = asyncio.get_running_loop().call_later(for_s, self.plug)

    def hold(self, *links: Holdable) -> None:
        """Silence connections until the cable is back."""
        for link in links:
            link.hold()
            self._held.append(link)

    def plug(self) -> None:
        """Put it in; nothing happens when it is."""
        self._stop_timer()
        self._in.set()
        self.let_go()

    def let_go(self) -> None:
        """Release every silent connection."""
        held, self._held = self._held, []
        for link in held:
            link.release()

    async def wait(self) -> None:
        """Return once it is in."""
        await self._in.wait()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
