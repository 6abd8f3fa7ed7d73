"""Every call that python-dvr has, against the simulator, one row each; what is broken in it is named with the reason."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest

from dvrip_proto.simulator import Simulator

from .conftest import run, until

PEER: Final = Path(__file__).parents[2] / ".venv" / "peers" / "python-dvr"
PASSWORD: Final = "secret"

type Want = Callable[[Simulator], object]

SCRIPT: Final = """
import json, sys
from dvrip import DVRIPCam
cam = DVRIPCam(sys.argv[1], port=int(sys.argv[2]), user="admin", password=sys.argv[3])
said = []
for call in json.loads(sys.argv[4]):
    try:
        said.append(eval(call))
    except Exception as error:
        said.append(type(error).__name__ + ": " + str(error))
print(json.dumps(said, default=str), flush=True)
__import__("os")._exit(0)
"""

METHODS: Final = """
import json
from dvrip import DVRIPCam
print(json.dumps([name for name in dir(DVRIPCam) if callable(getattr(DVRIPCam, name)) and name[0] != "_"]))
"""


def constant(value: object) -> Want:
    return lambda _device: value


def config(name: str) -> Want:
    return lambda device: device.state.store.defaults[name]


def camera(device: Simulator) -> object:
    return _camera(device, device.state.config)


def factory_camera(device: Simulator) -> object:
    return _camera(device, device.state.store.defaults)


def _camera(device: Simulator, objects: Mapping[str, object]) -> object:
    found = {name.partition(".")[2]: value for name, value in objects.items() if name.startswith("Camera.")}
    session = "0x1" if device.state.profile.flag("short_session") else "0x00000001"
    return found or {
        "Camera": None,
        "Name": "Camera",
        "Ret": 607,
        "SessionID": session,
    }  # recorders have none


def ability(name: str) -> Want:
    return lambda device: device.state.profile.data["abilities"][name]


OK: Final = constant(100)
TRUE: Final = constant(True)
NONE: Final = constant(None)
MOVES: Final = (
    *("DirectionUp", "DirectionDown", "DirectionLeft", "DirectionRight"),
    *("DirectionLeftUp", "DirectionLeftDown", "DirectionRightUp", "DirectionRightDown"),
    *("ZoomTile", "ZoomWide", "FocusNear", "FocusFar", "IrisSmall", "IrisLarge"),
    *("SetPreset", "GotoPreset", "ClearPreset", "StartTour", "StopTour"),
)

# In this order, on one connection: the call, and what it gives.
CALLS: Final[list[tuple[str, Want]]] = [
    ("cam.connect(timeout=3)", NONE),
    ("cam.login()", TRUE),
    ("cam.keep_alive()", NONE),
    ("cam.sofia_hash('')", constant("tlJwpbo6")),
    ("cam.send(1006, {'Name': 'KeepAlive', 'SessionID': '0x%08X' % cam.session})['Ret']", OK),
    ("cam.get_system_info()", lambda device: device.state.system_info()),
    ("cam.get_command('SystemInfo')['SerialNo']", lambda device: device.serial),
    ("cam.get_info('NetWork.NetDNS')", config("NetWork.NetDNS")),
    ("cam.get_netcommon()", config("NetWork.NetCommon")),
    ("cam.get_general_info()['Location']", config("General.Location")),
    ("cam.get_encode_capabilities()", ability("EncodeCapability")),
    ("cam.get_system_capabilities()", ability("SystemFunction")),
    ("cam.get_camera_info()", camera),
    ("cam.get_camera_info(default_config=True)", factory_camera),
    ("cam.get_encode_info()", config("Simplify.Encode")),
    ("cam.get_encode_info(default_config=True)", config("Simplify.Encode")),
    ("cam.get_upgrade_info()", lambda device: device.state.profile.data["upgrade"]),
    ("cam.set_info('NetWork.NetDNS', {'Address': '0x01020304', 'SpareAddress': '0x04030201'})['Ret']", OK),
    ("cam.get_info('NetWork.NetDNS')['Address']", constant("0x01020304")),
    ("cam.set_command('OPTimeSetting', '2030-01-02 03:04:05')['Ret']", OK),
    ("cam.get_time().year", constant(2030)),
    ("cam.set_time()['Ret']", OK),
    ("cam.get_time().year", constant(datetime.now().year)),
    ("cam.channel_title('Hall')", NONE),
    ("cam.get_info('ChannelTitle')", constant(["Hall"])),
    ("cam.channel_bitmap(8, 2, b'\\x81\\x7e')", TRUE),
    ("len(cam.getAuthorityList())", lambda device: len(device.state.accounts.rights)),
    ("[group['Name'] for group in cam.getGroups()]", constant(["admin", "user"])),
    ("cam.addGroup('guards', 'night', ['Monitor_01'])", TRUE),
    ("cam.modifyGroup('guards', newname='watch')", TRUE),
    ("cam.addUser('bob', 'bla', 'night', 'watch')", TRUE),
    ("cam.modifyUser('bob', newname='rob', comment='day', group='user')", TRUE),
    ("cam.modifyUser('nobody', comment='day')", constant(False)),
    ("cam.changePasswd('new', cam.sofia_hash('bla'), 'rob')", TRUE),
    ("[[user['Name'], user['Memo']] for user in cam.getUsers()][1:]", constant([["rob", "day"]])),
    ("cam.delUser('rob')", TRUE),
    ("cam.delGroup('watch')", TRUE),
    ("cam.delUser('admin')", constant(False)),
    *((f"cam.ptz({move!r}, preset=3)['Ret']", OK) for move in MOVES),
    ("cam.keyDown('Menu')", NONE),
    ("cam.keyUp('Menu')", NONE),
    ("cam.keyPress('Esc')", NONE),
    ("cam.keyScript('lr')", NONE),
    ("cam.set_remote_alarm(1)", NONE),
    ("cam.setAlarm(print)", NONE),
    ("cam.clearAlarm()", NONE),
    ("cam.reboot()", NONE),
    ("cam.close()", NONE),
]
KEYS: Final = ["Menu", "Esc", "Left", "Right"]

# Each needs a thread or a loop of its own: test_python_dvr.py has them.
ELSEWHERE: Final = {"alarmStart", "snapshot", "start_monitor", "stop_monitor"}
OWN_TEST: Final = {"upgrade"}
# Parts of other calls, which do nothing for a caller.
INNER: Final = {
    *("debug", "alarm_thread", "reassemble_bin_payload", "receive_json", "receive_with_timeout", "recv_json"),
    *("tcp_socket_recv", "tcp_socket_send"),
}
# What fails in python-dvr itself, whatever the device: the call, how it fails, and why.
BROKEN: Final = [
    ("cam.changePasswd('new')", "AttributeError", "reads cam.password, which is never set; oldpass helps"),
    ("DVRIPCam('127.0.0.1', proto='sctp').connect()", "TypeError", "raises a text instead of an exception"),
]
# And one that shows only later: snapshot() and start_monitor() keep its lock, so the keep-alives of its timer wait for ever.
LOCKED: Final = (
    "__import__('concurrent.futures').futures.ThreadPoolExecutor().submit(cam.busy.acquire, False).result()"
)
# UDP: no device is known to answer it, and python-dvr would wait for a header and a body in two datagrams.
UDP: Final = {"udp_socket_recv", "udp_socket_send"}

pytestmark = pytest.mark.skipif(not PEER.is_dir(), reason="python-dvr is not installed: make setup")


async def answers(device: Simulator, calls: list[str]) -> list[Any]:
    where = (device.host, str(device.port), PASSWORD)
    out = await run(PEER, "-c", SCRIPT, *where, json.dumps(calls))
    return list(json.loads(out.splitlines()[-1]))


async def test_no_call_is_forgotten() -> None:
    rows = {name for call, _ in CALLS for name in re.findall(r"\bcam\.([a-zA-Z]\w+)\(", call)}
    assert set(json.loads(await run(PEER, "-c", METHODS))) == rows | ELSEWHERE | OWN_TEST | INNER | UDP


@pytest.mark.parametrize("profile", ["ipc", "hi3516", "nvr", "hvr"])
async def test_every_call_works(profile: str) -> None:
    async with Simulator(profile=profile, users={"admin": PASSWORD}, channels=1) as device:
        said = await answers(device, [call for call, _ in CALLS])
        wrong = [
            f"{call} gives {answer!r}, not {want(device)!r}"
            for (call, want), answer in zip(CALLS, said, strict=True)
            if answer != want(device)
        ]
        assert wrong == []
        pressed = [(action, key) for key in KEYS for action in ("KeyDown", "KeyUp")]
        assert device.state.keys == pressed
        assert [command for command, _, _ in device.ptz[0].history] == list(MOVES)
        assert (0, "NetAlarm") in device.state.alarms.active
        assert device.requests[-1] == (1450, "OPMachine", "admin")
        await until(lambda: not device.up)


async def test_what_is_broken_in_it_fails_before_anything_is_sent() -> None:
    async with Simulator(users={"admin": PASSWORD}) as device:
        said = await answers(device, ["cam.login()", *(call for call, _, _ in BROKEN)])
        assert [text.partition(":")[0] for text in said[1:]] == [error for _, error, _ in BROKEN]
        assert [number for number, _, _ in device.requests] == [1000, 1006]


async def test_it_keeps_its_lock_after_a_snapshot() -> None:
    async with Simulator(users={"admin": PASSWORD}) as device:
        await device.prepare_media()
        assert await answers(device, ["cam.login()", LOCKED]) == [True, True]
        assert await answers(device, ["cam.login()", "len(cam.snapshot()) > 1000", LOCKED]) == [
            True,
            True,
            False,
        ]


def firmware() -> bytes:
    described = {
        "UpgradeCommand": [{"Command": "Burn", "FileName": "user-x.cramfs.img"}],
        "Hardware": "XM530_50X50-WG_8M",
        "DevID": "000529B21001000000000000",
        "CompatibleVersion": 2,
        "Vendor": "General",
    }
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(zipfile.ZipInfo("InstallDesc", (2026, 5, 7, 10, 0, 0)), json.dumps(described))
        file.writestr("user-x.cramfs.img", bytes(70000))
    return archive.getvalue()


async def test_its_upgrade_is_burnt(tmp_path: Path) -> None:
    path = tmp_path / "new.bin"
    path.write_bytes(firmware())
    async with Simulator(users={"admin": PASSWORD}) as device:
        device.downtime_s = 0.2
        device._unit.upgrade.burn_s = 1.0
        said = await answers(
            device, ["cam.login()", f"cam.upgrade({str(path)!r}, vprint=lambda text: None)['Ret']"]
        )
        assert said == [True, 515]
        await until(lambda: device.state.system_info()["BuildTime"] == "2026-05-07 10:00:00")
