"""The simulator's ipc beside the camera it is a recording of: every answer, and each difference with its reason."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

import pytest

from dvrip_proto.simulator import Simulator
from dvrip_proto.simulator.profile import load_profile
from tests.recorded.facts import Fact, facts, recorded
from tests.simulator.raw import Raw

CAMERA: Final = "xm530-50x50-wg"
HIDDEN: Final = "REDACTED"
NEUTRAL: Final = "0x0A0200C0"  # stands for every address of the recording
_CLOCK: Final = "the clock runs"
_SCENE: Final = "the generated scene has its own rate"
_PLACE: Final = "the simulated device is at its own address"
DIFFERENT: Final = {
    "1452 OPTimeQuery": _CLOCK,
    "1020 SystemInfo/DeviceRunTime": _CLOCK,
    "1042 System.TimeZone/timeMin": "the zone is this computer's",
    "1042 AVEnc.Encode/0/MainFormat/0/Video/FPS": _SCENE,
    "1042 AVEnc.Encode/0/MainFormat/1/Video/FPS": _SCENE,
    "1042 AVEnc.Encode/0/MainFormat/2/Video/FPS": _SCENE,
    "1042 Simplify.Encode/0/MainFormat/Video/FPS": _SCENE,
    "1042 NetWork.NetCommon/TCPPort": _PLACE,
}
TWO_RECORDINGS: Final = "1042 NetWork.NetDHCP"  # of four interfaces, and of five: the profile has five
OPERATIONS: Final[dict[str, Any]] = {
    "OPTimeSetting": "2026-02-01 12:19:31",
    "OPDefaultConfig": {"General": True},
    "OPStorageManager": {"Action": "Clear", "PartNo": 0, "SerialNo": 0, "Type": "Data"},
}


@pytest.fixture
async def client() -> AsyncIterator[Raw]:
    async with Simulator(profile="ipc") as device:
        client = await Raw.login(device)
        yield client
        client.writer.close()
        await client.writer.wait_closed()


def differences(real: Any, ours: Any, path: str) -> Iterator[str]:
    """Paths at which ours is not the recorded value; what the recording hides is no difference."""
    if real in (HIDDEN, NEUTRAL) and isinstance(ours, str):
        return
    if isinstance(real, dict) and isinstance(ours, dict) and real.keys() == ours.keys():
        for key, value in real.items():
            yield from differences(value, ours[key], f"{path}/{key}")
    elif isinstance(real, list) and isinstance(ours, list) and len(real) == len(ours):
        for place, value in enumerate(real):
            yield from differences(value, ours[place], f"{path}/{place}")
    elif type(real) is not type(ours) or real != ours:
        yield path


@pytest.mark.parametrize("fact", facts("told", CAMERA), ids=str)
async def test_an_object_is_told_as_the_camera_tells_it(client: Raw, fact: Fact) -> None:
    reply = (await client.named(fact.request, fact.name)).json
    assert reply["Ret"] == 100
    key = f"{fact.request} {fact.name}"
    found = set(differences(fact.value, reply[fact.name], key))
    if key == TWO_RECORDINGS and found:
        assert reply[fact.name][: len(fact.value)] == fact.value
        return
    assert found <= DIFFERENT.keys()


def test_every_difference_that_is_allowed_is_of_something_recorded() -> None:
    known = {f"{fact.request} {fact.name}" for fact in facts("told", CAMERA)}
    assert {path.partition("/")[0] for path in DIFFERENT} <= known
    assert len(DIFFERENT) == 8


@pytest.mark.parametrize("fact", facts("refused", CAMERA), ids=str)
async def test_what_the_camera_refuses_is_refused_alike(client: Raw, fact: Fact) -> None:
    reply = (await client.named(fact.request, fact.name, OPERATIONS.get(fact.name))).json
    assert (reply["Name"], reply["Ret"], reply.get(fact.name)) == (fact.name, fact.value, None)


@pytest.mark.parametrize("fact", facts("agreed", CAMERA), ids=str)
async def test_what_the_camera_agrees_to_is_agreed_to_alike(client: Raw, fact: Fact) -> None:
    value = OPERATIONS.get(fact.name)
    if fact.request == 1040:
        value = await client.get(fact.name)
    reply = (await client.named(fact.request, fact.name, value)).json
    assert {key: reply[key] for key in reply if key != "SessionID"} == {"Name": fact.name, "Ret": 100}


async def test_a_search_that_finds_nothing_and_the_cloud_have_no_name(client: Raw) -> None:
    for said in recorded(CAMERA)["said"]:
        reply = (await client.named(said["request"], "OPFileQuery", {"Channel": 0, "Type": "jpg"})).json
        assert (reply["Name"], reply["Ret"]) == (said["Name"], said["Ret"])


async def test_the_log_comes_in_pages_to_its_recorded_end(client: Raw) -> None:
    async def page(position: int) -> list[dict[str, Any]]:
        query = {
            "BeginTime": "2000-00-00 00:00:00",
            "EndTime": "2126-04-01 13:51:42",
            "LogPosition": position,
            "Type": "LogAll",
        }
        found: list[dict[str, Any]] = (await client.named(1442, "OPLogQuery", query)).json["OPLogQuery"]
        return found

    spans, position = [], 0
    while True:
        entries = await page(position)
        spans.append((entries[0]["Position"], entries[-1]["Position"]))
        if len(entries) < 128:
            break
        position = entries[-1]["Position"]
    assert spans[:3] == [(32, 159), (159, 286), (286, 413)], "as the camera's own pages"
    assert spans[-1][0] == 1048
    last = await page(1048)
    assert [entry["Type"] for entry in last[:4]] == ["SaveConfig", "SaveConfig", "SetDriverType", "AddUser"]


def test_what_nobody_recorded_is_marked_in_the_profile() -> None:
    data = load_profile("ipc").data
    told = {fact.name.partition(".[")[0] for part in ("told", "agreed") for fact in facts(part, CAMERA)}
    here = {*data["config"], *data["channel_config"], *data["abilities"]}
    assert {name for name in data["unrecorded"] if name in here} == here - told
