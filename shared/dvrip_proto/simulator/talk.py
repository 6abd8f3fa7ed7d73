"""Who talks to this device: one speaker at a time, on a claimed socket."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..wire.media import FrameKind, MediaParser
from .claims import Claim, Claims

if TYPE_CHECKING:
    from .link import Link
    from .sessions import Session


_RATE: Final = 8000
_KEPT_S: Final = 600
_WAVE: Final = struct.Struct("<4sI4s4sIHHIIHHH4sI")
_FORMATS: Final = {"pcma": 6, "pcmu": 7}  # RFC 2361


@dataclass(eq=False, slots=True, kw_only=True)
class Speech(Claim):
    """A claim for sound: to the device, or to the camera of a channel."""

    channel: int | None = None


class Talk:
    """Claims for two-way audio; `heard_bytes` counts what arrived while somebody talked.

    The sound of the last talk is kept, its first ten minutes.
    """

    def __init__(self) -> None:
        self.speaker: Session | None = None
        self.channel: int | None = None
        self.heard_bytes = 0
        self._codec = "pcma"
        self._sound = bytearray()
        self._parser = MediaParser()
        self.claims: Claims[Speech] = Claims(self._ended)

    def claim(self, session: Session, link: Link, channel: int | None = None) -> bool:
        """Bind a socket to a session for audio; False when the session has claimed too much already."""
        for claim in self.claims.of(session):
            if claim.link is link:
                claim.channel = channel
                return True
        return self.claims.add(Speech(session=session, link=link, channel=channel))

    def start(self, session: Session, channel: int | None = None) -> bool:
        """Open the talk; False without a claim for the same channel."""
        if all(claim.channel != channel for claim in self.claims.of(session)):
            return False
        self.speaker, self.channel = session, channel
        self._sound.clear()
        self._parser = MediaParser()
        return True

    def stop(self, session: Session) -> bool:
        """Close the session's talk; False when it does not talk."""
        if self.speaker is not session:
            return False
        self.speaker = None
        return True

    def hear(self, link: Link, body: bytes) -> bool:
        """Keep sound from a socket; whether it belongs to the speaker."""
        speaker = self.speaker
        if speaker is None or all(claim.link is not link for claim in self.claims.of(speaker)):
            return False
        self.heard_bytes += len(body)
        for frame in self._parser.feed(body):
            if frame.kind is FrameKind.AUDIO and frame.codec in _FORMATS:
                self._codec = frame.codec
                self._sound += frame.payload[: _KEPT_S * _RATE - len(self._sound)]
        return True

    def wave(self) -> bytes:
        """What was said last, so far, as a WAV file of G.711; empty when nothing was."""
        size = len(self._sound)
        if not size:
            return b""
        format_ = (18, _FORMATS[self._codec], 1, _RATE, _RATE, 1, 8, 0)
        return _WAVE.pack(b"RIFF", 38 + size, b"WAVE", b"fmt ", *format_, b"data", size) + self._sound

    def _ended(self, claim: Speech) -> None:
        if not self.claims.of(claim.session):
            self.stop(claim.session)
