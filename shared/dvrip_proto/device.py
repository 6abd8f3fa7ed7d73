"""A device as its users see it: one login, and everything it can do as attributes."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from .connection import DEFAULT_PORT, Address, Connection, Entry, LoginReply
from .connection.entry import Credentials, enter
from .connection.to_its_end import to_its_end
from .errors import DvripError, TransportError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from .features.every import (
        Alarms,
        Backup,
        Battery,
        Controls,
        Feeder,
        Keyboard,
        Logs,
        Messages,
        Monitor,
        Outputs,
        Overlay,
        Passwords,
        Ptz,
        RecorderChannels,
        Recordings,
        Serial,
        Services,
        Settings,
        Snapshot,
        Storage,
        System,
        Talk,
        Upgrade,
        Users,
    )
    from .features.live_file import OnRecorded
    from .features.live_writers import Recorded


class Device:
    """A camera or recorder: `async with Device(host, password=...) as device`.

    `host` may be [USER@]HOST[:PORT]; UsageError for what is none. A device is opened once; after its end a
    new one is made. `timeout_s` is for connecting and for each request.
    `encrypt_type` NONE sends the password itself at the login: for devices that do not know its hash.
    `encryption` is "auto" (in clear, encrypted where the device wants that), "always", "never", or the way of
    a device that was met encrypted, "salted" or "light": `entry.policy` is what keeps it so.
    """

    def __init__(
        self,
        host: str,
        port: int = DEFAULT_PORT,
        *,
        username: str = "admin",
        password: str = "",
        timeout_s: float = 10.0,
        encrypt_type: str = "MD5",
        encryption: str = "auto",
    ) -> None:
        place = Address.parse(host, port=port)
        self.host, self.port = place.host, place.port
        self.username = place.user or username
        self._password = password
        self._timeout_s = timeout_s
        self._encrypt_type = encrypt_type
        self._encryption = encryption
        self._connection: Connection | None = None
        self._opened = False
        self._closed = False

    def __repr__(self) -> str:
        state = "new" if not self._opened else "closed" if self.closed else "open"
        return f"<Device {self.username}@{self.host}:{self.port} {state}>"

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @classmethod
    def over(cls, connection: Connection, username: str) -> Self:
        """Device on a connection that it opened itself."""
        if connection.login_reply is None:
            raise UsageError(f"{connection.where}: the device has not said who it is")
        device = cls(connection.host, connection.port, username=username, timeout_s=connection.timeout_s)
        device._connection, device._opened = connection, True
        return device

    @staticmethod
    def preload() -> None:
        """Load every capability now, for event loops that wait for no disk and processes that fork.

        What is never used is never loaded otherwise: a login costs as much as `import asyncio`.
        """
        import_module(".features.every", __package__)

    async def open(self) -> None:
        """Connect and log in.

        TransportError when there is no way to the device, AuthenticationError for wrong credentials,
        UnsupportedError where no allowed way to encrypt leads in, ProtocolError for what is no DVRIP device.
        """
        if self._opened:
            raise UsageError(f"{self.host}:{self.port}: a device is opened once: make a new one")
        self._opened = True
        credentials = Credentials(
            username=self.username, password=self._password, encrypt_type=self._encrypt_type
        )
        connection = await enter(
            self.host, self.port, credentials, timeout_s=self._timeout_s, policy=self._encryption
        )
        if self._closed:
            await to_its_end(connection.logout())
            raise TransportError(f"{connection.where}: closed while it was opened")
        self._connection = connection

    async def close(self) -> None:
        """Log out and disconnect; any number of times. Raises no DvripError.

        Of a device that is being opened, `open` does that, and raises a TransportError.
        """
        self._closed = self._opened
        if self._connection is not None:
            await self._connection.logout()

    async def wait_closed(self) -> DvripError | None:
        """Wait until the connection ends: its error, or None when it was closed here."""
        return await self.connection.wait_closed()

    async def record(
        self,
        file: str | Path,
        *,
        seconds: float | None = None,
        channel: int = 0,
        stream: str = "Main",
        progress: OnRecorded | None = None,
    ) -> Recorded:
        """Record live video into a file, as `monitor.record` does."""
        return await self.monitor.record(
            file, channel=channel, stream=stream, seconds=seconds, progress=progress
        )

    async def dump(self) -> dict[str, Any]:
        """Profile of the device without anything private, for a report of a bug; the simulator runs it."""
        from .features.dump import dump

        return await dump(self.connection, self.users)

    @property
    def connection(self) -> Connection:
        """The one control connection. UsageError before `open`."""
        if self._connection is None:
            raise UsageError(f"{self.host}:{self.port}: the device is not open")
        return self._connection

    @property
    def closed(self) -> bool:
        """Whether there is no connection: not yet, or no more."""
        return self._connection is None or self._connection.closed

    @property
    def login_reply(self) -> LoginReply:
        """What the device said of itself at the login."""
        told = None if self._connection is None else self._connection.login_reply
        if told is None:
            raise UsageError(f"{self.host}:{self.port}: the device is not open")
        return told

    @property
    def entry(self) -> Entry:
        """How the device was entered: in clear or encrypted, and what was tried before."""
        return self.connection.entry or Entry(way="dialled", policy="auto", logins=0)

    @cached_property
    def settings(self) -> Settings:
        """Configuration objects."""
        from .features.settings import Settings

        return Settings(self.connection)

    @cached_property
    def controls(self) -> Controls:
        """Settings by the names that people give them."""
        from .features.controls import Controls

        return Controls(self.settings, self.system)

    @cached_property
    def system(self) -> System:
        """Identity, state, clock, restart."""
        from .features.system import System

        return System(self.connection)

    @cached_property
    def recorder_channels(self) -> RecorderChannels:
        """Cameras of a recorder's channels: which they are."""
        from .features.recorder_channels import RecorderChannels

        return RecorderChannels(self.connection, self.settings, self.system)

    @cached_property
    def _passwords(self) -> Passwords:
        from .features.accounts.passwords import Passwords

        return Passwords(self.connection, username=self.username, password=self._password)

    @cached_property
    def users(self) -> Users:
        """Accounts and groups."""
        from .features.accounts.users import Users

        return Users(self.connection, self._passwords)

    @cached_property
    def alarms(self) -> Alarms:
        """Alarms as they are pushed."""
        from .features.alarms import Alarms

        return Alarms(self.connection)

    @cached_property
    def ptz(self) -> Ptz:
        """Pan, tilt and zoom."""
        from .features.ptz import Ptz

        return Ptz(self.connection)

    @cached_property
    def monitor(self) -> Monitor:
        """Live video."""
        from .features.monitor import Monitor

        return Monitor(self.connection)

    @cached_property
    def snapshot(self) -> Snapshot:
        """Still pictures."""
        from .features.snapshot import Snapshot

        return Snapshot(self.connection)

    @cached_property
    def recordings(self) -> Recordings:
        """Recordings on disks: find, play, download."""
        from .features.recordings.recordings import Recordings

        return Recordings(self.connection)

    @cached_property
    def logs(self) -> Logs:
        """The device's own log."""
        from .features.logs import Logs

        return Logs(self.connection)

    @cached_property
    def storage(self) -> Storage:
        """Disks and cards."""
        from .features.storage import Storage

        return Storage(self.connection)

    @cached_property
    def upgrade(self) -> Upgrade:
        """Firmware."""
        from .features.firmware.upgrade import Upgrade

        return Upgrade(self.connection, self._passwords)

    @cached_property
    def talk(self) -> Talk:
        """Two-way audio."""
        from .features.talk import Talk

        return Talk(self.connection)

    @cached_property
    def backup(self) -> Backup:
        """Configuration as an archive."""
        from .features.backup import Backup

        return Backup(self.connection, self.settings)

    @cached_property
    def outputs(self) -> Outputs:
        """Relay outputs."""
        from .features.outputs import Outputs

        return Outputs(self.connection, self.settings)

    @cached_property
    def services(self) -> Services:
        """Trials of mail and FTP."""
        from .features.rare.service_tests import Services

        return Services(self.connection)

    @cached_property
    def keyboard(self) -> Keyboard:
        """Keys of a recorder's panel."""
        from .features.rare.keyboard import Keyboard

        return Keyboard(self.connection)

    @cached_property
    def serial(self) -> Serial:
        """Serial ports."""
        from .features.rare.serial import Serial

        return Serial(self.connection)

    @cached_property
    def overlay(self) -> Overlay:
        """Titles and texts in the picture."""
        from .features.rare.overlay import Overlay

        return Overlay(self.connection)

    @cached_property
    def battery(self) -> Battery:
        """Battery of a camera without a cable."""
        from .features.rare.battery import Battery

        return Battery(self.connection)

    @cached_property
    def feeder(self) -> Feeder:
        """Pet feeder."""
        from .features.rare.feeder import Feeder

        return Feeder(self.connection)

    @cached_property
    def messages(self) -> Messages:
        """Any message by its number, for what nobody has published."""
        from .features.messages import Messages

        return Messages(self.connection)
