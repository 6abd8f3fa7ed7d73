"""Users and groups: the rules, the codes, the rights, and that accounts really log in."""

from __future__ import annotations

from typing import Any

import pytest

from dvrip_proto.simulator import Quirks, Simulator
from tests.frames.vectors import vector
from tests.simulator.raw import BLANK, Raw, monitor, until

TEST = "S2fGqNFs"


def user(name: str = "bob", **members: Any) -> dict[str, Any]:
    return {
        "AuthorityList": ["Monitor_01"],
        "Group": "user",
        "Memo": "",
        "Name": name,
        "Password": TEST,
        "Reserved": False,
        "Sharable": True,
        **members,
    }


async def add(client: Raw, **members: Any) -> int:
    return (await client.ask(1482, {"Name": "User", "User": user(**members)})).ret


async def users(client: Raw) -> dict[str, dict[str, Any]]:
    return {entry["Name"]: entry for entry in (await client.ask(1472, b"")).json["Users"]}


async def test_lists_are_the_recorded_ones(client: Raw) -> None:
    for message_id, name in ((1470, "json-authority"), (1474, "json-groups")):
        recorded = vector(name)["json"]
        assert {**(await client.ask(message_id, b"")).json, "SessionID": recorded["SessionID"]} == recorded
    assert await users(client) == {
        "admin": {
            "AuthorityList": vector("json-authority")["json"]["AuthorityList"],
            "Group": "admin",
            "Memo": "admin 's account",
            "Name": "admin",
            "Password": BLANK,
            "Reserved": True,
            "Sharable": True,
        }
    }


async def test_the_recorded_account_is_added_used_and_deleted(device: Simulator, client: Raw) -> None:
    reply = await client.ask(1482, vector("json-adduser")["json"])
    assert {**reply.json, "SessionID": "0x0000000b"} == vector("json-adduser-rsp")["json"]
    guest = await Raw.login(device, "nameuser", "sY6ww5dO")
    assert (await client.ask(1486, vector("json-deluser")["json"])).ret == 212, "in use"
    guest.close()
    await until(lambda: device.sessions == 1)
    assert (await client.ask(1486, vector("json-deluser")["json"])).ret == 100
    assert (await client.ask(1486, vector("json-deluser")["json"])).ret == 210
    assert (await (await Raw.open(device)).log_in("nameuser", "sY6ww5dO")).ret == 205


async def test_the_profiles_own_accounts() -> None:
    async with Simulator(profile="hi3516", users=None) as device:
        client = await Raw.login(device)
        assert (await users(client))["default"] == vector("json-users-default")["json"]
        assert (await Raw.login(device, "default", "OxhlwSG8")).session


async def test_the_first_user_is_the_administrator() -> None:
    async with Simulator(users={"root": "test", "guest": "bla"}) as device:
        client = await Raw.login(device, "root", TEST)
        listed = await users(client)
        assert {name: entry["Group"] for name, entry in listed.items()} == {"root": "admin", "guest": "user"}
        assert listed["guest"]["AuthorityList"] == ["Monitor_01", "Replay_01"]


@pytest.mark.parametrize(
    ("profile", "exists", "no_user", "no_group"), [("ipc", 209, 210, 211), ("hi3516", 112, 113, 115)]
)
async def test_codes_of_users(profile: str, exists: int, no_user: int, no_group: int) -> None:
    async with Simulator(profile=profile) as device:
        client = await Raw.login(device)
        assert await add(client) == 100
        assert await add(client) == exists
        assert await add(client, name="eve", Group="nobody") == no_group
        assert await add(client, name="eve", AuthorityList=["Account"]) == 213
        assert await add(client, name="") == 208
        assert await add(client, name="x" * 33) == 208
        assert await add(client, name="eve", Password="too long a hash") == 214
        assert (await client.ask(1486, {"Name": "eve"})).ret == no_user
        assert (await client.ask(1484, {"UserName": "eve", "User": user("eve")})).ret == no_user


async def test_users_are_modified(device: Simulator, client: Raw) -> None:
    assert await add(client) == 100
    change = {
        "UserName": "bob",
        "User": {**user("bob"), "Memo": "night shift", "Password": "", "Sharable": False},
    }
    assert (await client.ask(1484, change)).ret == 100
    bob = (await users(client))["bob"]
    assert (bob["Memo"], bob["Sharable"], bob["Password"]) == ("night shift", False, TEST)
    assert (
        await client.ask(1484, {"UserName": "bob", "User": {**bob, "Name": "rob", "Password": BLANK}})
    ).ret == 100
    assert list(await users(client)) == ["admin", "rob"]
    assert (await Raw.login(device, "rob", BLANK)).session
    assert (await client.ask(1484, {"UserName": "rob", "User": {"Name": "admin"}})).ret == 209
    assert (await client.ask(1484, {"UserName": "rob", "User": {"AuthorityList": ["ShutDown"]}})).ret == 213


async def test_the_administrator_stays(device: Simulator, client: Raw) -> None:
    assert (await client.ask(1486, {"Name": "admin"})).ret == 216
    assert (await client.ask(1484, {"UserName": "admin", "User": {"Name": "other"}})).ret == 216
    assert (await client.ask(1484, {"UserName": "admin", "User": {"AuthorityList": []}})).ret == 216
    assert (await client.ask(1480, {"Name": "admin"})).ret == 216
    rights = vector("json-authority")["json"]["AuthorityList"]
    assert await add(client, name="second", Group="admin", AuthorityList=rights) == 100
    second = await Raw.login(device, "second", TEST)
    assert (await second.ask(1486, {"Name": "second"})).ret == 212, "nobody deletes himself"
    assert "Account" in (await users(client))["admin"]["AuthorityList"]


async def test_groups_have_rules_too(client: Raw) -> None:
    group = {"AuthorityList": ["Monitor_01", "Replay_01"], "Memo": "", "Name": "guards"}
    assert (await client.ask(1476, {"Name": "Group", "Group": group})).ret == 100
    assert (await client.ask(1476, {"Name": "Group", "Group": group})).ret == 209
    assert (await client.ask(1476, {"Group": {**group, "Name": "g2", "AuthorityList": ["Fly"]}})).ret == 213
    assert await add(client, Group="guards") == 100
    assert (await client.ask(1480, {"Name": "guards"})).ret == 212
    narrow = {"GroupName": "guards", "Group": {**group, "AuthorityList": ["Replay_01"]}}
    assert (await client.ask(1478, narrow)).ret == 213
    assert (await client.ask(1478, {"GroupName": "guards", "Group": {**group, "Name": "watch"}})).ret == 100
    assert (await users(client))["bob"]["Group"] == "watch"
    assert (await client.ask(1486, {"Name": "bob"})).ret == 100
    assert (await client.ask(1480, {"Name": "watch"})).ret == 100
    assert (await client.ask(1480, {"Name": "watch"})).ret == 211
    assert [entry["Name"] for entry in (await client.ask(1474, b"")).json["Groups"]] == ["admin", "user"]


async def test_passwords_change(device: Simulator, client: Raw) -> None:
    body = {"EncryptType": "MD5", "UserName": "admin", "PassWord": TEST, "NewPassWord": TEST}
    assert (await client.ask(1488, body)).ret == 203
    assert (await client.ask(1488, {**body, "PassWord": BLANK})).ret == 100
    assert (await (await Raw.open(device)).log_in("admin", BLANK)).ret == 203
    assert (await Raw.login(device, "admin", TEST)).session
    assert (await client.named(1006, "KeepAlive")).ret == 100, "the session stays"
    clear = {"EncryptType": "NONE", "UserName": "admin", "PassWord": "test", "NewPassWord": "bla"}
    assert (await client.ask(1488, clear)).ret == 100
    assert (await Raw.login(device, "admin", "ahX6WENC")).session
    device.quirks = Quirks(ignore_password_change=True)
    assert (await client.ask(1488, {**body, "PassWord": "ahX6WENC"})).ret == 100
    assert (await Raw.login(device, "admin", "ahX6WENC")).session


async def test_rights_bound_what_a_user_may_do(device: Simulator, client: Raw) -> None:
    assert await add(client, AuthorityList=["Replay_01"]) == 100
    bob = await Raw.login(device, "bob", TEST)
    for message_id in (1470, 1472, 1474):
        assert (await bob.ask(message_id, b"")).ret == 107
    assert (await bob.ask(1482, {"User": user("eve")})).ret == 107
    assert (await bob.ask(1488, {"UserName": "admin", "PassWord": BLANK, "NewPassWord": TEST})).ret == 107
    assert (await bob.ask(1488, {"UserName": "bob", "PassWord": TEST, "NewPassWord": BLANK})).ret == 100
    assert await bob.put("NetWork.NetDNS", {"SpareAddress": "0x00000000"}) == 107
    assert await bob.put("Detect.MotionDetect.[0]", {"Enable": False}) == 107
    assert (await bob.named(1046, "ChannelTitle", ["x"])).ret == 107
    assert (
        await bob.named(1400, "OPPTZControl", {"Command": "DirectionUp", "Parameter": {"Channel": 0}})
    ).ret == 107
    assert (await bob.named(1413, "OPMonitor", monitor("Claim"))).ret == 107
    assert (await bob.named(1560, "OPSNAP", {"Channel": 0})).ret == 107
    assert (await bob.named(1442, "OPLogQuery", {})).ret == 107
    for name, value in (
        ("OPMachine", {"Action": "Reboot"}),
        ("OPTimeSetting", "2026-01-01 00:00:00"),
        ("OPLogManager", {"Action": "RemoveAll"}),
        ("OPDefaultConfig", {"General": True}),
    ):
        assert (await bob.named(1450, name, value)).ret == 107
    for message_id in (1460, 1520, 1540, 1542, 1544):
        assert (await bob.named(message_id, "OPStorageManager", {"Action": "Clear"})).ret == 107
    assert (await bob.named(1020, "SystemInfo")).ret == 100
    assert device.up


async def test_names_and_shapes_are_checked(client: Raw) -> None:
    assert await add(client) == 100
    for wish, ret in (
        ({"UserName": 5, "User": {}}, 101),
        ({"UserName": "bob", "User": {"Group": "nobody"}}, 211),
        ({"UserName": "bob", "User": {"Name": " x"}}, 208),
        ({"UserName": "bob", "User": {"Password": "??"}}, 214),
        ({"UserName": "bob", "User": {"AuthorityList": "all"}}, 213),
    ):
        assert (await client.ask(1484, wish)).ret == ret
    assert (
        await client.ask(1482, {"User": {"Name": "eve", "Group": "user", "AuthorityList": None}})
    ).ret == 213
    for wish, ret in (
        ({"GroupName": "user", "Group": {"Name": "people"}}, 216),
        ({"GroupName": "user", "Group": {"Name": "admin"}}, 209),
        ({"GroupName": "user", "Group": {"Name": ""}}, 208),
        ({"GroupName": "none", "Group": {"Name": "x"}}, 211),
        ({"GroupName": 7}, 101),
    ):
        assert (await client.ask(1478, wish)).ret == ret
    assert (await client.ask(1476, {"Group": {"Name": ""}})).ret == 208
    assert (await client.ask(1488, {"UserName": "bob", "PassWord": TEST, "NewPassWord": "short"})).ret == 214


async def test_there_is_room_for_sixty_users_and_fifty_groups(client: Raw) -> None:
    codes = [await add(client, name=f"u{number}") for number in range(61)]
    assert codes == [100] * 59 + [208] * 2
    groups = [
        (await client.ask(1476, {"Group": {"Name": f"g{number}", "AuthorityList": []}})).ret
        for number in range(50)
    ]
    assert groups == [100] * 48 + [208] * 2


async def test_a_session_follows_its_renamed_user(device: Simulator, client: Raw) -> None:
    assert await add(client) == 100
    bob = await Raw.login(device, "bob", TEST)
    assert (await client.ask(1484, {"UserName": "bob", "User": {"Name": "rob"}})).ret == 100
    assert (await bob.named(1413, "OPMonitor", monitor("Claim"))).ret == 100
    assert (await client.ask(1486, {"Name": "rob"})).ret == 212


async def test_a_clients_nested_form_is_understood(client: Raw) -> None:
    assert (await client.named(1482, "AddUser", {"User": user("nested")})).ret == 100
    assert "nested" in await users(client)
