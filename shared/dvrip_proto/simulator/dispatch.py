"""One device without its listeners: state, sessions, streams, and the way from a request to its answer."""

from __future__ import annotations

import asyncio
import inspect
import logging
import re
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Final

from ..errors import ProtocolError, UsageError
from ..values import Json
from ..wire.body import decode, encode_reply
from ..wire.framer import Frame
from ..wire.ids import MEDIA_IDS, MessageId
from .alarmcentre import report
from .handlers import BEFORE_LOGIN, TABLE
from .handlers.request import ILLEGAL, UNSUPPORTED, Answer, Request, reply
from .monitor import Key, Monitors
from .playback import Playbacks
from .quirks import Quirks
from .replies import Replies
from .sessions import Session, Sessions
from .state.alarms import ENDLESS, SYSTEM_NAMES, detector, status
from .talk import Talk
from .upgrade import Upgrade

if TYPE_CHECKING:
    from .clips.sources import Media
    from .link import Link
    from .state.device import DeviceState

_LOGGER = logging.getLogger(__name__)
_REQUESTS_KEPT: Final = 1000
_BURN_S: Final = 2.0
_FAREWELL_S: Final = 1.0
# Numbers beyond all bounds and halves of characters: JSON can say them, and no reply could carry them back.
_SUSPECT: Final = re.compile(rb"[eE]\+?\d{3}|\\u[dD]")


class Unit:
    """The inside of a simulated device; `requests` holds (message id, name, user), newest last."""

    def __init__(self, state: DeviceState, media: Media, quirks: Quirks) -> None:
        self.state = state
        self.media = media
        self.quirks = quirks
        self.sessions = Sessions()
        self.sessions.on_end = self._session_ended
        self.monitors = Monitors(
            media.clip,
            quirks=lambda: self.quirks,
            now=state.clock.now,
            sound=self._has_sound,
            shows=state.links.shows,
        )
        self.playbacks = Playbacks(
            media.clip, still=media.still, quirks=lambda: self.quirks, sound=self._has_sound
        )
        self.talk = Talk()
        self.replies = Replies(
            quirks=lambda: self.quirks,
            short_session=bool(state.profile.flag("short_session")),
            escaped_slashes=bool(state.profile.flag("escaped_slashes")),
        )
        self.upgrade = Upgrade(
            state,
            burn_s=_BURN_S,
            restart=lambda: self.restart(comes_back=True),
            quirks=lambda: self.quirks,
        )
        self.requests: deque[tuple[int, str, str]] = deque(maxlen=_REQUESTS_KEPT)
        self.on_restart: Callable[[bool], None] = lambda _comes_back: None
        state.on_disk = self.check_disk
        self.attend: Callable[[Link], Awaitable[None]] = self._leave
        self._tasks: set[asyncio.Task[None]] = set()

    def alive_interval_s(self) -> int:
        """The keep-alive interval this device announces."""
        return self.quirks.alive_interval_s or int(self.state.profile.data["login"]["AliveInterval"])

    def restart(self, *, comes_back: bool) -> None:
        """Go down as after OPMachine, once the reply is out."""
        self.on_restart(comes_back)

    def reply_to(self, request: Request, answer: dict[str, Json]) -> None:
        """Send an answer before the handler ends."""
        self.replies.send(request, answer)

    async def _leave(self, link: Link) -> None:
        """Nobody listens for this device: a connection that it opens is of no use."""
        link.close()

    def log_out(self, session: Session) -> None:
        """Throw a session out (1004): it ends now, its connection with the client's 1005 or a bit later."""
        link, number = session.link, session.number
        body = self.replies.body(MessageId.FORCED_LOGOUT, {"SessionID": f"0x{number:08x}"})
        link.send(MessageId.FORCED_LOGOUT, body, session=number, sequence=session.pushes)
        link.leave_session()
        self.sessions.end(session)
        self.state.journal.add("LogOut", session.told, session.user)
        self.spawn(_close_unless_back(link))

    def check_disk(self) -> None:
        """Have recording follow the disks and the configuration, and raise or end their alarms."""
        state = self.state
        state.follow_disk()
        for event, active in (
            ("StorageLowSpace", state.storage.full and not state.overwrites()),
            ("StorageNotExist", state.storage.removed),
        ):
            before = (0, event) in state.alarms.active
            if active != before and (before or detector(state.config, event, 0).get("Enable")):
                self.raise_alarm(0, event, active=active)

    def rename_user(self, old: str, new: str) -> None:
        """Keep sessions of a renamed user."""
        for session in self.sessions:
            if session.user == old:
                session.user = new

    def raise_alarm(self, channel: int, event: str, *, active: bool) -> None:
        """Begin or end an alarm: work state, log, pushes to armed sessions, alarm centres."""
        self.state.alarms.put(channel, event, active=active)
        if event == "VideoMotion":
            self.state.archive.motion(channel, active=active)
        self.state.journal.add(
            "EventStart" if active else "EventStop", f"{SYSTEM_NAMES.get(event, event)},{channel}"
        )
        handler = detector(self.state.config, event, channel).get("EventHandler", {})
        wanted = handler.get("MsgtoNetEnable") or handler.get("MessageEnable")
        told = active or not (self.quirks.no_alarm_stop or event in ENDLESS)
        if told and not (self.quirks.push_needs_flag and not wanted):
            self.push(self._told(channel, event, active=active))
        if handler.get("MessageEnable"):
            self.spawn(report(self.state, channel, event, active=active))

    def spawn(self, work: object) -> None:
        """Run a coroutine beside the requests; it ends with the device."""
        if inspect.iscoroutine(work):
            task = asyncio.create_task(work)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def end_tasks(self) -> None:
        """End everything that runs beside the requests."""
        self.upgrade.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def drop_link(self, link: Link) -> None:
        """Forget a connection that is gone, with its session, streams, talk and upgrade."""
        for claims in (self.monitors.claims, self.playbacks.claims, self.talk.claims):
            claims.drop_link(link)
        self.upgrade.drop_link(link)
        if link.session is not None:
            session, link.session = link.session, None
            self.sessions.end(session)

    async def answer(self, link: Link, frame: Frame) -> None:
        """Answer one message of a client, in this device's manner."""
        request = self._request(link, frame if link.coding is None else link.coding.decode(frame))
        if frame.message_id in self.quirks.reset_on:
            link.abort()
            return
        if link.session is None and not self._is_for_strangers(frame.message_id):
            if self.quirks.unauthenticated_ret is not None:
                self.replies.send(request, reply(self.quirks.unauthenticated_ret))
            return
        if (
            self.quirks.claim_is_dropped
            and link.session is not None
            and frame.message_id != MessageId.PLAYBACK
        ):
            self.playbacks.interrupt(link.session)
        lost = self.quirks.lost_session_ret
        if lost is not None and link.session is not None and frame.message_id not in BEFORE_LOGIN:
            self.replies.send(request, reply(lost))
            return
        answer = await self._handled(request)
        if frame.message_id in self.quirks.late:
            await asyncio.sleep(self.quirks.late[frame.message_id])
        if answer is not None:
            self.replies.send(request, answer)

    def _is_for_strangers(self, message_id: int) -> bool:
        negotiates = message_id == MessageId.KEY_NEGOTIATION and self.quirks.encrypted
        return message_id in BEFORE_LOGIN or bool(negotiates)

    def _request(self, link: Link, frame: Frame) -> Request:
        body: Json = {}
        if frame.message_id not in _BINARY:
            try:
                body = decode(frame.body)
                if _SUSPECT.search(frame.body):
                    encode_reply(body)
            except (ProtocolError, UsageError):
                body = {}
        number = link.session.number if link.session else frame.header.session
        request = Request(
            unit=self,
            link=link,
            frame=frame,
            body=body if isinstance(body, dict) else {},
            reply_session=number,
        )
        if frame.message_id not in MEDIA_IDS:
            user = request.user or str(request.body.get("UserName", ""))[:64]
            self.requests.append((frame.message_id, request.name[:128], user))
        return request

    async def _handled(self, request: Request) -> Answer:
        own = self.state.profile.answer(request.message_id)
        if own is not None:
            return own
        handler = TABLE.get(request.message_id)
        if handler is None:
            return {**reply(UNSUPPORTED), "SessionID": "0x00000000"}
        try:
            answer = handler(request)
            return await answer if inspect.isawaitable(answer) else answer
        except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
            # No rule foresaw it: a device says 103 and goes on. The type alone: texts may hold secrets.
            _LOGGER.warning("message %d: %s", request.message_id, type(error).__name__)
            return reply(ILLEGAL)

    def _told(self, channel: int, event: str, *, active: bool) -> dict[str, Json]:
        return {
            "Channel": channel + self.quirks.alarm_channel_shift,
            "Event": event,
            "StartTime": self.state.clock.text(),
            "Status": status(event, active=active).replace("Stop", self.quirks.alarm_end),
        }

    def push(self, alarm: Mapping[str, Json]) -> None:
        """Push an alarm to every armed session."""
        for session in self.sessions:
            if not session.armed:
                continue
            push = {"AlarmInfo": dict(alarm), "Name": "AlarmInfo", "SessionID": f"0x{session.number:x}"}
            body = self.replies.body(MessageId.ALARM, push)
            session.link.send(MessageId.ALARM, body, session=session.number, sequence=session.pushes)
            session.pushes += 1

    def _session_ended(self, session: Session) -> None:
        for claims in (self.monitors.claims, self.playbacks.claims, self.talk.claims):
            claims.drop_session(session)

    def _has_sound(self, key: Key) -> bool:
        formats = self.state.config.get("Simplify.Encode", [])
        side = "MainFormat" if key[1] == "Main" else "ExtraFormat"
        return key[0] >= len(formats) or bool(formats[key[0]][side]["AudioEnable"])


async def _close_unless_back(link: Link) -> None:
    await asyncio.sleep(_FAREWELL_S)
    if link.session is None:
        link.close()


_BINARY: Final = MEDIA_IDS | {
    MessageId.UPGRADE_DATA,
    MessageId.CONFIG_IMPORT,
    MessageId.CHANNEL_TITLE_DOTS_SET,
    MessageId.OSD_DOTS_SET,
    MessageId.RS232_WRITE,
    MessageId.RS485_WRITE,
    MessageId.RS485_DATA,
    MessageId.RS232_DATA,
}
