"""Recordings of the simulator, byte by byte, as clients see them that share no code with it."""

from __future__ import annotations

import asyncio
import base64
from datetime import datetime, timedelta
from typing import Any

import pytest

from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.simulator.state.archive import RecordedFile
from tests.frames.vectors import vector
from tests.simulator.raw import Packet, Raw, RawFrame, cut, until

DAY = datetime(2021, 3, 4, 10)
SECOND = timedelta(seconds=1)
FORMAT = "%Y-%m-%d %H:%M:%S"


@pytest.fixture
async def recorder() -> Any:
    """A recorder with ten seconds on its disk."""
    async with Simulator(profile="nvr") as simulator:
        await simulator.prepare_media()
        simulator.archive.days = 0
        simulator.archive.add(0, DAY, DAY + 10 * SECOND)
        yield simulator


@pytest.fixture
async def control(recorder: Simulator) -> Any:
    """A client logged in to it."""
    raw = await Raw.login(recorder)
    yield raw
    raw.close()


def wish(name: str, action: str = "Claim", **changes: Any) -> dict[str, Any]:
    parameter = {"FileName": name, "PlayMode": "ByName", "StreamType": 0, "TransMode": "TCP", "Value": 0}
    times = {"EndTime": "2021-03-04 23:59:59", "StartTime": "2021-03-04 00:00:00"}
    return {"Action": action, "Parameter": parameter | changes, **times}


async def query(client: Raw, **changes: Any) -> Packet:
    asked = vector("json-filequery-req-kos")["json"]["OPFileQuery"]
    span = {"BeginTime": "2021-03-04 00:00:00", "EndTime": "2021-03-04 23:59:59"}
    return await client.named(1440, "OPFileQuery", {**asked, **span, **changes})


async def name_of_the_only(client: Raw) -> str:
    (item,) = (await query(client)).json["OPFileQuery"]
    return str(item["FileName"])


async def claimed(recorder: Simulator, control: Raw, name: str, action: str = "Claim") -> Raw:
    media = await Raw.open(recorder)
    media.session = control.session
    reply = await media.named(1424, "OPPlayBack", wish(name, action))
    assert (reply.message_id, reply.ret) == (1425, 100)
    return media


async def everything(media: Raw) -> tuple[list[RawFrame], list[Packet]]:
    """Frames until the packet with the end flag, and all packets."""
    packets = [await media.receive()]
    while not packets[-1].end:
        packets.append(await media.receive())
    frames, rest = cut(b"".join(packet.body for packet in packets))
    assert rest == b""
    return frames, packets


async def test_a_reply_to_a_query_has_the_members_of_a_real_one(control: Raw) -> None:
    reply = await query(control)
    assert reply.message_id == 1441
    assert set(reply.json) == {"Name", "OPFileQuery", "Ret", "SessionID"}
    assert (reply.json["Name"], reply.ret) == ("OPFileQuery", 100)
    (item,) = reply.json["OPFileQuery"]
    assert {**item, "FileLength": 0, "FileName": ""} == {
        "BeginTime": "2021-03-04 10:00:00",
        "DiskNo": 0,
        "EndTime": "2021-03-04 10:00:10",
        "FileLength": 0,
        "FileName": "",
        "SerialNo": 0,
    }
    assert item["FileName"].startswith("/idea0/2021-03-04/001/10.00.00-10.00.10[R][@")
    assert item["FileName"].endswith("][0].h264")
    assert item["FileLength"].startswith("0x0000")


@pytest.mark.parametrize(
    ("changes", "ret"),
    [
        ({}, 100),
        ({"Event": "AMRH"}, 100),
        ({"Event": "AMH"}, 119),
        ({"Event": ""}, 119),
        ({"Channel": 1}, 119),
        ({"Channel": 99}, 119),
        ({"Channel": -1}, 119),
        ({"StreamType": "0x00000001"}, 119),
        ({"Type": "jpg"}, 119),
        ({"BeginTime": "2021-03-04 10:00:10"}, 100),
        ({"BeginTime": "2021-03-04 10:00:11"}, 119),
        ({"EndTime": "2021-03-04 10:00:00"}, 100),
        ({"EndTime": "2021-03-04 09:59:59"}, 119),
        ({"BeginTime": "2000-00-00 00:00:00"}, 100),
        ({"BeginTime": "never"}, 119),
        ({"EndTime": None}, 119),
    ],
)
async def test_queries(control: Raw, changes: dict[str, Any], ret: int) -> None:
    assert (await query(control, **changes)).ret == ret


async def test_a_query_without_an_event_finds_nothing(control: Raw) -> None:
    span = {
        "BeginTime": "2021-03-04 00:00:00",
        "EndTime": "2021-03-04 23:59:59",
        "Channel": 0,
        "Type": "h264",
    }
    assert (await control.named(1440, "OPFileQuery", span)).ret == 119


async def test_pages_have_64_items(recorder: Simulator, control: Raw) -> None:
    for minute in range(100):
        begin = DAY + timedelta(minutes=minute + 1)
        recorder.archive.add(0, begin, begin + 60 * SECOND)
    first = (await query(control)).json["OPFileQuery"]
    assert len(first) == 64
    second = (await query(control, BeginTime=first[-1]["BeginTime"])).json["OPFileQuery"]
    assert first[-1] in second
    assert len({each["FileName"] for each in [*first, *second]}) == 101


async def test_what_has_not_ended_is_not_listed(recorder: Simulator, control: Raw) -> None:
    now = recorder.state.clock.now().replace(microsecond=0)
    recorder.archive.add(0, now - 10 * SECOND, now + 600 * SECOND)
    span = {"BeginTime": (now - 60 * SECOND).strftime(FORMAT), "EndTime": "2099-01-01 00:00:00"}
    assert (await query(control, **span)).ret == 119


async def test_the_minutes_of_a_day_are_nibbles(recorder: Simulator, control: Raw) -> None:
    recorder.archive.add(0, DAY + 60 * SECOND, DAY + 120 * SECOND, event="M")
    asked = {
        "BeginTime": "2021-03-04 00:00:00",
        "EndTime": "2021-03-04 23:59:59",
        "HighChannel": 0,
        "LowChannel": 1,
    }
    reply = await control.named(1444, "OPFileQuery", {**asked, "Event": "*", "Type": "h264", "Sync": 0})
    (info,) = reply.json["OPFileQuery"]["ByTimeInfo"]
    bitmap = base64.b64decode(info["cRecordBitMap"])
    assert (info["iChannel"], len(bitmap)) == (0, 720)
    assert bitmap[300] == 0x31
    assert sum(bitmap) == 0x31


async def test_calendars(control: Raw) -> None:
    asked = {"Event": "*", "FileType": "h264", "Month": 3, "Rev": "", "Year": 2021}
    assert (await control.named(1446, "OPSCalendar", asked)).json["OPSCalendar"] == {"Mask": 1 << 3}
    year = (await control.named(2026, "OPSCalendar", asked)).json
    assert (year["Name"], year["OPSCalendar"]["Mask"]) == ("OPSCalendar", [0, 0, 8, *[0] * 9])


@pytest.mark.parametrize(("action", "data_id"), [("DownloadStart", 1426), ("Start", 1422)])
async def test_media_comes_on_the_claimed_socket(
    recorder: Simulator, control: Raw, action: str, data_id: int
) -> None:
    recorder.archive.add(1, DAY, DAY + 2 * SECOND)
    (item,) = (await query(control, Channel=1)).json["OPFileQuery"]
    media = await claimed(recorder, control, item["FileName"])
    assert await media.is_silent()
    started = await control.named(1420, "OPPlayBack", wish(item["FileName"], action))
    assert (started.message_id, started.json["Name"], started.ret) == (1421, "OPPlayBack", 100)
    frames, packets = await everything(media)
    assert {packet.message_id for packet in packets} == {data_id}
    assert all(0 < len(packet.body) <= 8192 for packet in packets[:-1])
    assert (packets[-1].end, packets[-1].body) == (1, b"")
    assert [packet.sequence for packet in packets] == list(range(len(packets)))
    kinds = [frame.kind for frame in frames]
    assert kinds[0] == 0xFC
    assert (kinds.count(0xFC), kinds.count(0xFD)) == (1, 49)
    assert kinds.count(0xFA) >= 48
    size = sum(len(frame.head) + len(frame.payload) for frame in frames)
    assert 0 <= size - int(item["FileLength"], 16) * 1024 < 3072
    (moment,) = (int.from_bytes(frame.head[8:12], "little") for frame in frames if frame.kind == 0xFC)
    assert (moment >> 12 & 31, moment >> 6 & 63, moment & 63) == (10, 0, 0)
    stopped = await control.named(1420, "OPPlayBack", wish(item["FileName"], action.replace("Start", "Stop")))
    assert stopped.ret == 100


async def test_a_stopped_playback_leaves_its_socket_for_the_next(recorder: Simulator, control: Raw) -> None:
    name = await name_of_the_only(control)
    media = await claimed(recorder, control, name)
    assert (await control.named(1420, "OPPlayBack", wish(name, "Start"))).ret == 100
    await media.receive()
    assert (await control.named(1420, "OPPlayBack", wish(name, "Stop"))).ret == 100
    await media.until_silent()
    assert recorder.playbacks == 0
    assert (await control.named(1420, "OPPlayBack", wish(name, "DownloadStart"))).ret == 100
    frames, _ = await everything(media)
    assert sum(frame.kind == 0xFC for frame in frames) == 5


@pytest.mark.parametrize("first", ["DownloadStart", "Start"])
async def test_some_claim_with_what_they_mean(recorder: Simulator, control: Raw, first: str) -> None:
    name = await name_of_the_only(control)
    media = await claimed(recorder, control, name, first)
    assert (await control.named(1420, "OPPlayBack", wish(name, "DownloadStart"))).ret == 100
    assert len((await everything(media))[0]) > 400


async def test_a_start_may_overtake_its_claim(recorder: Simulator, control: Raw) -> None:
    name = await name_of_the_only(control)
    control.send(1420, {"Name": "OPPlayBack", "OPPlayBack": wish(name, "DownloadStart")})
    media = await claimed(recorder, control, name)
    assert (await control.receive()).ret == 100
    assert len((await everything(media))[0]) > 400


@pytest.mark.parametrize("sockets", [1, 2])
async def test_a_start_may_be_answered_before_its_claim(
    recorder: Simulator, control: Raw, sockets: int
) -> None:
    """Some clients claim only when the start was answered 100, and some start once more then."""
    name = await name_of_the_only(control)
    assert (await control.named(1420, "OPPlayBack", wish(name, "DownloadStart"))).ret == 100
    media = control
    if sockets == 2:
        media = await claimed(recorder, control, name)
        assert (await control.named(1420, "OPPlayBack", wish(name, "DownloadStart"))).ret == 100
    else:
        assert (await control.named(1424, "OPPlayBack", wish(name))).ret == 100
    frames, packets = await everything(media)
    assert {packet.message_id for packet in packets} == {1426}
    assert len(frames) > 400


async def test_a_start_waits_no_longer_for_its_claim_than_it_may(recorder: Simulator, control: Raw) -> None:
    recorder.quirks = Quirks(claim_wait_s=0.1)
    name = await name_of_the_only(control)
    assert (await control.named(1420, "OPPlayBack", wish(name, "DownloadStart"))).ret == 100
    await asyncio.sleep(0.2)
    media = await claimed(recorder, control, name)
    assert await media.is_silent(0.2)


@pytest.mark.parametrize("kind", ["h264", "jpg"])
async def test_the_length_of_a_file_is_what_its_download_has(
    recorder: Simulator, control: Raw, kind: str
) -> None:
    """Clients stop at that length: a file listed as too small loses its end."""
    begin = DAY + timedelta(hours=1, seconds=3)  # inside a group of pictures
    recorder.archive.add(0, begin, begin + 20 * SECOND, event="M", kind=kind)
    (item,) = (await query(control, Event="M", Type=kind)).json["OPFileQuery"]
    media = await claimed(recorder, control, item["FileName"])
    assert (await control.named(1420, "OPPlayBack", wish(item["FileName"], "DownloadStart"))).ret == 100
    _, packets = await everything(media)
    length, received = int(item["FileLength"], 16) * 1024, sum(len(packet.body) for packet in packets)
    assert 0 < length <= received <= length + 4096


async def test_on_one_socket_the_media_is_the_answer(recorder: Simulator, control: Raw) -> None:
    """Some clients take everything up to an empty message for the file."""
    name = await name_of_the_only(control)
    assert (await control.named(1424, "OPPlayBack", wish(name))).ret == 100
    control.send(1420, {"Name": "OPPlayBack", "OPPlayBack": wish(name, "DownloadStart")})
    frames, packets = await everything(control)
    assert {packet.message_id for packet in packets} == {1426}
    assert frames[0].kind == 0xFC
    assert (await control.named(1420, "OPPlayBack", wish(name, "DownloadStop"))).ret == 100


async def test_what_is_refused(recorder: Simulator, control: Raw) -> None:
    name = await name_of_the_only(control)
    stranger = await Raw.open(recorder)
    stranger.session = 4711
    assert (await stranger.named(1424, "OPPlayBack", wish(name))).ret == 103
    assert (await control.named(1424, "OPPlayBack", {"Action": "Claim"})).ret == 103
    assert (await control.named(1424, "OPPlayBack", wish(name, "Stop"))).ret == 103
    assert (await control.named(1420, "OPPlayBack", wish("/idea0/gone.h264", "Start"))).ret == 109
    assert (await control.named(1420, "OPPlayBack", wish(name, "Stop"))).ret == 103
    assert (await control.named(1420, "OPPlayBack", wish(name, "Pause"))).ret == 103
    recorder.quirks = Quirks(claim_wait_s=0.0)
    assert (await control.named(1420, "OPPlayBack", wish(name, "DownloadStart"))).ret == 103, "no claim"


async def test_playbacks_end_with_their_sockets(recorder: Simulator, control: Raw) -> None:
    name = await name_of_the_only(control)
    media = await claimed(recorder, control, name)
    await control.named(1420, "OPPlayBack", wish(name, "Start"))
    assert recorder.playbacks == 1
    media.close()
    await until(lambda: recorder.playbacks == 0)
    media = await claimed(recorder, control, name)
    await control.named(1420, "OPPlayBack", wish(name, "Start"))
    control.close()
    assert await media.is_closed()
    assert recorder.playbacks == 0


@pytest.mark.parametrize("end", ["message", "control"])
async def test_the_end_may_be_a_message(recorder: Simulator, control: Raw, end: str) -> None:
    recorder.quirks = Quirks(playback_end=end)
    name = await name_of_the_only(control)
    media = await claimed(recorder, control, name)
    await control.named(1420, "OPPlayBack", wish(name, "DownloadStart"))
    teller = control if end == "control" else media
    packet = await teller.receive()
    while packet.message_id != 1423:
        packet = await teller.receive()
    assert packet.json["OPPlayBack"]["Action"] == "EOF"
    assert packet.json["OPPlayBack"]["Parameter"]["FileName"] == name


async def test_history_follows_from_the_serial_number() -> None:
    async with Simulator(serial="2a981919678907c1") as one, Simulator(serial="2a981919678907c1") as two:
        now = one.state.clock.now()
        span = (0, now - timedelta(days=2), now - timedelta(hours=1))
        assert one.archive.files(*span) == two.archive.files(*span) != []
        assert all(one.archive.find(file.name) == file for file in one.archive.files(*span))
    async with Simulator(serial="55bea65b0a9ad9a5") as other:
        assert other.archive.files(*span) != one.archive.files(*span)


def test_names_are_unique_and_tell_everything() -> None:
    files = [
        RecordedFile(channel=1, begin=DAY + at * SECOND, end=DAY + (at + 9) * SECOND, event="M", stream=1)
        for at in range(100)
    ]
    assert len({file.name for file in files}) == 100
    assert files[0].name.startswith("/idea0/2021-03-04/002/10.00.00-10.00.09[M][@")
    assert files[0].name.endswith("][1].h264")


async def test_strange_names_are_no_files(recorder: Simulator) -> None:
    for name in ("", "/", "///", "/idea0/x/001/y.h264", "/idea0/2021-03-04/x/y", "../../etc/passwd", "\0"):
        assert recorder.archive.find(name) is None
