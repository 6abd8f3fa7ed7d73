"""What people try first works, or is refused in words: events by name, sound files, a frame in a log."""

from __future__ import annotations

from datetime import datetime

import pytest

from dvrip_proto import Device, FrameKind, MediaFrame, UsageError
from dvrip_proto.cli.commands.info import _ahead_s
from dvrip_proto.simulator import Simulator
from tests.rogue import FILE, Rogue, rogue

DAY, NIGHT = datetime(2021, 3, 4), datetime(2021, 3, 4, 23, 59, 59)


@pytest.mark.parametrize(
    ("events", "found"),
    [
        (["regular"], True),
        ("regular", True),
        (["R"], True),
        ("r", True),
        (["Motion", "REGULAR"], True),
        ("AMR", True),
        (["motion"], False),
        ("MA", False),
        (["V"], False),
        (None, True),
    ],
)
async def test_events_of_recordings_have_words_and_letters(
    events: list[str] | str | None, found: bool
) -> None:
    async with rogue(Rogue(), timeout_s=2) as device:
        await device.open()
        names = [each.name async for each in device.recordings.search(DAY, NIGHT, events=events)]
    assert names == ([FILE] if found else [])


@pytest.mark.parametrize("events", [["movement"], ["motion", "person"], [""], ["*"], "motion,alarm"])
async def test_unknown_events_of_recordings_are_refused(events: list[str] | str) -> None:
    async with rogue(Rogue(), timeout_s=2) as device:
        await device.open()
        with pytest.raises(UsageError, match="it is one of regular, motion, alarm"):
            _ = [each async for each in device.recordings.search(DAY, NIGHT, events=events)]


@pytest.mark.parametrize("begin", [b"RIFF", b"OggS", b"ID3\x04"])
async def test_a_sound_file_is_not_said_as_noise(begin: bytes) -> None:
    async with Simulator() as sim, Device(sim.host, sim.port) as device, device.talk.open() as talk:
        with pytest.raises(UsageError, match="that is a sound file"):
            await talk.send(begin + bytes(400))
        await talk.send(b"\xd5" * 320 + begin)


def test_a_frame_shows_what_it_is_and_not_its_bytes() -> None:
    key = MediaFrame(
        kind=FrameKind.I,
        payload=bytes(100_000),
        codec="h265",
        width=3840,
        height=2160,
        time=datetime(2026, 1, 2),
    )
    assert repr(key) == "<MediaFrame I h265 100000 bytes 3840x2160 2026-01-02 00:00:00 channel 0>"
    sound = MediaFrame(kind=FrameKind.AUDIO, payload=bytes(320), codec="pcma", sample_rate=8000, channel=2)
    assert repr(sound) == "<MediaFrame AUDIO pcma 320 bytes 8000 Hz channel 2>"
    assert (
        repr(MediaFrame(kind=FrameKind.INFO, payload=b""))
        == "<MediaFrame INFO unknown codec 0 bytes channel 0>"
    )


@pytest.mark.parametrize(
    ("ours", "ahead_s"),
    [(0.0, 0), (0.3, 0), (0.99, 0), (1.2, 0), (2.2, -1), (-0.2, 0), (-1.2, 1), (-61.0, 61)],
)
def test_a_clock_that_is_right_is_not_a_second_behind(ours: float, ahead_s: int) -> None:
    theirs = datetime(2026, 1, 2, 12)
    assert _ahead_s(theirs, datetime.fromtimestamp(theirs.timestamp() + ours)) == ahead_s
