"""What is recorded of the models of nvr and hvr beside them, and flags that nobody has recorded."""

from __future__ import annotations

from typing import Any, Final

import pytest

from dvrip_proto.simulator import Simulator
from dvrip_proto.simulator.profile import load_profile, profile_names
from tests.recorded.facts import DEVICES, facts, recorded
from tests.recorded.test_ipc_profile import differences
from tests.simulator.raw import Raw

RECORDER: Final = "nbd8008r-u"
DIFFERENT: Final = {
    "SystemInfo/DigChannel": "the recorder has 32 channels, the simulated one as many as it is given",
    "SystemInfo/SerialNo": "another serial number: the recording has none",
}
SOURCED: Final = {
    "AlarmFunction": {"FaceDetect": True, "HumanDectionNVRNew": True, "MotionDetect": True},
    "EncodeFunction": {"SnapStream": False},
}
"""Of recorders: the alarm page that devices serve, and the recorder that leaves OPSNAP unanswered; else nothing."""


async def test_the_nvr_says_of_itself_what_the_recorder_does() -> None:
    (fact,) = (each for each in facts("told", RECORDER) if each.name == "SystemInfo")
    async with Simulator(profile="nvr", channels=32) as device:
        client = await Raw.login(device)
        told = (await client.named(1020, "SystemInfo")).json["SystemInfo"]
        client.writer.close()
        await client.writer.wait_closed()
    assert set(differences(fact.value, told, "SystemInfo")) <= DIFFERENT.keys()


@pytest.mark.parametrize("name", ["StorageInfo", "WorkState", "OPFileQuery"])
async def test_what_is_recorded_in_part_has_the_recorders_shape(name: str) -> None:
    (fact,) = (each for each in facts("told", RECORDER) if each.name == name)
    if name == "OPFileQuery":
        query: dict[str, Any] | None = {
            **{"BeginTime": "2000-01-01 00:00:00", "EndTime": "2037-12-31 23:59:59", "Channel": 0},
            **{"DriverTypeMask": "0x0000FFFF", "Event": "*", "StreamType": "0x00000000", "Type": "h264"},
        }
    else:
        query = None
    async with Simulator(profile="nvr", channels=3) as device:
        client = await Raw.login(device)
        told = (await client.named(fact.request, name, query)).json[name]
        client.writer.close()
        await client.writer.wait_closed()
    assert list(_missing(fact.value, told, name)) == []


def _missing(real: Any, ours: Any, path: str) -> Any:
    """Members of what was recorded that ours has not, or of another type; lists may be of another length."""
    if isinstance(real, dict):
        for key, value in real.items():
            if not isinstance(ours, dict) or key not in ours:
                yield f"{path}/{key}"
            else:
                yield from _missing(value, ours[key], f"{path}/{key}")
    elif isinstance(real, list):
        for value in real:
            yield from (_missing(value, ours[0], f"{path}/0") if isinstance(ours, list) and ours else [path])
    elif type(real) is not type(ours):
        yield path


@pytest.mark.parametrize("name", profile_names())
def test_no_profile_invents_a_flag(name: str) -> None:
    functions = load_profile(name).data["abilities"].get("SystemFunction", {})
    if functions == SOURCED:
        assert name in ("nvr", "nbd80n36ra"), "the second stands on the first"
        return
    told = [
        value
        for device in DEVICES
        for key, value in recorded(device)["told"].items()
        if key.startswith("1360 SystemFunction")
    ]
    assert functions in ({}, *told)
