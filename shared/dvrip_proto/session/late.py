"""Answers that may still come to requests that were given up, and whose they are. Pure.

1. Devices answer in order: a keep-alive goes before the next request whose answer would look the same, and
   once that is answered no answer to the older one comes any more. Until then its place stays taken.
2. A device that answers out of order is known by sequence numbers, if it repeats them: most do, some add one,
   some count their own messages. The answered keep-alive tells who repeats them.
3. The same question has the same answer: a late one may serve whoever asks it again. What answers name their
   object tells them apart.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Final

from ..wire.ids import NAMED_REPLIES
from ..wire.reply import Reply
from .events import Request

FENCE_S: Final = 1.0
_REMEMBERED: Final = 8  # of one id: who leaves so many unanswered answers none of them


class Late:
    """The requests of one session that were given up, and not answered yet."""

    def __init__(self) -> None:
        self._given_up: dict[int, deque[Request]] = {}

    def __iter__(self) -> Iterator[Request]:
        return iter([each for others in self._given_up.values() for each in others])

    def add(self, request: Request) -> None:
        """Remember a request that nobody waits for any more."""
        self._given_up.setdefault(request.key, deque(maxlen=_REMEMBERED)).append(request)

    def answered(self, request: Request) -> None:
        """Forget a request: its answer came."""
        others = self._given_up.get(request.key, deque())
        if request in others:
            others.remove(request)

    def before(self, asked: Request) -> Request | None:
        """The latest request whose answer may still come, and would look like the answer to this one."""
        older = self._given_up.get(asked.key, ())
        return next((each for each in reversed(older) if not each.settled and not apart(each, asked)), None)

    def keepalive(self, sequence: int) -> list[Request]:
        """Requests whose answers would have come before this answer to a keep-alive, if at all."""
        over = [each for each in self if each.fence is not None]
        for request in over:
            request.repeats = sequence == request.fence
            request.fence, request.settled = None, True
        return over

    def whose(self, asked: Request, sequence: int) -> Request | None:
        """The request that an answer rather belongs to than to the one that waits for it."""
        if sequence == asked.sent_as:
            return None
        for request in self._given_up.get(asked.key, ()):
            theirs = (request.sent_as, request.sent_as + 1) if request.repeats else (request.sent_as,)
            if sequence in theirs and not apart(request, asked):
                return request
        return None


def apart(one: Request, other: Request) -> bool:
    """Whether nobody is wronged when the answer to one is taken for the other's, or its name forbids that."""
    if one.body == other.body:
        return True
    if one.key not in NAMED_REPLIES or not one.name or not other.name:
        return False
    ours, theirs = one.name.casefold().split("."), other.name.casefold().split(".")
    return ours[0] != theirs[0] and ours[-1] != theirs[-1]  # some answers name the section or the item alone


def names_agree(request: Request, reply: Reply) -> bool:
    """Whether a reply can be the request's by name: other firmware, other spelling, or none at all."""
    unnamed = reply.message_id not in NAMED_REPLIES or not request.name or not reply.name
    if unnamed or request.name in reply.body:
        return True
    asked, named = request.name.casefold(), reply.name.casefold()
    return asked.startswith(named) or named.startswith(asked) or asked.endswith((f".{named}", f"@{named}"))
