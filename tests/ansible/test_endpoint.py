"""Which device a task talks to, as whom, over whose connection, and how often it logs in."""

import json
import subprocess
import sys

from dvrip_proto.simulator import Quirks
from tests.ansible.conftest import PASSWORD
from tests.ansible.stage import ROOT, ansible, environment, write_inventory, write_plays

INFO = "dvrip.devices.device_info"


def test_credentials_of_the_command_line_reach_the_device(make_camera, tmp_path):
    cameras = [make_camera(users={"boss": PASSWORD}) for _ in range(3)]
    (tmp_path / "password").write_text(PASSWORD + "\n")
    connections = ["dvrip.devices.dvrip", None, "local"]
    hosts = {}
    for connection, camera in zip(connections, cameras, strict=True):
        hosts[f"on_{connection}"] = {
            "ansible_host": camera.simulator.host,
            "ansible_port": camera.simulator.port,
        }
        if connection:
            hosts[f"on_{connection}"]["ansible_connection"] = connection
    run = ansible(
        tmp_path,
        "ansible", "all", "-i", write_inventory(tmp_path, hosts), "-m", INFO,
        "-u", "boss", "--connection-password-file", tmp_path / "password",
    )  # fmt: skip
    serials = [camera.simulator.serial for camera in cameras]
    assert run.of_host("on_dvrip.devices.dvrip")["device"]["serial"] == serials[0]
    assert run.of_host("on_None")["device"]["serial"] == serials[1]
    lost = run.of_host("on_local")
    assert lost.outcome == "failed"
    assert "no password: set ansible_password" in lost["msg"]


def test_every_way_to_name_a_device_works(make_camera, tmp_path):
    first, second = make_camera(), make_camera()
    explicit = {"host": "127.0.0.1", "login_user": "admin", "login_password": PASSWORD}
    hosts = {
        "first": first.variables | {"ansible_connection": "dvrip.devices.dvrip"},
        "second": second.variables
        | {"ansible_connection": "dvrip.devices.dvrip", "ansible_password": "{{ vaulted }}"},
    }
    playbook = write_plays(
        tmp_path,
        {
            "hosts": "first",
            "tasks": [
                {"name": "inventory", INFO: {}},
                {"name": "delegated to the controller", INFO: {}, "delegate_to": "localhost"},
                {"name": "delegated to another", INFO: {}, "delegate_to": "second"},
                {"name": "own options win", INFO: {"port": second.simulator.port}},
                {
                    "name": "own login",
                    INFO: {"login_user": "admin", "login_password": PASSWORD},
                    "vars": {"ansible_user": "x", "ansible_password": "x"},
                },
            ],
        },
        {
            "hosts": "first",
            "connection": "local",
            "vars": {"ansible_connection": "local"},
            "tasks": [{"name": "over local", INFO: {}}],
        },
        {
            "hosts": "localhost",
            "module_defaults": {"group/dvrip.devices.dvrip": explicit},
            "tasks": [
                {
                    "name": "in a loop",
                    INFO: {"port": "{{ item }}"},
                    "loop": [first.simulator.port, second.simulator.port],
                },
                {"name": "no device", INFO: {"host": None}, "ignore_errors": True},
            ],
        },
    )
    inventory = write_inventory(tmp_path, hosts, vaulted=PASSWORD)
    run = ansible(tmp_path, "ansible-playbook", "-i", inventory, playbook).ok()
    one, two = first.simulator.serial, second.simulator.serial
    assert one != two
    assert run["inventory"]["device"]["serial"] == one
    assert run["delegated to the controller"]["device"]["serial"] == one
    assert run["delegated to another"]["device"]["serial"] == two
    assert run["own options win"]["device"]["serial"] == two
    assert run["own login"]["device"]["serial"] == one
    assert run["over local"]["device"]["serial"] == one
    assert [item["device"]["serial"] for item in run["in a loop"]["results"]] == [one, two]
    assert "no device address" in run["no device"]["msg"]


def test_a_host_named_by_its_address_needs_no_ansible_host(camera, tmp_path):
    variables = camera.variables | {"ansible_connection": "dvrip.devices.dvrip"}
    del variables["ansible_host"]
    inventory = write_inventory(tmp_path, {"127.0.0.1": variables})
    playbook = write_plays(
        tmp_path,
        {
            "hosts": "all",
            "tasks": [
                {"name": "direct", INFO: {}},
                {"name": "delegated", INFO: {}, "delegate_to": "localhost"},
            ],
        },
    )
    run = ansible(tmp_path, "ansible-playbook", "-i", inventory, playbook).ok()
    assert (
        run["direct"]["device"]["serial"] == run["delegated"]["device"]["serial"] == camera.simulator.serial
    )


def test_a_loop_of_twenty_logs_in_once(camera):
    item = {"name": "General.AutoMaintain", "config": {"AutoRebootHour": "{{ item }}"}}
    camera.play([{"name": "loop", "dvrip.devices.config": item, "loop": list(range(20))}]).ok()
    assert camera.config["General.AutoMaintain"]["AutoRebootHour"] == 19
    assert camera.logins() == 1
    assert camera.simulator.sessions == 0


def test_a_session_that_ended_between_two_items_is_opened_again(camera):
    camera.simulator.quirks = Quirks(alive_interval_s=2)
    loop = {"loop": [1, 2, 3], "loop_control": {"pause": 1.2}}
    run = camera.play([{"name": "loop", INFO: {}, **loop}]).ok()
    assert [item["device"]["serial"] for item in run["loop"]["results"]] == [camera.simulator.serial] * 3
    assert camera.logins() == 3


def test_modules_of_others_are_refused_until_they_are_wanted(camera, tmp_path):
    file = tmp_path / "file"
    file.write_text("x")
    python = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    refused = [
        {"name": "command", "ansible.builtin.command": "touch made", "ignore_errors": True},
        {"name": "facts", "ansible.builtin.setup": {}, "ignore_errors": True},
        {
            "name": "copy",
            "ansible.builtin.copy": {"src": str(file), "dest": str(tmp_path / "b")},
            "ignore_errors": True,
        },
        {
            "name": "fetch",
            "ansible.builtin.fetch": {"src": str(file), "dest": str(tmp_path / "b")},
            "ignore_errors": True,
        },
    ]
    run = camera.play(refused).ok()
    for task in refused:
        assert run[task["name"]].outcome == "failed"
        assert "127.0.0.1: a device that speaks DVRIP has no shell" in run.printed
        assert "gather_facts: false" in str(run[task["name"]].result)
    assert not (tmp_path / "b").exists()
    wanted = [
        {"name": "wait", "ansible.builtin.wait_for_connection": {"timeout": 20}},
        {"name": "ping", "ansible.builtin.ping": {}},
    ]
    run = camera.play(wanted, ansible_dvrip_local_modules=True, **python).ok()
    assert run["ping"]["ping"] == "pong"
    assert camera.logins() == 0


def test_meta_reset_connection_logs_out(camera):
    run = camera.play(
        [{"name": "one", INFO: {}}, {"ansible.builtin.meta": "reset_connection"}, {"name": "two", INFO: {}}]
    )
    assert run.ok()["two"]["device"]["serial"] == camera.simulator.serial


def test_a_module_is_also_an_ordinary_module(camera, tmp_path):
    """The way of ansible-console, AWX ad hoc and gather_facts: a file that reads its arguments."""

    def module(file, **arguments):
        given = {
            "host": camera.simulator.host,
            "port": camera.simulator.port,
            "login_password": PASSWORD,
            **arguments,
        }
        text = json.dumps({"ANSIBLE_MODULE_ARGS": {**given, "_ansible_remote_tmp": str(tmp_path)}})
        path = ROOT / "ansible_collections/dvrip/devices/plugins/modules" / f"{file}.py"
        env = environment(tmp_path) | {"PYTHONPATH": f"{ROOT}:{ROOT / 'shared'}"}
        done = subprocess.run(
            [sys.executable, path, text], capture_output=True, text=True, env=env, timeout=60
        )
        return json.loads(done.stdout), done.stdout + done.stderr

    found, _ = module("device_info")
    assert found["device"]["serial"] == camera.simulator.serial
    wish = {"name": "General.AutoMaintain", "config": {"AutoRebootHour": 21}}
    checked, _ = module("config", **wish, _ansible_check_mode=True)
    assert checked["changed"] is True
    assert camera.config["General.AutoMaintain"]["AutoRebootHour"] != 21
    assert module("config", **wish)[0]["changed"] is True
    assert module("config", **wish)[0]["changed"] is False
    refused, printed = module("device_info", login_password="Wrong-door9")
    assert refused.get("failed") is True, refused
    assert refused["failure"]["type"] == "AuthenticationError"
    assert "Wrong-door9" not in printed
    gone, _ = module("device_info", port=1)
    assert gone["unreachable"] is gone["failed"] is True
    nowhere, _ = module("device_info", host=None)
    assert "in module_defaults" in nowhere["msg"]
