"""Recordings played and downloaded: claims on media sockets, and one task a running playback.

As with live streams a claim binds a media socket to a session, and the session's control socket starts,
steers and stops. A stopped playback leaves its socket claimed, for the next start. A start may come first:
it is answered at once, and the claim that follows begins to play.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from ..wire.body import encode_reply
from ..wire.framer import pack
from ..wire.ids import MessageId
from ..wire.media import FrameKind, MediaFrame, pack_frame
from .claims import Claim, Claims
from .clips.clip import Clip, ClipFrame
from .clips.recorded import Tape, seconds
from .packets import Packer, pack_unit
from .state.archive import RecordedFile

if TYPE_CHECKING:
    from .link import Link
    from .monitor import Key
    from .quirks import Quirks
    from .sessions import Session

_LOGGER = logging.getLogger(__name__)

OK: Final = 100
ILLEGAL: Final = 103
NOT_FOUND: Final = 109
_RUNNING_MAX: Final = 4  # specification: four playbacks a client
_STEPS: Final = range(5)
_STREAMS: Final = ("Main", "Extra1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a client wants to see: files, from a moment to another."""

    key: object
    files: tuple[RecordedFile, ...]
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Early:
    """A start that waits for its claim, `until` a moment of the loop's clock."""

    wish: Wish
    download: bool
    until: float


@dataclass(eq=False, slots=True, kw_only=True)
class Reel(Claim):
    """A claim for recordings; `task` runs while one plays."""

    key: object
    wish: Wish | None = None
    task: asyncio.Task[None] | None = None
    download: bool = False
    dropped: bool = False
    speed: float = 1.0
    going: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def playing(self) -> bool:
        """Whether it sends, or would if it were not paused."""
        return self.task is not None and not self.task.done()


class Playbacks:
    """Claims and running playbacks of one device; `started` counts them by action."""

    def __init__(
        self,
        clip: Callable[[Key], Awaitable[Clip | None]],
        *,
        still: Callable[[Key, float], Awaitable[bytes | None]],
        quirks: Callable[[], Quirks],
        sound: Callable[[Key], bool],
    ) -> None:
        self._clip = clip
        self._still = still
        self._quirks = quirks
        self._sound = sound
        self.claims: Claims[Reel] = Claims(_halt)
        self.started = 0
        self._early: dict[Session, _Early] = {}

    @property
    def running(self) -> int:
        """Number of playbacks and downloads now."""
        return sum(claim.playing for claim in self.claims)

    def claim(self, session: Session, link: Link, key: object) -> bool:
        """Bind a socket to a session for one recording; False when the session has claimed too much."""
        claim = Reel(session=session, link=link, key=key)
        if not self.claims.add(claim):
            return False
        early = self._early.pop(session, None)
        if early is not None and asyncio.get_running_loop().time() < early.until:
            self._begin(claim, early.wish, download=early.download)
        return True

    def interrupt(self, session: Session) -> None:
        """Drop what the session has claimed and not started yet."""
        for claim in self.claims.of(session):
            claim.dropped = not claim.playing

    def is_dropped(self, session: Session) -> bool:
        """Whether what a start of the session means was dropped."""
        return any(claim.dropped for claim in self.claims.of(session))

    def start(self, session: Session, control: Link, wish: Wish, *, download: bool) -> int | None:
        """Begin on a claimed socket: the return code, None where the media itself is the answer."""
        if not wish.files:
            return NOT_FOUND
        if sum(claim.playing for claim in self.claims.of(session)) >= _RUNNING_MAX:
            return ILLEGAL
        claim = self._idle(session, wish.key)
        if claim is None:
            return self._await_claim(session, wish, download=download)
        self._begin(claim, wish, download=download)
        return None if claim.link is control else OK

    def control(
        self, session: Session, key: object, action: str, *, value: int, begin: datetime | None
    ) -> int:
        """Pause, continue, change the pace, seek or stop what plays."""
        own = [claim for claim in self.claims.of(session) if claim.key == key]
        claim = next((claim for claim in own if claim.playing), own[-1] if own else None)
        if claim is None or claim.wish is None:
            return ILLEGAL
        if action == "Stop":
            _halt(claim)
        elif action == "Pause":
            claim.going.clear()
        elif action == "Continue":
            claim.speed = 1.0
            claim.going.set()
        elif action in ("Fast", "Slow") and value in _STEPS:
            claim.speed = 2.0 ** (value if action == "Fast" else -value)
            claim.going.set()
        elif action in ("Locate", "Seek") and begin is not None:
            _halt(claim)
            self._run(claim, Wish(key=key, files=claim.wish.files, begin=begin, end=claim.wish.end))
        else:
            return ILLEGAL
        return OK

    def _idle(self, session: Session, key: object) -> Reel | None:
        """The claim that a start means: the newest for this recording, or else any that is idle."""
        idle = [claim for claim in self.claims.of(session) if not claim.playing]
        exact = [claim for claim in idle if claim.key == key]
        return next(reversed(exact or idle), None)

    def _await_claim(self, session: Session, wish: Wish, *, download: bool) -> int:
        now, wait_s = asyncio.get_running_loop().time(), self._quirks().claim_wait_s
        if not wait_s:
            return ILLEGAL
        self._early = {who: early for who, early in self._early.items() if now < early.until}
        self._early[session] = _Early(wish=wish, download=download, until=now + wait_s)
        return OK

    def _begin(self, claim: Reel, wish: Wish, *, download: bool) -> None:
        claim.key, claim.download, claim.speed = wish.key, download, 1.0
        self.started += 1
        self._run(claim, wish)

    def _run(self, claim: Reel, wish: Wish) -> None:
        claim.wish = wish
        claim.going.set()
        claim.task = asyncio.create_task(self._play(claim, wish))

    async def _play(self, claim: Reel, wish: Wish) -> None:
        try:
            first = wish.files[0]
            if first.kind == "jpg":
                await self._send_picture(claim, first)
            else:
                await self._send_video(claim, wish)
            self._end(claim, wish)
        except (OSError, ValueError):
            _LOGGER.exception("playback of channel %d ends", wish.files[0].channel)

    async def _send_video(self, claim: Reel, wish: Wish) -> None:
        quirks, packer = self._quirks(), self._packer(claim)
        loop = asyncio.get_running_loop()
        began = due = loop.time()
        last: datetime | None = None
        sent = 0
        for file in wish.files:
            key = (file.channel, _STREAMS[file.stream])
            clip = await self._clip(key)
            if clip is None:
                return
            for at, unit in _units(Tape(clip, sound=self._sound(key)), file, wish):
                if not claim.going.is_set():
                    await claim.going.wait()
                    due = loop.time()
                if not claim.download:
                    due += max((at - last).total_seconds(), 0.0) / claim.speed if last else 0.0
                    last = at
                    await asyncio.sleep(max(0.0, due - loop.time()))
                if quirks.freeze_after_s is not None and loop.time() - began > quirks.freeze_after_s:
                    await asyncio.Event().wait()
                if claim.download and sent == quirks.archive_pause_at:
                    await asyncio.sleep(quirks.archive_pause_s or 0.0)
                sent += 1
                await self._send(claim, packer, pack_unit(clip, unit, file.channel, at))

    async def _send_picture(self, claim: Reel, file: RecordedFile) -> None:
        key = (file.channel, _STREAMS[file.stream])
        picture = await self._still(key, seconds(file.begin))
        if picture is not None:
            frame = MediaFrame(kind=FrameKind.JPEG, payload=picture, codec="jpeg", time=file.begin)
            data = picture if self._quirks().bare_pictures else pack_frame(frame)
            await self._send(claim, self._packer(claim), data)

    def _packer(self, claim: Reel) -> Packer:
        quirks = self._quirks()
        return Packer(
            session=claim.session.number,
            channel=0,
            size=quirks.packet_size,
            merge=False,
            split=quirks.split_headers,
            message_id=self._data_id(claim),
        )

    def _data_id(self, claim: Reel) -> int:
        as_download = claim.download and not self._quirks().download_as_playback
        return MessageId.DOWNLOAD_DATA if as_download else MessageId.PLAYBACK_DATA

    async def _send(self, claim: Reel, packer: Packer, data: bytes) -> None:
        messages = packer.pack(data, claim.link.media_sequence)
        claim.link.media_sequence += len(messages)
        claim.feed([*messages])
        await claim.link.drain()

    def _end(self, claim: Reel, wish: Wish) -> None:
        """Say that everything was sent, in this device's manner."""
        quirks, number = self._quirks(), claim.session.number
        if quirks.playback_end == "silence":
            return
        if quirks.playback_end == "flag":
            message = pack(
                self._data_id(claim),
                b"",
                session=number,
                sequence=claim.link.media_sequence,
                end=1,
                version=1,
            )
            claim.link.media_sequence += 1
            claim.link.write([message])
            return
        parameter = {"FileName": wish.files[-1].name, "TransMode": "TCP"}
        body = {
            "Name": "OPPlayBack",
            "OPPlayBack": {"Action": "EOF", "Parameter": parameter},
            "SessionID": f"0x{number:x}",
        }
        link = claim.session.link if quirks.playback_end == "control" else claim.link
        link.send(MessageId.PLAYBACK_EOF, encode_reply(body), session=number, sequence=0)


def _halt(claim: Reel) -> None:
    if claim.task is not None:
        claim.task.cancel()
        claim.task = None


def _units(tape: Tape, file: RecordedFile, wish: Wish) -> Iterator[tuple[datetime, ClipFrame | bytes]]:
    return tape.play(max(file.begin, wish.begin), min(file.end, wish.end))
