"""Build what is released into dist/: dvrip.zip for HACS, the collection, the wheel and sdist, and their sums.

The zip and the collection carry the library inside, so that neither needs a package index to install:
it is copied in here, and the imports of it are rewritten. The same sources give the same bytes, whenever
and wherever they are built.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tokenize
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from .bill_of_materials import bill_of_materials
from .collection_archive import EPOCH, write_collection

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "shared" / "dvrip_proto"
INTEGRATION = ROOT / "custom_components" / "dvrip"
COLLECTION = ROOT / "ansible_collections" / "dvrip" / "devices"
VENDORED = "ansible_collections.dvrip.devices.plugins.module_utils._vendor"
# ansible-core -> its versions of Python that are too old for the library; others have none.
CORES = {"2.18": ["3.11"], "2.19": ["3.11"]}
NOT_CARRIED = {"cli", "simulator", "__main__.py", "py.typed"}
LEFTOVERS = shutil.ignore_patterns("__pycache__", "*.pyc", ".*_cache", ".plugin-cache.yaml", "output")


class ReleaseError(Exception):
    """The sources cannot be released as they are."""


def main() -> None:
    """Build everything; `--out` names another folder than dist/."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    out: Path = parser.parse_args().out
    try:
        version = release_version()
        out.mkdir(parents=True, exist_ok=True)
        built = [build_integration(out), build_collection(out, version), *build_library(out, version)]
        built += [write_bill(out, version, built)]
    except ReleaseError as error:
        sys.exit(f"build_release: {error}")
    write_checksums(out, built)


def release_version() -> str:
    """The one version of the release; `ReleaseError` where the three front doors disagree."""
    versions = {
        "pyproject.toml": project()["version"],
        "manifest.json": json.loads((INTEGRATION / "manifest.json").read_text())["version"],
        "galaxy.yml": yaml.safe_load((COLLECTION / "galaxy.yml").read_text())["version"],
    }
    if len(set(versions.values())) != 1:
        raise ReleaseError(f"the versions differ: {versions}")
    return str(versions["pyproject.toml"])


def write_bill(out: Path, version: str, built: list[Path]) -> Path:
    """The software bill of materials of the release."""
    target = out / f"dvrip-{version}.cdx.json"
    target.write_text(bill_of_materials(project(), built))
    return target


def write_checksums(out: Path, built: list[Path]) -> None:
    """SHA256SUMS, as `sha256sum --check` reads it; the same is printed with the sizes."""
    lines = []
    for artifact in built:
        lines.append(f"{hashlib.sha256(artifact.read_bytes()).hexdigest()}  {artifact.name}")
        print(f"{lines[-1]}  {artifact.stat().st_size // 1024} KiB")
    (out / "SHA256SUMS").write_text("\n".join(lines) + "\n")


def project() -> dict[str, Any]:
    """What pyproject.toml says of the library."""
    told: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return told


def build_integration(out: Path) -> Path:
    """dvrip.zip: the content of custom_components/dvrip with the library in it."""
    with tempfile.TemporaryDirectory() as work:
        stage = Path(work) / "dvrip"
        shutil.copytree(INTEGRATION, stage, ignore=LEFTOVERS)
        for path in stage.rglob("*.py"):
            dots = "." * len(path.relative_to(stage).parts)
            path.write_text(carried_imports(path.read_text(), dots, path.relative_to(stage)))
        carry_library(stage)
        target = out / "dvrip.zip"
        write_zip(stage, target)
    return target


def build_collection(out: Path, version: str) -> Path:
    """dvrip-devices-VERSION.tar.gz, from a copy with the library in it."""
    target = out / f"dvrip-devices-{version}.tar.gz"
    with tempfile.TemporaryDirectory() as work:
        stage = Path(work) / "stage"
        shutil.copytree(COLLECTION, stage, ignore=LEFTOVERS)
        for path in (stage / "plugins").rglob("*.py"):
            path.write_text(carried_imports(path.read_text(), f"{VENDORED}.", path.relative_to(stage)))
        vendor = stage / "plugins" / "module_utils" / "_vendor"
        vendor.mkdir()
        (vendor / "__init__.py").touch()
        carry_library(vendor)
        for path in vendor.rglob("*.py"):
            path.write_text(unjudged(path.read_text()))
        write_ignores(stage, vendor)
        # An execution environment installs what this file names; the library is inside already.
        (stage / "meta" / "ee-requirements.txt").write_text("")
        write_collection(stage, target)
    return target


def build_library(out: Path, version: str) -> list[Path]:
    """The wheel and the source distribution of dvrip-proto."""
    run("hatchling", "build", "--directory", out, SOURCE_DATE_EPOCH=str(EPOCH))
    return [out / f"dvrip_proto-{version}-py3-none-any.whl", out / f"dvrip_proto-{version}.tar.gz"]


def carry_library(parent: Path) -> None:
    """Copy the library without its command line and simulator to `parent`/dvrip_proto."""
    target = parent / LIBRARY.name
    target.mkdir()
    for path in LIBRARY.iterdir():
        if path.is_dir() and path.name not in NOT_CARRIED | {"__pycache__"}:
            shutil.copytree(path, target / path.name, ignore=LEFTOVERS)
        elif path.is_file() and path.name not in NOT_CARRIED:
            shutil.copy(path, target)
    shutil.copy(ROOT / "LICENSE", target)


def write_ignores(stage: Path, vendor: Path) -> None:
    """Tell ansible-test, for every core, what does not hold for the library, and why."""
    sanity = stage / "tests" / "sanity"
    sanity.mkdir(parents=True, exist_ok=True)
    for core, pythons in CORES.items():
        told = ""
        for path in sorted(vendor.rglob("*.py")):
            for python in pythons:
                name = path.relative_to(stage).as_posix()
                told += "".join(
                    f"{name} {test}-{python}!skip # needs Python 3.12\n" for test in ("compile", "import")
                )
        if told:
            (sanity / f"ignore-{core}.txt").write_text(told)


def unjudged(source: str) -> str:
    """`source` with a word to pylint below its docstring: other linters judge it where it is written.

    An ignore file could say it too, but the community allows none for this. The lines keep their numbers.
    """
    lines = source.splitlines(keepends=True)
    first = next(
        (token for token in tokenize.generate_tokens(io.StringIO(source).readline) if token.string.strip()),
        None,
    )
    if first is None:
        return source
    below = first.end[0]
    if first.type != tokenize.STRING or lines[below : below + 1] not in ([], ["\n"]):
        raise ReleaseError("a module of the library begins with its docstring and an empty line")
    lines[below : below + 1] = ["# pylint: skip-file\n"]
    return "".join(lines)


def carried_imports(source: str, prefix: str, where: Path) -> str:
    """`source` with its imports of dvrip_proto taken from the package `prefix` ("." or "a.b.") instead.

    Raises `ReleaseError` for `import dvrip_proto.x`: it binds a top-level name that will not exist. Reads
    tokens, not a tree: the sources are newer Python than what may build a release.
    """
    lines = source.splitlines(keepends=True)
    for first, names in _imports(source):
        number = first.start[0]
        if first.string == "from" and names[0] == "dvrip_proto":
            replaced = re.sub(r"^(\s*from\s+)dvrip_proto\b", rf"\g<1>{prefix}dvrip_proto", lines[number - 1])
        elif first.string == "import" and "dvrip_proto" in names:
            if "," in names or "." in names or names[0] != "dvrip_proto":
                raise ReleaseError(f"{where}:{number}: import it as `from dvrip_proto... import ...`")
            package = prefix if set(prefix) == {"."} else prefix.rstrip(".")
            replaced = re.sub(r"^(\s*)import\b", rf"\g<1>from {package} import", lines[number - 1])
        else:
            continue
        if replaced == lines[number - 1]:
            raise ReleaseError(f"{where}:{number}: put this import on a line of its own")
        lines[number - 1] = replaced
    return "".join(lines)


def _imports(source: str) -> Iterator[tuple[tokenize.TokenInfo, list[str]]]:
    """First token of every statement that imports, and the words behind it."""
    statement: list[tokenize.TokenInfo] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        ends = token.type in (tokenize.NEWLINE, tokenize.ENDMARKER) or token.string in (";", ":")
        if not ends and token.type in (tokenize.NAME, tokenize.OP):
            statement.append(token)
        if ends and statement:
            if statement[0].string in ("from", "import"):
                yield statement[0], [token.string for token in statement[1:]]
            statement = []


def write_zip(folder: Path, target: Path) -> None:
    """All files of `folder`, in order of their names, without times and owners."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                info = zipfile.ZipInfo(path.relative_to(folder).as_posix())
                info.external_attr = 0o644 << 16
                archive.writestr(info, path.read_bytes(), zipfile.ZIP_DEFLATED)


def run(program: str, *arguments: str | Path, **environment: str) -> None:
    """Run a Python program in the checkout; `ReleaseError` with its words where it fails."""
    command = [sys.executable, "-m", program, *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, check=False, text=True
    )
    if done.returncode:
        raise ReleaseError(f"{program} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
