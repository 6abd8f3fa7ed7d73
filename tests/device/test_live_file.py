"""Live video into files and pipes: what is in them, what is kept, what is refused."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import av
import pytest

from dvrip_proto import Device, FrameKind, MediaFrame, Recorded, TransportError, UsageError
from dvrip_proto.features import live_file
from dvrip_proto.features.live_writers import ChangedError
from dvrip_proto.simulator import Simulator


@pytest.fixture
async def camera() -> AsyncIterator[Simulator]:
    async with Simulator(profile="nvr", videos=["scene:h264", "scene:h265"]) as simulator:
        await simulator.prepare_media()
        yield simulator


@pytest.fixture
async def device(camera: Simulator) -> AsyncIterator[Device]:
    async with Device(camera.host, camera.port) as opened:
        yield opened


def _pictures(source: Any, **options: Any) -> tuple[str, int]:
    with av.open(source, **options) as container:
        return container.streams.video[0].codec_context.name, len(list(container.decode(video=0)))


@pytest.mark.parametrize(
    ("name", "channel", "codec"), [("a.mp4", 0, "h264"), ("a.mkv", 1, "hevc"), ("a.h265", 1, "hevc")]
)
async def test_a_device_records_into_a_file(
    device: Device, tmp_path: Path, name: str, channel: int, codec: str
) -> None:
    told: list[Recorded] = []
    done = await device.record(tmp_path / name, seconds=0.6, channel=channel, progress=told.append)
    assert told[-1] == done
    assert (done.seconds >= 0.6, done.width) == (True, 640)
    found, pictures = _pictures(str(tmp_path / name))
    assert (found, pictures) == (codec, len({each.seconds for each in told}))
    assert _names(tmp_path) == [name]


@pytest.mark.parametrize(("kind", "format_"), [("mkv", "matroska"), ("mp4", "mp4"), ("h264", "h264")])
async def test_what_goes_through_a_pipe_can_be_played(device: Device, kind: str, format_: str) -> None:
    class Pipe:
        def __init__(self) -> None:
            self.whole = io.BytesIO()
            self.write = self.whole.write

        def seek(self, *_where: int) -> int:
            raise OSError("Illegal seek")

        def flush(self) -> None:
            """Nothing waits here."""

    pipe = Pipe()
    await device.monitor.record_to(pipe, kind, seconds=2)  # type: ignore[arg-type] # a pipe has no more
    assert _pictures(io.BytesIO(pipe.whole.getvalue()), format=format_)[1] > 5


@pytest.mark.parametrize("name", ["a.avi", "a", "none/a.mp4"])
async def test_a_name_that_cannot_be_written_is_refused(device: Device, tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="must end in one of|is no directory"):
        await device.record(tmp_path / name, seconds=1)


async def test_the_wrong_name_for_the_codec_leaves_nothing(device: Device, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the device sends h264"):
        await device.record(tmp_path / "a.h265", seconds=1)
    assert _names(tmp_path) == []


async def test_a_recording_that_is_cancelled_is_kept(device: Device, tmp_path: Path) -> None:
    begun = asyncio.Event()
    task = asyncio.create_task(device.record(tmp_path / "a.mp4", progress=lambda _told: begun.set()))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert _pictures(str(tmp_path / "a.mp4"))[1] >= 1
    assert _names(tmp_path) == ["a.mp4"]


def _names(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


def _never() -> bool:
    return False


type Opening = Callable[[], Any]


def _breaking(frames: list[list[MediaFrame]]) -> Opening:
    """Streams of these frames, one after the other; each breaks off, the last for good."""
    left = iter(frames)

    async def some(of_one: list[MediaFrame]) -> AsyncIterator[MediaFrame]:
        for frame in of_one:
            await asyncio.sleep(0.002)
            yield frame
        raise TransportError("the device hung up")

    @asynccontextmanager
    async def opening() -> AsyncIterator[AsyncIterator[MediaFrame]]:
        yield some(next(left, []))

    return opening


async def _some(device: Device, count: int) -> list[MediaFrame]:
    found: list[MediaFrame] = []
    async with device.monitor.open() as stream:
        async for frame in stream:
            if frame.kind in (FrameKind.I, FrameKind.P):
                found.append(frame)
            if len(found) == count:
                break
    return found


async def test_a_stream_that_breaks_is_opened_again_into_the_same_file(
    device: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_file, "_PAUSE_S", 0.0)
    frames = await _some(device, 8)
    late = frames[1:]  # begins in the middle: no picture of it can be decoded
    told: list[Recorded] = []
    opening = _breaking([frames, late, frames])
    monkeypatch.setattr(live_file, "OUTAGE_S", 0.3)
    with pytest.raises(TransportError, match="no picture for 0.3 s"):
        await live_file.record_file(
            opening, tmp_path / "a.h264", seconds=None, progress=told.append, gone=_never
        )
    assert len(told) == 16
    assert (tmp_path / "a.h264").read_bytes() == b"".join(frame.payload for frame in frames) * 2


async def test_what_does_not_fit_ends_the_file_and_is_not_tried_again(
    device: Device, camera: Simulator, tmp_path: Path
) -> None:
    frames = await _some(device, 3)
    other: list[MediaFrame] = []
    async with device.monitor.open(1) as stream:
        async for frame in stream:
            other.append(frame)
            if len(other) == 3:
                break
    opening = _breaking([[*frames, *other], frames])
    with pytest.raises(ChangedError, match="video is h265 640x360 now: what came before is kept"):
        await live_file.record_file(
            opening, tmp_path / "a.mp4", seconds=None, progress=lambda _told: None, gone=_never
        )
    assert _pictures(str(tmp_path / "a.mp4"))[1] == 3
