"""Whoever has not shown who he is cannot keep out, or throw out, those who have."""

from __future__ import annotations

import asyncio
import contextlib
import time
from base64 import b64encode

import pytest

from dvrip_proto import AlarmCentre, RegistrationServer, UsageError
from dvrip_proto.relay import Limits, Relay
from dvrip_proto.servers.crowd import Crowd, peer_of
from dvrip_proto.simulator import Simulator
from dvrip_proto.wire.body import encode_reply
from dvrip_proto.wire.framer import pack
from dvrip_proto.wire.ids import MessageId
from tests.attacks.mob import mob
from tests.relay.camera import Camera
from tests.relay.client import Client, connected

NEIGHBOUR = ("127.0.0.66",)
STREET = tuple(f"127.0.1.{number}" for number in range(1, 101))
REPORT = {"Channel": 0, "Event": "MotionDetect", "SerialID": "00aa", "Status": "Start", "Type": "Alarm"}


def report(serial: str) -> bytes:
    return pack(MessageId.ALARM_CENTRE, encode_reply(REPORT | {"SerialID": serial}), version=1)


async def closed(reader: asyncio.StreamReader, within_s: float = 5.0) -> bool:
    try:
        async with asyncio.timeout(within_s):
            with contextlib.suppress(ConnectionError):
                while await reader.read(4096):
                    pass
    except TimeoutError:
        return False
    return True


@pytest.fixture
async def relay():
    async with Relay() as opened:
        opened.add("cam", Camera(None).open)
        yield opened


@pytest.mark.parametrize("hosts", [("127.0.0.1",), NEIGHBOUR, STREET], ids=["own", "neighbour", "street"])
@pytest.mark.parametrize(
    "greeting", [b"", b"OPTIONS rtsp://h/cam RTSP/1.0\r\nCSeq: 1\r\n"], ids=["silent", "slow"]
)
async def test_three_hundred_strangers_at_the_relay_keep_no_owner_out(relay, hosts, greeting):
    async with connected(relay) as viewer:
        assert (await viewer.ask("OPTIONS"))[0] == 200
        async with mob(relay.port, 300, hosts=hosts, greeting=greeting) as strangers:
            served = 0
            for _ in range(25):
                async with connected(relay) as owner:
                    served += (await owner.ask("OPTIONS"))[0] == 200
            assert served == 25
            assert strangers.dialled > 300
            assert len(relay._strangers) <= 64
        assert (await viewer.ask("OPTIONS"))[0] == 200


async def test_readers_that_come_all_at_once_from_one_machine_are_all_served(relay):
    """A dashboard opens every camera at the same moment, and its process may be slow to ask."""
    opened = [await asyncio.open_connection("127.0.0.1", relay.port) for _ in range(48)]
    await asyncio.sleep(0.3)
    clients = [Client(relay.port, relay._token, *streams) for streams in opened]
    assert [(await client.ask("OPTIONS"))[0] for client in clients] == [200] * 48
    for client in clients:
        client.writer.close()


async def test_a_peer_that_stays_silent_keeps_few_places(relay):
    opened = [await asyncio.open_connection("127.0.0.1", relay.port) for _ in range(40)]
    await asyncio.sleep(1.2)
    for _ in range(2):
        opened.append(await asyncio.open_connection("127.0.0.1", relay.port))
    await asyncio.sleep(0.1)
    assert len(relay._strangers) <= 10
    for _, writer in opened:
        writer.close()


async def test_questions_without_the_token_do_not_buy_time():
    async with Relay(limits=Limits(stranger_s=0.5)) as relay, connected(relay) as stranger:
        stranger.authorization = ""
        for _ in range(3):
            assert (await stranger.ask("OPTIONS"))[0] == 401
        started = time.monotonic()
        assert await closed(stranger.reader)
        assert time.monotonic() - started < 5


async def test_a_wrong_token_costs_time(relay):
    async with connected(relay) as guesser:
        guesser.authorization = "Basic " + b64encode(b"dvrip:1234").decode()
        started = time.monotonic()
        assert (await guesser.ask("OPTIONS"))[0] == 401
        assert time.monotonic() - started >= 0.45


@pytest.mark.parametrize("token", ["", "1234", "fifteen-letters"])
async def test_a_token_that_can_be_guessed_is_refused(token):
    with pytest.raises(UsageError, match="at least 16 characters"):
        Relay(token=token)


@pytest.mark.parametrize("place", [b"Require: a\rSet-Cookie: b", b"User-Agent: a\rb", b"X: a\r\r"])
async def test_a_lone_carriage_return_in_a_header_is_refused_and_not_echoed(relay, place):
    async with connected(relay) as client:
        head = f"OPTIONS rtsp://h/cam RTSP/1.0\r\nCSeq: 1\r\nAuthorization: {client.authorization}\r\n"
        await client.send(head.encode() + place + b"\r\n\r\n")
        status, headers, _ = await client.answer()
        assert status == 400
        assert "Set-Cookie" not in str(headers)


@pytest.mark.parametrize("hosts", [NEIGHBOUR, STREET], ids=["neighbour", "street"])
@pytest.mark.parametrize("greeting", [b"", b"\xff\x01\x00\x00"], ids=["silent", "slow"])
async def test_six_hundred_strangers_at_the_alarm_centre_throw_no_device_out(hosts, greeting):
    async with AlarmCentre("127.0.0.1", 0) as centre:
        heard: list[str] = []
        centre.subscribe(lambda each: heard.append(each.serial))
        known = [await asyncio.open_connection("127.0.0.1", centre.port) for _ in range(10)]
        for number, (_, writer) in enumerate(known):
            writer.write(report(f"known{number}"))
        async with asyncio.timeout(10):
            while len(heard) < 10:  # noqa: ASYNC110 - the centre is waited for
                await asyncio.sleep(0.01)
        async with mob(centre.port, 600, hosts=hosts, greeting=greeting):
            for number, (_, writer) in enumerate(known):
                writer.write(report(f"again{number}"))
            for number in range(10):
                reader, writer = await asyncio.open_connection("127.0.0.1", centre.port)
                writer.write(report(f"new{number}"))
                known.append((reader, writer))
            async with asyncio.timeout(20):
                while len(heard) < 30:  # noqa: ASYNC110 - the centre is waited for
                    await asyncio.sleep(0.01)
            assert not any(reader.at_eof() for reader, _ in known)
            assert len(centre._strangers) <= 256
        for _, writer in known:
            writer.close()


async def test_strangers_that_report_throw_out_their_own_and_nobody_else():
    async with AlarmCentre("127.0.0.1", 0, connections_max=64, peer_max=8) as centre:
        heard: list[str] = []
        centre.subscribe(lambda each: heard.append(each.serial))
        reader, writer = await asyncio.open_connection("127.0.0.1", centre.port)
        writer.write(report("device"))
        async with asyncio.timeout(10):
            while not heard:  # noqa: ASYNC110 - the centre is waited for
                await asyncio.sleep(0.01)
        async with mob(centre.port, 100, hosts=NEIGHBOUR, greeting=report("liar")):
            await asyncio.sleep(0.5)
            assert len(centre._reporters) <= 9
            writer.write(report("device again"))
            async with asyncio.timeout(10):
                while "device again" not in heard:  # noqa: ASYNC110 - the centre is waited for
                    await asyncio.sleep(0.01)
        assert not reader.at_eof()
        writer.close()


@pytest.mark.parametrize("hosts", [("127.0.0.1",), STREET], ids=["own", "street"])
async def test_three_hundred_strangers_at_the_registration_server_keep_no_device_out(hosts):
    async with (
        Simulator(users={"admin": "right"}) as sim,
        RegistrationServer("127.0.0.1", 0, password="right") as server,
        mob(server.port, 300, hosts=hosts),
    ):
        assert await sim.dial("127.0.0.1", server.port, password="right")
        async with asyncio.timeout(10):
            arrived = await anext(server.devices())
        assert (await arrived.device.system.info()).serial == sim.serial
        await arrived.device.close()


def test_of_two_peers_the_one_with_more_gives_up_the_place():
    crowd: Crowd[str] = Crowd(3, 2)
    crowd.put("owner", "10.0.0.1", 0.0)
    crowd.put("first", "10.0.0.2", 1.0)
    crowd.put("second", "10.0.0.2", 2.0)
    assert crowd.full
    assert crowd.first_to_go() == ("first", 1.0)
    crowd.put("third", "10.0.0.2", 3.0)
    assert crowd.beyond("10.0.0.2", 3.0, 1.0) == ["first"]
    assert crowd.beyond("10.0.0.2", 3.0, 3.0) == []
    assert crowd.beyond("10.0.0.1", 9.0, 0.0) == []
    crowd.remove("first")
    crowd.remove("nobody")
    assert list(crowd) == ["owner", "second", "third"]


def test_a_host_of_ipv6_is_one_peer_however_many_addresses_it_takes():
    assert peer_of(("2001:db8:1:2::5", 1, 0, 0)) == peer_of(("2001:db8:1:2:ffff::9", 2, 0, 0))
    assert peer_of(("2001:db8:1:3::5", 1, 0, 0)) != peer_of(("2001:db8:1:2::5", 1, 0, 0))
    assert peer_of(("::ffff:192.0.2.7", 1, 0, 0)) == "192.0.2.7"
    assert peer_of(("fe80::1%eth0", 1, 0, 2)) != peer_of(("fe80::2%eth0", 1, 0, 2))
    assert peer_of(("192.0.2.7", 1)) == "192.0.2.7"
    assert peer_of(None) == ""
