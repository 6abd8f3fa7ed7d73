"""A client that speaks RTSP by hand."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from struct import pack

from dvrip_proto.relay import Relay


class Client:
    """Speaks RTSP by hand."""

    def __init__(
        self, port: int, token: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.reader = reader
        self.writer = writer
        self.base = f"rtsp://127.0.0.1:{port}"
        self.authorization = "Basic " + b64encode(f"dvrip:{token}".encode()).decode()
        self.sequence = 0
        self.reason = ""

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def ask(self, method: str, path: str = "/cam", **headers: str) -> tuple[int, dict[str, str], bytes]:
        self.sequence += 1
        fields = {"CSeq": str(self.sequence), "Authorization": self.authorization} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        lines = [f"{method} {self.base}{path} RTSP/1.0", *(f"{k}: {v}" for k, v in fields.items() if v)]
        await self.send("\r\n".join(lines).encode() + b"\r\n\r\n")
        return await self.answer()

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        async with asyncio.timeout(10):
            while True:
                start = await self.reader.readexactly(1)
                if start != b"$":
                    break
                header = await self.reader.readexactly(3)
                await self.reader.readexactly(int.from_bytes(header[1:], "big"))
            lines = (start + await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = dict(line.split(": ", 1) for line in lines[1:] if line)
            body = await self.reader.readexactly(int(headers.get("Content-Length", "0")))
        _, status, self.reason = lines[0].split(" ", 2)
        return int(status), headers, body

    async def packet(self) -> tuple[int, bytes]:
        async with asyncio.timeout(10):
            assert await self.reader.readexactly(1) == b"$"
            channel, high, low = await self.reader.readexactly(3)
            return channel, await self.reader.readexactly(high << 8 | low)

    async def at_end(self) -> bool:
        async with asyncio.timeout(5):
            try:
                while await self.reader.read(65536):
                    pass
            except ConnectionError:
                pass
        return True

    async def say(self, channel: int, payload: bytes, payload_type: int = 8) -> None:
        """Send sound in an RTP packet, as go2rtc makes them: the timestamp is zero."""
        packet = pack(">BBHII", 0x80, 0x80 | payload_type, 1, 0, 7) + payload
        await self.send(b"$" + pack(">BH", channel, len(packet)) + packet)


@asynccontextmanager
async def connected(relay: Relay) -> AsyncIterator[Client]:
    reader, writer = await asyncio.open_connection("127.0.0.1", relay.port)
    try:
        yield Client(relay.port, relay._token, reader, writer)
    finally:
        writer.close()
