"""One simulated device with its listeners: the public face of the simulator."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import time
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from ..errors import UsageError
from .archive import Archive
from .discovery import Membership, join
from .link import Link
from .media import Media
from .monitor import Key
from .profile import check_channels, load_profile
from .ptz import PtzState
from .quirks import Quirks
from .registration import introduce
from .state import DeviceState, serial_for
from .unit import Unit

_LOGGER = logging.getLogger(__name__)

_DEFAULT_USERS: Final[Mapping[str, str]] = {"admin": ""}
_DOWNTIME_S: Final = 2.0
_REPLY_OUT_S: Final = 0.2
_LINKS_MAX: Final = 512
_BACKLOG: Final = 512
_RETRY_S: Final = 0.2
_RETRIES: Final = 50
_COUNTER = itertools.count(1)


class Simulator:
    """A DVRIP device on one address: `async with Simulator() as device: ... device.host, device.port`.

    Users are name -> password, the first one the administrator; None keeps the profile's own accounts. A
    serial number left out follows from profile, address and port. Errors: UsageError for an address in use,
    an unknown profile, a video that cannot be read.
    """

    def __init__(
        self,
        *,
        bind: str = "127.0.0.1",
        port: int = 0,
        discovery_port: int | None = None,
        profile: str | Path = "ipc",
        users: Mapping[str, str] | None = _DEFAULT_USERS,
        serial: str | None = None,
        videos: Sequence[str | Path] | None = None,
        channels: int | None = None,
        quirks: Quirks | None = None,
    ) -> None:
        model = load_profile(profile)
        count = check_channels(model.channels if channels is None else channels)
        serial = serial or serial_for(model.name, bind, port or f"any{next(_COUNTER)}")
        if users is not None and not users:
            raise UsageError("users: a device has at least one account")
        self.host = bind
        self.port = port
        self.serial = serial
        self.downtime_s = _DOWNTIME_S
        self._discovery_port = discovery_port
        self._unit = Unit(
            DeviceState(model, channels=count, serial=serial, passwords=users),
            Media(videos, count),
            quirks or Quirks(),
        )
        self._unit.on_restart = self._restart_asked
        self._unit.on_port = self._port_asked
        self._links: dict[Link, asyncio.Task[None]] = {}
        self._server: asyncio.Server | None = None
        self._membership: Membership | None = None
        self._switching = asyncio.Lock()
        self._stopped = False

    async def __aenter__(self) -> Self:
        """Start, and give this device."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        await self.stop()

    def __repr__(self) -> str:
        return f"Simulator({self._unit.state.profile.name} {self.serial} at {self.host}:{self.port})"

    @property
    def profile(self) -> str:
        """Name of the profile."""
        return self._unit.state.profile.name

    @property
    def channels(self) -> int:
        """Number of channels."""
        return self._unit.state.channels

    @property
    def state(self) -> DeviceState:
        """Everything the device knows, live: `config`, `users`, `groups`, `titles` ..."""
        return self._unit.state

    @property
    def quirks(self) -> Quirks:
        """How this device misbehaves now; may be exchanged while it runs."""
        return self._unit.quirks

    @quirks.setter
    def quirks(self, quirks: Quirks) -> None:
        self._unit.quirks = quirks
        self._unit.state.store.ignored = quirks.ignore_writes
        self._unit.state.store.extra_restart = quirks.restart

    @property
    def up(self) -> bool:
        """Whether the device listens."""
        return self._server is not None

    @property
    def sessions(self) -> int:
        """Number of logins now."""
        return len(self._unit.sessions)

    @property
    def connections(self) -> int:
        """Number of TCP connections now."""
        return len(self._links)

    @property
    def monitors(self) -> Counter[Key]:
        """Streams running now by (channel, "Main" or "Extra1"); a stream that does not run counts 0."""
        return +self._unit.monitors.running

    @property
    def monitors_peak(self) -> Counter[Key]:
        """Most streams that ran at once, by (channel, stream)."""
        return Counter(self._unit.monitors.peak)

    @property
    def monitors_started(self) -> Counter[Key]:
        """Streams ever started, by (channel, stream)."""
        return Counter(self._unit.monitors.started)

    @property
    def archive(self) -> Archive:
        """The recordings on the disk; more may be put there."""
        return self._unit.state.archive

    @property
    def playbacks(self) -> int:
        """Number of playbacks and downloads running now."""
        return self._unit.playbacks.running

    @property
    def ptz(self) -> dict[int, PtzState]:
        """Drives by channel."""
        return self._unit.state.ptz

    @property
    def requests(self) -> deque[tuple[int, str, str]]:
        """The last requests: message id, name, user. Never a body."""
        return self._unit.requests

    async def start(self) -> None:
        """Listen; UsageError when the address is in use."""
        self.quirks = self._unit.quirks
        self._stopped = False
        await self._listen()
        self._unit.state.place(self.host, self.port)
        for channel in range(self.channels):
            if streams := self._unit.media.shown(channel):
                self._unit.state.show(channel, streams)
        if self._discovery_port is not None:
            try:
                self._membership = await join(self.host, self._discovery_port, self)
            except OSError as error:
                await self.stop()
                raise UsageError(f"{self.host}:{self._discovery_port}: {_why(error)} (UDP)") from error

    async def stop(self) -> None:
        """Close everything; further calls do nothing."""
        if self._membership is not None:
            self._membership.leave()
            self._membership = None
        self._stopped = True
        self.plug()
        await self._unit.end_tasks()
        await self._go_down()

    async def prepare_media(self) -> None:
        """Have every channel's video ready; UsageError for one that cannot be used."""
        await self._unit.media.prepare()

    async def reboot(self, downtime_s: float = _DOWNTIME_S) -> None:
        """Drop all connections, be away for a while, come back with a new uptime; returns when it is back."""
        async with self._switching:
            await self._go_down()
            await asyncio.sleep(downtime_s)
            if self._stopped:
                return
            self._unit.state.clock.restart()
            self._unit.state.alarms.active.clear()
            self._unit.sessions.next_number = 1
            for drive in self.ptz.values():
                drive.command("DirectionUp", {"Preset": -1})
            self._unit.state.journal.add("StartUp", self._unit.state.clock.text())
            await self._listen_again()

    async def dial(self, host: str, port: int, *, user: str = "admin", password: str) -> bool:
        """Register with a server as NetWork.DAS makes devices do; whether it took this one in."""
        link = await introduce(self._unit, host, port, user=user, password=password)
        if link is not None:
            self._unit.spawn(self._attend(link))
        return link is not None

    def drop_connections(self) -> None:
        """Reset every TCP connection; the device stays up."""
        for link in list(self._links):
            link.abort()

    def unplug(self, for_s: float = 0.0) -> None:
        """Pull the network cable for a time, 0 for until `plug`: connections fall silent, new ones wait."""
        self.state.cable.pull(self._links, for_s)

    def plug(self) -> None:
        """Put the network cable back in."""
        self.state.cable.plug()

    async def picture(self, channel: int) -> bytes | None:
        """What a channel shows now as a JPEG, None when it shows nothing."""
        if channel in self.quirks.offline_channels:
            return None
        return await self._unit.media.still((channel, "Main"), self._unit.monitors.position_s())

    def raise_alarm(self, channel: int = 0, event: str = "VideoMotion", active: bool = True) -> None:
        """Begin or end an alarm; armed sessions are told."""
        if not 0 <= channel < self.channels:
            raise UsageError(f"channel {channel}: this device has {self.channels}")
        self._unit.raise_alarm(channel, event, active=active)

    def discovery_reply(self) -> dict[str, object] | None:
        """The NetWork.NetCommon for a discovery reply, None while the device cannot be reached."""
        return self.state.discovery() if self.up and self.state.cable.plugged else None

    async def _listen(self) -> None:
        try:
            self._server = await asyncio.start_server(
                self._serve, self.host, self.port, backlog=_BACKLOG, reuse_address=True
            )
        except OSError as error:
            raise UsageError(f"{self.host}:{self.port}: {_why(error)}") from error
        self.port = self._server.sockets[0].getsockname()[1]

    async def _listen_again(self) -> None:
        """The port may be busy for a moment right after a fall."""
        for _ in range(_RETRIES):
            try:
                await self._listen()
                return
            except UsageError as error:
                _LOGGER.warning("%s", error)
                await asyncio.sleep(_RETRY_S)
        await self._listen()

    async def _go_down(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()
        self.state.cable.let_go()
        tasks = [task for task in self._links.values() if task is not asyncio.current_task()]
        self.drop_connections()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if server is not None:
            await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = Link(reader, writer, quirks=lambda: self.quirks, alive_interval_s=self._unit.alive_interval_s)
        task = asyncio.current_task()
        if task is None or self._server is None or not self._admit():
            link.abort()
            return
        self._links[link] = task
        try:
            if not self.state.cable.plugged:
                self.state.cable.hold(link)
                await self.state.cable.wait()
                link.stranger_since = time.monotonic()
            await link.serve(lambda frame: self._unit.answer(link, frame))
        finally:
            del self._links[link]
            self._unit.drop_link(link)

    async def _attend(self, link: Link) -> None:
        """Answer on a connection that this device opened."""
        task = asyncio.current_task()
        if task is None:
            return
        self._links[link] = task
        try:
            await link.serve(lambda frame: self._unit.answer(link, frame))
        finally:
            del self._links[link]
            self._unit.drop_link(link)

    def _admit(self) -> bool:
        """Room for one more: a device full of strangers drops the oldest of them."""
        limit = self.quirks.max_connections
        if limit is not None:
            return len(self._links) < limit
        if len(self._links) >= _LINKS_MAX:
            stranger = next((link for link in self._links if link.session is None and not link.claims), None)
            if stranger is None:
                return False
            stranger.abort()
        return True

    def _restart_asked(self, comes_back: bool) -> None:
        async def restart() -> None:
            await asyncio.sleep(_REPLY_OUT_S)
            if comes_back:
                await self.reboot(self.downtime_s)
            else:
                await self._go_down()

        self._unit.spawn(restart())

    def _port_asked(self, port: int) -> None:
        async def move() -> None:
            await asyncio.sleep(_REPLY_OUT_S)
            async with self._switching:
                await self._go_down()
                self.port = port
                with contextlib.suppress(UsageError):
                    await self._listen()

        self._unit.spawn(move())


def _why(error: OSError) -> str:
    return "is in use already" if error.errno == 98 else str(error.strerror or error)
