"""One connection's conversation: states, pending replies, keep-alive. No I/O: bytes and `now` in, events out.

1. Bytes to send collect in `outgoing()`; whoever calls anything here sends them afterwards.
2. A reply belongs to the request with its message id, and with its name where both name one.
3. Requests with the same reply id wait for each other; all others are in flight together.
4. A request that stays without a reply ends the session: its late reply must not answer the next one. What a
   device may leave unanswered is `optional`: `late` tells its late reply from the next one's.
5. Anything from the device shows that it lives; `pulse` knows when it has been silent for too long.
"""

from __future__ import annotations

from typing import Final

from ..errors import (
    DvripError,
    ProtocolError,
    RequestTimeoutError,
    TransportError,
    UnsupportedError,
    UsageError,
)
from ..wire.body import encode, looks_encrypted, session_text
from ..wire.cipher import Coding
from ..wire.framer import Frame, Framer, MediaSink, Tap, pack, untapped
from ..wire.ids import NAMED_REPLIES, MessageId, acceptable_replies, reply_of
from ..wire.reply import DEFAULT_ALIVE_S, LoginReply, Reply, read, read_login
from ..wire.ret import SUCCESS, session_lost
from .events import Ended, Event, Failed, Pushed, Replied, Request
from .late import FENCE_S, Late, apart, names_agree
from .pending import Pending
from .pulse import Pulse, says_yes
from .states import NEXT, State, Step

_OK: Final = 100
HURRY_S: Final = 1.0


class Session:
    """The client's side of one connection; `where` is HOST:PORT, for messages.

    A media socket's session has the `session_id` of a control connection's, and never logs in.
    """

    def __init__(self, where: str, *, session_id: int = 0, media_sink: MediaSink | None = None) -> None:
        self.where = where
        self.session_id = session_id
        self.state = State.NEW
        self.login_reply: LoginReply | None = None
        self.quiet = 0  # above 0 no keep-alives are sent
        self.coding: Coding | None = None  # in clear
        self.version = 0  # of the headers that are sent
        self.tap: Tap = untapped
        self._coding_then: Coding | None = None
        self.framer = Framer(media_sink)
        self._outgoing: list[bytes] = []
        self._sequence = 0
        self._pending = Pending()
        self._pulse = Pulse()
        self._late = Late()

    def outgoing(self) -> bytes:
        """The bytes to send now."""
        data = b"".join(self._outgoing)
        self._outgoing.clear()
        return data

    def login(
        self,
        body: bytes,
        *,
        now: float,
        timeout_s: float,
        took_s: float = 0.0,
        mark: int = 0,
        then: Coding | None = None,
    ) -> Request:
        """Log in with a body of `wire.login`; connecting had `took_s` of the time.

        `mark` goes into the header; what follows an accepted login is written as `then` says.
        """
        request = Request(
            message_id=MessageId.LOGIN, body=body, timeout_s=timeout_s, took_s=took_s, channel=mark
        )
        self.session_id, self._coding_then = 0, then
        return self._submit(request, Step.LOGIN, now)

    def logout(self, *, now: float, timeout_s: float) -> Request:
        """Log out: the device answers, or closes at once."""
        body = encode({"Name": "", "SessionID": session_text(self.session_id)})
        request = Request(message_id=MessageId.LOGOUT, body=body, timeout_s=timeout_s, optional=True)
        return self._submit(request, Step.LOGOUT, now)

    def adopt(self, login: LoginReply, *, now: float) -> None:
        """Be logged in: the device dialled, and said who it is."""
        self._step(Step.LOGIN)
        self._step(Step.ACCEPTED)
        self.login_reply, self.session_id = login, login.session
        self._pulse.spoke(now)

    def request(self, request: Request, *, now: float) -> Request:
        """Send a request, at once or after the one with the same reply id.

        No reply within `timeout_s` of its sending ends the session, unless it is `optional`.
        """
        return self._submit(request, Step.REQUEST, now)

    def tell(self, message_id: int, body: bytes, *, now: float, answered: bool = False) -> None:
        """Send what has no reply, or one that nobody waits for: it is `answered`."""
        self._step(Step.REQUEST)
        sent_as = self._send(message_id, body, now)
        if answered:
            told = Request(message_id=message_id, body=body, timeout_s=0, given_up=True, sent_as=sent_as)
            if self._pending.get(told.key) is not None:
                self._pending.wait(told, first=True)
            else:
                self._late.add(told)

    def withdraw(self, request: Request) -> None:
        """Forget a request not sent yet; one in flight keeps its place until its reply or timeout."""
        self._pending.withdraw(request)

    def hurry(self, message_id: int, *, now: float) -> None:
        """Something shows that what was asked is done: an answer that may stay out has a second more."""
        request = self._pending.get(reply_of(message_id))
        if request is not None and request.optional:
            request.deadline = min(request.deadline, now + HURRY_S)

    def received(self, size: int, *, now: float) -> list[Event]:
        """What the `size` bytes just put into `framer.get_buffer()` mean."""
        events: list[Event] = []
        if self.state is State.CLOSED:
            return events
        self._pulse.heard(now)
        try:
            for frame in self.framer.commit(size):
                self._take(frame, now, events)
            if self.framer.error is not None:
                raise self.framer.error
        except ProtocolError as error:
            events += self.end(ProtocolError(f"{self.where}: {error}"))
        return events

    def end_of_file(self) -> list[Event]:
        """The device closed the connection."""
        if self.state is State.CLOSING:
            return self.end(None)
        awaited = self._pending.awaited()
        if self.framer.mid_message:
            when = " in the middle of a message"
        else:
            when = f" instead of answering {awaited}" if awaited else ""
        return self.end(TransportError(f"{self.where}: the device closed the connection{when}"))

    def end(self, error: DvripError | None) -> list[Event]:
        """End the session, once; `error` is None when that is wanted."""
        if self.state is State.CLOSED:
            return []
        self._step(Step.END)
        self._pending.clear()
        return [Ended(error)]

    def deadline(self) -> float | None:
        """When `tick` has something to do."""
        times = self._pending.deadlines()
        if self.state is State.READY and not self.quiet:
            times.append(self._keepalive_at)
        return min(times, default=None)

    def tick(self, now: float) -> list[Event]:
        """What the passing of time means: timeouts, and keep-alives to send."""
        events: list[Event] = []
        for request in self._pending.due(now):
            if request.given_up:
                request.settled = True
                self._finish(request, now)
                continue
            if request.doubtful is not None:  # no other came
                events += self._answered(request, request.doubtful, now)
                continue
            error = RequestTimeoutError(f"{self.where}: no reply to {request} within {request.timeout_s:g} s")
            if not request.optional:
                return [*events, *self.end(error)]
            self._give_up(request, now)
            events.append(Failed(request, error))
        if self.state is State.READY and not self.quiet and now >= self._keepalive_at:
            events += self._keep_alive(now)
        return events

    def doubt(self, now: float) -> None:
        """Have the device show that it lives: a stream of it has fallen silent."""
        if self.state is State.READY and not self.quiet and self._pulse.doubted(now):
            self._send_keep_alive(now)

    @property
    def _keepalive_at(self) -> float:
        return self._pulse.next_at(self.login_reply.alive_interval_s if self.login_reply else DEFAULT_ALIVE_S)

    def _keep_alive(self, now: float) -> list[Event]:
        answer_due = max(self._pending.deadlines(), default=now)
        if gone := self._pulse.gone(now, answer_due):
            return self.end(TransportError(f"{self.where}: the device is gone: {gone}"))
        if now >= self._keepalive_at:
            self._send_keep_alive(now)
        return []

    def _send_keep_alive(self, now: float) -> None:
        self._pulse.asked(now)
        self._say_alive(now)

    def _say_alive(self, now: float) -> int:
        body = encode({"Name": "KeepAlive", "SessionID": session_text(self.session_id)})
        return self._send(MessageId.KEEPALIVE, body, now)

    def _give_up(self, request: Request, now: float) -> None:
        """Wait no longer for an answer; its place is free for whatever that could not be mistaken for."""
        self._late.add(request)
        request.given_up = True
        self._pending.put(request)
        following = self._pending.following(request)
        if following is None or apart(request, following) or not self._fenced(request, now):
            self._finish(request, now)

    def _fenced(self, request: Request, now: float) -> bool:
        """Keep a given-up request's place until no answer can come; False where nobody can tell."""
        if self.quiet or self.state is not State.READY:
            return False
        request.fence, request.deadline = self._say_alive(now), now + FENCE_S
        self._pending.put(request)
        return True

    def settle(self, now: float) -> None:
        """Find out about late answers now: afterwards nothing may be asked for a while."""
        for request in self._late:
            told_apart = request.settled or request.key in NAMED_REPLIES
            if not told_apart and self._pending.get(request.key) is None:
                self._fenced(request, now)

    def _step(self, step: Step) -> None:
        following = NEXT.get((self.state, step))
        if following is not None:
            self.state = following
        elif self.state in (State.CLOSING, State.CLOSED):
            raise TransportError(f"{self.where}: the connection is {self.state.value}")
        else:
            raise UsageError(f"{self.where}: the connection is {self.state.value}, it cannot {step.value}")

    def _submit(self, request: Request, step: Step, now: float) -> Request:
        self._step(step)
        before = self._pending.get(request.key)
        if before is None and (older := self._late.before(request)) is not None and self._fenced(older, now):
            before = older
        if before is not None and not (before.given_up and apart(before, request)):
            self._pending.wait(request)
        else:
            self._start(request, now)
        return request

    def _start(self, request: Request, now: float) -> None:
        if request.given_up:
            self._give_up(request, now)
            return
        request.sent_as = self._send(
            request.message_id, request.body, now, request.sequence, request.channel, request.end
        )
        request.sent_at, request.deadline = now, now + request.timeout_s - request.took_s
        self._pending.put(request)

    def _finish(self, request: Request, now: float) -> None:
        """Free the place of a request in flight for the next one that waits for it."""
        if (following := self._pending.free(request)) is not None:
            self._start(following, now)

    def _send(
        self,
        message_id: int,
        body: bytes,
        now: float,
        sequence: int | None = None,
        channel: int = 0,
        end: int = 0,
    ) -> int:
        if sequence is None:
            sequence, self._sequence = self._sequence, (self._sequence + 1) & 0xFFFFFFFF
        self.tap(">", message_id, body)
        if self.coding is not None:
            body = self.coding.encode(message_id, body)
        numbers = {"sequence": sequence, "channel": channel, "end": end, "version": self.version}
        self._outgoing.append(pack(message_id, body, session=self.session_id, **numbers))
        self._pulse.spoke(now)
        return sequence

    def _take(self, frame: Frame, now: float, events: list[Event]) -> None:
        if self.state is State.CLOSED:
            return
        request = self._pending.asked(frame.message_id)
        try:
            clear = frame if self.coding is None else self.coding.decode(frame)
            self.tap("<", clear.message_id, clear.body)
            reply = read(clear)
        except ProtocolError as error:
            if request is not None:
                self._finish(request, now)
                if request.message_id == MessageId.LOGIN:
                    self._step(Step.REFUSED)
                events.append(Failed(request, self._unreadable(request, frame, error)))
            return
        request = request or self._pending.echoed(reply)
        if request is None or not names_agree(request, reply):
            if not self._is_fence(frame, now):
                events += self._unasked(reply, now)
        elif self._is_late(request, frame, reply, now):
            events += self._unasked(reply, now)
        else:
            if request.message_id == MessageId.LOGIN:
                self._log_in(frame, reply)
            events += self._answered(request, reply, now)

    def _answered(self, request: Request, reply: Reply, now: float) -> list[Event]:
        self._pulse.took(now - request.sent_at)
        self._finish(request, now)
        events: list[Event] = [Replied(request, reply)]
        if self.state is State.READY and session_lost(reply.ret, request.message_id):
            events += self._session_over(reply)
        return events

    def _is_late(self, request: Request, frame: Frame, reply: Reply, now: float) -> bool:
        """Whether a reply came too late, or is to be kept until it is clear whose it is."""
        if request.given_up:
            self._late.answered(request)
            self._finish(request, now)
            return True
        older = self._late.whose(request, frame.header.sequence)
        if older is None:
            return False
        if not older.repeats:
            request.doubtful = reply
        self._late.answered(older)
        return True

    def _is_fence(self, frame: Frame, now: float) -> bool:
        """Whether a message answers a keep-alive behind what was given up: settled, whatever it says."""
        if frame.message_id not in acceptable_replies(MessageId.KEEPALIVE):
            return False
        settled = self._late.keepalive(frame.header.sequence)
        for request in settled:
            if self._pending.get(request.key) is request:
                self._finish(request, now)
        return bool(settled)

    def _log_in(self, frame: Frame, reply: Reply) -> None:
        login = read_login(frame, reply)
        if reply.ret in SUCCESS and login.session:
            self._step(Step.ACCEPTED)
            self.login_reply, self.session_id = login, login.session
            self.coding = self._coding_then or self.coding
        else:
            self._step(Step.REFUSED)

    def _unreadable(self, request: Request, frame: Frame, error: ProtocolError) -> DvripError:
        if looks_encrypted(frame.body):
            message = f"{self.where}: the reply to {request} is encrypted, and not as agreed"
            return UnsupportedError(
                message, message_id=request.message_id, name=request.name, encryption=True
            )
        return ProtocolError(f"{self.where}: the reply to {request} is {error}")

    def _unasked(self, reply: Reply, now: float) -> list[Event]:
        if reply.message_id in acceptable_replies(MessageId.KEEPALIVE):
            alive = self.state is not State.READY or says_yes(reply, self.session_id)
            return [] if alive else self._session_over(reply)
        if reply.message_id != MessageId.FORCED_LOGOUT or self.state is State.NEW:
            return [Pushed(reply)]
        answer = {"Ret": _OK, "SessionID": session_text(self.session_id)}
        self._send(MessageId.FORCED_LOGOUT_REPLY, encode(answer), now)
        return self.end(TransportError(f"{self.where}: the device has logged this session out"))

    def _session_over(self, reply: Reply) -> list[Event]:
        """A device that has forgotten the session will not remember it: end, so that a new one can begin."""
        said = "no success" if reply.ret is None else f"Ret {reply.ret}"
        return self.end(TransportError(f"{self.where}: the device has ended the session ({said})"))
