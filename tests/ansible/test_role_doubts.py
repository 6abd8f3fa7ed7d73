"""Roles that run in part, or on a device that does not tell everything: nothing counts as done that was not."""

import json

import pytest

from dvrip_proto.simulator import Simulator
from dvrip_proto.simulator.handlers import TABLE
from dvrip_proto.simulator.handlers.request import reply
from dvrip_proto.wire.ids import MessageId
from tests.ansible.conftest import PASSWORD
from tests.ansible.stage import ansible, write_inventory, write_plays
from tests.ansible.test_odd_plays import play

SERIAL = "2a981919678907c1"
INFO = {"device": {"serial": SERIAL, "storage": [], "users": [{"name": "admin"}, {"name": "night"}]}}
DONE = {"changed": True}
BACK = {"decommission_erased": DONE, "decommission_reset": DONE}
REFUSED = {"failed": True, "failure": {"type": "AuthenticationError"}, "msg": "login refused"}
AWAY = {"unreachable": True, "failure": {"type": "ConnectError"}, "msg": "connection refused"}
NEW = {**BACK, "decommission_reset": {**DONE, "login": "new"}}
PROOFS = {
    "refused": ({**BACK, "decommission_try": REFUSED}, ""),
    "refused_in_its_restart": ({**BACK, "decommission_reset": {**DONE, "login": "refused"}}, ""),
    "new": ({**NEW, "decommission_proof": {"device": {"users": [{"name": "admin"}]}}}, ""),
    "old": ({**BACK, "decommission_reset": {**DONE, "login": "old"}}, "lets in with the password of before"),
    "let_in": ({**BACK, "decommission_try": INFO}, "lets in with the password of before"),
    "kept": ({**NEW, "decommission_proof": INFO}, "lets in with the accounts night"),
    "away": ({**BACK, "decommission_try": AWAY}, "could not be tried: connection refused"),
    "unread": (
        {**NEW, "decommission_proof": AWAY},
        "accounts could not be read afterwards: connection refused",
    ),
    "not_erased": ({"decommission_reset": {**DONE, "login": "refused"}}, "disks were not erased in this run"),
    "erase_failed": ({**BACK, "decommission_erased": {"failed": True}}, "disks were not erased in this run"),
    "not_reset": ({"decommission_erased": DONE}, "it was not set back in this run"),
}


@pytest.fixture(scope="module")
def proofs(tmp_path_factory):
    """The last task of the role alone, on hosts that came to it in different ways."""
    folder = tmp_path_factory.mktemp("proofs")
    hosts = {name: {"decommission_info": INFO, **told} for name, (told, _doubt) in PROOFS.items()}
    inventory = write_inventory(folder, hosts, ansible_connection="local", decommission_confirm=SERIAL)
    roles = [{"role": "dvrip.devices.decommission"}]
    playbook = write_plays(folder, {"hosts": "all", "roles": roles})
    begin = ["--start-at-task", "Prove that it is wiped"]
    return ansible(folder, "ansible-playbook", "-i", inventory, *begin, playbook)


@pytest.mark.parametrize("way", PROOFS)
def test_a_device_counts_as_wiped_only_when_that_was_seen(proofs, way):
    (proof,) = [one for one in proofs.outcomes if one.host == way]
    doubt = PROOFS[way][1]
    assert proof.outcome == ("failed" if doubt else "ok"), proofs.printed
    assert doubt in proof.result.get("msg", "")


def told_by(run):
    results = [each for one in run.outcomes for each in (one.result, *one.result.get("results", ()))]
    return json.dumps([result.get("msg") for result in results])


def reset(simulator):
    return any(name in {"OPDefaultConfig", "OPMachine"} for _, name, _ in simulator.requests)


def test_a_device_that_does_not_tell_its_disks_is_not_given_away(stage, tmp_path, monkeypatch):
    told = TABLE[MessageId.SYSINFO]

    def silent(request):
        return reply(107, request.name) if request.name == "StorageInfo" else told(request)

    monkeypatch.setitem(TABLE, MessageId.SYSINFO, silent)
    camera = stage.enter(lambda: Simulator(users={"admin": PASSWORD}))
    run = play(tmp_path, {"gate": camera}, "decommission", {"decommission_confirm": camera.serial})
    assert run.rc == 2, run.printed
    assert "it does not tell its disks" in told_by(run)
    assert not reset(camera)


def test_who_begins_behind_the_erasing_sets_nothing_back(stage, tmp_path):
    camera = stage.enter(lambda: Simulator(users={"admin": PASSWORD}))
    told = {"ansible_host": camera.host, "ansible_port": camera.port, "decommission_confirm": camera.serial}
    login = {"ansible_connection": "dvrip.devices.dvrip", "ansible_password": PASSWORD}
    inventory = write_inventory(tmp_path, {"gate": told}, **login)
    playbook = write_plays(tmp_path, {"hosts": "all", "roles": [{"role": "dvrip.devices.decommission"}]})
    begin = ["--start-at-task", "Set everything back"]
    run = ansible(tmp_path, "ansible-playbook", "-i", inventory, *begin, playbook)
    assert run.rc == 2, run.printed
    assert "its disks were not erased in this run; it was not set back in this run" in told_by(run)
    assert not reset(camera)


@pytest.mark.parametrize(
    ("role", "task", "files"),
    [
        ("audit", "Say what is wrong", ["audit.html", "audit.json"]),
        ("audit", "Write the reports", ["audit.html", "audit.json"]),
        ("commission", "Write the page", ["index.html"]),
    ],
)
def test_who_begins_at_the_report_writes_none_over_a_good_one(tmp_path, role, task, files):
    for file in files:
        (tmp_path / file).write_text("a good one")
    inventory = write_inventory(tmp_path, {"gate": {}, "yard": {}}, ansible_connection="local")
    roles = [{"role": f"dvrip.devices.{role}", f"{role}_dest": str(tmp_path)}]
    playbook = write_plays(tmp_path, {"hosts": "all", "roles": roles})
    run = ansible(tmp_path, "ansible-playbook", "-i", inventory, "--start-at-task", task, playbook)
    assert run.rc == 2, run.printed
    assert "no device was asked in this run" in told_by(run)
    assert [(tmp_path / file).read_text() for file in files] == ["a good one"] * len(files)


def test_a_batch_without_devices_is_refused_before_the_first_is_upgraded(tmp_path):
    inventory = write_inventory(tmp_path, {"gate": {}}, ansible_connection="local")
    role = {"role": "dvrip.devices.rolling_upgrade", "rolling_upgrade_src": str(tmp_path)}
    playbook = write_plays(tmp_path, {"hosts": "all", "roles": [{**role, "rolling_upgrade_batch": 0}]})
    run = ansible(tmp_path, "ansible-playbook", "-i", inventory, playbook)
    assert run.rc == 2, run.printed
    refused = "`rolling_upgrade_batch` is 0: a batch has at least 1 device. Nothing was upgraded."
    assert refused in told_by(run)


def test_a_part_of_a_site_alone_leaves_the_others_as_they_are_and_is_spelt_right(stage, tmp_path):
    devices = {name: stage.enter(lambda: Simulator(users={"admin": PASSWORD})) for name in ("gate", "yard")}
    night = {"name": "night", "password": "Otter-moon3", "group": "user"}
    site = {"accounts": {"users": [night]}, "settings": {"device_name": "Barn"}, "time": {"ntp": True}}
    variables = {"provision_site": site, "provision_parts": "{{ parts }}"}
    hosts = {"gate": {"parts": "accounts"}, "yard": {"parts": ["acounts"]}}  # as -e gives it
    before = json.dumps(devices["gate"].state.config, sort_keys=True)
    run = play(tmp_path, devices, "provision", variables, hosts=hosts)
    assert [one.host for one in run.outcomes if one.outcome == "failed"] == ["yard"], run.printed
    assert "acounts" in told_by(run)
    assert "night" in devices["gate"].state.users
    assert json.dumps(devices["gate"].state.config, sort_keys=True) == before
    assert "night" not in devices["yard"].state.users


def test_a_site_that_cannot_be_one_is_told_once_and_no_device_is_blamed_for_it(stage, tmp_path):
    cameras = {name: stage.enter(lambda: Simulator(users={"admin": PASSWORD})) for name in ("gate", "yard")}
    folder = tmp_path / "audit"
    variables = {"audit_dest": str(folder), "audit_site": {"settings": {"motion_detection": True}}}
    run = play(tmp_path, cameras, "audit", variables)
    assert run.rc == 2, run.printed
    assert "settings: motion_detection: this belongs below `channels`" in told_by(run)
    assert not folder.exists()
    assert len([one for one in run.outcomes if one.outcome == "failed"]) == 1, run.printed
    assert not any(camera.requests for camera in cameras.values()), "no device was asked"
