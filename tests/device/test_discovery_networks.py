"""Discovery on a machine with two networks and no gateway, in a network namespace: nothing leaves it."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from dvrip_proto.discovery import discover
from dvrip_proto.errors import DvripError
from dvrip_proto.wire.probe import DISCOVERY_PORT, is_probe, probe_reply

ROOT: Final = Path(__file__).parents[2]
# 198.51.100.0/24 and 203.0.113.0/24 are for documentation (RFC 5737).
NETWORKS: Final = """
set -e
ip link set lo up
for each in 198.51.100 203.0.113; do
    ip link add cam$each type bridge
    ip link set cam$each up
    ip address add $each.2/24 broadcast + dev cam$each
done
exec "$@"
"""


def alone(*command: str) -> list[str]:
    """The command line that runs `command` in networks of its own."""
    return [
        "unshare",
        "--net",
        *([] if os.geteuid() == 0 else ["--map-root-user"]),
        "sh",
        "-c",
        NETWORKS,
        "sh",
        *command,
    ]


async def inside() -> None:
    """Write who answers: a device in each network, at the address that the probe came from there."""
    device = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    device.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    device.bind(("", DISCOVERY_PORT))
    device.setblocking(False)

    def answer() -> None:
        datagram, asker = device.recvfrom(4096)
        if is_probe(datagram):
            mac = f"00:12:34:56:78:{asker[0].split('.')[0][-2:]}"
            device.sendto(probe_reply({"HostIP": "0x026433C6", "TCPPort": 34567, "MAC": mac}), asker)

    asyncio.get_running_loop().add_reader(device.fileno(), answer)
    try:
        said = str(sorted([found.host async for found in discover(timeout_s=0.5)]))
    except DvripError as error:
        said = str(error)
    sys.stdout.write(said)


def test_every_network_is_asked_also_without_a_gateway() -> None:
    try:
        able = subprocess.run(alone("true"), capture_output=True, text=True, timeout=20, check=False)
    except OSError as error:
        pytest.skip(f"no command {error.filename} (Debian: util-linux)")
    if able.returncode:
        pytest.skip(f"no network namespace, or no ip command (Debian: iproute2): {able.stderr.strip()}")
    paths = os.pathsep.join([str(ROOT / "shared"), str(ROOT)])
    done = subprocess.run(
        alone(sys.executable, __file__),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert done.stdout.strip() == "['198.51.100.2', '203.0.113.2']", done.stderr


if __name__ == "__main__":
    asyncio.run(inside())
