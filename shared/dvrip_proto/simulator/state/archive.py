"""Recordings on the disk of a simulated device: which there are, and what they are called.

The history of the last days follows from the serial number and the recording plan of the profile: motion at
some moments of every day, and everything between them where the plan records always. Alarms that are raised
join it. A recording that has not ended is not listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

REGULAR: Final = 1
MOTION: Final = 2
_SLOTS_A_DAY: Final = 144
_SLOT_S: Final = 600
_CLIPS_A_DAY: Final = 12
_CLIP_S: Final = (20, 120)
_START_S: Final = 400  # a clip lies inside its slot


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedFile:
    """One file: `stream` 0 is main and 1 extra, `event` a letter, `kind` h264 (any video) or jpg."""

    channel: int
    begin: datetime
    end: datetime
    event: str = "R"
    stream: int = 0
    kind: str = "h264"

    @property
    def name(self) -> str:
        """The name on the disk, which tells everything else."""
        index = self.begin.toordinal() * 86400 + self.begin.hour * 3600 + self.begin.minute * 60
        return (
            f"/idea0/{self.begin:%Y-%m-%d}/{self.channel + 1:03d}/{self.begin:%H.%M.%S}-{self.end:%H.%M.%S}"
            f"[{self.event}][@{(index + self.begin.second) & 0xFFFFFF:x}][{self.stream}].{self.kind}"
        )


class Archive:
    """The files of one device, `days` back; `plan` gives the record types of a channel at a moment."""

    def __init__(
        self,
        seed: str,
        *,
        now: Callable[[], datetime],
        plan: Callable[[int, datetime], int],
        packet: Callable[[int], timedelta],
        has_disk: Callable[[], bool],
    ) -> None:
        self.days = 2
        self._seed = seed
        self._now = now
        self._plan = plan
        self._packet = packet
        self._has_disk = has_disk
        self._added: list[RecordedFile] = []
        self._erased = datetime.min
        self._overwritten = datetime.min
        self._clips: list[tuple[int, datetime, datetime]] = []
        self._pauses: list[tuple[datetime, datetime]] = []
        self._halted_at: datetime | None = None
        self._full_at: datetime | None = None
        self._running: dict[int, datetime] = {}

    def add(self, channel: int, begin: datetime, end: datetime, **more: str | int) -> RecordedFile:
        """Put a file on the disk, beside the history."""
        file = RecordedFile(channel=channel, begin=begin, end=end, **more)  # type: ignore[arg-type] # its fields
        self._added.append(file)
        return file

    @property
    def halted(self) -> bool:
        """Whether nothing is recorded now, whatever the plan says."""
        return self._halted_at is not None

    def follow(self, *, halted: bool, overwriting: bool) -> None:
        """Be as the disk allows: `halted` records nothing, `overwriting` loses the oldest for the newest."""
        now = self._now()
        if halted and self._halted_at is None:
            self._halted_at = now
        elif self._halted_at is not None and not halted:
            self._pauses.append((self._halted_at, now))
            self._halted_at = None
        if overwriting and self._full_at is None:
            self._full_at = now
        elif self._full_at is not None and not overwriting:
            self._overwritten = self._overwritten_until()
            self._full_at = None

    def clear(self) -> None:
        """Erase everything."""
        self._erased = self._now()
        self._added.clear()
        self._clips.clear()

    def motion(self, channel: int, *, active: bool) -> None:
        """Begin or end a recording of an alarm."""
        now = self._now().replace(microsecond=0)
        if active:
            self._running.setdefault(channel, now)
        elif channel in self._running:
            began = self._running.pop(channel)
            self._clips.append((channel, began, max(now, began + timedelta(seconds=1))))

    def files(
        self, channel: int, begin: datetime, end: datetime, *, stream: int = 0, kind: str = "h264"
    ) -> list[RecordedFile]:
        """The files of a channel that overlap a span, the oldest first."""
        if not self._has_disk():
            return []
        now = self._now()
        oldest = max(begin, now - timedelta(days=self.days)) - timedelta(days=1)
        overwritten = self._overwritten_until()
        planned = self._history(channel, oldest, min(end, now))
        history = [piece for file in planned for piece in self._recorded(file) if file.end > overwritten]
        found = {
            file
            for file in (*history, *self._added)
            if (file.channel, file.stream, file.kind) == (channel, stream, kind)
            and begin <= file.end <= now
            and self._erased <= file.begin <= end
        }
        return sorted(found, key=lambda file: (file.begin, file.name))

    def find(self, name: str) -> RecordedFile | None:
        """The file with a name."""
        parts = name.split("/")
        try:
            day, channel = datetime.strptime(parts[2], "%Y-%m-%d"), int(parts[3]) - 1
        except (IndexError, ValueError):
            return None
        kind, stream = name.rpartition(".")[2], int(name.rpartition("].")[0][-1:] == "1")
        files = self.files(channel, day, day + timedelta(days=1), stream=stream, kind=kind)
        return next((file for file in files if file.name == name), None)

    def minutes(self, channel: int, day: date, stream: int) -> bytes:
        """The 1440 minutes of a day: 1 regular, 3 motion."""
        midnight = datetime.combine(day, datetime.min.time())
        minutes = bytearray(1440)
        for file in self.files(channel, midnight, midnight + timedelta(days=1), stream=stream):
            first = int((max(file.begin, midnight) - midnight).total_seconds() // 60)
            last = int((file.end - midnight).total_seconds() - 1) // 60
            for minute in range(first, min(last, 1439) + 1):
                minutes[minute] = max(minutes[minute], 3 if file.event == "M" else 1)
        return bytes(minutes)

    def has(self, channels: int, day: date, kind: str) -> bool:
        """Whether any channel has files of a day."""
        midnight = datetime.combine(day, datetime.min.time())
        night = midnight + timedelta(seconds=86399)
        return any(self.files(channel, midnight, night, kind=kind) for channel in range(channels))

    def _overwritten_until(self) -> datetime:
        """What ends by then has made room for what came since the disk was full."""
        now, limit = self._now(), self._overwritten
        if self._full_at is not None:
            first = datetime.combine((self._full_at - timedelta(days=self.days)).date(), datetime.min.time())
            limit = max(limit, first + (now - self._full_at))
        return limit if limit <= now else datetime.min  # a clock that was set back

    def _recorded(self, file: RecordedFile) -> Iterator[RecordedFile]:
        """What of a planned file lies outside the pauses."""
        begin = file.begin
        for pause, again in (*self._pauses, *([(self._halted_at, datetime.max)] if self._halted_at else [])):
            if again <= begin or pause >= file.end:
                continue
            if pause > begin:
                yield replace(file, begin=begin, end=pause.replace(microsecond=0))
            begin = max(begin, again)
        if begin < file.end or begin == file.begin:
            yield replace(file, begin=begin.replace(microsecond=0))

    def _history(self, channel: int, oldest: datetime, end: datetime) -> Iterator[RecordedFile]:
        first = max(oldest.date(), (self._now() - timedelta(days=self.days)).date())
        for ordinal in range(first.toordinal(), end.date().toordinal() + 1):
            yield from self._day(channel, datetime.fromordinal(ordinal))

    def _day(self, channel: int, midnight: datetime) -> Iterator[RecordedFile]:
        """Motion, its pictures, and what lies between in files of the plan's length."""
        position = midnight
        for begin, end in self._motions(channel, midnight):
            if begin < position or not self._plan(channel, begin) & MOTION:
                continue
            yield from self._between(channel, position, begin)
            yield RecordedFile(channel=channel, begin=begin, end=end, event="M")
            yield RecordedFile(channel=channel, begin=begin, end=begin, event="M", kind="jpg")
            position = end
        yield from self._between(channel, position, midnight + timedelta(days=1))

    def _motions(self, channel: int, midnight: datetime) -> list[tuple[datetime, datetime]]:
        history = Random(f"{self._seed}/{channel}/{midnight:%Y-%m-%d}")
        own = [(begin, end) for who, begin, end in self._clips if who == channel and begin >= midnight]
        made = []
        if self.days:
            for slot in history.sample(range(_SLOTS_A_DAY), _CLIPS_A_DAY):
                begin = midnight + timedelta(seconds=slot * _SLOT_S + history.randrange(_START_S))
                made.append((begin, begin + timedelta(seconds=history.randrange(*_CLIP_S))))
        return sorted(made + [clip for clip in own if clip[0] < midnight + timedelta(days=1)])

    def _between(self, channel: int, begin: datetime, end: datetime) -> Iterator[RecordedFile]:
        if not self.days:
            return
        midnight, packet = datetime(begin.year, begin.month, begin.day), self._packet(channel)
        while begin < end:
            edge = min(end, midnight + packet * ((begin - midnight) // packet + 1))
            if self._plan(channel, begin) & REGULAR:
                yield RecordedFile(channel=channel, begin=begin, end=edge)
            begin = edge
