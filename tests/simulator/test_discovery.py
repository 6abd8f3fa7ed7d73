"""Discovery over UDP on loopback: who answers, from where, with what."""

from __future__ import annotations

import asyncio
import json
import socket
from typing import Any

import pytest

from dvrip_proto.simulator import Fleet, Quirks, Simulator
from tests.frames.vectors import vector
from tests.simulator.raw import HEADER, pack

PROBE = bytes.fromhex(vector("pkt-discovery-req")["hex"])
BROADCAST = "127.255.255.255"


@pytest.fixture
def udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def probe(
    host: str, port: int, datagram: bytes = PROBE, *, wait_s: float = 0.4
) -> dict[str, tuple[int, dict[str, Any]]]:
    """What came back, by sender: message id and body."""
    loop = asyncio.get_running_loop()
    heard: dict[str, tuple[int, dict[str, Any]]] = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        asker.setblocking(False)
        asker.bind(("127.0.0.1", 0))
        await loop.sock_sendto(asker, datagram, (host, port))
        try:
            async with asyncio.timeout(wait_s):
                while True:
                    data, sender = await loop.sock_recvfrom(asker, 4096)
                    assert data.endswith(b"\n\0")
                    heard[sender[0]] = (HEADER.unpack(data[:20])[8], json.loads(data[20:-2]))
        except TimeoutError:
            return heard


async def test_a_broadcast_finds_every_device_of_a_fleet(udp_port: int) -> None:
    async with Fleet(60, bind="127.0.0.50", port=0, discovery_port=udp_port) as fleet:
        heard = await probe(BROADCAST, udp_port, wait_s=1.0)
        assert len(heard) == 60
        for device in fleet.devices:
            message_id, body = heard[device.host]
            common = body["NetWork.NetCommon"]
            assert (message_id, body["Ret"], body["SessionID"]) == (1531, 100, "0x00000000")
            assert (common["SN"], common["TCPPort"]) == (device.serial, device.port)
        assert len({body["NetWork.NetCommon"]["MAC"] for _, body in heard.values()}) == 60


async def test_a_camera_without_a_name_is_found_under_one_of_its_own(udp_port: int) -> None:
    """It says `camera_` and the end of its address to a probe, and LocalHost in its configuration."""
    async with Simulator(profile="ipc", discovery_port=udp_port) as device:
        _, body = (await probe(device.host, udp_port))["127.0.0.1"]
        common = body["NetWork.NetCommon"]
        assert common["HostName"] == "camera_" + common["MAC"][-5:].replace(":", "")
        assert device.state.config["NetWork.NetCommon"]["HostName"] == "LocalHost"
        device.state.config["NetWork.NetCommon"]["HostName"] = "Gate"
        _, body = (await probe(device.host, udp_port))["127.0.0.1"]
        assert body["NetWork.NetCommon"]["HostName"] == "Gate"


async def test_a_device_answers_alone_when_asked_alone(udp_port: int) -> None:
    async with Fleet(3, bind="127.0.0.150", port=0, discovery_port=udp_port):
        assert list(await probe("127.0.0.151", udp_port)) == ["127.0.0.151"]


async def test_a_device_that_is_down_is_silent(udp_port: int) -> None:
    async with Simulator(discovery_port=udp_port) as device:
        rebooting = asyncio.create_task(device.reboot(0.6))
        await asyncio.sleep(0.1)
        assert await probe(BROADCAST, udp_port, wait_s=0.2) == {}
        await rebooting
        assert len(await probe(BROADCAST, udp_port)) == 1
    assert await probe(BROADCAST, udp_port, wait_s=0.2) == {}


@pytest.mark.parametrize(
    "rubbish", [b"", b"\xff", b"GET / HTTP/1.1\r\n\r\n", PROBE[:-1], pack(1531, b"{}"), pack(1532, b"[1]")]
)
async def test_rubbish_is_not_answered(udp_port: int, rubbish: bytes) -> None:
    async with Simulator(discovery_port=udp_port):
        assert await probe("127.0.0.1", udp_port, rubbish, wait_s=0.2) == {}
        assert len(await probe("127.0.0.1", udp_port)) == 1


async def test_an_address_is_set_with_the_right_password(udp_port: int) -> None:
    async with Simulator(discovery_port=udp_port) as device:
        wish = {
            "DvrMac": device.state.mac,
            "EncryptType": 1,
            "HostIP": "0x0A01A8C0",
            "HostName": "Gate",
            "Password": "tlJwpbo6",
            "Username": "admin",
        }
        for change, ret in (({"Password": "6QNMIQGe"}, 203), ({}, 100)):
            heard = await probe(BROADCAST, udp_port, pack(1532, json.dumps({**wish, **change}).encode()))
            assert heard["127.0.0.1"] == (1533, {"Name": "", "Ret": ret, "SessionID": "0x00000000"})
        assert (
            await probe(BROADCAST, udp_port, pack(1532, json.dumps({**wish, "DvrMac": "x"}).encode())) == {}
        )
        common = device.state.config["NetWork.NetCommon"]
        assert (common["HostIP"], common["HostName"]) == ("0x0A01A8C0", "Gate")


async def test_some_devices_answer_to_everybody(udp_port: int) -> None:
    loop = asyncio.get_running_loop()
    async with Simulator(discovery_port=udp_port, quirks=Quirks(answer_to_broadcast=True)):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
            ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            ear.setblocking(False)
            ear.bind((BROADCAST, udp_port))
            assert await probe("127.0.0.1", udp_port, wait_s=0.2) == {}
            data = await asyncio.wait_for(loop.sock_recv(ear, 4096), 2)
            assert HEADER.unpack(data[:20])[8] == 1531
