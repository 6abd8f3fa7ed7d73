"""Answers that may still come to requests that were given up, and whose they are. Pure.

1. Devices answer in order: behind a request that was given up goes a keep-alive, and once that is answered no
   answer to an older request comes any more. Until then the place of the request stays taken.
2. A device that answers out of order is known by sequence numbers, if it repeats them: most do, some add one,
   some count their own messages. The answered keep-alive tells who repeats them.
3. The same question has the same answer: a late one may serve whoever asks it again.
"""

from __future__ import annotations

from collections import deque
from typing import Final

from .events import Request

FENCE_S: Final = 1.0
_REMEMBERED: Final = 8  # of one id: who leaves so many unanswered answers none of them


class Late:
    """The requests of one session that were given up, and not answered yet."""

    def __init__(self) -> None:
        self._given_up: dict[int, deque[Request]] = {}

    def add(self, request: Request) -> None:
        """Remember a request that nobody waits for any more."""
        self._given_up.setdefault(request.key, deque(maxlen=_REMEMBERED)).append(request)

    def answered(self, request: Request) -> None:
        """Forget a request: its answer came."""
        others = self._given_up.get(request.key, deque())
        if request in others:
            others.remove(request)

    def keepalive(self, sequence: int) -> list[Request]:
        """Requests whose answers would have come before this answer to a keep-alive, if at all."""
        over = [each for others in self._given_up.values() for each in others if each.fence is not None]
        for request in over:
            request.repeats = sequence == request.fence
            request.fence = None
        return over

    def whose(self, asked: Request, sequence: int) -> Request | None:
        """The request that an answer rather belongs to than to the one that waits for it."""
        if sequence == asked.sent_as:
            return None
        for request in self._given_up.get(asked.key, ()):
            theirs = (request.sent_as, request.sent_as + 1) if request.repeats else (request.sent_as,)
            if sequence in theirs and request.body != asked.body:
                return request
        return None
