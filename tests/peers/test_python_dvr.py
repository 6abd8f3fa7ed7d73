"""python-dvr, an independent client, against the simulator: in its own process, with nothing of this library in it."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from dvrip_proto.simulator import Simulator

PEER = Path(__file__).parents[2] / ".venv" / "peers" / "python-dvr"
PASSWORD = "päss wörd"
FRAMES = 60

SCRIPT = """
import json, sys
from dvrip import DVRIPCam
host, port, password, frames = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
said = {}
cam = DVRIPCam(host, port=port, user="admin", password=password)
said["login"] = cam.login()
said["info"] = cam.get_system_info()
said["users"] = [user["Name"] for user in cam.getUsers()]
said["groups"] = [group["Name"] for group in cam.getGroups()]
said["rights"] = len(cam.getAuthorityList())
said["config"] = {name: cam.get_info(name) for name in ("General.General", "NetWork.NetCommon", "Simplify.Encode")}
said["root"] = sorted(cam.get_general_info())
said["functions"] = sorted(cam.get_system_capabilities())
said["unknown"] = cam.get_info("No.Such.Thing")["Ret"]
said["set"] = cam.set_info("fVideo.Volume", [{"AudioMode": "Single", "LeftVolume": 7, "RightVolume": 8}])["Ret"]
said["volume"] = cam.get_info("fVideo.Volume")
said["added"] = [cam.addGroup("guards", auth=["Monitor_01"]), cam.addUser("bob", "bla", group="guards")]
said["modified"] = [cam.modifyUser("bob", comment="night"), cam.modifyGroup("guards", comment="n")]
said["with_bob"] = [user["Name"] for user in cam.getUsers()]
said["removed"] = [cam.delUser("bob"), cam.delGroup("guards")]
said["password"] = cam.changePasswd("admin", cam.hash_pass, "admin")
cam.channel_title("Hall")
said["title"] = cam.get_info("ChannelTitle")
said["ptz"] = [cam.ptz("DirectionUp", preset=65535)["Ret"], cam.ptz("DirectionUp", preset=-1)["Ret"]]
cam.keyDown("Menu")
said["set_time"] = cam.set_time(__import__("datetime").datetime(2030, 1, 2, 3, 4, 5))["Ret"]
said["time"] = str(cam.get_time())
said["upgrade"] = cam.get_upgrade_info()
picture = bytes(cam.snapshot())
said["picture"] = [picture[:4].hex(), picture[-2:].hex(), len(picture)]
seen = []
def take(frame, meta, user):
    seen.append([meta.get("frame"), meta.get("type"), len(frame), meta.get("fps"), meta.get("width"), bytes(frame[:5]).hex()])
    if len(seen) >= frames:
        cam.stop_monitor()
cam.start_monitor(take)
said["frames"] = seen
cam.close()
wrong = DVRIPCam(host, port=port, user="admin", password="wrong")
said["wrong"] = wrong.login()
wrong.close()
nobody = DVRIPCam(host, port=port, user="nobody", password="")
said["nobody"] = nobody.login()
nobody.close()
print(json.dumps(said))
"""

ALARMS = """
import json, sys, time
from dvrip import DVRIPCam
cam = DVRIPCam(sys.argv[1], port=int(sys.argv[2]), user="admin", password=sys.argv[3])
cam.connect(timeout=1)
assert cam.login()
heard = []
cam.setAlarm(lambda content, ids: heard.append(content))
cam.alarmStart()
print("armed", flush=True)
deadline = time.monotonic() + 10
while len(heard) < 2 and time.monotonic() < deadline:
    time.sleep(0.05)
print(json.dumps(heard), flush=True)
cam.close()
__import__("os")._exit(0)
"""

ASYNC = """
import asyncio, json, sys
from asyncio_dvrip import DVRIPCam
async def main():
    cam = DVRIPCam(sys.argv[1], port=int(sys.argv[2]), user="admin", password=sys.argv[3])
    said = {"login": await cam.login(asyncio.get_running_loop())}
    said["info"] = await cam.get_system_info()
    said["dns"] = await cam.get_info("NetWork.NetDNS")
    seen = []
    def take(frame, meta, user):
        seen.append([meta.get("frame"), len(frame)])
        if len(seen) >= int(sys.argv[4]):
            cam.stop_monitor()
    await cam.start_monitor(take, stream="Extra1")
    print(json.dumps({**said, "frames": seen}), flush=True)
asyncio.run(main())
"""

pytestmark = pytest.mark.skipif(not PEER.is_dir(), reason="python-dvr is not installed: make setup")


async def peer(script: str, device: Simulator, *more: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        script,
        device.host,
        str(device.port),
        PASSWORD,
        *more,
        env={"PYTHONPATH": str(PEER), "PATH": "/usr/bin:/bin"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def said_by_peer(device: Simulator, script: str = SCRIPT) -> dict[str, Any]:
    process = await peer(script, device, str(FRAMES))
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, err.decode()
    return dict(json.loads(out))


@pytest.mark.parametrize("profile", ["ipc", "hi3516"])
async def test_it_works_with_the_simulator(profile: str) -> None:
    async with Simulator(profile=profile, users={"admin": PASSWORD}) as device:
        await device.prepare_media()
        said = await said_by_peer(device)
        assert said["login"] is True
        assert said["info"]["SerialNo"] == device.serial
        assert (said["users"], said["groups"]) == (["admin"], ["admin", "user"])
        assert said["rights"] == len(device.state.accounts.rights)
        assert said["config"]["General.General"]["MachineName"] == "LocalHost"
        assert said["config"]["NetWork.NetCommon"]["TCPPort"] == device.port
        assert said["config"]["Simplify.Encode"][0]["MainFormat"]["Video"]["Compression"] == "H.264"
        assert {"General", "Location"} <= set(said["root"])
        assert "EncodeFunction" in said["functions"]
        assert said["unknown"] == 607
        assert (said["set"], said["volume"][0]["LeftVolume"]) == (100, 7)
        assert said["added"] == said["modified"] == said["removed"] == [True, True]
        assert said["with_bob"] == ["admin", "bob"]
        assert said["password"] is True
        assert said["title"] == ["Hall"] == device.state.titles
        assert said["ptz"] == [100, 100]
        assert [command for command, _, _ in device.ptz[0].history] == ["DirectionUp", "DirectionUp"]
        assert device.ptz[0].moving is None
        assert device.state.keys == [("KeyDown", "Menu")]
        assert said["set_time"] == 100
        assert said["time"].startswith("2030-01-02 03:04:0")
        assert said["upgrade"]["Hardware"] == device.state.profile.data["upgrade"]["Hardware"]
        assert said["picture"][:2] == ["ffd8ffe0", "ffd9"]
        assert said["wrong"] is False
        assert said["nobody"] is False


async def test_it_streams_whole_frames() -> None:
    async with Simulator(users={"admin": PASSWORD}) as device:
        await device.prepare_media()
        frames = (await said_by_peer(device))["frames"]
        assert len(frames) == FRAMES
        kind, codec, size, fps, width, start = frames[0]
        assert (kind, codec, fps, width, start) == ("I", "h264", 25, 640, "0000000167")
        assert size > 8192
        assert {codec for _, codec, _, _, _, _ in frames} >= {"h264", "g711a"}
        assert sum(kind == "P" for kind, *_ in frames) >= 20
        assert all(start in ("0000000141", "0000000101") for kind, *_, start in frames if kind == "P")
        assert device.monitors_started[0, "Main"] == 1


async def test_its_asyncio_client_works_too() -> None:
    async with Simulator(users={"admin": PASSWORD}) as device:
        await device.prepare_media()
        said = await said_by_peer(device, ASYNC)
        assert said["login"] is True
        assert said["info"]["SerialNo"] == device.serial
        assert said["dns"] == device.state.config["NetWork.NetDNS"]
        assert (said["frames"][0][0], len(said["frames"])) == ("I", FRAMES)
        assert device.monitors_started[0, "Extra1"] == 1


async def test_it_hears_alarms() -> None:
    async with Simulator(users={"admin": PASSWORD}) as device:
        process = await peer(ALARMS, device)
        assert process.stdout is not None
        assert await asyncio.wait_for(process.stdout.readline(), 20) == b"armed\n"
        await asyncio.sleep(0.3)
        device.raise_alarm(0, "VideoMotion", True)
        await asyncio.sleep(0.5)
        device.raise_alarm(0, "VideoMotion", False)
        heard = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))
        await process.wait()
        assert [(alarm["Event"], alarm["Status"]) for alarm in heard] == [
            ("VideoMotion", "Start"),
            ("VideoMotion", "Stop"),
        ]
