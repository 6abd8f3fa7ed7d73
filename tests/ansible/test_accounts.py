"""The modules `user` and `group`."""

import copy
import dataclasses
from functools import partial
from types import SimpleNamespace

import pytest

from ansible_collections.dvrip.devices.plugins.module_utils import _account_steps, _accounts
from dvrip_proto import AuthenticationError, Device, User, sofia_hash
from dvrip_proto.simulator import Quirks
from tests.ansible.conftest import PASSWORD, assert_triplet, triplet

GUARD = "Heron-gate5"
USER = "dvrip.devices.user"


def log_in(camera, name, password):
    async def once():
        async with Device(camera.simulator.host, camera.simulator.port, username=name, password=password):
            pass

    camera.stage.call(once())


def names(camera):
    return list(camera.simulator.state.users)


def test_an_added_user_can_log_in(camera):
    wish = {
        "name": "guard",
        "password": GUARD,
        "group": "user",
        "memo": "Night",
        "authorities": ["Monitor_01"],
        "return": "full",
    }
    run = camera.play(triplet("user", wish))
    assert_triplet(run)
    log_in(camera, "guard", GUARD)
    stored = camera.simulator.state.users["guard"]
    assert (stored["Group"], stored["Memo"], stored["AuthorityList"]) == ("user", "Night", ["Monitor_01"])
    assert run["check"]["before"] is None
    assert run["apply"]["after"]["authorities"] == ["Monitor_01"]
    assert [change["path"] for change in run["apply"]["changes"]][-1] == "password"
    assert "password: (new secret)" in run["apply"]["diff"][0]["after"]
    assert run["again"]["before"] == run["again"]["after"]


def test_a_changed_user_keeps_what_is_not_mentioned(camera):
    create = {
        "name": "guard",
        "password": GUARD,
        "group": "user",
        "authorities": ["Monitor_01", "Replay_01"],
        "memo": "a",
    }
    run = camera.play(
        [
            {"name": "create", USER: create},
            *triplet("user", {"name": "guard", "authorities": ["Replay_01"], "sharable": False}),
            {"name": "order", USER: {"name": "guard", "authorities": ["Replay_01"]}},
        ]
    )
    assert_triplet(run)
    stored = camera.simulator.state.users["guard"]
    assert (stored["Memo"], stored["Sharable"], stored["AuthorityList"]) == ("a", False, ["Replay_01"])
    assert stored["Password"] == sofia_hash(GUARD)
    (authorities, sharable) = sorted(run["apply"]["changes"], key=lambda change: change["path"])
    assert (authorities["before"], authorities["after"]) == (["Monitor_01", "Replay_01"], ["Replay_01"])
    assert (sharable["path"], sharable["before"], sharable["after"]) == ("sharable", True, False)


def test_groups_are_read_only_where_they_are_needed(camera):
    guard = {"name": "guard", "password": GUARD, "group": "user"}
    camera.play([{"name": "create", USER: guard}])
    before = len(camera.simulator.requests)
    run = camera.play(
        [
            {"name": "again", USER: guard},
            {"name": "not there", USER: {"name": "nobody", "state": "absent"}},
        ]
    )
    assert not run["again"]["changed"]
    assert not run["not there"]["changed"]
    asked = [message_id for message_id, _, _ in list(camera.simulator.requests)[before:]]
    assert (asked.count(1472), asked.count(1474)) == (2, 0)
    camera.play([{"name": "moves", USER: {"name": "guard", "group": "admin"}}])
    assert camera.simulator.state.users["guard"]["Group"] == "admin"


def test_a_password_changes_only_when_it_is_another_one(camera):
    run = camera.play(
        [
            {"name": "create", USER: {"name": "guard", "password": GUARD, "group": "user"}},
            {"name": "same", USER: {"name": "guard", "password": GUARD}},
            {
                "name": "kept",
                USER: {"name": "guard", "password": "Other-key2", "update_password": "on_create"},
            },
            *triplet("user", {"name": "guard", "password": "Other-key2"}),
        ]
    )
    assert_triplet(run)
    assert run["same"]["changed"] is run["kept"]["changed"] is False
    log_in(camera, "guard", "Other-key2")
    with pytest.raises(AuthenticationError):
        log_in(camera, "guard", GUARD)


def test_the_own_password_changes_and_the_loop_goes_on(camera):
    tasks = [
        {
            "name": "own",
            USER: {"name": "admin", "password": "{{ item }}"},
            "loop": ["First-1x", "Second-2x"],
            "no_log": False,
        },
        {"name": "fact", "ansible.builtin.set_fact": {"ansible_password": "Second-2x"}},
        {"name": "after", "dvrip.devices.device_info": {}},
    ]
    run = camera.play(tasks).ok()
    assert [item["changed"] for item in run["own"]["results"]] == [True, True]
    assert run["after"]["device"]["serial"] == camera.simulator.serial
    log_in(camera, "admin", "Second-2x")


def test_firmware_that_only_says_yes_makes_the_task_fail(make_camera):
    camera = make_camera(quirks=Quirks(ignore_password_change=True))
    run = camera.play(
        [
            {"name": "create", USER: {"name": "guard", "password": GUARD, "group": "user"}},
            {"name": "change", USER: {"name": "guard", "password": "Other-key2"}, "ignore_errors": True},
        ]
    ).ok()
    if run["change"].outcome == "failed":
        assert "guard" in run["change"]["msg"]
    else:
        log_in(camera, "guard", "Other-key2")


def test_a_whole_list_with_purge(camera):
    start = [{"name": name, "password": GUARD, "group": "user"} for name in ("old", "guard")]
    wish = [
        {"name": "guard", "memo": "Night"},
        {"name": "recorder", "password": GUARD, "group": "user", "authorities": ["Monitor_01"]},
        {"name": "never", "state": "absent"},
    ]
    run = camera.play(
        [
            {"name": "start", USER: {"users": start}},
            *triplet("user", {"users": wish, "purge": True, "return": "full"}),
        ]
    )
    assert_triplet(run)
    assert names(camera) == ["admin", "guard", "recorder"]
    entries = run["apply"]["users"]
    assert [(entry["name"], entry["changed"]) for entry in entries] == [
        ("guard", True),
        ("recorder", True),
        ("never", False),
        ("old", True),
    ]
    assert entries[3]["after"] is None
    assert len(run["apply"]["diff"]) == 3
    proofs = 3  # of the new passwords
    assert camera.logins() == 4 + proofs


def test_removal_is_refused_where_it_locks_out(camera):
    cases = {
        "own": ({"name": "admin", "state": "absent"}, "admin is the account in use"),
        "robbed": ({"name": "admin", "authorities": ["Monitor_01"]}, "admin"),
        "no group": ({"name": "guard", "password": GUARD}, "group"),
        "no password": ({"name": "guard", "group": "user"}, "password"),
        "beyond": (
            {"name": "guard", "password": GUARD, "group": "user", "authorities": ["Account"]},
            "Account",
        ),
        "unknown right": (
            {"name": "guard", "password": GUARD, "group": "user", "authorities": ["Fly"]},
            "Fly",
        ),
        "unknown group": ({"name": "guard", "password": GUARD, "group": "pilots"}, "pilots"),
        "long": ({"name": "g" * 65, "password": GUARD, "group": "user"}, "g" * 65),
        "twice": ({"users": [{"name": "a", "state": "absent"}, {"name": "a"}]}, "a is there twice"),
        "purge alone": ({"name": "a", "purge": True}, "users"),
    }
    run = camera.play(
        [{"name": name, USER: wish, "ignore_errors": True} for name, (wish, _) in cases.items()]
    ).ok()
    for name, (_wish, part) in cases.items():
        assert run[name].outcome == "failed", name
        assert part in run[name]["msg"], name
    assert names(camera) == ["admin"]


def test_a_group_lives_and_goes(camera):
    wish = {"name": "guards", "authorities": ["Monitor_01", "PTZControl"], "memo": "Reception"}
    run = camera.play(
        [
            *triplet("group", wish),
            {"name": "member", USER: {"name": "guard", "password": GUARD, "group": "guards"}},
            {
                "name": "narrow",
                "dvrip.devices.group": wish | {"authorities": ["Monitor_01"]},
                "ignore_errors": True,
            },
            {
                "name": "used",
                "dvrip.devices.group": {"name": "guards", "state": "absent"},
                "ignore_errors": True,
            },
            {"name": "empty", USER: {"name": "guard", "state": "absent"}},
            {"name": "gone", "dvrip.devices.group": {"name": "guards", "state": "absent"}},
            {"name": "gone again", "dvrip.devices.group": {"name": "guards", "state": "absent"}},
        ]
    )
    assert_triplet(run)
    assert run["used"].outcome == run["narrow"].outcome == "failed"
    assert "guard" in run["used"]["msg"]
    assert "PTZControl" in run["narrow"]["msg"]
    assert run["gone"]["changed"] is True
    assert {change["after"] for change in run["gone"]["changes"]} == {None}
    assert run["gone again"]["changed"] is False
    assert "guards" not in camera.simulator.state.groups


def test_groups_as_a_list_with_purge(camera):
    first = [{"name": name, "authorities": ["Monitor_01"]} for name in ("one", "two")]
    wish = {"groups": [{"name": "one", "memo": "kept"}], "purge": True}
    run = camera.play([{"name": "start", "dvrip.devices.group": {"groups": first}}, *triplet("group", wish)])
    assert_triplet(run)
    assert set(camera.simulator.state.groups) == {"admin", "user", "one"}


def test_no_hash_leaves_the_worker(camera):
    run = camera.play(
        [
            {"name": "create", USER: {"name": "guard", "password": GUARD, "group": "user"}, "diff": True},
            {"name": "facts", "dvrip.devices.device_info": {"gather_subset": ["accounts"]}},
        ],
        "-vvv",
    ).ok()
    everything = run.printed + str([outcome.result for outcome in run.outcomes])
    assert [user["name"] for user in run["facts"]["device"]["users"]] == ["admin", "guard"]
    for secret in (GUARD, PASSWORD):
        assert secret not in everything
        assert sofia_hash(secret) not in everything


def test_a_device_that_hides_passwords_keeps_them():
    hidden = User(
        name="guard", group="user", memo="", sharable=True, authorities=frozenset(), reserved=False,
        password_hash="", raw={},
    )  # fmt: skip
    item = {"password": GUARD, "update_password": "always"}
    planning = _accounts._Planning(
        device=Device("127.0.0.1"), own_password=PASSWORD, check_mode=False, users={}, groups={}
    )
    assert _accounts._password(planning, item, hidden) is None
    assert planning.warnings == [
        "127.0.0.1:34567: user guard: the device hides its password, so it is left as it is"
    ]
    assert _accounts._password(planning, item, None) == GUARD
    own = dataclasses.replace(hidden, name="admin")
    assert _accounts._password(planning, {**item, "password": PASSWORD}, own) is None
    assert _accounts._password(planning, item, own) == GUARD


def test_the_login_in_the_defaults_of_the_group_is_no_password_of_an_account(camera):
    """`password` was an alias of the login, and silently became the password of the account that a task named."""
    tasks = [
        {"name": "start", USER: {"name": "op1", "password": GUARD, "group": "user"}},
        {"name": "memo", USER: {"name": "op1", "memo": "day"}, "ignore_errors": True},
        {"name": "other", "dvrip.devices.device_info": {}, "ignore_errors": True},
    ]
    for task in tasks[1:]:
        task["module_defaults"] = {"group/dvrip.devices.dvrip": {"password": PASSWORD}}
    run = camera.play(tasks).ok()
    assert run["memo"].outcome == run["other"].outcome == "failed"
    assert "login_password" in run["memo"]["msg"]
    log_in(camera, "op1", GUARD)
    assert PASSWORD not in run.printed


def test_check_mode_knows_the_group_that_an_earlier_task_makes(camera):
    group = {"dvrip.devices.group": {"name": "guards", "authorities": ["Monitor_01"]}}
    user = {USER: {"name": "guard", "password": GUARD, "group": "guards", "authorities": ["Monitor_01"]}}
    run = camera.play([{"name": "group", **group}, {"name": "user", **user}], "--check").ok()
    assert run["user"]["changed"] is True
    assert "there is no group guards yet" in run["user"]["warnings"][0]
    assert names(camera) == ["admin"]
    real = camera.play([{"name": "group", **group}, {"name": "user", **user}]).ok()
    assert "warnings" not in real["user"].result


def test_state_beside_a_list_is_refused(camera):
    wishes = {
        "users": {USER: {"users": [{"name": "guard"}], "state": "absent"}},
        "groups": {"dvrip.devices.group": {"groups": [{"name": "guards"}], "state": "absent"}},
    }
    run = camera.play([{"name": name, **wish, "ignore_errors": True} for name, wish in wishes.items()]).ok()
    assert "mutually exclusive: state|users" in run["users"]["msg"]
    assert "mutually exclusive: state|groups" in run["groups"]["msg"]


@pytest.mark.parametrize(
    ("module", "wish"),
    [
        ("user", {"name": "anna", "password": "", "group": "user"}),
        ("accounts", {"users": [{"name": "anna", "password": "", "group": "user"}]}),
        ("accounts", {"own_password": ""}),
    ],
)
def test_an_empty_password_is_refused_until_it_is_allowed_and_warned_of(camera, module, wish):
    whose = "admin" if "own_password" in wish else "anna"
    before = copy.deepcopy(camera.simulator.state.users)
    for check_mode in (True, False):
        refused = camera.run(module, wish, check_mode=check_mode)
        assert refused["failed"] is True
        assert refused["changed"] is False
        assert f"user {whose}: an empty password would let in everybody" in refused["msg"]
        assert "allow_empty_password" in refused["msg"]
    assert camera.simulator.state.users == before
    for check_mode in (True, False):
        run = camera.run(module, {**wish, "allow_empty_password": True}, check_mode=check_mode)
        assert run["changed"] is True
        assert f"user {whose}: its password is empty" in run["warnings"][0]
    login = {"login_password": ""} if whose == "admin" else {}
    again = camera.run(module, {**wish, **login})
    assert again["changed"] is False, "it is empty already: nobody is let in who was not before"


def test_groups_grow_first_and_shrink_late_and_the_account_in_use_comes_last():
    entry = partial(_account_steps.Entry, plan=None)
    task = SimpleNamespace(session=SimpleNamespace(endpoint=SimpleNamespace(username="admin")))
    users = [
        entry(name="admin", step="own"),
        entry(name="old", step="removal", goes=True),
        entry(name="anna", step="user"),
    ]
    groups = [entry(name="guards", step="fewer rights", early="more rights")]
    order = _accounts.in_order(task, users, groups)
    assert order == ["more rights", "user", "removal", "fewer rights", "own"]
