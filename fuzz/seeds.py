"""What a search for faults starts from: golden vectors, and real replies for each call."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from dvrip_proto.wire.cipher import FIXED_KEY, Cipher
from dvrip_proto.wire.framer import pack
from dvrip_proto.wire.media import FrameKind, MediaFrame, pack_frame
from dvrip_proto.wire.media_frame import STEP

from .properties import REPLY_NAMES

VECTORS = Path(__file__).parent.parent / "tests" / "frames" / "vectors.json"


@cache
def _vectors() -> Mapping[str, dict[str, Any]]:
    return {vector["id"]: vector for vector in json.loads(VECTORS.read_text("utf-8"))}


def _trees() -> list[Any]:
    return [vector["json"] for vector in _vectors().values() if vector["kind"] == "json"]


def _tree(vector_id: str) -> Any:
    return _vectors()[vector_id]["json"]


def _json(tree: Any) -> bytes:
    return json.dumps(tree, ensure_ascii=False).encode()


@cache
def replies() -> tuple[tuple[str, Any], ...]:
    """A call of the features, and what a real device answers to it."""
    user, output = _tree("json-users-default"), _tree("cfg-Alarm.AlarmOut-kos")
    administrator = {"Name": "admin", "Group": "admin", "AuthorityList": ["Account"], "Reserved": True}
    accounts = {
        "Users": [administrator, {**user, "Name": "guest"}, user],
        **_tree("json-groups"),
        **_tree("json-authority"),
    }
    files = [_tree(f"json-file-item{kind}") for kind in ("", "-motion", "-spec")]
    bitmap = {"ByTimeInfo": [{"iChannel": 0, "cRecordBitMap": _vectors()["bytime-bitmap"]["base64"]}]}
    storage, channel = _tree("json-storageinfo-kos"), {"Ret": 100, "Name": ""}
    info = _tree("json-systeminfo-kos")
    told = [
        *(("info", {"SystemInfo": _tree(f"json-sysinfo-{model}")}) for model in ("nvr", "hi3516ev300")),
        ("info", info),
        ("work state", {"WorkState": _tree("json-workstate-mask"), "Ret": 100}),
        ("functions", {"SystemFunction": {"AlarmFunction": {"MotionDetect": True, "BlindDetect": 0}}}),
        ("ability", _tree("ability-MotionArea-kos")),
        *((name, _tree("json-timequery-rsp")) for name in ("time", "sync time")),
        *((name, storage) for name in ("storage", "disks")),
        *(
            (name, accounts)
            for name in ("users", "groups", "authorities", "account", "moved", "removal", "group removal")
        ),
        *(("recordings", {**channel, key: files}) for key in ("OPFileQuery", "FileList")),
        ("recordings", _tree("json-filequery-empty-kos")),
        ("timeline", {**channel, "OPFileQuery": bitmap}),
        *(("calendar", {**channel, "OPSCalendar": {"Mask": mask}}) for mask in (2147483649, [7] * 12)),
        ("year", {**channel, "OPSCalendar": {"Mask": [1, 0, "0x00000005", 2, 3, 4, 5, 6, 7, 8, 9, 10]}}),
        ("log", _tree("json-log-last")),
        *(("upgrade", {**info, **_tree(f"json-upgradeinfo{kind}")}) for kind in ("", "-besder")),
        *((name, output) for name in ("outputs", "switch")),
        ("network", _tree("cfg-NetWork.NetCommon-kos")),
        ("ntp", _tree("cfg-NetWork.NetNTP-kos")),
        ("title", _tree("json-channeltitle-kos")),
        ("motion", {**channel, "Detect.MotionDetect": [_element("cfg-Detect.MotionDetect.[0]-kos")]}),
        ("record", {**channel, "Record.[0]": _element("cfg-Record.[0]-kos")}),
        ("encode", {**channel, "Simplify.Encode.[0]": _element("cfgset-Simplify.Encode.[0]")}),
        *((name, {**channel, f"NetWork.{key}": [{"Enable": True}]}) for name, key in _TRIALS),
        ("dump", {"tree": info["SystemInfo"], **accounts}),
        ("dump", {"tree": _element("cfg-NetWork.NetCommon-kos"), "AlarmState": {"VideoMotion": "0x1"}}),
    ]
    return tuple(told)


_TRIALS = (("mail", "NetEmail"), ("ftp", "NetFTP"))


def _element(vector_id: str) -> Any:
    tree = _tree(vector_id)
    return tree[tree["Name"]]


def _packets() -> list[bytes]:
    vectors = _vectors().values()
    single = [bytes.fromhex(vector["hex"]) for vector in vectors if vector["kind"] == "packet"]
    return [*single, b"".join(map(bytes.fromhex, _vectors()["pkt-login-rsp-fragmented"]["hex"]))]


def _media() -> bytes:
    nal, when = b"\0\0\0\1\x67", datetime(2026, 8, 8, 21, 38, 57)
    size: dict[str, Any] = {"width": 88 * STEP, "height": 72 * STEP, "fps": 25}
    frames = [
        MediaFrame(kind=FrameKind.I, payload=nal + bytes(90), codec="h265", time=when, **size),
        MediaFrame(kind=FrameKind.P, payload=nal + bytes(30), codec="h265", **size),
        MediaFrame(kind=FrameKind.AUDIO, payload=bytes(40), codec="pcma", sample_rate=8000),
        MediaFrame(kind=FrameKind.INFO, payload=b"03ABC"),
        MediaFrame(kind=FrameKind.JPEG, payload=b"\xff\xd8\xff\xd9", time=when, **size),
    ]
    return b"".join(map(pack_frame, frames))


def _framer() -> list[bytes]:
    stream = b"".join(_packets())
    return [bytes([cut]) + stream for cut in (0, 1, 20, 33, 77)] + [b"\7" + each for each in _packets()]


def _session() -> list[bytes]:
    said = [pack(tree_id, _json(tree), session=11) for tree_id, tree in _numbered()]
    login = bytes.fromhex(_vectors()["pkt-login-rsp"]["hex"])
    return [b"\5" + login + b"".join(said[at : at + 6]) for at in range(0, len(said), 6)]


def _numbered() -> list[tuple[int, Any]]:
    vectors = [vector for vector in _vectors().values() if vector["kind"] == "json" and vector.get("msgid")]
    return [(vector["msgid"], vector["json"]) for vector in vectors]


def _config() -> list[bytes]:
    objects = [tree for tree in _trees() if isinstance(tree, dict)]
    return [bytes([at % 256]) + _json(tree) + b"\xff" + _json(tree) for at, tree in enumerate(objects)]


def _replies() -> list[bytes]:
    return [bytes([REPLY_NAMES.index(name)]) + _json(tree) for name, tree in replies()]


def _datagrams() -> list[bytes]:
    found = [tree for tree in _trees() if isinstance(tree, dict) and "NetWork.NetCommon" in tree]
    answers = [{"Ret": 100, "DvrMac": "00:12:34:56:78:90"}, {"Ret": 203}]
    alarms = [_tree(f"json-alarm-{kind}") for kind in ("start", "stop")] + [_tree("json-alarmcenter")]
    return [pack(1531, _json(tree)) for tree in [*found, *alarms]] + [
        pack(1533, _json(each)) for each in answers
    ]


def _ciphered() -> list[bytes]:
    cipher, offer = Cipher(FIXED_KEY), _tree("json-keyneg-1011")
    key = {"PublicKey": f"{(1 << 1023) + 12345:X},010001"}
    salted = {"LoginEncryptionType": {"RSA": True, "MD5_DH": True}, "DHParameter": {"RandomStrB": "wxyz"}}
    offers = [_json(offer), _json(offer | key), _json(offer | key | salted)]
    return [*offers, *(cipher.encode(each) for each in offers)]


SEEDS: Mapping[str, Callable[[], list[bytes]]] = {
    "framer": _framer,
    "body": lambda: [_json(tree) for tree in _trees()],
    "media": lambda: [bytes([cut]) + _media() for cut in (0, 1, 7, 50)],
    "session": _session,
    "discovery": _datagrams,
    "config": _config,
    "replies": _replies,
    "cipher": _ciphered,
}
"""Examples of every target's input."""
