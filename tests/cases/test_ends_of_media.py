"""Cases 10, 12, 13, 14, 21 and 37: archives that pause, begin and end anywhere, and ends that must be noticed."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from dvrip_proto import (
    Device,
    Recording,
    RequestTimeoutError,
    Saved,
    TransportError,
    UnsupportedError,
)
from dvrip_proto.features.recordings.playback import Pace
from dvrip_proto.features.snapshot import Snapshot
from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.wire.framer import pack
from dvrip_proto.wire.ids import MessageId
from dvrip_proto.wire.media import FrameKind, MediaFrame, pack_frame
from tests.device.conftest import connected
from tests.device.test_recorded_stream import BEGIN, FLAG, Recorder, client
from tests.hostile import Link

pytestmark = pytest.mark.usefixtures("no_leaks")

NAME = "/idea0/2026-11-25/001/10.00.00-10.10.00[R][@1][0].h264"


def picture(kind: FrameKind, size: int) -> MediaFrame:
    time = BEGIN if kind is FrameKind.I else None
    return MediaFrame(kind=kind, payload=b"\0\0\0\1" + bytes(size - 4), codec="h264", time=time, fps=25)


I_FRAME, P_FRAME = picture(FrameKind.I, 9000), picture(FrameKind.P, 1007)
MEDIA = pack_frame(I_FRAME) + pack_frame(P_FRAME)


async def saved(device: Recorder, path: Path, *, size_kib: int = 0, timeout_s: float = 1) -> Saved:
    """Save the device's recording as it is, with the pace that the library has by itself."""
    async with client(device, timeout_s=timeout_s) as opened:
        opened.recordings.pace.silence_s = Pace().silence_s
        recording = Recording(name=NAME, begin=BEGIN, size_kib=size_kib)
        async with asyncio.timeout(20):
            return await opened.recordings.save(recording, path, headers=True)


@pytest.mark.parametrize("at", [0, 7, 4096, 9200])
@pytest.mark.parametrize("size_kib", [0, 5, 10])
async def test_10_archive_gap(tmp_path: Path, at: int, size_kib: int) -> None:
    """Between pieces the device pauses for longer than any request may take; after all of it, for 74 s."""
    device = Recorder(data=pack(1426, MEDIA[:at]), more=pack(1426, MEDIA[at:]) + FLAG, more_after_s=1.2)
    if not at:
        device.data = b""
    await saved(device, tmp_path / "whole", size_kib=size_kib, timeout_s=0.9)
    assert (tmp_path / "whole").read_bytes() == MEDIA
    assert Pace().silence_s > 74


async def test_10_a_simulated_archive_pauses_and_is_whole(tmp_path: Path) -> None:
    async with Simulator(profile="nvr", users={"admin": "pw"}) as recorder:
        await recorder.prepare_media()
        recorder.archive.days = 0
        recorder.archive.add(0, BEGIN, BEGIN + timedelta(seconds=10))
        async with Device(recorder.host, recorder.port, password="pw", timeout_s=2) as device:
            device.recordings.pace.rest_s = 0.0
            (recording,) = [each async for each in device.recordings.search(BEGIN, BEGIN + timedelta(days=1))]
            await device.recordings.save(recording, tmp_path / "at once")
            recorder.quirks = Quirks(archive_pause_s=3.0)
            began = asyncio.get_running_loop().time()
            await device.recordings.save(recording, tmp_path / "paused")
            assert asyncio.get_running_loop().time() - began >= 3
            assert (tmp_path / "paused").read_bytes() == (tmp_path / "at once").read_bytes()
            device.recordings.pace.silence_s = 1.0
            with pytest.raises(RequestTimeoutError):
                await device.recordings.save(recording, tmp_path / "impatient")


@pytest.mark.parametrize("rest", [4096, 1, 8999])
async def test_12_archive_starts_mid_frame(tmp_path: Path, rest: int) -> None:
    inside = (b"\x11\x22\0\0\1\x65" * 2000)[:rest]
    device = Recorder(data=pack(1426, inside) + pack(1426, MEDIA) + FLAG)
    await saved(device, tmp_path / "whole")
    assert (tmp_path / "whole").read_bytes() == MEDIA


@pytest.mark.parametrize("short", [200, 1, 1010])
async def test_13_archive_tail_cut(tmp_path: Path, short: int) -> None:
    device = Recorder(data=pack(1426, (MEDIA + pack_frame(P_FRAME))[:-short]) + FLAG)
    await saved(device, tmp_path / "whole")
    assert (tmp_path / "whole").read_bytes() == MEDIA


async def test_13_a_tail_cut_by_the_end_of_the_connection_is_kept_for_going_on(tmp_path: Path) -> None:
    device = Recorder(data=pack(1426, (MEDIA + pack_frame(P_FRAME))[:-200]), closes=True)
    with pytest.raises(TransportError):
        await saved(device, tmp_path / "whole")
    assert (tmp_path / "whole.part").read_bytes() == MEDIA


@pytest.mark.parametrize("size_kib", [0x5, 0x9, 0x32, 0xFFFFFF])
async def test_14_archive_length_not_exact(tmp_path: Path, size_kib: int) -> None:
    done = await saved(Recorder(data=pack(1426, MEDIA) + FLAG), tmp_path / "whole", size_kib=size_kib)
    assert done.size_bytes == len(MEDIA)


@pytest.mark.parametrize("parts", [[2000, 2000], [3], [65000, 10, 10]])
async def test_21_snapshot_cut_by_the_end(parts: list[int]) -> None:
    async def script(link: Link) -> None:
        while True:
            frame = await link.receive()
            if frame.message_id != MessageId.SNAPSHOT:
                await link.reply(frame)
                continue
            for size in parts:
                await link.send(pack(1561, b"\xff\xd8" + bytes(size - 2)))
                await asyncio.sleep(0.01)
            return  # which closes

    async with connected(script) as connection:
        connection.timeout_s = 60
        with pytest.raises(TransportError, match="the device closed the connection") as caught:
            async with asyncio.timeout(2):
                await Snapshot(connection).take()
    assert not isinstance(caught.value, RequestTimeoutError)


async def test_21_parts_that_never_make_a_picture_end_in_time() -> None:
    async def script(link: Link) -> None:
        while True:
            frame = await link.receive()
            await link.reply(frame)
            while frame.message_id == MessageId.SNAPSHOT:
                await link.send(pack(1561, b"\xff\xd8\0"))
                await asyncio.sleep(0.05)

    async with connected(script) as connection:
        connection.timeout_s = 0.3
        with pytest.raises(RequestTimeoutError, match="the picture broke off"):
            async with asyncio.timeout(5):
                await Snapshot(connection).take()
        assert not connection.closed


async def test_37_play_agrees_and_sends_nothing() -> None:
    async with client(Recorder(data=b"")) as device:
        assert device.recordings.pace.first_s > 30  # the first picture of an archive takes tens of seconds
        device.recordings.pace.first_s = 0.4
        async with device.recordings.play(Recording(name=NAME, begin=BEGIN)) as playback:
            with pytest.raises(UnsupportedError, match="sent nothing: download the recording instead"):
                await anext(playback)
        assert not device.closed


async def test_37_a_play_that_falls_silent_later_is_a_timeout() -> None:
    async with client(Recorder(data=pack(1426, MEDIA))) as device:
        device.recordings.pace.silence_s = 0.4
        async with device.recordings.play(Recording(name=NAME, begin=BEGIN)) as playback:
            assert [(await anext(playback)).kind for _ in range(2)] == [FrameKind.I, FrameKind.P]
            with pytest.raises(RequestTimeoutError, match=r"no media for 0\.4 s$"):
                await anext(playback)
