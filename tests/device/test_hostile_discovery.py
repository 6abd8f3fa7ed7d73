"""Datagrams that are no answers, or absurd ones: the devices among them are found, each once."""

from __future__ import annotations

import asyncio
import json
import random
import socket
from typing import Any

import pytest

from dvrip_proto.discovery import Discovered
from dvrip_proto.wire.framer import pack
from dvrip_proto.wire.header import Header
from dvrip_proto.wire.probe import PROBE, probe_reply
from tests.device.test_discovery import NETCOMMON, found, lan, sends

pytestmark = pytest.mark.usefixtures("no_leaks")

RIGHT = probe_reply(NETCOMMON)
BODY = RIGHT[20:]


def headed(body: bytes, **header: int) -> bytes:
    return Header(**{"message_id": 1531, "length": len(body), **header}).pack() + body


NOT_DEVICES: dict[str, bytes] = {
    "empty": b"",
    "half a header": RIGHT[:11],
    "a header alone": RIGHT[:20],
    "half a body": RIGHT[: len(RIGHT) // 2],
    "another protocol": b"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n\r\n",
    "noise": random.Random(7).randbytes(500),
    "noise behind a header": pack(1531, random.Random(8).randbytes(500)),
    "bad JSON": headed(b'{ "NetWork.NetCommon" : { "SN" : '),
    "deep JSON": headed(b'{ "NetWork.NetCommon" : ' + b"[" * 8000),
    "no object": headed(b"[ 1 ]\n\0"),
    "a list of devices": headed(b'{ "NetWork.NetCommon" : [ { "SN" : "1" }, { "SN" : "2" } ] }'),
    "an empty device": headed(b'{ "NetWork.NetCommon" : {} }'),
    "our own probe": PROBE,
    "as much as fits": pack(1531, b" " * 60_000 + b"{"),
    "more than any device says": probe_reply({**NETCOMMON, "SN": "x" * 40_000}),
}
DEVICES: dict[str, bytes] = {
    "an absurd length": headed(BODY, length=0xFFFFFFFF),
    "a length of nothing": headed(BODY, length=0),
    "absurd numbers": headed(BODY, session=0xFFFFFFFF, sequence=0xFFFFFFFF, version=255, reserved1=255),
    "a fragment of none": headed(BODY, total_or_channel=9, current_or_end=8),
    "another id": headed(BODY, message_id=4242),
    "the id of the probe": headed(BODY, message_id=1530),
    "NUL bytes": headed(BODY.replace(b" ", b"\0 ") + b"\0" * 100),
    "GBK": headed(BODY.replace(b'"camera_743c"', b'"\xd6\xd0\xb9\xfa"')),
    "stray commas": headed(BODY.replace(b" }", b", }")),
}
ABSURD = [None, True, -1, 0, 2**40, 10**400, 1e400, "", "x", "0x", [], {}, [1], {"a": 1}, "\0", "9" * 3000]


async def ask(*datagrams: bytes, **options: Any) -> list[Discovered]:
    async with lan(sends(*datagrams)) as port:
        return await found(port, **options)


async def test_what_is_no_answer_is_no_device() -> None:
    (device,) = await ask(*NOT_DEVICES.values(), RIGHT)
    assert (device.serial, device.port) == ("2a981919678907c1", 34600)


@pytest.mark.parametrize("name", DEVICES)
async def test_an_odd_answer_is_a_device(name: str) -> None:
    (device,) = await ask(DEVICES[name], timeout_s=0.1)
    assert (device.serial, device.mac, device.port) == ("2a981919678907c1", "00:12:34:56:78:9a", 34600)


async def test_the_same_answer_a_thousand_times_is_one_device() -> None:
    assert len(await ask(*[RIGHT] * 1000)) == 1


@pytest.mark.parametrize("member", NETCOMMON)
async def test_absurd_members_are_usual_values(member: str) -> None:
    answers = [
        headed(
            json.dumps({"NetWork.NetCommon": {**NETCOMMON, "Tag": at, member: value}})
            .replace("Infinity", "1e400")
            .encode()
        )
        for at, value in enumerate(ABSURD)
    ]
    devices = await ask(*answers, timeout_s=0.15)
    assert devices
    for device in devices:
        assert 0 < device.port < 65536
        for text in (device.serial, device.mac, device.hostname, device.firmware, device.own_address):
            assert isinstance(text, str)
            assert text == "" or text in {"x", "0x", "1e400", str(2**40), "9" * 3000, "192.168.1.10"} | {
                str(value) for value in NETCOMMON.values()
            } | {"00:12:34:56:78:9a"}
        assert isinstance(device.channels, int | None)
        assert isinstance(device.device_type, int | None)


async def test_an_answer_after_the_end_is_nobodys() -> None:
    late: list[asyncio.TimerHandle] = []

    def answer(sock: socket.socket, asker: tuple[str, int]) -> None:
        late.append(asyncio.get_running_loop().call_later(0.15, sock.sendto, RIGHT, asker))

    async with lan(answer) as port:
        assert await found(port, timeout_s=0.1, probes=1) == []
        await asyncio.sleep(0.1)
        assert await found(port, timeout_s=0.1, probes=1) == []
        await asyncio.sleep(0.1)
    assert len(late) == 2


async def test_a_flood_ends_with_the_time() -> None:
    loop = asyncio.get_running_loop()
    noise = pack(1531, b"{" + b" " * 1000)

    def answer(sock: socket.socket, asker: tuple[str, int]) -> None:
        def more() -> None:
            for _ in range(100):
                sock.sendto(noise, asker)
            if loop.time() < until:
                loop.call_soon(more)
            else:
                done.set()

        more()

    done, until, began = asyncio.Event(), loop.time() + 0.8, loop.time()
    async with lan(answer) as port:
        assert await found(port, timeout_s=0.4, probes=1) == []
        assert loop.time() - began < 2
        await done.wait()
