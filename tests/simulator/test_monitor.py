"""Live streams on two sockets and on one: claims, pace, packets, and what goes wrong on real devices."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from dvrip_proto.simulator import Quirks, Simulator
from tests.frames.vectors import vector
from tests.simulator.raw import HEADER, Raw, RawFrame, cut, frames_of, monitor, pack, until, watch

KEY, DELTA, AUDIO, INFO = 0xFC, 0xFD, 0xFA, 0xF9


@pytest.fixture
async def device() -> AsyncIterator[Simulator]:
    async with Simulator(profile="ipc") as simulator:
        await simulator.prepare_media()
        yield simulator


async def test_two_sockets(device: Simulator, client: Raw) -> None:
    media = await watch(device, client)
    frames = await frames_of(media, 60)
    assert frames[0].kind == KEY, "begins with a key frame at once"
    assert {frame.kind for frame in frames} == {KEY, DELTA, AUDIO}
    head = frames[0].head
    assert (head[4], head[5], head[6] * 8, head[7] * 8) == (2, 25, 640, 360)
    assert frames[0].payload.startswith(b"\0\0\0\1\x67")
    assert b"\0\0\0\1\x68" in frames[0].payload
    assert (
        next(frame for frame in frames if frame.kind == AUDIO).head.hex()
        == vector("frame-audio-g711a")["hex"]
    )
    assert device.monitors == {(0, "Main"): 1}
    stop = await client.named(1410, "OPMonitor", monitor("Stop"))
    assert (stop.message_id, stop.ret) == (1411, 100)
    assert await media.is_closed()
    assert device.monitors[0, "Main"] == 0
    again = await client.named(1410, "OPMonitor", monitor("Stop"))
    assert {**again.json, "SessionID": "0x00000006"} == vector("json-monitor-stop-rsp")["json"]


async def test_packets_are_cut_as_recorded(device: Simulator) -> None:
    device._unit.sessions.next_number = 6
    control = await Raw.login(device)
    media = await Raw.open(device)
    media.writer.write(bytes.fromhex(vector("pkt-claim-req")["hex"]))
    assert (await media.receive()).ret == 100
    parameter = json.loads(bytes.fromhex(vector("pkt-claim-req")["hex"])[20:])["OPMonitor"]["Parameter"]
    control.send(1410, {"Name": "OPMonitor", "OPMonitor": {"Action": "Start", "Parameter": parameter}})
    assert (await control.receive()).message_id == 1411
    first = await media.reader.readexactly(20)
    assert first == bytes.fromhex(vector("hdr-media")["hex"])
    body = await media.reader.readexactly(8192)
    assert body[:4] == b"\0\0\1\xfc"
    packets = [await media.receive() for _ in range(40)]
    assert [packet.sequence for packet in packets] == list(range(1, 41))
    assert {(packet.version, packet.channel, packet.end) for packet in packets} == {(1, 0, 0)}
    assert all(len(packet.body) <= 8192 for packet in packets)
    left = int.from_bytes(body[12:16], "little") + 16 - 8192
    for packet in packets:
        if left > 0:
            left -= len(packet.body)
            continue
        assert packet.body[:3] == b"\0\0\1", "a frame begins a new packet"
        assert not cut(packet.body)[1] or packet.body[3] == KEY


async def test_one_socket_has_no_start_reply_and_answers_keepalives(device: Simulator) -> None:
    client = await Raw.login(device)
    assert (await client.named(1413, "OPMonitor", monitor("Claim"))).message_id == 1414
    client.send(1410, {"Name": "OPMonitor", "OPMonitor": monitor("Start")})
    for number in range(150):
        if number in (20, 60, 100):
            client.send(1006, {"Name": "KeepAlive"})
        packet = await client.receive()
        assert packet.message_id in (1412, 1007), packet
    client.send(1410, {"Name": "OPMonitor", "OPMonitor": monitor("Stop")})
    while (packet := await client.receive()).message_id != 1411:
        assert packet.message_id in (1412, 1007)
    assert packet.ret == 100
    assert await client.is_silent()
    assert (await client.named(1006, "KeepAlive")).ret == 100


async def test_start_may_overtake_the_claim(device: Simulator, client: Raw) -> None:
    client.send(1410, {"Name": "OPMonitor", "OPMonitor": monitor("Start")})
    await asyncio.sleep(0.2)
    media = await Raw.open(device)
    media.session = client.session
    assert (await media.named(1413, "OPMonitor", monitor("Claim"))).ret == 100
    assert (await client.receive()).ret == 100
    assert (await frames_of(media, 1))[0].kind == KEY


async def test_a_combined_claim_starts_at_once(device: Simulator, client: Raw) -> None:
    media = await Raw.open(device)
    media.session = client.session
    media.send(
        1413,
        {
            "Name": "OPMonitor",
            "OPMonitor": {**monitor("Claim"), "Action1": "Start"},
            "SessionID": f"0x{client.session:x}",
        },
    )
    assert (await media.receive()).ret == 100
    assert (await frames_of(media, 1))[0].kind == KEY


@pytest.mark.parametrize(
    "wish",
    [
        monitor("Claim", channel=5),
        monitor("Claim", stream="Extra9"),
        {"Action": "Claim"},
        {"Action": "Claim", "Parameter": 5},
        monitor("Sing"),
    ],
)
async def test_a_claim_that_makes_no_sense(device: Simulator, client: Raw, wish: dict[str, object]) -> None:
    media = await Raw.open(device)
    media.session = client.session
    assert (await media.named(1413, "OPMonitor", wish)).ret == 103


async def test_a_start_of_another_stream_than_claimed(device: Simulator, client: Raw) -> None:
    media = await Raw.open(device)
    media.session = client.session
    assert (await media.named(1413, "OPMonitor", monitor("Claim"))).ret == 100
    reply = await client.named(1410, "OPMonitor", monitor("Start", stream="Extra1"))
    assert (reply.message_id, reply.ret) == (1411, 103)
    media.session = 999
    assert (await media.named(1413, "OPMonitor", monitor("Claim"))).ret == 103


@pytest.mark.parametrize("stream", ["Extra1", "Extra"])
async def test_the_extra_stream_is_smaller(device: Simulator, client: Raw, stream: str) -> None:
    frames = await frames_of(await watch(device, client, stream=stream), 10)
    assert (frames[0].head[6] * 8, frames[0].head[5]) == (320, 12)
    assert device.monitors == {(0, "Extra1"): 1}


async def test_key_frames_carry_the_devices_time(device: Simulator, client: Raw) -> None:
    assert (await client.named(1450, "OPTimeSetting", "2031-05-06 07:08:09")).ret == 100
    frame = (await frames_of(await watch(device, client), 1))[0]
    packed = int.from_bytes(frame.head[8:12], "little")
    assert (
        2000 + (packed >> 26),
        packed >> 22 & 15,
        packed >> 17 & 31,
        packed >> 12 & 31,
        packed >> 6 & 63,
    ) == (
        2031,
        5,
        6,
        7,
        8,
    )


async def test_many_viewers_are_counted(device: Simulator, client: Raw) -> None:
    viewers = [await watch(device, client) for _ in range(3)]
    small = await watch(device, client, stream="Extra1")
    assert device.monitors == {(0, "Main"): 3, (0, "Extra1"): 1}
    for viewer in [*viewers, small]:
        assert (await frames_of(viewer, 5))[0].kind == KEY
        viewer.close()
    await until(lambda: not device.monitors)
    assert (device.monitors_peak[0, "Main"], device.monitors_started[0, "Main"]) == (3, 3)
    assert (device.monitors_peak[0, "Extra1"], device.monitors_peak[7, "Main"]) == (1, 0)


async def test_streams_die_with_the_session(device: Simulator, client: Raw) -> None:
    media = await watch(device, client)
    await client.named(1002, "")
    assert await media.is_closed()
    assert not device.monitors


async def test_a_media_socket_needs_no_keepalive(device: Simulator) -> None:
    device.quirks = Quirks(alive_interval_s=1, unauthenticated_close_s=0.5)
    control = await Raw.login(device)
    media = await watch(device, control)
    for _ in range(5):
        await control.named(1006, "KeepAlive")
        await frames_of(media, 20)


async def test_a_stream_is_held_and_continued_with_a_key_frame(device: Simulator, client: Raw) -> None:
    media = await watch(device, client)
    await frames_of(media, 10)
    assert (await client.named(1410, "OPMonitor", monitor("Pause"))).ret == 100
    await media.until_silent()
    assert (await client.named(1410, "OPMonitor", monitor("Continue"))).ret == 100
    assert (await frames_of(media, 1))[0].kind == KEY
    assert (await client.named(1410, "OPMonitor", monitor("Pause", stream="Extra1"))).ret == 103


async def test_sound_follows_the_configuration(device: Simulator, client: Raw) -> None:
    assert await client.put("Simplify.Encode.[0].MainFormat.AudioEnable", False) == 100
    frames = await frames_of(await watch(device, client), 30)
    assert AUDIO not in {frame.kind for frame in frames}


async def test_a_viewer_that_does_not_read_is_dropped_and_others_go_on(
    device: Simulator, client: Raw
) -> None:
    device._unit.monitors.behind_max, device._unit.monitors.stalled_s = 1, 0.5
    lazy = await watch(device, client)
    sock = lazy.writer.get_extra_info("socket")
    lazy.writer.transport.pause_reading()
    sock.setsockopt(1, 8, 2048)
    for link in device._listening.links:
        if link.claims:
            link._writer.get_extra_info("socket").setsockopt(1, 7, 2048)
    good = await watch(device, client, stream="Extra1")
    async with asyncio.timeout(15):
        while device.monitors[0, "Main"]:
            await frames_of(good, 5)
    assert await frames_of(good, 5)


async def frames_with(
    device: Simulator, client: Raw, count: int, **quirks: object
) -> tuple[list[bytes], list[RawFrame]]:
    device.quirks = replace(Quirks(), **quirks)
    media = await watch(device, client)
    bodies: list[bytes] = []
    frames: list[RawFrame] = []
    rest = b""
    while len(frames) < count:
        packet = await media.receive()
        bodies.append(packet.body)
        found, rest = cut(rest + packet.body)
        frames += found
    return bodies, frames


async def test_one_packet_a_frame(device: Simulator, client: Raw) -> None:
    bodies, frames = await frames_with(device, client, 20, packet_size=0)
    assert len(bodies[0]) > 8192
    assert len(bodies) == len(frames)


async def test_frames_that_share_packets(device: Simulator, client: Raw) -> None:
    bodies, frames = await frames_with(device, client, 60, merge_frames=True)
    assert any(len(cut(body)[0]) > 1 for body in bodies if body[:3] == b"\0\0\1")
    assert {frame.kind for frame in frames} == {KEY, DELTA, AUDIO}


async def test_headers_split_across_packets(device: Simulator, client: Raw) -> None:
    bodies, frames = await frames_with(device, client, 10, split_headers=True)
    assert len(bodies[0]) == 5
    assert frames[0].kind == KEY


async def test_information_and_service_blocks(device: Simulator, client: Raw) -> None:
    _, frames = await frames_with(device, client, 10, info_frames=True, service_blocks=True)
    assert [frame.kind for frame in frames[:3]] == [INFO, KEY, DELTA]
    assert frames[2].payload.hex() == vector("frame-service-block")["hex"]


async def test_a_stream_that_begins_in_the_middle(device: Simulator, client: Raw) -> None:
    _, frames = await frames_with(device, client, 5, mid_gop=True)
    assert frames[0].kind == DELTA


async def test_a_stream_that_falls_silent(device: Simulator, client: Raw) -> None:
    device.quirks = Quirks(freeze_after_s=0.3)
    media = await watch(device, client)
    await frames_of(media, 5)
    async with asyncio.timeout(3):
        await media.until_silent()
    assert (await client.named(1006, "KeepAlive")).ret == 100


async def test_channels_without_a_camera(device: Simulator, client: Raw) -> None:
    device.quirks = Quirks(silent_channels=frozenset({0}))
    media = await watch(device, client)
    assert await media.is_silent(0.4)
    device.quirks = Quirks(offline_channels=frozenset({0}))
    assert (await media.named(1413, "OPMonitor", monitor("Claim"))).ret == 121


async def test_the_snapshot_is_what_the_stream_shows(device: Simulator, client: Raw) -> None:
    reply = await client.named(1560, "OPSNAP", {"Channel": 0})
    assert reply.message_id == 1561
    assert reply.body[:4] == bytes.fromhex("ffd8ffe0")
    assert reply.body[-2:] == bytes.fromhex("ffd9")
    clip = await device._unit.media.clip((0, "Main"))
    assert clip is not None
    shown = clip.frames[clip.keyframe_before(device._unit.monitors.position_s())]
    frame = (await frames_of(await watch(device, client), 1))[0]
    assert frame.payload == shown.payload
    assert (await client.named(1560, "OPSNAP", {"Channel": 9})).ret == 103


async def test_recorders_answer_snapshots_with_silence() -> None:
    async with Simulator(profile="nvr") as device:
        client = await Raw.login(device)
        client.send(1560, {"Name": "OPSNAP", "OPSNAP": {"Channel": 0}})
        assert await client.is_silent()
        functions = (await client.named(1360, "SystemFunction")).json["SystemFunction"]
        assert functions["EncodeFunction"]["SnapStream"] is False


async def test_channels_of_a_recorder_show_different_pictures() -> None:
    async with Simulator(profile="nvr", channels=4, videos=["scene:h264", "scene:h265"]) as device:
        client = await Raw.login(device)
        kinds = []
        for channel in range(2):
            frame = (await frames_of(await watch(device, client, channel), 1, timeout_s=30))[0]
            kinds.append(frame.head[4] & 0xF)
        assert kinds == [2, 3]
        formats = await client.get("Simplify.Encode")
        assert [entry["MainFormat"]["Video"]["Compression"] for entry in formats] == ["H.264", "H.265"] * 2


def talk(action: str) -> dict[str, object]:
    return {
        "Action": action,
        "AudioFormat": {"BitRate": 0, "EncodeType": "G711_ALAW", "SampleBit": 8, "SampleRate": 8},
    }


async def test_one_may_talk_and_hears_himself(device: Simulator, client: Raw) -> None:
    assert (await client.named(1430, "OPTalk", talk("Stop"))).ret == 504
    assert (await client.named(1430, "OPTalk", talk("Start"))).ret == 103
    media = await Raw.open(device)
    media.session = client.session
    assert (await media.named(1434, "OPTalk", talk("Claim"))).ret == 100
    assert (await client.named(1430, "OPTalk", talk("Start"))).ret == 100
    other = await Raw.login(device)
    assert (await other.named(1430, "OPTalk", talk("Start"))).ret == 503
    sound = bytes.fromhex(vector("frame-audio-g711a")["hex"]) + b"\xd5" * 320
    media.writer.write(pack(1432, sound, session=client.session, sequence=9))
    echo = await media.receive()
    assert (echo.message_id, echo.body, echo.sequence) == (1433, sound, 9)
    assert device._unit.talk.heard_bytes == len(sound)
    assert (await client.named(1430, "OPTalk", talk("Stop"))).ret == 100
    assert (await client.named(1430, "OPTalk", talk("Stop"))).ret == 504


async def test_talk_ends_with_its_session_or_its_socket(device: Simulator) -> None:
    for close_media in (True, False):
        client = await Raw.login(device)
        media = await Raw.open(device)
        media.session = client.session
        assert (await media.named(1434, "OPTalk", talk("Claim"))).ret == 100
        assert (await client.named(1430, "OPTalk", talk("Start"))).ret == 100
        assert (await client.named(1430, "OPTalk", talk("Sing"))).ret == 103
        (media if close_media else client).close()
        await until(lambda: device._unit.talk.speaker is None)
        client.close()
        media.close()


def test_the_media_header_is_little_endian() -> None:
    assert HEADER.unpack(bytes.fromhex(vector("hdr-media")["hex"]))[-1] == 8192
