"""dvrip (alexshpilkin), an independent client with a strict parser, against the old recorder: in its own process."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from dvrip_proto.simulator import Simulator

PEER: Final = Path(__file__).parents[2] / ".venv" / "peers" / "dvrip"
PASSWORD: Final = "päss wörd"

SCRIPT: Final = """
import json, socket, sys
from datetime import datetime, timedelta
from dvrip.errors import DVRIPRequestError
from dvrip.io import DVRIPClient
from dvrip.monitor import Stream
from dvrip.search import FileType
address, password = (sys.argv[1], int(sys.argv[2])), sys.argv[3]

def new():
    return socket.socket(socket.AF_INET, socket.SOCK_STREAM)

def connected():
    plain = new()
    plain.connect(address)
    return plain

said = {}
client = DVRIPClient(new())
client.connect(address, "admin", password)
system = client.systeminfo()
said["system"] = {name: getattr(system, name) for name in
    ("serial", "chassis", "board", "hardware", "software", "videoin", "audioin", "triggerin", "triggerout", "views", "uptime")}
said["disks"] = [[part.size, part.free] for disk in client.storageinfo() for part in disk.partinfo]
activity = client.activityinfo()
said["activity"] = [[channel.bitrate, channel.recording] for channel in activity.channels]
said["motion"] = activity.triggers.motion
client.time(datetime(2030, 1, 2, 3, 4, 5))
said["time"] = client.time().isoformat()
client.time(datetime.now().replace(microsecond=0))
now = client.time()
files = list(client.search(start=now - timedelta(days=3), end=now, channel=0, type=FileType.VIDEO))
said["files"] = [[file.name, file.length, file.start.isoformat(), file.end.isoformat(), file.disk, file.part] for file in files]
said["pictures"] = len(list(client.search(start=now - timedelta(days=3), end=now, channel=0, type=FileType.IMAGE)))
shortest = min(files, key=lambda file: file.length)
with connected() as plain:
    said["download"] = len(client.download(plain, shortest.name).read())
said["shortest"] = shortest.length
with connected() as plain:
    monitor = client.monitor(plain, 1, Stream.HD)
    said["monitor"] = monitor.read(16).hex()
    rest = 0
    while rest < 100_000:
        rest += len(monitor.read(4096))
said["after"] = client.systeminfo().serial
client.logout()
wrong = DVRIPClient(new())
try:
    wrong.connect(address, "admin", "wrong")
except DVRIPRequestError as error:
    said["wrong"] = str(error)
print(json.dumps(said))
"""

REBOOT: Final = """
import socket, sys
from dvrip.io import DVRIPClient
client = DVRIPClient(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
client.connect((sys.argv[1], int(sys.argv[2])), "admin", sys.argv[3])
client.reboot()
print("{}")
"""

pytestmark = pytest.mark.skipif(not PEER.is_dir(), reason="dvrip is not installed: make setup")


async def run(*arguments: str, **environment: str) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        env={"PYTHONPATH": str(PEER), "PATH": "/usr/bin:/bin", **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, err.decode()
    return out.decode()


async def said_by_peer(device: Simulator, script: str) -> dict[str, Any]:
    return dict(json.loads(await run("-c", script, device.host, str(device.port), PASSWORD)))


async def test_it_works_with_the_old_recorder() -> None:
    async with Simulator(profile="hvr", users={"admin": PASSWORD}) as device:
        await device.prepare_media()
        said = await said_by_peer(device, SCRIPT)
        print(json.dumps(said, indent=1)[:6000])


async def test_its_commands_work_too() -> None:
    async with Simulator(profile="hvr", users={"admin": PASSWORD}) as device:
        where = ("-m", "dvrip", "-h", device.host, "-p", str(device.port))
        disk = device.state.storage.disks[0]
        disk["Partition"], disk["PartNumber"] = disk["Partition"][:1], 1  # it cannot show one that was never used
        out = await run(*where, "info", DVR_PASSWORD=PASSWORD)
        print(out)


async def test_it_reboots_the_recorder() -> None:
    async with Simulator(profile="hvr", users={"admin": PASSWORD}) as device:
        await said_by_peer(device, REBOOT)
