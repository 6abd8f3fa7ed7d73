"""Downloads into files: whole under their name or not at all, and on from where they broke off."""

import asyncio
import os
import resource
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dvrip_proto import (
    Device,
    FrameKind,
    ProtocolError,
    Recording,
    RequestError,
    RequestTimeoutError,
    TransportError,
    UsageError,
)
from dvrip_proto.features.recordings.part_file import PartFile
from dvrip_proto.media.frame_file import read_frames
from dvrip_proto.simulator import Quirks
from dvrip_proto.wire.framer import pack
from dvrip_proto.wire.media import MediaFrame, pack_frame
from tests import hostile
from tests.device.conftest import login
from tests.device.test_recorded_stream import BEGIN, FLAG, FRAMES, RECORDING, Recorder, client, media

DAY = datetime(2021, 3, 4)
NIGHT = datetime(2021, 3, 4, 23, 59, 59)
SECOND = timedelta(seconds=1)
LENGTH_S = 120
PATIENCE_S = 60.0


@asynccontextmanager
async def entered(recorder):
    """A client that writes its files in small steps."""
    async with login(recorder) as opened:
        opened.recordings.batch_bytes = 16 * 1024
        yield opened


@pytest.fixture
async def device(recorder):
    """The client of a recorder with two minutes of one channel on its disk."""
    recorder.archive.add(0, DAY, DAY + LENGTH_S * SECOND)
    async with entered(recorder) as opened:
        opened.recordings.pace.rest_s = 0.0
        yield opened


async def recorded(device, **more):
    (recording,) = [each async for each in device.recordings.search(DAY, NIGHT, **more)]
    return recording


async def all_frames(device):
    async with device.recordings.download(await recorded(device)) as frames:
        return [frame async for frame in frames]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


class BreaksOff:
    """Ends the transfer when so much of it is there."""

    def __init__(self, recorder, share):
        self.recorder = recorder
        self.share = share
        self.seen = []

    def __call__(self, size, expected):
        self.seen.append(size)
        if size > expected * self.share:
            self.recorder.drop_connections()


async def break_off(recorder, file, share=0.5, **more):
    """Save until the connections break, which the device's end cannot overtake: it waits a little further on."""
    async with entered(recorder) as device:
        further = round(len(await all_frames(device)) * (share + 0.02))
        recorder.quirks = Quirks(archive_pause_s=PATIENCE_S, archive_pause_at=further)
        with pytest.raises(TransportError):
            await device.recordings.save(
                await recorded(device), file, progress=BreaksOff(recorder, share), **more
            )
    recorder.quirks = Quirks()


async def test_a_file_with_headers_has_every_frame(device, tmp_path):
    file = tmp_path / "a.dvrip"
    steps = []
    saved = await device.recordings.save(
        await recorded(device), file, headers=True, progress=lambda *step: steps.append(step)
    )
    frames = await all_frames(device)
    assert list(read_frames(file)) == frames
    assert file.read_bytes() == b"".join(map(pack_frame, frames))
    assert (saved.path, saved.size_bytes, saved.codec) == (file, file.stat().st_size, "h264")
    assert (saved.begin, saved.end) == (DAY, DAY + (LENGTH_S - 2) * SECOND)
    assert steps == sorted(steps)
    assert steps[0][0] == 0
    assert steps[-1][0] == saved.size_bytes
    assert 0 < saved.size_bytes - steps[-1][1] < 2048
    assert names(tmp_path) == ["a.dvrip"]


async def test_a_file_without_headers_has_the_pictures(device, tmp_path):
    file = tmp_path / "a.h264"
    saved = await device.recordings.save(await recorded(device), file)
    video = [frame for frame in await all_frames(device) if frame.kind in (FrameKind.I, FrameKind.P)]
    assert file.read_bytes() == b"".join(frame.payload for frame in video)
    assert saved.size_bytes == file.stat().st_size
    assert names(tmp_path) == ["a.h264"]


async def test_a_picture(device, recorder, tmp_path):
    recorder.archive.add(0, DAY, DAY, kind="jpg", event="M")
    recording = await recorded(device, kind="jpg")
    file = tmp_path / "a.jpg"
    saved = await device.recordings.save(recording, file)
    assert file.read_bytes() == await device.recordings.picture(recording)
    assert (saved.codec, saved.begin) == ("", DAY)
    assert names(tmp_path) == ["a.jpg"]


@pytest.mark.parametrize("headers", [False, True])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.97])
async def test_a_broken_download_goes_on_where_it_was(recorder, device, tmp_path, headers, share):
    whole, file = tmp_path / "whole", tmp_path / "a"
    await device.recordings.save(await recorded(device), whole, headers=headers)
    await break_off(recorder, file, share, headers=headers)
    assert names(tmp_path) == ["a.part", "whole"]
    there = (tmp_path / "a.part").stat().st_size
    async with entered(recorder) as again:
        steps = []
        saved = await again.recordings.save(
            await recorded(again),
            file,
            headers=headers,
            resume=True,
            progress=lambda size, _expected: steps.append(size),
        )
    assert there - 200_000 < steps[0] <= there
    assert file.read_bytes() == whole.read_bytes()
    assert (saved.begin, saved.end) == (DAY, DAY + (LENGTH_S - 2) * SECOND)
    assert names(tmp_path) == ["a", "whole"]


async def test_without_resume_it_starts_over(recorder, device, tmp_path):
    file = tmp_path / "a"
    (tmp_path / "a.part").write_bytes(b"something old" * 1000)
    await device.recordings.save(await recorded(device), file, headers=True)
    assert list(read_frames(file)) == await all_frames(device)


@pytest.mark.parametrize("old", [b"", b"no frames at all" * 10_000, b"\0\0\1\xfc\x02\x19\x50"])
async def test_rubbish_to_go_on_with(device, tmp_path, old):
    file = tmp_path / "a"
    (tmp_path / "a.part").write_bytes(old)
    await device.recordings.save(await recorded(device), file, headers=True, resume=True)
    assert list(read_frames(file)) == await all_frames(device)


async def test_the_part_of_another_recording(recorder, device, tmp_path):
    """Its key frames have the right times and other pictures: nothing of it may stay."""
    file = tmp_path / "a"
    frames = await all_frames(device)
    strange = [
        MediaFrame(
            kind=frame.kind,
            payload=frame.payload[:-1] + b"!",
            codec=frame.codec,
            width=frame.width,
            height=frame.height,
            fps=frame.fps,
            time=frame.time,
            sample_rate=frame.sample_rate,
        )
        for frame in frames[: len(frames) // 2]
    ]
    (tmp_path / "a.part").write_bytes(b"".join(map(pack_frame, strange)))
    await device.recordings.save(await recorded(device), file, headers=True, resume=True)
    assert list(read_frames(file)) == frames


@pytest.mark.parametrize("shift", [timedelta(days=-9), timedelta(days=9)])
async def test_the_part_of_another_day(device, tmp_path, shift):
    file = tmp_path / "a"
    frames = await all_frames(device)
    old = MediaFrame(
        kind=FrameKind.I, payload=b"\0\0\0\1\x67", codec="h264", width=640, height=360, time=DAY + shift
    )
    (tmp_path / "a.part").write_bytes(pack_frame(old) * 3)
    await device.recordings.save(await recorded(device), file, headers=True, resume=True)
    assert list(read_frames(file)) == frames


async def test_what_was_there_stays_until_the_new_one_is_whole(recorder, device, tmp_path):
    file = tmp_path / "a"
    file.write_bytes(b"old")
    await break_off(recorder, file)
    assert file.read_bytes() == b"old"
    async with entered(recorder) as again:
        await again.recordings.save(await recorded(again), file, resume=True)
    assert file.stat().st_size > 100_000


async def test_a_stall_keeps_the_part(device, recorder, tmp_path):
    recording = await recorded(device)
    file = tmp_path / "a"
    recorder.quirks = Quirks(freeze_after_s=0.05)
    device.recordings.pace.silence_s = 0.5
    with pytest.raises(RequestTimeoutError, match="no media for 0.5 s"):
        await device.recordings.save(recording, file)
    assert names(tmp_path) == ["a.part"]
    recorder.quirks = Quirks()
    await device.recordings.save(recording, file, headers=True, resume=True)
    assert list(read_frames(file)) == await all_frames(device)


async def test_a_cancelled_download_goes_on_later(device, tmp_path):
    file = tmp_path / "a"
    recording = await recorded(device)
    started = asyncio.Event()
    task = asyncio.create_task(
        device.recordings.save(recording, file, progress=lambda size, _: size > 500_000 and started.set())
    )
    await asyncio.wait_for(started.wait(), 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert names(tmp_path) == ["a.part"]
    assert not device.closed
    await device.recordings.save(recording, file, headers=True, resume=True)
    assert list(read_frames(file)) == await all_frames(device)


async def test_a_refused_download_leaves_nothing(device, tmp_path):
    with pytest.raises(RequestError):
        await device.recordings.save(Recording(name="/idea0/gone.h264"), tmp_path / "a")
    assert names(tmp_path) == []


async def test_nothing_at_all_is_an_error(tmp_path):
    async with client(Recorder(data=FLAG)) as device:
        with pytest.raises(ProtocolError, match="the device sent nothing of /idea0/a.h264"):
            await device.recordings.save(RECORDING, tmp_path / "a")
    assert names(tmp_path) == []


async def test_an_end_in_the_middle_of_a_frame_is_whole_without_it(tmp_path):
    cut = pack(1426, b"".join(map(pack_frame, FRAMES))[:-10])
    async with client(Recorder(data=cut + FLAG)) as device:
        await device.recordings.save(RECORDING, tmp_path / "a", headers=True)
    assert list(read_frames(tmp_path / "a")) == FRAMES[:-1]


async def test_a_message_that_breaks_off_is_an_error(tmp_path):
    async with client(Recorder(data=media()[:-100], closes=True)) as device:
        with pytest.raises(TransportError):
            await device.recordings.save(RECORDING, tmp_path / "a")
    assert names(tmp_path) == [], "not one frame was whole"


def group(number):
    """A key frame and its followers, two seconds a number."""
    time = BEGIN + 2 * number * SECOND
    key = MediaFrame(kind=FrameKind.I, payload=b"\0\0\0\1\x67%d" % number, codec="h264", time=time)
    return [key, *(MediaFrame(kind=FrameKind.P, payload=b"\0\0\0\1\x41", codec="h264") for _ in range(3))]


@pytest.mark.parametrize("first", [0, 20, 48, 50])
async def test_where_a_device_begins_when_it_is_asked_for_a_time(tmp_path, first):
    """At the beginning, some way before, or behind: then the download starts over."""
    file, part = tmp_path / "a", tmp_path / "a.part"
    frames = [frame for number in range(60) for frame in group(number)]
    part.write_bytes(b"".join(map(pack_frame, [frame for number in range(50) for frame in group(number)])))
    begins = []

    class Seeking(Recorder):
        async def send(self, link):
            asked = datetime.fromisoformat(self.asked[-1][1]["StartTime"])
            begins.append(asked)
            number = first if asked > BEGIN else 0
            self.data = media([frame for at in range(number, 60) for frame in group(at)]) + FLAG
            await super().send(link)

    async with client(Seeking()) as device:
        await device.recordings.save(RECORDING, file, headers=True, resume=True)
    assert [frame.payload for frame in read_frames(file)] == [frame.payload for frame in frames]
    again = [BEGIN] if first == 50 else []
    assert begins == [BEGIN + (98 - 15) * SECOND, *again]


@pytest.mark.parametrize("place", ["none/a", "folder", "file/a", "/proc/a", "x" * 300])
async def test_files_that_cannot_be(device, tmp_path, place):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")
    before = names(tmp_path)
    recording = await recorded(device)
    with pytest.raises(UsageError, match="|".join((place[:20], str(tmp_path)))):
        await device.recordings.save(recording, tmp_path / place)
    assert names(tmp_path) == before
    assert not device.closed


async def test_a_full_disk(device, recorder, tmp_path):
    """A limit on the size of files stands for the end of a disk."""
    recording = await recorded(device)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, hard))
    try:
        with pytest.raises(UsageError, match=r"a\.part: File too large"):
            await device.recordings.save(recording, tmp_path / "a", headers=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert names(tmp_path) == ["a.part"]
    await device.recordings.save(recording, tmp_path / "a", headers=True, resume=True)
    assert list(read_frames(tmp_path / "a")) == await all_frames(device)


async def test_two_downloads_do_not_write_the_same_file(device, tmp_path):
    recording = await recorded(device)
    first = await asyncio.to_thread(lambda: PartFile(tmp_path / "a", resume=False))
    with pytest.raises(UsageError, match="another program writes it"):
        await device.recordings.save(recording, tmp_path / "a")
    first.close()
    await device.recordings.save(recording, tmp_path / "a")


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def test_memory_stays_flat(tmp_path, monkeypatch):
    """A quarter of a gigabyte, of which never more than some megabytes are held."""
    monkeypatch.undo()
    picture = MediaFrame(kind=FrameKind.P, payload=b"\0\0\0\1\x41" + bytes(100_000), codec="h264")
    batch = media([picture] * 10)
    rounds = 250
    peak = 0

    async def script(link: hostile.Link) -> None:
        first = await link.receive()
        await link.reply(first, AliveInterval=20)
        if first.message_id == 1000:
            await link.serve()
        for _ in range(rounds):
            await link.send(batch)
        await link.send(FLAG)
        await link.gone()

    def watch(_size: int, _expected: int) -> None:
        nonlocal peak
        peak = max(peak, resident())

    async with hostile.peer(script) as (host, port), Device(host, port, timeout_s=5) as device:
        before = resident()
        saved = await device.recordings.save(RECORDING, tmp_path / "a", progress=watch)
    assert saved.size_bytes == rounds * 10 * len(picture.payload)
    assert peak - before < 48 * 1024 * 1024


async def test_a_recording_is_saved_as_what_its_name_says(device, tmp_path):
    told = []
    saved = await device.recordings.save(
        await recorded(device),
        str(tmp_path / "a.mp4"),
        progress=lambda done, expected: told.append((done, expected)),
    )
    assert (saved.path, saved.size_bytes) == (tmp_path / "a.mp4", (tmp_path / "a.mp4").stat().st_size)
    assert (tmp_path / "a.mp4").read_bytes()[4:8] == b"ftyp"
    assert [each.name for each in tmp_path.iterdir()] == ["a.mp4"]
    assert told[-1][0] > 0
