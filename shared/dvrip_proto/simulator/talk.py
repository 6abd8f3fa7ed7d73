"""Who talks to this device: one speaker at a time, on a claimed socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .claims import Claim, Claims

if TYPE_CHECKING:
    from .link import Link
    from .sessions import Session


class Talk:
    """Claims for two-way audio; `heard_bytes` counts what arrived while somebody talked."""

    def __init__(self) -> None:
        self.speaker: Session | None = None
        self.heard_bytes = 0
        self.claims: Claims[Claim] = Claims(self._ended)

    def claim(self, session: Session, link: Link) -> bool:
        """Bind a socket to a session for audio; False when the session has claimed too much already."""
        known = any(claim.link is link for claim in self.claims.of(session))
        return known or self.claims.add(Claim(session=session, link=link))

    def start(self, session: Session) -> bool:
        """Open the talk; False without a claim."""
        if not self.claims.of(session):
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
        speaker = self.speaker
        heard = speaker is not None and any(claim.link is link for claim in self.claims.of(speaker))
        self.heard_bytes += size if heard else 0
        return heard

    def _ended(self, claim: Claim) -> None:
        if not self.claims.of(claim.session):
            self.stop(claim.session)
