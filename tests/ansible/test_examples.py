"""Every example that a page, a README or a site of ours shows can be typed as it stands: keywords, modules, options, values."""

import importlib
import importlib.util
import re
from dataclasses import dataclass
from typing import Any

import pytest
import yaml
from ansible.playbook.block import Block
from ansible.playbook.play import Play
from ansible.playbook.task import Task

from tests.ansible.stage import ROOT
from tests.ansible.test_collection import COLLECTION, MODULES, PLUGINS, spec_of

ROLES = {path.parent.name for path in (COLLECTION / "roles").glob("*/tasks")}
PLAY_WORDS = {*Play.fattributes, "ansible.builtin.import_playbook", "vars"}
TASK_WORDS = {*Task.fattributes, *Block.fattributes}
TEMPLATE = re.compile(r"^\{[{%].*[%}]\}$", re.DOTALL)
OURS = re.compile(r"dvrip\.devices\.([a-z_]+)")
# What stands for a template, by the type of the option.
MADE_UP = {"str": "x", "int": 7, "float": 1.5, "bool": True, "list": [], "dict": {}, "raw": "x", "path": "/x"}


class Loader(yaml.SafeLoader):
    """YAML as Ansible reads it."""


Loader.add_constructor("!vault", lambda loader, node: loader.construct_scalar(node))
Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))


@dataclass(frozen=True)
class Shown:
    """A piece of YAML that somebody may type, and where it stands."""

    where: str
    text: str

    @property
    def documents(self) -> list[Any]:
        return [found for found in yaml.load_all(self.text, Loader) if found is not None]

    def __str__(self) -> str:
        return self.where


def _pages() -> list[Shown]:
    sources = [*PLUGINS.rglob("*.py"), *(COLLECTION / "extensions").rglob("*.py")]
    found = []
    for path in sorted(sources):
        match = re.search(r'^EXAMPLES = r"""\n(.*?)^"""', path.read_text(), re.DOTALL | re.MULTILINE)
        if match:
            found.append(Shown(f"{path.parent.name}/{path.stem}", match[1]))
    return found


def _blocks() -> list[Shown]:
    """Pieces of YAML in documents that speak of the collection."""
    files = [
        COLLECTION / "README.md",
        *sorted((COLLECTION / "roles").glob("*/README.md")),
        *sorted((ROOT / "docs").glob("*.md")),
    ]
    return [
        Shown(f"{path.relative_to(ROOT)}:{number}", block)
        for path in files
        if path.name != "ansible-modules.md"  # made of the pages
        for number, block in enumerate(re.findall(r"```ya?ml\n(.*?)```", path.read_text(), re.DOTALL), 1)
        if "dvrip.devices." in block
    ]


def _files() -> list[Shown]:
    paths = [
        *sorted((ROOT / "examples/site").glob("*.yml")),
        *sorted((COLLECTION / "roles").glob("*/tasks/*.yml")),
    ]
    return [Shown(str(path.relative_to(ROOT)), path.read_text()) for path in paths]


PAGES = _pages()
EVERYTHING = [*PAGES, *_blocks(), *_files()]


def made_up(value: Any, spec: dict[str, Any]) -> Any:
    """A value as a template would give it."""
    if isinstance(value, str) and TEMPLATE.match(value.strip()):
        given = spec["choices"][0] if spec.get("choices") else MADE_UP[spec.get("type", "str")]
        return [given] if spec.get("type") == "list" and spec.get("choices") else given
    inner = spec.get("options", {})
    if isinstance(value, dict):
        return {key: made_up(item, inner.get(key, {"type": "raw"})) for key, item in value.items()}
    if isinstance(value, list):
        own = {"type": spec.get("elements", "raw"), "options": inner, "choices": spec.get("choices")}
        return [made_up(item, own) for item in value]
    return value


def mistakes(module: str, given: Any) -> list[str]:
    """What the module says of these options; one that takes none may be given nothing."""
    spec = spec_of(module)
    if isinstance(given, str) and TEMPLATE.match(given.strip()):
        return []  # all of them come from a variable
    options = made_up(given or {}, {"options": spec.argument_spec})
    return list(spec.validate(options).error_messages)


def tasks(tree: Any) -> list[dict[str, Any]]:
    """Every task of a list of plays, of blocks or of tasks."""
    found = []
    for item in tree if isinstance(tree, list) else []:
        if not isinstance(item, dict):
            continue
        inner = [
            key
            for key in ("tasks", "pre_tasks", "post_tasks", "handlers", "block", "rescue", "always")
            if key in item
        ]
        for key in inner:
            found += tasks(item[key])
        if not inner and "hosts" not in item and "import_playbook" not in "".join(item):
            found.append(item)
    return found


def defaults(tree: Any) -> list[dict[str, Any]]:
    """Every module_defaults in it."""
    if isinstance(tree, list):
        return [found for item in tree for found in defaults(item)]
    if not isinstance(tree, dict):
        return []
    own = [tree["module_defaults"]] if isinstance(tree.get("module_defaults"), dict) else []
    return own + [found for value in tree.values() for found in defaults(value)]


@pytest.mark.parametrize("shown", EVERYTHING, ids=str)
def test_it_is_yaml_and_names_only_what_there_is(shown):
    assert shown.documents
    plugins = {path.stem for path in PLUGINS.rglob("*.py")} | {
        path.stem for path in (COLLECTION / "extensions").rglob("*.py")
    }
    names = set(OURS.findall(shown.text))
    assert names <= plugins | ROLES | {"dvrip"}, names - plugins - ROLES


@pytest.mark.parametrize("shown", EVERYTHING, ids=str)
def test_every_task_in_it_has_words_of_ansible_and_options_of_the_module(shown):
    for document in shown.documents:
        for task in tasks(document):
            words = {key for key in task if key not in TASK_WORDS and not key.startswith("with_")}
            if not (words and all("." in key for key in words)):
                continue  # a list of something else: an inventory, a rulebook
            assert len(words) == 1, f"{task.get('name')}: {words}"
            (action,) = words
            module = action.removeprefix("dvrip.devices.")
            if module != action and module in MODULES:
                assert not mistakes(module, task[action]), task.get("name")
        for given in defaults(document):
            for action, options in given.items():
                module = action.removeprefix("dvrip.devices.")
                if module in MODULES and isinstance(options, dict):
                    assert set(options) <= set(spec_of(module).argument_spec), options


@pytest.mark.parametrize("shown", PAGES, ids=str)
def test_every_page_with_tasks_has_names_and_what_it_registers_is_read_by_its_own_name(shown):
    kind, _, name = shown.where.partition("/")
    registered, read = set(), ""
    for document in shown.documents:
        for task in tasks(document) if kind == "modules" else []:
            assert task["name"][0].isupper()
            read += str({key: value for key, value in task.items() if key != "name"})
            registered |= {task["register"]} if "register" in task else set()
            assert task.get("when") is not False, "nobody types a task that never runs"
    for condition in re.findall(r"'(?:that|when)': '?\"?([^,}]+)", read):
        for variable in re.findall(r"(?<![\w.'\"])([a-z_]+)(?:\.| is )", condition):
            assert variable in registered | {"ansible_facts", "not"}, f"{name}: nothing registers {variable}"


def test_an_example_with_a_mistake_would_be_seen():
    checked = [task for shown in EVERYTHING for document in shown.documents for task in tasks(document)]
    assert sum(any(key.startswith("dvrip.devices.") for key in task) for task in checked) > 70
    assert mistakes("time", {"timezon": "Europe/Berlin"})
    assert mistakes("storage", {"when_full": "explode"})
    assert mistakes("user", {"users": [{"name": "a", "password": "{{ x }}", "colour": "red"}]})
    assert mistakes("network", {"interface": "eth0"}), "required_by"
    assert not mistakes("storage", {"when_full": "{{ what }}", "disks": "{{ disks }}"})
    assert tasks([{"hosts": "all", "tasks": [{"block": [{"name": "A", "dvrip.devices.wait": None}]}]}])


def test_the_inventory_of_the_page_has_options_that_the_plugin_has():
    page = importlib.import_module("ansible_collections.dvrip.devices.plugins.inventory.fleet")
    own = set(yaml.safe_load(page.DOCUMENTATION)["options"])
    of_ansible = {"cache", "cache_plugin", "cache_connection", "cache_timeout", "cache_prefix"}
    of_ansible |= {"compose", "groups", "keyed_groups", "strict", "use_extra_vars", "leading_separator"}
    shown = [document for one in EVERYTHING for document in one.documents if isinstance(document, dict)]
    inventories = [document for document in shown if document.get("plugin") == "dvrip.devices.fleet"]
    assert len(inventories) > 2
    for document in inventories:
        assert set(document) <= own | of_ansible, set(document) - own - of_ansible
