"""Another address for a device, told by broadcast."""

import asyncio
import contextlib
import socket

import pytest

from dvrip_proto import (
    AuthenticationError,
    Discovered,
    RequestError,
    RequestTimeoutError,
    UsageError,
    discover,
    set_address,
    sofia_hash,
)
from dvrip_proto.simulator import Simulator
from dvrip_proto.wire.body import decode, encode_reply
from dvrip_proto.wire.framer import pack
from dvrip_proto.wire.ids import MessageId
from dvrip_proto.wire.probe import address_answer, address_request

BROADCAST = "127.255.255.255"
PASSWORD = "correct horse"
WANTED = {"host": "10.1.2.3", "netmask": "255.255.255.0", "gateway": "10.1.2.1"}
FOUND = Discovered.from_wire("127.0.0.1", {"MAC": "00-12-34-56-78-9A", "TCPPort": 34600})


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


@pytest.fixture
async def cameras():
    """Two cameras of one network, and their discovery port."""
    port = free_port()
    users = {"admin": PASSWORD}
    async with (
        Simulator(bind="127.0.0.11", discovery_port=port, users=users) as first,
        Simulator(bind="127.0.0.12", discovery_port=port, users=users) as second,
    ):
        yield first, second, port


async def find(sim, port):
    async for found in discover(targets=(BROADCAST,), port=port, timeout_s=2):
        if found.serial == sim.serial:
            return found
    raise AssertionError("not found")


def change(device, port, **options):
    return set_address(
        device,
        targets=(BROADCAST,),
        port=port,
        **{**WANTED, "password": PASSWORD, "timeout_s": 1.5, **options},
    )


async def test_the_one_that_is_meant_takes_the_address(cameras):
    first, second, port = cameras
    before = dict(second.state.config["NetWork.NetCommon"])
    await change(await find(first, port), port)
    now = first.state.config["NetWork.NetCommon"]
    assert (now["HostIP"], now["Submask"], now["GateWay"]) == ("0x0302010A", "0x00FFFFFF", "0x0102010A")
    assert now["TCPPort"] == first.port
    assert second.state.config["NetWork.NetCommon"] == before
    assert (await find(first, port)).own_address == "10.1.2.3"


async def test_a_wrong_password(cameras):
    first, _, port = cameras
    before = dict(first.state.config["NetWork.NetCommon"])
    with pytest.raises(AuthenticationError) as refused:
        await change(await find(first, port), port, password="wrong one")
    assert refused.value.ret == 203
    assert "wrong one" not in str(refused.value)
    assert sofia_hash("wrong one") not in str(refused.value)
    assert first.state.config["NetWork.NetCommon"] == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"host": "10.1.2"},
        {"netmask": "255.0.255.0"},
        {"gateway": "nobody"},
        {"gateway": "10.1.3.1"},
        {"gateway": "10.1.2.3"},
        {"host": "10.1.2.255"},
        {"host": "10.1.2.0"},
        {"host": "224.0.0.5", "gateway": "224.0.0.1"},
        {"timeout_s": 0},
        {"targets": ()},
        {"targets": ("no such host.invalid",)},
        {"interface": "10.99.99.99"},
    ],
)
async def test_orders_that_make_no_sense_are_not_sent(wrong):
    options = {"targets": (BROADCAST,), **WANTED, **wrong}
    with pytest.raises(UsageError):
        await set_address(FOUND, port=9, **options)


async def test_a_device_without_mac_address_cannot_be_told():
    with pytest.raises(UsageError, match="without MAC"):
        await set_address(Discovered(host="127.0.0.1"), **WANTED)


def test_the_order_is_as_the_vendors_program_sends_it():
    datagram = address_request({"DvrMac": "00:12", "Password": "6QNMIQGe"})
    assert datagram[:4] == b"\xff\x00\xfe\x00"
    assert datagram[20:] == b'{ "DvrMac" : "00:12", "Password" : "6QNMIQGe" }\n\0'


@contextlib.asynccontextmanager
async def answering(*datagrams):
    """A device that sends these for every order; gives its port and the orders."""
    loop = asyncio.get_running_loop()
    orders = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        sock.bind(("127.0.0.1", 0))

        def receive():
            datagram, asker = sock.recvfrom(4096)
            orders.append(decode(datagram[20:]))
            for answer in datagrams:
                sock.sendto(answer, asker)

        loop.add_reader(sock, receive)
        try:
            yield sock.getsockname()[1], orders
        finally:
            loop.remove_reader(sock)


def answer(message_id=MessageId.IP_SET_REPLY, **members):
    return pack(message_id, encode_reply({"Name": "", **members}), version=1)


async def order(port, **options):
    await set_address(FOUND, port=port, **{**WANTED, "targets": ("127.0.0.1",), "timeout_s": 0.6, **options})


async def test_what_a_device_is_told():
    async with answering(answer(Ret=100)) as (port, orders):
        await order(port, username="boss", password="x")
    (told,) = orders
    assert (told["DvrMac"], told["MAC"], told["Username"], told["Password"]) == (
        "00-12-34-56-78-9A",
        "00-12-34-56-78-9A",
        "boss",
        sofia_hash("x"),
    )
    assert (told["TCPPort"], told["EncryptType"], told["HttpPort"]) == (34600, 1, 80)


@pytest.mark.parametrize(
    ("datagrams", "error"),
    [
        ((), RequestTimeoutError),
        ((b"", b"\xff", b"x" * 60, answer(MessageId.IP_SET, Ret=100)), RequestTimeoutError),
        ((pack(MessageId.IP_SET_REPLY, b"[100]"), answer(Ret="soon"), answer()), RequestTimeoutError),
        ((answer(Ret=100, MAC="00:12:34:56:78:9B"),), RequestTimeoutError),
        ((answer(Ret=205),), AuthenticationError),
        ((answer(Ret=103),), RequestError),
        ((answer(Ret=606),), RequestError),
    ],
)
async def test_devices_that_say_no_or_nothing_or_nonsense(datagrams, error):
    async with answering(*datagrams) as (port, orders):
        with pytest.raises(error) as failed:
            async with asyncio.timeout(3):
                await order(port)
    assert type(failed.value) is error
    assert "127.0.0.1 (00:12:34:56:78:9a)" in str(failed.value)
    assert 1 <= len(orders) <= 2, "a device counts wrong passwords"


def test_answers_are_recognised():
    assert address_answer(answer(Ret=203, DvrMac="aa")) == (203, "aa")
    assert address_answer(answer(Ret=100, MAC=5)) == (100, "")
    assert address_answer(b"\xff\x01") is None
