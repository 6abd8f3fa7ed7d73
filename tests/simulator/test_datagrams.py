"""Requests over UDP: one message a datagram, sessions that time out, and everything that needs TCP refused."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from dvrip_proto.errors import UsageError
from dvrip_proto.simulator import Quirks, Simulator
from tests.simulator.raw import BLANK, HEADER, Packet, Raw, monitor, pack, until


class Asker(asyncio.DatagramProtocol):
    """A client on UDP."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[bytes] = asyncio.Queue()
        self.session = 0
        self.transport: asyncio.DatagramTransport

    @classmethod
    async def open(cls, device: Simulator, host: str = "127.0.0.1") -> Asker:
        assert device.udp_port is not None
        transport, asker = await asyncio.get_running_loop().create_datagram_endpoint(
            cls, local_addr=(host, 0), remote_addr=(device.host, device.udp_port)
        )
        asker.transport = transport
        return asker

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        self.heard.put_nowait(data)

    async def receive(self, timeout_s: float = 3.0) -> Packet:
        data = await asyncio.wait_for(self.heard.get(), timeout_s)
        _, version, one, two, session, sequence, channel, end, message_id, size = HEADER.unpack(data[:20])
        assert len(data) == 20 + size
        return Packet(version, session, sequence, channel, end, message_id, data[20:], (one, two))

    async def ask(self, message_id: int, body: dict[str, Any]) -> Packet:
        self.transport.sendto(pack(message_id, json.dumps(body).encode(), session=self.session))
        return await self.receive()

    async def log_in(self, password: str = BLANK) -> Packet:
        body = {"EncryptType": "MD5", "LoginType": "DVRIP-Web", "PassWord": password, "UserName": "admin"}
        reply = await self.ask(1000, body)
        if reply.ret == 100:
            self.session = reply.session
        return reply

    async def is_silent(self) -> bool:
        await asyncio.sleep(0.3)
        return self.heard.empty()


@pytest.fixture
async def device() -> AsyncIterator[Simulator]:
    async with Simulator(bind="127.0.0.211", udp_port=0) as simulator:
        yield simulator


@pytest.fixture
async def asker(device: Simulator) -> AsyncIterator[Asker]:
    asker = await Asker.open(device)
    yield asker
    asker.transport.close()


async def test_a_client_logs_in_asks_and_writes(device: Simulator, asker: Asker) -> None:
    assert (await asker.log_in("6QNMIQGe")).ret == 203
    assert (await asker.log_in()).message_id == 1001
    assert device.logins == [(asker.session, "admin", "127.0.0.1")]
    info = await asker.ask(1020, {"Name": "SystemInfo"})
    assert info.json["SystemInfo"]["SerialNo"] == device.serial
    titles = {"Name": "ChannelTitle", "ChannelTitle": ["Yard"]}
    assert (await asker.ask(1046, titles)).ret == 100
    assert device.state.titles == ["Yard"]
    assert (await asker.ask(1500, {"Name": ""})).ret == 100
    device.raise_alarm()
    assert (await asker.receive()).json["AlarmInfo"]["Event"] == "VideoMotion"
    assert (await asker.ask(1002, {"Name": "", "SessionID": f"0x{asker.session:08x}"})).ret == 100
    assert device.sessions == 0


async def test_only_a_login_makes_a_peer(device: Simulator, asker: Asker) -> None:
    for data in (
        b"",
        b"x" * 500,
        pack(1020, b"{}"),
        pack(1000, b"{}")[:-1],
        pack(1000, b"{}") + b"x",
        bytes(20),
    ):
        asker.transport.sendto(data)
    assert await asker.is_silent()
    assert device.connections == 0


async def test_a_silent_peer_is_forgotten(device: Simulator, asker: Asker) -> None:
    device.quirks = Quirks(alive_interval_s=1, unauthenticated_close_s=0.3)
    await asker.log_in()
    assert (device.sessions, device.connections) == (1, 1)
    await until(lambda: device.connections == 0)
    assert device.sessions == 0


async def test_streams_need_tcp(device: Simulator, asker: Asker) -> None:
    await asker.log_in()
    claim = {"Name": "OPMonitor", "OPMonitor": monitor("Claim"), "SessionID": f"0x{asker.session:08x}"}
    assert (await asker.ask(1413, claim)).ret == 103
    media = await Raw.open(device)
    media.session = asker.session
    assert (await media.named(1413, "OPMonitor", monitor("Claim"))).ret == 100
    assert (await asker.ask(1410, {"Name": "OPMonitor", "OPMonitor": monitor("Start")})).ret == 100
    assert (await media.receive(10)).message_id == 1412


async def test_a_reply_that_fits_no_datagram_is_not_sent(device: Simulator, asker: Asker) -> None:
    await asker.log_in()
    device.state.config["General.Huge"] = {"Text": "x" * 70000}
    asker.transport.sendto(pack(1042, b'{"Name": "General.Huge"}', session=asker.session))
    assert await asker.is_silent()
    assert (await asker.ask(1006, {"Name": "KeepAlive"})).ret == 100


async def test_two_peers_do_not_share_a_session(device: Simulator, asker: Asker) -> None:
    other = await Asker.open(device, "127.0.0.2")
    await asker.log_in()
    await other.log_in()
    assert asker.session != other.session
    assert device.sessions == 2
    device.log_out(session=other.session)
    assert (await other.receive()).message_id == 1004
    assert (await asker.ask(1006, {"Name": "KeepAlive"})).ret == 100
    other.transport.close()


async def test_it_listens_again_after_a_reboot_and_not_while_unplugged(
    device: Simulator, asker: Asker
) -> None:
    await asker.log_in()
    await device.reboot(0.05)
    assert device.sessions == 0
    device.unplug()
    asker.transport.sendto(pack(1000, b"{}"))
    assert await asker.is_silent()
    device.plug()
    assert (await asker.log_in()).ret == 100


async def test_there_is_none_unless_it_is_asked_for(unused_tcp_port: int) -> None:
    async with Simulator(bind="127.0.0.211") as plain:
        assert plain.udp_port is None
    async with Simulator(bind="127.0.0.211", udp_port=0) as first:
        assert first.udp_port is not None
        with pytest.raises(
            UsageError, match=rf"^127\.0\.0\.211:{first.udp_port} \(UDP\): is in use already$"
        ):
            await Simulator(bind="127.0.0.211", udp_port=first.udp_port).start()
