"""What bites in the first night of a fleet: clocks, lost answers, restarts, big results, mixed models."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest

from dvrip_proto.simulator import Quirks
from tests.ansible.conftest import PASSWORD, assert_triplet, triplet
from tests.ansible.stage import ansible, write_inventory, write_plays

CONFIG = "dvrip.devices.config"
MAINTAIN = {"name": "General.AutoMaintain", "config": {"AutoRebootDay": "Friday", "AutoRebootHour": 4}}


@pytest.mark.parametrize("controller", ["UTC", "Asia/Tokyo"])
def test_the_clock_is_that_of_the_devices_zone_wherever_the_controller_stands(camera, controller):
    camera.simulator.state.clock.error_s = 3600
    wish = {"timezone": "America/Phoenix", "sync": True, "ntp": False}
    inventory = write_inventory(
        camera.folder, {"cam": {"ansible_connection": "dvrip.devices.dvrip", **camera.variables}}
    )
    playbook = write_plays(camera.folder, {"hosts": "all", "tasks": triplet("time", wish)})
    run = ansible(camera.folder, "ansible-playbook", "-i", inventory, playbook, env={"TZ": controller})
    run.ok()
    assert [run[name]["changed"] for name in ("check", "apply", "again")] == [True, True, False]
    told = [
        [part for part in run[name]["diff"] if part["after_header"] != "cam clock"]
        for name in ("check", "apply")
    ]
    assert told[0] == told[1] != [], "all but the offset of a clock that goes on"
    shown = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=7)
    assert abs(camera.simulator.state.clock.now() - shown) < timedelta(seconds=10)
    assert camera.config["System.TimeZone"]["timeMin"] == 420
    assert camera.config["General.Location"]["DSTRule"] == "Off"
    assert 3595 <= run["apply"]["offset"] <= 3605
    assert abs(run["again"]["offset"]) <= 5


def test_a_zone_by_name_brings_its_rule_for_the_summer(camera):
    run = camera.play(triplet("time", {"timezone": "Europe/Berlin"}))
    assert_triplet(run)
    location = camera.config["General.Location"]
    assert (location["DSTRule"], location["DSTStart"]["Week"], location["DSTStart"]["Month"]) == ("On", -1, 3)
    assert run["apply"]["after"]["dst"] is True


def test_a_clock_of_a_device_without_zone_is_not_guessed(camera):
    del camera.config["System.TimeZone"]
    run = camera.play(
        [
            {"name": "bare", "dvrip.devices.time": {"sync": True}, "ignore_errors": True},
            {"name": "told", "dvrip.devices.time": {"sync": True, "timezone": "Asia/Tokyo"}},
        ]
    ).ok()
    assert "keeps no time zone" in run["bare"]["msg"]
    assert "only its clock is set" in run["told"]["warnings"][0]
    shown = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=9)
    assert abs(camera.simulator.state.clock.now() - shown) < timedelta(seconds=10)


def test_a_write_whose_answer_is_lost_is_read_back(make_camera):
    camera = make_camera(quirks=Quirks(mute=frozenset({1040})))
    objects = [MAINTAIN, {"name": "General.General", "config": {"MachineName": "gate"}}]
    run = camera.play(
        [
            {"name": "apply", CONFIG: {"objects": objects}},
            {"name": "again", CONFIG: {"objects": objects}},
        ],
        "-v",
        ansible_dvrip_timeout=2,
    ).ok()
    assert run["apply"]["changed"] is True
    assert run["again"]["changed"] is False
    assert camera.config["General.General"]["MachineName"] == "gate"
    assert "no answer to General.AutoMaintain: reading it back" in run.printed


def test_a_device_that_dies_while_it_writes_is_failed_uncertain_and_heals(camera):
    """No answer and nobody there to be asked again: somebody has to look, and the next run does."""
    simulator = camera.simulator

    async def dies():
        while not any(message_id == 1040 for message_id, _, _ in simulator.requests):  # noqa: ASYNC110  the simulator tells no event of a request
            await asyncio.sleep(0.005)
        await simulator._go_down()

    async def start():
        return asyncio.create_task(dies())

    simulator.quirks.late[1040] = 0.5
    task = camera.stage.call(start())
    run = camera.play([{"name": "apply", CONFIG: MAINTAIN, "ignore_errors": True}], ansible_dvrip_timeout=2)
    camera.stage.call(task)
    outcome = run["apply"]
    assert outcome.outcome == "failed"
    assert outcome["changed"] is True
    assert outcome["uncertain"] == ["General.AutoMaintain"]
    assert "is not known" in outcome["msg"]
    assert "Run the play again" in outcome["failure"]["remedy"]
    simulator.quirks.late.clear()
    camera.stage.call(simulator._listen())
    healed = camera.play([{"name": "apply", CONFIG: MAINTAIN}, {"name": "again", CONFIG: MAINTAIN}]).ok()
    assert healed["again"]["changed"] is False
    assert camera.config["General.AutoMaintain"]["AutoRebootHour"] == 4


def test_a_new_password_is_told_even_when_no_connection_is_left_to_prove_it(make_camera):
    camera = make_camera(quirks=Quirks(max_connections=1))
    wish = {"name": "guard", "password": "Heron-gate5", "group": "user"}
    run = camera.play(
        [
            {"name": "apply", "dvrip.devices.user": wish, "ignore_errors": True},
            {"name": "own", "dvrip.devices.user": {"name": "admin", "password": "Other-key2"}},
        ],
        ansible_dvrip_timeout=2,
    ).ok()
    assert run["apply"]["changed"] is True
    assert run["own"]["changed"] is True
    assert set(camera.simulator.state.users) == {"admin", "guard"}


def test_a_restart_that_is_due_is_seen_on_the_next_run_and_done_on_request(make_camera):
    camera = make_camera(quirks=Quirks(restart={"General.Location": 603}))
    camera.simulator.downtime_s = 0.5
    wish = {"name": "General.Location", "config": {"Language": "German"}}
    first = camera.play([{"name": "apply", CONFIG: wish}]).ok()
    assert first["apply"]["reboot_required"] is True
    second = camera.play(
        [
            {"name": "unchanged", CONFIG: wish},
            {"name": "check", CONFIG: wish | {"reboot": "if_needed"}, "check_mode": True},
            {"name": "heal", CONFIG: wish | {"reboot": "if_needed"}},
            {"name": "after", CONFIG: wish | {"reboot": "if_needed"}},
            {"name": "nothing is due", "dvrip.devices.reboot": {"when": "pending"}},
        ]
    ).ok()
    assert (second["unchanged"]["changed"], second["unchanged"]["reboot_required"]) == (False, True)
    assert (second["check"]["changed"], second["check"]["rebooted"]) == (True, False)
    assert (second["heal"]["changed"], second["heal"]["rebooted"], second["heal"]["reboot_required"]) == (
        True,
        True,
        False,
    )
    assert second["after"]["changed"] is False
    assert second["nothing is due"]["changed"] is False
    assert sum(name == "OPMachine" for _, name, _ in camera.simulator.requests) == 1


def test_a_restart_by_somebody_else_is_noticed(make_camera):
    camera = make_camera(quirks=Quirks(restart={"General.Location": 603}))
    wish = {"name": "General.Location", "config": {"Language": "German"}}
    assert camera.play([{"name": "apply", CONFIG: wish}]).ok()["apply"]["reboot_required"] is True
    camera.simulator.state.clock.restart()
    assert "reboot_required" not in camera.play([{"name": "again", CONFIG: wish}]).ok()["again"].result


def test_results_are_small_and_say_channel_and_path(make_camera):
    recorder = make_camera(profile="nvr", channels=32)
    for element in recorder.config["Detect.MotionDetect"]:
        element["Level"] = 3
    wish = {"name": "Detect.MotionDetect", "channel": [2, 31], "config": {"Level": 4}}
    run = recorder.play(triplet("config", wish))
    assert_triplet(run)
    assert run["apply"]["changes"] == [
        {"object": "Detect.MotionDetect", "channel": channel, "path": "Level", "before": 3, "after": 4}
        for channel in (2, 31)
    ]
    (part,) = run["apply"]["diff"]
    assert part["before_header"] == "cam Detect.MotionDetect"
    assert part["after"] == "channel 2 Level: 4\nchannel 31 Level: 4\n"
    assert len(json.dumps(run["again"].result)) < 4096
    assert [element["Level"] for element in recorder.config["Detect.MotionDetect"]].count(4) == 2


def test_a_model_without_an_object_is_skipped_on_request_and_named(camera):
    objects = [{"name": "No.Such", "config": {"A": 1}, "missing": "skip"}, MAINTAIN]
    run = camera.play(
        [
            *triplet("config", {"objects": objects}),
            {"name": "info", "dvrip.devices.config_info": {"name": ["No.Such", "NetWork.NetNTP"], "missing": "skip"}},
            {"name": "near", CONFIG: {"name": "netwrk.netntp", "config": {}}, "ignore_errors": True},
        ]
    )  # fmt: skip
    assert_triplet(run)
    assert [entry["name"] for entry in run["apply"]["skipped_objects"]] == ["No.Such"]
    assert set(run["info"]["objects"]) == {"NetWork.NetNTP"}
    assert run["info"]["missing_objects"][0]["name"] == "No.Such"
    assert "did you mean 'NetWork.NetNTP'" in run["near"]["msg"]
    assert "missing: skip" in run["near"]["failure"]["remedy"]


def test_what_info_returns_is_valid_input(camera):
    run = camera.play(
        [
            {
                "name": "info",
                "dvrip.devices.config_info": {
                    "name": ["General.AutoMaintain", "Detect.MotionDetect", "NetWork.NetNTP"],
                    "format": "objects",
                },
                "register": "had",
            },
            {"name": "same", CONFIG: {"objects": "{{ had.objects }}"}},
        ]
    ).ok()
    assert run["same"]["changed"] is False


def test_lists_are_merged_as_documented_or_exact_on_request(camera):
    name = "NetWork.NetOrder"
    camera.config[name] = {"NetOrder": [{"NetOrder": 0, "NetType": 0}, {"NetOrder": 1, "NetType": 1}]}
    camera.config["Vendor.List"] = {"Plain": [1, 2, 3]}

    def wish(items, **more):
        return {"name": name, "config": {"NetOrder": items}, **more}

    run = camera.play(
        [
            {"name": "by place", CONFIG: wish([{"NetType": 2}])},
            {"name": "tail", CONFIG: wish([None, {"NetType": 2}])},
            {"name": "empty", CONFIG: wish([])},
            {"name": "plain", CONFIG: {"name": "Vendor.List", "config": {"Plain": [7, 8, 9]}}},
            *triplet("config", wish([{"NetOrder": 0, "NetType": "wi-fi"}], lists="replaced")),
            {"name": "one more", CONFIG: wish([{"NetType": "wi-fi"}, {"NetOrder": 3, "NetType": "mobile"}], lists="replaced")},
            {"name": "none", CONFIG: wish([], lists="replaced")},
        ]
    )  # fmt: skip
    assert_triplet(run)
    assert run["by place"]["changed"] is run["tail"]["changed"] is run["one more"]["changed"] is True
    assert run["empty"]["changed"] is False
    removed = [change for change in run["apply"]["changes"] if change["after"] is None]
    assert [change["path"] for change in removed] == ["NetOrder[1]"]
    assert camera.config[name] == {"NetOrder": []}
    assert camera.config["Vendor.List"] == {"Plain": [7, 8, 9]}


def test_a_device_named_by_a_task_does_not_end_the_host(camera, tmp_path):
    tasks = [
        {
            "name": "loop",
            "dvrip.devices.device_info": {
                "host": "127.0.0.1",
                "port": "{{ item }}",
                "login_password": PASSWORD,
            },
            "loop": [1, camera.simulator.port],
            "ignore_errors": True,
        },
        {"name": "goes on", "ansible.builtin.debug": {}},
    ]
    run = ansible(tmp_path, "ansible-playbook", "-i", "localhost,", "-c", "local",
                  write_plays(tmp_path, {"hosts": "localhost", "tasks": tasks}))  # fmt: skip
    dead, alive = run["loop"]["results"]
    assert run["loop"].outcome == "failed"
    assert "unreachable" not in dead
    assert dead["failure"]["type"] == "TransportError"
    assert alive["device"]["serial"] == camera.simulator.serial
    assert run["goes on"].outcome == "ok"


def test_facts_are_gathered(camera):
    run = camera.play([{"name": "facts", "dvrip.devices.device_facts": {}}]).ok()
    assert run["facts"]["ansible_facts"]["dvrip"]["serial"] == camera.simulator.serial


def test_a_play_gathers_the_facts_by_itself(camera, tmp_path):
    """As the documentation of `device_facts` says it."""
    variables = {
        "ansible_connection": "dvrip.devices.dvrip",
        **camera.variables,
        "ansible_facts_modules": ["dvrip.devices.device_facts"],
        "ansible_dvrip_local_modules": True,
    }
    login = {
        "host": "{{ ansible_host }}",
        "port": "{{ ansible_port | default(34567) }}",
        "login_password": "{{ ansible_password }}",
        "gather_subset": ["storage"],
    }
    play = {
        "hosts": "all",
        "gather_facts": True,
        "module_defaults": {"dvrip.devices.device_facts": login},
        "tasks": [
            {"name": "use", "ansible.builtin.assert": {"that": "ansible_facts.dvrip.serial == serial"}},
            {"name": "subset", "ansible.builtin.assert": {"that": "ansible_facts.dvrip.storage is defined"}},
        ],
    }
    off = {**variables, "ansible_host": "127.0.0.1", "ansible_port": 9}
    inventory = write_inventory(
        tmp_path, {"cam": {**variables, "serial": camera.simulator.serial}, "off": off}
    )
    run = ansible(tmp_path, "ansible-playbook", "-vvvv", "-i", inventory, write_plays(tmp_path, play))
    assert run["use"].outcome == run["subset"].outcome == "ok"
    silent = run.of_host("off")  # the facts are all it gets to
    assert silent.outcome == "failed"
    assert "nothing listens on this port" in str(silent.result)
    assert PASSWORD not in run.printed
