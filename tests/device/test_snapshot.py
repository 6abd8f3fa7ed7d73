import asyncio

import pytest

from dvrip_proto import (
    Device,
    FrameKind,
    MediaFrame,
    ProtocolError,
    RequestError,
    RequestTimeoutError,
    TransportError,
    UnsupportedError,
    UsageError,
    take_picture,
)
from dvrip_proto.simulator import Simulator
from dvrip_proto.wire.framer import pack
from dvrip_proto.wire.ids import MessageId
from dvrip_proto.wire.media import pack_frame
from tests import hostile
from tests.device.conftest import login, scripted

PICTURE = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40 + b"\xff\xd9"


def sending(*bodies, pause_s=0.0):
    """A device that answers a request for a picture with these messages."""

    async def answer(link, message_id, body):
        if message_id != MessageId.SNAPSHOT:
            return {}
        for part in bodies:
            await link.send(pack(MessageId.SNAPSHOT_REPLY, part, session=11, version=1))
            await asyncio.sleep(pause_s)
        return None

    return answer


async def test_pictures_of_every_model(sim):
    async with login(sim, timeout_s=1) as device:
        if sim.profile == "nvr":
            for _ in range(2):
                with pytest.raises(UnsupportedError, match="OPSNAP: .* its SnapStream is off"):
                    await device.snapshot.take(sim.channels - 1)
            asked = [(message_id, name) for message_id, name, _user in sim.requests]
            assert MessageId.SNAPSHOT not in dict(asked)  # it would leave that unanswered
            assert asked.count((MessageId.ABILITY_GET, "SystemFunction")) == 1
        else:
            picture = await device.snapshot.take(sim.channels - 1)
            assert picture.startswith(b"\xff\xd8")
            assert picture.endswith(b"\xff\xd9")
        assert not device.closed


async def test_a_recorder_without_snapshots_gives_a_key_frame_at_once():
    async with (
        Simulator(profile="nvr", channels=1, videos=["scene:h264"]) as sim,
        Device(sim.host, sim.port) as device,
    ):
        await sim.prepare_media()
        picture = await take_picture(device)
        assert picture.startswith(b"\xff\xd8")
        assert MessageId.SNAPSHOT not in {message_id for message_id, _name, _user in sim.requests}
        assert not device.closed


@pytest.mark.parametrize(
    "ability",
    [
        {"SystemFunction": {"EncodeFunction": {"SnapStream": True}}},
        {"SystemFunction": {"EncodeFunction": {}}},
        {"SystemFunction": "none"},
        {"ret": 103},
        None,
    ],
)
async def test_only_a_clear_no_keeps_a_device_from_being_asked(ability):
    async def answer(link, message_id, body):
        if message_id == MessageId.ABILITY_GET:
            return ability
        return await sending(PICTURE)(link, message_id, body)

    async with scripted(answer, timeout_s=0.3) as device:
        assert await device.snapshot.take() == PICTURE


async def test_a_connection_that_breaks_while_it_is_asked():
    async def answer(link, message_id, body):
        link.writer.transport.abort()

    async with scripted(answer) as device:
        with pytest.raises(TransportError):
            await device.snapshot.take()
        with pytest.raises(TransportError):
            await device.snapshot.take()


@pytest.mark.parametrize(
    "bodies",
    [
        [PICTURE],
        [PICTURE + b"\0\0"],
        [PICTURE + b"\r\n"],
        [PICTURE + b"\xff" * 16 + b"\n\0"],
        [len(PICTURE).to_bytes(4, "little") + PICTURE],
        [b"Content-Type: image/jpeg\r\n\r\n" + PICTURE[:5000], PICTURE[5000:]],
        [PICTURE[:4000], PICTURE[4000:8000], PICTURE[8000:]],
        [b'{ "Name" : "OPSNAP", "Ret" : 100, "SessionID" : "0xb" }\n\0', PICTURE],
        [pack_frame(MediaFrame(kind=FrameKind.JPEG, payload=PICTURE, codec="jpeg", width=352, height=288))],
    ],
)
@pytest.mark.parametrize("pause_s", [0.0, 0.05])
async def test_pictures_in_every_wrapping(bodies, pause_s):
    async with scripted(sending(*bodies, pause_s=pause_s)) as device:
        assert await device.snapshot.take() == PICTURE
        assert await device.snapshot.take() == PICTURE


async def test_a_frame_in_several_messages():
    frame = pack_frame(MediaFrame(kind=FrameKind.JPEG, payload=PICTURE, codec="jpeg", width=352, height=288))
    async with scripted(sending(frame[:10], frame[10:5000], frame[5000:])) as device:
        assert await device.snapshot.take() == PICTURE


@pytest.mark.parametrize("ret", [101, 102, 103])
async def test_devices_without_pictures(ret):
    async def answer(link, message_id, body):
        return {"ret": ret} if message_id == MessageId.SNAPSHOT else {}

    async with scripted(answer) as device:
        with pytest.raises(UnsupportedError, match="OPSNAP") as refusal:
            await device.snapshot.take()
    assert refusal.value.ret == ret


async def test_a_device_that_failed_this_time():
    async def answer(link, message_id, body):
        return {"ret": 108} if message_id == MessageId.SNAPSHOT else {}

    async with scripted(answer) as device:
        for _ in range(2):
            with pytest.raises(RequestError) as refusal:
                await device.snapshot.take()
            assert not isinstance(refusal.value, UnsupportedError)
            assert refusal.value.ret == 108
            assert "a channel without a camera" in str(refusal.value)


async def test_silence_leaves_the_connection_alone_and_is_not_repeated():
    asked = 0

    async def answer(link, message_id, body):
        nonlocal asked
        asked += message_id == MessageId.SNAPSHOT
        return None if message_id == MessageId.SNAPSHOT else {"SystemInfo": {}}

    async with scripted(answer, timeout_s=0.2) as device:
        with pytest.raises(RequestTimeoutError):
            await device.snapshot.take()
        with pytest.raises(UnsupportedError, match="left the last request without an answer"):
            await device.snapshot.take()
        await device.system.info()
        assert not device.closed
    assert asked == 1


async def test_a_late_picture_answers_nobody_and_ends_the_pause():
    late = asyncio.Event()
    first = True

    async def answer(link, message_id, body):
        nonlocal first
        if message_id == MessageId.SNAPSHOT and first:
            first = False
            return None
        if message_id == MessageId.SYSINFO:
            await link.send(pack(MessageId.SNAPSHOT_REPLY, b"\xff\xd8late\xff\xd9", session=11, version=1))
            late.set()
            return {"SystemInfo": {}}
        return await sending(PICTURE)(link, message_id, body)

    async with scripted(answer, timeout_s=0.2) as device:
        with pytest.raises(RequestTimeoutError):
            await device.snapshot.take()
        await device.system.info()
        await late.wait()
        assert await device.snapshot.take() == PICTURE


async def test_a_picture_that_breaks_off():
    async with scripted(sending(PICTURE[:3000]), timeout_s=0.3) as device:
        with pytest.raises(RequestTimeoutError, match="broke off after 3000 bytes"):
            await device.snapshot.take()


@pytest.mark.parametrize("bodies", [[b"<html>no picture</html>", b""], [PICTURE[:-2], b""]])
async def test_bytes_that_are_no_picture(bodies):
    async with scripted(sending(*bodies)) as device:
        with pytest.raises(ProtocolError, match="that are no picture"):
            await device.snapshot.take()


@pytest.mark.parametrize("at", [1, 3000, len(PICTURE) - 1])
async def test_a_part_of_no_bytes_may_lie_between(at):
    async with scripted(sending(PICTURE[:at], b"", PICTURE[at:])) as device:
        assert await device.snapshot.take() == PICTURE


async def test_endless_bytes_are_cut_off():
    async with scripted(sending(*[b"\xff\xd8" + bytes(8000)] * 4)) as device:
        device.snapshot.max_bytes = 20_000
        with pytest.raises(ProtocolError, match="no picture in"):
            await device.snapshot.take()


async def test_pictures_are_taken_one_at_a_time():
    at_once = peak = 0

    async def answer(link, message_id, body):
        nonlocal at_once, peak
        if message_id == MessageId.SNAPSHOT:
            at_once += 1
            peak = max(peak, at_once)
            await asyncio.sleep(0.02)
            at_once -= 1
        return await sending(PICTURE)(link, message_id, body)

    async with scripted(answer) as device:
        assert await asyncio.gather(*(device.snapshot.take(channel) for channel in range(4))) == [PICTURE] * 4
    assert peak == 1


async def test_a_cancelled_picture_does_not_answer_the_next():
    async def answer(link, message_id, body):
        if message_id != MessageId.SNAPSHOT:
            return {}
        await asyncio.sleep(0.2)
        picture = b"\xff\xd8channel%d\xff\xd9" % body["OPSNAP"]["Channel"]
        await link.send(pack(MessageId.SNAPSHOT_REPLY, picture, session=11, version=1))
        return None

    async with scripted(answer) as device:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(device.snapshot.take(1), 0.05)
        assert await device.snapshot.take(2) == b"\xff\xd8channel2\xff\xd9"


async def test_the_rest_of_a_cancelled_picture_does_not_join_the_next():
    async def answer(link, message_id, body):
        if message_id != MessageId.SNAPSHOT:
            return {}
        for part in (b"\xff\xd8channel%d" % body["OPSNAP"]["Channel"], b"middle", b"end\xff\xd9"):
            await link.send(pack(MessageId.SNAPSHOT_REPLY, part, session=11, version=1))
            await asyncio.sleep(0.1)
        return None

    async with scripted(answer) as device:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(device.snapshot.take(1), 0.05)
        assert await device.snapshot.take(2) == b"\xff\xd8channel2middleend\xff\xd9"


async def test_closing_ends_a_picture_nobody_waits_for():
    before = asyncio.all_tasks()
    async with hostile.answers_login_only() as (host, port), Device(host, port, timeout_s=5) as device:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(device.snapshot.take(), 0.05)
        await device.connection.close()
        await asyncio.sleep(0)
        assert not [task for task in asyncio.all_tasks() - before if "_take" in repr(task)]


async def test_channels_count_from_0(device):
    with pytest.raises(UsageError):
        await device.snapshot.take(-1)
