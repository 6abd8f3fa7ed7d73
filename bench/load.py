"""The other ends of the load benchmarks, a process each: `python -m bench.load NAME ...`.

viewers KIND PORT COUNT SECONDS   reads COUNT streams: says `watching` once all run, then the bytes that came
                                  in SECONDS; KIND simulator logs in and asks for them, paced only connects
paced VIDEO COUNT                 the floor: one blocking loop that sends what the simulator would
save PORT MEGABYTES FOLDER        ours: saves a recording; MiB by which memory grew
"""

from __future__ import annotations

import asyncio
import json
import resource
import selectors
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.servers import HEADER, read_exactly

BLANK = "tlJwpbo6"
BEGUN = 65536
BUFFER = 1 << 20
SOON_S = 30


def ask(link: socket.socket, message_id: int, body: dict[str, Any], session: int) -> dict[str, Any]:
    """One exchange, without the library."""
    raw = json.dumps({**body, "SessionID": f"0x{session:08X}"}).encode() + b"\n\0"
    link.sendall(HEADER.pack(255, 0, 0, 0, session, 0, 0, 0, message_id, len(raw)) + raw)
    *_, length = HEADER.unpack(read_exactly(link, HEADER.size))
    reply: dict[str, Any] = json.loads(read_exactly(link, length).rstrip(b"\n\0"))
    if reply["Ret"] != 100:
        raise SystemExit(f"message {message_id}: the device says {reply['Ret']}")
    return reply


def simulated(port: int, count: int) -> list[socket.socket]:
    """A media socket a channel on which the main stream was started, and behind them the control socket."""
    control = socket.create_connection(("127.0.0.1", port))
    login = {"EncryptType": "MD5", "LoginType": "DVRIP-Web", "PassWord": BLANK, "UserName": "admin"}
    session = int(ask(control, 1000, login, 0)["SessionID"], 16)
    links = []
    for channel in range(count):
        parameter = {"Channel": channel, "CombinMode": "NONE", "StreamType": "Main", "TransMode": "TCP"}
        links.append(socket.create_connection(("127.0.0.1", port)))
        for link, message_id, action in ((links[-1], 1413, "Claim"), (control, 1410, "Start")):
            monitor = {"Action": action, "Parameter": parameter}
            ask(link, message_id, {"Name": "OPMonitor", "OPMonitor": monitor}, session)
    return [*links, control]


def viewers(kind: str, port: str, count: str, seconds: str) -> None:
    """Read every stream and keep nothing."""
    if kind == "simulator":
        links = simulated(int(port), int(count))
    else:
        links = [socket.create_connection(("127.0.0.1", int(port))) for _ in range(int(count))]
    taken = dict.fromkeys(links[: int(count)], 0)
    buffer = bytearray(BUFFER)
    with selectors.DefaultSelector() as selector:
        for link in taken:
            selector.register(link, selectors.EVENT_READ, link)

        def read(until: Callable[[], bool]) -> None:
            while not until():
                for key, _ in selector.select(0.2):
                    got = key.data.recv_into(buffer)
                    if not got:
                        raise SystemExit("a stream ended")
                    taken[key.data] += got

        late = time.monotonic() + SOON_S
        read(lambda: min(taken.values()) > BEGUN or time.monotonic() > late)
        if min(taken.values()) <= BEGUN:
            raise SystemExit("a stream does not begin")
        print("watching", flush=True)
        before, end = sum(taken.values()), time.monotonic() + float(seconds)
        read(lambda: time.monotonic() > end)
    print(sum(taken.values()) - before, flush=True)


def loop_of(video: Path) -> tuple[float, list[tuple[float, bytes]]]:
    """Length of a video's loop, and when each of its messages is due."""
    from datetime import datetime

    from dvrip_proto.simulator.clips.prepare import file_clips
    from dvrip_proto.simulator.packets import Packer, pack_unit

    clip, _ = file_clips(video)
    packer = Packer(session=1, channel=0, size=8192, merge=False, split=False)
    due: list[tuple[float, bytes]] = []
    for moment, unit in clip.play(0, sound=True):
        if moment >= clip.duration_s:
            return clip.duration_s, due
        frame = pack_unit(clip, unit, 0, datetime(2026, 5, 7))
        due.append((moment, b"".join(packer.pack(frame, len(due)))))
    raise AssertionError("a clip plays for ever")


def paced(video: str, count: str) -> None:
    """Send the loop of a video to every viewer, each message when it is due."""
    length, messages = loop_of(Path(video))
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(listener.getsockname()[1], flush=True)
    links = [listener.accept()[0] for _ in range(int(count))]

    def schedule() -> Iterator[tuple[float, bytes]]:
        began = time.monotonic()
        while True:
            yield from ((began + due, data) for due, data in messages)
            began += length

    try:
        for moment, data in schedule():
            if (delay := moment - time.monotonic()) > 0:
                time.sleep(delay)
            for link in links:
                link.sendall(data)
    except OSError:
        return


async def save(port: str, megabytes: str, folder: str) -> float:
    """Ours: MiB by which memory grows while a recording is saved."""
    from dvrip_proto import Device, Recording

    path = Path(folder) / "recording.h264"
    async with Device("127.0.0.1", int(port), username="admin", password="") as device:
        before = peak_mib()
        saved = await device.recordings.save(Recording(name="/idea0/2026-05-07/001/10.00.00.h264"), path)
    if saved.size_bytes < int(megabytes) * 950_000:
        raise SystemExit(f"only {saved.size_bytes} bytes were saved")
    return peak_mib() - before


def peak_mib() -> float:
    """The most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Be what the command line names."""
    name, *arguments = sys.argv[1:]
    if name == "save":
        print(asyncio.run(save(*arguments)))
    else:
        {"viewers": viewers, "paced": paced}[name](*arguments)


if __name__ == "__main__":
    main()
