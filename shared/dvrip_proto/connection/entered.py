"""A connection that was entered in clear, until the first answer shows that this was the right way.

Some firmware takes a plain login and then answers empty, or what only an encrypted session can read. The
connection is then made anew under the same object, once, and what was asked is asked again: whoever holds it
need not know. A question of our own is asked for that only before media, and when something is answered
empty: some firmware answers a few questions and keeps the rest empty (dbuezas/icsee-ptz issue 66).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, Final, override

from ..errors import DvripError, RequestError, RequestTimeoutError, TransportError
from ..session import Event, Request, Session
from ..values import Json
from ..wire.ids import READS, MessageId
from ..wire.reply import Reply
from ..wire.ret import ALGORITHM_ERROR, SUCCESS
from .control import ABSENT, Connection
from .link import Link
from .ways import Seen

_QUESTION_S: Final = 3.0
_QUESTIONS: Final = ((MessageId.SYSINFO, "SystemInfo"), (MessageId.ABILITY_GET, "SystemFunction"))
_NOTHING: Final = b"\0\r\n "

type Further = Callable[[Seen], Awaitable[Entered]]
"""Logs in another way after what was seen; raises when there is none."""


class Entered(Connection):
    """A connection that may have to be entered another way."""

    further: Further | None = None
    login_answer: Reply | None = None
    _renewal: asyncio.Task[None] | None = None
    _is_asked = False

    @override
    async def request_raw(self, message_id: int, body: bytes, **options: Any) -> Reply:
        await self.be_sure()
        return await super().request_raw(message_id, body, **options)

    @override
    async def request(
        self,
        message_id: int,
        name: str = "",
        value: Json = ABSENT,
        *,
        extra: Mapping[str, Json] | None = None,
        ok: Iterable[int] | None = SUCCESS,
        timeout_s: float | None = None,
        optional: bool = False,
    ) -> Reply:
        while True:
            await self._settled()
            session = self._session
            try:
                reply = await super().request(
                    message_id, name, value, extra=extra, ok=ok, timeout_s=timeout_s, optional=optional
                )
            except DvripError as error:
                seen = self._shows(error)
                if seen is not None:
                    self._doubt(seen)
                elif session is self._session and not self._is_renewing:
                    raise
                continue
            if reply.body or reply.raw.strip(_NOTHING):
                self.further = None
            elif self.further is not None and await self._answers_nothing(message_id):
                self._doubt(Seen.EMPTY)
                continue
            elif self._is_renewing or session is not self._session:
                continue
            return reply

    @override
    async def _answer(self, request: Request) -> Reply:
        reply = await super()._answer(request)
        if request.message_id == MessageId.LOGIN:
            self.login_answer = reply
        return reply

    @override
    async def wait_closed(self) -> DvripError | None:
        while True:
            link = self._link
            await asyncio.shield(link.lost)
            await self._settled()
            if link is self._link:
                return self._error

    @override
    async def close(self) -> None:
        self.further, renewal = None, self._renewal
        try:
            if renewal is not None and not renewal.done() and renewal is not asyncio.current_task():
                renewal.cancel()
                await asyncio.wait([renewal])
        finally:
            if self.closed and not self._over:
                self._end(None)  # the session of before has ended, and nobody was told
            await super().close()

    def hand_over(self, handle: Callable[[list[Event]], None]) -> tuple[Session, Link, DvripError | None]:
        """Give what this connection consists of to another one, that hears its events from now on.

        With the error that has ended it already, if one has.
        """
        if self._timer is not None:
            self._timer.cancel()
        self._link.tell(handle)
        return self._session, self._link, self._gone() if self.closed else None

    @property
    def _is_renewing(self) -> bool:
        return self._renewal is not None and not self._renewal.done()

    @cached_property
    def _asking(self) -> asyncio.Lock:
        return asyncio.Lock()

    async def _settled(self) -> None:
        """Wait for a way in that is looked for."""
        if self._renewal is not None and not self._renewal.done():
            await asyncio.wait([self._renewal])

    def _shows(self, error: DvripError) -> Seen | None:
        """What a first error tells of the way in: any other answer that can be read settles it."""
        if self.further is None or not isinstance(error, RequestError):
            return None
        if error.ret == ALGORITHM_ERROR or (error.ret is None and getattr(error, "encryption", False)):
            return Seen.CIPHERED
        self.further = None
        return None

    @override
    async def be_sure(self) -> None:
        await self._settled()
        async with self._asking:  # whoever comes second waits for the same answer
            if self.further is None or self._is_asked:
                return
            try:
                await self.request(*_QUESTIONS[0], ok=None, timeout_s=_QUESTION_S, optional=True)
            except (RequestError, RequestTimeoutError):
                if self.closed:
                    raise
            self._is_asked = True

    async def _answers_nothing(self, message_id: int) -> bool:
        """Whether the device says nothing at all: some answer a few questions and keep the rest empty."""
        for question, name in _QUESTIONS:
            if question == message_id:
                continue
            try:
                reply = await super().request(question, name, ok=None, timeout_s=_QUESTION_S, optional=True)
            except DvripError:
                if self.closed and not self._is_renewing:
                    raise
                return message_id in READS or self._is_renewing
            if reply.body:
                return False
        return True

    def _doubt(self, seen: Seen) -> None:
        """Begin to look for another way, if nobody has."""
        further, self.further = self.further, None
        if further is not None:
            self._renewal = asyncio.create_task(self._renew(further, seen))

    async def _renew(self, further: Further, seen: Seen) -> None:
        old = self._link
        self._session.end(None)
        old.hang_up(broken=False)
        for request in tuple(self._waiters):
            self._resolve(request, TransportError(f"{self.where}: logging in another way"))
        await old.closed()
        try:
            other = await further(seen)
        except DvripError as error:
            self._end(error)
            return
        self._session, self._link, lost = other.hand_over(self._handle)
        self.hold.move(self._session)
        self.entry = other.entry
        self._set_timer()
        if lost is not None:
            self._end(lost)  # it was lost before anybody here could hear of it
