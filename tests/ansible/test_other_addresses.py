"""Devices that are reached at another address than the one they have themselves: over IPv6, behind address translation."""

import asyncio
import contextlib

import pytest

from dvrip_proto.simulator import Quirks

COMMON = "NetWork.NetCommon"


@contextlib.asynccontextmanager
async def router(outside, device):
    """Another address for a device: what comes in there goes on to it, while it is up."""

    async def carry(reader, writer):
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
        writer.close()

    async def pass_on(reader, writer):
        try:
            inner = await asyncio.open_connection(device.host, device.port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(carry(reader, inner[1]), carry(inner[0], writer))

    async with await asyncio.start_server(pass_on, outside, device.port) as server:
        yield server


@pytest.fixture
def make_distant(make_camera, stage):
    """A device to whose network settings changes need a restart, and that is reached at another address than its own."""

    def make(outside):
        camera = make_camera(bind="127.0.90.9", quirks=Quirks(restart={COMMON: 603}))
        camera.simulator.downtime_s = 0.1
        camera.config["NetWork.NetDHCP"][0]["Enable"] = False
        stage.enter(lambda: router(outside, camera.simulator))
        return camera

    return make


@pytest.mark.parametrize("outside", ["::1", "127.0.90.1"])
@pytest.mark.parametrize(
    ("module", "wish"),
    [
        ("reboot", {"reboot_timeout": 30}),
        ("network", {"http_port": 8080, "reboot": "if_needed", "reboot_timeout": 30}),
        (
            "config",
            {"name": COMMON, "config": {"HttpPort": 8080}, "reboot": "if_needed", "reboot_timeout": 30},
        ),
        (
            "reset",
            {"parts": ["network"], "allow_disconnect": True, "reboot": "if_needed", "reboot_timeout": 30},
        ),
    ],
)
def test_a_restart_is_waited_for_where_the_device_is_reached(make_distant, outside, module, wish):
    camera = make_distant(outside)
    if module == "reset":
        wish = {**wish, "confirm": camera.simulator.serial}
    done = camera.run(module, {**wish, "host": outside})
    assert "failed" not in done, done
    assert "unreachable" not in done, done
    assert done["rebooted"] is True
    assert done.get("host", outside) == outside


@pytest.mark.parametrize("outside", ["::1", "127.0.90.1"])
def test_a_later_restart_is_waited_for_where_the_device_is_reached(make_distant, outside):
    camera = make_distant(outside)
    wish = {"name": COMMON, "config": {"HttpPort": 8080}}
    assert camera.run("config", {**wish, "host": outside})["reboot_required"] is True
    done = camera.run("reboot", {"when": "pending", "reboot_timeout": 30, "host": outside})
    assert done.get("rebooted") is True, done
    assert done.get("host", outside) == outside
