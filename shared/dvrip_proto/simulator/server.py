"""One simulated device with its listeners: the public face of the simulator."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, override

from ..errors import UsageError
from .cameras import Cameras
from .clips.sources import Media
from .discovery import Membership, join
from .dispatch import Unit
from .listening import Listening, why
from .monitor import Key
from .profile import check_channels, load_profile
from .quirks import Quirks
from .registration import introduce
from .startable import Startable
from .state.archive import Archive
from .state.device import DeviceState, serial_for
from .state.links import OFFLINE
from .state.ptz import PtzState

_LOGGER = logging.getLogger(__name__)

_DEFAULT_USERS: Final[Mapping[str, str]] = {"admin": ""}
_DOWNTIME_S: Final = 2.0
_REPLY_OUT_S: Final = 0.2
_COUNTER = itertools.count(1)


class Simulator(Startable):
    """A DVRIP device on one address: `async with Simulator() as device: ... device.host, device.port`.

    Users are name -> password, the first one the administrator; None keeps the profile's own accounts. A
    serial number left out follows from profile, address and port. `udp_port` takes requests over UDP too.
    Errors: UsageError for an address in use, an unknown profile, a video that cannot be read.
    """

    def __init__(
        self,
        *,
        bind: str = "127.0.0.1",
        port: int = 0,
        discovery_port: int | None = None,
        udp_port: int | None = None,
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
        self._unit.state.address.on_change = self._address_changed
        self._cameras = Cameras(self._unit.state.links)
        self._unit.state.on_bindings = self._cameras.follow
        self._listening = Listening(self._unit, udp_port=udp_port)
        self._unit.attend = self._listening.attend
        self._membership: Membership | None = None
        self._switching = asyncio.Lock()
        self._stopped = False

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
        offline = dict.fromkeys(quirks.offline_channels, OFFLINE)
        self.state.links.forced = {**offline, **quirks.channel_state}
        self.state.links.refresh()

    @property
    def up(self) -> bool:
        """Whether the device listens."""
        return self._listening.up

    @property
    def udp_port(self) -> int | None:
        """Where it takes requests over UDP, if it does."""
        return self._listening.udp_port

    @property
    def sessions(self) -> int:
        """Number of logins now."""
        return len(self._unit.sessions)

    @property
    def logins(self) -> list[tuple[int, str, str]]:
        """Who is logged in: number of the session, name of the user, address."""
        return [(each.number, each.user, each.link.peer_host) for each in self._unit.sessions]

    @property
    def connections(self) -> int:
        """Number of TCP connections now."""
        return len(self._listening.links)

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

    @override
    async def start(self) -> None:
        """Listen; UsageError when the address is in use."""
        self.quirks = self._unit.quirks
        self._stopped = False
        await self._listen()
        self._unit.state.address.place(self.host, self.port)
        for channel in range(self.channels):
            if streams := self._unit.media.shown(channel):
                self._unit.state.show(channel, streams)
        self._cameras.follow()
        try:
            await self._join()
        except UsageError:
            await self.stop()
            raise

    @override
    async def stop(self) -> None:
        """Close everything; further calls do nothing."""
        self._leave()
        self._stopped = True
        self.plug()
        await self._cameras.leave()
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
            if self.quirks.forget_presets:
                self.state.drives.forget_presets()
            self._unit.sessions.next_number = 1
            for drive in self.ptz.values():
                drive.command("DirectionUp", {"Preset": -1})
            self._unit.state.journal.add("StartUp", self._unit.state.clock.text())
            await self._listening.open_again(self.host, self.port)
            if self.quirks.move_listener:
                await self._move()

    async def dial(self, host: str, port: int, *, user: str = "admin", password: str) -> bool:
        """Register with a server as NetWork.DAS makes devices do; whether it took this one in."""
        link = await introduce(self._unit, host, port, user=user, password=password)
        if link is not None:
            self._unit.spawn(self._listening.attend(link))
        return link is not None

    def drop_connections(self) -> None:
        """Reset every TCP connection; the device stays up."""
        self._listening.drop()

    def log_out(self, *, session: int | None = None, user: str | None = None) -> list[int]:
        """Throw out one session, or a user's, or everybody's (1004): their numbers.

        UsageError when a session or user that is named is not logged in.
        """
        thrown = [
            each
            for each in self._unit.sessions
            if session in (None, each.number) and user in (None, each.user)
        ]
        if not thrown and (session is not None or user is not None):
            who = f"user {user}" if session is None else f"session {session}"
            raise UsageError(f"{who}: is not logged in on device {self.serial}")
        for each in thrown:
            self._unit.log_out(each)
        return [each.number for each in thrown]

    def unplug(self, for_s: float = 0.0) -> None:
        """Pull the network cable for a time, 0 for until `plug`: connections fall silent, new ones wait."""
        self.state.cable.pull(self._listening.links, for_s)

    def plug(self) -> None:
        """Put the network cable back in."""
        self.state.cable.plug()

    async def picture(self, channel: int) -> bytes | None:
        """What a channel shows now as a JPEG, None when it shows nothing."""
        if not self.state.links.shows(channel):
            return None
        return await self._unit.media.still((channel, "Main"), self._unit.monitors.position_s())

    def heard(self) -> bytes:
        """What was said to the device last, as a WAV file; empty when nobody has talked."""
        return self._unit.talk.wave()

    def set_link(self, channel: int, word: str) -> None:
        """Let the camera of a digital channel go, with a word of NetWork.ChnStatus, or come back, with ""."""
        if not self.state.profile.inputs(self.channels) <= channel < self.channels:
            raise UsageError(f"channel {channel}: is no digital channel of device {self.serial}")
        self.state.links.told[channel] = word
        self.state.links.refresh()

    def push_alarm(self, **members: Any) -> None:
        """Push an AlarmInfo with exactly these members to every armed session; the device's state stays."""
        self._unit.push(members)

    def raise_alarm(self, channel: int = 0, event: str = "VideoMotion", active: bool = True) -> None:
        """Begin or end an alarm; armed sessions are told."""
        if not 0 <= channel < self.channels:
            raise UsageError(f"channel {channel}: this device has {self.channels}")
        self._unit.raise_alarm(channel, event, active=active)

    def discovery_reply(self) -> dict[str, object] | None:
        """The NetWork.NetCommon for a discovery reply, None while the device cannot be reached."""
        return self.state.discovery() if self.up and self.state.cable.plugged else None

    async def _listen(self) -> None:
        self.port = await self._listening.open(self.host, self.port)

    async def _go_down(self) -> None:
        await self._listening.close()

    def _restart_asked(self, comes_back: bool) -> None:
        async def restart() -> None:
            await asyncio.sleep(_REPLY_OUT_S)
            if comes_back:
                await self.reboot(self.downtime_s)
            else:
                await self._go_down()

        self._unit.spawn(restart())

    def _address_changed(self) -> None:
        async def follow() -> None:
            await asyncio.sleep(_REPLY_OUT_S)
            async with self._switching:
                if self.up and not self.state.address.waits_for_restart():
                    await self._move()

        if self.quirks.move_listener:
            self._unit.spawn(follow())

    async def _move(self) -> None:
        """Go where NetWork.NetCommon says, as far as this computer has that address."""
        host, port = self.state.address.wanted()
        if host == self.host != self.state.address.told():
            _LOGGER.warning(
                "%s: stays at %s, %s is only stored", self.serial, host, self.state.address.told()
            )
        if (host, port) == (self.host, self.port):
            return
        try:
            await self._listening.move(host, port)
        except UsageError as error:
            _LOGGER.warning("%s: stays at %s:%d: %s", self.serial, self.host, self.port, error)
            return
        self.host, self.port, self.state.address.host = host, port, host
        _LOGGER.warning("%s: is at %s:%d now", self.serial, host, port)
        if self._membership is not None:
            self._leave()
            try:
                await self._join()
            except UsageError as error:
                _LOGGER.warning("%s: is not found by discovery now: %s", self.serial, error)

    async def _join(self) -> None:
        if self._discovery_port is None:
            return
        try:
            self._membership = await join(self.host, self._discovery_port, self)
        except OSError as error:
            raise UsageError(f"{self.host}:{self._discovery_port}: {why(error)} (UDP)") from error

    def _leave(self) -> None:
        if self._membership is not None:
            self._membership.leave()
            self._membership = None
