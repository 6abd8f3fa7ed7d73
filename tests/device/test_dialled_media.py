"""Media of devices that dialled in: each stream on a connection that the device opens and claims."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from dvrip_proto import (
    Device,
    FrameKind,
    RegistrationServer,
    RequestError,
    RequestTimeoutError,
    TransportError,
)
from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.wire.body import decode, encode_reply, parse_session
from dvrip_proto.wire.digest import sofia_hash
from dvrip_proto.wire.framer import Frame, pack
from dvrip_proto.wire.ids import MessageId
from dvrip_proto.wire.media import MediaFrame, pack_frame
from tests.device.conftest import PASSWORD
from tests.hostile import Link

HOST = "127.0.0.1"
SECRET = "dial me"
DAY = datetime(2021, 3, 4)
FRAME = pack_frame(
    MediaFrame(kind=FrameKind.I, payload=b"\0\0\0\1\x67" + bytes(400), codec="h264", width=704, height=576)
)


@pytest.fixture
async def server() -> AsyncIterator[RegistrationServer]:
    async with RegistrationServer(HOST, 0, password=SECRET, timeout_s=30, login_s=20) as opened:
        yield opened


async def arrival(server: RegistrationServer) -> Device:
    async with asyncio.timeout(30):
        async for arrived in server.devices():
            return arrived.device
    raise AssertionError("closed")


async def registered(sim: Simulator, server: RegistrationServer) -> Device:
    assert await sim.dial(HOST, server.port, password=SECRET)
    return await arrival(server)


async def test_live_video_of_every_model(sim: Simulator, server: RegistrationServer) -> None:
    device, channel = await registered(sim, server), sim.channels - 1
    async with device.monitor.open(channel, "Extra1") as stream:
        async with asyncio.timeout(30):
            kinds = set()
            while not {FrameKind.I, FrameKind.P} <= kinds:
                kinds.add((await anext(stream)).kind)
        assert sim.monitors[channel, "Extra1"] == 1
        assert sim.connections == 2, "the one it dialled first, and one for the stream"
    assert sim.monitors[channel, "Extra1"] == 0
    assert (await device.system.info()).serial == sim.serial
    await device.close()


@pytest.mark.parametrize("profile", ["nvr"])
async def test_several_streams_at_once(sim: Simulator, server: RegistrationServer) -> None:
    device = await registered(sim, server)
    wishes = [(0, "Extra1"), (1, "Extra1"), (0, "Main"), (2, "Extra1")]

    async def watch(channel: int, stream: str) -> int:
        async with device.monitor.open(channel, stream) as frames, asyncio.timeout(8):
            return (await anext(aiter(frames))).channel

    assert await asyncio.gather(*(watch(*wish) for wish in wishes)) == [0, 1, 0, 2]
    assert sim.monitors_started == dict.fromkeys(wishes, 1)
    await device.close()


async def test_recordings_are_played_and_downloaded(recorder: Simulator, server: RegistrationServer) -> None:
    recorder.archive.add(0, DAY, DAY + timedelta(seconds=10))
    device = await registered(recorder, server)
    (recording,) = [each async for each in device.recordings.search(DAY, DAY + timedelta(hours=1))]
    async with asyncio.timeout(15), device.recordings.download(recording) as download:
        pictures = [frame async for frame in download if frame.kind in (FrameKind.I, FrameKind.P)]
    assert len(pictures) == 250
    async with asyncio.timeout(5), device.recordings.play(recording) as playback:
        assert (await anext(playback)).time == DAY
        await playback.pause()
        await playback.resume()
    assert recorder.playbacks == 0
    await device.close()


@pytest.mark.parametrize("profile", ["ipc"])
async def test_talk(sim: Simulator, server: RegistrationServer) -> None:
    device = await registered(sim, server)
    said, heard = bytes(range(256)) * 5, bytearray()
    async with device.talk.open() as talk:
        await talk.send(said)
        async with asyncio.timeout(30):
            while len(heard) < len(said):
                heard += (await anext(talk)).payload
    assert heard == said
    await device.close()


@pytest.mark.parametrize("profile", ["ipc"])
async def test_what_the_device_refuses(sim: Simulator, server: RegistrationServer) -> None:
    sim.quirks = Quirks(offline_channels=frozenset({0}))
    device = await registered(sim, server)
    with pytest.raises(RequestError) as refusal:
        async with device.monitor.open(0):
            pytest.fail("not reached")
    assert refusal.value.ret == 121
    with pytest.raises(RequestError) as refusal:
        async with device.monitor.open(9):
            pytest.fail("not reached")
    assert refusal.value.ret == 103
    assert not device.closed
    await device.close()


@pytest.mark.parametrize("profile", ["ipc"])
async def test_what_ends_the_session_ends_its_media(sim: Simulator, server: RegistrationServer) -> None:
    device = await registered(sim, server)
    async with device.monitor.open(0) as stream:
        await anext(stream)
        sim.drop_connections()
        with pytest.raises(TransportError):
            async for _ in stream:
                pass
    device = await registered(sim, server)
    async with device.monitor.open(0) as stream:
        await anext(stream)
        async with asyncio.timeout(30):
            await server.close()
        with pytest.raises(TransportError, match="closed"):
            async for _ in stream:
                pass


type Script = Callable[[Link, Frame, int, int], Awaitable[None]]


@contextlib.asynccontextmanager
async def scripted(server: RegistrationServer, script: Script) -> AsyncIterator[Device]:
    """A device that dials and agrees to everything; `script` says what it does about each request."""
    reader, writer = await asyncio.open_connection(HOST, server.port)
    link = Link(reader, writer)
    login = {"ChannelNum": 1, "DeviceID": 7, "DeviceType": "IPC", "EncryptType": "NONE"}
    login |= {"PassWord": sofia_hash(SECRET), "UserName": "admin"}
    await link.send(pack(MessageId.LOGIN, encode_reply(login), version=1))
    session = parse_session(decode((await link.receive()).body)["SessionID"])

    async def serve() -> None:
        with contextlib.suppress(EOFError, ConnectionError):
            while True:
                request = await link.receive()
                await link.reply(request)
                await script(link, request, server.port, session)

    task = asyncio.create_task(serve())
    device = await arrival(server)
    try:
        yield device
    finally:
        await device.close()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        writer.close()


async def dial(
    port: int, message_id: int, session: int, operation: dict[str, Any], text: str = ""
) -> tuple[Link, dict[str, Any]]:
    """Open a connection for media and claim; the connection and what the server answers."""
    reader, writer = await asyncio.open_connection(HOST, port)
    link = Link(reader, writer)
    name = {MessageId.MONITOR_CLAIM: "OPMonitor", MessageId.TALK_CLAIM: "OPTalk"}.get(
        message_id, "OPPlayBack"
    )
    body = {"Name": name, name: operation, "SessionID": text or f"0x{session:x}"}
    await link.send(pack(message_id, encode_reply(body), session=session, sequence=5, version=1))
    answer = await link.receive()
    assert (answer.message_id, answer.header.sequence) == (message_id + 1, 5)
    return link, decode(answer.body)


def operation_of(request: Frame) -> dict[str, Any]:
    body = decode(request.body)
    return dict(body.get(body["Name"], {})) if body.get("Name") else {}


async def test_a_claim_that_says_less_is_understood(server: RegistrationServer) -> None:
    links: list[Link] = []

    async def script(_link: Link, request: Frame, port: int, session: int) -> None:
        operation = operation_of(request)
        if operation.get("Action") == "Request":
            told = {"Action": "Claim", "Parameter": {"Channel": 0, "StreamType": "Main", "TransMode": "TCP"}}
            link, answer = await dial(port, MessageId.MONITOR_CLAIM, session, told)  # as in the paper
            assert (answer["Ret"], parse_session(answer["SessionID"])) == (100, session)
            links.append(link)
        elif operation.get("Action") == "Start":
            await links[0].send(pack(MessageId.MONITOR_DATA, FRAME, session=session, version=1))

    async with scripted(server, script) as device, device.monitor.open() as stream, asyncio.timeout(30):
        assert (await anext(stream)).kind is FrameKind.I


async def test_a_device_that_never_dials_back(server: RegistrationServer) -> None:
    async def script(_link: Link, _request: Frame, _port: int, _session: int) -> None:
        """Agree, and do nothing."""

    async with scripted(server, script) as device:
        device.connection.timeout_s = 0.3
        for opening in (device.monitor.open, device.talk.open):
            with pytest.raises(RequestTimeoutError, match=r"opened no connection .* 0\.3 s") as silence:
                async with opening():
                    pytest.fail("not reached")
            assert str(silence.value).startswith(f"{device.connection.where}: ")
        assert not device.closed
        assert server._awaited == []


async def test_claims_that_nobody_asked_for_are_refused(server: RegistrationServer) -> None:
    refusals: list[Any] = []
    parameter = {"Channel": 0, "CombinMode": "NONE", "StreamType": "Main", "TransMode": "TCP"}

    async def refused(port: int, message_id: int, session: int, text: str = "") -> None:
        link, answer = await dial(
            port, message_id, session, {"Action": "Claim", "Parameter": parameter}, text
        )
        refusals.append(answer["Ret"])
        async with asyncio.timeout(2):
            await link.gone()

    async def script(_link: Link, request: Frame, port: int, session: int) -> None:
        if operation_of(request).get("Action") != "Request":
            return
        await refused(port, MessageId.MONITOR_CLAIM, (session + 1) & 0xFFFFFFFF or 1)
        await refused(port, MessageId.PLAYBACK_CLAIM, session)
        await refused(port, MessageId.MONITOR_CLAIM, 0, "no number")
        await refused(port, MessageId.MONITOR_CLAIM, 0, "0xFFFFFFFFFFFF")
        link, answer = await dial(
            port, MessageId.MONITOR_CLAIM, session, {"Action": "Claim", "Parameter": parameter}
        )
        refusals.append(answer["Ret"])
        await refused(port, MessageId.MONITOR_CLAIM, session)
        await link.send(pack(MessageId.MONITOR_DATA, FRAME, session=session, version=1))

    async with scripted(server, script) as device, asyncio.timeout(5), device.monitor.open() as stream:
        assert (await anext(stream)).kind is FrameKind.I
    assert refusals == [103, 103, 103, 103, 100, 103]
    assert server.refused == 5


async def test_two_that_are_asked_for_are_told_apart(server: RegistrationServer) -> None:
    asked: list[dict[str, Any]] = []
    links: list[Link] = []
    agreed: list[int] = []

    async def script(_link: Link, request: Frame, port: int, session: int) -> None:
        operation = operation_of(request)
        if operation.get("Action") != "Request":
            return
        asked.append(operation["Parameter"])
        if len(asked) < 2:
            return
        wrong = {**asked[0], "Channel": 5}
        for parameter in (wrong, *reversed(asked)):
            link, answer = await dial(
                port, MessageId.MONITOR_CLAIM, session, {"Action": "Claim", "Parameter": parameter}
            )
            agreed.append(answer["Ret"])
            links.append(link)
            channel = parameter["Channel"]
            if answer["Ret"] == 100:
                await link.send(
                    pack(MessageId.MONITOR_DATA, FRAME, session=session, channel=channel, version=1)
                )

    async def watch(device: Device, channel: int) -> int:
        async with device.monitor.open(channel) as stream:
            return (await anext(stream)).channel

    async with scripted(server, script) as device, asyncio.timeout(30):
        assert await asyncio.gather(watch(device, 0), watch(device, 1)) == [0, 1]
    assert agreed == [103, 100, 100]


async def test_who_gives_up_leaves_nothing_behind(server: RegistrationServer) -> None:
    dialled = asyncio.Event()

    async def script(_link: Link, _request: Frame, _port: int, _session: int) -> None:
        dialled.set()

    async with scripted(server, script) as device:
        stream = device.monitor.open()
        opening = asyncio.create_task(stream.__aenter__())
        await dialled.wait()
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        assert server._awaited == []
        assert not device.closed


async def test_a_device_that_leaves_while_it_is_awaited(server: RegistrationServer) -> None:
    async def script(link: Link, _request: Frame, _port: int, _session: int) -> None:
        link.reset()

    async with scripted(server, script) as device, asyncio.timeout(2):
        with pytest.raises(TransportError):
            async with device.monitor.open():
                pytest.fail("not reached")


async def test_a_simulated_device_whose_server_is_gone(server: RegistrationServer) -> None:
    async with Simulator(users={"admin": PASSWORD}) as sim:
        assert await sim.dial(HOST, server.port, password=SECRET)
        await server.close()
        assert not await sim.dial(HOST, server.port, password=SECRET)
