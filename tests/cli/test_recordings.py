"""Commands for what lies on a device's disks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from pathlib import Path

import av
import pytest

from dvrip_proto.media.frame_file import read_frames
from dvrip_proto.simulator import Simulator
from dvrip_proto.simulator.state.archive import RecordedFile
from dvrip_proto.wire.ids import MessageId
from tests import hostile

from .conftest import PASSWORD, Dvrip, finish, start

DAY = datetime(2021, 3, 4, 10)
SECOND = timedelta(seconds=1)
ON_THE_DAY = ("--day", "2021-03-04")


@pytest.fixture
async def device(device: Simulator) -> Simulator:
    """A recorder with two recordings and a picture of channel 1, and H.265 of channel 2."""
    device.archive.days = 0
    device.archive.add(0, DAY, DAY + 10 * SECOND)
    device.archive.add(0, DAY + 10 * SECOND, DAY + 14 * SECOND, event="M")
    device.archive.add(0, DAY + 10 * SECOND, DAY + 10 * SECOND, event="M", kind="jpg")
    device.archive.add(1, DAY, DAY + 4 * SECOND)
    return device


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_a_list_for_people(dvrip: Dvrip, at: str) -> None:
    shown = await dvrip("recordings", "list", at, *ON_THE_DAY)
    assert (shown.code, shown.err) == (0, "")
    head, first, second = shown.out.splitlines()
    assert head.split() == ["BEGIN", "END", "MIB", "EVENT", "NAME"]
    assert first.split()[:4] == ["2021-03-04", "10:00:00", "2021-03-04", "10:00:10"]
    assert [line.split()[5] for line in (first, second)] == ["regular", "motion"]
    assert first.rstrip().endswith("[0].h264")


async def test_a_list_for_programs(dvrip: Dvrip, at: str) -> None:
    shown = await dvrip("recordings", "list", at, *ON_THE_DAY, "--channel", 2, "--json")
    (recording,) = shown.json
    assert recording["size_kib"] > 10
    assert recording["name"].startswith("/idea0/2021-03-04/002/")
    assert {**recording, "size_kib": 0, "name": ""} == {
        "begin": "2021-03-04 10:00:00",
        "end": "2021-03-04 10:00:04",
        "channel": 2,
        "stream": "main",
        "size_kib": 0,
        "events": ["regular"],
        "name": "",
    }


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (ON_THE_DAY, 2),
        ((*ON_THE_DAY, "--event", "motion"), 1),
        ((*ON_THE_DAY, "--event", "motion", "--event", "regular"), 2),
        ((*ON_THE_DAY, "--event", "alarm"), 0),
        ((*ON_THE_DAY, "--pictures"), 1),
        ((*ON_THE_DAY, "--stream", "sub"), 0),
        (("--from", "2021-03-04 10:00:11"), 1),
        (("--from", "2021-03-01", "--to", "2021-03-31T00:00"), 2),
        (("--to", "2021-03-04 10:00:05"), 1),
        ((), 0),
    ],
)
async def test_what_is_listed(dvrip: Dvrip, at: str, words: tuple[str, ...], count: int) -> None:
    shown = await dvrip("recordings", "list", at, *words, "--json")
    assert (shown.code, len(shown.json)) == (0, count)


async def test_days(dvrip: Dvrip, at: str) -> None:
    assert (await dvrip("recordings", "days", at, "--month", "2021-03")).out == "2021-03-04\n"
    assert (await dvrip("recordings", "days", at, "--month", "2021-03", "--json")).json == ["2021-03-04"]
    assert (await dvrip("recordings", "days", at)).out == ""


async def test_bare_video(dvrip: Dvrip, at: str, tmp_path: Path) -> None:
    shown = await dvrip("recordings", "download", at, *ON_THE_DAY, "--output", tmp_path)
    assert (shown.code, shown.err) == (0, "")
    assert _names(tmp_path) == ["2021-03-04_10-00-00_channel1.h264", "2021-03-04_10-00-10_channel1.h264"]
    file = tmp_path / "2021-03-04_10-00-00_channel1.h264"
    assert shown.out.splitlines()[0] == f"{file}: {file.stat().st_size} bytes"
    with av.open(str(file), format="h264") as container:
        assert len(list(container.decode(video=0))) == 250


async def test_the_name_tells_the_codec(dvrip: Dvrip, at: str, tmp_path: Path) -> None:
    words = ("recordings", "download", at, *ON_THE_DAY, "-c", 2, "-o", tmp_path)
    assert (await dvrip(*words)).code == 0
    assert _names(tmp_path) == ["2021-03-04_10-00-00_channel2.h265"]
    with av.open(str(tmp_path / "2021-03-04_10-00-00_channel2.h265"), format="hevc") as container:
        assert len(list(container.decode(video=0))) == 100
    assert "is there already" in (await dvrip(*words)).out


@pytest.mark.parametrize("channel", [1, 2])
async def test_mp4(dvrip: Dvrip, at: str, tmp_path: Path, channel: int) -> None:
    shown = await dvrip("recordings", "download", at, *ON_THE_DAY, "--mp4", "-c", channel, "-o", tmp_path)
    assert (shown.code, shown.err) == (0, "")
    file = tmp_path / f"2021-03-04_10-00-00_channel{channel}.mp4"
    assert set(_names(tmp_path)) >= {file.name}
    assert all(name.endswith(".mp4") for name in _names(tmp_path))
    with av.open(str(file)) as container:
        assert container.streams.video[0].codec_context.name == ("h264", "hevc")[channel - 1]
        assert container.streams.audio[0].codec_context.name == "aac"
        assert len(list(container.decode(video=0))) == (250, 100)[channel - 1]


async def test_with_headers(dvrip: Dvrip, at: str, tmp_path: Path) -> None:
    words = ("recordings", "download", at, *ON_THE_DAY, "--headers", "-c", 2, "-o", tmp_path)
    assert (await dvrip(*words)).code == 0
    (name,) = _names(tmp_path)
    assert name.endswith(".dvrip")
    assert next(read_frames(tmp_path / name)).time == DAY


async def test_pictures(dvrip: Dvrip, at: str, tmp_path: Path) -> None:
    assert (await dvrip("recordings", "download", at, *ON_THE_DAY, "--pictures", "-o", tmp_path)).code == 0
    (name,) = _names(tmp_path)
    assert name == "2021-03-04_10-00-10_channel1.jpg"
    assert (tmp_path / name).read_bytes().startswith(b"\xff\xd8")


async def test_what_is_there_is_not_loaded_again(
    dvrip: Dvrip, device: Simulator, at: str, tmp_path: Path
) -> None:
    file = tmp_path / "2021-03-04_10-00-00_channel1.h264"
    file.write_bytes(b"mine")
    words = ("recordings", "download", at, *ON_THE_DAY, "--event", "regular", "-o", tmp_path)
    shown = await dvrip(*words)
    assert (shown.code, shown.out) == (0, f"{file}: is there already\n")
    assert file.read_bytes() == b"mine"
    assert (await dvrip(*words, "--overwrite")).code == 0
    assert file.stat().st_size > 10_000


async def test_several_of_one_second_have_names_of_their_own(
    dvrip: Dvrip, device: Simulator, at: str, tmp_path: Path
) -> None:
    device.archive.add(0, DAY, DAY + 2 * SECOND, event="A")
    await dvrip("recordings", "download", at, *ON_THE_DAY, "-o", tmp_path)
    assert _names(tmp_path)[:2] == [
        "2021-03-04_10-00-00_channel1.h264",
        "2021-03-04_10-00-00_channel1_2.h264",
    ]


async def test_there_are_none(dvrip: Dvrip, at: str, tmp_path: Path) -> None:
    shown = await dvrip("recordings", "download", at, "--day", "2020-01-01", "-o", tmp_path)
    assert (shown.code, shown.err) == (1, f"dvrip: {at}: there are no such recordings\n")


async def test_one_that_is_refused_does_not_stop_the_others(
    dvrip: Dvrip, device: Simulator, at: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = device.archive.find
    monkeypatch.setattr(device.archive, "find", lambda name: None if "[R]" in name else find(name))
    shown = await dvrip("recordings", "download", at, *ON_THE_DAY, "-o", tmp_path)
    assert shown.code == 1
    assert "nothing found (Ret 109" in shown.err
    assert _names(tmp_path) == ["2021-03-04_10-00-10_channel1.h264"]


async def test_one_that_is_shorter_than_it_says(
    dvrip: Dvrip, device: Simulator, at: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file on the disk ends before the list of files says so, as after a power cut."""
    listed = device.archive.add(2, DAY, DAY + 600 * SECOND)
    broken = RecordedFile(channel=2, begin=DAY, end=DAY + 30 * SECOND)
    monkeypatch.setattr(device.archive, "find", lambda name: broken if name == listed.name else None)
    shown = await dvrip("recordings", "download", at, *ON_THE_DAY, "-c", 3, "-o", tmp_path)
    assert shown.code == 0
    file = tmp_path / "2021-03-04_10-00-00_channel3.h264"
    assert shown.err == f"dvrip: {file}: ends at 2021-03-04 10:00:28, the recording at 2021-03-04 10:10:00\n"


async def test_a_broken_download_goes_on(device: Simulator, at: str, tmp_path: Path) -> None:
    device.archive.add(3, DAY, DAY + 3600 * SECOND)
    words = ("recordings", "download", at, *ON_THE_DAY, "--headers", "-c", 4, "-o", tmp_path)
    file = tmp_path / "2021-03-04_10-00-00_channel4.dvrip"
    part = tmp_path / f"{file.name}.part"
    process = await start(*words)
    await _grown(part, 4_000_000)
    device.drop_connections()
    ended = await finish(process)
    assert ended.code == 4
    assert ended.err.startswith(f"dvrip: {at}: ")
    there = part.stat().st_size
    process = await start(*words)
    await _grown(part, there + 2_000_000)
    process.send_signal(2)
    assert (await finish(process)).code == 130
    assert _names(tmp_path) == [part.name]
    device.requests.clear()
    done = await finish(await start(*words), 60)
    assert (done.code, done.err) == (0, "")
    assert _names(tmp_path) == [file.name]
    times = [frame.time for frame in read_frames(file) if frame.keyframe]
    assert times == [DAY + 2 * number * SECOND for number in range(1800)]


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


async def _grown(file: Path, size: int) -> None:
    async with asyncio.timeout(30):
        while _size(file) < size:  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    "words",
    [
        ("list", "host", "--day", "yesterday"),
        ("list", "host", "--day", "2021-02-30"),
        ("list", "host", "--from", "10:00"),
        ("list", "host", "--channel", "0"),
        ("list", "host", "--event", "earthquake"),
        ("days", "host", "--month", "March"),
        ("download",),
    ],
)
async def test_wrong_words(dvrip: Dvrip, words: tuple[str, ...]) -> None:
    assert (await dvrip("recordings", *words)).code == 2


async def test_wrong_use(dvrip: Dvrip, at: str, tmp_path: Path) -> None:
    for words in (
        ("list", at, *ON_THE_DAY, "--from", "2021-03-04"),
        ("list", at, "--from", "2021-03-05", "--to", "2021-03-04"),
        ("list", at, *ON_THE_DAY, "--channel", 99, "--stream", "other"),
        ("download", at, *ON_THE_DAY, "--mp4", "--headers"),
        ("download", at, *ON_THE_DAY, "-o", Path(__file__)),
        ("download", at, *ON_THE_DAY, "-o", "/proc"),
    ):
        shown = await dvrip("recordings", *words)
        assert (shown.code, shown.out) == (2, ""), words


async def test_a_log_for_people_and_programs(dvrip: Dvrip, device: Simulator, at: str) -> None:
    device.state.journal.add("SaveConfig", "Net\x1b[2JCommon", "eve")
    shown = await dvrip("logs", at)
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.splitlines()[0].split() == ["TIME", "EVENT", "USER", "DATA"]
    assert "Net\\x1b[2JCommon" in shown.out
    entries = (await dvrip("logs", at, "--type", "config", "--json")).json
    assert [(entry["event"], entry["data"]) for entry in entries][-1] == ("SaveConfig", "Net\x1b[2JCommon")
    assert (await dvrip("logs", at, "--from", "2099-01-01", "--json")).json == []


async def test_a_log_goes_out_and_is_cleared(
    dvrip: Dvrip, device: Simulator, at: str, tmp_path: Path
) -> None:
    shown = await dvrip("logs", at, "--export", tmp_path / "log.zip")
    assert shown.out == f"{tmp_path / 'log.zip'}: {(tmp_path / 'log.zip').stat().st_size} bytes\n"
    assert (tmp_path / "log.zip").read_bytes().startswith(b"PK")
    refused = await dvrip("logs", at, "--clear")
    assert (refused.code, "give --yes" in refused.err) == (2, True)
    assert (await dvrip("logs", at, "--clear", "--yes")).out == f"{at}: the log is empty\n"
    assert [entry["event"] for entry in (await dvrip("logs", at, "--json")).json] == ["LogOut", "LogIn"]
    assert (await dvrip("logs", at, "--clear", "--export", tmp_path / "x")).code == 2
    assert (await dvrip("logs", at, "--export", tmp_path / "none" / "x")).code == 2
    assert _names(tmp_path) == ["log.zip"]


async def test_disks(dvrip: Dvrip, at: str) -> None:
    shown = await dvrip("storage", "show", at)
    assert (shown.code, shown.err) == (0, "")
    assert [line.split()[:3] for line in shown.out.splitlines()[1:]] == [
        ["1", "1", "read-write"],
        ["1", "2", "snapshot"],
    ]
    (disk,) = (await dvrip("storage", "show", at, "--json")).json
    assert (disk["disk"], disk["formatted"], len(disk["partitions"])) == (1, True, 2)
    assert disk["partitions"][0]["total_mib"] == 0x3A3817


@pytest.mark.parametrize("words", [(), ("--yes-erase", "2"), ("--yes-erase", "0")])
async def test_a_disk_is_not_erased_by_mistake(
    dvrip: Dvrip, device: Simulator, at: str, words: tuple[str]
) -> None:
    shown = await dvrip("storage", "format", at, 1, *words)
    assert (shown.code, shown.out) == (2, "")
    assert shown.err == "dvrip: all recordings on disk 1 would be lost: give --yes-erase 1\n"
    assert MessageId.DISK_MANAGER not in [message_id for message_id, _, _ in device.requests]
    assert (await dvrip("recordings", "list", at, *ON_THE_DAY, "--json")).json


async def test_a_disk_is_erased(dvrip: Dvrip, at: str) -> None:
    shown = await dvrip("storage", "format", at, 1, "--yes-erase", 1)
    assert (shown.code, shown.out) == (0, f"{at}: disk 1 partition 1 is empty\n")
    assert (await dvrip("recordings", "list", at, *ON_THE_DAY, "--json")).json == []
    told = (await dvrip("storage", "format", at, 1, "--yes-erase", 1, "--json")).json
    assert (told["device"], told["disk"], told["partition"]) == (at, 1, 1)
    shown = await dvrip("storage", "format", at, 3, "--yes-erase", 3)
    assert (shown.code, shown.err) == (2, f"dvrip: {at}: disk 3: the device has 1\n")


async def test_a_camera_without_a_card(dvrip: Dvrip) -> None:
    async with Simulator(profile="hi3516", users={"admin": PASSWORD}) as camera:
        where = f"{camera.host}:{camera.port}"
        assert (await dvrip("storage", "show", where, "--json")).json == []
        assert (await dvrip("recordings", "list", where, "--json")).json == []


@pytest.mark.parametrize(
    ("peer", "code"),
    [
        (hostile.answers_login_only, 4),
        (hostile.closes_after_login, 4),
        (hostile.stalls_mid_reply, 4),
        (hostile.resets, 4),
        (hostile.http, 5),
        (hostile.garbage, 5),
    ],
)
async def test_every_peer_is_survived(
    dvrip: Dvrip, tmp_path: Path, peer: Callable[[], AbstractAsyncContextManager[hostile.Address]], code: int
) -> None:
    for words in (
        ("recordings", "list", "{at}", *ON_THE_DAY),
        ("recordings", "days", "{at}", "--month", "2021-03"),
        ("recordings", "download", "{at}", *ON_THE_DAY, "--output", str(tmp_path)),
        ("logs", "{at}"),
        ("logs", "{at}", "--export", str(tmp_path / "x")),
        ("storage", "show", "{at}"),
        ("storage", "format", "{at}", "1", "--yes-erase", "1"),
    ):
        async with peer() as (host, port), asyncio.timeout(8):
            shown = await dvrip(*(word.format(at=f"{host}:{port}") for word in words), "--timeout", 0.4)
        assert (shown.code, shown.out) == (code, ""), words
        assert shown.err.startswith(f"dvrip: {host}:{port}: "), words
        assert shown.err.count("\n") == 1, words
    assert _names(tmp_path) == []
