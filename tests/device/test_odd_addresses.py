"""Names that change their address, addresses without an interface, names that are none: clear words, same device."""

from __future__ import annotations

import errno
import socket
from typing import Any

import pytest

from dvrip_proto import Connection, Device, RequestError, TransportError, UsageError, discover
from dvrip_proto.connection import link
from dvrip_proto.features.monitor import open_monitor
from dvrip_proto.features.rare.serial import SerialPort
from tests import hostile
from tests.device.conftest import connected, scripted
from tests.hostile import Link


async def test_media_go_to_the_address_that_the_session_is_with_whatever_the_name_means_by_now(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    real = socket.getaddrinfo

    def once(host: Any, *rest: Any, **options: Any) -> Any:
        if host != "camera.test":
            return real(host, *rest, **options)
        asked.append(host)
        if len(asked) > 1:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return real("127.0.0.1", *rest, **options)

    async def script(link: Link) -> None:
        first = await link.receive()
        await link.reply(first, AliveInterval=20)
        await link.serve()

    monkeypatch.setattr(socket, "getaddrinfo", once)
    async with hostile.peer(script) as (_, port):
        connection = await Connection.open("camera.test", port, timeout_s=2)
        try:
            await connection.login("admin", "")
            async with open_monitor(connection, 0, stop_s=0.2) as stream:
                assert stream.channel == 0
        finally:
            await connection.close()
    assert asked == ["camera.test"]


async def test_a_link_local_address_without_its_interface_is_told_so() -> None:
    error = link._connect_error("[fe80::1]:34567", OSError(errno.EINVAL, "Invalid argument"))
    assert isinstance(error, UsageError)
    assert (
        str(error) == "[fe80::1]:34567: an address of this kind needs the interface behind it: fe80::1%eth0"
    )


@pytest.mark.parametrize("host", ["x..y", "a" * 70 + ".de"])
async def test_a_name_that_can_be_none_is_told_without_words_of_the_codec(host: str) -> None:
    with pytest.raises(UsageError) as caught:
        await Device(host, timeout_s=1).open()
    assert str(caught.value) == f"{host}:34567: not a host name: between its dots stand 1 to 63 letters"


@pytest.mark.parametrize("host", ["nul\0", "bell\a.local", "esc\x1b[2J"])
def test_a_name_with_characters_that_nobody_sees_is_no_address(host: str) -> None:
    with pytest.raises(UsageError, match="is no address of a device"):
        Device(host)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"targets": ["a" * 70]}, f"'{'a' * 70}': not an IPv4 address to ask for devices"),
        ({"targets": ["x\0"]}, r"'x\x00': not an IPv4 address to ask for devices"),
        ({"interface": "x"}, "'x': not an IPv4 address of this machine to ask from"),
        ({"interface": "192.0.2.250"}, "'192.0.2.250': not an IPv4 address of this machine to ask from"),
    ],
)
async def test_discovery_tells_a_wrong_address_without_numbers_of_the_system(
    options: dict[str, Any], told: str
) -> None:
    with pytest.raises(UsageError) as caught:
        async for _ in discover(timeout_s=0.1, **options):
            pass
    assert str(caught.value).startswith(told)
    assert "Errno" not in str(caught.value)


async def test_a_serial_port_that_the_device_refuses_is_not_closed_for_whoever_has_it() -> None:
    actions: list[str] = []

    async def answer(_link: Link, message_id: int, body: dict[str, Any]) -> dict[str, Any]:
        if message_id != 1578:
            return {}
        actions.append(body["OPTrans"]["Action"])
        return {"ret": 103}

    async with scripted(answer) as device:
        with pytest.raises(RequestError):
            async with device.serial.open(SerialPort.RS232):
                pass
    assert actions == ["Start"]


@pytest.mark.parametrize(
    ("told", "most"), [(6, 6), ("0x00000006", 6), ("6", 6), (True, 10), (0, 10), (None, 10)]
)
async def test_the_number_of_connections_is_read_in_every_spelling(told: Any, most: int) -> None:
    async def script(link: Link) -> None:
        await link.serve({1042: {"NetWork.NetCommon": {"TCPMaxConn": told}}})

    async with connected(script) as connection:
        await connection.budget.take("one")
        await connection.budget.take("two")
        assert connection.budget.most == most - 3


async def test_a_name_that_nobody_knows_is_a_transport_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(TransportError) as caught:
        await Device("nobody.test", timeout_s=1).open()
    assert (
        str(caught.value) == "nobody.test:34567: the host name cannot be resolved: Name or service not known"
    )
