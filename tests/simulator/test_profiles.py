"""Profiles: those that come along, one of one's own from a file, and what a broken one is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dvrip_proto.errors import UsageError
from dvrip_proto.simulator import Simulator
from dvrip_proto.simulator.profile import load_profile, profile_names
from dvrip_proto.wire.probe import parse, probe_reply
from tests.frames.vectors import vector
from tests.simulator.raw import Raw

SPEC = Path(__file__).parent.parent / "profiles" / "spec-dvr.json"
SECRETS = ("Password", "PassWord", "Keys")


def walk(tree: Any, visit: Callable[[str, Any], None]) -> None:
    if isinstance(tree, dict):
        for key, value in tree.items():
            visit(key, value)
            walk(value, visit)
    elif isinstance(tree, list):
        for value in tree:
            walk(value, visit)


def test_these_profiles_come_along() -> None:
    assert profile_names() == ["hi3516", "hvr", "ipc", "nvr"]


@pytest.mark.parametrize("name", profile_names())
def test_a_profile_holds_nobodys_secrets_or_addresses(name: str) -> None:
    data = load_profile(name).data
    found: list[str] = []
    walk(data["config"], lambda key, value: found.append(value) if key in SECRETS and value else None)
    walk(data["channel_config"], lambda key, value: found.append(value) if key in SECRETS and value else None)
    # A published sample of a reversible password, and the example network's key.
    assert set(found) <= {"1215cGFzc3dvcmQx=jMM", "example-key"}
    assert data["source"]


@pytest.mark.parametrize("name", profile_names())
async def test_every_object_reads_writes_and_stays(name: str) -> None:
    async with Simulator(profile=name, channels=2) as device:
        client = await Raw.login(device)
        for object_name in device.state.config:
            value = await client.get(object_name)
            assert await client.put(object_name, value) == 100, object_name
            assert await client.get(object_name) == value
            if isinstance(value, list) and value:
                assert await client.get(f"{object_name}.[0]") == value[0]
        for ability in device.state.abilities:
            assert (await client.named(1360, ability)).ret == 100


@pytest.mark.parametrize("name", profile_names())
async def test_counts_follow_the_number_of_channels(name: str) -> None:
    async with Simulator(profile=name, channels=3) as device:
        client = await Raw.open(device)
        assert (await client.log_in("admin", "tlJwpbo6")).json["ChannelNum"] == 3
        info = (await client.named(1020, "SystemInfo")).json["SystemInfo"]
        assert info["VideoInChannel"] + info["DigChannel"] == 3
        assert len(await client.get("ChannelTitle")) == len(await client.get("Simplify.Encode")) == 3
        assert device.channels == len(device.ptz) == 3


async def test_the_papers_recorder_from_a_file() -> None:
    async with Simulator(profile=SPEC, users=None, serial="00000000") as device:
        client = await Raw.open(device)
        reply = (await client.log_in("admin", "6QNMIQGe")).json
        assert reply == {
            "AliveInterval": 20,
            "ChannelNum": 8,
            "DeviceType ": "DVR",
            "ExtraChannel": 1,
            "Ret": 100,
            "SessionID": "0x00000001",
        }
        assert (await Raw.login(device, "user", vector("hash-03")["hash"])).session
        info = (await client.named(1020, "SystemInfo")).json["SystemInfo"]
        assert (info["SoftWareVersion"], info["DeviceRunTime"], info["SerialNo"]) == (
            "JF1.00.R01",
            "0x0000019A",
            "00000000",
        )
        assert (await client.named(1020, "StorageInfo")).json["StorageInfo"][0]["Partition"][0][
            "RemainSpace"
        ] == "0x00073130"
        discovered = parse(probe_reply(device.state.discovery()))
        assert discovered is not None
        assert set(discovered) == set(vector("json-discovery-spec")["json"]["NetWork.NetCommon"])


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "not JSON"),
        ("[]", "lacks name, channels"),
        ('{"name": "x"}', "lacks channels, login"),
        ("5", "lacks name"),
    ],
)
def test_a_broken_profile_is_told(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "mine.json"
    path.write_text(text)
    with pytest.raises(UsageError, match=rf"^profile .*mine\.json: {complaint}"):
        load_profile(path)


def test_an_account_is_needed() -> None:
    with pytest.raises(UsageError, match="at least one account"):
        Simulator(users={})


def test_profiles_are_json_a_person_can_read() -> None:
    for name in profile_names():
        data = load_profile(name).data
        assert json.loads(json.dumps(data)) == data
        assert {"config", "channel_config", "system_info"} <= set(data)
