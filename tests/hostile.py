"""Peers on the loopback that a client must survive: each a context manager that gives its (host, port).

    async with hostile.http() as (host, port): ...

`peer(script)` runs any conversation; the named peers are scripts of one line.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

from dvrip_proto.wire.body import decode, encode_reply, session_text
from dvrip_proto.wire.framer import Frame, Framer, pack
from dvrip_proto.wire.ids import MessageId, reply_of

HOST = "127.0.0.1"
SESSION = 0x0B

type Script = Callable[[Link], Awaitable[None]]
type Address = tuple[str, int]


class Link:
    """A script's end of one connection. Requests are `frames`; what else was said stays readable in `seen`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.seen: list[Frame] = []
        self._framer = Framer()
        self._frames: deque[Frame] = deque()

    async def receive(self) -> Frame:
        """The next message of the client; EOFError when there is none."""
        while not self._frames:
            data = await self.reader.read(65536)
            if not data:
                raise EOFError
            self._frames.extend(self._framer.feed(data))
        frame = self._frames.popleft()
        self.seen.append(frame)
        return frame

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def push(self, message_id: int, body: dict[str, Any], *, sequence: int = 0) -> None:
        await self.send(pack(message_id, encode_reply(body), session=SESSION, sequence=sequence, version=1))

    async def reply(self, request: Frame, ret: int | None = 100, **members: Any) -> None:
        """Answer as devices do: the next id, the sequence echoed, the asked Name."""
        name = decode(request.body).get("Name", "") if request.body.startswith(b"{") else ""
        body = {"Name": name, "SessionID": session_text(SESSION), **members}
        if ret is not None:
            body["Ret"] = ret
        await self.push(reply_of(request.message_id), body, sequence=request.header.sequence)

    async def accept_login(self, **members: Any) -> Frame:
        """Take the login and accept it."""
        request = await self.receive()
        assert request.message_id == MessageId.LOGIN
        body = {"AliveInterval": 20, "ChannelNum": 1, "DeviceType ": "IPC", "ExtraChannel": 0, **members}
        body |= {"Ret": 100, "SessionID": session_text(SESSION)}
        await self.push(MessageId.LOGIN_REPLY, body)
        return request

    async def serve(self, answers: dict[int, dict[str, Any]] | None = None) -> None:
        """Answer everything with 100, or with the members given for a message id, until the client goes."""
        while True:
            frame = await self.receive()
            await self.reply(frame, **(answers or {}).get(frame.message_id, {}))

    async def gone(self) -> None:
        """Wait until the client has closed."""
        while await self.reader.read(65536):
            pass

    def reset(self) -> None:
        """Close with a TCP reset."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


@contextlib.asynccontextmanager
async def peer(script: Script, *, host: str = HOST) -> AsyncIterator[Address]:
    """A server that runs `script` for each connection and then closes it; a script's error fails the test."""
    tasks: set[asyncio.Task[None]] = set()
    errors: list[BaseException] = []

    async def run(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await script(Link(reader, writer))
        except (EOFError, ConnectionError):
            pass
        except Exception as error:  # noqa: BLE001 - raised again below, in the test's own task
            errors.append(error)
        finally:
            tasks.discard(task)
            writer.close()

    server = await asyncio.start_server(run, host, 0)
    try:
        yield server.sockets[0].getsockname()[:2]
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
    if errors:
        raise errors[0]


async def _silent(link: Link) -> None:
    await link.gone()


async def _http(link: Link) -> None:
    await link.reader.read(1)
    await link.send(b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<html>Bad Request</html>")


async def _closes_at_once(_link: Link) -> None:
    return


async def _closes_mid_reply(link: Link) -> None:
    await link.receive()
    await link.send(pack(MessageId.LOGIN_REPLY, b'{ "AliveInterval" : 20, "ChannelNum" : 1 }\n\0')[:37])


async def _stalls_mid_reply(link: Link) -> None:
    await _closes_mid_reply(link)
    await link.gone()


async def _garbage(link: Link) -> None:
    await link.receive()
    await link.send(b"\x01" + random.Random(1).randbytes(4095))
    await link.gone()


async def _resets(link: Link) -> None:
    await link.receive()
    link.reset()


async def _huge(link: Link) -> None:
    request = await link.receive()
    header = struct.pack("<BBBBIIBBHI", 0xFF, 1, 0, 0, 0, 0, 0, 0, reply_of(request.message_id), 0xFFFFFFFF)
    await link.send(header)
    await link.gone()


async def _encrypted(link: Link) -> None:
    request = await link.receive()
    body = b"kealpLysgKz0Dno9CISne43+0cGIaAawjo0w0u72IK4yj1Fz98h4QPctza/XjobS\0"
    await link.send(pack(reply_of(request.message_id), body))
    await link.gone()


def silent() -> contextlib.AbstractAsyncContextManager[Address]:
    """Takes the connection and never says a word."""
    return peer(_silent)


def http() -> contextlib.AbstractAsyncContextManager[Address]:
    """A web server."""
    return peer(_http)


def closes_at_once() -> contextlib.AbstractAsyncContextManager[Address]:
    """Takes the connection and closes it, as a device with too many connections does."""
    return peer(_closes_at_once)


def closes_mid_reply() -> contextlib.AbstractAsyncContextManager[Address]:
    """Closes after half of its first reply."""
    return peer(_closes_mid_reply)


def stalls_mid_reply() -> contextlib.AbstractAsyncContextManager[Address]:
    """Sends half of its first reply, then nothing."""
    return peer(_stalls_mid_reply)


def garbage() -> contextlib.AbstractAsyncContextManager[Address]:
    """Answers with bytes that are nothing."""
    return peer(_garbage)


def resets() -> contextlib.AbstractAsyncContextManager[Address]:
    """Answers with a TCP reset."""
    return peer(_resets)


def huge() -> contextlib.AbstractAsyncContextManager[Address]:
    """Announces a reply of 4 GiB."""
    return peer(_huge)


def encrypted() -> contextlib.AbstractAsyncContextManager[Address]:
    """Firmware that answers the login with an encrypted body."""
    return peer(_encrypted)


def refuses_login(ret: int) -> contextlib.AbstractAsyncContextManager[Address]:
    """Answers every login with `ret`."""

    async def script(link: Link) -> None:
        while True:
            await link.reply(await link.receive(), ret)

    return peer(script)


def answers_login_only() -> contextlib.AbstractAsyncContextManager[Address]:
    """Accepts the login, then never says a word: a device that hangs, or a network that broke."""

    async def script(link: Link) -> None:
        await link.accept_login()
        await link.gone()

    return peer(script)


def closes_after_login() -> contextlib.AbstractAsyncContextManager[Address]:
    """Accepts the login and closes at the first request."""

    async def script(link: Link) -> None:
        await link.accept_login()
        await link.receive()

    return peer(script)


@contextlib.contextmanager
def refused_port() -> Iterator[int]:
    """A port of the loopback on which nothing listens, kept free of others."""
    with socket.socket() as sock:
        sock.bind((HOST, 0))
        yield sock.getsockname()[1]


@contextlib.asynccontextmanager
async def unreachable() -> AsyncIterator[Address]:
    """A host that does not even complete the TCP handshake: its queue of new connections is full."""
    waiting: list[socket.socket] = []
    with socket.socket() as server:
        server.bind((HOST, 0))
        server.listen(0)
        try:
            for _ in range(3):
                sock = socket.socket()
                sock.setblocking(False)
                sock.connect_ex(server.getsockname())
                waiting.append(sock)
            await asyncio.sleep(0.05)
            yield server.getsockname()[:2]
        finally:
            for sock in waiting:
                sock.close()
