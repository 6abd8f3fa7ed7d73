"""Case 17: asked for a recording by name a device sends its first one; nothing gets the asked name."""

from __future__ import annotations

from collections.abc import AsyncIterable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dvrip_proto import Device, ProtocolError, Recording
from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.wire.media import FrameKind, MediaFrame, pack_frame
from tests.rogue import FILE, I_FRAME, P_FRAME, Rogue, media, rogue

BEGIN, END = datetime(2021, 3, 4, 10), datetime(2021, 3, 4, 11)
ASKED = Recording(name=FILE, begin=BEGIN, end=END)


def sends(*times: datetime) -> Rogue:
    frames: list[MediaFrame] = [P_FRAME]  # devices begin anywhere
    for time in times:
        frames += [replace(I_FRAME, time=time), P_FRAME, P_FRAME]
    return Rogue(recorded=media(1426, b"".join(map(pack_frame, frames))))


def sizes(folder: Path) -> list[int]:
    return [file.stat().st_size for file in folder.iterdir()]


@pytest.mark.parametrize(
    "sent",
    [
        datetime(2021, 2, 1, 8),
        datetime(2022, 3, 4, 10, 30),
        datetime(2021, 3, 5, 10),
        BEGIN - timedelta(minutes=2),
        END + timedelta(seconds=90),
    ],
)
@pytest.mark.parametrize("resume", [False, True])
async def test_another_recording_is_an_error_that_names_both_times(
    tmp_path: Path, sent: datetime, resume: bool
) -> None:
    path = tmp_path / "a.h264"
    async with rogue(sends(sent, sent + timedelta(seconds=2)), timeout_s=2) as device:
        await device.open()
        with pytest.raises(ProtocolError) as caught:
            await device.recordings.save(ASKED, path, resume=resume)
    assert str(sent) in str(caught.value)
    assert f"{BEGIN} to {END}" in str(caught.value)
    assert sizes(tmp_path) == [], "nothing of it is kept"


@pytest.mark.parametrize(
    "sent",
    [BEGIN, BEGIN - timedelta(seconds=59), BEGIN + timedelta(minutes=30), END, END + timedelta(seconds=9)],
)
async def test_pictures_of_the_asked_time_are_saved(tmp_path: Path, sent: datetime) -> None:
    async with rogue(sends(sent, sent + timedelta(seconds=2)), timeout_s=2) as device:
        await device.open()
        saved = await device.recordings.save(ASKED, tmp_path / "a.h264")
    assert saved.begin == sent


async def test_whoever_knows_better_takes_any_time(tmp_path: Path) -> None:
    sent = datetime(2000, 1, 1, 0, 3)
    async with rogue(sends(sent), timeout_s=2) as device:
        await device.open()
        saved = await device.recordings.save(ASKED, tmp_path / "a.h264", any_time=True)
    assert saved.begin == sent


async def pictures(opened: AbstractAsyncContextManager[AsyncIterable[MediaFrame]]) -> int:
    async with opened as frames:
        return len([frame async for frame in frames if frame.kind is FrameKind.I])


async def test_what_is_played_and_read_is_compared_too() -> None:
    stretch = Recording(begin=BEGIN, end=END)
    async with rogue(sends(datetime(2021, 2, 1, 8)), timeout_s=2) as device:
        await device.open()
        with pytest.raises(ProtocolError, match="another recording"):
            await pictures(device.recordings.download(ASKED))
        with pytest.raises(ProtocolError, match="another recording"):
            await pictures(device.recordings.play(stretch))
        assert await pictures(device.recordings.download(ASKED, any_time=True)) == 1


async def test_a_recording_that_names_no_times_cannot_be_compared(tmp_path: Path) -> None:
    async with rogue(sends(datetime(2021, 2, 1, 8)), timeout_s=2) as device:
        await device.open()
        assert (await device.recordings.save(Recording(name=FILE), tmp_path / "a.h264")).size_bytes


async def test_a_simulated_recorder_that_sends_its_first_recording(tmp_path: Path) -> None:
    async with Simulator(profile="nvr", quirks=Quirks(other_recording=True)) as sim:
        await sim.prepare_media()
        async with Device(sim.host, sim.port) as device:
            now = await device.system.time()
            found = [each async for each in device.recordings.search(now - timedelta(days=2), now)]
            last = next(each for each in reversed(found) if each.name and each.end and each.end < now)
            with pytest.raises(ProtocolError, match="another recording"):
                await device.recordings.save(last, tmp_path / "a.h264")
    assert not (tmp_path / "a.h264").exists()
