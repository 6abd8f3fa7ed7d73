"""Alarms that a device pushes while it is armed."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ..connection import Connection, Reply
from ..connection.inbox import Inbox
from ..errors import DvripError, ProtocolError, RequestError, RequestTimeoutError, UsageError
from ..values import Json, plain_text
from ..wire.alarm_words import (
    CHANNEL,
    EVENT,
    STARTED,
    STATUS,
    AlarmKind,
    AlarmOwner,
    is_internal,
    is_named,
    kind_of,
    number_of,
    owner_of,
    state_of,
)
from ..wire.ids import MessageId
from ..wire.shapes import first, member, things

_LOGGER = logging.getLogger(__name__)

# An alarm is one under the numbers beside its own, too; what is none there is not read as one.
_PUSHED = (MessageId.ALARM, MessageId.ALARM_REPLY, MessageId.NET_ALARM, MessageId.ALARM_CENTRE)
_EVENTS_KEPT = 1000
_CHANNELS_MAX = 64
PATIENCE_S = 5.0  # for an answer that is not needed
_WORDS_TOLD = 64  # unknown words that are logged, once a connection each
_LARGEST = 64 * 1024  # an alarm has below 1 KiB, and a thousand wait for a slow reader


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmEvent:
    """An alarm that began, ended, or, with `active` None, has no end.

    `channel` is the number that the device tells, from 0: of a channel, an input or a disk, as `owner` says;
    None when it names none. An `unclear` one has a status that nobody knows: it neither begins nor ends
    anything. `started` is the device's clock, which may be wrong: arrival is safer.
    """

    channel: int | None
    event: str  # as the device spells it
    kind: AlarmKind
    active: bool | None
    started: str
    raw: Mapping[str, Json] = field(repr=False)
    unclear: bool = False

    def owner(self, channels: int) -> AlarmOwner:
        """Whose alarm it is, on a device with so many channels."""
        return owner_of(self.kind, self.channel, channels, event=self.event)


class Alarms:
    """Arms the device and hands out what it pushes. Arming ends with the connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._agreed = False
        self._asked = False
        self._wanted = True
        self._heard = False
        self.patience_s = PATIENCE_S
        """How long an answer to the arming is waited for."""
        self._words: set[str] = set()
        for push_id in _PUSHED:
            connection.on_push(push_id, self._note)

    @property
    def armed(self) -> bool:
        """Whether alarms can be expected: the device agreed or kept silent, or has pushed one."""
        return self._agreed or self._heard

    @property
    def heard(self) -> bool:
        """Whether the device has pushed an alarm on this connection: some agree, and never do."""
        return self._heard

    async def arm(self) -> bool:
        """Ask the device to push alarms on this connection, and tell what is `armed`; twice is harmless.

        Silence and refusals are no errors: there are devices that push all the same.
        """
        self._asked = self._wanted = True
        try:
            patience_s = min(self.patience_s, self._connection.timeout_s)
            await self._connection.request(MessageId.GUARD, optional=True, timeout_s=patience_s)
            self._agreed = self._wanted  # not when it was disarmed meanwhile
        except RequestTimeoutError as error:
            if self._connection.closed:
                raise
            _LOGGER.info("%s: alarms may come all the same", error)
            self._agreed = self._wanted
        except (RequestError, ProtocolError) as error:
            if self._connection.closed:
                raise
            _LOGGER.info("%s: alarms may come all the same", error)
            self._agreed = False
        except BaseException:
            self._asked = False  # nobody knows whether it was sent
            raise
        return self.armed

    async def disarm(self) -> None:
        """Ask the device to push no more."""
        self._wanted = self._agreed = self._heard = False
        await self._connection.request(MessageId.UNGUARD, optional=True)

    async def signal(self, channels: Iterable[int]) -> None:
        """Raise the network alarm of exactly these channels (from 0); of none ends it.

        What is linked to it in Alarm.NetAlarm happens: a recording, a mail, a relay.
        """
        numbers = set(channels)
        if any(not 0 <= number < _CHANNELS_MAX for number in numbers):
            wrong = ", ".join(str(number + 1) for number in sorted(numbers))
            raise UsageError(
                f"{self._connection.where}: channels {wrong}: they are from 1 to {_CHANNELS_MAX}"
            )
        state = sum(1 << number for number in numbers)
        await self._connection.request(MessageId.NET_ALARM, "OPNetAlarm", {"Event": 0, "State": state})

    def subscribe(self, callback: Callable[[AlarmEvent], None]) -> Callable[[], None]:
        """Call back with every alarm; returns what ends that."""

        def hand_on(push: Reply) -> None:
            for event in read_events(push.body) if len(push.raw) <= _LARGEST else ():
                callback(event)

        forget = [self._connection.on_push(push_id, hand_on) for push_id in _PUSHED]

        def unregister() -> None:
            for each in forget:
                each()

        return unregister

    async def events(self) -> AsyncIterator[AlarmEvent]:
        """Alarms from now on, until the connection ends; its error is raised, a wanted end just ends it.

        Arms the device, unless that was done or undone by hand. Of a reader that is slower than the device
        the oldest events are lost, beyond a thousand.
        """
        events: Inbox[AlarmEvent] = Inbox(_EVENTS_KEPT)
        forget = (self.subscribe(events.put), self._connection.on_close(events.end))
        try:
            if self._connection.closed:
                events.end(await self._connection.wait_closed())
            elif not self._asked and self._wanted:
                await self._arm_for_reader()
            async for event in events:
                yield event
        finally:
            for unregister in forget:
                unregister()

    async def _arm_for_reader(self) -> None:
        try:
            await self.arm()
        except DvripError:
            if not self._connection.closed:  # else the reader hears why, behind what came before
                raise

    def _note(self, push: Reply) -> None:
        """A push proves being armed; what stays unknown is logged, once a connection with its word."""
        for event in read_events(push.body) if len(push.raw) <= _LARGEST else ():
            self._heard = True
            if event.unclear:
                word = plain_text(first(event.raw, *STATUS))
                self._log("status", word, f"{event.event} neither begins nor ends")
            if not is_named(event.event):
                self._log("name", event.event.partition(":")[0], "an alarm of a kind that is not known")

    def _log(self, what: str, word: str, meaning: str) -> None:
        told = f"{what} {word[:64]!r}"
        if told not in self._words and len(self._words) < _WORDS_TOLD:
            self._words.add(told)
            _LOGGER.info("%s: unknown alarm %s: %s", self._connection.where, told, meaning)


def read_events(body: Mapping[str, Json]) -> list[AlarmEvent]:
    """Events of a push: one as a rule, several in a list, or the members of one without an object around.

    Nothing for what is no alarm. Unknown names are OTHER, and keep their name.
    """
    told = member(body, "AlarmInfo")
    if told is None:
        told = next((each for each in (body, member(body, _name(body))) if _is_event(each)), None)
    listed = things(told, "Event") or [told]
    found = [raw for raw in listed if isinstance(raw, Mapping)]
    read = [_read(raw, channel) for raw in found for channel in _channels(first(raw, *CHANNEL))]
    return [event for event in read if event is not None]


def _name(body: Mapping[str, Json]) -> str:
    name = member(body, "Name")
    return name if isinstance(name, str) else ""


def _is_event(told: Json) -> bool:
    return isinstance(told, Mapping) and member(told, "Event") is not None


def _channels(told: Json) -> list[Json]:
    """The numbers beside an alarm: one, or those of a list."""
    return told[:_CHANNELS_MAX] if isinstance(told, list) and told else [told]


def _read(raw: Mapping[str, Json], channel: Json) -> AlarmEvent | None:
    event = plain_text(first(raw, *EVENT))
    if is_internal(event):
        return None
    active, known = state_of(first(raw, *STATUS))
    return AlarmEvent(
        channel=number_of(channel),
        event=event,
        kind=kind_of(event),
        active=active,
        started=plain_text(first(raw, *STARTED)),
        raw=raw,
        unclear=not known,
    )
