"""Media sockets bound to sessions: one registry for live streams, playbacks and talk.

A claim binds a socket to a session; both may end, and the claim ends with either. Real devices let a Start
overtake its claim on the other socket, so that it is waited for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .link import Link
    from .sessions import Session

_SESSION_MAX: Final = 128
_TAKEN_MAX: Final = 2 * 1024 * 1024


@dataclass(eq=False, slots=True, kw_only=True)
class Claim:
    """One socket bound to a session."""

    session: Session
    link: Link

    def feed(self, messages: list[bytes | memoryview]) -> None:
        """Send media. A session whose media are taken is alive, whatever else its client says."""
        self.link.write(messages)
        if self.link.unsent <= _TAKEN_MAX and not self.link.closing:
            self.session.link.is_fed()


class Claims[C: Claim]:
    """The claims of one kind, the oldest first; `on_end` stops what runs on a claim that has ended."""

    def __init__(self, on_end: Callable[[C], None]) -> None:
        self._claims: list[C] = []
        self._added = asyncio.Event()
        self._on_end = on_end

    def __iter__(self) -> Iterator[C]:
        return iter(list(self._claims))

    def of(self, session: Session) -> list[C]:
        """The claims of a session."""
        return [claim for claim in self._claims if claim.session is session]

    def add(self, claim: C) -> bool:
        """Bind a socket; False when the session has claimed too much, or the socket carries no streams."""
        if claim.link.datagrams or len(self.of(claim.session)) >= _SESSION_MAX:
            return False
        self._claims.append(claim)
        claim.link.claims += 1
        self._added.set()
        return True

    async def wait_for(self, choose: Callable[[], C | None], *, wait_s: float) -> C | None:
        """The claim that `choose` finds, now or once it is added; None after `wait_s`."""
        try:
            async with asyncio.timeout(wait_s):
                while (claim := choose()) is None:
                    self._added.clear()
                    await self._added.wait()
                return claim
        except TimeoutError:
            return None

    def end(self, claim: C) -> None:
        """Let a claim go; its socket stays open."""
        self._claims.remove(claim)
        claim.link.claims -= 1
        self._on_end(claim)

    def drop_session(self, session: Session) -> None:
        """End every claim of a session that is gone and close its media sockets."""
        for claim in self.of(session):
            self.end(claim)
            if claim.link is not session.link:
                claim.link.close()

    def drop_link(self, link: Link) -> None:
        """End every claim on a socket that is gone."""
        for claim in self:
            if claim.link is link:
                self.end(claim)
