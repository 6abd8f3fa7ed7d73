"""The table of recorded replies: which profile gives each, to which request, and what it says its own way.

Behind it, what the tests of the vectors share.
"""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest

from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.simulator.state.clock import FORMAT, Clock
from tests.frames.vectors import vector, vectors
from tests.simulator.raw import BLANK, Raw

FOLDER: Final = Path(__file__).parent.parent / "profiles"
SPEC: Final = FOLDER / "spec-dvr.json"
HI3516EV300: Final = FOLDER / "hi3516ev300.json"
V511: Final = FOLDER / "v511.json"
FEEDER: Final = FOLDER / "feeder.json"

type Message = tuple[int, bytes]


def spelled(value: Any) -> bytes:
    """JSON as devices print it: one line, sorted keys, spaces; recorded texts hold `\\/` as it is on the wire."""
    if isinstance(value, dict):
        members = [spelled(key) + b" : " + spelled(value[key]) for key in sorted(value)]
        return b"{ " + b", ".join(members) + b" }" if members else b"{}"
    if isinstance(value, list):
        return b"[ " + b", ".join(map(spelled, value)) + b" ]" if value else b"[]"
    return json.dumps(value, ensure_ascii=False).encode().replace(rb"\\/", rb"\/")


def asks(message_id: int, name: str, value: Any = None) -> Message:
    """A request as the vendor's client spells it."""
    return message_id, spelled({"Name": name} | ({} if value is None else {name: value})) + b"\n"


def sends(vector_id: str) -> Message:
    """A recorded request."""
    found = vector(vector_id)
    if "hex" in found:
        return found["msgid"], bytes.fromhex(found["hex"])[20:]
    return found["msgid"], spelled(found["json"]) + b"\n"


def login(user: str, password: str) -> Message:
    """A login."""
    body = {"EncryptType": "MD5", "LoginType": "DVRIP-Web", "PassWord": password, "UserName": user}
    return 1000, spelled(body) + b"\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """How to ask for a recorded reply. `own`: path of a value -> why the simulated device has another."""

    request: Message
    profile: str | Path = "ipc"
    own: Mapping[str, str] = field(default_factory=dict)
    quirks: Quirks = field(default_factory=Quirks)
    clock: str = ""
    logged_in: bool = True


_ADDRESS: Final = "the simulated device is at another address"
_MAC: Final = "follows from the serial number; the recording's is replaced as well"
_HIDDEN: Final = "hidden in the recording"
_COMMON: Final = "NetWork.NetCommon"
_OWN: Final = {
    "cfg-NetWork.NetCommon-kos": {
        f"{_COMMON}/HostIP": _ADDRESS,
        f"{_COMMON}/GateWay": _ADDRESS,
        f"{_COMMON}/TCPPort": _ADDRESS,
        f"{_COMMON}/MAC": _MAC,
    },
    "cfg-NetWork.Wifi-kos": {"NetWork.Wifi/Keys": _HIDDEN, "NetWork.Wifi/SSID": _HIDDEN},
}
_GETS: Final = {1043: 1042, 1361: 1360, 1021: 1020, 1049: 1048}
_TEST_LOG: Final = {**vector("json-log-req-2")["json"]["OPLogQuery"], "EndTime": "2026-04-02 00:00:00"}


def _got(vector_id: str) -> Case:
    """A reply to a request that says no more than a name."""
    found = vector(vector_id)
    return Case(request=asks(_GETS[found["msgid"]], found["json"]["Name"]), own=_OWN.get(vector_id, {}))


_NAMED: Final = [
    str(each.id)
    for each in vectors("json")
    if str(each.id).startswith(("cfg-", "ability-"))
    or each.id in ("json-systeminfo-kos", "json-storageinfo-kos", "json-channeltitle-kos")
]

REPLIES: Final[dict[str, Case]] = {
    **{name: _got(name) for name in _NAMED},
    "json-login-ok": Case(request=login("admin", BLANK), logged_in=False),
    "json-login-fail-pw": Case(request=login("admin", "6QNMIQGe"), logged_in=False),
    "json-login-fail-user": Case(request=login("nobody", BLANK), logged_in=False),
    "json-filequery-empty-kos": Case(request=sends("json-filequery-req-kos")),
    "json-log-last": Case(request=asks(1442, "OPLogQuery", {**_TEST_LOG, "LogPosition": 1048})),
    "json-default-rsp": Case(request=sends("json-default-req")),
    "json-timeset-rsp": Case(request=sends("json-timeset-req")),
    "json-timequery-rsp": Case(request=asks(1452, "OPTimeQuery"), clock="2026-02-01 12:19:31"),
    "json-authority": Case(request=asks(1470, "")),
    "json-groups": Case(request=asks(1474, "")),
    "json-adduser-rsp": Case(request=sends("json-adduser")),
    "json-guard-rsp": Case(request=sends("json-guard")),
    "json-upgradeinfo": Case(request=asks(1525, "OPSystemUpgrade")),
    "json-upgradeinfo-besder": Case(
        request=asks(1525, "OPSystemUpgrade"), profile="hi3516", quirks=Quirks(zero_session=True)
    ),
    "json-nortc-rsp": Case(request=sends("json-nortc")),
    "json-ftptest-rsp": Case(request=asks(2008, "OPFTPTest")),
    "json-monitor-stop-rsp": Case(
        request=asks(
            1410,
            "OPMonitor",
            {**json.loads(sends("pkt-claim-req")[1])["OPMonitor"], "Action": "Stop"},
        )
    ),
    "json-feeder": Case(request=asks(2304, "OPFeedManual", {"Servings": 1}), profile=FEEDER),
}
"""Recorded JSON replies: the whole body is compared."""

REQUESTS: Final[dict[str, int]] = {
    "cfgset-LocalHost": 100,
    "cfgset-Simplify.Encode.[0]": 100,
    "cfgset-TimeZone": 100,
    "hdr-keepalive-req": 100,
    "hdr-title-req": 100,
    "json-adduser": 100,
    "json-default-req": 603,
    "json-deluser": 210,
    "json-filequery-req-kos": 119,
    "json-guard": 100,
    "json-log-req-1": 100,
    "json-log-req-2": 100,
    "json-nortc": 100,
    "json-storage-settype": 100,
    "json-timeset-req": 100,
    "pkt-keepalive-encrypted-body": 100,
    "pkt-keepalive-req": 100,
    "title-bitmap": 100,
}
"""Recorded requests that any logged in client may send, and the Ret they get."""

KINDS: Final[dict[str, str]] = {
    "exusermap": "a text of the object that cfg-System.ExUserMap-kos reproduces",
    "firmware": "a firmware file's name and a version: the client compares them",
    "info_field": "information of vehicles; no profile is one",
    "ipv4_hex": "a spelling: wire/test_values.py",
    "media_resolution": "a frame header's bits, computed from the vendor's paper: wire/test_media.py",
    "session_id": "a spelling: wire/test_values.py",
    "sofia_hash": "a hash: wire/test_values.py; accounts are made with the same function",
    "sofia_hash_opaque": "a hash whose password nobody knows",
    "time_section": "a spelling inside of objects that are reproduced",
}
"""Kinds of vectors that are no message of a device, and what they are."""

LISTED: Final[dict[str, str]] = {
    "bytime-bitmap": "made from the vendor's list of minute types; the devices here record no alerts (type 2)",
    "dt-calc-20000101": "computed from the bit layout: wire/test_media.py",
    "dt-calc-20090216": "computed from the bit layout: wire/test_media.py",
    "dt-calc-20261231": "computed from the bit layout: wire/test_media.py",
    "dt-calc-20631231": "computed from the bit layout: wire/test_media.py",
    "dt-calc-20240229": "computed from the bit layout: wire/test_media.py",
    "pkt-raw-hello": "a packet of no device, to test header fields with",
}
"""Vectors that no simulated device gives or gets, and why."""

SERIAL: Final = "2a981919678907c1"
ELSEWHERE: Final[set[str]] = set()
"""Vectors with a test of their own."""


def reproduces[T: Callable[..., Any]](*vector_ids: str) -> Callable[[T], T]:
    """Note which vectors a test of its own is for."""
    ELSEWHERE.update(vector_ids)
    return lambda test: test


def body_of(vector_id: str) -> bytes:
    return spelled(vector(vector_id)["json"]) + b"\n\0"


def hex_of(vector_id: str) -> bytes:
    return bytes.fromhex(vector(vector_id)["hex"])


def freeze(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Let every device made from now on have this time."""
    monkeypatch.setattr(Clock, "now", lambda _clock: datetime.strptime(text, FORMAT))


def with_own(expected: Any, body: bytes, own: dict[str, str]) -> Any:
    """The recorded tree with the simulated device's values where it has its own; they must differ in value only."""
    expected, actual = copy.deepcopy(expected), json.loads(body[:-2])
    for path in own:
        *way, last = path.split("/")
        ours, theirs = actual, expected
        for step in way:
            ours, theirs = ours[step], theirs[step]
        assert type(ours[last]) is type(theirs[last]), path
        theirs[last] = ours[last]
    return expected


async def exactly(client: Raw, size: int) -> bytes:
    async with asyncio.timeout(5):
        return await client.reader.readexactly(size)


async def connect(device: Simulator, session: int) -> Raw:
    device._unit.sessions.next_number = session
    client = await Raw.login(device)
    assert client.session == session
    return client
