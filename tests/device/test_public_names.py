"""What a public call takes and gives has a public name: nobody digs in the modules for a type."""

from __future__ import annotations

import ast
import inspect
import os
import shutil
import subprocess
import sys
import tomllib
import typing
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import pytest

import dvrip_proto
from dvrip_proto import Device
from dvrip_proto.features import every

FEATURES = {
    name: typing.get_type_hints(member.func, vars(every))["return"]
    for name, member in vars(Device).items()
    if isinstance(member, cached_property) and not name.startswith("_")
}


def named(hint: object) -> typing.Iterator[type]:
    """The library's own classes in an annotation."""
    hint = getattr(hint, "__value__", hint)  # `type X = ...`
    for part in typing.get_args(hint):
        yield from (each for member in (part if isinstance(part, list) else [part]) for each in named(member))
    if isinstance(hint, type) and hint.__module__.startswith("dvrip_proto."):
        yield hint


def hints(of: type) -> typing.Iterator[object]:
    """Annotations of what a class offers: its methods, properties and fields."""
    for name, member in vars(of).items():
        call = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if not name.startswith("_") and inspect.isfunction(call):
            yield from typing.get_type_hints(inspect.unwrap(call)).values()
    if not issubclass(of, Exception):
        yield from (hint for name, hint in typing.get_type_hints(of).items() if not name.startswith("_"))


def test_a_device_has_features() -> None:
    assert {"settings", "system", "users", "alarms", "recordings"} <= FEATURES.keys()


@pytest.mark.parametrize("feature", FEATURES)
def test_every_type_of_a_feature_is_exported(feature: str) -> None:
    public = {value for name in dvrip_proto.__all__ if isinstance(value := getattr(dvrip_proto, name), type)}
    missing: dict[str, str] = {}
    seen: set[type] = set()
    ahead = [FEATURES[feature]]
    while ahead:
        of = ahead.pop()
        for found in {each for hint in hints(of) for each in named(hint)} - seen:
            seen.add(found)
            if found is not dvrip_proto.Spec:  # a row of the catalog, which has a page of its own
                ahead.append(found)
            if found not in public:
                missing[f"{found.__module__}.{found.__name__}"] = f"of {of.__name__}"
    assert not missing


LIBRARY = Path(dvrip_proto.__file__)
ROOT = LIBRARY.parent.parent.parent
FRONT_ENDS = ("custom_components/dvrip", "ansible_collections/dvrip/devices/plugins")


def test_every_name_is_there_for_type_checkers_and_at_run_time() -> None:
    tree = ast.parse(LIBRARY.read_text(encoding="utf-8"))
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
        for alias in node.names
    }
    assert imported == set(dvrip_proto.__all__)
    assert {name for name in dvrip_proto.__all__ if not hasattr(dvrip_proto, name)} == set()
    assert set(dir(dvrip_proto)) >= set(dvrip_proto.__all__)
    assert not hasattr(dvrip_proto, "no_such_name")


def test_names_are_loaded_when_they_are_used() -> None:
    code = """if True:
        import sys
        import dvrip_proto
        assert not {"asyncio", "dvrip_proto.device"} & set(sys.modules), "nobody asked for it yet"
        from dvrip_proto import TransportError, sofia_hash
        assert "dvrip_proto.device" not in sys.modules
        assert dvrip_proto.Device is sys.modules["dvrip_proto.device"].Device
        assert dvrip_proto.ret_text is sys.modules["dvrip_proto.wire.ret"].text
    """
    subprocess.run([sys.executable, "-c", code], check=True, cwd=LIBRARY.parent.parent)


def used_names(path: Path) -> Iterator[str]:
    """What a module takes from the library: names it imports, attributes of it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.ImportFrom(module=str(module), names=names) if "dvrip_proto" in module.split("."):
                behind = module.partition("dvrip_proto")[2]
                yield from (f"{behind}.{alias.name}".lstrip(".") for alias in names)
            case ast.Import(names=names):
                yield from (
                    alias.name.removeprefix("dvrip_proto.")
                    for alias in names
                    if alias.name.startswith("dvrip_proto.")
                )
            case ast.Attribute(value=ast.Name(id="dvrip_proto"), attr=name):
                yield name


@pytest.mark.parametrize("front_end", FRONT_ENDS)
def test_front_ends_use_public_names_only(front_end: str) -> None:
    files = sorted((ROOT / front_end).rglob("*.py"))
    used = {(path.name, name) for path in files for name in used_names(path)}
    assert used
    assert {(file, name) for file, name in used if name not in dvrip_proto.__all__} == set()


@pytest.mark.parametrize(
    "line",
    [
        "from dvrip_proto.config.catalog.detect import ROWS",
        "from dvrip_proto.relay import Unit",
        "from dvrip_proto import relay",
        "import dvrip_proto.relay",
        "import dvrip_proto\ndvrip_proto.relay.Unit",
    ],
)
def test_a_way_behind_the_public_names_is_found(line: str, tmp_path: Path) -> None:
    file = tmp_path / "button.py"
    file.write_text(line, encoding="utf-8")
    assert set(used_names(file)) - set(dvrip_proto.__all__)


@pytest.mark.parametrize("front_end", FRONT_ENDS)
@pytest.mark.parametrize(
    "line",
    [
        "from dvrip_proto.config.catalog.detect import ROWS",
        "from dvrip_proto.relay import Unit",
        "from dvrip_proto import relay",
    ],
)
def test_the_linter_refuses_a_way_behind_the_public_names(line: str, front_end: str, tmp_path: Path) -> None:
    for folder in ("shared/dvrip_proto", "custom_components", "ansible_collections"):
        shutil.copytree(
            ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "tests")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    victim = next(path for path in sorted((tmp_path / front_end).rglob("*.py")) if path.stat().st_size)
    with victim.open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    lint = Path(sys.executable).with_name("lint-imports")
    paths = os.pathsep.join((str(tmp_path / "shared"), str(tmp_path)))
    done = subprocess.run(
        [lint, "--no-cache", "--contract", "public-names"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 1
    assert "front-ends use the public names BROKEN" in done.stdout


def test_the_library_says_which_it_is_and_shows_only_what_is_public() -> None:
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert dvrip_proto.__version__ == whole["project"]["version"]
    assert {name for name in dir(dvrip_proto) if not name.startswith("__")} == set(dvrip_proto.__all__)
