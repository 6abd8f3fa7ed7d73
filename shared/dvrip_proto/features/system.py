"""What the device is, how it does, what it can, its clock, and its restart."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from ..config.zones import LOCATION, ZONE, local_time
from ..connection import Connection
from ..errors import ProtocolError, TransportError, UnsupportedError, UsageError
from ..values import Json, flag
from ..wire.ids import MessageId
from ..wire.shapes import member, members
from .channels import Channel, read_channels
from .objects import mistakes_at
from .settings import Settings
from .system_info import SystemInfo, WifiState, read_system_info, read_wifi
from .times import Uptime, parse_time, wire_time
from .work_state import WorkState, read_work_state
from .zones import zoned_time

_RESTORE_S = 60.0
_CLOCK_RUNS = 2018  # clocks that were lost begin in 1970, 2000 or 2017
DEFAULT_PARTS = {
    "accounts": "Account",
    "alarms": "Alarm",
    "camera": "CameraPARAM",
    "serial": "CommPtz",
    "encoding": "Encode",
    "general": "General",
    "network": "NetCommon",
    "services": "NetServer",
    "preview": "Preview",
    "recording": "Record",
}
"""Parts of the configuration that can be set to their defaults, with the device's names for them."""


class System:
    """Asks and tells the device about itself."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._uptime = Uptime()

    async def info(self) -> SystemInfo:
        """Identity and size of the device."""
        raw = await self._object("SystemInfo")
        login = self._connection.login_reply
        return read_system_info(raw, self._uptime, told_channels=login.channel_count if login else 0)

    async def channels(self, info: SystemInfo | None = None) -> tuple[Channel, ...]:
        """Every channel with its kind, name, state and resolution; `info` saves asking for it anew.

        A recorder's slots without a camera are listed too: `exists` is false for them.
        """
        size = info or await self.info()
        return await read_channels(self._connection, video=size.video_inputs, digital=size.digital_channels)

    async def work_state(self) -> WorkState:
        """Alarms and recording now: a way to poll what is not pushed."""
        return read_work_state(await self._object("WorkState"))

    async def wifi(self) -> WifiState:
        """State of the Wi-Fi. UnsupportedError from devices that do not tell it. Source: R80X30-PQ, V5.00."""
        name = "WifiRouteInfo"
        told = await self._ask(MessageId.CONFIG_GET, name)
        if not isinstance(told, dict):
            raise ProtocolError(f"{self._connection.where}: {name}: the device told no object")
        return read_wifi(told)

    async def functions(self) -> dict[str, dict[str, bool]]:
        """Flags of `SystemFunction` by group. Advisory: devices do things whose flag is off."""
        groups = members(await self.ability("SystemFunction"))
        return {group: _flags(told) for group, told in groups.items() if isinstance(told, dict | list)}

    async def ability(self, name: str) -> Json:
        """One ability as the device tells it. UnsupportedError when it does not know the name."""
        value = await self._ask(MessageId.ABILITY_GET, name)
        if value is None:
            raise UnsupportedError(
                f"{self._connection.where}: {name}: this device has no such ability",
                message_id=MessageId.ABILITY_GET,
                name=name,
            )
        return value

    async def channel_ability(self, name: str, part: str) -> Json:
        """Part of an ability by channel, as a recorder tells it: "ChannelSystemFunction", "SmartH264".

        Weak: no device is known that answers. UnsupportedError from all that were asked.
        """
        asked = f"{name}@{part}"
        reply = await self._connection.request(MessageId.CHANNEL_ABILITY_GET, asked)
        for key in (asked, name):
            if reply.body.get(key) is not None:
                return reply.body[key]
        raise UnsupportedError(
            f"{self._connection.where}: {asked}: this device has no such ability",
            message_id=MessageId.CHANNEL_ABILITY_GET,
            name=asked,
        )

    async def time(self) -> datetime:
        """Device's clock: local time of the device, without a zone."""
        told = await self._ask(MessageId.TIME_QUERY, "OPTimeQuery")
        now = parse_time(told) or parse_time(member(members(told), "Time"))
        if now is None:
            raise ProtocolError(f"{self._connection.where}: OPTimeQuery: {repr(told)[:60]} is no time")
        return now

    async def set_time(self, when: datetime) -> None:
        """Set the clock to a local time of the device; one with a zone is taken as it reads."""
        await self._connection.request(MessageId.SYSTEM_MANAGER, "OPTimeSetting", wire_time(when))

    async def local_time(self, when: datetime | None = None, *, zone: str | None = None) -> datetime:
        """What the device's clock should show at `when` (now), by its own time zone and daylight saving time.

        `zone` (a name or an offset) is for devices that keep none: UnsupportedError without it.
        """
        at = when or datetime.now(UTC)
        settings = Settings(self._connection)
        kept = members(await settings.get_or_none(ZONE))
        found = local_time(at, kept, members(await settings.get_or_none(LOCATION)) if kept else None)
        if found is not None:
            return found
        if zone is None:
            raise UnsupportedError(
                f"{self._connection.where}: {ZONE}: the device keeps no time zone: say where it stands",
                name=ZONE,
            )
        with mistakes_at(self._connection.where):
            return zoned_time(at, zone)

    async def sync_time(
        self, tolerance_s: float = 5.0, *, now: datetime | None = None, zone: str | None = None
    ) -> bool:
        """Set the clock when it is further than the tolerance from the device's `local_time`.

        Whether it was set. A `now` without a zone is the device's local time as it reads.
        """
        naive = now is not None and now.tzinfo is None
        wanted = now if naive and now is not None else await self.local_time(now, zone=zone)
        if abs((await self.time() - wanted).total_seconds()) <= tolerance_s:
            return False
        await self.set_time(wanted)
        return True

    async def restore_time(self, *, now: datetime | None = None, zone: str | None = None) -> bool:
        """Give a device its time that lost it, as those without a battery do; one whose clock runs keeps it.

        Whether it was given: as `sync_time` finds it or, for a device that keeps no zone and gets none, this
        host's local time.
        """
        if (await self.time()).year >= _CLOCK_RUNS:
            return False
        if now is not None and now.tzinfo is None:
            wanted = now
        else:
            try:
                wanted = await self.local_time(now, zone=zone)
            except UnsupportedError:
                wanted = now or datetime.now()
        await self._connection.request(MessageId.TIME_SYNC, "OPTimeSettingNoRTC", wire_time(wanted))
        return True

    async def reboot(self, *, channel: int | None = None) -> None:
        """Restart the device. It goes away within seconds and is back after 40 to 120.

        A device that goes without an answer has obeyed. With a channel, UnsupportedError: recorders restart a
        camera of theirs over HTTP only (OPIPCControl), and answer 100 to whatever else they are told.
        """
        if channel is not None:
            raise UnsupportedError(
                f"{self._connection.where}: OPMachine: the camera of channel {channel + 1} cannot be "
                "restarted through the recorder: log in to the camera itself",
                message_id=MessageId.SYSTEM_MANAGER,
                name="OPMachine",
            )
        await self._go("Reboot")

    async def shutdown(self) -> None:
        """Turn the device off. Only somebody beside it can turn it on again; many cameras just restart."""
        await self._go("Shutdown")

    async def restore_defaults(self, parts: Iterable[str]) -> bool:
        """Set parts of the configuration (of DEFAULT_PARTS) to what they were when the device was new.

        Whether the device wants a restart for it. "network" may move it to another address, "accounts" undo
        passwords.
        """
        chosen = set(parts)
        unknown = sorted(chosen - DEFAULT_PARTS.keys())
        if unknown or not chosen:
            raise UsageError(
                f"{self._connection.where}: defaults of {', '.join(unknown) or 'nothing'} are not possible, "
                f"the parts are {', '.join(DEFAULT_PARTS)}"
            )
        return await self._restore(
            {name: part in chosen for part, name in DEFAULT_PARTS.items()}, factory=False
        )

    async def restore_factory(self) -> bool:
        """Set everything to what it was when the device was new: accounts, passwords and address too."""
        return await self._restore(dict.fromkeys(DEFAULT_PARTS.values(), True), factory=True)

    async def _restore(self, chosen: dict[str, bool], *, factory: bool) -> bool:
        wish: dict[str, Json] = {**chosen, "Factory": factory}
        async with self._connection.turn as turn:
            try:
                reply = await self._connection.request(
                    MessageId.SYSTEM_MANAGER, "OPDefaultConfig", wish, timeout_s=_RESTORE_S
                )
            finally:
                turn.wrote()
        return reply.reboot_needed

    async def _go(self, action: str) -> None:
        was_closed = self._connection.closed
        try:
            await self._connection.request(MessageId.SYSTEM_MANAGER, "OPMachine", {"Action": action})
        except TransportError:
            if was_closed:
                raise

    async def _object(self, name: str) -> dict[str, Json]:
        value = await self._ask(MessageId.SYSINFO, name)
        found = members(value)
        if not found and not isinstance(value, dict):
            raise ProtocolError(f"{self._connection.where}: {name}: the device told no object")
        return dict(found)

    async def _ask(self, message_id: int, name: str) -> Json:
        return member((await self._connection.request(message_id, name)).body, name)


def _flags(told: Json) -> dict[str, bool]:
    """The flags of a group; in a list each name is one that is on."""
    found: dict[str, bool] = {}
    for each in told if isinstance(told, list) else [told]:
        if isinstance(each, dict):
            found |= {name: flag(on) for name, on in each.items()}
        elif isinstance(each, str):
            found[each] = True
    return found
