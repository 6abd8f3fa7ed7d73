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
from dvrip_proto.simulator.state.encoding import follow
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
    assert profile_names() == ["hi3516", "hvr", "ipc", "nbd80n36ra", "nvr", "r80x30", "xm210"]


@pytest.mark.parametrize("name", profile_names())
def test_a_profile_holds_nobodys_secrets_or_addresses(name: str) -> None:
    data = load_profile(name).data
    found: list[str] = []
    walk(data["config"], lambda key, value: found.append(value) if key in SECRETS and value else None)
    walk(data["channel_config"], lambda key, value: found.append(value) if key in SECRETS and value else None)
    # A published sample of a reversible password, and the example network's key.
    assert set(found) <= {"1215cGFzc3dvcmQx=jMM", "example-key", "daspass"}
    assert data["source"]


@pytest.mark.parametrize("name", profile_names())
async def test_every_object_reads_writes_and_stays(name: str) -> None:
    async with Simulator(profile=name, channels=2) as device:
        client = await Raw.login(device)
        hidden = device.state.profile.flag("section_only")
        for object_name in device.state.config.keys() - set(hidden):
            value = await client.get(object_name)
            assert await client.put(object_name, value) == 100, object_name
            assert await client.get(object_name) == value
            if isinstance(value, list) and value and device.state.profile.flag("indexed"):
                assert await client.get(f"{object_name}.[0]") == value[0]
        for ability in device.state.abilities:
            assert (await client.named(1360, ability)).ret == 100


async def test_a_recorder_tells_some_objects_in_their_section_only() -> None:
    async with Simulator(profile="nvr", channels=2) as device:
        client = await Raw.login(device)
        for name in ("AVEnc.Encode", "AVEnc.Encode.[0]"):
            reply = await client.named(1042, name)
            assert (reply.ret, reply.json[name]) == (607, None)
        section = await client.get("AVEnc")
        section["Encode"][0]["MainFormat"][0]["Video"]["BitRate"] = 777
        assert await client.put("AVEnc", section) == 100
        assert (await client.get("AVEnc"))["Encode"][0]["MainFormat"][0]["Video"]["BitRate"] == 777


@pytest.mark.parametrize("name", ["hi3516", "hvr", "ipc", "nvr"])
async def test_how_it_encodes_reads_the_same_in_both_objects(name: str) -> None:
    async with Simulator(profile=name, channels=2) as device:
        client = await Raw.login(device)

        async def full() -> Any:
            return (await client.get("AVEnc"))["Encode"][1]

        simple = await client.get("Simplify.Encode.[1]")
        assert (await full())["MainFormat"][2]["Video"] == simple["MainFormat"]["Video"]
        simple["MainFormat"]["Video"]["BitRate"] = 1234
        simple["ExtraFormat"]["Video"]["BitRate"] = 321
        assert await client.put("Simplify.Encode.[1]", simple) == 100
        assert [entry["Video"]["BitRate"] for entry in (await full())["MainFormat"]] == [1234] * 3
        assert (await full())["ExtraFormat"][0]["Video"]["BitRate"] == 321
        section = await client.get("AVEnc")
        section["Encode"][1]["ExtraFormat"][0]["Video"]["BitRate"] = 222
        assert await client.put("AVEnc", section) == 100
        assert (await client.get("Simplify.Encode.[1].ExtraFormat.Video.BitRate")) == 222


def test_channels_without_an_encoder_follow_nothing() -> None:
    objects: dict[str, Any] = {
        "AVEnc.Encode": [None, {"0": None}, {"MainFormat": [{"Video": 1}, None], "ExtraFormat": []}],
        "Simplify.Encode": [
            None,
            {"MainFormat": None},
            {"MainFormat": {"Video": 2}, "ExtraFormat": {"Video": 3}},
        ],
    }
    follow("Simplify.Encode", objects)
    assert objects["AVEnc.Encode"][2] == {"MainFormat": [{"Video": 2}, None], "ExtraFormat": []}
    objects["AVEnc.Encode"][2]["MainFormat"][0]["Video"] = 4
    follow("AVEnc.Encode", objects)
    assert objects["Simplify.Encode"][1:] == [
        {"MainFormat": None},
        {"MainFormat": {"Video": 4}, "ExtraFormat": {"Video": 3}},
    ]
    follow("Record", objects)
    follow("Simplify.Encode", {"Simplify.Encode": []})


@pytest.mark.parametrize("name", profile_names())
async def test_counts_follow_the_number_of_channels(name: str) -> None:
    async with Simulator(profile=name, channels=3) as device:
        client = await Raw.open(device)
        assert (await client.log_in("admin", "tlJwpbo6")).json["ChannelNum"] == 3
        info = (await client.named(1020, "SystemInfo")).json["SystemInfo"]
        assert info["VideoInChannel"] + info.get("DigChannel", 0) == 3
        titles = (await client.named(1048, "ChannelTitle")).json["ChannelTitle"]
        assert len(titles) == len(await client.get("Simplify.Encode")) == 3
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


async def test_a_profile_may_say_only_what_differs_from_another(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text('{"base": "hvr", "name": "mine", "answers": {"2126": {"Name": "DevInfo", "Ret": 605}}}')
    async with Simulator(profile=path) as device:
        client = await Raw.login(device)
        assert (device.profile, device.channels) == ("mine", 4)
        assert (await client.ask(2126)).json == {"Name": "DevInfo", "Ret": 605, "SessionID": "0x00000001"}
        assert "GeneralConfig" in (await client.ask(1470)).json["AuthorityList"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{"base": "nothing", "name": "x"}', "base 'nothing' is not one of hi3516"),
        ('{"base": ["ipc"], "name": "x"}', "base .* is not one of hi3516"),
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
