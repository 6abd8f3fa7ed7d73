"""Roles in plays that ignore errors, have another strategy or batches of their own: nobody is locked out, nothing is hidden."""

import json

import pytest

from dvrip_proto.simulator import Quirks, Simulator
from tests.ansible.conftest import PASSWORD
from tests.ansible.stage import ansible, write_inventory
from tests.device import firmware_file

NEW = "Heron-gate5"
ASK = {"name": "ask", "dvrip.devices.device_info": {"gather_subset": []}}


@pytest.fixture
def cameras(stage):
    """Two cameras, which lock an account at the second wrong password."""
    options = {"users": {"admin": PASSWORD}, "quirks": Quirks(lock_after=2)}
    return {name: stage.enter(lambda: Simulator(**options)) for name in ("gate", "yard")}


def play(folder, devices, role, variables, *, tasks=(), hosts=None, **keywords):
    """A role on all devices, then `tasks`, in a play with these keywords."""
    told = {
        name: {"ansible_host": device.host, "ansible_port": device.port, **(hosts or {}).get(name, {})}
        for name, device in devices.items()
    }
    common = {"ansible_connection": "dvrip.devices.dvrip", "ansible_password": PASSWORD}
    inventory = write_inventory(folder, told, **common)
    include = {
        "name": role,
        "ansible.builtin.include_role": {"name": f"dvrip.devices.{role}"},
        "vars": variables,
    }
    playbook = folder / "play.yml"
    one = {"hosts": "all", "gather_facts": False, "tasks": [include, *tasks], **keywords}
    playbook.write_text(json.dumps([one]))
    return ansible(folder, "ansible-playbook", "-i", inventory, playbook)


@pytest.mark.parametrize("new", ["", "{{ lookup('ansible.builtin.password', '/dev/null') }}"])
def test_a_rotation_that_is_refused_stays_refused_where_errors_are_ignored(cameras, tmp_path, new):
    run = play(
        tmp_path, cameras, "rotate_passwords", {"rotate_passwords_new": new}, tasks=[ASK], ignore_errors=True
    )
    asked = [one.outcome for one in run.outcomes if one.task == "ask"]
    assert asked == ["ok", "ok"], run.printed


def test_a_rotation_that_a_device_refuses_leaves_its_login_where_errors_are_ignored(stage, tmp_path):
    device = stage.enter(lambda: Simulator(users={"admin": PASSWORD}, quirks=Quirks(lock_after=2)))
    rights = device.state.users["admin"]["AuthorityList"]
    device.state.users["admin"]["AuthorityList"] = [right for right in rights if right != "Account"]
    run = play(
        tmp_path,
        {"gate": device},
        "rotate_passwords",
        {"rotate_passwords_new": NEW},
        tasks=[ASK],
        ignore_errors=True,
    )
    failed = [one for one in run.outcomes if one.outcome == "failed"]
    assert failed, run.printed
    assert [one.outcome for one in run.outcomes if one.task == "ask"] == ["ok"], run.printed


def test_a_recorder_says_which_cameras_it_was_not_told_of(stage, cameras, tmp_path):
    options = {"users": {"admin": PASSWORD}, "profile": "nvr", "channels": 4}
    devices = {"nvr": stage.enter(lambda: Simulator(**options)), **cameras}
    shown = [{"channel": 1, "camera": "gate"}, {"channel": 2, "camera": "missing"}]
    hosts = {
        "nvr": {"rotate_passwords_cameras": shown},
        "gate": {"ansible_host": "127.0.0.1", "ansible_port": 9},
    }
    run = play(tmp_path, devices, "rotate_passwords", {"rotate_passwords_new": NEW}, hosts=hosts)
    (said,) = [one["msg"] for one in run.outcomes if one.host == "nvr" and "could not be told" in one.task]
    assert "nvr still has the old password of gate, missing" in said


@pytest.mark.parametrize("how", [{"strategy": "free"}, {"serial": 1}])
def test_an_upgrade_without_one_device_that_goes_first_is_refused(cameras, tmp_path, how):
    (tmp_path / "images").mkdir()
    run = play(tmp_path, cameras, "rolling_upgrade", {"rolling_upgrade_src": str(tmp_path / "images")}, **how)
    assert run.rc != 0
    assert "needs `strategy: linear`" in run.printed.replace("\n", " "), run.printed
    sent = {message for device in cameras.values() for message, _name, _user in device.requests}
    assert not sent & {1520, 1522}


def test_the_last_device_of_a_play_out_of_step_is_not_upgraded_alone(cameras, tmp_path):
    file = firmware_file.write(tmp_path, name="XM530_V5.00.R02.20260102.bin")
    late = {"ansible_password": f"{{{{ lookup('ansible.builtin.pipe', 'sleep 2; echo {PASSWORD}') }}}}"}
    told = {"rolling_upgrade_src": str(file)}
    run = play(tmp_path, cameras, "rolling_upgrade", told, hosts={"yard": late}, strategy="free")
    assert run.rc != 0
    assert not [one for one in cameras["yard"].requests if one[0] in {1520, 1522}], run.printed


def test_a_picture_that_is_missing_is_named_by_the_play_that_takes_them(stage, tmp_path):
    device = stage.enter(lambda: Simulator(profile="nvr", users={"admin": PASSWORD}))
    run = play(tmp_path, {"nvr": device}, "commission", {"commission_dest": str(tmp_path / "pages")})
    (failed,) = [one for one in run.outcomes if one.outcome == "failed"]
    assert "channel 1: " in failed["msg"], failed
    assert "takes no pictures" in failed["msg"], failed
