"""Many at once: nobody is forgotten and nothing is torn. How much it costs is for the benchmarks."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from pathlib import Path
from typing import Final

import pytest

import dvrip_proto
from dvrip_proto.simulator import Simulator
from dvrip_proto.simulator.clips.clip import Clip
from tests.simulator.raw import HEADER, Raw, RawFrame, cut, watch

CHANNELS: Final = 64
FRAMES: Final = 60
DEVICES: Final = 1000
PROBE: Final = HEADER.pack(255, 0, 0, 0, 0, 0, 0, 0, 1530, 0)
WAIT_S: Final = 60.0


async def frames_and_sequences(media: Raw, session: int) -> tuple[list[RawFrame], list[int]]:
    """What one reader gets: complete frames, and the numbers of the messages they came in."""
    frames: list[RawFrame] = []
    sequences: list[int] = []
    rest = b""
    while len(frames) < FRAMES:
        packet = await media.receive(WAIT_S)
        assert (packet.message_id, packet.session) == (1412, session)
        sequences.append(packet.sequence)
        found, rest = cut(rest + packet.body)
        frames += found
    return frames, sequences


def check(frames: list[RawFrame], clip: Clip) -> None:
    """Pictures follow each other as in the clip, from a key frame on, and so do the blocks of sound."""
    pictures = [frame.payload for frame in frames if frame.kind in (0xFC, 0xFD)]
    known = [frame.payload for frame in clip.frames]
    assert frames[0].kind == 0xFC
    first = known.index(pictures[0])
    assert clip.frames[first].keyframe
    assert pictures == [known[(first + number) % len(known)] for number in range(len(pictures))]
    blocks = [frame.payload for frame in frames if frame.kind == 0xFA]
    begin = clip.frames[first].time_s
    assert blocks == [clip.sound_at(begin + number * 0.04) for number in range(len(blocks))]
    assert min(len(pictures), len(blocks)) > FRAMES // 4


async def test_many_readers_get_whole_frames_in_order() -> None:
    videos = ["scene:h264", "scene:h265"]
    async with Simulator(profile="nvr", channels=CHANNELS, videos=videos) as device:
        await device.prepare_media()
        control = await Raw.login(device)
        readers = [await watch(device, control, channel) for channel in range(CHANNELS)]
        try:
            assert device.monitors == {(channel, "Main"): 1 for channel in range(CHANNELS)}
            got = await asyncio.gather(*(frames_and_sequences(media, control.session) for media in readers))
        finally:
            for client in (*readers, control):
                client.close()
        for channel, (frames, sequences) in enumerate(got):
            assert sequences == list(range(sequences[0], sequences[0] + len(sequences)))
            clip = await device._unit.media.clip((channel, "Main"))
            assert clip is not None
            check(frames, clip)


def free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.bind(("127.0.0.1", 0))
        return int(link.getsockname()[1])


async def answers(port: int, count: int) -> dict[str, str]:
    """Who answers one probe, and the serial number that he tells."""
    loop = asyncio.get_running_loop()
    found: dict[str, str] = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        link.setblocking(False)
        link.bind(("127.0.0.1", 0))
        await loop.sock_sendto(link, PROBE, ("127.255.255.255", port))
        async with asyncio.timeout(WAIT_S):
            while len(found) < count:
                data, (host, _) = await loop.sock_recvfrom(link, 65536)
                *_, message_id, size = HEADER.unpack_from(data)
                body = data[HEADER.size :]
                assert (message_id, size) == (1531, len(body))
                assert host not in found, f"{host} answers twice"
                common = json.loads(body.rstrip(b"\n\0"))["NetWork.NetCommon"]
                assert common["HostIP"] == f"0x{socket.inet_aton(host)[::-1].hex().upper()}"
                found[host] = common["SN"]
    return found


@pytest.mark.timeout(180)
async def test_every_device_of_a_large_fleet_answers_one_probe() -> None:
    port = free_udp_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "dvrip_proto", "simulate", "--bind", "127.3.0.1", "--count", str(DEVICES)),
        *("--port", str(port), "--discovery-port", str(port)),
        stdout=asyncio.subprocess.PIPE,
        env={"PYTHONPATH": str(Path(dvrip_proto.__file__).parents[1]), "PATH": "/usr/bin:/bin"},
    )
    try:
        assert process.stdout is not None
        ready = [(await process.stdout.readline()).decode().split() for _ in range(DEVICES)]
        there = {words[1].partition(":")[0]: words[2].removeprefix("serial=") for words in ready}
        assert len(set(there.values())) == DEVICES
        assert await answers(port, DEVICES) == there
    finally:
        process.terminate()
        await process.wait()
