"""dvrip-rs, an independent client in Rust with its own parser: the programs it brings, in their own processes.

They know port 34567 alone. What they cannot do with any device is left alone: its list of accounts is always empty, and
it asks for recordings of a type that there is not.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from dvrip_proto.simulator import Simulator

from .conftest import own_address, until

PEER: Final = Path(__file__).parents[2] / ".venv" / "peers" / "dvrip-rs" / "bin"
PASSWORD: Final = "päss wörd"
FRAMES: Final = 60
FRAME: Final = re.compile(r'Received frame: (\d+) bytes, Type: "(\w+)", MIME: "(\w+)", Size: (\d+)x(\d+)')

pytestmark = pytest.mark.skipif(
    not PEER.is_dir(), reason="dvrip-rs is not built: install Rust, tools/peers.sh"
)


@pytest.fixture(params=["ipc", "hi3516"])
async def device(request: pytest.FixtureRequest) -> AsyncIterator[Simulator]:
    async with Simulator(
        bind=own_address(), port=34567, profile=request.param, users={"admin": PASSWORD}
    ) as simulator:
        await simulator.prepare_media()
        yield simulator


async def started(program: str, device: Simulator, password: str = PASSWORD) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        PEER / program, device.host, "admin", password, stdout=asyncio.subprocess.PIPE, env={}
    )


async def told(program: str, device: Simulator, password: str = PASSWORD) -> str:
    process = await started(program, device, password)
    out, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0
    return out.decode()


async def test_it_reads_what_a_device_is(device: Simulator) -> None:
    said = await told("device_info", device)
    assert "Login successful!" in said
    assert "Error" not in said
    common = device.state.config["NetWork.NetCommon"]
    assert f'"MAC": String("{common["MAC"]}")' in said
    assert f'"TCPPort": Number({common["TCPPort"]})' in said
    abilities = device.state.profile.data["abilities"]["SystemFunction"]
    assert all(f'"{group}": Object' in said for group in abilities)


async def test_a_wrong_password_is_refused(device: Simulator) -> None:
    assert "Login failed!" in await told("device_info", device, "wrong")


async def test_it_shows_configuration_and_sets_the_clock(device: Simulator) -> None:
    device.state.clock.error_s = -3600
    said = await told("config_management", device)
    assert "Error" not in said
    assert '"Compression": String("H.26' in said
    assert "Time synchronized to" in said
    assert abs(device.state.clock.error_s) < 20


async def test_it_moves_the_camera(device: Simulator) -> None:
    assert (await told("ptz_control", device)).endswith("Done.\n")
    moves = [command for command, _, _ in device.ptz[0].history]
    assert list(dict.fromkeys(moves)) == [
        *("DirectionLeft", "DirectionRight", "DirectionUp", "ZoomTile", "ZoomWide", "GotoPreset")
    ]


async def test_it_streams_whole_frames(device: Simulator) -> None:
    process = await started("realtime_stream", device)
    seen: list[tuple[str, ...]] = []
    try:
        assert process.stdout is not None
        async with asyncio.timeout(20):
            async for line in process.stdout:
                if found := FRAME.match(line.decode()):
                    seen.append(found.groups())
                if len(seen) == FRAMES:
                    break
    finally:
        process.terminate()
        await process.wait()
    size, *first = seen[0]
    assert (int(size) > 8192, first) == (True, ["I", "h264", "640", "360"])
    kinds = {(kind, mime) for _, kind, mime, _, _ in seen}
    assert kinds == {("I", "h264"), ("P", "Unknown"), ("Unknown", "g711a")}
    assert sum(kind == "P" for _, kind, _, _, _ in seen) >= 20
    assert device.monitors_started == {(0, "Main"): 1}
    await until(lambda: not device.monitors)
