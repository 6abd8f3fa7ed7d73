"""Many devices: so many at a time, each with its answer or its error; and how people write where one is."""

from __future__ import annotations

import asyncio

import pytest

from dvrip_proto import Address, Answer, AuthenticationError, Device, TransportError, UsageError, ask_all
from dvrip_proto.simulator import Simulator


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.168.1.10", Address(host="192.168.1.10")),
        ("gate.lan:34568", Address(host="gate.lan", port=34568)),
        ("boss@gate", Address(host="gate", user="boss")),
        ("a@b@gate:1", Address(host="gate", port=1, user="a@b")),
        ("fe80::1", Address(host="fe80::1")),
        ("[fe80::1]:5", Address(host="fe80::1", port=5)),
        ("[fe80::1]", Address(host="fe80::1")),
    ],
)
def test_an_address_is_read_as_people_write_it(text: str, address: Address) -> None:
    assert Address.parse(text) == address
    assert Address.parse(str(address)) == address
    device = Device(text, password="x")
    assert (device.host, device.port, device.username) == (
        address.host,
        address.port,
        address.user or "admin",
    )


@pytest.mark.parametrize(
    "text", ["", "@gate", "boss@", "gate:", "gate:x", "gate:0", "gate:65536", "a b", "x://y", "gate:²"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no address of a device"):
        Address.parse(text)
    with pytest.raises(UsageError, match="is no address of a device"):
        Device(text)


async def test_every_device_has_its_answer_or_its_error_in_their_order() -> None:
    async with Simulator(users={"admin": "x"}) as first, Simulator(users={"admin": "y"}) as second:
        devices = [
            Device(f"{first.host}:{first.port}", password="x"),
            Device("127.0.0.1:1", timeout_s=2),
            Device(f"{second.host}:{second.port}", password="x"),
        ]
        heard: list[Answer[str]] = []

        async def serial(device: Device) -> str:
            return (await device.system.info()).serial

        answers = await ask_all(devices, serial, on_answer=heard.append)
        assert [answer.device for answer in answers] == devices
        assert [answer.value for answer in answers] == [first.serial, None, None]
        assert [type(answer.error) for answer in answers] == [type(None), TransportError, AuthenticationError]
        assert sorted(map(id, heard)) == sorted(map(id, answers))
        assert all(device.closed for device in devices)


async def test_no_more_are_open_at_once_than_was_asked_for() -> None:
    async with Simulator(users={"admin": ""}) as one:
        open_now: set[Device] = set()
        most = 0

        async def look(device: Device) -> None:
            nonlocal most
            open_now.add(device)
            most = max(most, len(open_now))
            await asyncio.sleep(0.01)
            open_now.discard(device)

        answers = await ask_all([Device(one.host, one.port) for _ in range(7)], look, at_once=2)
        assert ([answer.error for answer in answers], most) == ([None] * 7, 2)
        with pytest.raises(UsageError, match="0 devices at once"):
            await ask_all([], look, at_once=0)


async def test_a_mistake_in_the_question_ends_all_and_closes_every_device() -> None:
    async with Simulator(users={"admin": ""}) as one:
        devices = [Device(one.host, one.port) for _ in range(3)]

        async def wrong(device: Device) -> None:
            if device is devices[1]:
                raise KeyError("mine")
            await asyncio.sleep(60)

        with pytest.raises(KeyError, match="mine"):
            await ask_all(devices, wrong)
        assert all(device.closed for device in devices)
