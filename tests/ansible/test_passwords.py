"""Passwords of a fleet: rotations that ended half way, accounts that must not be locked, one secret for many devices."""

import hashlib
import hmac
import json

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.dvrip.devices.plugins.filter.device_password import device_password
from dvrip_proto.simulator import Quirks
from tests.ansible.conftest import PASSWORD
from tests.ansible.stage import ansible

INFO, ACCOUNTS = "dvrip.devices.device_info", "dvrip.devices.accounts"
NEW, THIRD = "Osprey-bay9", "Kestrel-rock2"


def test_a_device_of_a_rotation_that_ended_half_way_is_reached_with_either_password(make_camera):
    """Some of the fleet have the new password, some the old one: one inventory for both."""
    old, new = make_camera(), make_camera(users={"admin": NEW})
    for camera in (old, new):
        run = camera.play(
            [
                {"name": "rotate", ACCOUNTS: {"own_password": NEW}},
                {"name": "after", INFO: {}},
                {"name": "again", ACCOUNTS: {"own_password": NEW}},
            ],
            ansible_password=NEW,
            ansible_dvrip_passwords=[NEW, PASSWORD],
        ).ok()
        assert run["rotate"]["changed"] is (camera is old)
        assert run["rotate"]["login_changed"] is (camera is old)
        assert run["again"]["changed"] is False
        assert run["after"]["device"]["serial"] == camera.simulator.serial


def test_no_more_wrong_passwords_are_tried_than_a_lock_allows_over_all_runs(make_camera):
    camera = make_camera(users={"admin": THIRD}, quirks=Quirks(lock_after=3))
    tasks = [{"name": f"task {at}", INFO: {}, "ignore_errors": True} for at in range(3)]
    wrong = {"ansible_password": NEW, "ansible_dvrip_passwords": [PASSWORD, "Another-one1", "Another-one2"]}
    run = camera.play(tasks, **wrong).ok()
    assert camera.logins() == 2
    assert "no other is tried until then, because devices lock accounts" in run["task 2"]["msg"]
    camera.play(tasks, **wrong).ok()
    assert camera.logins() == 2
    assert PASSWORD not in run.printed
    right = camera.play([{"name": "right", INFO: {}}], ansible_password=THIRD).ok()
    assert right["right"]["device"]["serial"] == camera.simulator.serial


def test_whoever_waits_for_a_device_tries_all_its_passwords(make_camera):
    camera = make_camera(quirks=Quirks(lock_after=3))
    for _ in range(3):
        told = camera.run("wait", {"login_password": NEW, "login_passwords": [PASSWORD]})
        assert told["serial"] == camera.simulator.serial
    assert camera.logins() == 4


def test_one_wrong_password_locks_no_account_however_many_tasks_there_are(make_camera):
    """Tasks of a play that ignores errors, and of the plays after it, each are a process and a login of their own."""
    camera = make_camera(quirks=Quirks(lock_after=3))
    modules = ("device_info", "wait", "reboot", "wait")
    told = [camera.run(module, {"login_password": NEW}) for module in modules]
    assert [one["failed"] for one in told] == [True] * 4
    assert camera.logins() == 2
    assert ": user admin: login refused: wrong password" in told[0]["msg"]
    assert "2 logins were refused in the last 30 minutes; this one is not tried again" in told[3]["msg"]
    file = camera.folder / "home" / "dvrip" / f"{camera.simulator.host}_{camera.simulator.port}.json"
    assert f"remove {file} on the controller" in told[3]["msg"]
    assert "failed" not in camera.run("device_info", {})  # who mends it is not kept waiting
    assert not file.exists()


def test_a_refusal_names_the_account_which_may_come_from_the_configuration_of_ansible(camera):
    told = camera.run("device_info", {"login_user": "root"})
    assert (
        f"{camera.simulator.host}:{camera.simulator.port}: user root: login refused: unknown user"
        in told["msg"]
    )


def test_what_was_right_is_tried_first_the_next_time(make_camera):
    camera = make_camera(quirks=Quirks(lock_after=3))
    tasks = [{"name": f"task {at}", INFO: {}} for at in range(4)]
    camera.play(tasks, ansible_password=NEW, ansible_dvrip_passwords=[PASSWORD]).ok()
    assert camera.logins() == 5


def test_a_password_that_the_inventory_saw_refused_is_tried_last(make_camera, tmp_path):
    """Else the inventory's one try and the play's first are all there are, and a rotation never heals."""
    camera = make_camera(users={"admin": NEW}, quirks=Quirks(lock_after=3))
    place = f"{camera.simulator.host}:{camera.simulator.port}"
    told = {"broadcast": [], "targets": [place], "facts": True, "password": PASSWORD}
    source = tmp_path / "old.dvrip.yml"
    source.write_text(json.dumps({"plugin": "dvrip.devices.fleet", **told}))
    for _ in range(3):
        ansible(tmp_path, "ansible-inventory", "-i", source, "--list")
    assert camera.logins() == 1
    rotation = {"ansible_password": PASSWORD, "ansible_dvrip_passwords": [PASSWORD, NEW]}
    camera.play([{"name": "in", INFO: {}}], **rotation).ok()
    assert camera.logins() == 2
    assert PASSWORD not in "".join(path.read_text() for path in (tmp_path / "home/dvrip").glob("*.json"))


def test_accounts_are_one_plan_and_the_own_password_comes_last(camera):
    wish = {
        "groups": [{"name": "guards", "authorities": ["Monitor_01", "Replay_01"]}],
        "users": [{"name": "night", "password": "Heron-gate5", "group": "guards"}],
        "own_password": NEW,
    }
    narrow = {
        "groups": [{"name": "guards", "authorities": ["Monitor_01"]}],
        "users": [{"name": "night", "authorities": ["Monitor_01"]}],
        "purge": ["users", "groups"],
    }
    login = {"ansible_password": PASSWORD, "ansible_dvrip_passwords": [NEW]}
    check = camera.play([{"name": "check", ACCOUNTS: wish, "diff": True}], "--check", **login).ok()
    run = camera.play(
        [
            {"name": "apply", ACCOUNTS: wish, "diff": True},
            {"name": "again", ACCOUNTS: wish},
            {"name": "narrow", ACCOUNTS: narrow},
            {"name": "narrowed", ACCOUNTS: narrow},
            {"name": "gone", ACCOUNTS: {"purge": ["users", "groups"]}},
        ],
        **login,
    ).ok()
    assert run["apply"]["diff"] == check["check"]["diff"] != []
    assert [change["object"] for change in run["apply"]["changes"]][-1] == "user admin"
    assert run["again"]["changed"] is run["narrowed"]["changed"] is False
    assert run["narrow"]["changed"] is run["gone"]["changed"] is True
    assert set(camera.simulator.state.users) == {"admin"}
    assert set(camera.simulator.state.groups) == {"admin", "user"}


def test_a_password_of_a_device_is_made_from_the_secret_and_its_serial():
    secret, serial = "vault secret of the fleet", "2a981919678907c1"
    one = device_password(serial, secret)
    assert one == device_password(serial.upper(), secret)
    others = {
        device_password("2a981919678907c2", secret),
        device_password(serial, secret + "!"),
        device_password(serial, secret, purpose="recorder"),
        device_password(serial, secret, generation=2),
    }
    assert len(others | {one}) == 5
    for password in others | {one}:
        assert len(password) == 16
        assert any(map(str.islower, password))
        assert any(map(str.isupper, password))
        assert any(map(str.isdigit, password))
    digest = hmac.new(
        secret.encode(), f"dvrip\0{serial}\0admin\x001".encode() + bytes(4), hashlib.sha256
    ).digest()
    alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    first = [alphabet[int.from_bytes(digest[at : at + 4], "big") % len(alphabet)] for at in range(0, 32, 4)]
    assert sum(a == b for a, b in zip(first, one, strict=False)) >= 5


@pytest.mark.parametrize(
    ("serial", "secret", "length"), [("", "x" * 20, 16), ("a", "short", 16), ("a", "x" * 20, 4)]
)
def test_a_weak_secret_is_refused(serial, secret, length):
    with pytest.raises(AnsibleFilterError):
        device_password(serial, secret, length=length)


@pytest.mark.parametrize("number", ["x", 1.5, True, None, ""])
@pytest.mark.parametrize("name", ["length", "generation"])
def test_what_is_no_whole_number_is_named(name, number):
    with pytest.raises(AnsibleFilterError, match=f"device_password: {name} is"):
        device_password("a", "x" * 20, **{name: number})
    assert device_password("a", "x" * 20, length="16", generation="1") == device_password("a", "x" * 20)


def test_the_filter_is_found_by_its_name(camera):
    run = camera.play(
        [
            {
                "name": "x",
                "ansible.builtin.set_fact": {
                    "made": "{{ 'abc' | dvrip.devices.device_password('sixteen letters or more') }}"
                },
            }
        ]
    ).ok()
    assert run["x"]["ansible_facts"]["made"] == device_password("abc", "sixteen letters or more")
