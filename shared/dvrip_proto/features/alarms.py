"""Alarms that a device pushes while it is armed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from ..connection import Connection, Reply
from ..connection.inbox import Inbox
from ..errors import UsageError
from ..values import Json, count, plain_text
from ..wire.ids import MessageId

_EVENTS_KEPT = 1000
_CHANNELS_MAX = 64
_LARGEST = 64 * 1024  # an alarm has below 1 KiB, and a thousand wait for a slow reader


class AlarmKind(Enum):
    """What an alarm is about, whatever the firmware calls it."""

    MOTION = "motion"
    TAMPER = "tamper"
    VIDEO_LOSS = "video_loss"
    INPUT = "input"
    PERSON = "person"
    FACE = "face"
    VEHICLE = "vehicle"
    CROSSING = "crossing"
    FALL = "fall"
    SOUND = "sound"
    STORAGE = "storage"
    NETWORK = "network"
    LOGIN = "login"
    OTHER = "other"


_NAMES: Mapping[AlarmKind, str] = {
    AlarmKind.MOTION: "VideoMotion MotionDetect PIRAlarm",
    AlarmKind.TAMPER: "VideoBlind BlindDetect HideAlarm",
    AlarmKind.VIDEO_LOSS: "VideoLoss LossDetect VideoLost",
    AlarmKind.INPUT: "LocalIO LocalAlarm AlarmLocal IOAlarm IPCAlarm",
    AlarmKind.PERSON: "HumanDetect appEventHumanDetectAlarm HumanDetection HumanDection",
    AlarmKind.FACE: "FaceDetect FaceDetectV2 FaceDetection",
    AlarmKind.VEHICLE: "CarShapeDetect CarShapeDetection",
    AlarmKind.CROSSING: "VIdeoAnanyze VideoAnalyze PEAAlarm CrossLineDetection OSCAlarm AVDAlarm",
    AlarmKind.FALL: "FallDown HumanFallDown",
    AlarmKind.SOUND: "CryDetect VolumeDetect",
    AlarmKind.STORAGE: (
        "StorageNotExist StorageFailure StorageFailureWrite StorageFailureRead StorageReadError "
        "StorageWriteError StorageLowSpace StorrageLowSpace"
    ),
    AlarmKind.NETWORK: "NetAbort NetIPConfict NetIPConflict",
    AlarmKind.LOGIN: "LoginFailed LOGIN_FAILED",
}
_KINDS = {name.casefold(): kind for kind, names in _NAMES.items() for name in names.split()}
# What the device tells its own screen.
_INTERNAL = frozenset({"videotour", "videosplit", "videotitle"})
_STATES = {"start": True, "stop": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmEvent:
    """An alarm that began, ended, or, with `active` None, has no end.

    Channels and inputs count from 0. `started` is the device's clock, which may be wrong: arrival is safer.
    """

    channel: int
    event: str  # as the device spells it
    kind: AlarmKind
    active: bool | None
    started: str
    raw: Mapping[str, Json] = field(repr=False)


class Alarms:
    """Arms the device and hands out what it pushes. Arming ends with the connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def arm(self) -> None:
        """Ask the device to push alarms on this connection; twice is harmless."""
        await self._connection.request(MessageId.GUARD)

    async def disarm(self) -> None:
        """Ask the device to push no more."""
        await self._connection.request(MessageId.UNGUARD)

    async def signal(self, channels: Iterable[int]) -> None:
        """Raise the network alarm of exactly these channels (from 0); of none ends it.

        What is linked to it in Alarm.NetAlarm happens: a recording, a mail, a relay.
        """
        numbers = set(channels)
        if any(not 0 <= number < _CHANNELS_MAX for number in numbers):
            raise UsageError(f"{self._connection.where}: channels {sorted(numbers)} are not possible")
        state = sum(1 << number for number in numbers)
        await self._connection.request(MessageId.NET_ALARM, "OPNetAlarm", {"Event": 0, "State": state})

    def subscribe(self, callback: Callable[[AlarmEvent], None]) -> Callable[[], None]:
        """Call back with every alarm; returns what ends that."""

        def hand_on(push: Reply) -> None:
            event = read_event(push.body) if len(push.raw) <= _LARGEST else None
            if event is not None:
                callback(event)

        return self._connection.on_push(MessageId.ALARM, hand_on)

    async def events(self) -> AsyncIterator[AlarmEvent]:
        """Alarms from now on, until the connection ends; its error is raised, a wanted end just ends it.

        Of a reader that is slower than the device the oldest events are lost, beyond a thousand.
        """
        events: Inbox[AlarmEvent] = Inbox(_EVENTS_KEPT)
        forget = (self.subscribe(events.put), self._connection.on_close(events.end))
        try:
            if self._connection.closed:
                events.end(await self._connection.wait_closed())
            async for event in events:
                yield event
        finally:
            for unregister in forget:
                unregister()


def kind_of(event: str) -> AlarmKind:
    """What a device's name of an event is about; OTHER when nobody knows the name."""
    return _KINDS.get(event.casefold(), AlarmKind.OTHER)


def is_active(status: str) -> bool | None:
    """Whether an event begins or ends; None for one without an end."""
    return _STATES.get(status.casefold())


def read_event(body: Mapping[str, Json]) -> AlarmEvent | None:
    """Event of a push; None for what is no alarm. Unknown names are OTHER, and keep their name."""
    raw = body.get("AlarmInfo")
    if not isinstance(raw, dict):
        return None
    event = plain_text(raw.get("Event"))
    if event.casefold() in _INTERNAL:
        return None
    return AlarmEvent(
        channel=count(raw.get("Channel")),
        event=event,
        kind=kind_of(event),
        active=is_active(plain_text(raw.get("Status"))),
        started=plain_text(raw.get("StartTime")),
        raw=raw,
    )
