"""The collection is complete and says of itself what is true: no device needed."""

import ast
import importlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ansible_collections.dvrip.devices.plugins.module_utils._endpoint import CONNECTION_OPTIONS
from ansible_collections.dvrip.devices.plugins.module_utils._library import USED, missing_text
from dvrip_proto.features.system import DEFAULT_PARTS
from dvrip_proto.simulator import Simulator
from tests.ansible.conftest import PASSWORD
from tests.ansible.stage import ROOT, ansible, environment, write_inventory, write_plays

COLLECTION = ROOT / "ansible_collections" / "dvrip" / "devices"
PLUGINS = COLLECTION / "plugins"
MODULES = sorted(path.stem for path in (PLUGINS / "modules").glob("[a-z]*.py"))


def spec_of(module):
    return importlib.import_module(f"ansible_collections.dvrip.devices.plugins.modules.{module}").SPEC


def docs_of(module):
    return importlib.import_module(f"ansible_collections.dvrip.devices.plugins.modules.{module}")


def test_the_promised_modules_are_there():
    assert set(MODULES) >= {
        "config",
        "config_info",
        "device_info",
        "group",
        "network",
        "reboot",
        "time",
        "user",
    }


@pytest.mark.parametrize("module", MODULES)
def test_every_module_runs_inside_the_worker(module):
    action = importlib.import_module(f"ansible_collections.dvrip.devices.plugins.action.{module}")
    assert action.ActionModule.spec is spec_of(module)


def test_no_action_is_without_its_module():
    assert sorted(path.stem for path in (PLUGINS / "action").glob("[a-z]*.py")) == MODULES


def test_every_module_with_a_login_is_in_the_action_group():
    runtime = yaml.safe_load((COLLECTION / "meta" / "runtime.yml").read_text())
    with_login = [module for module in MODULES if "login_password" in spec_of(module).argument_spec]
    assert runtime["action_groups"] == {"dvrip": with_login}
    assert set(MODULES) - set(with_login) == {"discover_info", "discover_address"}
    assert "plugin_routing" not in runtime


@pytest.mark.parametrize("module", MODULES)
def test_options_are_documented_as_they_are(module):
    def compare(documented, spec, where):
        assert set(documented) == set(spec), where
        for name, option in spec.items():
            text = documented[name]
            assert text.get("type", "str") == option.get("type", "str"), f"{where}.{name}"
            for key in ("choices", "default", "elements", "required"):
                assert text.get(key) == option.get(key), f"{where}.{name}: {key}"
            compare(text.get("suboptions", {}), option.get("options", {}), f"{where}.{name}")

    page = yaml.safe_load(docs_of(module).DOCUMENTATION)
    documented = dict(page["options"])
    for fragment in page["extends_documentation_fragment"]:
        name, _, part = fragment.removeprefix("dvrip.devices.").partition(".")
        source = importlib.import_module(f"ansible_collections.dvrip.devices.plugins.doc_fragments.{name}")
        text = getattr(source.ModuleDocFragment, part.upper() or "DOCUMENTATION")
        documented |= yaml.safe_load(text).get("options", {})
    compare(documented, spec_of(module).argument_spec, module)


@pytest.mark.parametrize("module", MODULES)
def test_no_option_means_the_login_in_one_module_and_something_else_in_another(module):
    """Defaults of the action group reach every module: one name must have one meaning."""
    aliases = {
        alias for option in spec_of(module).argument_spec.values() for alias in option.get("aliases", ())
    }
    assert not (set(spec_of(module).own_options) | aliases) & {*CONNECTION_OPTIONS, "username"}


@pytest.mark.parametrize("path", sorted(PLUGINS.rglob("*.py")), ids=lambda path: path.stem)
def test_every_plugin_names_its_license(path):
    assert "SPDX-License-Identifier: GPL-3.0-or-later" in path.read_text()


@pytest.mark.parametrize("path", sorted(PLUGINS.rglob("*.py")), ids=lambda path: path.stem)
def test_no_plugin_has_what_ansible_test_refuses_and_our_linters_take(path):
    source = path.read_text()
    nodes = list(ast.walk(ast.parse(source)))
    assert "_" not in {node.id for node in nodes if isinstance(node, ast.Name)}, "say dummy"
    assert not any(isinstance(node, ast.Assert) for node in nodes)
    named = {
        target.id
        for node in nodes
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.Dict | ast.List | ast.Set)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            defaults = [*node.args.defaults, *node.args.kw_defaults]
            assert not named & {one.id for one in defaults if isinstance(one, ast.Name)}, (
                "a default that can change"
            )
    assert max(map(len, source.splitlines())) <= 160


def numbers(options):
    for name, option in options.items():
        yield from numbers(option.get("suboptions") or {})
        if option.get("type") in ("int", "float"):
            yield (
                name,
                " ".join(
                    [option["description"]]
                    if isinstance(option["description"], str)
                    else option["description"]
                ),
            )


@pytest.mark.parametrize("module", MODULES)
def test_every_number_says_from_where_to_where_it_goes(module):
    for name, text in numbers(yaml.safe_load(docs_of(module).DOCUMENTATION)["options"]):
        assert re.search(r"from V\(1\)|V\([01]\) or more|above V\(0\)", text), f"{name}: {text}"


def test_reset_has_the_parts_that_the_library_has():
    assert spec_of("reset").options["parts"]["choices"] == list(DEFAULT_PARTS)


def test_galaxy_metadata_fits_the_directory():
    galaxy = yaml.safe_load((COLLECTION / "galaxy.yml").read_text())
    assert (galaxy["namespace"], galaxy["name"]) == COLLECTION.parts[-2:]
    assert galaxy["dependencies"] == {}
    assert (COLLECTION / galaxy["readme"]).is_file()
    fragments = list((COLLECTION / "changelogs" / "fragments").glob("*.yml"))
    assert [path for path in fragments if yaml.safe_load(path.read_text())]
    needed = yaml.safe_load((COLLECTION / "meta" / "execution-environment.yml").read_text())
    assert (COLLECTION / needed["dependencies"]["python"]).read_text().startswith("dvrip-proto")


@pytest.mark.parametrize("module", MODULES)
def test_a_page_says_where_to_go_on_and_shows_what_comes_back(module):
    page = importlib.import_module(f"ansible_collections.dvrip.devices.plugins.modules.{module}")
    others = [one["module"] for one in yaml.safe_load(page.DOCUMENTATION)["seealso"]]
    assert others
    assert {other.rpartition(".")[2] for other in others} <= set(MODULES) - {module}
    shown = {key: {"sample", "contains"} & set(value) for key, value in yaml.safe_load(page.RETURN).items()}
    assert [key for key, samples in shown.items() if not samples] == []


def test_ansible_doc_renders_everything(tmp_path):
    names = [f"dvrip.devices.{module}" for module in MODULES]
    run = ansible(tmp_path, "ansible-doc", "--json", *names).ok()
    assert set(json.loads(run.printed)) == set(names)
    assert all(page["doc"]["has_action"] for page in json.loads(run.printed).values())
    fleet = ansible(tmp_path, "ansible-doc", "-t", "inventory", "dvrip.devices.fleet").ok().printed
    assert "keep_file" in fleet
    assert (
        "ansible_dvrip_local_modules"
        in ansible(tmp_path, "ansible-doc", "-t", "connection", "dvrip.devices.dvrip").ok().printed
    )
    assert Path(COLLECTION / "LICENSE").read_text().lstrip().startswith("GNU GENERAL PUBLIC LICENSE")


def test_a_task_that_talks_to_no_device_imports_no_library(tmp_path):
    """Every worker imports the connection plugin, for `set_fact` too: that must stay cheap."""
    code = (
        "import sys; from ansible.plugins.loader import init_plugin_loader, connection_loader; init_plugin_loader();"
        "connection_loader.get('dvrip.devices.dvrip', class_only=True);"
        "print([name for name in ('asyncio', 'dvrip_proto') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_examples_run(stage, tmp_path):
    """Every example of every module, one after the other, in check mode on one recorder: none fails by itself."""
    simulator = stage.enter(lambda: Simulator(profile="nvr", channels=4, users={"admin": PASSWORD}))
    left_out = {
        "discover_address": "no new camera is in the network",
        "firmware": "no file is there",
        "restore": "no file is there",
        "wait": "no recorder goes off",
    }
    texts = {
        '"2a981919678907c1"': json.dumps(simulator.serial),
        '"192.168.20.31"': '"127.0.0.1"',
        '"255.255.255.0"': '"255.0.0.0"',
        '"192.168.20.1"': '"127.0.0.2"',
        '"wait": 5': '"wait": 0.2, "targets": ["127.0.0.1"]',
        '"Camera.WhiteLight", ': '"Camera.WhiteLight", "missing": "skip", ',
    }
    tasks = []
    for module in sorted(set(MODULES) - set(left_out)):
        for task in yaml.safe_load(docs_of(module).EXAMPLES):
            if f"dvrip.devices.{module}" not in task:
                continue
            text = json.dumps({**task, "name": f"{module}: {task['name']}"})
            for old, new in texts.items():
                text = text.replace(old, new)
            tasks.append({**json.loads(text), "check_mode": True, "ignore_errors": True})
    vault = [f"vault_{name}_password" for name in ("recorder", "guard", "night", "new", "ftp")]
    host = {
        "ansible_connection": "dvrip.devices.dvrip",
        "ansible_host": simulator.host,
        "ansible_port": simulator.port,
        "ansible_user": "admin",
        "ansible_password": PASSWORD,
        **{name: f"Made-up-{at}" for at, name in enumerate(vault)},
    }
    (tmp_path / "camera.yml").write_text('[{"name": "Camera.WhiteLight", "config": {"WorkMode": "Close"}}]')
    inventory = write_inventory(tmp_path, {"recorder": host})
    run = ansible(
        tmp_path, "ansible-playbook", "-i", inventory, write_plays(tmp_path, {"hosts": "all", "tasks": tasks})
    ).ok()
    assert len(run.outcomes) == len(tasks) > 20
    failed = {outcome.task: outcome["msg"] for outcome in run.outcomes if outcome.outcome == "failed"}
    assert not failed


def test_a_python_that_is_too_old_is_named_and_not_the_library():
    text = missing_text((3, 11, 4))
    assert "needs Python 3.12 or later on the controller" in text
    assert "this is 3.11.4" in text
    assert "install dvrip" not in text.lower()


@pytest.mark.parametrize("path", sorted(PLUGINS.rglob("*.py")), ids=lambda path: path.stem)
def test_every_plugin_can_be_read_by_the_oldest_python_of_a_supported_core(path):
    """Python 3.11 runs ansible-core 2.18: there it must get as far as saying what is missing."""
    ast.parse(path.read_text(), feature_version=(3, 11))


def test_a_missing_library_is_told_by_every_module(tmp_path):
    code = (
        "import sys; sys.modules['dvrip_proto'] = None\n"
        "import importlib\n"
        "from ansible_collections.dvrip.devices.plugins.module_utils._library import MISSING, missing_text\n"
        f"for name in {MODULES!r}:\n"
        "    importlib.import_module(f'ansible_collections.dvrip.devices.plugins.action.{name}')\n"
        "print(bool(MISSING), missing_text())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(tmp_path) | {"PYTHONPATH": f"{ROOT / 'shared'}:{ROOT}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("True dvrip.devices cannot import its protocol library")


def test_every_part_of_the_library_is_imported_before_the_workers_fork():
    """A part that a worker imports costs it, for every device and task, what the parent pays once.

    Of modules with a rehearsal test_rehearsal sees to it.
    """
    used = {
        name
        for path in PLUGINS.rglob("*.py")
        for name in re.findall(r"\bdvrip_proto\.([A-Za-z_]+)", path.read_text())
    }
    assert used == set(USED)
