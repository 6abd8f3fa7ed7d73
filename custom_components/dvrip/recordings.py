"""Recordings of one device: what there is, and pictures of it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import monotonic
from typing import Final

from homeassistant.core import HomeAssistant

from dvrip_proto import (
    Recording,
    UnsupportedError,
    UsageError,
)

from .clips import Clips, digest, key_of
from .session import DvripSession

LISTED_S: Final = 60.0
"""How long a day's list is believed: the device goes on recording."""

PICTURES_BYTES: Final = 24 * 1024**2
"""What pictures of one device are kept in memory: those of a large camera have more than a megabyte each."""

_MONTHS_BACK: Final = 3

type Day = tuple[int, date, str]
type Listed = tuple[float, dict[str, Recording]]
"""When a day was listed, and its recordings by their marks."""


class DvripRecordings:
    """Lists and fetches the recordings of one device. Channels count from 0, times are the device's own."""

    def __init__(self, hass: HomeAssistant, session: DvripSession, folder: Path) -> None:
        self._session = session
        self._lists: dict[Day, Listed] = {}
        self._listing = asyncio.Lock()
        self._pictures: dict[str, bytes] = {}
        self._one_picture = asyncio.Lock()  # all others wait here: a clip comes before them
        self.clips = Clips(hass, session, folder)

    async def async_days(self) -> list[date]:
        """Days with recordings of any channel, the newest first; without a calendar the last two weeks."""
        today = (await self._session.device.system.time()).date()
        months = [
            (today.replace(day=1) - timedelta(days=31 * back)).replace(day=1) for back in range(_MONTHS_BACK)
        ]
        found: set[date] = set()
        try:
            for month in months:
                found |= await self._session.device.recordings.calendar(month.year, month.month)
        except UnsupportedError:
            found = {today - timedelta(days=back) for back in range(14)}
        return sorted(found, reverse=True)

    async def async_day(self, channel: int, day: date, kind: str = "h264") -> dict[str, Recording]:
        """Recordings, or pictures (`kind` "jpg"), of a day by their marks, the oldest first."""
        key = (channel, day, kind)
        if (listed := self._fresh().get(key)) is None:
            async with self._listing:  # a page full of thumbnails asks for the same day at once
                listed = self._fresh().get(key)
                if listed is None:
                    found = await self._search_day(channel, day, kind)
                    listed = self._lists[key] = (monotonic(), found)
        return listed[1]

    def _fresh(self) -> dict[Day, Listed]:
        """The lists that are believed still; the others are of no use to anybody, and let go."""
        now = monotonic()
        self._lists = {day: listed for day, listed in self._lists.items() if now - listed[0] <= LISTED_S}
        return self._lists

    async def _search_day(self, channel: int, day: date, kind: str) -> dict[str, Recording]:
        search = self._session.device.recordings.search(
            datetime.combine(day, time.min), datetime.combine(day, time.max), channel=channel, kind=kind
        )
        return {mark(recording): recording async for recording in search if recording.begin is not None}

    def async_search(self, channel: int, begin: datetime, end: datetime) -> AsyncIterator[Recording]:
        """Recordings that overlap a span, the oldest first."""
        return self._session.device.recordings.search(begin, end, channel=channel)

    async def async_recording(self, channel: int, day: date, kind: str, wanted: str) -> Recording:
        """The recording with a mark. UsageError when the device has none such any more."""
        found = (await self.async_day(channel, day, kind)).get(wanted)
        if found is None:
            raise UsageError(f"{self._session.address}: that recording is no longer on the device")
        return found

    async def async_picture(self, recording: Recording, moment: datetime | None = None) -> bytes:
        """A recorded picture, or the first one of a recording, or from a moment of it on, as JPEG; kept."""
        key = f"{key_of(recording)}{moment or ''}"
        if key not in self._pictures:
            async with self._one_picture, self.clips.one_at_a_time:
                if key not in self._pictures:
                    recordings = self._session.device.recordings
                    if recording.kind == "jpg":
                        picture = await recordings.picture(recording)
                    else:
                        picture = await recordings.still(recording, begin=moment)
                    self._keep(key, picture)
        return self._pictures[key]

    def _keep(self, key: str, picture: bytes) -> None:
        """Keep a picture; the oldest go for it."""
        self._pictures[key] = picture
        total = sum(map(len, self._pictures.values()))
        while total > PICTURES_BYTES and len(self._pictures) > 1:
            total -= len(self._pictures.pop(next(iter(self._pictures))))


def mark(recording: Recording) -> str:
    """What stands for a recording in an address: when it begins, and a digest of its name on the device."""
    began = recording.begin or datetime.min
    return f"{began:%H%M%S}-{digest(recording.name)}"
