"""What a media stream is asked and does, as a table, and what counts as life. Pure: `now` in, deadlines out.

1. Life is progress of frames, not traffic: bytes that belong to no frame keep nothing alive.
2. A frame that grows is progress for three times the patience; then it must have been whole.
3. Two sockets have no common order: what says the end on one may overtake the last media on the other, so a
   second without media follows before the end is believed.
4. Some devices set the mark of the end on every message: once media came behind a mark, marks mean nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from math import inf
from typing import Any, Final, Protocol

from .wire.ids import MessageId
from .wire.media import MediaFrame
from .wire.reply import Reply
from .wire.shapes import member, members

GROWTH_BYTES: Final = 64 * 1024  # of a frame that show that it comes; fewer within the patience are silence
LAST_S: Final = 1.0
PACED_REST_S: Final = 20.0
MAX_SKIPPED: Final = 4 * 1024 * 1024  # a recording that begins inside a frame skips the rest of that one
_GROWTH_TIMES: Final = 3
_OUTGROWN_TIMES: Final = 4  # the newest recording grows while it is downloaded
_OUTGROWN_BYTES: Final = 64 * 1024 * 1024
_GOP: Final = timedelta(seconds=15)  # key frames, which carry the time, are closer to each other


class State(Enum):
    """What a stream is doing."""

    OPENING = auto()  # claimed, not started yet; media may come all the same
    RUNNING = auto()
    HELD = auto()  # the reader asked the device to pause: no silence ends it
    MARKED = auto()  # a message bore the mark of the end
    TOLD = auto()  # the control connection told the end
    HELD_AT_END = auto()
    OVER = auto()


class Event(Enum):
    """What happens to it."""

    STARTED = auto()
    MEDIA = auto()
    MARK = auto()
    TOLD = auto()
    HOLD = auto()
    GO_ON = auto()
    SEEK = auto()
    END = auto()


NEXT: Final[Mapping[State, Mapping[Event, State]]] = {
    State.OPENING: {
        Event.STARTED: State.RUNNING,
        Event.MARK: State.MARKED,
        Event.TOLD: State.TOLD,
        Event.END: State.OVER,
    },
    State.RUNNING: {
        Event.MARK: State.MARKED,
        Event.TOLD: State.TOLD,
        Event.HOLD: State.HELD,
        Event.END: State.OVER,
    },
    State.HELD: {
        Event.MARK: State.HELD_AT_END,
        Event.TOLD: State.HELD_AT_END,
        Event.GO_ON: State.RUNNING,
        Event.SEEK: State.RUNNING,
        Event.END: State.OVER,
    },
    State.MARKED: {
        Event.MEDIA: State.RUNNING,
        Event.TOLD: State.TOLD,
        Event.HOLD: State.HELD_AT_END,
        Event.SEEK: State.RUNNING,
        Event.END: State.OVER,
    },
    State.TOLD: {
        Event.HOLD: State.HELD_AT_END,
        Event.SEEK: State.RUNNING,
        Event.END: State.OVER,
    },
    State.HELD_AT_END: {
        Event.GO_ON: State.MARKED,
        Event.SEEK: State.RUNNING,
        Event.END: State.OVER,
    },
    State.OVER: {},
}
"""State -> event -> state; an event without a row changes nothing."""

_ENDS: Final = re.compile(r"eof|\w*(?:end|ended|stop|stopped|finish|finished|over|complete|completed)", re.I)
ENDING: Final = frozenset({State.MARKED, State.TOLD, State.HELD_AT_END})


class Cutter(Protocol):
    """Makes frames of the bodies of media messages."""

    @property
    def skipped(self) -> int:
        """Bytes so far that belong to no frame."""

    @property
    def growing(self) -> int:
        """Bytes that are here of the next frame."""

    def feed(self, *bodies: memoryview) -> list[MediaFrame]:
        """The frames that the bodies complete, copied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """How a kind of media is claimed, started and stopped; `what` it is, for messages.

    `extra` stands beside the operation in every message. A `recorded` one ends: see `Life` for `announced`,
    `listed`, `until` and `paced`; its first picture is `between` two times. `cutter` makes frames of media.
    """

    claim_id: int
    control_id: int
    name: str
    parameter: Mapping[str, Any]
    what: str
    members: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)
    start: str = "Start"
    stop: str = "Stop"
    recorded: bool = False
    announced: int = 0
    listed: int = 0
    until: datetime | None = None
    paced: bool = False
    between: tuple[datetime, datetime] | None = None
    cutter: Cutter | None = None

    def value(self, action: str, changes: Mapping[str, Any]) -> dict[str, Any]:
        """The operation's object; `changes` replace members of it or of its Parameter."""
        own = {name: changes.get(name, value) for name, value in self.members.items()}
        parameter = {name: changes.get(name, value) for name, value in self.parameter.items()}
        return {"Action": action, **own, "Parameter": parameter}


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds without progress after which media are given up: live ones, or recorded ones.

    Archives pause for 18 to 74 s and end well (owners of XMEye recorders). `first_s` is for the first frame,
    `rest_s` for whatever follows when all that was announced is here. After `doubt_s` the device is asked
    for a sign of life.
    """

    silence_s: float
    first_s: float = 0.0
    rest_s: float = 0.0
    doubt_s: float = inf


class Life:
    """One stream's state, and when it ends by itself. `announced` and `listed` are bytes, 0 when unknown.

    At `announced` a recording is whole, and silence is its end: after `rest_s` if its pictures reach `until`,
    too. Of one that is played at its own pace (`paced`) silence there is the end in any case: some firmware
    never tells it (GrowCam). `listed` is what it cannot outgrow by far.
    """

    def __init__(
        self,
        patience: Patience,
        *,
        announced: int = 0,
        listed: int = 0,
        until: datetime | None = None,
        paced: bool = False,
    ) -> None:
        self.state = State.OPENING
        self._patience = patience
        self._first_s = patience.first_s
        self._announced = announced
        self._most = listed * _OUTGROWN_TIMES + _OUTGROWN_BYTES if listed else 0
        self._until = until
        self._paced = paced
        self._time: datetime | None = None
        self._marks = True
        self._received = 0
        self._came = False
        self._doubted = False
        self._heard_at = 0.0
        self._whole_at = 0.0
        self._bytes_at = 0.0
        self._grown = 0
        self._skipped = 0

    def on(self, event: Event, now: float) -> None:
        """Take what happens; messages go to `message`."""
        following = NEXT[self.state].get(event)
        if following is None or following is self.state:
            return
        if event is Event.MEDIA:
            self._marks = False
        self.state = following
        self.renew(now)

    def renew(self, now: float) -> None:
        """Count the patience from now on, as after a time in which nothing could come."""
        self._heard_at = self._whole_at = now
        self._doubted = False

    def unpromised(self, first_s: float) -> None:
        """Have the first frame come within `first_s`: the device has not said that any would."""
        self._first_s = first_s

    def message(self, size: int, *, mark: bool, now: float) -> None:
        """Note a message of recorded media."""
        self._received += size
        if size and self.state is State.MARKED:
            self.on(Event.MEDIA, now)
        if mark and self._marks:
            self.on(Event.MARK, now)

    def media(self, frames: int, *, growing: int, skipped: int, now: float) -> None:
        """Note what a read brought: whole frames, bytes of the next one so far, all bytes skipped so far."""
        self._bytes_at = now
        if frames:
            self._heard_at = self._whole_at = now
            self._came, self._doubted = True, False
            self._grown, self._skipped = growing, skipped
        elif growing < self._grown:
            self._grown = growing
        elif growing >= self._grown + GROWTH_BYTES:
            self._grown = growing
            if now < self._whole_at + self._limit * _GROWTH_TIMES:
                self._heard_at = now

    def picture(self, time: datetime | None) -> None:
        """Note the time that a key frame carries."""
        self._time = time or self._time

    def fault(self, skipped: int) -> str:
        """Why what came cannot be the stream that was asked for, "" when it can."""
        if skipped - self._skipped > MAX_SKIPPED:
            return f"{skipped - self._skipped} bytes came that are no media of DVRIP"
        if 0 < self._most < self._received:
            return f"the device sends far more than the recording has: {self._received} bytes by now"
        return ""

    def deadline(self) -> float | None:
        """When silence ends the stream; None while none can."""
        match self.state:
            case State.RUNNING:
                return self._heard_at + self._limit
            case State.MARKED | State.TOLD:
                return self._heard_at + LAST_S
            case _:
                return None

    def doubtful_at(self) -> float:
        """When the device shall show that it lives: once in every silence."""
        return (
            inf
            if self.state is not State.RUNNING or self._doubted
            else self._heard_at + self._patience.doubt_s
        )

    def doubted(self) -> None:
        """The device was asked for a sign of life."""
        self._doubted = True

    @property
    def at_its_end(self) -> bool:
        """Whether silence, or a lost connection, is the end that was to come."""
        return self.state in ENDING

    @property
    def whole(self) -> bool:
        """Whether all that was announced is here, or all that is played."""
        return 0 < self._announced <= self._received or (self._paced and self._reaches_the_end)

    @property
    def complete(self) -> bool:
        """Whether a connection that is lost now takes nothing away: it is whole, up to its last pictures."""
        return self.whole and self._reaches_the_end

    def silence(self) -> str:
        """What there was none of for how long, when the deadline has passed."""
        if self._bytes_at > self._heard_at:
            return f"no frame for {self._limit:g} s in what the device sends"
        return f"no media for {self._limit:g} s"

    @property
    def _limit(self) -> float:
        if self._patience.rest_s and self.complete:
            return max(self._patience.rest_s, PACED_REST_S) if self._paced else self._patience.rest_s
        if not self._came and self._first_s:
            return self._first_s
        return self._patience.silence_s

    @property
    def _reaches_the_end(self) -> bool:
        return self._until is not None and self._time is not None and self._time >= self._until - _GOP


class FirstPicture:
    """Compares when the first picture was taken with what was asked for.

    Some devices send another recording than they are asked for (alexshpilkin/dvrip issue 9).
    """

    def __init__(self, between: tuple[datetime, datetime] | None, asked: Mapping[str, object]) -> None:
        self._between = between
        self._asked = asked

    def strange(self, frames: Iterable[MediaFrame]) -> str:
        """Why frames cannot be of what was asked for, "" when they can."""
        if self._between is None:
            return ""
        told = next((frame.time for frame in frames if frame.time is not None), None)
        if told is None:
            return ""
        (first, last), self._between = self._between, None
        if first <= told <= last:
            return ""
        return (
            f"the device sends another recording: its pictures are of {told}, those that were asked for of "
            f"{self._asked.get('StartTime')} to {self._asked.get('EndTime')} "
            "(any_time takes them, if a clock is wrong)"
        )


def says_end(push: Reply) -> str | None:
    """The file whose end a device tells, "" when it names none; None when it tells no end."""
    told = members(member(push.body, "OPPlayBack"))
    action = member(told, "Action")
    if action is None and push.message_id == MessageId.PLAYBACK_EOF:
        action = "EOF"
    if not isinstance(action, str) or _ENDS.fullmatch(action.strip()) is None:
        return None
    name = member(members(member(told, "Parameter")), "FileName")
    return name if isinstance(name, str) else ""
