"""One measurement a process: `python -m bench.clients NAME PORT ...` prints the number as its last line."""

from __future__ import annotations

import asyncio
import json
import resource
import socket
import sys
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from bench.measure import cpu_s
from bench.servers import HEADER, SESSION, read_exactly

LOGIN_BODY = (
    b'{"EncryptType": "MD5", "LoginType": "DVRIP-Web", "PassWord": "tlJwpbo6", "UserName": "admin"}\n\0'
)
INFO_BODY = b'{"Name": "SystemInfo", "SessionID": "0x0000000B"}\n\0'
LOGOUT_BODY = b'{"Name": "", "SessionID": "0x0000000B"}\n\0'
MONITOR = (
    '{"Name": "OPMonitor", "OPMonitor": {"Action": "%s", "Parameter": {"Channel": 0, "CombinMode": "NONE", '
    '"StreamType": "Main", "TransMode": "TCP"}}, "SessionID": "0x0000000B"}\n\0'
)
CONCURRENT = 200
BROADCAST = "127.255.255.255"
DISCOVERY_S = 10


def message(message_id: int, body: bytes, session: int = SESSION) -> bytes:
    """A request as bytes, made without the library: the floor must not lean on what it measures."""
    return HEADER.pack(255, 0, 0, 0, session, 0, 0, 0, message_id, len(body)) + body


def per_gigabyte(cpu: float, size: int) -> float:
    """CPU seconds for a gigabyte of media."""
    if size < 10_000_000:
        raise SystemExit(f"only {size} bytes came")
    return cpu / (size / 1e9)


async def ingest(port: int) -> float:
    """Ours: typed frames of a monitor stream, CPU seconds per GB."""
    from dvrip_proto import Device, DvripError

    size = frames = 0
    async with (
        Device("127.0.0.1", port, username="admin", password="") as device,
        device.monitor.open(0, "Main") as stream,
    ):
        before = cpu_s()
        with suppress(DvripError):
            while batch := await stream.batch():
                for frame in batch:
                    size += len(frame.payload)
                frames += len(batch)
        used = cpu_s() - before
    if not frames:
        raise SystemExit("no frame came")
    return per_gigabyte(used, size)


def ingest_floor(port: int) -> float:
    """The floor: a blocking socket, every header looked at, every body copied out of one buffer."""
    link = socket.create_connection(("127.0.0.1", port))
    for message_id, body in ((1000, LOGIN_BODY), (1413, (MONITOR % "Claim").encode())):
        link.sendall(message(message_id, body))
        *_, length = HEADER.unpack(read_exactly(link, HEADER.size))
        read_exactly(link, length)
    link.sendall(message(1410, (MONITOR % "Start").encode()))
    buffer = bytearray(1 << 20)
    view = memoryview(buffer)
    size = start = end = 0
    before = cpu_s()
    while got := link.recv_into(view[end:]):
        end += got
        while end - start >= HEADER.size:
            *_, length = HEADER.unpack_from(buffer, start)
            stop = start + HEADER.size + length
            if stop > end:
                break
            payload = bytes(view[start + HEADER.size : stop])
            size += len(payload)
            start = stop
        if end > len(buffer) - 65536:
            buffer[: end - start] = buffer[start:end]
            start, end = 0, end - start
        elif start == end:
            start = end = 0
    return per_gigabyte(cpu_s() - before, size)


def ingest_peer(port: int, megabytes: int) -> float:
    """The peer: python-dvr's monitor, which gives whole frames to a callback; stopped before the stream ends.

    At the end of a stream it would read an empty socket in a loop, which is not what is measured here.
    """
    from dvrip import DVRIPCam

    size = 0

    def take(frame: bytes, _meta: dict[str, Any], _user: object) -> None:
        nonlocal size
        size += len(frame)
        if size > megabytes * 900_000:
            camera.stop_monitor()

    camera = DVRIPCam("127.0.0.1", user="admin", password="", port=port)
    if not camera.login():
        raise SystemExit("python-dvr could not log in")
    before = cpu_s()
    camera.start_monitor(take)
    return per_gigabyte(cpu_s() - before, size)


async def login(port: int, count: int) -> float:
    """Ours: milliseconds from connect to logged in, one after the other."""
    from dvrip_proto import Device

    took = 0.0
    for _ in range(count):
        began = time.perf_counter()
        device = Device("127.0.0.1", port, username="admin", password="")
        await device.open()
        took += time.perf_counter() - began
        await device.close()
    return took / count * 1000


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, message_id: int, body: bytes
) -> bytes:
    writer.write(message(message_id, body))
    *_, length = HEADER.unpack(await reader.readexactly(HEADER.size))
    return await reader.readexactly(length)


async def login_floor(port: int, count: int) -> float:
    """The floor: a raw asyncio exchange of the same bytes."""
    took = 0.0
    for _ in range(count):
        began = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await _exchange(reader, writer, 1000, LOGIN_BODY)
        took += time.perf_counter() - began
        await _exchange(reader, writer, 1002, LOGOUT_BODY)
        writer.close()
        await writer.wait_closed()
    return took / count * 1000


def login_peer(port: int, count: int) -> float:
    """The peer: python-dvr's login."""
    from dvrip import DVRIPCam

    took = 0.0
    for _ in range(count):
        began = time.perf_counter()
        camera = DVRIPCam("127.0.0.1", user="admin", password="", port=port)
        camera.login()
        took += time.perf_counter() - began
        camera.close()
    return took / count * 1000


async def _fleet(count: int, visit: Callable[[], Coroutine[Any, Any, None]]) -> float:
    gate = asyncio.Semaphore(CONCURRENT)

    async def one() -> None:
        async with gate:
            await visit()

    before = cpu_s()
    async with asyncio.TaskGroup() as group:
        for _ in range(count):
            group.create_task(one())
    return cpu_s() - before


async def fleet(port: int, count: int) -> float:
    """Ours: CPU seconds to log in to `count` devices and read their information."""
    from dvrip_proto import Device

    async def visit() -> None:
        async with Device("127.0.0.1", port, username="admin", password="") as device:
            info = await device.system.info()
            assert info.hardware == "BENCH"

    return await _fleet(count, visit)


async def fleet_encrypted(port: int, count: int) -> float:
    """Ours: as `fleet`, of devices that are known to want encryption."""
    from dvrip_proto import Device

    async def visit() -> None:
        async with Device("127.0.0.1", port, password="", encryption="always") as device:
            info = await device.system.info()
            assert info.hardware == "BENCH"

    return await _fleet(count, visit)


async def fleet_encrypted_floor(port: int, count: int) -> float:
    """The floor: the same exchange by hand, through raw asyncio streams and `cryptography`."""
    from bench.encrypted import visit_floor

    return await _fleet(count, lambda: visit_floor(port))


async def fleet_floor(port: int, count: int) -> float:
    """The floor: the same bytes through raw asyncio streams, the reply decoded as JSON."""

    async def visit() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await _exchange(reader, writer, 1000, LOGIN_BODY)
        body = await _exchange(reader, writer, 1020, INFO_BODY)
        assert json.loads(body.rstrip(b"\n\0"))["SystemInfo"]["HardWare"] == "BENCH"
        await _exchange(reader, writer, 1002, LOGOUT_BODY)
        writer.close()

    return await _fleet(count, visit)


async def stalled(port: int, seconds: int) -> float:
    """Ours: MiB by which memory grows while nobody takes the frames of a stream."""
    from dvrip_proto import Device

    async with Device("127.0.0.1", port, username="admin", password="") as device:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        async with device.monitor.open(0, "Main") as stream:
            await anext(stream)
            await asyncio.sleep(seconds)
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


async def discovery(port: int, count: int) -> float:
    """Ours: seconds until the last of `count` simulated devices has answered."""
    from dvrip_proto import discover

    began = time.perf_counter()
    found = set()
    async for device in discover(targets=[BROADCAST], port=port, timeout_s=DISCOVERY_S):
        found.add(device.serial)
        if len(found) == count:
            return time.perf_counter() - began
    raise SystemExit(f"{count - len(found)} of {count} devices were lost")


def discovery_floor(port: int, count: int) -> float:
    """The floor: one probe, and a blocking socket that counts who answered."""
    link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    link.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    link.settimeout(DISCOVERY_S)
    began = time.perf_counter()
    link.sendto(message(1530, b"", session=0), (BROADCAST, port))
    found = set()
    while len(found) < count:
        _, sender = link.recvfrom(65535)
        found.add(sender)
    return time.perf_counter() - began


CLIENTS: dict[str, Callable[..., float | Coroutine[Any, Any, float]]] = {
    "ingest": ingest,
    "ingest_floor": ingest_floor,
    "ingest_peer": ingest_peer,
    "login": login,
    "login_floor": login_floor,
    "login_peer": login_peer,
    "fleet": fleet,
    "fleet_floor": fleet_floor,
    "fleet_encrypted": fleet_encrypted,
    "fleet_encrypted_floor": fleet_encrypted_floor,
    "stalled": stalled,
    "discovery": discovery,
    "discovery_floor": discovery_floor,
}


def main() -> None:
    """Run the client that the command line names."""
    name, *arguments = sys.argv[1:]
    number = CLIENTS[name](*map(int, arguments))
    print(json.dumps(asyncio.run(number) if asyncio.iscoroutine(number) else number))


if __name__ == "__main__":
    main()
