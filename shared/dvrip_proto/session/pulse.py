"""Signs of life of a device: when it is asked for one, and when it is gone.

1. Whoever has sent nothing for half the device's interval sends a keep-alive; after two without anything
   heard the device is gone.
2. A stream that has fallen silent asks at once, and once more, for answers get lost (python-dvr issue 48).
   How long one may take is learned from all others: a device that was slow before gets twice that time.
"""

from __future__ import annotations

from math import inf
from typing import Final

from ..wire.reply import Reply, named_session
from ..wire.ret import SUCCESS

_MISSES_ALLOWED: Final = 2
_SHORTEST_S: Final = 4.0
_LONGEST_S: Final = 10.0
_NOTHING: Final = b"\0\r\n "


class Pulse:
    """Of one session, on the clock that `now` is of."""

    def __init__(self) -> None:
        self._spoke_at = 0.0
        self._asked_at: float | None = None
        self._gone_at: float | None = None
        self._again_at = inf
        self._unanswered = 0
        self._slowest_s = self._half_s = 0.0

    def spoke(self, now: float) -> None:
        """Something was sent."""
        self._spoke_at = now

    def heard(self, now: float) -> None:
        """Anything came: the device lives."""
        if self._asked_at is not None:
            self.took(now - self._asked_at)
        self._asked_at = self._gone_at = None
        self._again_at = inf
        self._unanswered = 0

    def took(self, seconds: float) -> None:
        """An answer took so long."""
        self._slowest_s = max(self._slowest_s, seconds)

    def asked(self, now: float) -> None:
        """A keep-alive was sent."""
        if self._gone_at is None:
            self._unanswered += 1
        elif self._again_at < self._gone_at:
            self._again_at = max(self._again_at, now) + self._half_s
        if self._asked_at is None:
            self._asked_at = now

    def doubted(self, now: float) -> bool:
        """Begin to wait for a sign of life; False when that was begun before."""
        if self._gone_at is not None:
            return False
        patience_s = min(max(2 * self._slowest_s, _SHORTEST_S), _LONGEST_S)
        self._gone_at, self._again_at = now + patience_s, now
        self._half_s = patience_s / 2
        return True

    def next_at(self, interval_s: float) -> float:
        """When to ask, or to say that the device is gone."""
        at = self._spoke_at + interval_s / 2
        return at if self._gone_at is None else min(at, self._again_at, self._gone_at)

    def gone(self, now: float, answer_due: float) -> str:
        """Why the device is gone, "" as long as it may not be.

        While an answer is due, doubts wait: one that searches its disk may say nothing else meanwhile.
        """
        if self._gone_at is not None and now >= self._gone_at:
            if now >= answer_due:
                return "no media, and no answer to a keep-alive"
            self._gone_at = answer_due
        if self._unanswered == _MISSES_ALLOWED:
            return f"{_MISSES_ALLOWED} keep-alives without an answer"
        return ""


def says_yes(reply: Reply, session_id: int) -> bool:
    """Whether an answer to a keep-alive agrees: without a return code it has to name this session."""
    if not reply.raw.strip(_NOTHING):
        return True  # firmware that answers few things answers this empty; it does not say no
    if reply.ret is None:
        return named_session(reply, session_id) == session_id
    return reply.ret == 0 or reply.ret in SUCCESS
