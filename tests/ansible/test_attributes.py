"""What each page promises under ATTRIBUTES is what the module does: every module, by one wish that acts."""

import copy
import importlib
import json
import zipfile

import pytest
import yaml

from dvrip_proto.simulator import Quirks
from tests.ansible.stage import ansible, write_inventory, write_plays
from tests.ansible.test_collection import COLLECTION, MODULES, spec_of
from tests.ansible.test_every_change import CHANGES, RECORDER, _filled
from tests.device import firmware_file

# Wishes that act, of modules that test_every_change has none for.
ACTS = {
    "backup": {"dest": "{folder}/cam.zip"},
    "restore": {"src": "{folder}/there.zip", "confirm": "{serial}", "match": "any", "allow_disconnect": True},
    "reset": {"parts": ["alarms"], "confirm": "{serial}"},
    "reboot": {"wait": False},
    "firmware": {"src": "{firmware}"},
    "fetch": {"what": "logs", "dest": "{folder}/logs"},
}
READS = {
    "config_info": {"name": ["General.General"]},
    "device_info": {},
    "device_facts": {},
    "wait": {"wait_timeout": 5},
}
ALONE = {"discover_info", "discover_address"}  # no login, and a network that they need is not here
READING = {1000, 1002, 1006, 1020, 1042, 1044, 1048, 1360, 1410, 1412, 1440, 1442, 1448, 1452, 1470, 1472, 1474, 1525, 1542, 1544, 1546}  # fmt: skip
SUPPORT = {"full", "partial", "none", "N/A"}


def attributes_of(module):
    page = yaml.safe_load(importlib.import_module(f"{COLLECTION_NAME}.modules.{module}").DOCUMENTATION)
    found = {}
    for fragment in page["extends_documentation_fragment"]:
        name, _, part = fragment.removeprefix("dvrip.devices.").partition(".")
        source = importlib.import_module(f"{COLLECTION_NAME}.doc_fragments.{name}").ModuleDocFragment
        found |= yaml.safe_load(getattr(source, part.upper() or "DOCUMENTATION")).get("attributes", {})
    for name, own in page.get("attributes", {}).items():
        found[name] = {**found.get(name, {}), **own}
    return found


COLLECTION_NAME = "ansible_collections.dvrip.devices.plugins"
ATTRIBUTES = {module: attributes_of(module) for module in MODULES}


def support(module, attribute):
    return ATTRIBUTES[module][attribute]["support"]


@pytest.fixture
def act(make_camera, tmp_path):
    """A device and the wish for it by which a module acts."""

    def make(module):
        camera = make_camera(**(RECORDER if module == "recorder_channels" else {}))
        camera.simulator.downtime_s, camera.simulator._unit.upgrade.burn_s = 0.05, 0.05
        if module not in ACTS:
            camera.config["General.General"]["OverWrite"] = "OverWrite"
            return camera, CHANGES[module][0]
        hardware = camera.simulator.state.profile.data["upgrade"]["Hardware"]
        image = firmware_file.write(tmp_path, name="X_V5.00.R02.20260102.bin", Hardware=hardware)
        if module == "restore":
            with zipfile.ZipFile(tmp_path / "there.zip", "w") as archive:
                tree = {**camera.config["General.General"], "MachineName": "kept"}
                archive.writestr("Config/Json/General.General.json", json.dumps(tree))
        told = {"folder": tmp_path, "serial": camera.simulator.serial, "firmware": image}
        return camera, _filled(ACTS[module], told)

    return make


def files(folder):
    return {
        path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and "home" not in path.parts
    }


def asked(camera):
    return {message_id for message_id, _, _ in camera.simulator.requests}


def test_every_module_is_tried_here():
    assert set(CHANGES) | set(ACTS) | set(READS) | ALONE == set(MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_every_attribute_says_what_it_means_and_how_far_it_goes(module):
    names = {"action_group", "async", "check_mode", "connection", "delegation", "diff_mode", "idempotent"}
    assert set(ATTRIBUTES[module]) - {"facts"} == names | {"platform"}
    for name, attribute in ATTRIBUTES[module].items():
        assert attribute["description"], name
        assert attribute["support"] in SUPPORT, name
        if attribute["support"] == "partial":
            assert attribute["details"], f"{name}: which part?"


@pytest.mark.parametrize("module", MODULES)
def test_the_action_group_and_the_connection_are_for_modules_with_a_login(module):
    groups = yaml.safe_load((COLLECTION / "meta" / "runtime.yml").read_text())["action_groups"]
    inside = "full" if module in groups["dvrip"] else "none"
    assert support(module, "action_group") == inside
    assert support(module, "connection") == ("full" if "host" in spec_of(module).argument_spec else "none")


@pytest.mark.parametrize("module", [*CHANGES, *ACTS])
def test_check_mode_diff_mode_and_idempotence_are_what_the_page_says(act, tmp_path, module):
    camera, wish = act(module)
    before, kept = copy.deepcopy(camera.config), files(tmp_path)
    check = camera.run(module, wish, check_mode=True)
    assert support(module, "check_mode") == "full"
    assert check["changed"] is True, check
    assert asked(camera) <= READING, "check mode only reads"
    assert (camera.config, files(tmp_path)) == (before, kept)
    done = camera.run(module, wish)
    assert (done["changed"], "failed" in done) == (True, False), done
    assert (camera.config, files(tmp_path)) != (before, kept) or not asked(camera) <= READING, "it did act"
    shown = [part["before"] != part["after"] for part in done.get("diff", [])]
    assert check.get("diff", []) == done.get("diff", [])
    assert bool(shown) is (support(module, "diff_mode") in {"full", "partial"})
    assert all(shown)
    if module == "reboot":
        camera.run("wait", {"wait_timeout": 20})
    again = camera.run(module, wish, diff=False)
    assert "diff" not in again
    expected = {"full": False, "partial": None, "none": True}[support(module, "idempotent")]
    assert expected is None or again["changed"] is expected, again


@pytest.mark.parametrize("module", READS)
def test_what_only_reads_writes_nothing_and_changes_nothing(camera, module):
    before = copy.deepcopy(camera.config)
    for check_mode in (True, False):
        result = camera.run(module, READS[module], check_mode=check_mode)
        assert (result["changed"], "failed" in result) == (False, False), result
        assert not result.get("diff")
    assert asked(camera) <= READING
    assert camera.config == before
    assert support(module, "check_mode") == support(module, "idempotent") == "full"
    assert support(module, "diff_mode") == "N/A"


@pytest.mark.parametrize("module", sorted(ALONE))
def test_what_looks_for_devices_finds_no_fault_with_check_mode(module):
    assert support(module, "check_mode") == "full"


def test_async_is_refused_in_one_line_and_delegation_reaches_the_other_device(make_camera):
    here, there = make_camera(), make_camera(quirks=Quirks())
    hosts = {
        name: one.variables | {"ansible_connection": "dvrip.devices.dvrip"}
        for name, one in (("here", here), ("there", there))
    }
    assert {support(module, "async") for module in MODULES} == {"none"}
    assert {support(module, "delegation") for module in MODULES} == {"full"}
    wish = {"name": "General.General", "config": {"MachineName": "delegated"}}
    tasks = [
        {"name": "later", "dvrip.devices.device_info": {}, "async": 10, "poll": 1, "ignore_errors": True},
        {"name": "other", "dvrip.devices.config": wish, "delegate_to": "there"},
    ]
    play = write_plays(here.folder, {"hosts": "here", "tasks": tasks})
    run = ansible(here.folder, "ansible-playbook", "-i", write_inventory(here.folder, hosts), play)
    assert run["later"].outcome == "failed"
    assert "async" in run["later"]["msg"]
    assert run["other"]["changed"] is True
    assert there.config["General.General"]["MachineName"] == "delegated"
    assert here.config["General.General"]["MachineName"] != "delegated"
