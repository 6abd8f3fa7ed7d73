"""dvrip (alexshpilkin), an independent client with a strict parser, against the old recorder: in its own process."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from dvrip_proto.simulator import Simulator

from .conftest import run, until

PEER: Final = Path(__file__).parents[2] / ".venv" / "peers" / "dvrip"
PASSWORD: Final = "päss wörd"
PAGE: Final = 64

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
    ("serial", "chassis", "board", "hardware", "software", "videoin", "audioin", "triggerin", "triggerout", "views")}
said["uptime"] = system.uptime
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
pictures = client.search(start=now - timedelta(days=3), end=now, channel=0, type=FileType.IMAGE)
said["pictures"] = [file.name[-4:] for file in pictures]
shortest = min((file for file in files if file.length > 200), key=lambda file: file.length)  # KiB
with connected() as plain:
    content = client.download(plain, shortest.name).read()
said["download"] = [content[:8].hex(), shortest.length * 1024, len(content)]
said["monitor"] = []
for channel, stream in ((1, Stream.HD), (2, Stream.SD)):
    with connected() as plain:
        monitor = client.monitor(plain, channel, stream)
        said["monitor"].append(monitor.read(16).hex())
        rest = 0
        while rest < 20_000:
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


async def said_by_peer(device: Simulator, script: str) -> dict[str, Any]:
    return dict(json.loads(await run(PEER, "-c", script, device.host, str(device.port), PASSWORD)))


async def test_it_works_with_the_old_recorder() -> None:
    async with Simulator(profile="hvr", users={"admin": PASSWORD}) as device:
        await device.prepare_media()
        device.raise_alarm(0, "VideoMotion", True)
        said = await said_by_peer(device, SCRIPT)
        system = device.state.system_info()
        assert said["system"] == {
            "serial": device.serial,
            "chassis": "HVR",
            "board": system["HardWare"],
            "hardware": None,
            "software": system["SoftWareVersion"],
            "videoin": 4,
            "audioin": system["AudioInChannel"],
            "triggerin": system["AlarmInChannel"],
            "triggerout": system["AlarmOutChannel"],
            "views": system["ExtraChannel"],
        }
        assert system["HardWareVersion"] == "Unknown"
        assert 0 <= int(system["DeviceRunTime"], 16) - said["uptime"] <= 1
        parts = [part for disk in device.state.storage.disks for part in disk["Partition"]]
        assert said["disks"] == [
            [int(part["TotalSpace"], 16), int(part["RemainSpace"], 16)] for part in parts
        ]
        assert (len(said["activity"]), said["motion"]) == (4, 1)
        assert said["time"].startswith("2030-01-02T03:04:0")
        assert said["after"] == device.serial
        assert said["wrong"] == "Wrong password"
        assert device.sessions == 0


async def test_it_finds_every_recording_and_loads_one() -> None:
    async with Simulator(profile="hvr", users={"admin": PASSWORD}) as device:
        await device.prepare_media()
        said = await said_by_peer(device, SCRIPT)
        now = datetime.now()
        kept = {
            file.name for file in device.archive.files(0, now - timedelta(days=2), now - timedelta(minutes=5))
        }
        names = [file[0] for file in said["files"]]
        assert len(kept) > PAGE
        assert kept <= set(names)
        assert len(names) == len(set(names))
        starts = [file[2] for file in said["files"]]
        assert starts == sorted(starts)
        assert set(said["pictures"]) == {".jpg"}
        start, listed, loaded = said["download"]
        assert start.startswith("000001fc0219")
        assert 100_000 < listed <= loaded < listed * 1.1


async def test_it_watches_channels() -> None:
    async with Simulator(profile="hvr", users={"admin": PASSWORD}) as device:
        await device.prepare_media()
        said = await said_by_peer(device, SCRIPT)
        main, extra = said["monitor"]
        # Codec, frames a second, and width and height in eighths.
        assert (main[8:16], extra[8:16]) == ("0219502d", "020c2817")
        assert device.monitors_started == {(1, "Main"): 1, (2, "Extra1"): 1}
        await until(lambda: not device.monitors and not device.playbacks)


async def test_its_info_command_tells_the_same() -> None:
    async with Simulator(profile="hvr", users={"admin": PASSWORD}) as device:
        disk = device.state.storage.disks[0]
        disk["Partition"], disk["PartNumber"] = (
            disk["Partition"][:1],
            1,
        )  # it cannot show one that was never used
        where = ("-m", "dvrip", "-h", device.host, "-p", str(device.port))
        lines = (await run(PEER, *where, "info", DVR_PASSWORD=PASSWORD)).splitlines()
        assert lines[0].split()[:3] == ["HVR", device.state.system_info()["HardWare"], device.serial]
        assert [line.split()[:2] for line in lines[1:3]] == [["disk", "0"], ["part", "0"]]
        assert [line.split()[:2] for line in lines[3:-1]] == [["channel", str(number)] for number in range(4)]
        assert lines[-1].endswith("triggers none")


async def test_it_reboots_the_recorder() -> None:
    async with Simulator(profile="hvr", users={"admin": PASSWORD}) as device:
        await said_by_peer(device, REBOOT)
        assert device.requests[-1] == (1450, "OPMachine", "admin")
        await until(lambda: not device.up)
