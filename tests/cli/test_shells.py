"""What a shell does to a program: full disks, closed and left pipes, kills, files of other systems."""

from __future__ import annotations

import asyncio
import errno
import io
import logging
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import dvrip_proto
from dvrip_proto.cli.fleet import read_hosts
from dvrip_proto.cli.login import first_line
from dvrip_proto.cli.new_file import write_whole
from dvrip_proto.cli.trace import WIRE, Trace, on_trace
from dvrip_proto.connection import Address
from dvrip_proto.errors import UsageError
from dvrip_proto.media.container import Container
from dvrip_proto.media.new_file import fresh
from tests.cli.conftest import Dvrip, finish, start

BOM = b"\xef\xbb\xbf"


def in_shell(line: str) -> tuple[int, str, str]:
    """Run a line of sh in which $DVRIP is the program."""
    library = str(Path(dvrip_proto.__file__).parent.parent)
    done = subprocess.run(
        ["/bin/sh", "-c", line],
        env={**os.environ, "DVRIP": f"{sys.executable} -m dvrip_proto", "PYTHONPATH": library},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("words", ["--version", "simulate profiles"])
def test_a_full_output_is_one_line_and_wrong_use(words):
    code, _, err = in_shell(f"$DVRIP {words} >/dev/full")
    assert (code, err) == (2, "dvrip: standard output: No space left on device\n")


def test_closed_streams_are_no_error():
    assert in_shell("$DVRIP simulate profiles >&-") == (0, "", "")
    assert in_shell("$DVRIP info '' <&- 2>&- >&-")[0] == 2


def test_complaints_without_a_place_keep_their_exit_code():
    assert in_shell("$DVRIP info '' 2>/dev/full")[0] == 2


async def test_a_name_that_the_system_refuses_is_one_line_and_json(dvrip: Dvrip, at, tmp_path):
    ran = await dvrip("record", at, tmp_path / f"{'a' * 300}.mp4", "--seconds", "1", "--json")
    assert (ran.code, ran.json["exit_code"]) == (2, 2)
    assert ran.err.endswith("File name too long\n")
    assert ran.err.count("\n") == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["", "folder", "no/such/folder.jpg", "a" * 300])
def test_what_cannot_be_written_leaves_nothing(tmp_path, name):
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError):
        write_whole(tmp_path / name, b"picture")
    assert [each.name for each in tmp_path.rglob("*")] == ["folder"]


def test_a_pipe_with_a_name_is_written_into_and_stays(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_whole(pipe, b"picture")
        assert os.read(reader, 100) == b"picture"
    finally:
        os.close(reader)
    assert pipe.is_fifo()


def test_a_second_program_does_not_write_the_same_file(tmp_path):
    with fresh(tmp_path / "gate.mp4.part") as first:
        first.write(b"begun")
        with pytest.raises(OSError, match="another program writes it"):
            fresh(tmp_path / "gate.mp4.part")
        first.flush()
        assert (tmp_path / "gate.mp4.part").read_bytes() == b"begun"
    fresh(tmp_path / "gate.mp4.part").close()


class Full(io.BytesIO):
    def write(self, data, /):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_container_says_why_its_target_takes_no_more():
    container, picture = Container(Full(), "matroska", sound=None), a_picture()

    def fill() -> None:
        for number in range(500):
            container.picture(picture, number / 25, codec="h264", fps=25, keyframe=True)

    with pytest.raises(OSError, match="No space left"):
        fill()


def a_picture() -> bytes:
    av = pytest.importorskip("av", reason="PyAV is not installed")
    coder = av.CodecContext.create("libx264", "w")
    coder.width, coder.height, coder.pix_fmt, coder.framerate = 64, 48, "yuv420p", 25
    return b"".join(bytes(each) for each in [*coder.encode(av.VideoFrame(64, 48)), *coder.encode(None)])


def test_a_trace_that_has_no_place_ends_with_one_line_and_what_is_traced_goes_on(capsys):
    on_trace(Path("/dev/full"))
    logger = logging.getLogger(WIRE)
    trace = logger.handlers[-1]
    assert isinstance(trace, Trace)
    trace.end([], 0)
    assert capsys.readouterr().err == "dvrip: /dev/full: No space left on device: the trace ends here\n"


def test_a_file_of_another_system_names_each_device_once(tmp_path):
    (tmp_path / "hosts").write_bytes(
        BOM + b"cam-1\r\n\r\n# yard\r\n cam-2 \r\ncam-1\r\ncam-1:34567 # again\r\n"
    )
    assert [place.host for place in read_hosts(tmp_path / "hosts")] == ["cam-1", "cam-2"]


def test_the_mark_of_a_text_file_is_no_part_of_a_password(tmp_path):
    (tmp_path / "secret").write_bytes(BOM + b"pw \r\n")
    assert first_line(tmp_path / "secret") == "pw "


async def test_two_devices_of_a_list_are_not_written_to_one_file(dvrip: Dvrip, tmp_path):
    (tmp_path / "hosts").write_text("127.0.0.1:9\noperator@127.0.0.1:9\n")
    ran = await dvrip("snapshot", f"@{tmp_path / 'hosts'}", tmp_path / "{host}.jpg")
    assert ran.code == 2
    assert "127.0.0.1:9 and operator@127.0.0.1:9: both would be written to" in ran.err


@pytest.mark.parametrize(
    "word", ["http://cam", "dvrip://admin:hush@cam:34567", "admin:hush@cam", "[::1", "[cam]"]
)
def test_what_is_no_address_is_refused_without_the_password_in_it(word):
    with pytest.raises(UsageError, match="is no address of a device") as caught:
        Address.parse(word)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("moment", ["2026-11-20T08:00Z", "2026-11-20T08:00+02:00"])
async def test_a_time_with_a_zone_is_refused_not_taken_without_it(dvrip: Dvrip, moment):
    ran = await dvrip("recordings", "list", "127.0.0.1:9", "--from", moment)
    assert ran.code == 2
    assert "names a zone" in ran.err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_kill_and_ctrl_c_end_a_login_that_nobody_answers_at_once(number):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        process = await start("info", f"127.0.0.1:{silent.getsockname()[1]}", "--timeout", "60")
        peer, _ = await asyncio.wait_for(asyncio.to_thread(silent.accept), 20)
        await asyncio.to_thread(peer.recv, 1)  # it has asked
        process.send_signal(number)
        ran = await finish(process)
        peer.close()
    assert (ran.code, ran.out, ran.err) == (128 + number, "", "")


@pytest.mark.parametrize(
    "words",
    [
        ("alarm-centre", ""),
        ("registered", " "),
        ("set-address", "02:00:00:00:00:01", "192.168.1.999"),
        ("set-address", "02:00:00:00:00:01", "192.168.1.9", "--gateway", "gate"),
        ("simulate", "--motion-every", "9", "--motion-for", "nan", "--port", "0"),
        ("recordings", "list", "127.0.0.1:9", "--channel", "abc"),
    ],
)
async def test_what_cannot_be_meant_is_refused_before_anybody_is_asked(dvrip: Dvrip, words):
    ran = await dvrip(*words)
    assert ran.code == 2
    assert "parse" not in ran.err


async def test_what_is_done_to_logs_is_json_where_that_is_asked_for(dvrip: Dvrip, at, tmp_path):
    kept = await dvrip("logs", at, "--export", tmp_path / "log.zip", "--json")
    assert kept.json["bytes"] == (tmp_path / "log.zip").stat().st_size
    assert (await dvrip("logs", at, "--clear", "--yes", "--json")).json == {"device": at, "cleared": True}


async def test_devices_of_a_list_are_moved_reset_and_searched_together(dvrip: Dvrip, device, at, tmp_path):
    hosts = tmp_path / "hosts"
    hosts.write_text(at)
    moved = await dvrip("ptz", f"@{hosts}", "left", "--json")
    assert [(each["host"], each["value"]["action"]) for each in moved.json] == [(at, "left")]
    found = await dvrip("recordings", "list", f"@{hosts}", "--json")
    assert found.json[0]["value"][0]["name"].endswith(".h264")
    asked = await dvrip("reset", f"@{hosts}", "encoding")
    assert (asked.code, "give --yes" in asked.err) == (2, True)
    forced = await dvrip("upgrade", f"@{hosts}", hosts, "--force", "--yes")
    assert (forced.code, "--force is for one device" in forced.err) == (2, True)


async def test_a_channel_that_is_not_there_is_not_served(dvrip: Dvrip, at):
    ran = await dvrip("relay", at, "--channel", "99", "--rtsp-port", "0")
    assert (ran.code, "there is no channel 99" in ran.err) == (2, True)


async def test_watching_a_device_that_never_was_there_is_an_error(dvrip: Dvrip):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        where = f"127.0.0.1:{silent.getsockname()[1]}"
        ran = await dvrip("watch", where, "--seconds", "0.2", "--json")
    assert (ran.code, ran.json["exit_code"]) == (4, 4)
    assert "was not there within 0.2 s" in ran.err
