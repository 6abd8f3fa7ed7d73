"""A viewer talks to the device over RTSP, word by word."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest

from dvrip_proto import Device, RequestError, TransportError, UnsupportedError
from dvrip_proto.errors import DvripError
from dvrip_proto.relay import Relay
from dvrip_proto.simulator import Simulator

from .camera import Camera, clip, tone
from .client import Client, connected
from .conftest import until
from .loudspeaker import Loudspeaker

BACKCHANNEL = "www.onvif.org/ver20/backchannel"
VIDEO, TALK = "/cam/trackID=0", "/cam/trackID=3"
WORD = tone()[:320]
SILENCE = b"\xd5" * 320
OCCUPIED = "127.0.0.1:34567: OPTalk: talk is already open (Ret 503)"


@pytest.fixture
def speaker() -> Loudspeaker:
    return Loudspeaker()


@pytest.fixture
async def camera(relay: Relay, speaker: Loudspeaker) -> Camera:
    camera = Camera(clip("h264"), audio="pcma")
    relay.add("cam", camera.open, linger_s=0.1, open_talk=speaker.open)
    return camera


async def set_up(client: Client, *tracks: str) -> int:
    """Ask for tracks, the microphone on channel 6; what the last answer was."""
    assert (await client.ask("DESCRIBE", Require=BACKCHANNEL))[0] == 200
    status = 0
    for track in tracks:
        channel = track[-1]
        first = 2 * int(channel)
        transport = f"RTP/AVP/TCP;unicast;interleaved={first}-{first + 1}"
        status, _, _ = await client.ask("SETUP", track, Transport=transport)
    return status


async def talks(client: Client, *tracks: str) -> None:
    assert await set_up(client, *tracks, TALK) == 200
    assert (await client.ask("PLAY", Require=BACKCHANNEL))[0] == 200


async def test_the_way_back_is_offered_to_those_who_ask(
    relay: Relay, camera: Camera, speaker: Loudspeaker
) -> None:
    relay.add("dumb", camera.open)
    async with connected(relay) as client:
        plain = (await client.ask("DESCRIBE"))[2]
        assert (await client.ask("DESCRIBE", "/dumb"))[2] == plain
        status, _, body = await client.ask("DESCRIBE", "/dumb", Require=BACKCHANNEL)
        assert (status, body) == (200, plain), "go2rtc leaks a connection when it is refused"
        assert (await client.ask("SETUP", "/dumb/trackID=3", Transport="RTP/AVP/TCP"))[0] == 404
        whole = (await client.ask("DESCRIBE", Require=BACKCHANNEL))[2]
        assert whole.startswith(plain)
        assert whole.endswith(b"a=sendonly\r\na=control:trackID=3\r\n")
        await client.ask("DESCRIBE")
        assert (await client.ask("SETUP", TALK, Transport="RTP/AVP/TCP"))[0] == 404
    assert speaker.opened == 0


async def test_what_a_viewer_says_is_said_and_he_goes_on_viewing(
    relay: Relay, camera: Camera, speaker: Loudspeaker
) -> None:
    async with connected(relay) as client:
        await talks(client, VIDEO)
        assert speaker.now_open == 1, "open before anything is said: who is refused must know it"
        await client.say(6, WORD)
        await client.say(6, b"\xff" * 160, 0)
        await client.say(7, b"a report")
        await client.say(0, b"another channel")
        await client.say(6, b"no G.711", 97)
        await client.send(b"$\x06\x00\x03abc")
        await client.say(6, WORD[:80])
        expected = WORD + b"\xd5" * 160 + WORD[:80]
        await until(lambda: speaker.said == [expected])
        assert (await client.ask("GET_PARAMETER"))[0] == 200
        pictures = 0
        while pictures < 30:
            channel, _ = await client.packet()
            pictures += channel == 0
    await until(lambda: not speaker.now_open)
    assert (speaker.opened, speaker.said) == (1, [expected])


async def test_nothing_is_said_before_play(relay: Relay, camera: Camera, speaker: Loudspeaker) -> None:
    async with connected(relay) as client:
        assert await set_up(client, TALK) == 200
        await client.say(6, b"too early")
        assert (await client.ask("PLAY"))[0] == 200
        await client.say(6, WORD)
        await until(lambda: speaker.said == [WORD])


async def test_who_only_talks_costs_the_device_no_stream(
    relay: Relay, camera: Camera, speaker: Loudspeaker
) -> None:
    async with connected(relay) as client:
        await talks(client)
        await until(lambda: not camera.now_open)
        assert (await client.ask("PLAY"))[0] == 200
        assert (await client.ask("DESCRIBE"))[0] == 455
        await client.say(6, WORD)
        await until(lambda: speaker.said == [WORD])
        assert (await client.ask("TEARDOWN"))[0] == 200
        assert await client.at_end()
    await until(lambda: not speaker.now_open)


async def test_who_only_talks_and_is_gone_is_found_out(
    relay: Relay, camera: Camera, speaker: Loudspeaker
) -> None:
    relay.limits.talk_idle_s = 0.3
    async with connected(relay) as client:
        await talks(client)
        for _ in range(5):
            await client.say(6, WORD)
            await asyncio.sleep(0.1)
        assert (await client.ask("OPTIONS"))[0] == 200, "who talks is there"
        assert await client.at_end()
    await until(lambda: not speaker.now_open)


async def test_the_second_talker_is_refused_and_nobody_is_disturbed(
    relay: Relay, camera: Camera, speaker: Loudspeaker, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(relay) as first, connected(relay) as second:
        await talks(first, VIDEO)
        assert await set_up(second, VIDEO) == 200
        second_talk = {"Transport": "RTP/AVP/TCP;interleaved=6-7"}
        assert (await second.ask("SETUP", TALK, **second_talk))[0] == 453
        assert second.reason == "Somebody Else Is Talking"
        assert "cam: somebody else is talking" in caplog.text
        assert (await second.ask("PLAY"))[0] == 200, "he watches all the same"
        await second.packet()
        await second.say(6, b"not heard")
        await first.say(6, WORD)
        await until(lambda: speaker.said == [WORD])
        await first.packet()
        first.writer.close()
        await until(lambda: not speaker.now_open)
    async with connected(relay) as third:
        await talks(third)
    assert (speaker.opened, speaker.peak) == (2, 1)


async def test_who_waits_speaks_when_the_other_is_silent(
    relay: Relay,
    camera: Camera,
    speaker: Loudspeaker,
    caplog: pytest.LogCaptureFixture,
) -> None:
    relay.limits.talk_silence_s = 0.5
    async with connected(relay) as first, connected(relay) as second:
        await talks(first)
        await until(lambda: not speaker.now_open)
        await talks(second)
        await second.say(6, WORD)
        await first.say(6, b"meanwhile")
        await first.say(6, b"meanwhile")
        await until(lambda: not speaker.now_open)
        assert caplog.text.count("a second talker is not heard") == 1
        await first.say(6, WORD * 2)
        await until(lambda: speaker.said == [b"", WORD, WORD * 2])
    assert speaker.peak == 1


async def test_a_muted_microphone_gives_the_talk_back(
    relay: Relay, camera: Camera, speaker: Loudspeaker
) -> None:
    relay.limits.talk_silence_s = 0.4
    async with connected(relay) as client:
        await talks(client)
        for _ in range(30):
            await client.say(6, SILENCE)
            await asyncio.sleep(0.02)
        assert (speaker.opened, speaker.now_open) == (1, 0)
        await client.say(6, SILENCE)
        await client.say(6, WORD)
        await client.say(6, SILENCE)
        await until(lambda: speaker.said[1:] == [WORD + SILENCE])
        assert speaker.opened == 2


@pytest.mark.parametrize(
    ("refusal", "status", "reason"),
    [
        (RequestError(OCCUPIED, ret=503, message_id=1430, name="OPTalk"), 453, "Somebody Else Is Talking"),
        (RequestError("127.0.0.1:34567: OPTalk: no right", ret=107), 503, "The Device Opens No Talk"),
        (UnsupportedError("127.0.0.1:34567: OPTalk: not supported"), 415, "The Device Cannot Be Talked To"),
        (TransportError("127.0.0.1:34567: not connected"), 503, "The Device Opens No Talk"),
    ],
)
async def test_a_device_that_opens_no_talk_is_a_clear_error_to_him_who_asked(
    relay: Relay,
    camera: Camera,
    speaker: Loudspeaker,
    caplog: pytest.LogCaptureFixture,
    refusal: DvripError,
    status: int,
    reason: str,
) -> None:
    speaker.refusal = refusal
    async with connected(relay) as viewer, connected(relay) as client:
        await set_up(viewer, VIDEO)
        assert (await viewer.ask("PLAY"))[0] == 200
        assert await set_up(client, VIDEO, TALK) == status
        assert client.reason == reason
        assert f"no talk for a viewer: {refusal}" in caplog.text
        assert (await client.ask("PLAY"))[0] == 200
        for each in (viewer, client):
            await each.packet()
            await each.packet()
        speaker.refusal = None
    async with connected(relay) as client:
        await talks(client)


async def test_a_device_that_does_not_answer_is_a_refusal_in_time(
    relay: Relay, camera: Camera, speaker: Loudspeaker
) -> None:
    relay.limits.talk_open_s = 0.2
    speaker.opening_s = 60
    async with connected(relay) as client:
        assert await set_up(client, VIDEO, TALK) == 503
        speaker.opening_s = 0
        assert (await client.ask("SETUP", TALK, Transport="RTP/AVP/TCP;interleaved=6-7"))[0] == 200
        assert (await client.ask("PLAY"))[0] == 200
        assert speaker.now_open == 1


async def test_last_words_are_said_and_the_next_talker_waits_for_them(
    relay: Relay, camera: Camera, speaker: Loudspeaker
) -> None:
    speaker.closing_s = 0.3
    async with connected(relay) as first, connected(relay) as second:
        await talks(first)
        speaker.mute.clear()
        await first.say(6, WORD * 3)
        assert (await first.ask("TEARDOWN"))[0] == 200
        assert await set_up(second) == 0
        waiting = asyncio.create_task(second.ask("SETUP", TALK, Transport="RTP/AVP/TCP;interleaved=6-7"))
        await asyncio.sleep(0.1)
        speaker.mute.set()
        assert (await waiting)[0] == 200
        assert speaker.said == [WORD * 3, b""]
    assert speaker.peak == 1


async def test_of_sound_that_comes_too_fast_the_oldest_is_lost(
    relay: Relay, camera: Camera, speaker: Loudspeaker, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(relay) as client:
        await talks(client)
        speaker.mute.clear()
        for number in range(1, 101):
            await client.say(6, bytes([number]) * 320)
        assert (await client.ask("OPTIONS"))[0] == 200
        speaker.mute.set()
        await until(lambda: speaker.said[0].endswith(b"d" * 320))
        assert speaker.said[0][320:] == b"".join(bytes([number]) * 320 for number in range(76, 101))
        assert caplog.text.count("cam: sound comes faster than it is spoken: some is lost") == 1
        await client.say(6, b"\x01" * 60_000)
        await until(lambda: len(speaker.said[0]) == 320 + 8000 + 8000)


async def test_a_talk_that_the_device_ends_is_logged_and_opened_again_later(
    relay: Relay,
    camera: Camera,
    speaker: Loudspeaker,
    caplog: pytest.LogCaptureFixture,
) -> None:
    relay.limits.talk_retry_s = 0.5
    async with connected(relay) as client:
        await talks(client, VIDEO)
        speaker.broken = TransportError("127.0.0.1:34567: OPTalk: the device ended the talk")
        for _ in range(10):
            await client.say(6, WORD)
            await asyncio.sleep(0.01)
        assert speaker.opened == 1, "not hammered"
        assert caplog.text.count("cam: the talk is over: 127.0.0.1:34567: OPTalk") == 1
        speaker.broken = None
        await asyncio.sleep(0.5)
        await client.say(6, WORD)
        await until(lambda: speaker.said == [b"", WORD])
        await client.packet()


async def test_a_channel_is_for_one_track(relay: Relay, camera: Camera, speaker: Loudspeaker) -> None:
    async with connected(relay) as client:
        assert await set_up(client, VIDEO) == 200
        for channel, expected in (("0-1", 461), ("1-2", 461), ("2-3", 200), ("8-9", 200)):
            transport = f"RTP/AVP/TCP;interleaved={channel}"
            assert (await client.ask("SETUP", TALK, Transport=transport))[0] == expected
        sound = "RTP/AVP/TCP;interleaved=8-9"
        assert (await client.ask("SETUP", "/cam/trackID=1", Transport=sound))[0] == 461
        assert (await client.ask("SETUP", "/cam/trackID=4", Transport=sound))[0] == 404
        assert (await client.ask("PLAY"))[0] == 200
        await client.say(8, WORD)
        await until(lambda: speaker.said == [WORD])


async def test_describing_again_lets_others_talk(relay: Relay, camera: Camera, speaker: Loudspeaker) -> None:
    async with connected(relay) as first, connected(relay) as second:
        assert await set_up(first, TALK) == 200
        assert (await first.ask("DESCRIBE"))[0] == 200
        await talks(second)


@pytest.mark.parametrize("how", ["remove", "close"])
async def test_closing_ends_the_talk_and_who_only_talks(how: str, no_leaks: None) -> None:
    relay, speaker, camera = Relay(), Loudspeaker(), Camera(clip("h264"), audio="pcma")
    await relay.start()
    relay.add("cam", camera.open, open_talk=speaker.open)
    async with connected(relay) as client:
        await talks(client)
        speaker.mute.clear()
        await client.say(6, WORD)
        await asyncio.sleep(0.1)
        await (relay.remove("cam") if how == "remove" else relay.close())
        assert (speaker.now_open, camera.now_open) == (0, 0)
        await client.say(6, WORD)
        assert await client.at_end()
    await relay.close()


async def test_the_device_says_what_the_viewer_said(relay: Relay) -> None:
    """A simulated device echoes what it is told to say."""
    heard = bytearray()
    async with (
        Simulator(videos=["scene:h264"]) as simulator,
        Device(simulator.host, simulator.port) as device,
    ):
        await simulator.prepare_media()

        @asynccontextmanager
        async def open_talk() -> AsyncIterator[object]:
            async with device.talk.open() as talk:

                async def listen() -> None:
                    async for frame in talk:
                        heard.extend(frame.payload)

                listening = asyncio.create_task(listen())
                yield talk
            await listening

        for path in ("main", "sub"):
            relay.add(path, partial(device.monitor.open, 0, "Main"), open_talk=open_talk)
        sound = tone()[:6400]
        async with connected(relay) as client, connected(relay) as other:
            _, _, body = await client.ask("DESCRIBE", "/main", Require=BACKCHANNEL)
            track = body.decode().rpartition("a=control:")[2].strip()
            transport = "RTP/AVP/TCP;unicast;interleaved=6-7"
            assert (await client.ask("SETUP", f"/main/{track}", Transport=transport))[0] == 200
            assert (await client.ask("PLAY", "/main"))[0] == 200
            assert (await other.ask("DESCRIBE", "/sub", Require=BACKCHANNEL))[0] == 200
            assert (await other.ask("SETUP", f"/sub/{track}", Transport=transport))[0] == 453
            started = asyncio.get_running_loop().time()
            for at in range(0, len(sound), 1024):
                await client.say(6, sound[at : at + 1024])
            await until(lambda: len(heard) >= len(sound))
            assert asyncio.get_running_loop().time() - started > 0.6, "as fast as it is spoken"
        await until(lambda: simulator._unit.talk.speaker is None)
    assert heard == sound
