"""Live streams: claims on media sockets, start and stop, and one paced task a running stream.

A claim binds a media socket to a session; Start from the session's control socket begins the stream on the
claimed one. Start may overtake the claim, so it waits for it. Where both use one socket, Start is answered
by the media itself.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..wire.media import FrameKind, MediaFrame, pack_frame
from .claims import Claim, Claims
from .clips.clip import Clip, ClipFrame
from .packets import Packer, pack_unit

if TYPE_CHECKING:
    from datetime import datetime

    from .link import Link
    from .quirks import Quirks
    from .sessions import Session

_LOGGER = logging.getLogger(__name__)

OK: Final = 100
ILLEGAL: Final = 103
BEHIND_MAX: Final = 2 * 1024 * 1024
STALLED_S: Final = 20.0
_LATE_MAX_S: Final = 2.0
_SERVICE_EVERY_S: Final = 2.0
# The bogus P frame of an NBD8008R-U: first NAL with nuh_layer_id 32 (vector frame-service-block).
_SERVICE_BLOCK: Final = bytes.fromhex(
    "00000001110178000000000000000107d1000100000000000000010000000100000102f1020e25d1020e25d1261f02f1"
    "261f00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "000000000000000000000000000000000000"
)
_INFO_FRAME: Final = pack_frame(MediaFrame(kind=FrameKind.INFO, payload=b"STATUS:00000000000;"))

type Key = tuple[int, str]
"""Channel and stream: (0, "Main")."""


@dataclass(eq=False, slots=True, kw_only=True)
class Stream(Claim):
    """A claim for one stream; `task` runs while it plays."""

    key: Key
    task: asyncio.Task[None] | None = None
    paused: bool = False


class Monitors:
    """Claims and running streams of one device; the counters are keyed by (channel, stream)."""

    def __init__(
        self,
        clip: Callable[[Key], Awaitable[Clip | None]],
        *,
        quirks: Callable[[], Quirks],
        now: Callable[[], datetime],
        sound: Callable[[Key], bool],
        shows: Callable[[int], bool],
    ) -> None:
        self._clip = clip
        self._quirks = quirks
        self._now = now
        self._sound = sound
        self._shows = shows
        self.claims: Claims[Stream] = Claims(_cancel)
        self.behind_max = BEHIND_MAX
        self.stalled_s = STALLED_S
        self._epoch: float | None = None
        self.running: Counter[Key] = Counter()
        self.peak: Counter[Key] = Counter()
        self.started: Counter[Key] = Counter()
        self.kilobits: dict[int, int] = {}

    def position_s(self) -> float:
        """Where the device's loops stand now."""
        if self._epoch is None:
            self._epoch = _time()
        return _time() - self._epoch

    def claim(self, session: Session, link: Link, key: Key) -> bool:
        """Bind a socket to a session for one stream; False when the session has claimed too much already."""
        return self.claims.add(Stream(session=session, link=link, key=key))

    async def start(self, session: Session, control: Link, key: Key) -> int | None:
        """Begin a claimed stream: the return code, None where the media itself is the answer."""
        claim = await self.claims.wait_for(
            lambda: self._idle(session, key), wait_s=self._quirks().claim_wait_s
        )
        if claim is None:
            return ILLEGAL
        claim.task = asyncio.create_task(self._run(claim))
        return None if claim.link is control else OK

    def stop(self, session: Session, key: Key) -> int:
        """End a session's stream and its media socket; 103 when it does not run."""
        playing = self._playing(session, key)
        for claim in playing:
            self.claims.end(claim)
            if claim.link is not session.link and not claim.link.claims:
                claim.link.close()
        return OK if playing else ILLEGAL

    def pause(self, session: Session, key: Key, *, paused: bool) -> int:
        """Hold or continue a running stream."""
        playing = self._playing(session, key)
        for claim in playing:
            claim.paused = paused
        return OK if playing else ILLEGAL

    def _playing(self, session: Session, key: Key) -> list[Stream]:
        return [claim for claim in self.claims.of(session) if claim.key == key and claim.task]

    def _idle(self, session: Session, key: Key) -> Stream | None:
        """The claim that a Start means: the newest that does not play yet."""
        idle = [claim for claim in self.claims.of(session) if claim.key == key and claim.task is None]
        return idle[-1] if idle else None

    async def _run(self, claim: Stream) -> None:
        self.running[claim.key] += 1
        self.started[claim.key] += 1
        self.peak[claim.key] = max(self.peak[claim.key], self.running[claim.key])
        try:
            clip = None if claim.key[0] in self._quirks().silent_channels else await self._clip(claim.key)
            if clip is not None:
                self.kilobits[claim.key[0]] = clip.kilobits
                await self._play(claim, clip)
        except (OSError, ValueError):
            _LOGGER.exception("stream of channel %d ends", claim.key[0])
        finally:
            self.running[claim.key] -= 1
            if not any(count for key, count in self.running.items() if key[0] == claim.key[0]):
                self.kilobits.pop(claim.key[0], None)

    async def _play(self, claim: Stream, clip: Clip) -> None:
        quirks = self._quirks()
        first = clip.keyframe_before(self.position_s())
        if quirks.mid_gop:
            first = min(first + 3, len(clip.frames) - 1)
        packer = Packer(
            session=claim.session.number,
            channel=claim.key[0],
            size=quirks.packet_size,
            merge=quirks.merge_frames,
            split=quirks.split_headers,
        )
        viewer = _Viewer(claim, packer, behind_max=self.behind_max, stalled_s=self.stalled_s)
        began = _time()
        service_due = 0.0
        for due, unit in clip.play(first, sound=self._sound(claim.key)):
            began += await _until(began + due)
            if quirks.freeze_after_s is not None and due > quirks.freeze_after_s:
                return
            if claim.paused or not self._shows(claim.key[0]):
                viewer.skip()
                continue
            frame = pack_unit(clip, unit, claim.key[0], self._now())
            informed = quirks.info_frames and isinstance(unit, ClipFrame) and unit.keyframe
            viewer.send(unit, _INFO_FRAME + frame if informed else frame)
            if quirks.service_blocks and due >= service_due and isinstance(unit, ClipFrame):
                service_due = due + _SERVICE_EVERY_S
                viewer.send(b"", pack_frame(MediaFrame(kind=FrameKind.P, payload=_SERVICE_BLOCK)))


class _Viewer:
    """The far end of one stream: who does not keep up misses frames up to a key frame, then is dropped."""

    def __init__(self, claim: Stream, packer: Packer, *, behind_max: int, stalled_s: float) -> None:
        self._claim = claim
        self._behind_max = behind_max
        self._stalled_s = stalled_s
        self._link = claim.link
        self._packer = packer
        self._waits_for_key = False
        self._behind_since: float | None = None

    def send(self, unit: ClipFrame | bytes, data: bytes) -> None:
        if self._is_behind():
            self._waits_for_key = True
            return
        if self._waits_for_key:
            if not (isinstance(unit, ClipFrame) and unit.keyframe):
                return
            self._waits_for_key = False
        messages = self._packer.pack(data, self._link.media_sequence)
        self._link.media_sequence += len(messages)
        self._claim.feed([*messages])

    def skip(self) -> None:
        """Leave out a frame; the stream goes on with a key frame."""
        self._waits_for_key = True

    def _is_behind(self) -> bool:
        if self._link.unsent <= self._behind_max:
            self._behind_since = None
            return False
        now = _time()
        if self._behind_since is None:
            self._behind_since = now
        elif now - self._behind_since > self._stalled_s:
            self._link.abort()
        return True


def _time() -> float:
    return asyncio.get_running_loop().time()


def _cancel(claim: Stream) -> None:
    if claim.task is not None:
        claim.task.cancel()


async def _until(moment: float) -> float:
    """Sleep until a moment; how far the schedule must move when this process was held up for too long."""
    delay = moment - _time()
    if delay > 0:
        await asyncio.sleep(delay)
        return 0.0
    return -delay if -delay > _LATE_MAX_S else 0.0
