"""A device that does everything right but one thing: at one stage of one operation it answers with a twist."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dvrip_proto import Device
from dvrip_proto.wire.body import decode, encode_reply, session_text
from dvrip_proto.wire.framer import Frame, pack
from dvrip_proto.wire.header import Header
from dvrip_proto.wire.ids import MessageId, reply_of
from dvrip_proto.wire.media import FrameKind, MediaFrame, pack_frame
from tests import hostile
from tests.hostile import Link

BEGIN = datetime(2021, 3, 4, 10)
SIZE: dict[str, Any] = {"codec": "h264", "width": 704, "height": 576, "fps": 25}
I_FRAME = MediaFrame(kind=FrameKind.I, payload=b"\0\0\0\1\x67" + bytes(9000), time=BEGIN, **SIZE)
P_FRAME = MediaFrame(kind=FrameKind.P, payload=b"\0\0\0\1\x41" + bytes(500), **SIZE)
FRAMES = [I_FRAME, P_FRAME, P_FRAME]
STREAM = b"".join(map(pack_frame, FRAMES))
FILE = "/idea0/2021-03-04/001/10.00.00-11.00.00[R][@1][0].h264"
_RIGHT: dict[int, dict[str, Any]] = {
    MessageId.LOGIN: {"AliveInterval": 20, "ChannelNum": 1, "DeviceType ": "IPC", "ExtraChannel": 0},
    MessageId.SYSINFO: {
        "SystemInfo": {"SerialNo": "abc", "HardWare": "XM530_50X50-WG_8M", "SoftWareVersion": "V5.00.R02"}
    },
    MessageId.UPGRADE_INFO: {"OPSystemUpgrade": {"Hardware": "XM530_50X50-WG_8M", "Vendor": "General"}},
    MessageId.FILE_SEARCH: {
        "OPFileQuery": [
            {
                "FileName": FILE,
                "BeginTime": "2021-03-04 10:00:00",
                "EndTime": "2021-03-04 11:00:00",
                "FileLength": "0x0",
            }
        ]
    },
    MessageId.LOG_SEARCH: {"OPLogQuery": [{"Position": 1, "Time": "2021-03-04 10:00:00", "Type": "Reboot"}]},
}


def body_of(request: Frame) -> dict[str, Any]:
    return decode(request.body) if request.body.startswith(b"{") else {}  # or a block of a file


def members_of(request: Frame) -> dict[str, Any]:
    """What a device that does nothing wrong answers."""
    body = {"Name": body_of(request).get("Name", ""), "Ret": 100, "SessionID": session_text(hostile.SESSION)}
    return body | _RIGHT.get(request.message_id, {})


def answer(request: Frame, body: bytes | None = None, **header: int) -> bytes:
    """The bytes of an answer, right where nothing else is given."""
    body = encode_reply(members_of(request)) if body is None else body
    fields = {"message_id": reply_of(request.message_id), "session": hostile.SESSION, "version": 1}
    return Header(**{**fields, "length": len(body), **header}).pack() + body


def media(message_id: int, data: bytes = STREAM, *, size: int = 8192, end: bool = True) -> bytes:
    """Media messages, and the mark of the end."""
    parts = [pack(message_id, data[at : at + size]) for at in range(0, len(data), size)]
    return b"".join(parts) + (pack(message_id, b"", end=1) if end else b"")


type Twist = Callable[[Link, Frame], Awaitable[None]]
"""Answers a request in its own way."""


@dataclass
class Rogue:
    """A device whose answer to the message `message_id` (with that `action`, if it has one) is `twist`ed.

    `live` and `recorded` are the bytes that follow a start on the media socket.
    """

    message_id: int = 0
    action: str = ""
    twist: Twist | None = None
    live: bytes = media(MessageId.MONITOR_DATA)
    recorded: bytes = media(MessageId.DOWNLOAD_DATA)
    feed: Callable[[Link], Awaitable[None]] | None = None
    twisted: int = 0
    _starts: asyncio.Event = field(default_factory=asyncio.Event)
    _started: int = 0

    async def script(self, link: Link) -> None:
        while True:
            request = await link.receive()
            action = self._action(request)
            if (
                self.twist is not None
                and request.message_id == self.message_id
                and action in ("", self.action)
            ):
                self.twisted += 1
                await self.twist(link, request)
            else:
                await link.send(answer(request))
            await self._follow(link, request.message_id, action)

    def _action(self, request: Frame) -> str:
        operation = body_of(request).get(str(body_of(request).get("Name")))
        return str(operation.get("Action", "")) if isinstance(operation, dict) else ""

    async def _follow(self, link: Link, message_id: int, action: str) -> None:
        """Media follow a start, on the socket that was claimed: the two conversations run side by side."""
        if action.endswith("Start"):
            self._started = message_id
            self._starts.set()
        elif action == "Claim":
            await self._starts.wait()
            if self.feed is not None:
                await self.feed(link)
            elif self._started != MessageId.TALK:
                await link.send(self.live if self._started == MessageId.MONITOR else self.recorded)


@contextlib.asynccontextmanager
async def rogue(device: Rogue, *, timeout_s: float) -> AsyncIterator[Device]:
    """The client of a rogue, not opened yet; it is closed in the end, in time."""
    async with hostile.peer(device.script) as (host, port):
        client = Device(host, port, timeout_s=timeout_s)
        try:
            yield client
        finally:
            async with asyncio.timeout(2.5):
                await client.close()
