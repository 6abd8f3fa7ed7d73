"""One device behind `dvrip relay`: its name, its paths, and what is said of it while it comes and goes."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from ..connection import DEFAULT_PORT, Address
from ..device import Device
from ..errors import AuthenticationError, DvripError, TransportError, UsageError
from ..keeper import Keeper
from ..relay import Relay, Voice
from . import book
from .exit_codes import complain, explained
from .fleet import Place, places
from .login import Login, wire_channel
from .streams import Stream

_NAME: Final = re.compile(r"(?!\d+$)[A-Za-z0-9][\w.-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """One stream that is served; `device` is "" for the only one without a name. Channels count from 1."""

    device: str
    channel: int
    stream: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What is served of every device; no channels: all that it has."""

    channels: tuple[int, ...] = ()
    streams: tuple[str, ...] = ("main", "sub")
    talk: bool = True
    max_viewers: int = 16


def named(words: Sequence[str]) -> dict[str, Place]:
    """Return the devices of [NAME=]HOST and @FILE words by name; of one alone without a name that is ""."""
    found = places(words)
    by_name: dict[str, Place] = {}
    for place in found:
        name, equals, host = place.host.partition("=")
        if not equals or "@" in name:
            name, host = "", place.host
        own = book.find(host)
        where, port = (own.name, DEFAULT_PORT) if own else _parts(host)
        if not name and len(found) > 1:
            name = where.replace(":", "-") + ("" if port == DEFAULT_PORT else f"-{port}")
            name = re.sub(r"^(\d+)$", r"device-\1", name)
        if name and not _NAME.fullmatch(name):
            raise UsageError(f"{name!r} is no name: letters, digits, dots and dashes, and not digits alone")
        if name in by_name:
            raise UsageError(f"two devices are called {name}: give each its name, NAME=HOST")
        by_name[name] = Place(host=host, password=place.password)
    return by_name


class Serving:
    """Serves one device from `start` to `stop`; `error` is why it ended, if it has.

    It may be away at the start: `paths` are then those of the channels that are known, at least the first.
    `on_new` hears of each later one, `on_end` when a device has refused the login: nothing is tried again.
    """

    def __init__(
        self,
        name: str,
        place: Place,
        login: Login,
        relay: Relay,
        wishes: Wishes,
        *,
        on_new: Callable[[Path], None],
        on_end: Callable[[], None],
    ) -> None:
        self.name = name
        self.paths: list[Path] = []
        self.error: DvripError | None = None
        self._place = place
        self._label = name or place.host
        self._relay = relay
        self._wishes = wishes
        self._on_new = on_new
        self._on_end = on_end
        self._since: datetime | None = None
        channels = wishes.channels or login.channels(place.host)
        self._counted = bool(channels)
        self._keeper = Keeper(
            partial(login.device, place.host, place.password), on_up=self._up, on_down=self._down
        )
        for channel in channels or (1,):
            self._serve(channel)

    async def start(self) -> None:
        """Connect, or begin to wait for the device. What no waiting mends is in `error` afterwards."""
        try:
            await self._keeper.start(patient=True)
        except DvripError as error:
            await self._end(error)

    async def stop(self) -> None:
        """Disconnect."""
        await self._keeper.stop()

    def _serve(self, channel: int) -> None:
        for stream in self._wishes.streams:
            numbered = f"{self.name}/{channel}/{stream}".lstrip("/")
            path = f"{self.name}/{stream}" if self.name and channel == 1 else numbered
            self._relay.add(
                path,
                partial(self._keeper.monitor, channel - 1, Stream(stream).wire),
                max_viewers=self._wishes.max_viewers,
                open_talk=self._talk if self._wishes.talk else None,
            )
            if path != numbered:
                self._relay.alias(numbered, path)
            self.paths.append(Path(device=self.name, channel=channel, stream=stream, path=path))

    async def _up(self, device: Device) -> None:
        if self._since is not None:
            took_s = round((datetime.now() - self._since).total_seconds())
            complain(f"{self._label}: back at {_now()}, after {took_s} s")
            self._since = None
        await self._refuse_missing(device)
        if self._counted:
            return
        count = device.login_reply.channel_count
        try:
            count = max(count, (await device.system.info()).channel_count)
        except DvripError:
            if not count:
                raise
        self._counted = True
        before = len(self.paths)
        for channel in range(2, count + 1):
            self._serve(channel)
        for path in self.paths[before:]:
            self._on_new(path)

    async def _refuse_missing(self, device: Device) -> None:
        """End where a channel was asked for that the device does not have: it would never show anything."""
        wanted = max((path.channel for path in self.paths), default=1)
        try:
            await wire_channel(device, wanted)
        except UsageError as error:
            self.error = error
            self._on_end()
            raise

    def _down(self, error: DvripError | None) -> None:
        if isinstance(error, AuthenticationError):
            self.error = error
            self._on_end()
            return
        if self._since is None:
            self._since = datetime.now()
            why = explained(error).rstrip(".") if error else "the device closed the connection"
            prefix = f"{self.name}: " if self.name else ""
            complain(f"{prefix}{why}; away since {_now()}, it is tried again")

    async def _end(self, error: DvripError) -> None:
        self.error = error
        self._on_end()
        await self._keeper.stop()

    def told(self) -> str:
        """Why it ended, in words."""
        if self.error is None:
            return ""
        prefix = f"{self.name}: " if self.name else ""
        return f"{prefix}{explained(self.error)}"

    @asynccontextmanager
    async def _talk(self) -> AsyncIterator[Voice]:
        """Talk to the device that is connected now, whichever channel: it has one loudspeaker."""
        if self._keeper.device is None:
            raise TransportError(f"{self._place.host}: not connected")
        async with self._keeper.device.talk.open() as voice:
            yield voice


def _parts(host: str) -> tuple[str, int]:
    found = Address.parse(host)
    return found.host, found.port


def _now() -> str:
    return f"{datetime.now():%H:%M:%S}"
