"""A client that shares no code with the library: headers and frames are cut by hand."""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from weakref import WeakSet

from dvrip_proto.simulator import Simulator

HEADER = struct.Struct("<BBBBIIBBHI")
BLANK = "tlJwpbo6"


@dataclass(frozen=True)
class Packet:
    version: int
    session: int
    sequence: int
    channel: int
    end: int
    message_id: int
    body: bytes
    reserved: tuple[int, int] = (0, 0)

    @property
    def json(self) -> dict[str, Any]:
        assert self.body.endswith(b"\n\0"), self.body[-20:]
        return json.loads(self.body[:-2])

    @property
    def ret(self) -> int:
        return int(self.json["Ret"])


def pack(
    message_id: int, body: bytes, *, session: int = 0, sequence: int = 0, end: int = 0, version: int = 0
) -> bytes:
    return HEADER.pack(255, version, 0, 0, session, sequence, 0, end, message_id, len(body)) + body


class Raw:
    """One TCP connection; `session` is filled by a login. What a test leaves open is closed behind it."""

    left_open: ClassVar[WeakSet[Raw]] = WeakSet()

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.left_open.add(self)
        self.reader = reader
        self.writer = writer
        self.session = 0
        self.sequence = 0

    @classmethod
    async def open(cls, device: Simulator) -> Self:
        return cls(*await asyncio.open_connection(device.host, device.port))

    @classmethod
    async def login(cls, device: Simulator, user: str = "admin", password: str = BLANK) -> Self:
        client = await cls.open(device)
        reply = await client.log_in(user, password)
        assert reply.ret == 100, reply.body
        return client

    async def log_in(self, user: str, password: str, encryption: str = "MD5") -> Packet:
        body = {"EncryptType": encryption, "LoginType": "DVRIP-Web", "PassWord": password, "UserName": user}
        reply = await self.ask(1000, body)
        if reply.ret == 100:
            self.session = int(reply.json["SessionID"], 16)
        return reply

    def send(self, message_id: int, body: bytes | dict[str, Any] = b"", *, end: int = 0) -> int:
        """Send a request; its sequence number."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode() + b"\n\0"
        sequence = self.sequence
        self.sequence += 1
        self.writer.write(pack(message_id, raw, session=self.session, sequence=sequence, end=end))
        return sequence

    async def receive(self, timeout_s: float = 5.0) -> Packet:
        async with asyncio.timeout(timeout_s):
            head = await self.reader.readexactly(20)
            first, version, one, two, session, sequence, channel, end, message_id, size = HEADER.unpack(head)
            assert first == 255
            body = await self.reader.readexactly(size)
        return Packet(version, session, sequence, channel, end, message_id, body, (one, two))

    async def ask(self, message_id: int, body: bytes | dict[str, Any] = b"", *, end: int = 0) -> Packet:
        self.send(message_id, body, end=end)
        return await self.receive()

    async def named(self, message_id: int, name: str, value: Any = None, **more: Any) -> Packet:
        body = {"Name": name, "SessionID": f"0x{self.session:08X}", **more}
        if value is not None:
            body[name] = value
        return await self.ask(message_id, body)

    async def get(self, name: str) -> Any:
        reply = await self.named(1042, name)
        assert reply.ret == 100, reply.body
        return reply.json[name]

    async def put(self, name: str, value: Any) -> int:
        return (await self.named(1040, name, value)).ret

    async def is_closed(self, timeout_s: float = 3.0) -> bool:
        try:
            async with asyncio.timeout(timeout_s):
                while await self.reader.read(65536):
                    pass
        except ConnectionError:
            return True
        except TimeoutError:
            return False
        return True

    async def is_silent(self, timeout_s: float = 0.3) -> bool:
        try:
            async with asyncio.timeout(timeout_s):
                return not await self.reader.read(1)
        except TimeoutError:
            return True

    async def until_silent(self, quiet_s: float = 0.3) -> None:
        """Read away what is on its way."""
        try:
            while True:
                async with asyncio.timeout(quiet_s):
                    assert await self.reader.read(65536)
        except TimeoutError:
            return

    def close(self) -> None:
        self.left_open.discard(self)
        self.writer.close()

    @classmethod
    async def close_all(cls) -> None:
        """Abort what is still open: a socket left to the garbage collector fails another test."""
        for raw in list(cls.left_open):
            raw.writer.transport.abort()
        cls.left_open.clear()
        await asyncio.sleep(0)  # a transport closes its socket on the loop's next turn


def monitor(action: str, channel: int = 0, stream: str = "Main") -> dict[str, Any]:
    parameter = {"Channel": channel, "CombinMode": "NONE", "StreamType": stream, "TransMode": "TCP"}
    return {"Action": action, "Parameter": parameter}


@dataclass(frozen=True)
class RawFrame:
    kind: int
    head: bytes
    payload: bytes


def cut(data: bytes) -> tuple[list[RawFrame], bytes]:
    """The complete frames at the start of a media byte stream, and the rest."""
    frames = []
    while len(data) >= 8:
        assert data[:3] == b"\0\0\1", data[:16].hex()
        kind = data[3]
        head = 16 if kind in (0xFC, 0xFE) else 8
        if len(data) < head:
            break
        size = int.from_bytes(data[head - 4 : head], "little") if kind in (0xFC, 0xFD, 0xFE) else 0
        if kind in (0xFA, 0xF9):
            size = int.from_bytes(data[6:8], "little")
        if len(data) < head + size:
            break
        frames.append(RawFrame(kind, data[:head], data[head : head + size]))
        data = data[head + size :]
    return frames, data


async def until(true: Callable[[], bool], timeout_s: float = 5.0) -> None:
    """Wait for something that becomes true by itself."""
    async with asyncio.timeout(timeout_s):
        while not true():  # noqa: ASYNC110 - a device in the same process has no event to wait for
            await asyncio.sleep(0.02)


async def frames_of(client: Raw, count: int, *, timeout_s: float = 10.0) -> list[RawFrame]:
    """The next frames of a media socket."""
    frames: list[RawFrame] = []
    rest = b""
    async with asyncio.timeout(timeout_s):
        while len(frames) < count:
            packet = await client.receive(timeout_s)
            assert packet.message_id == 1412, packet
            found, rest = cut(rest + packet.body)
            frames += found
    return frames


async def watch(device: Simulator, control: Raw, channel: int = 0, stream: str = "Main") -> Raw:
    """A second socket on which a stream runs."""
    media = await Raw.open(device)
    media.session = control.session
    claim = await media.named(1413, "OPMonitor", monitor("Claim", channel, stream))
    assert claim.ret == 100, claim.body
    start = await control.named(1410, "OPMonitor", monitor("Start", channel, stream))
    assert (start.message_id, start.ret) == (1411, 100)
    return media
