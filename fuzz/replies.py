"""What the features make of any reply: a device that gives one answer to every request, without a network."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from dvrip_proto.config.plan import Plan
from dvrip_proto.connection.turn import Turn
from dvrip_proto.discovery import Discovered
from dvrip_proto.errors import DvripError, ProtocolError
from dvrip_proto.features.accounts.passwords import Passwords
from dvrip_proto.features.accounts.users import Users
from dvrip_proto.features.alarms import read_events
from dvrip_proto.features.dump import dump
from dvrip_proto.features.firmware.package import Firmware
from dvrip_proto.features.firmware.upgrade import Upgrade
from dvrip_proto.features.logs import Logs
from dvrip_proto.features.outputs import OutputMode, Outputs
from dvrip_proto.features.rare.service_tests import Services
from dvrip_proto.features.recordings.recordings import Recordings
from dvrip_proto.features.settings import Settings
from dvrip_proto.features.storage import ERASE, Storage
from dvrip_proto.features.system import System
from dvrip_proto.features.system_info import SystemInfo
from dvrip_proto.servers.alarm_centre import read_report
from dvrip_proto.wire.body import decode
from dvrip_proto.wire.framer import Frame
from dvrip_proto.wire.header import Header
from dvrip_proto.wire.reply import LoginReply, Reply, read
from dvrip_proto.wire.ret import SUCCESS, error_for

WHERE = "10.0.0.9:34567"
DAY = date(2026, 8, 8)
BEGIN, END = datetime(2026, 8, 8), datetime(2026, 8, 8, 23, 59, 59)
REQUESTS_MAX = 400
CHANNELS_MAX = 2048


class EchoConnection:
    """Stands for a connection: the same body answers every request, also one for another name."""

    where = WHERE
    host, port = "10.0.0.9", 34567
    timeout_s = 1.0
    closed = False
    dialled = False
    ends = ("", "")
    entry = None
    session_id = 11
    login_reply = LoginReply(session=11, channel_count=1)

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._requests = 0
        self.turn = Turn()

    async def request(
        self,
        message_id: int,
        name: str = "",
        *_value: Any,
        ok: Iterable[int] | None = SUCCESS,
        **_options: Any,
    ) -> Reply:
        """The reply, or the error that it stands for."""
        reply = self._reply(message_id)
        if ok is not None and reply.ret is not None and reply.ret not in ok:
            raise error_for(reply.ret, where=WHERE, message_id=message_id, name=name)
        return reply

    async def request_raw(self, message_id: int, _body: bytes, **_options: Any) -> Reply:
        """The reply."""
        return self._reply(message_id)

    def _reply(self, message_id: int) -> Reply:
        self._requests += 1
        assert self._requests <= REQUESTS_MAX, "it asks for ever"
        try:
            return read(Frame(Header(message_id=message_id + 1, length=len(self._body)), self._body))
        except ProtocolError as error:
            raise ProtocolError(f"{WHERE}: the reply is {error}") from error


class NamedConnection(EchoConnection):
    """As EchoConnection, but the answer is the object that was asked for, whatever its name."""

    async def request(self, message_id: int, name: str = "", *args: Any, **options: Any) -> Reply:
        """The reply, whose object has the asked name."""
        reply = await super().request(message_id, name, *args, **options)
        return dataclasses.replace(reply, body={**reply.body, name: reply.body.get("tree", reply.body)})


async def _all[T](items: AsyncIterator[T]) -> list[T]:
    return [item async for item in items]


def _users(connection: Any) -> Users:
    return Users(connection, Passwords(connection, username="admin", password=""))


async def _change(connection: Any, name: str, desired: Any, channel: int | None = None) -> object:
    """Plan, write and read back."""
    settings = Settings(connection)
    wanted = await settings.plan(name, desired, channel=channel)
    _ = wanted.before, wanted.after, wanted.summary()
    return await settings.apply(wanted)


async def _account(connection: Any) -> object:
    users = _users(connection)
    wanted = await users.plan_user("guest", group="user", memo="x", sharable=True, authorities=["Monitor_01"])
    _ = wanted.before, wanted.after, wanted.summary()
    return await users.plan_group("user", memo="x", authorities=["Monitor_01"])


async def _moved(connection: Any) -> object:
    """Another group brings its rights; a new account has those of its group."""
    users = _users(connection)
    wanted = await users.plan_user("guest", group="admin")
    return wanted, await users.plan_user("somebody", group="user", password="x")


_FIRMWARE = Firmware(
    path=Path("V5.00.R02.20260101.bin"),
    size=1,
    crc=0,
    hardware="IPC",
    vendor="General",
    device_id="00001580",
    compatible_version=None,
    commands=(),
)

type Call = Callable[[Any], Coroutine[Any, Any, object] | Awaitable[object]]

CALLS: Mapping[str, Call] = {
    "info": lambda c: System(c).info(),
    "storage": lambda c: Storage(c).disks(),
    "work state": lambda c: System(c).work_state(),
    "functions": lambda c: System(c).functions(),
    "ability": lambda c: System(c).ability("MotionArea"),
    "time": lambda c: System(c).time(),
    "sync time": lambda c: System(c).sync_time(now=BEGIN),
    "users": lambda c: _users(c).list(),
    "groups": lambda c: _users(c).groups(),
    "authorities": lambda c: _users(c).authorities(),
    "account": _account,
    "moved": _moved,
    "removal": lambda c: _users(c).plan_removal("guest"),
    "group removal": lambda c: _users(c).plan_group_removal("user"),
    "recordings": lambda c: _all(Recordings(c).search(BEGIN, END)),
    "timeline": lambda c: Recordings(c).timeline(DAY),
    "calendar": lambda c: Recordings(c).calendar(2026, 8),
    "year": lambda c: Recordings(c).year_calendar(2026),
    "log": lambda c: _all(Logs(c).entries()),
    "upgrade": lambda c: Upgrade(c, Passwords(c, username="admin", password="")).misfits(_FIRMWARE),
    "outputs": lambda c: Outputs(c, Settings(c)).list(),
    "switch": lambda c: Outputs(c, Settings(c)).switch(0, OutputMode.ON),
    "disks": lambda c: Storage(c).clear(0, confirm=ERASE),
    "network": lambda c: _change(c, "NetWork.NetCommon", {"HostName": "cam", "HostIP": "10.0.0.1"}),
    "ntp": lambda c: _change(c, "NetWork.NetNTP", {"Enable": True, "Server": {"Name": "a", "Port": 123}}),
    "motion": lambda c: _change(c, "Detect.MotionDetect", {"Enable": True, "Level": 3}),
    "record": lambda c: _change(c, "Record", {"TimeSection": "always"}, channel=0),
    "encode": lambda c: _change(c, "Simplify.Encode", {"MainFormat": {"Video": {"FPS": 5}}}, channel=0),
    "title": lambda c: _change(c, "ChannelTitle", ["door"]),
    "mail": lambda c: Services(c).try_mail(),
    "ftp": lambda c: Services(c).try_ftp(),
    "dump": lambda c: dump(c, _users(c)),
}


def run(call: Call, connection: EchoConnection) -> object:
    """Result of a call that never waits for anything."""
    waiting: Any = call(connection)
    try:
        waiting.send(None)
    except StopIteration as result:
        return result.value
    raise AssertionError("it waits although the answer is here")


def outcome(name: str, body: bytes) -> object:
    """Value or error of a call when `body` answers all it asks; only the library's errors are errors."""
    connection = NamedConnection(body) if name in ("dump", "ability") else EchoConnection(body)
    try:
        value = run(CALLS[name], connection)
    except DvripError as error:
        value = error
    if isinstance(value, DvripError):
        assert str(value).startswith(f"{WHERE}: "), f"it does not name the device: {value}"
    elif isinstance(value, SystemInfo):
        assert value.channel_count <= CHANNELS_MAX, "more channels than any device has"
    if name == "dump":
        return value  # it writes texts anew, to hide what is private
    for text in _texts(value):
        odd = text.startswith(("None", "True", "False", "[", "{"))
        assert not odd or text.strip() in {*map(str.strip, _texts(decode(body)))}, f"text {text!r}"
    return value


def _texts(value: object) -> Iterator[str]:
    """Every text in a value; of a reply also the keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple | frozenset):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        yield from _texts([*value, *value.values()])
    elif dataclasses.is_dataclass(value) and not isinstance(value, type | Plan):
        for row in dataclasses.fields(value):
            if row.name != "raw":
                yield from _texts(getattr(value, row.name))


def pushed(tree: Any, raw: bytes) -> None:
    """An alarm, a report and an answer to a probe with these members."""
    if isinstance(tree, dict):
        for event in read_events(tree):
            assert event.channel is None or event.channel >= 0
            assert len([*_texts([event.event, event.started])]) == 2
        found = Discovered.from_wire("10.0.0.9", tree)
        hash((found.identity, found.own_address, found.port))
        assert 0 < found.port < 65536
    read_report("10.0.0.9", raw)
