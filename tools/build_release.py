"""Build what is released into dist/: dvrip.zip for HACS, the collection, the wheel and sdist.

The zip and the collection carry the library inside, so that neither needs a package index to install:
it is copied in here, and the imports of it are rewritten. The same sources give the same bytes, whenever
and wherever they are built.
"""

from __future__ import annotations

import argparse
import ast
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "shared" / "dvrip_proto"
INTEGRATION = ROOT / "custom_components" / "dvrip"
COLLECTION = ROOT / "ansible_collections" / "dvrip" / "devices"
MODULE_UTILS = "ansible_collections.dvrip.devices.plugins.module_utils"
NOT_CARRIED = {"cli", "simulator", "__main__.py", "py.typed"}
LEFTOVERS = shutil.ignore_patterns("__pycache__", "*.pyc", ".*_cache", ".plugin-cache.yaml", "output")
EPOCH = 315_532_800  # 1980-01-01, the first moment a zip file can name


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
    except ReleaseError as error:
        sys.exit(f"build_release: {error}")
    for artifact in built:
        digest = hashlib.sha256(artifact.read_bytes()).hexdigest()
        print(f"{digest}  {artifact.name}  {artifact.stat().st_size // 1024} KiB")


def release_version() -> str:
    """The one version of the release; `ReleaseError` where the three front doors disagree."""
    versions = {
        "pyproject.toml": tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"],
        "manifest.json": json.loads((INTEGRATION / "manifest.json").read_text())["version"],
        "galaxy.yml": yaml.safe_load((COLLECTION / "galaxy.yml").read_text())["version"],
    }
    if len(set(versions.values())) != 1:
        raise ReleaseError(f"the versions differ: {versions}")
    return str(versions["pyproject.toml"])


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
    """dvrip-devices-VERSION.tar.gz, by `ansible-galaxy` from a copy with the library in it."""
    name = f"dvrip-devices-{version}.tar.gz"
    with tempfile.TemporaryDirectory() as work:
        stage = Path(work) / "stage"
        shutil.copytree(COLLECTION, stage, ignore=LEFTOVERS)
        for path in (stage / "plugins").rglob("*.py"):
            path.write_text(carried_imports(path.read_text(), f"{MODULE_UTILS}.", path.relative_to(stage)))
        carry_library(stage / "plugins" / "module_utils")
        # An execution environment installs what this file names; the library is inside already.
        (stage / "meta" / "ee-requirements.txt").write_text("")
        run("ansible-galaxy", "collection", "build", stage, "--output-path", work, ANSIBLE_HOME=work)
        repack_collection(Path(work) / name, out / name)
    return out / name


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


def carried_imports(source: str, prefix: str, where: Path) -> str:
    """`source` with its imports of dvrip_proto taken from the package `prefix` ("." or "a.b.") instead.

    Raises `ReleaseError` for `import dvrip_proto.x`: it binds a top-level name that will not exist.
    """
    lines = source.splitlines(keepends=True)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and _is_library(node.module):
            replaced = re.sub(
                r"^(\s*from\s+)dvrip_proto\b", rf"\g<1>{prefix}dvrip_proto", lines[node.lineno - 1]
            )
        elif isinstance(node, ast.Import) and any(_is_library(alias.name) for alias in node.names):
            if len(node.names) > 1 or node.names[0].name != "dvrip_proto":
                raise ReleaseError(f"{where}:{node.lineno}: import it as `from dvrip_proto... import ...`")
            package = prefix if set(prefix) == {"."} else prefix.rstrip(".")
            replaced = re.sub(r"^(\s*)import\b", rf"\g<1>from {package} import", lines[node.lineno - 1])
        else:
            continue
        if replaced == lines[node.lineno - 1]:
            raise ReleaseError(f"{where}:{node.lineno}: put this import on a line of its own")
        lines[node.lineno - 1] = replaced
    return "".join(lines)


def _is_library(module: str | None) -> bool:
    return (module or "").partition(".")[0] == "dvrip_proto"


def write_zip(folder: Path, target: Path) -> None:
    """All files of `folder`, in order of their names, without times and owners."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                info = zipfile.ZipInfo(path.relative_to(folder).as_posix())
                info.external_attr = 0o644 << 16
                archive.writestr(info, path.read_bytes(), zipfile.ZIP_DEFLATED)


def repack_collection(built: Path, target: Path) -> None:
    """Take the order of the file system and the time of the build out of a collection's archive."""
    with tarfile.open(built) as archive:
        members = {member.name: member for member in archive}
        content = {
            name: file.read() for name, member in members.items() if (file := archive.extractfile(member))
        }
    files = json.loads(content["FILES.json"])
    files["files"].sort(key=lambda entry: entry["name"])
    content["FILES.json"] = json.dumps(files, indent=True).encode()
    manifest = json.loads(content["MANIFEST.json"])
    manifest["file_manifest_file"]["chksum_sha256"] = hashlib.sha256(content["FILES.json"]).hexdigest()
    content["MANIFEST.json"] = json.dumps(manifest, indent=True).encode()

    with (
        target.open("wb") as raw,
        gzip.GzipFile("", "wb", fileobj=raw, mtime=EPOCH) as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name in sorted(members):
            info = tarfile.TarInfo(name)
            info.type, info.mode, info.mtime = members[name].type, members[name].mode, EPOCH
            info.size = len(content.get(name, b""))
            archive.addfile(info, io.BytesIO(content.get(name, b"")))


def run(program: str, *arguments: str | Path, **environment: str) -> None:
    """Run a program of this environment in the checkout; `ReleaseError` with its words where it fails."""
    command = [Path(sys.executable).with_name(program), *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, check=False, text=True
    )
    if done.returncode:
        raise ReleaseError(f"{program} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
