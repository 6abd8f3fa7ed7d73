"""Talking to simulated devices, and to devices that hang up, stay silent or speak nonsense."""

import asyncio
import threading

import pytest

from dvrip_proto import (
    FrameKind,
    ProtocolError,
    RequestError,
    RequestTimeoutError,
    TransportError,
    UsageError,
)
from dvrip_proto.simulator import Quirks
from dvrip_proto.wire.body import decode
from dvrip_proto.wire.framer import pack
from dvrip_proto.wire.ids import MessageId
from dvrip_proto.wire.media import MediaFrame, pack_frame
from tests import hostile
from tests.device.conftest import login
from tests.rogue import Rogue, rogue

SOUND = bytes(range(256)) * 5  # 1280 samples, 4 blocks


def stops(sim):
    return [message_id for message_id, _, _ in sim.requests].count(MessageId.TALK) - 1


async def test_what_is_said_is_heard_in_real_time(sim, device):
    loop = asyncio.get_running_loop()
    heard = bytearray()
    async with device.talk.open() as talk:
        started = loop.time()
        await talk.send(SOUND[:1000])
        await talk.send(SOUND[1000:])
        took = loop.time() - started
        async for frame in talk:
            assert (frame.kind, frame.codec, frame.sample_rate) == (FrameKind.AUDIO, "pcma", 8000)
            heard += frame.payload
            if len(heard) == len(SOUND):
                break
        assert sim._unit.talk.speaker is not None
    assert heard == SOUND
    assert took >= 0.1, "4 blocks of 40 ms, the first one at once"
    assert sim._unit.talk.speaker is None
    assert sim._unit.talk.heard_bytes == 4 * 328
    assert stops(sim) == 1


async def test_small_blocks_and_a_rest_filled_with_silence(device):
    heard = []
    async with device.talk.open(block_bytes=160) as talk:
        await talk.send(SOUND[:200])
        await talk.finish()
        for _ in range(2):
            heard.append((await anext(talk)).payload)
    assert heard == [SOUND[:160], SOUND[160:200] + b"\xd5" * 120]
    assert [frame async for frame in talk] == [], "a closed talk just ends"
    with pytest.raises(TransportError, match="it is closed"):
        await talk.send(SOUND)


async def test_one_talks_at_a_time(sim, device):
    async with login(sim) as other, device.talk.open() as talk:
        with pytest.raises(RequestError, match="somebody else is talking") as refused:
            async with other.talk.open():
                pass
        assert refused.value.ret == 503
        await talk.send(SOUND)
    async with login(sim) as other, other.talk.open():
        pass


async def test_one_talks_at_a_time_on_one_login(sim, device):
    async with device.talk.open() as talk:
        asked = len(sim.requests)
        with pytest.raises(RequestError, match="somebody else is talking") as refused:
            async with device.talk.open():
                pass
        assert refused.value.ret == 503
        assert len(sim.requests) == asked, "the talk that is open must not notice"
        await talk.send(SOUND)
    async with device.talk.open():
        pass


async def test_a_device_that_never_answers_keeps_its_session(sim):
    sim.quirks = Quirks(mute=frozenset({int(MessageId.TALK), int(MessageId.TALK_CLAIM)}))
    async with login(sim, timeout_s=0.5) as device:
        with pytest.raises(RequestTimeoutError):
            async with asyncio.timeout(4), device.talk.open():
                pass
        assert (await device.system.info()).serial
        assert sim._unit.talk.speaker is None


async def test_a_start_that_is_answered_too_late_is_stopped(sim, device):
    sim.quirks = Quirks(late={int(MessageId.TALK): 3.0})
    loop = asyncio.get_running_loop()

    async def talk():
        async with device.talk.open():
            pass

    opening = asyncio.create_task(talk())
    while stops(sim):  # noqa: ASYNC110 - the device is waited for
        await asyncio.sleep(0.01)
    began = loop.time()
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    assert loop.time() - began < 2.5, "whoever gives up does not wait for the device"
    async with asyncio.timeout(10):
        while stops(sim) != 1 or sim._unit.talk.speaker is not None:  # noqa: ASYNC110 - the device is waited for
            await asyncio.sleep(0.05)
    assert not device.connection.closed


async def test_talking_needs_the_right(sim):
    async with login(sim, "viewer", "only looking") as device:
        with pytest.raises(RequestError, match="Talk_01") as refused:
            async with device.talk.open():
                pass
    assert refused.value.ret == 107


async def test_wrong_blocks_are_the_callers_mistake(device):
    with pytest.raises(UsageError, match="160 or 320 bytes, not 100"):
        async with device.talk.open(block_bytes=100):
            pass


async def test_stop_is_sent_whatever_happens(sim, device):
    with pytest.raises(ZeroDivisionError):
        async with device.talk.open():
            raise ZeroDivisionError
    assert stops(sim) == 1

    async def speak():
        async with device.talk.open() as talk:
            await talk.send(SOUND * 100)

    task = asyncio.create_task(speak())
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sim._unit.talk.speaker is None


async def test_words_that_are_given_up_before_the_first_are_left_alone(device, monkeypatch):
    began, goes_on, ended = threading.Event(), threading.Event(), threading.Event()

    def slow(_sound, *, volume):
        try:
            began.set()
            goes_on.wait(30)
            yield bytes(volume)
        finally:
            ended.set()

    monkeypatch.setattr("dvrip_proto.features.talk.alaw_of", slow)
    saying = asyncio.create_task(device.talk.say(b"sound"))
    await asyncio.to_thread(began.wait, 30)
    saying.cancel()
    await asyncio.sleep(0)
    goes_on.set()
    with pytest.raises(asyncio.CancelledError):
        await saying
    assert ended.is_set()


async def test_a_cancelled_start_is_stopped(sim, device):
    sim.quirks = Quirks(late={int(MessageId.TALK): 0.3})
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1), device.talk.open():
            pass
    assert sim._unit.talk.speaker is None
    assert stops(sim) == 1


async def test_a_device_that_falls_ends_the_talk(sim, device):
    async def listen(talk):
        async for _ in talk:
            pass

    async with device.talk.open() as talk:
        listener = asyncio.create_task(listen(talk))
        await talk.send(SOUND)
        sim.drop_connections()
        with pytest.raises(TransportError):
            await listener
        with pytest.raises(TransportError):
            await talk.send(SOUND)


def talking(claim=100, start=100, then=None):
    """A device with these answers, None for silence, that sends `then` on the claimed socket."""

    async def script(link):
        first = await link.receive()
        if first.message_id == MessageId.TALK_CLAIM:
            if claim is not None:
                await link.reply(first, claim)
            if then is not None:
                await link.send(then)
            return await link.gone()
        link._frames.appendleft(first)
        await link.accept_login()
        while True:
            frame = await link.receive()
            starts = decode(frame.body).get("OPTalk", {}).get("Action") == "Start"
            if start is not None or not starts:
                await link.reply(frame, start if starts else 100)

    return hostile.peer(script)


def sound(body, end=0):
    return pack(MessageId.TALK_DEVICE_DATA, body, session=hostile.SESSION, end=end, version=1)


@pytest.mark.parametrize(
    ("device", "error"),
    [
        ({"claim": None, "start": None}, RequestTimeoutError),
        ({"claim": 103}, RequestError),
        ({"start": 504}, RequestError),
        ({"start": 105}, TransportError),
    ],
)
async def test_devices_that_do_not_open(device, error):
    async with talking(**device) as (host, port), login(Address(host, port), timeout_s=0.5) as opened:
        with pytest.raises(error) as failed:
            async with asyncio.timeout(4), opened.talk.open():
                pass
    assert type(failed.value) is error
    assert str(failed.value).startswith(f"{host}:{port}: ")


@pytest.mark.parametrize("device", [{"claim": None}, {"start": None}])
async def test_one_answer_is_enough(device, monkeypatch):
    """xmeye-control and avlija wait for no answer to the start: the sound is heard all the same."""
    monkeypatch.setattr("dvrip_proto.features.talk._START_S", 0.1)
    async with talking(**device) as (host, port), login(Address(host, port), timeout_s=2) as opened:
        async with asyncio.timeout(8), opened.talk.open() as talk:
            await talk.send(SOUND[:640])
        assert not opened.connection.closed


async def test_who_answers_no_start_is_not_waited_for_at_the_stop(monkeypatch):
    monkeypatch.setattr("dvrip_proto.features.talk._START_S", 0.05)
    monkeypatch.setattr("dvrip_proto.features.talk._STOP_S", 60)
    async with (
        talking(start=None) as (host, port),
        login(Address(host, port), timeout_s=60) as opened,
        asyncio.timeout(20),  # not the minute that it might have
    ):
        async with opened.talk.open() as talk:
            await talk.send(SOUND[:640])
        assert not opened.connection.closed


async def test_a_sound_is_answer_enough():
    spoken = sound(b"\0\0\1\xfa\x0e\x02\x40\x01" + bytes(320))
    async with (
        talking(claim=None, start=None, then=spoken) as (host, port),
        login(Address(host, port), timeout_s=2) as opened,
        asyncio.timeout(8),
        opened.talk.open() as talk,
    ):
        assert (await anext(talk)).codec == "pcma"


async def test_a_refusal_that_comes_late_ends_the_talk(monkeypatch):
    monkeypatch.setattr("dvrip_proto.features.talk._START_S", 0.05)

    async def script(link):
        first = await link.receive()
        if first.message_id == MessageId.TALK_CLAIM:
            await link.reply(first)
            return await link.gone()
        link._frames.appendleft(first)
        await link.accept_login()
        while True:
            frame = await link.receive()
            if decode(frame.body).get("OPTalk", {}).get("Action") == "Start":
                await asyncio.sleep(0.2)
                await link.reply(frame, 503)
            else:
                await link.reply(frame)

    async def talk_on(opened):
        async with asyncio.timeout(8), opened.talk.open() as talk:
            while True:
                await talk.send(SOUND[:320])

    async with hostile.peer(script) as (host, port), login(Address(host, port), timeout_s=2) as opened:
        with pytest.raises(RequestError, match="somebody else is talking"):
            await talk_on(opened)


@pytest.mark.parametrize(
    ("then", "error"),
    [
        (sound(b"", end=1), TransportError),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", ProtocolError),
        (sound(b"noise" * 100) + sound(b"", end=1), TransportError),
        (sound(b"\0\0\1\xfa\x0e\x02\xff\xff" + b"x" * 10) + sound(b"", end=1), TransportError),
    ],
    ids=["end", "http", "noise", "half a frame"],
)
async def test_devices_that_say_something_else(then, error):
    async with (
        talking(then=then) as (host, port),
        login(Address(host, port), timeout_s=0.5) as opened,
        asyncio.timeout(4),
        opened.talk.open() as talk,
    ):
        with pytest.raises(error):
            await anext(talk)


async def test_a_device_that_takes_no_sound_ends_the_talk():
    async def script(link):
        first = await link.receive()
        if first.message_id == MessageId.TALK_CLAIM:
            await link.reply(first)
            link.writer.transport.pause_reading()
            await asyncio.sleep(10)
        link._frames.appendleft(first)
        await link.accept_login()
        await link.serve()

    async def fill(talk):  # as an hour of talking does
        while True:
            talk._media.tell(MessageId.TALK_CLIENT_DATA, bytes(64 * 1024))
            await asyncio.sleep(0)

    full = "the device takes no more"
    async with hostile.peer(script) as (host, port), login(Address(host, port), timeout_s=2) as opened:
        talking = opened.talk.open()
        talk = await talking.__aenter__()
        await talk.send(SOUND)
        with pytest.raises(TransportError, match=full):
            await fill(talk)
        with pytest.raises(TransportError, match=full) as broken:
            await talk.send(SOUND)
        with pytest.raises(TransportError, match=full):
            await anext(talk)
        async with asyncio.timeout(5):
            assert not await talking.__aexit__(type(broken.value), broken.value, None)
        assert (await opened.connection.request(MessageId.SYSINFO, "SystemInfo")).ret == 100


class Address:
    def __init__(self, host, port):
        self.host, self.port = host, port


@pytest.mark.parametrize(
    ("block", "every_s", "error"),
    [
        (b"\0\0\1\xba" + bytes(2000), 0.01, RequestTimeoutError),
        (b"\0\0\1\xfa\x0e\x02\0\0", 0.01, RequestTimeoutError),
        (bytes(64 * 1024), 0, ProtocolError),
    ],
)
async def test_bytes_that_never_make_a_frame_end_the_talk(block, every_s, error):
    async def feed(link):
        sound = MediaFrame(kind=FrameKind.AUDIO, payload=bytes(320), codec="pcma", sample_rate=8000)
        await link.send(pack(MessageId.TALK_DEVICE_DATA, pack_frame(sound)))
        await asyncio.sleep(0.6)  # silence is no fault: a device need not hear anything
        while True:
            await link.send(pack(MessageId.TALK_DEVICE_DATA, block))
            await asyncio.sleep(every_s)

    async with rogue(Rogue(feed=feed), timeout_s=20) as client:
        await client.open()
        client.connection.timeout_s = 0.5 if every_s else 60
        async with asyncio.timeout(20), client.talk.open() as talk:
            assert (await anext(talk)).payload == bytes(320)
            with pytest.raises(error):
                await anext(talk)
