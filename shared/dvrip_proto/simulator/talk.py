"""Who talks to this device: one speaker at a time, on a claimed socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .link import Link
    from .sessions import Session


class Talk:
    """Claims for two-way audio; `heard_bytes` counts what arrived while somebody talked."""

    def __init__(self) -> None:
        self.speaker: Session | None = None
        self.heard_bytes = 0
        self._claims: list[tuple[Session, Link]] = []

    def claim(self, session: Session, link: Link) -> None:
        """Bind a socket to a session for audio."""
        if (session, link) not in self._claims:
            self._claims.append((session, link))
            link.claims += 1

    def start(self, session: Session) -> bool:
        """Open the talk; False without a claim."""
        if not any(owner is session for owner, _ in self._claims):
            return False
        self.speaker = session
        return True

    def stop(self, session: Session) -> bool:
        """Close the session's talk; False when it does not talk."""
        if self.speaker is not session:
            return False
        self.speaker = None
        return True

    def hear(self, link: Link, size: int) -> bool:
        """Count sound from a socket; whether it belongs to the speaker."""
        heard = self.speaker is not None and any(
            owner is self.speaker and socket is link for owner, socket in self._claims
        )
        self.heard_bytes += size if heard else 0
        return heard

    def drop_session(self, session: Session) -> None:
        """End the talk of a session that is gone and close its sockets."""
        self.stop(session)
        for owner, link in list(self._claims):
            if owner is session:
                self._forget(owner, link)
                if link is not session.link:
                    link.close()

    def drop_link(self, link: Link) -> None:
        """Forget a socket that is gone."""
        for owner, socket in list(self._claims):
            if socket is link:
                self._forget(owner, socket)
                if not any(left is owner for left, _ in self._claims):
                    self.stop(owner)

    def _forget(self, session: Session, link: Link) -> None:
        self._claims.remove((session, link))
        link.claims -= 1
