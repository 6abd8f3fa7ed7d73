"""Devices that dial us, and peers that only say so."""

import asyncio
import contextlib
import json
import random
import struct

import pytest

from dvrip_proto import Firmware, RegistrationServer, TransportError, UnsupportedError, UsageError
from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.wire.body import decode
from dvrip_proto.wire.digest import sofia_hash
from dvrip_proto.wire.framer import pack
from dvrip_proto.wire.ids import MessageId
from tests import hostile
from tests.device.conftest import PASSWORD
from tests.device.firmware_file import write

HOST = "127.0.0.1"
SECRET = "dial me"
LOGIN = {
    "ChannelNum": 16,
    "DeviceID": 123456,
    "DeviceType": "DVR",
    "EncryptType": "NONE",
    "PassWord": sofia_hash(SECRET),
    "UserName": "admin",
}


@pytest.fixture
async def server():
    async with RegistrationServer(
        HOST, 0, password=SECRET, timeout_s=2, login_s=0.6, strangers_max=10
    ) as opened:
        yield opened


async def arrival(server, timeout_s=3):
    async with asyncio.timeout(timeout_s):
        async for device in server.devices():
            return device
    raise AssertionError("closed")


async def test_a_device_dials_and_is_asked_as_always(sim, server):
    assert await sim.dial(HOST, server.port, password=SECRET)
    arrived = await arrival(server)
    assert (arrived.device_id, arrived.channels, arrived.host) == (sim.serial, sim.channels, HOST)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(arrived.device.close)
        info = await arrived.device.system.info()
        assert info.serial == sim.serial
        await arrived.device.settings.ensure("General.General", {"LocalNo": 5})
        assert sim.state.config["General.General"]["LocalNo"] == 5
        await arrived.device.alarms.arm()
        events = arrived.device.alarms.events()
        waiting = asyncio.create_task(anext(events))
        await asyncio.sleep(0)
        sim.raise_alarm()
        assert (await waiting).channel == 0
        await events.aclose()
    assert arrived.device.closed


async def test_keep_alives_go_to_the_device(sim):
    async with RegistrationServer(HOST, 0, password=SECRET, alive_s=0.3) as server:
        assert await sim.dial(HOST, server.port, password=SECRET)
        arrived = await arrival(server)
        await asyncio.sleep(0.8)
        assert not arrived.device.closed
        assert MessageId.KEEPALIVE in [message_id for message_id, _, _ in sim.requests]
        sim.drop_connections()
        assert isinstance(await arrived.device.wait_closed(), TransportError)


async def test_a_wrong_password_is_refused(sim, server):
    assert not await sim.dial(HOST, server.port, password="wrong")
    assert not await sim.dial(HOST, server.port, user="other", password=SECRET)
    assert server.refused == 2


async def test_the_simulator_stays_on_loopback(sim):
    with pytest.raises(UsageError, match="loopback only"):
        await sim.dial("192.0.2.1", 15000, password="x")


async def dial(server, data):
    reader, writer = await asyncio.open_connection(HOST, server.port)
    writer.write(data)
    return reader, writer


def login(**changes):
    return pack(MessageId.LOGIN, json.dumps(LOGIN | changes).encode() + b"\n\0", version=1)


@pytest.mark.parametrize(
    ("changes", "ret"),
    [
        ({}, 100),
        ({"PassWord": SECRET}, 100),
        ({"PassWord": SECRET, "EncryptType": "MD5"}, 203),
        ({"EncryptType": "MD5"}, 100),
        ({"PassWord": None}, 203),
        ({"PassWord": ["x"]}, 203),
        ({"UserName": "x"}, 203),
        ({"UserName": "ädmin"}, 203),
        ({"UserName": "\ud800", "PassWord": "\ud800"}, 203),
        ({"PassWord": "x" * 3000}, 203),
        ({"ChannelNum": "many", "DeviceID": {"a": 1}, "DeviceType": 7}, 100),
    ],
)
async def test_logins_in_every_spelling(server, changes, ret):
    reader, writer = await dial(server, login(**changes))
    async with asyncio.timeout(2):
        head = await reader.readexactly(20)
        body = decode(await reader.readexactly(struct.unpack_from("<I", head, 16)[0]))
    assert (struct.unpack_from("<H", head, 14)[0], body["Name"], body["Ret"]) == (1001, "Login", ret)
    if ret == 100:
        assert (await arrival(server)).device.login_reply.session == int(body["SessionID"], 16) != 0
    else:
        assert await reader.read() == b""
    writer.close()


HOSTILE = {
    "garbage": random.Random(2).randbytes(3000),
    "http": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "huge": struct.pack("<BBBBIIBBHI", 255, 1, 0, 0, 0, 0, 0, 0, MessageId.LOGIN, 0xFFFFFFFF),
    "half": login()[:50],
    "a byte": b"\xff",
    "nothing": b"",
    "no JSON": pack(MessageId.LOGIN, b"{ what"),
    "a list": pack(MessageId.LOGIN, b"[1]"),
    "deep": pack(MessageId.LOGIN, b"[" * 4000),
    "another message": pack(MessageId.SYSINFO, b"{}"),
    "more than a login": login() + login(),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
async def test_peers_that_are_no_devices_are_dropped(server, data):
    reader, writer = await dial(server, data)
    async with asyncio.timeout(3):
        with contextlib.suppress(ConnectionError):
            assert await reader.read() == b""
    writer.close()
    async with Simulator(users={"admin": PASSWORD}) as sim:
        assert await sim.dial(HOST, server.port, password=SECRET)
        await (await arrival(server)).device.close()


async def test_too_many_strangers_drop_the_oldest(server):
    links = [await dial(server, b"") for _ in range(15)]
    await asyncio.sleep(0.1)
    assert len(server._strangers) == 10
    assert server.refused == 5
    for _, writer in links:
        writer.close()


async def test_a_device_that_falls_silent_afterwards(server):
    async with Simulator(users={"admin": PASSWORD}) as sim:
        assert await sim.dial(HOST, server.port, password=SECRET)
        device = (await arrival(server)).device
        sim.quirks = Quirks(mute=frozenset({int(MessageId.SYSINFO)}))
        with pytest.raises(TransportError, match="no reply"):
            await device.system.info()


async def test_closing_ends_everything(sim, server):
    assert await sim.dial(HOST, server.port, password=SECRET)
    device = (await arrival(server)).device
    waiting = asyncio.create_task(arrival(server))
    await asyncio.sleep(0)
    await server.close()
    await server.close()
    assert device.closed
    with pytest.raises(AssertionError, match="closed"):
        await waiting


async def test_an_address_that_is_taken(server):
    with pytest.raises(UsageError, match="listens already"):
        await server.start()
    with pytest.raises(TransportError, match="cannot listen"):
        await RegistrationServer(HOST, server.port, password="x").start()


async def test_a_server_that_says_nothing_or_nonsense_to_a_device(sim):
    async with hostile.http() as (host, port):
        assert not await sim.dial(host, port, password="x")
    async with hostile.closes_at_once() as (host, port):
        assert not await sim.dial(host, port, password="x")


async def test_what_a_fresh_login_must_prove_is_not_begun(sim, server, tmp_path):
    assert await sim.dial(HOST, server.port, password=SECRET)
    device = (await arrival(server)).device
    before = len(sim.requests)
    with pytest.raises(UnsupportedError, match="has dialled in"):
        await device.users.set_password("admin", "new horse")
    with pytest.raises(UnsupportedError, match="has dialled in"):
        await device.upgrade.install(Firmware.read(write(tmp_path)))
    sent = {message_id for message_id, _, _ in list(sim.requests)[before:]}
    assert not sent & {MessageId.PASSWORD_MODIFY, MessageId.USER_MODIFY, MessageId.UPGRADE}
    await device.close()
