"""What a picture claims to be costs this machine no more than the largest honest one."""

from __future__ import annotations

import asyncio
import json
import lzma
import struct
import sys
import time
from pathlib import Path

import pytest

from dvrip_proto import Device, ProtocolError, Recording, UsageError
from dvrip_proto.media.jpeg import jpeg
from dvrip_proto.media.picture import check_jpeg
from dvrip_proto.media.units import KeyFrame
from dvrip_proto.simulator.clips.prepare import file_clips
from tests import hostile

PICTURES = Path(__file__).parent / "pictures"
MONSTERS = ["h264_16000x16000", "h264_8192x8192", "h265_8192x8192"]
MIB = 1024 * 1024

MEASURE = """
import io, json, lzma, resource, sys
import av
from dvrip_proto import DvripError
from dvrip_proto.media.jpeg import jpeg
from dvrip_proto.media.container import Container
from dvrip_proto.media.units import KeyFrame

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

path, times, way = sys.argv[1], int(sys.argv[2]), sys.argv[3]
codec = path.rpartition("/")[2].partition("_")[0]
payload = lzma.open(path).read() * times
keyframe = KeyFrame(codec=codec, payload=payload, time=None, arrived_s=0.0)
av.CodecContext.create("h264", "r"), av.CodecContext.create("hevc", "r"), av.CodecContext.create("mjpeg", "w")
before = peak()
try:
    if way == "still":
        said = len(jpeg(keyframe))
    else:
        film = Container(io.BytesIO(), "mp4", sound=None, fragmented=True)
        said = film.picture(payload, 0.0, codec=codec, fps=25, keyframe=True)
except DvripError as error:
    said = str(error)
print(json.dumps([peak() - before, said]))
"""


def key_frame(name: str) -> KeyFrame:
    payload = lzma.decompress((PICTURES / f"{name}.xz").read_bytes())
    return KeyFrame(codec=name.partition("_")[0], payload=payload, time=None, arrived_s=0.0)


async def cost(name: str, times: int = 1, way: str = "still") -> tuple[int, object]:
    """MiB that a fresh process needs beyond its own for a still of this frame, and what it got."""
    arguments = (str(PICTURES / f"{name}.xz"), str(times), way)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", MEASURE, *arguments, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0
    mib, said = json.loads(printed)
    return mib, said


def lying_jpeg(width: int, height: int, marker: int = 0xC0) -> bytes:
    size = struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8" + bytes([0xFF, marker]) + size + b"\xff\xda\x00\x02\xff\xd9"


@pytest.mark.parametrize("name", MONSTERS)
async def test_a_monstrous_key_frame_is_a_broken_picture_and_costs_little(name):
    mib, said = await cost(name)
    assert "cannot be decoded" in str(said)
    assert mib < 120


async def test_an_honest_picture_of_sixteen_megapixels_costs_little_more_than_its_decoder():
    mib, said = await cost("h264_4000x4000")
    assert isinstance(said, int)
    assert mib < 100


async def test_a_thousand_pictures_in_one_frame_cost_as_much_as_one():
    started = time.monotonic()
    await cost("h264_6000x6000")
    one_s = time.monotonic() - started
    started = time.monotonic()
    mib, said = await cost("h264_6000x6000", 150)
    assert isinstance(said, int)
    assert mib < 220
    assert time.monotonic() - started < 3 * one_s + 2


def test_a_large_picture_is_still_a_good_picture():
    assert jpeg(key_frame("h264_4000x4000")).startswith(b"\xff\xd8")


@pytest.mark.parametrize("marker", [0xC0, 0xC1, 0xC2, 0xC9])
def test_a_jpeg_that_lies_about_its_size_is_a_broken_picture(marker):
    with pytest.raises(ProtocolError, match="claims 65000 x 65000"):
        jpeg(KeyFrame(codec="jpeg", payload=lying_jpeg(65000, 65000, marker), time=None, arrived_s=0.0))
    honest = lying_jpeg(4000, 4000, marker)
    assert check_jpeg(honest) == honest


def test_a_second_size_in_a_jpeg_is_seen_too():
    first = lying_jpeg(640, 480).partition(b"\xff\xda")[0]
    with pytest.raises(ProtocolError, match="claims"):
        check_jpeg(first + b"\xff\xff" + lying_jpeg(65535, 65535)[3:])


@pytest.mark.parametrize("between", [b"\0", b"\xff\x00", b"junk", b"\xff\x01\xff\xff"])
def test_bytes_between_the_parts_of_a_jpeg_hide_no_size(between):
    lying = lying_jpeg(65000, 65000)
    with pytest.raises(ProtocolError, match="claims 65000 x 65000"):
        check_jpeg(lying[:2] + between + lying[2:])


def test_a_jpeg_that_is_drawn_for_minutes_is_a_broken_picture():
    picture = lying_jpeg(6000, 6000, 0xC2)
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + bytes(40)
    assert check_jpeg(picture + scan * 20)
    with pytest.raises(ProtocolError, match="drawn more than 100 times"):
        check_jpeg(picture + scan * 100)


@pytest.mark.parametrize(
    "take",
    [
        lambda device: device.recordings.picture(Recording(name="/a.jpg", kind="jpg")),
        lambda device: device.recordings.thumbnail(Recording(name="/a.h264")),
    ],
    ids=["picture", "thumbnail"],
)
async def test_a_lying_picture_from_a_disk_is_refused(take):
    lying = lying_jpeg(65000, 65000)

    async def script(link: hostile.Link) -> None:
        first = await link.receive()
        await link.reply(first, SessionID="0x0000000B")
        if first.message_id == 1424:
            await link.send(hostile.pack(1426, lying) + hostile.pack(1426, b"", end=1))
        while True:
            request = await link.receive()
            if request.message_id == 1448:
                await link.send(hostile.pack(1449, lying))
            else:
                await link.reply(request)

    async with hostile.peer(script) as (host, port), Device(host, port=port, password="x") as device:
        with pytest.raises(ProtocolError, match="claims 65000 x 65000"):
            await take(device)


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"\xff\xd8", b"\xff\xd8\xff", b"\xff\xd8\xff\xc0\x00\x00", bytes(99)]
)
def test_what_is_no_jpeg_is_read_to_no_end(data):
    assert check_jpeg(data) == data


async def test_a_lying_snapshot_of_a_device_is_refused():
    async def script(link: hostile.Link) -> None:
        await link.accept_login()
        while True:
            request = await link.receive()
            if request.message_id == 1560:
                await link.send(
                    hostile.pack(1561, lying_jpeg(65000, 65000), session=hostile.SESSION, version=1)
                )
            else:
                await link.reply(request)

    async with hostile.peer(script) as (host, port), Device(host, port=port, password="x") as device:
        with pytest.raises(ProtocolError, match="claims 65000 x 65000"):
            await device.snapshot.take()


@pytest.mark.parametrize("name", MONSTERS)
async def test_a_monstrous_picture_in_a_recording_is_not_decoded(name):
    mib, _said = await cost(name, way="film")
    assert mib < 120


def test_the_simulator_takes_no_monstrous_video(tmp_path):
    file = tmp_path / "dump.h264"
    file.write_bytes(key_frame("h264_8192x8192").payload * 2)
    with pytest.raises(UsageError, match="dump.h264"):
        file_clips(file)
