"""Recordings in the media browser: by device, channel, day and kind, with search.

An identifier is ENTRY/CHANNEL/DAY/KIND/MARK, as far as it goes; channels count from 1. What a mark stands
for is looked up on the device: an address names no file there.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, override

from homeassistant.components.media_player import (
    BrowseError,
    MediaClass,
    MediaType,
    SearchError,
    SearchMedia,
    SearchMediaQuery,
)
from homeassistant.components.media_source import (
    BrowseMediaSource,
    MediaSource,
    MediaSourceItem,
    PlayMedia,
    Unresolvable,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from dvrip_proto import EVENT_NAMES, DvripError, Recording

from .const import DOMAIN
from .entity import channel_name
from .failure import NOBODY, translation
from .inert import inert
from .runtime import DvripConfigEntry
from .views import RECORDING_URL, THUMBNAIL_URL

ALL: Final = "all"
PICTURES: Final = "pictures"
FOUND_MAX: Final = 100
SEARCHED_DAYS: Final = 7


async def async_get_media_source(hass: HomeAssistant) -> MediaSource:
    """What the media browser asks."""
    return DvripMediaSource(hass)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the tree: what is None has not been chosen yet."""

    entry_id: str | None = None
    channel: int | None = None
    day: date | None = None
    kind: str | None = None
    mark: str | None = None

    @classmethod
    def of(cls, identifier: str | None) -> Place:
        """Place of an identifier. ValueError for what is none."""
        parts = [part for part in (identifier or "").split("/") if part]
        entry_id, channel, day, kind, mark = parts + [None] * (5 - len(parts))
        return cls(
            entry_id,
            None if channel is None else _from_one(channel),
            None if day is None else date.fromisoformat(day),
            kind,
            mark,
        )

    def __str__(self) -> str:
        channel = None if self.channel is None else self.channel + 1
        parts = (self.entry_id, channel, self.day, self.kind, self.mark)
        return "/".join(str(part) for part in parts if part is not None)


class DvripMediaSource(MediaSource):
    """The recordings of every loaded device."""

    name = "DVRIP"

    def __init__(self, hass: HomeAssistant) -> None:
        super().__init__(DOMAIN)
        self._hass = hass

    @override
    async def async_resolve_media(self, item: MediaSourceItem) -> PlayMedia:
        try:
            place = Place.of(item.identifier)
            entry = self._entry(place, Unresolvable)
            if place.channel is None or place.day is None or place.mark is None:
                raise ValueError(item.identifier)
            kind = _wire_kind(place.kind)
            await entry.runtime_data.recordings.async_recording(place.channel, place.day, kind, place.mark)
        except ValueError as error:
            raise Unresolvable(translation_domain=DOMAIN, translation_key="no_such_recording") from error
        except DvripError as error:
            raise Unresolvable(**translation(error, self._name(place))) from error
        mime = "image/jpeg" if kind == "jpg" else "video/mp4"
        return PlayMedia(RECORDING_URL.format(**_address(place)), mime)

    @override
    async def async_browse_media(self, item: MediaSourceItem) -> BrowseMediaSource:
        try:
            place = Place.of(item.identifier)
            if place.entry_id is None:
                return self._folder(place, self.name, [self._device(entry) for entry in self._entries()])
            entry = self._entry(place, BrowseError)
            if place.channel is None:
                return await self._device_folder(place, entry)
            if place.day is None:
                return await self._days(place, entry)
            return await self._day(place, place.channel, place.day, entry)
        except ValueError as error:
            raise BrowseError(translation_domain=DOMAIN, translation_key="no_such_recording") from error
        except DvripError as error:
            raise BrowseError(**translation(error, self._name(place))) from error

    @override
    async def async_search_media(self, item: MediaSourceItem, query: SearchMediaQuery) -> SearchMedia:
        try:
            place = Place.of(item.identifier)
            entries = self._entries() if place.entry_id is None else [self._entry(place, SearchError)]
            found: list[BrowseMediaSource] = []
            for entry in entries:
                found += await self._search(entry, place.channel, query.search_query)
        except ValueError as error:
            raise SearchError(translation_domain=DOMAIN, translation_key="no_such_recording") from error
        except DvripError as error:
            raise SearchError(**translation(error, self._name(place))) from error
        return SearchMedia(result=found[:FOUND_MAX])

    async def _search(
        self, entry: DvripConfigEntry, channel: int | None, words: str
    ) -> list[BrowseMediaSource]:
        recordings = entry.runtime_data.recordings
        channels = self._channels(entry) if channel is None else [channel]
        days = await recordings.async_days() if channels else []
        day, wanted = _asked(words, days[0] if days else None)
        found: list[BrowseMediaSource] = []
        for number in channels:
            for each in [day] if day is not None else days[:SEARCHED_DAYS]:
                place = Place(entry.entry_id, number, each, ALL)
                title = channel_name(entry.runtime_data.session, number)
                for mark, recording in reversed((await recordings.async_day(number, each)).items()):
                    shown = f"{title} {each} {_title(recording)}"
                    if all(word in shown.casefold() for word in wanted):
                        found.append(self._clip(place, mark, recording, shown))
        return found

    def _entries(self) -> list[DvripConfigEntry]:
        return self._hass.config_entries.async_loaded_entries(DOMAIN)

    def _entry(self, place: Place, error: Callable[..., Exception]) -> DvripConfigEntry:
        entry = self._hass.config_entries.async_get_entry(place.entry_id or "")
        if entry is None or entry.domain != DOMAIN or entry.state is not ConfigEntryState.LOADED:
            raise error(
                translation_domain=DOMAIN,
                translation_key="not_loaded",
                translation_placeholders={"name": self._name(place)},
            )
        return entry

    def _name(self, place: Place) -> str:
        entry = self._hass.config_entries.async_get_entry(place.entry_id or "")
        return NOBODY if entry is None else inert(entry.title)

    def _channels(self, entry: DvripConfigEntry) -> list[int]:
        return list(entry.runtime_data.session.present)

    def _device(self, entry: DvripConfigEntry) -> BrowseMediaSource:
        return self._folder(Place(entry.entry_id), entry.title)

    async def _device_folder(self, place: Place, entry: DvripConfigEntry) -> BrowseMediaSource:
        channels = self._channels(entry)
        if len(channels) == 1:
            return await self._days(Place(entry.entry_id, channels[0]), entry)
        session = entry.runtime_data.session
        return self._folder(
            place,
            entry.title,
            [self._folder(Place(entry.entry_id, each), channel_name(session, each)) for each in channels],
        )

    async def _days(self, place: Place, entry: DvripConfigEntry) -> BrowseMediaSource:
        days = await entry.runtime_data.recordings.async_days()
        children = [
            self._folder(Place(place.entry_id, place.channel, day), f"{day:%Y-%m-%d}") for day in days
        ]
        return self._folder(place, channel_name(entry.runtime_data.session, place.channel or 0), children)

    async def _day(self, place: Place, channel: int, day: date, entry: DvripConfigEntry) -> BrowseMediaSource:
        found = await entry.runtime_data.recordings.async_day(channel, day, _wire_kind(place.kind))
        if place.kind is None:
            return self._folder(place, f"{day:%Y-%m-%d}", self._kinds(place, found))
        clips = [
            self._clip(place, mark, recording, _title(recording))
            for mark, recording in found.items()
            if place.kind in (ALL, PICTURES) or place.kind in _events(recording)
        ]
        return self._folder(place, f"{day:%Y-%m-%d}", clips)

    def _kinds(self, place: Place, videos: Mapping[str, Recording]) -> list[BrowseMediaSource]:
        kinds = sorted({name for recording in videos.values() for name in _events(recording)})
        shown = [ALL, *kinds, PICTURES] if videos else [PICTURES]
        return [
            self._folder(Place(place.entry_id, place.channel, place.day, kind), kind.capitalize())
            for kind in shown
        ]

    def _folder(
        self, place: Place, title: str, children: list[BrowseMediaSource] | None = None
    ) -> BrowseMediaSource:
        return BrowseMediaSource(
            domain=DOMAIN,
            identifier=str(place),
            media_class=MediaClass.DIRECTORY,
            media_content_type=MediaType.VIDEO,
            title=title,
            can_play=False,
            can_expand=True,
            can_search=True,
            children=children,
        )

    def _clip(self, place: Place, mark: str, recording: Recording, title: str) -> BrowseMediaSource:
        here = Place(place.entry_id, place.channel, place.day, place.kind, mark)
        is_picture = recording.kind == "jpg"
        return BrowseMediaSource(
            domain=DOMAIN,
            identifier=str(here),
            media_class=MediaClass.IMAGE if is_picture else MediaClass.VIDEO,
            media_content_type="image/jpeg" if is_picture else "video/mp4",
            title=title,
            can_play=True,
            can_expand=False,
            thumbnail=THUMBNAIL_URL.format(**_address(here)),
        )


def _from_one(channel: str) -> int:
    if not channel.isdecimal() or int(channel) < 1:
        raise ValueError(channel)
    return int(channel) - 1


def _wire_kind(kind: str | None) -> str:
    return "jpg" if kind == PICTURES else "h264"


def _address(place: Place) -> dict[str, str]:
    return {
        "entry_id": place.entry_id or "",
        "channel": str((place.channel or 0) + 1),
        "day": str(place.day),
        "kind": _wire_kind(place.kind),
        "mark": place.mark or "",
    }


def _events(recording: Recording) -> list[str]:
    return [EVENT_NAMES[letter] for letter in sorted(recording.events) if letter in EVENT_NAMES]


def _title(recording: Recording) -> str:
    """When, why and how long, in this order: what does not fit is cut at its end."""
    words = [f"{recording.begin or datetime.min:%H:%M:%S}", *_events(recording)]
    if recording.begin is not None and recording.end is not None and recording.kind != "jpg":
        seconds = round((recording.end - recording.begin).total_seconds())
        words.append(f"{seconds} s" if seconds < 120 else f"{round(seconds / 60)} min")
    return " ".join(words)


def _asked(words: str, newest: date | None) -> tuple[date | None, list[str]]:
    """A day that a search names, and the other words of it."""
    day: date | None = None
    rest: list[str] = []
    for word in words.casefold().split():
        if re.fullmatch(r"\d{4}-\d\d-\d\d", word):
            day = date.fromisoformat(word)
        elif word in ("today", "yesterday") and newest is not None:
            day = newest - timedelta(days=word == "yesterday")
        else:
            rest.append(word)
    return day, rest
