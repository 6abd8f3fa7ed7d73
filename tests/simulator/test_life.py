"""Reboots, upgrades, exports and falls: a device that goes away and comes back."""

from __future__ import annotations

import asyncio
import io
import json
import time
import zipfile
from typing import Any

import pytest

from dvrip_proto.errors import UsageError
from dvrip_proto.simulator import Simulator
from tests.simulator.raw import Packet, Raw, until, watch


async def back(device: Simulator) -> Raw:
    async with asyncio.timeout(10):
        while True:
            try:
                return await Raw.login(device)
            except OSError:
                await asyncio.sleep(0.05)


async def test_a_reboot_drops_everything_and_comes_back(device: Simulator, client: Raw) -> None:
    device.downtime_s = 0.6
    await client.ask(1500, b"")
    assert await client.put("General.General.LocalNo", 5) == 100
    assert (await client.named(1450, "OPMachine", {"Action": "Reboot"})).ret == 100
    assert await client.is_closed()
    started = time.monotonic()
    assert not device.up
    with pytest.raises(ConnectionRefusedError):
        await Raw.open(device)
    again = await back(device)
    assert time.monotonic() - started > 0.2
    assert (await again.named(1020, "SystemInfo")).json["SystemInfo"]["DeviceRunTime"] == "0x00000000"
    assert await again.get("General.General.LocalNo") == 5
    device.raise_alarm()
    assert await again.is_silent(), "arming does not survive"


async def test_reboot_returns_when_the_device_is_back(device: Simulator, client: Raw) -> None:
    media = await watch(device, client)
    await device.reboot(0.1)
    assert device.up
    assert await client.is_closed()
    assert await media.is_closed()
    assert (device.sessions, device.connections, device.monitors) == (0, 0, {})
    assert (await Raw.login(device)).session == 1


async def test_a_shut_down_device_stays_down(device: Simulator, client: Raw) -> None:
    assert (await client.named(1450, "OPMachine", {"Action": "Shutdown"})).ret == 100
    assert await client.is_closed()
    await asyncio.sleep(0.3)
    assert not device.up
    await device.reboot(0)
    assert (await Raw.login(device)).session


async def test_dropped_connections_leave_the_device_up(device: Simulator, client: Raw) -> None:
    device.drop_connections()
    assert await client.is_closed()
    assert (await Raw.login(device)).session


async def test_stop_ends_busy_connections_and_may_be_repeated() -> None:
    device = Simulator()
    await device.start()
    client = await Raw.login(device)
    await watch(device, client)
    client.send(
        1410,
        {
            "Name": "OPMonitor",
            "OPMonitor": {"Action": "Start", "Parameter": {"Channel": 0, "StreamType": "Extra1"}},
        },
    )
    async with asyncio.timeout(2):
        await device.stop()
        await device.stop()
    assert await client.is_closed()


async def test_an_address_in_use_is_told() -> None:
    async with Simulator() as device:
        with pytest.raises(UsageError, match=rf"^127\.0\.0\.1:{device.port}: is in use already$"):
            await Simulator(port=device.port).start()


def container(**description: Any) -> bytes:
    described = {
        "UpgradeCommand": [{"Command": "Burn", "FileName": "user-x.cramfs.img"}],
        "Hardware": "XM530_50X50-WG_8M",
        "DevID": "000529B21001000000000000",
        "CompatibleVersion": 2,
        "Vendor": "General",
        **description,
    }
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        info = zipfile.ZipInfo("InstallDesc", (2026, 5, 7, 10, 0, 0))
        file.writestr(info, json.dumps(described) + "\0\0")
        file.writestr("user-x.cramfs.img", bytes(70000))
    return archive.getvalue()


async def send_firmware(
    client: Raw, data: bytes, *, size: int = 32768, empty_end: bool = True
) -> list[Packet]:
    """Blocks as the two kinds of clients send them, then everything up to the result."""
    start = await client.named(1520, "OPSystemUpgrade", {"Action": "Start", "Type": "System"})
    assert start.ret == 100
    blocks = [data[offset : offset + size] for offset in range(0, len(data), size)]
    for number, block in enumerate(blocks):
        last = not empty_end and number == len(blocks) - 1
        assert (await client.ask(1522, block, end=int(last))).json["Ret"] == 100
    if empty_end:
        client.send(1522, b"", end=1)
    told = [await client.receive()]
    while told[-1].ret not in (512, 513, 514, 515):
        told.append(await client.receive())
    return told


@pytest.mark.parametrize("empty_end", [True, False])
async def test_firmware_is_burnt_and_runs(device: Simulator, client: Raw, empty_end: bool) -> None:
    device.downtime_s = device._unit.upgrade.burn_s = 0.2
    told = await send_firmware(client, container(), empty_end=empty_end)
    if empty_end:
        assert (told[0].message_id, told.pop(0).ret) == (1523, 100)
    assert {packet.message_id for packet in told} == {1524}
    assert [packet.ret for packet in told] == [0, 10, 25, 40, 55, 70, 85, 100, 515]
    assert await client.is_closed()
    info = (await (await back(device)).named(1020, "SystemInfo")).json["SystemInfo"]
    assert info["SoftWareVersion"] == "V5.00.R02.000529B2.10010.349f17.0000000"
    assert info["BuildTime"] == "2026-05-07 10:00:00"


@pytest.mark.parametrize(
    ("data", "ret"),
    [
        (b"rubbish" * 100, 513),
        (container(UpgradeCommand=[{"Command": "Burn", "FileName": "missing"}]), 513),
        (container(UpgradeCommand=[{"Command": "Shell", "FileName": "user-x.cramfs.img"}]), 513),
        (container(Hardware="OTHER"), 514),
        (container(Vendor="Other"), 514),
    ],
)
async def test_firmware_that_does_not_fit(device: Simulator, client: Raw, data: bytes, ret: int) -> None:
    before = device.state.firmware.copy()
    assert (await send_firmware(client, data))[-1].ret == ret
    assert device.state.firmware == before
    assert (await client.named(1006, "KeepAlive")).ret == 100


async def test_one_upgrade_at_a_time(device: Simulator, client: Raw) -> None:
    wish = {"Action": "Start", "Type": "System"}
    assert (await client.named(1520, "OPSystemUpgrade", wish)).ret == 100
    other = await Raw.login(device)
    assert (await other.named(1520, "OPSystemUpgrade", wish)).ret == 511
    assert (await other.ask(1522, b"x")).ret == 512
    assert (await client.named(1520, "OPSystemUpgrade", {"Action": "Abort"})).ret == 100
    assert (await other.named(1520, "OPSystemUpgrade", wish)).ret == 100
    other.close()
    await until(lambda: device.sessions == 1)
    assert (await client.named(1520, "OPSystemUpgrade", wish)).ret == 100


async def test_configuration_goes_out_and_comes_in(device: Simulator, client: Raw) -> None:
    assert await client.put("General.General.LocalNo", 7) == 100
    exported = await client.ask(1542, {"Name": ""})
    assert exported.message_id == 1543
    with zipfile.ZipFile(io.BytesIO(exported.body)) as archive:
        assert json.loads(archive.read("Config/Json/General.General.json"))["LocalNo"] == 7
    assert await client.put("General.General.LocalNo", 1) == 100
    assert (await client.ask(1540, exported.body)).ret == 602
    assert await client.get("General.General.LocalNo") == 7
    assert (await client.ask(1540, b"PK\x03\x04 no archive")).ret == 601


async def test_the_log_goes_out(client: Raw) -> None:
    exported = await client.ask(1544, {"Name": ""})
    with zipfile.ZipFile(io.BytesIO(exported.body)) as archive:
        assert "LogIn admin" in archive.read("Log").decode()
