"""Login sessions of one device: their ids, users, and the connection each is bound to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .link import Link


@dataclass(eq=False, slots=True, kw_only=True)
class Session:
    """One login; it dies with its connection. `armed` sessions get alarm pushes.

    Of a session that this device dialled for, `registrar` is the server, where its media go.
    """

    number: int
    user: str
    link: Link
    service: str = ""
    armed: bool = False
    pushes: int = 0
    hears_battery: bool = False
    keepalives: int = 0

    @property
    def told(self) -> str:
        """Who it is, as logs say it."""
        return f"{self.user},{self.service}:{self.link.peer_host}"

    registrar: tuple[str, int] | None = None


class Sessions:
    """Every live session by its number."""

    def __init__(self) -> None:
        self.next_number = 1
        self._live: dict[int, Session] = {}
        self.on_end: Callable[[Session], None] = lambda _session: None

    def __len__(self) -> int:
        return len(self._live)

    def __iter__(self) -> Iterator[Session]:
        return iter(list(self._live.values()))

    def get(self, number: int) -> Session | None:
        """The live session with this number."""
        return self._live.get(number)

    def open(self, user: str, link: Link) -> Session:
        """Begin a session on a connection."""
        session = Session(number=self.next_number, user=user, link=link)
        self.next_number = self.next_number % 0xFFFFFFFF + 1
        self._live[session.number] = session
        return session

    def end(self, session: Session) -> None:
        """End a session; its streams end with it."""
        if self._live.pop(session.number, None) is not None:
            self.on_end(session)

    def users(self) -> set[str]:
        """Names of the users logged in."""
        return {session.user for session in self._live.values()}
