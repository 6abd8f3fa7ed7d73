"""The collection is complete and says of itself what is true: no device needed."""

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ansible_collections.dvrip.devices.plugins.module_utils._endpoint import CONNECTION_OPTIONS
from tests.ansible.stage import ROOT, ansible, environment

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


@pytest.mark.parametrize("module", MODULES)
def test_examples_use_the_module_with_options_it_has(module):
    tasks = yaml.safe_load(docs_of(module).EXAMPLES)
    used = [task[f"dvrip.devices.{module}"] or {} for task in tasks if f"dvrip.devices.{module}" in task]
    assert used
    for arguments in used:
        unknown = (
            set(arguments)
            - set(spec_of(module).own_options)
            - {"host", "port", "login_user", "login_password"}
        )
        assert not unknown, arguments
    assert all(task["name"][0].isupper() for task in tasks)


@pytest.mark.parametrize("path", sorted(PLUGINS.rglob("*.py")), ids=lambda path: path.stem)
def test_every_plugin_names_its_license(path):
    assert "SPDX-License-Identifier: GPL-3.0-or-later" in path.read_text()


def test_galaxy_metadata_fits_the_directory():
    galaxy = yaml.safe_load((COLLECTION / "galaxy.yml").read_text())
    assert (galaxy["namespace"], galaxy["name"]) == COLLECTION.parts[-2:]
    assert galaxy["dependencies"] == {}
    assert (COLLECTION / galaxy["readme"]).is_file()
    fragments = list((COLLECTION / "changelogs" / "fragments").glob("*.yml"))
    assert [path for path in fragments if yaml.safe_load(path.read_text())]
    needed = yaml.safe_load((COLLECTION / "meta" / "execution-environment.yml").read_text())
    assert (COLLECTION / needed["dependencies"]["python"]).read_text().startswith("dvrip-proto")


def test_ansible_doc_renders_everything(tmp_path):
    names = [f"dvrip.devices.{module}" for module in MODULES]
    run = ansible(tmp_path, "ansible-doc", "--json", *names).ok()
    assert set(json.loads(run.printed)) == set(names)
    assert all(page["doc"]["has_action"] for page in json.loads(run.printed).values())
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
