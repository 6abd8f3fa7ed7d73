"""What a conversation is about: requests, and what comes of bytes and of time."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..errors import DvripError
from ..wire.ids import MessageId, label, reply_of, spoken
from ..wire.reply import Reply


@dataclass(slots=True, eq=False, kw_only=True)
class Request:
    """A request in flight, or waiting for its turn: the handle that events carry.

    Of one that was given up, `fence` is the keep-alive behind it while that is not answered, `settled` that
    no answer is waited out any more, `repeats` that the device is known to repeat sequence numbers.
    `doubtful` is an answer that may be an older request's.
    """

    message_id: int
    body: bytes = field(repr=False)
    name: str = ""
    timeout_s: float
    took_s: float = 0.0  # of that time, which messages name as it was configured
    sent_at: float = 0.0
    deadline: float = 0.0
    sequence: int | None = None
    channel: int = 0
    end: int = 0
    optional: bool = False
    sent_as: int = -1
    given_up: bool = False
    fence: int | None = None
    settled: bool = False
    repeats: bool = False
    doubtful: Reply | None = None

    @property
    def key(self) -> int:
        """Requests with the same key cannot be in flight together."""
        return reply_of(self.message_id)

    def __str__(self) -> str:
        if self.message_id == MessageId.LOGIN:
            return "the login"
        return f"{label(self.message_id)} {spoken(self.name)}".rstrip()


@dataclass(frozen=True, slots=True)
class Replied:
    """The reply to a request came."""

    request: Request
    reply: Reply


@dataclass(frozen=True, slots=True)
class Failed:
    """A request failed; the session goes on."""

    request: Request
    error: DvripError


@dataclass(frozen=True, slots=True)
class Pushed:
    """The device said something unasked."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Ended:
    """The session is over; `error` is None when that was asked for."""

    error: DvripError | None


type Event = Replied | Failed | Pushed | Ended
