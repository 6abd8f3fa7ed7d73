import copy

import pytest

from dvrip_proto import (
    AuthenticationError,
    NotAppliedError,
    RequestError,
    TransportError,
    UsageError,
    sofia_hash,
)
from dvrip_proto.connection import Connection
from dvrip_proto.simulator import Quirks
from dvrip_proto.wire.ids import MessageId
from tests.device.conftest import PASSWORD, VIEWER_PASSWORD, login, scripted

NEW = "new pass phrase"


def changes(sim):
    """Messages that change accounts."""
    return [message_id for message_id, _, _ in sim.requests if 1476 <= message_id <= 1488]


async def may_log_in(sim, name, password):
    device = login(sim, name, password)
    try:
        async with device:
            return True
    except AuthenticationError:
        return False


async def test_accounts_as_values(sim, device):
    admin, viewer = [await device.users.get(name) for name in ("admin", "viewer")]
    assert admin.reserved
    assert admin.administrator
    assert admin.authorities == set(await device.users.authorities())
    assert (viewer.group, viewer.administrator) == ("user", False)
    assert viewer.password_hash == sofia_hash(VIEWER_PASSWORD)
    assert viewer.password_hash not in repr(viewer)
    assert await device.users.get("nobody") is None
    assert {group.name for group in await device.users.groups()} >= {"admin", "user"}
    assert (await device.users.get_group("user")).authorities >= viewer.authorities


async def test_a_user_is_made_changed_and_removed(sim, device):
    await device.users.add("bob", group="user", password=NEW, memo="garden")
    bob = await device.users.get("bob")
    assert (bob.group, bob.memo, bob.sharable, bob.reserved) == ("user", "garden", True, False)
    assert bob.authorities == (await device.users.get_group("user")).authorities
    assert await may_log_in(sim, "bob", NEW)

    assert await device.users.modify("bob", memo="gate", sharable=False) is True
    assert await device.users.modify("bob", memo="gate") is False
    bob = await device.users.get("bob")
    assert (bob.memo, bob.sharable) == ("gate", False)
    assert bob.password_hash == sofia_hash(NEW)

    assert await device.users.remove("bob") is True
    assert await device.users.remove("bob") is False
    assert await device.users.get("bob") is None


async def test_planning_twice_changes_nothing_and_passwords_are_compared_by_hash(sim, device):
    wish = {"group": "user", "password": NEW, "memo": "m"}
    first = await device.users.plan_user("bob", **wish)
    assert (first.current, first.changed, first.unverifiable) == ({}, True, ())
    assert changes(sim) == []
    assert NEW not in f"{first!r}{first.summary()}{first.before}{first.after}"
    assert sofia_hash(NEW) not in f"{first!r}{first.summary()}{first.before}{first.after}"
    await device.users.apply(first)
    again = await device.users.plan_user("bob", **wish)
    assert not again.changed
    assert (await device.users.apply(again)).reboot_needed is False
    other = await device.users.plan_user("bob", password="another one")
    assert other.summary() == ["Password: ******** -> ********"]


async def test_rights_are_a_set_within_those_of_the_group(sim, device):
    rights = sorted((await device.users.get_group("user")).authorities)
    await device.users.add("bob", group="user", password=NEW, authorities=rights[:1])
    assert (await device.users.get("bob")).authorities == set(rights[:1])
    assert await device.users.modify("bob", authorities=list(reversed(rights))) is True
    assert await device.users.modify("bob", authorities=rights * 2) is False
    with pytest.raises(
        UsageError,
        match=rf"^{sim.host}:{sim.port}: the device knows no authority Fly, Swim; it knows: .*Account",
    ):
        await device.users.modify("bob", authorities=["Fly", "Swim"])
    with pytest.raises(UsageError, match="user bob: Account is beyond the group user, which has: "):
        await device.users.modify("bob", authorities=[*rights, "Account"])
    with pytest.raises(UsageError, match="there is no group ghosts, there are: admin, .*user"):
        await device.users.modify("bob", group="ghosts")


async def test_another_group_brings_its_rights(sim, device):
    await device.users.add("bob", group="user", password=NEW)
    await device.users.modify("bob", group="admin")
    assert (await device.users.get("bob")).administrator
    await device.users.modify("bob", group="user")
    assert not (await device.users.get("bob")).administrator


async def test_what_is_missing_or_there_already_is_named(sim, device):
    where = rf"^{sim.host}:{sim.port}: "
    with pytest.raises(UsageError, match=where + "user viewer is there already"):
        await device.users.add("viewer", group="user", password=NEW)
    with pytest.raises(UsageError, match=where + "there is no user nobody"):
        await device.users.modify("nobody", memo="x")
    with pytest.raises(UsageError, match=where + "there is no user nobody"):
        await device.users.set_password("nobody", NEW)
    with pytest.raises(
        UsageError, match=where + "user nobody is not there: a new one needs a group and a password"
    ):
        await device.users.plan_user("nobody", memo="x")
    with pytest.raises(UsageError, match="Name: '' is not possible|Name"):
        await device.users.add("x" * 40, group="user", password=NEW)
    assert changes(sim) == []


class TestLockOut:
    async def test_the_account_in_use_stays(self, sim, device):
        with pytest.raises(UsageError, match="user admin is the account in use here: it is never removed"):
            await device.users.remove("admin")
        with pytest.raises(UsageError, match="account in use here: it would lose Account"):
            await device.users.modify("admin", authorities=["Monitor_01"])
        with pytest.raises(UsageError, match="account in use here: it would lose Account"):
            await device.users.modify("admin", group="user")
        assert changes(sim) == []

    async def test_reserved_accounts_stay(self, sim, device):
        await device.users.add("boss", group="admin", password=NEW)
        async with login(sim, "boss", NEW) as boss:
            with pytest.raises(UsageError, match="user admin is reserved"):
                await boss.users.remove("admin")

    async def test_the_last_administrator_stays(self, sim, device):
        await device.users.add("boss", group="admin", password=NEW)
        sim.state.users["admin"]["AuthorityList"] = ["Account"]
        async with login(sim, "boss", NEW) as boss:
            sim.state.users["admin"]["Reserved"] = False
            sim.state.users["boss"]["AuthorityList"].remove("ShutDown")
            users = copy.deepcopy(sim.state.users)
            sim.state.users["boss"]["AuthorityList"].remove("Account")
            with pytest.raises(RequestError):
                await boss.users.remove("admin")
            sim.state.users["boss"]["AuthorityList"] = users["boss"]["AuthorityList"]
            assert await boss.users.modify("admin", memo="still") is True

    async def test_rules_without_a_device(self):
        users = [
            {"Name": "root", "AuthorityList": ["Account"], "Group": "g"},
            {"Name": "bob", "AuthorityList": [], "Group": "g"},
        ]

        async def answer(link, message_id, body):
            if message_id == MessageId.GROUPS_GET:
                return {"Groups": [{"Name": "g", "AuthorityList": ["Account"]}]}
            return (
                {"AuthorityList": ["Account"]}
                if message_id == MessageId.AUTHORITIES_GET
                else {"Users": users}
            )

        async with scripted(answer) as device:
            with pytest.raises(UsageError, match="user root is the last administrator"):
                await device.users.remove("root")
            with pytest.raises(UsageError, match="user root is the last administrator"):
                await device.users.modify("root", authorities=[])
            assert (await device.users.plan_removal("bob")).summary() == ["Name: bob -> none"]


class TestPasswords:
    async def test_of_others(self, sim, device):
        assert await device.users.set_password("viewer", NEW) is True
        assert await device.users.set_password("viewer", NEW) is False
        assert await may_log_in(sim, "viewer", NEW)
        assert not await may_log_in(sim, "viewer", VIEWER_PASSWORD)
        assert MessageId.PASSWORD_MODIFY not in changes(sim)

    async def test_of_the_account_in_use(self, sim, device):
        assert await device.users.set_password("admin", NEW) is True
        assert await device.users.set_password("admin", NEW) is False
        assert await may_log_in(sim, "admin", NEW)
        assert await device.users.set_password("admin", PASSWORD) is True
        assert await may_log_in(sim, "admin", PASSWORD)
        assert set(changes(sim)) == {MessageId.PASSWORD_MODIFY}

    async def test_of_the_account_in_use_with_other_changes(self, sim, device):
        await device.users.apply(await device.users.plan_user("admin", memo="boss", password=NEW))
        assert changes(sim) == [MessageId.USER_MODIFY, MessageId.PASSWORD_MODIFY]
        assert (await device.users.get("admin")).memo == "boss"
        assert await may_log_in(sim, "admin", NEW)

    async def test_of_an_account_without_rights_by_itself(self, sim):
        async with login(sim, "viewer", VIEWER_PASSWORD) as viewer:
            assert await viewer.users.set_password("viewer", NEW) is True
            with pytest.raises(RequestError) as refusal:
                await viewer.users.set_password("admin", NEW)
            assert refusal.value.ret == 107
        assert await may_log_in(sim, "viewer", NEW)


class TestPasswordsThatDoNotTake:
    @pytest.fixture
    def profile(self):
        return "ipc"

    async def test_are_never_called_changed(self, sim, device):
        sim.quirks = Quirks(ignore_password_change=True)
        with pytest.raises(
            NotAppliedError, match="refuses the login with it: the old one still counts"
        ) as refusal:
            await device.users.set_password("admin", NEW)
        assert refusal.value.ret == 203
        assert NEW not in str(refusal.value)
        assert await may_log_in(sim, "admin", PASSWORD)
        with pytest.raises(NotAppliedError):
            await device.users.set_password("admin", NEW)

    async def test_that_cannot_be_proved_are_an_error_too(self):
        async def answer(link, message_id, body):
            if message_id == MessageId.USERS_GET:
                return {"Users": [dict(user) for user in users]}
            return {}

        users = [
            {"Name": "admin", "AuthorityList": ["Account"]},
            {"Name": "bob", "AuthorityList": [], "Password": sofia_hash("old"), "PasswordV2": "v2"},
        ]
        async with scripted(answer) as fake:
            fake.connection.port = 1
            with pytest.raises(
                TransportError, match="the new password is written, but not proved by a login"
            ):
                await fake.users.set_password("bob", NEW)

    async def test_an_account_that_cannot_be_shared_is_proved_by_the_refusal(self, sim, device):
        sim.state.users["viewer"]["Sharable"] = False
        async with login(sim, "viewer", VIEWER_PASSWORD):
            assert await device.users.set_password("viewer", NEW) is True

    async def test_other_refusals_of_the_login_are_errors(self, sim, device, monkeypatch):
        async def refuse(self, *args, **options):
            raise RequestError("no more logins", ret=101)

        monkeypatch.setattr(Connection, "login", refuse)
        with pytest.raises(RequestError, match="no more logins"):
            await device.users.set_password("viewer", NEW)

    async def test_a_device_that_hides_hashes_cannot_be_compared_with(self):
        users = [
            {"Name": "admin", "AuthorityList": ["Account"]},
            {"Name": "bob", "AuthorityList": [], "Password": ""},
        ]
        written = []

        async def answer(link, message_id, body):
            if message_id == MessageId.USER_MODIFY:
                written.append(body["User"])
            return {"Users": users}

        async with scripted(answer) as device:
            plan = await device.users.plan_user("bob", password="x")
            assert plan.changed
            assert plan.unverifiable == ("Password",)
            await device.users.apply(plan)
        assert written == [{"Name": "bob", "AuthorityList": [], "Password": sofia_hash("x")}]

    async def test_a_second_hash_is_not_sent_with_a_new_password(self):
        users = [
            {"Name": "admin", "AuthorityList": ["Account"]},
            {"Name": "bob", "AuthorityList": [], "Memo": "", "Password": sofia_hash("a"), "PasswordV2": "v2"},
        ]
        written = []

        async def answer(link, message_id, body):
            if message_id == MessageId.USER_MODIFY:
                written.append(body["User"])
                users[1] = users[1] | {"Memo": body["User"]["Memo"]}
            return {"Users": users}

        async with scripted(answer) as device:
            await device.users.set_password("bob", "b")
            await device.users.modify("bob", memo="m")
        assert "PasswordV2" not in written[0]
        assert written[1] == {**users[1], "Password": ""}


async def test_groups_are_made_changed_and_removed(sim, device):
    await device.users.add_group("guards", authorities=["Monitor_01", "Replay_01"], memo="night")
    guards = await device.users.get_group("guards")
    assert (guards.memo, guards.authorities) == ("night", {"Monitor_01", "Replay_01"})
    assert await device.users.modify_group("guards", authorities=["Replay_01", "Monitor_01"]) is False
    assert await device.users.modify_group("guards", memo="day") is True
    assert await device.users.modify_group("guards", authorities=["Monitor_01"]) is True
    await device.users.add("bob", group="guards", password=NEW)
    with pytest.raises(UsageError, match="group guards still has users: bob"):
        await device.users.remove_group("guards")
    with pytest.raises(UsageError, match="group guards: its user bob has Monitor_01: change the user first"):
        await device.users.modify_group("guards", authorities=[])
    await device.users.remove("bob")
    assert await device.users.remove_group("guards") is True
    assert await device.users.remove_group("guards") is False


async def test_groups_with_mistakes(sim, device):
    with pytest.raises(UsageError, match="the device knows no authority Fly"):
        await device.users.add_group("birds", authorities=["Fly"])
    with pytest.raises(UsageError, match="group admin is there already"):
        await device.users.add_group("admin", authorities=[])
    with pytest.raises(UsageError, match="there is no group birds"):
        await device.users.modify_group("birds", memo="x")
    await device.users.remove("viewer")
    with pytest.raises(RequestError) as refusal:
        await device.users.remove_group("user")
    assert refusal.value.ret == 216


async def test_a_change_that_the_device_ignores_is_an_error():
    users = [
        {"Name": "admin", "AuthorityList": ["Account"]},
        {"Name": "bob", "Group": "user", "Memo": "a", "AuthorityList": []},
    ]

    async def answer(link, message_id, body):
        if message_id == MessageId.GROUPS_GET:
            return {"Groups": [{"Name": "user", "AuthorityList": None}, None]}
        return {"AuthorityList": None} if message_id == MessageId.AUTHORITIES_GET else {"Users": users}

    async with scripted(answer) as device:
        with pytest.raises(NotAppliedError, match="User bob: .* Memo: a -> b") as refusal:
            await device.users.modify("bob", memo="b")
        assert [change.path for change in refusal.value.changes] == ["Memo"]
        with pytest.raises(NotAppliedError, match="Name: bob -> none"):
            await device.users.remove("bob")
        with pytest.raises(NotAppliedError, match="Name: none -> eve"):
            await device.users.add("eve", group="user", password="x")
        with pytest.raises(NotAppliedError, match="Group birds"):
            await device.users.add_group("birds", authorities=[])


async def test_lists_of_odd_shape_are_empty():
    async def answer(link, message_id, body):
        return {"Users": None, "Groups": {}, "AuthorityList": 7}

    async with scripted(answer) as device:
        assert await device.users.list() == []
        assert await device.users.groups() == []
        assert await device.users.authorities() == []
