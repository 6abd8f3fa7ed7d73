"""Variables as people write them: passwords that are a text, several names for one thing, roles with an odd argument."""

import pytest

from ansible_collections.dvrip.devices.plugins.module_utils._endpoint import one_or_more
from dvrip_proto import UsageError
from tests.ansible.conftest import PASSWORD
from tests.ansible.stage import ansible, write_inventory, write_plays

COMMA = "Otter,moon3"
DVRIP = {"ansible_connection": "dvrip.devices.dvrip"}


@pytest.mark.parametrize(
    ("told", "passwords"),
    [
        (None, []),
        ("", [""]),
        (COMMA, [COMMA]),
        ("12345", ["12345"]),
        ([None, "a", ["b"]], ["a", "b"]),
        (("a", "7"), ["a", "7"]),
    ],
)
def test_passwords_are_one_or_a_list(told, passwords):
    assert one_or_more(told, "passwords") == passwords


@pytest.mark.parametrize("told", [{"Otter": 1}, True, 83, [1.5], [["Otter", {"Otter"}]]])
def test_what_is_no_password_is_refused_without_showing_it(told):
    with pytest.raises(UsageError, match="passwords: .* in quotes") as error:
        one_or_more(told, "passwords")
    assert "Otter" not in str(error.value)


def test_each_way_to_name_the_login_is_the_login_however_the_task_is_connected(make_camera):
    camera = make_camera(users={"admin": COMMA})
    place = {"ansible_host": camera.simulator.host, "ansible_port": camera.simulator.port}
    of_dvrip = {
        "ansible_host": "192.0.2.1",
        "ansible_dvrip_host": camera.simulator.host,
        "ansible_port": 9,
        "ansible_dvrip_port": camera.simulator.port,
        "ansible_password": "Wrong-lamp1",
        "ansible_dvrip_password": COMMA,
    }
    hosts = {
        "text": {**DVRIP, **place, "ansible_dvrip_passwords": COMMA},
        "number": {**DVRIP, **place, "ansible_password": COMMA, "ansible_dvrip_passwords": "12345"},
        "port": {
            **DVRIP,
            "ansible_host": f"{camera.simulator.host}:{camera.simulator.port}",
            "ansible_port": 9,
        },
        "dvrip": {**DVRIP, **of_dvrip},
        "local": {"ansible_connection": "local", **of_dvrip},
        "mapping": {**DVRIP, **place, "ansible_dvrip_passwords": {COMMA: 1}},
    }
    hosts["port"]["ansible_password"] = COMMA
    inventory = write_inventory(camera.folder, hosts)
    tasks = [{"name": "ask", "dvrip.devices.device_info": {"gather_subset": []}}]
    playbook = write_plays(camera.folder, {"hosts": "all", "tasks": tasks})
    run = ansible(camera.folder, "ansible-playbook", "-i", inventory, playbook)
    outcomes = {outcome.host: outcome.outcome for outcome in run.outcomes}
    assert outcomes == {**dict.fromkeys(hosts, "ok"), "mapping": "failed"}, run.printed
    assert COMMA not in run.printed
    assert camera.logins() == len(hosts) - 1


def role(name, **variables):
    return {"ansible.builtin.include_role": {"name": f"dvrip.devices.{name}"}, "vars": variables}


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ("{{ lookup('ansible.builtin.password', '/dev/null') }}", "nobody would know it"),
        ("", "let everybody in"),
    ],
)
def test_a_password_that_nobody_or_everybody_would_know_is_not_given(camera, new, told):
    run = camera.play([role("rotate_passwords", rotate_passwords_new=new)])
    assert run.rc == 2
    assert told in run.printed
    assert camera.logins() == 0


def test_a_rotation_goes_on_with_the_new_password_under_the_name_that_wins(camera):
    tasks = [
        role("rotate_passwords", rotate_passwords_new="{{ ansible_dvrip_password ~ '2' }}"),
        {"name": "ask", "dvrip.devices.device_info": {"gather_subset": []}},
    ]
    run = camera.play(tasks, ansible_password="Wrong-lamp1", ansible_dvrip_password=PASSWORD)
    assert run.rc == 0, run.printed
    assert run["ask"].outcome == "ok"
    assert not camera.run("device_info", {"login_password": f"{PASSWORD}2"}).get("failed")


def test_a_site_with_an_address_is_given_to_a_host_that_is_its_own_address(camera):
    variables = {**DVRIP, **camera.variables}
    del variables["ansible_host"]
    inventory = write_inventory(camera.folder, {camera.simulator.host: variables})
    tasks = [role("provision", provision_site={"network": {"hostname": "gate"}})]
    playbook = write_plays(camera.folder, {"hosts": "all", "tasks": tasks})
    ansible(camera.folder, "ansible-playbook", "-i", inventory, playbook).ok()
    assert camera.config["NetWork.NetCommon"]["HostName"] == "gate"


def test_a_commissioning_in_check_mode_leaves_the_page_of_before(camera):
    page = camera.folder / "index.html"
    page.write_text("of before")
    camera.play([role("commission", commission_dest=str(camera.folder))], "--check").ok()
    assert page.read_text() == "of before"


def test_the_password_of_a_computer_that_a_task_is_delegated_to_is_told_to_no_device(camera):
    there = {"ansible_host": camera.simulator.host, "ansible_user": "root", "ansible_password": "Otter-ssh9"}
    inventory = write_inventory(camera.folder, {"cam": {**DVRIP, **camera.variables}, "jump": there})
    tasks = [{"name": "ask", "dvrip.devices.device_info": {}, "delegate_to": "jump"}]
    playbook = write_plays(camera.folder, {"hosts": "cam", "tasks": tasks})
    run = ansible(camera.folder, "ansible-playbook", "-i", inventory, playbook)
    assert "delegate to localhost" in run["ask"]["msg"]
    assert camera.logins() == 0
