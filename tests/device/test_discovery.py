"""Discovery over real datagrams on the loopback."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from dvrip_proto.discovery import Discovered, discover
from dvrip_proto.errors import TransportError, UsageError
from dvrip_proto.wire.framer import pack
from dvrip_proto.wire.probe import PROBE, is_probe, probe_reply

pytestmark = pytest.mark.usefixtures("no_leaks")

BROADCAST = "127.255.255.255"
NETCOMMON = {
    "ChannelNum": 4,
    "DeviceType": 24,
    "HostIP": "0x0A01A8C0",
    "HostName": "camera_743c",
    "MAC": "00-12-34-56-78-9A",
    "SN": "2a981919678907c1",
    "TCPPort": 34600,
    "Version": "V5.00.R02",
}

type Answer = Callable[[socket.socket, tuple[str, int]], None]


def udp(host: str, port: int = 0) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    if port:  # one that the kernel chooses is to be nobody else's
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    sock.setblocking(False)
    sock.bind((host, port))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return sock


@contextlib.asynccontextmanager
async def lan(answer: Answer, *, host: str = BROADCAST) -> AsyncIterator[int]:
    """A network whose devices answer a probe as `answer` says; gives its discovery port."""
    heard = udp(host)
    replies = udp("127.0.0.1")
    loop = asyncio.get_running_loop()

    def receive() -> None:
        datagram, asker = heard.recvfrom(4096)
        if is_probe(datagram):
            answer(replies, asker)

    loop.add_reader(heard, receive)
    try:
        yield heard.getsockname()[1]
    finally:
        loop.remove_reader(heard)
        heard.close()
        replies.close()


async def found(port: int, **options: Any) -> list[Discovered]:
    known = {"targets": (BROADCAST,), "timeout_s": 0.3, "port": port} | options
    return [device async for device in discover(**known)]


def sends(*datagrams: bytes) -> Answer:
    def answer(sock: socket.socket, asker: tuple[str, int]) -> None:
        for datagram in datagrams:
            sock.sendto(datagram, asker)

    return answer


async def test_device_is_found_once_with_what_it_says() -> None:
    async with lan(sends(probe_reply(NETCOMMON), probe_reply(NETCOMMON))) as port:
        (device,) = await found(port)
    assert device == Discovered(
        host="127.0.0.1",
        port=34600,
        serial="2a981919678907c1",
        mac="00:12:34:56:78:9a",
        hostname="camera_743c",
        firmware="V5.00.R02",
        channels=4,
        device_type=24,
        raw=NETCOMMON,
    )


async def test_old_firmware_says_little() -> None:
    async with lan(sends(probe_reply({"HostIP": "0x7200060A", "TCPPort": None}))) as port:
        (device,) = await found(port)
    assert (device.host, device.port, device.serial, device.mac) == ("127.0.0.1", 34567, "", "")
    assert (device.channels, device.device_type) == (None, None)
    assert device.identity == ("127.0.0.1",)


@pytest.mark.parametrize("port_text", [0, 70000, "x", [1]])
def test_odd_ports_are_the_usual_one(port_text: Any) -> None:
    assert Discovered.from_wire("127.0.0.1", {"TCPPort": port_text}).port == 34567


def test_devices_are_told_apart_by_mac_and_serial_number() -> None:
    identities = {
        Discovered.from_wire("10.0.0.1", members).identity
        for members in (
            {"MAC": "00:00:00:00:00:00", "SN": "1"},
            {"MAC": "00:12:34:56:78:9a", "SN": "1"},
            {"MAC": "00:12:34:56:78:9a", "SN": "2"},
            {"MAC": "00:12:34:56:78:9A"},
            {"MAC": "00:00:00:00:00:00"},
        )
    }
    assert len(identities) == 5


ONE, OTHER, SERIAL = "00-12-34-56-78-9A", "00-12-34-56-78-9B", "2a981919678907c1"


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ([(ONE, SERIAL), ("", SERIAL)], 1),
        ([("", SERIAL), (ONE, SERIAL)], 1),
        ([("00-00-00-00-00-00", SERIAL), (ONE, SERIAL), ("", SERIAL)], 1),
        ([(ONE, ""), (ONE, SERIAL)], 1),
        ([(ONE, SERIAL), (ONE, ""), ("", SERIAL)], 1),
        ([("", SERIAL), (ONE, SERIAL), (OTHER, SERIAL)], 2),
        ([(ONE, SERIAL), ("", SERIAL), (OTHER, SERIAL)], 2),
        ([(ONE, ""), ("00:12:34:56:78:9a", ""), ("00123456789A", SERIAL), ("0012.3456.789a", "")], 1),
        ([(ONE, ""), (OTHER, "")], 2),
        ([(ONE, "a"), (ONE, "b")], 2),
        ([("", "a"), ("", "b")], 2),
    ],
)
async def test_a_device_that_tells_less_of_itself_another_time_is_one(
    answers: list[tuple[str, str]], found: int
) -> None:
    def answer(replies: socket.socket, asker: tuple[str, int]) -> None:
        for mac, serial in answers:
            replies.sendto(probe_reply({**NETCOMMON, "MAC": mac, "SN": serial}), asker)

    async with lan(answer) as port:
        options: dict[str, Any] = {"targets": [BROADCAST], "port": port, "timeout_s": 0.3, "probes": 1}
        assert len([device async for device in discover(**options)]) == found


async def test_devices_that_answer_to_the_discovery_port_only_are_found() -> None:
    def answer(sock: socket.socket, _asker: tuple[str, int]) -> None:
        sock.sendto(probe_reply(NETCOMMON), ("127.0.0.1", heard_port))

    async with lan(answer) as heard_port:
        assert len(await found(heard_port)) == 1


async def test_taken_discovery_port_still_finds_the_devices_that_answer_the_asker() -> None:
    async with lan(sends(probe_reply(NETCOMMON))) as port:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
            taken.bind(("127.0.0.2", port))
            assert len(await found(port)) == 1


async def test_noise_is_no_device() -> None:
    noise = (b"", b"x", PROBE, pack(1531, b"{"), pack(1533, b'{"Ret":100}'), b"\xff" * 3000)
    async with lan(sends(*noise, probe_reply(NETCOMMON))) as port:
        assert len(await found(port)) == 1


async def test_answers_come_as_they_arrive() -> None:
    async with lan(sends(probe_reply(NETCOMMON))) as port:
        began = time.monotonic()
        search = discover(targets=(BROADCAST,), port=port, timeout_s=5)
        await anext(search)
        await search.aclose()
    assert time.monotonic() - began < 4


async def test_every_probe_is_sent_and_the_search_ends_in_time() -> None:
    probes = []
    async with lan(lambda _sock, asker: probes.append(asker)) as port:
        began = time.monotonic()
        assert await found(port, probes=3, timeout_s=0.4) == []
    assert len(probes) == 3
    assert 0.35 < time.monotonic() - began < 5


async def test_thousand_devices_answer_at_once_and_none_is_lost() -> None:
    replies = [probe_reply(NETCOMMON | {"SN": f"{number:016x}"}) for number in range(1000)]
    async with lan(sends(*replies)) as port:
        assert len(await found(port, timeout_s=1)) == 1000


async def test_slow_reader_gets_what_came_before_the_deadline() -> None:
    replies = [probe_reply(NETCOMMON | {"SN": str(number)}) for number in range(20)]
    count = 0
    async with lan(sends(*replies)) as port:
        async for _ in discover(targets=(BROADCAST,), port=port, timeout_s=0.2):
            await asyncio.sleep(0.02)
            count += 1
    assert count == 20


async def test_answers_come_to_the_address_that_asks() -> None:
    askers = []
    async with lan(lambda _sock, asker: askers.append(asker)) as port:
        await found(port, interface="127.0.0.5", probes=1)
    assert [host for host, _ in askers] == ["127.0.0.5"]


async def test_single_hosts_may_be_asked() -> None:
    async with lan(sends(probe_reply(NETCOMMON)), host="127.0.0.1") as port:
        assert len(await found(port, targets="127.0.0.1")) == 1
        assert len(await found(port, targets=["127.0.0.9", "localhost"])) == 1


@pytest.mark.parametrize(
    "options",
    [
        {"targets": ()},
        {"targets": ("no such host\0",)},
        {"probes": 0},
        {"timeout_s": 0},
        {"interface": "203.0.113.1"},
        {"interface": "a\0b"},
        {"port": 0},
    ],
)
async def test_what_cannot_be_asked_is_the_callers_fault(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        await found(**({"port": 34999} | options))


async def test_network_that_takes_no_probe_is_a_transport_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Unreachable(socket.socket):
        def sendto(self, *_args: Any) -> int:
            raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket, "socket", Unreachable)
    with pytest.raises(
        TransportError, match=r"127.255.255.255:34999: cannot ask for devices: Network is unreach"
    ):
        await found(34999)


async def test_error_on_receiving_does_not_end_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.get_running_loop()
    receive = loop.sock_recvfrom
    failures = iter([ConnectionResetError(104, "reset")])

    async def broken(sock: socket.socket, size: int) -> Any:
        for failure in failures:
            raise failure
        return await receive(sock, size)

    monkeypatch.setattr(loop, "sock_recvfrom", broken)
    async with lan(sends(probe_reply(NETCOMMON))) as port:
        assert len(await found(port)) == 1
