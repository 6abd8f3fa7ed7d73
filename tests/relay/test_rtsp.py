"""FFmpeg reads the relay as Home Assistant does."""

from __future__ import annotations

import asyncio
import time
from zlib import crc32

import av
import pytest

from dvrip_proto.errors import TransportError, UsageError
from dvrip_proto.relay import Relay

from .camera import GOP, Camera, clip
from .conftest import Seen, pictures, read, rises, until


@pytest.mark.parametrize(
    ("codec", "decoder", "audio"),
    [("h264", "h264", None), ("h264", "h264", "pcma"), ("h265", "hevc", None), ("h265", "hevc", "pcmu")],
)
async def test_ffmpeg_reads_video_and_sound(
    relay: Relay, codec: str, decoder: str, audio: str | None
) -> None:
    camera = Camera(clip(codec), audio=audio)
    relay.add("nvr/0/main", camera.open)
    sounds = [] if audio is None else ["aac", {"pcma": "pcm_alaw", "pcmu": "pcm_mulaw"}[audio]]

    def as_far(seen: Seen) -> bool:
        """60 pictures, and the sound that belongs to them: it is encoded beside them, and may come later."""
        shown = seen.dts[decoder][:60]
        return len(seen.pictures) >= 60 and all(seen.dts[name][-1:] >= shown[-1:] for name in sounds)

    seen = await read(relay.url("nvr/0/main"), as_far)
    assert seen.codecs == [decoder, *sounds], "AAC stands before G.711"
    assert seen.profiles[1:2] == ["LC"][: len(sounds)], "Home Assistant leaves out audio without a profile"
    assert seen.error == ""
    assert seen.missing <= 1, "FFmpeg knows the first DTS only afterwards"
    assert len(set(seen.pictures)) > 30, "the picture moves"
    for name, dts in seen.dts.items():
        assert rises(dts), name
        assert dts[-1] - dts[0] == pytest.approx(60 / 25, abs=0.6), name
    for name in sounds:
        assert seen.decoded[name] > 5
        assert abs(seen.dts[name][-1] - seen.dts[decoder][:60][-1]) < 0.5, (
            "sound and pictures are on one clock"
        )
    assert camera.opened == 1


@pytest.mark.parametrize(("codec", "decoder"), [("h264", "h264"), ("h265", "hevc")])
@pytest.mark.parametrize("agent", ["Lavf", "VLC"])
async def test_pictures_of_many_packets_arrive_whole(
    relay: Relay, codec: str, decoder: str, agent: str
) -> None:
    camera = Camera(clip(codec, 640, 384, 10, 20_000_000, noise=True))
    assert camera.video is not None
    assert max(len(payload) for _, payload in camera.video.units) > 65_536
    relay.add("cam", camera.open)
    seen = await read(relay.url("cam"), pictures(30), user_agent=agent)
    assert seen.error == ""
    assert (seen.codecs, seen.decoded[decoder]) == ([decoder], 30)
    assert seen.missing <= 1
    decoder_alone = av.CodecContext.create(decoder, "r")
    sent = {
        crc32(frame.planes[0])
        for _, payload in camera.video.units
        for frame in decoder_alone.decode(av.Packet(payload))
    }
    assert len(set(seen.pictures) - sent) <= 1, "pictures look as they were sent"


async def test_a_second_reader_opens_at_once(relay: Relay) -> None:
    camera = Camera(clip("h264", 320, 192, 75))
    hub = relay.add("cam", camera.open)
    first = asyncio.create_task(read(relay.url("cam"), pictures(150)))
    await until(lambda: camera.sent >= 40)
    second = await read(relay.url("cam"), pictures(10))
    assert second.opened_s < 0.3
    assert hub.viewers >= 1
    assert camera.peak == 1
    first.cancel()


async def test_five_readers_share_one_stream(relay: Relay) -> None:
    camera = Camera(clip("h264"), audio="pcma")
    hub = relay.add("cam", camera.open, linger_s=0.1)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(read(relay.url("cam"), pictures(60))) for _ in range(5)]
        await until(lambda: hub.viewers == 5)
    for task in tasks:
        assert len(task.result().pictures) == 60
    assert (camera.opened, camera.peak) == (1, 1)
    await until(lambda: not hub.viewers and not camera.now_open)


async def test_a_reader_that_is_not_ffmpeg_starts_in_the_present(relay: Relay) -> None:
    camera = Camera(clip("h264", 320, 192, 75), audio="pcma")
    hub = relay.add("cam", camera.open)
    early = hub.attach()
    await asyncio.sleep(1.5)
    hub.detach(early)
    seen = await read(relay.url("cam"), pictures(60), user_agent="go2rtc/1.9.14")
    steps = [b - a for a, b in zip(seen.dts["h264"], seen.dts["h264"][1:], strict=False)]
    assert steps[:20] == pytest.approx([0.001] * 20, abs=0.0001)
    assert steps[-5:] == pytest.approx([0.04] * 5, abs=0.01)
    assert rises(seen.dts["h264"])
    assert rises(seen.dts["aac"])


async def test_readers_outlive_a_loss_of_the_device(relay: Relay) -> None:
    camera = Camera(clip("h264"), audio="pcma")
    relay.add("cam", camera.open)
    seen = Seen()
    reading = asyncio.create_task(read(relay.url("cam"), pictures(120), into=seen))
    await until(lambda: len(seen.pictures) >= 40)
    camera.refusal = TransportError("127.0.0.1:34567: refused")
    camera.lose()
    await asyncio.sleep(6)  # longer than Home Assistant waits for data of a socket
    camera.refusal = None
    await reading
    assert seen.error == ""
    assert camera.opened == 2
    for dts in seen.dts.values():
        assert rises(dts)
        assert 6 < max(b - a for a, b in zip(dts, dts[1:], strict=False)) < 30


async def test_another_resolution_ends_the_connection_and_reading_again_works(relay: Relay) -> None:
    camera = Camera(clip("h264"))
    relay.add("cam", camera.open)
    seen = Seen()
    reading = asyncio.create_task(read(relay.url("cam"), pictures(1000), into=seen))
    await until(lambda: len(seen.pictures) >= 30)
    camera.video = clip("h265", 640, 384)
    await asyncio.wait_for(reading, 5)
    assert seen.error
    again = await read(relay.url("cam"), pictures(GOP))
    assert again.codecs == ["hevc"]
    assert camera.opened == 1


async def test_closing_ends_readers_at_once(no_leaks: None) -> None:
    relay = Relay()
    await relay.start()
    camera = Camera(clip("h264"))
    relay.add("cam", camera.open)
    seen = Seen()
    reading = asyncio.create_task(read(relay.url("cam"), pictures(1000), into=seen))
    await until(lambda: len(seen.pictures) >= 30)
    started = time.monotonic()
    await relay.close()
    await asyncio.wait_for(reading, 4)
    assert time.monotonic() - started < 4, "readers give up after five seconds by themselves"
    assert camera.now_open == 0


async def test_removing_a_path_ends_its_readers_only(relay: Relay) -> None:
    gone, kept = Camera(clip("h264")), Camera(clip("h265"))
    relay.add("gone", gone.open)
    relay.add("kept", kept.open)
    seen = Seen(), Seen()
    first = asyncio.create_task(read(relay.url("gone"), pictures(1000), into=seen[0]))
    second = asyncio.create_task(read(relay.url("kept"), pictures(80), into=seen[1]))
    await until(lambda: min(len(one.pictures) for one in seen) >= 30)
    url = relay.url("gone")
    await relay.remove("gone")
    await asyncio.wait_for(first, 2)
    with pytest.raises(av.HTTPNotFoundError):
        await read(url, pictures(1))
    await second
    assert seen[1].error == ""
    assert (gone.now_open, kept.now_open) == (0, 1)


async def test_a_wrong_token_and_a_wrong_path_are_told_apart_only_with_the_token(relay: Relay) -> None:
    relay.add("cam", Camera(clip("h264")).open)
    url = relay.url("cam")
    token = url.partition(":")[2].partition(":")[2].partition("@")[0]
    with pytest.raises(av.HTTPUnauthorizedError):
        await read(url.replace(token, "wrong"), pictures(1))
    with pytest.raises(av.HTTPUnauthorizedError):
        await read(url.replace(token, "wrong").replace("/cam", "/none"), pictures(1))
    with pytest.raises(av.HTTPNotFoundError):
        await read(url.replace("/cam", "/none"), pictures(1))


async def test_ffmpeg_falls_back_from_udp_to_tcp(relay: Relay) -> None:
    relay.add("cam", Camera(clip("h264")).open)
    seen = await read(relay.url("cam"), pictures(20), rtsp_transport="udp+tcp")
    assert len(seen.pictures) == 20


async def test_a_camera_that_is_away_is_a_clean_error_at_once(relay: Relay) -> None:
    camera = Camera(None)
    camera.refusal = TransportError("127.0.0.1:34567: refused")
    relay.add("cam", camera.open)
    started = time.monotonic()
    with pytest.raises(av.HTTPServerError):
        await read(relay.url("cam"), pictures(1))
    assert time.monotonic() - started < 4, "pictures that do not come are waited for as long"


async def test_a_camera_without_pictures_is_a_clean_error_in_time(relay: Relay) -> None:
    relay.add("cam", Camera(None, audio="pcma").open)
    started = time.monotonic()
    with pytest.raises(av.HTTPServerError):
        await read(relay.url("cam"), pictures(1))
    assert time.monotonic() - started > 4


async def test_addresses(relay: Relay) -> None:
    camera = Camera(clip("h264"))
    relay.add("/front door/0/main/", camera.open)
    assert relay.url("front door/0/main").startswith("rtsp://dvrip:")
    assert relay.url("front door/0/main").endswith(f"@127.0.0.1:{relay.port}/front%20door/0/main")
    assert relay.url("front door/0/main", host="nas.lan").endswith(
        f"@nas.lan:{relay.port}/front%20door/0/main"
    )
    seen = await read(relay.url("front door/0/main"), pictures(5))
    assert len(seen.pictures) == 5
    for wrong in ("", "/", "front door/0/main"):
        with pytest.raises(UsageError):
            relay.add(wrong, camera.open)
    with pytest.raises(UsageError, match="no stream 'none'"):
        relay.url("none")


async def test_a_port_that_is_taken_is_a_clear_error(relay: Relay) -> None:
    other = Relay()
    with pytest.raises(TransportError, match=f"127.0.0.1:{relay.port}: cannot listen: "):
        await other.start(port=relay.port)
    await other.close()


async def test_two_relays_do_not_share_a_token() -> None:
    async with Relay() as one, Relay() as two:
        one.add("cam", Camera(None).open)
        two.add("cam", Camera(None).open)
        assert one.url("cam").split("@")[0] != two.url("cam").split("@")[0]
    async with Relay(token="se/cret-of-the-house") as given:
        given.add("cam", Camera(None).open)
        assert given.url("cam").startswith("rtsp://dvrip:se%2Fcret-of-the-house@")
