"""Commands that bring home what a camera sees."""

from __future__ import annotations

import asyncio
import io
import json
from pathlib import Path

import av
import pytest

from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.wire.ids import MessageId
from tests.relay.conftest import pictures, read

from .conftest import PASSWORD, Dvrip, finish, start


def _files(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _jpeg(data: bytes) -> av.VideoFrame:
    with av.open(io.BytesIO(data)) as container:
        return next(container.decode(video=0))


async def test_a_snapshot_of_a_camera(dvrip: Dvrip, tmp_path: Path) -> None:
    async with Simulator(profile="ipc", users={"admin": PASSWORD}, videos=["scene:h264"]) as camera:
        file = tmp_path / "gate.jpg"
        shown = await dvrip("snapshot", f"{camera.host}:{camera.port}", file)
    assert shown.code == 0
    data = file.read_bytes()
    assert shown.out == f"{file}: {len(data)} bytes\n"
    assert _jpeg(data).width > 100
    assert camera.monitors_started == {}
    assert _files(tmp_path) == ["gate.jpg"]


@pytest.mark.parametrize("channel", [1, 2])
async def test_a_snapshot_of_a_recorder_that_takes_none(
    dvrip: Dvrip, device: Simulator, at: str, tmp_path: Path, channel: int
) -> None:
    device.quirks = Quirks(mute=frozenset({int(MessageId.SNAPSHOT)}))
    shown = await dvrip("snapshot", at, tmp_path / "x.jpg", "--channel", channel)
    assert shown.code == 0
    assert _jpeg((tmp_path / "x.jpg").read_bytes()).width > 100
    assert sum(device.monitors_started.values()) == 1
    assert not device.monitors


async def test_a_snapshot_that_cannot_be_written(dvrip: Dvrip, tmp_path: Path) -> None:
    async with Simulator(profile="ipc", users={"admin": PASSWORD}, videos=["scene:h264"]) as camera:
        shown = await dvrip("snapshot", f"{camera.host}:{camera.port}", tmp_path / "none" / "x.jpg")
    assert (shown.code, "none/x.jpg: No such file" in shown.err) == (2, True)


@pytest.mark.parametrize(
    ("channel", "suffix", "codec"),
    [(1, "mp4", "h264"), (2, "mp4", "hevc"), (1, "mkv", "h264"), (2, "mkv", "hevc")],
)
async def test_a_recording_in_a_container(
    dvrip: Dvrip, at: str, tmp_path: Path, channel: int, suffix: str, codec: str
) -> None:
    file = tmp_path / f"gate.{suffix}"
    shown = await dvrip("record", at, file, "--seconds", 2, "--channel", channel)
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.startswith(f"{file}: 2.0 s of h26")
    with av.open(str(file)) as container:
        video = container.streams.video[0]
        assert video.codec_context.name == codec
        times = [
            float(packet.pts * packet.time_base)
            for packet in container.demux(video)
            if packet.pts is not None
        ]
        assert times[-1] - times[0] == pytest.approx(2.0, abs=0.2)
    with av.open(str(file)) as container:
        frames = list(container.decode(video=0))
        assert len(frames) == len(times)
    if container.streams.audio:
        with av.open(str(file)) as container:
            assert container.streams.audio[0].codec_context.name == "aac"
            samples = sum(frame.samples for frame in container.decode(audio=0))
            assert samples / 8000 == pytest.approx(2.0, abs=0.5)
    assert _files(tmp_path) == [file.name]


async def test_a_raw_recording_is_what_the_device_sent(dvrip: Dvrip, at: str, tmp_path: Path) -> None:
    file = tmp_path / "gate.h265"
    shown = await dvrip("record", at, file, "--seconds", 1, "--channel", 2, "--stream", "sub")
    assert (shown.code, shown.err) == (0, "")
    with av.open(str(file), format="hevc") as container:
        assert len(list(container.decode(video=0))) > 10


async def test_the_wrong_name_for_the_codec(dvrip: Dvrip, at: str, tmp_path: Path) -> None:
    shown = await dvrip("record", at, tmp_path / "gate.h265", "--seconds", 1)
    assert shown.code == 2
    assert "gate.h265: the device sends h264" in shown.err
    assert _files(tmp_path) == []


async def test_what_came_before_a_loss_is_kept(device: Simulator, at: str, tmp_path: Path) -> None:
    file = tmp_path / "gate.h264"
    process = await start("record", at, file)
    await _growing(tmp_path / "gate.h264.part")
    device.drop_connections()
    ended = await finish(process)
    assert ended.code == 4
    assert ended.err.startswith(f"dvrip: {at}: ")
    assert file.stat().st_size > 0


async def test_ctrl_c_completes_the_file(at: str, tmp_path: Path) -> None:
    file = tmp_path / "gate.mp4"
    process = await start("record", at, file)
    await _growing(tmp_path / "gate.mp4.part")
    await asyncio.sleep(1)
    process.send_signal(2)
    ended = await finish(process)
    assert (ended.code, ended.err) == (0, "")
    with av.open(str(file)) as container:
        assert len(list(container.decode(video=0))) > 10


async def _growing(file: Path) -> None:
    async with asyncio.timeout(20):
        while not _size(file):  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.05)


async def test_the_relay_serves_and_survives_a_reboot(device: Simulator, at: str) -> None:
    process = await start(
        "relay", at, "--rtsp-port", 0, "--channel", 1, "--channel", 2, "--stream", "main", "--json"
    )
    assert process.stdout is not None
    text = b""
    async with asyncio.timeout(20):
        while not text.rstrip().endswith(b"]"):
            text += await process.stdout.readline()
    addresses = json.loads(text)
    assert [(entry["channel"], entry["stream"]) for entry in addresses] == [(1, "main"), (2, "main")]
    assert all(PASSWORD not in entry["url"] for entry in addresses)
    reading = asyncio.create_task(read(addresses[0]["url"], pictures(150), limit_s=40))
    second = await read(addresses[1]["url"], pictures(20))
    assert second.codecs[0] == "hevc"
    await device.reboot(0.5)
    seen = await reading
    assert seen.error == ""
    assert len(seen.pictures) == 150
    process.terminate()
    ended = await finish(process)
    assert ended.code == 0
    lost, back = ended.err.splitlines()
    assert "away since" in lost
    assert "back at" in back
    assert ended.err.startswith(f"dvrip: {at}: ")


async def test_the_relay_prints_addresses_for_people(device: Simulator, at: str) -> None:
    process = await start("relay", at, "--rtsp-port", 0, "--advertise", "nas.lan")
    assert process.stdout is not None
    async with asyncio.timeout(20):
        lines = [(await process.stdout.readline()).decode().split() for _ in range(9)]
    assert lines[0] == ["CHANNEL", "STREAM", "ADDRESS"]
    assert [(channel, stream) for channel, stream, _ in lines[1:3]] == [("1", "main"), ("1", "sub")]
    assert "@nas.lan:" in lines[1][2]
    process.send_signal(2)
    assert (await finish(process)).code == 0


async def test_the_relay_on_a_port_that_is_taken(dvrip: Dvrip, device: Simulator, at: str) -> None:
    shown = await dvrip("relay", at, "--rtsp-port", device.port, "--channel", 1)
    assert shown.code == 4
    assert shown.err == f"dvrip: 127.0.0.1:{device.port}: cannot listen: Address already in use\n"


@pytest.mark.parametrize(("kind", "form", "codec"), [("mkv", "matroska", "h264"), ("h264", "h264", "h264")])
async def test_video_goes_through_a_pipe(at: str, kind: str, form: str, codec: str) -> None:
    process = await start("record", at, "-", "--seconds", 1, "--kind", kind)
    async with asyncio.timeout(30):
        out, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")
    with av.open(io.BytesIO(out), format=form) as container:
        assert container.streams.video[0].codec_context.name == codec
        assert len(list(container.decode(video=0))) > 10


async def test_a_reader_that_has_seen_enough_ends_the_recording_without_a_word(at: str) -> None:
    process = await start("record", at, "-", "--kind", "h264")
    assert process.stdout is not None
    assert await process.stdout.read(1000)
    process.stdout._transport.close()  # type: ignore[attr-defined] # as `| head -c 1000` does
    async with asyncio.timeout(30):
        assert (await process.wait(), await process.stderr.read()) == (0, b"")  # type: ignore[union-attr] # it is a pipe


async def test_a_recording_that_is_there_is_not_written_over(dvrip: Dvrip, at: str, tmp_path: Path) -> None:
    file = tmp_path / "gate.h264"
    file.write_bytes(b"evidence")
    shown = await dvrip("record", at, file, "--seconds", 0.5)
    assert (shown.code, "is there already: another name, or --overwrite" in shown.err) == (2, True)
    assert file.read_bytes() == b"evidence"
    assert (await dvrip("record", at, file, "--seconds", 0.5, "--overwrite")).code == 0
    assert file.stat().st_size > 1000
