"""Recordings played and downloaded from the simulator's disk."""

import asyncio
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from dvrip_proto import (
    FrameKind,
    MediaFrame,
    ProtocolError,
    Recording,
    RequestError,
    RequestTimeoutError,
    TransportError,
    UsageError,
)
from dvrip_proto.simulator import Quirks
from dvrip_proto.wire.media import pack_frame
from tests.device.conftest import VIEWER_PASSWORD, login

DAY = datetime(2021, 3, 4)
NIGHT = datetime(2021, 3, 4, 23, 59, 59)
SECOND = timedelta(seconds=1)


@pytest.fixture
async def device(recorder):
    """The client of a recorder with a minute of two channels on its disk."""
    for channel in range(2):
        recorder.archive.add(channel, DAY, DAY + 60 * SECOND)
    async with login(recorder) as opened:
        opened.recordings.pace.rest_s = 0.0
        yield opened


async def recorded(device, channel=0, **more):
    (recording,) = [each async for each in device.recordings.search(DAY, NIGHT, channel=channel, **more)]
    return recording


async def frames_of(stream):
    async with asyncio.timeout(20), stream as frames:
        return [frame async for frame in frames]


async def to_the_end(playback):
    async for _ in playback:
        pass


def pictures(frames):
    return [frame for frame in frames if frame.kind in (FrameKind.I, FrameKind.P)]


def check_whole_minute(frames):
    assert len(pictures(frames)) == 60 * 25
    assert sum(frame.kind is FrameKind.AUDIO for frame in frames) >= 60 * 25 - 2
    times = [frame.time for frame in frames if frame.keyframe]
    assert times == [DAY + 2 * index * SECOND for index in range(30)]


@pytest.mark.parametrize("end", ["flag", "message", "control", "silence"])
@pytest.mark.parametrize("download_as_playback", [False, True])
async def test_a_download_is_whole_however_its_end_is_told(device, recorder, end, download_as_playback):
    recorder.quirks = Quirks(playback_end=end, download_as_playback=download_as_playback)
    device.connection.timeout_s = 1.0
    recording = await recorded(device)
    frames = await frames_of(device.recordings.download(recording))
    check_whole_minute(frames)
    size = sum(len(pack_frame(frame)) for frame in frames)
    assert recording.size_kib <= size / 1024 < recording.size_kib + 3
    assert not device.closed
    assert recorder.playbacks == 0


async def test_downloads_are_what_the_monitor_shows(device, recorder):
    async with device.monitor.open(1) as live:
        shown = {(await anext(live)).payload for _ in range(60)}
    frames = await frames_of(device.recordings.download(await recorded(device, channel=1)))
    assert shown <= {frame.payload for frame in frames}


async def test_a_part_of_a_recording(device):
    recording = await recorded(device)
    begin, end = DAY + 10 * SECOND, DAY + 20 * SECOND
    frames = await frames_of(device.recordings.download(recording, begin=begin, end=end))
    assert (frames[0].kind, frames[0].time) == (FrameKind.I, begin)
    assert len(pictures(frames)) == 250


@pytest.mark.parametrize("channel_0", [False, True])
async def test_a_stretch_of_time(device, recorder, channel_0):
    """Two files without a break between them, by time: some recorders always take channel 0."""
    recorder.quirks = Quirks(playback_of_channel_0=channel_0)
    recorder.archive.add(1, DAY + 60 * SECOND, DAY + 90 * SECOND)
    span = Recording(channel=1, begin=DAY + 50 * SECOND, end=DAY + 70 * SECOND)
    frames = await frames_of(device.recordings.download(span))
    assert len(pictures(frames)) == (250 if channel_0 else 500)


async def test_the_extra_stream(device, recorder):
    recorder.archive.add(0, DAY, DAY + 10 * SECOND, stream=1)
    recording = await recorded(device, stream="Extra1")
    async with device.recordings.download(recording) as frames:
        assert (frames.channel, frames.stream) == (0, "Extra1")
        assert (await anext(frames)).width == 320


async def test_downloads_come_one_at_a_time(device, recorder):
    first, second = [await recorded(device, channel) for channel in (0, 1)]
    async with device.recordings.download(first) as frames:
        waiting = asyncio.create_task(frames_of(device.recordings.download(second)))
        await asyncio.sleep(0.1)
        assert recorder.playbacks <= 1, "a fast one may be through already"
        assert not waiting.done(), "the second waits for the first to be left"
        with pytest.raises(UsageError, match="another download is open here"):
            await frames_of(device.recordings.download(second))
        assert await anext(frames)
    check_whole_minute(await waiting)


async def test_several_at_once(device, recorder):
    downloads = [device.recordings.download(await recorded(device, channel)) for channel in (0, 1)]
    for frames in await asyncio.gather(*map(frames_of, downloads)):
        check_whole_minute(frames)
    assert recorder.connections == 1


async def test_the_same_twice_at_once(device):
    recording = await recorded(device)
    async with device.recordings.play(recording) as playback:
        with pytest.raises(UsageError, match="is open already"):
            await frames_of(device.recordings.download(recording))
        assert await anext(playback)
    check_whole_minute(await frames_of(device.recordings.download(recording)))


async def test_more_than_the_device_plays_at_once(device, recorder):
    for channel in range(2, 4):
        recorder.archive.add(channel, DAY, DAY + 60 * SECOND)
    recorder.archive.add(0, DAY, DAY + 60 * SECOND, stream=1)
    async with AsyncExitStack() as stack:
        for channel in range(4):
            playback = device.recordings.play(await recorded(device, channel))
            await anext(await stack.enter_async_context(playback))
        with pytest.raises(RequestError, match="OPPlayBack"):
            await frames_of(device.recordings.play(await recorded(device, stream="Extra1")))


async def test_playing_keeps_the_pace(device):
    recording = await recorded(device)
    loop = asyncio.get_running_loop()
    async with device.recordings.play(recording) as playback:
        arrivals = []
        async for frame in playback:
            if frame.kind in (FrameKind.I, FrameKind.P):
                arrivals.append(loop.time())
            if len(arrivals) == 30:
                break
    assert arrivals[-1] - arrivals[0] == pytest.approx(29 / 25, abs=0.4)


async def test_playing_to_the_end(device, recorder):
    recorder.archive.add(2, DAY, DAY + 2 * SECOND)
    assert len(pictures(await frames_of(device.recordings.play(await recorded(device, 2))))) == 50


async def test_pause_is_longer_than_any_silence_may_be(device):
    device.connection.timeout_s = 0.5
    async with device.recordings.play(await recorded(device)) as playback:
        await anext(playback)
        await playback.pause()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(to_the_end(playback), 1.2)
        await playback.resume()
        async with asyncio.timeout(2):
            assert isinstance(await anext(playback), MediaFrame)


async def test_fast_and_slow(device):
    loop = asyncio.get_running_loop()

    async def seconds_for(playback, count):
        began, seen = loop.time(), 0
        async for frame in playback:
            seen += frame.kind in (FrameKind.I, FrameKind.P)
            if seen == count:
                return loop.time() - began
        return 0.0

    async with device.recordings.play(await recorded(device)) as playback:
        await playback.fast(4)
        assert await seconds_for(playback, 200) < 2
        await playback.slow(2)
        await seconds_for(playback, 2)
        assert await seconds_for(playback, 10) > 1
        await playback.resume()
        for step in (0, 5, -1):
            with pytest.raises(UsageError):
                await playback.fast(step)


async def test_seeking(device):
    async with device.recordings.play(await recorded(device)) as playback:
        await anext(playback)
        await playback.seek(DAY + 40 * SECOND)
        async with asyncio.timeout(5):
            frame = await anext(playback)
            while frame.time != DAY + 40 * SECOND:
                frame = await anext(playback)
        assert frame.kind is FrameKind.I
        await playback.close()
        assert [frame async for frame in playback] == []


async def test_a_picture_of_the_disk(device, recorder):
    for bare in (False, True):
        recorder.quirks = Quirks(bare_pictures=bare)
        recorder.archive.add(0, DAY + SECOND, DAY + SECOND, kind="jpg", event="M")
        picture = await device.recordings.picture(await recorded(device, kind="jpg"))
        assert picture.startswith(b"\xff\xd8\xff")
        assert picture.endswith(b"\xff\xd9")


async def test_a_video_is_no_picture(device):
    with pytest.raises(ProtocolError, match="no picture"):
        await device.recordings.picture(await recorded(device))


async def test_a_recording_that_is_gone(device):
    gone = Recording(name="/idea0/2021-03-04/001/05.00.00-06.00.00[R][@1][0].h264", begin=DAY, end=NIGHT)
    with pytest.raises(RequestError) as refusal:
        await frames_of(device.recordings.download(gone))
    assert refusal.value.ret == 109
    assert not device.closed


async def test_without_the_right(recorder, device):
    recorder.state.users["viewer"]["AuthorityList"].remove("Replay_01")
    recording = await recorded(device)
    async with login(recorder, "viewer", VIEWER_PASSWORD) as viewer:
        with pytest.raises(RequestError, match="no permission"):
            await frames_of(viewer.recordings.download(recording))


@pytest.mark.parametrize(
    "recording",
    [
        Recording(channel=-1, name="x"),
        Recording(stream="Extra9", name="x"),
        Recording(begin=DAY),
        Recording(),
        Recording(begin=NIGHT, end=DAY),
    ],
)
async def test_what_cannot_be_played(device, recording):
    with pytest.raises(UsageError):
        await frames_of(device.recordings.download(recording))


async def test_a_download_that_stalls(device, recorder):
    recording = await recorded(device)
    recorder.quirks = Quirks(freeze_after_s=0.0)
    device.recordings.pace.silence_s = 0.4
    with pytest.raises(RequestTimeoutError, match=r"\[0\]\.h264: no media for 0.4 s"):
        await frames_of(device.recordings.download(recording))
    assert not device.closed


async def test_a_download_that_is_reset(device, recorder):
    recording = await recorded(device)
    async with device.recordings.play(recording) as playback:
        await anext(playback)
        recorder.drop_connections()
        with pytest.raises(TransportError):
            await asyncio.wait_for(to_the_end(playback), 5)


async def test_there_is_a_rest_behind_each(device):
    device.recordings.pace.rest_s = 0.5
    recording = await recorded(device)
    loop = asyncio.get_running_loop()
    async with device.recordings.download(recording) as frames:
        await anext(frames)
    began = loop.time()
    async with device.recordings.download(recording) as frames:
        await anext(frames)
    assert loop.time() - began > 0.45


async def test_a_reader_may_leave_early(device, recorder):
    recording = await recorded(device)
    for _ in range(3):
        async with device.recordings.download(recording) as frames:
            await anext(frames)
    async with asyncio.timeout(5):
        while recorder.connections > 1:  # noqa: ASYNC110 - a device in the same process has no event to wait for
            await asyncio.sleep(0.02)
    assert recorder.playbacks == 0


async def test_what_is_played_again_is_the_same(device):
    recording = await recorded(device)
    whole = await frames_of(device.recordings.download(recording))
    later = await frames_of(device.recordings.download(recording, begin=DAY + 31 * SECOND))
    assert later[0].time == DAY + 30 * SECOND
    assert pictures(whole)[-len(pictures(later)) :] == pictures(later)
    assert all(a.time < b.time for a, b in pairwise([each for each in whole if each.keyframe]))
