"""Requests of one session that wait: for their replies, or for the request with the same reply id. Pure."""

from __future__ import annotations

from collections import deque

from ..wire.ids import PUSH_IDS, acceptable_replies
from ..wire.reply import Reply
from .events import Request


class Pending:
    """Who is in flight, one of each reply id, and who waits for such a place."""

    def __init__(self) -> None:
        self._in_flight: dict[int, Request] = {}
        self._waiting: deque[Request] = deque()

    def get(self, key: int) -> Request | None:
        """Who has the place of this reply id."""
        return self._in_flight.get(key)

    def put(self, request: Request) -> None:
        """Let a request have its place."""
        self._in_flight[request.key] = request

    def wait(self, request: Request, *, first: bool = False) -> None:
        """Let a request wait for its place."""
        if first:
            self._waiting.appendleft(request)
        else:
            self._waiting.append(request)

    def withdraw(self, request: Request) -> None:
        """Forget a request that waits."""
        if request in self._waiting:
            self._waiting.remove(request)

    def clear(self) -> None:
        """Forget all."""
        self._in_flight.clear()
        self._waiting.clear()

    def following(self, request: Request) -> Request | None:
        """Who waits for the place of this request."""
        return next((other for other in self._waiting if other.key == request.key), None)

    def free(self, request: Request) -> Request | None:
        """Take a request's place from it; who may have it now, and waits no longer."""
        del self._in_flight[request.key]
        following = self.following(request)
        if following is not None:
            self._waiting.remove(following)
        return following

    def awaited(self) -> Request | None:
        """A request whose answer somebody waits for."""
        return next((each for each in self._in_flight.values() if not each.given_up), None)

    def deadlines(self) -> list[float]:
        """When those in flight will have waited long enough."""
        return [request.deadline for request in self._in_flight.values()]

    def due(self, now: float) -> list[Request]:
        """Those in flight that have waited long enough."""
        return [request for request in self._in_flight.values() if request.deadline <= now]

    def asked(self, message_id: int) -> Request | None:
        """The request that a message with this id answers."""
        for request in self._in_flight.values():
            if message_id in acceptable_replies(request.message_id):
                return request
        return None

    def echoed(self, reply: Reply) -> Request | None:
        """The request that is answered under its own id: what has a return code is an answer."""
        if reply.ret is None or reply.message_id in PUSH_IDS:
            return None
        return next((each for each in self._in_flight.values() if each.message_id == reply.message_id), None)
