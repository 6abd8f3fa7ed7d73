"""go2rtc's discovery finds the simulator. It can only broadcast to 255.255.255.255, so both run in a network of their own.

That network has a loopback interface and nothing else: what is sent in it cannot leave the machine.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import subprocess
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import av
import pytest
from aiohttp import ClientSession

from dvrip_proto.simulator import Simulator

from .test_go2rtc import PASSWORD, PEER, go2rtc

ROOT: Final = Path(__file__).parents[2]
ADDRESSES: Final = [f"198.51.100.{number}" for number in range(11, 16)]
PORT: Final = 34569
# Root needs no user namespace, which some machines forbid; everybody else needs one.
UNSHARE: Final = ["unshare", "--net", *([] if os.geteuid() == 0 else ["--map-root-user"])]
# 198.51.100.0/24 is for documentation (RFC 5737). The device that broadcasts must not be one that answers.
NETWORK: Final = """
set -e
ip link set lo up
for address in 198.51.100.1 $1; do ip address add $address/24 broadcast + dev lo; done
ip route add 255.255.255.255 dev lo src 198.51.100.1
shift
exec "$@"
"""


def alone(*command: str) -> list[str]:
    """The command line that runs `command` in a network of its own."""
    return [*UNSHARE, "sh", "-c", NETWORK, "sh", " ".join(ADDRESSES), *command]


def why_not() -> str:
    """Why a network of its own cannot be had here; empty when it can."""
    try:
        done = subprocess.run(alone("true"), capture_output=True, text=True, timeout=20, check=False)
    except OSError as error:
        return f"no command {error.filename} (Debian: util-linux)"
    if done.returncode == 0:
        return ""
    return f"no network namespace, or no ip command (Debian: iproute2): {done.stderr.strip()}"


async def inside(folder: Path) -> dict[str, Any]:
    """In that network: what go2rtc lists, and the picture it takes from the first address it found."""
    async with AsyncExitStack() as stack:
        devices = [
            await stack.enter_async_context(
                Simulator(bind=address, port=34567, discovery_port=PORT, users={"admin": PASSWORD})
            )
            for address in ADDRESSES
        ]
        for number, device in enumerate(devices):
            device.state.config["NetWork.NetCommon"]["HostName"] = f"Gate {number}"
        await devices[0].prepare_media()
        peer = await stack.enter_async_context(go2rtc(folder))
        http = await stack.enter_async_context(ClientSession())
        async with http.get(f"{peer.api}/api/dvrip") as reply:
            listed = (await reply.json(content_type=None))["sources"]
        url = min(entry["url"] for entry in listed).replace("user:pass", f"admin:{quote(PASSWORD, safe='')}")
        async with http.put(f"{peer.api}/api/streams", params={"name": "found", "src": url}) as reply:
            assert reply.status == 200, await reply.text()
        async with http.get(f"{peer.api}/api/frame.mp4", params={"src": "found"}) as reply:
            picture = await reply.read()
        return {
            "listed": [[entry["name"], entry["url"]] for entry in listed],
            "started": [len(device.monitors_started) for device in devices],
            "picture": picture.hex(),
        }


@pytest.mark.skipif(not PEER.is_file(), reason="go2rtc is not built: install Go, tools/peers.sh")
async def test_it_lists_every_simulated_device(tmp_path: Path) -> None:
    if reason := await asyncio.to_thread(why_not):
        pytest.skip(reason)
    process = await asyncio.create_subprocess_exec(
        *alone(sys.executable, "-m", "tests.peers.test_go2rtc_discovery", str(tmp_path)),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(), 60)
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0, err.decode()
    said = json.loads(out)
    assert sorted(said["listed"]) == [
        [f"Gate {number}", f"dvrip://user:pass@{address}?channel=0&subtype=0"]
        for number, address in enumerate(ADDRESSES)
    ]
    assert said["started"] == [1, 0, 0, 0, 0]
    with av.open(io.BytesIO(bytes.fromhex(said["picture"])), "r") as container:
        frame = next(container.decode(video=0))
    assert (frame.width, frame.height, frame.key_frame) == (640, 360, True)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(inside(Path(sys.argv[1])))))
