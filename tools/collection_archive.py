"""The archive of a collection, as `ansible-galaxy collection build` makes it, but the same bytes everywhere.

Needs no Ansible. MANIFEST.json is what galaxy.yml says and the checksum of FILES.json, which names every
file with its checksum. tests/test_release.py compares it with what `ansible-galaxy` makes.
"""

from __future__ import annotations

import fnmatch
import gzip
import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any, Final

import yaml

EPOCH: Final = 315_532_800  # 1980-01-01, the first moment a zip file can name
_FORMAT: Final = 1
_LEFT_OUT: Final = ("MANIFEST.json", "FILES.json", "galaxy.yml", ".git", "*.pyc", "*.retry", "tests/output")
_INFO: Final[dict[str, Any]] = {
    "namespace": None,
    "name": None,
    "version": None,
    "authors": [],
    "readme": None,
    "tags": [],
    "description": None,
    "license": [],
    "license_file": None,
    "dependencies": {},
    "repository": None,
    "documentation": None,
    "homepage": None,
    "issues": None,
}


def write_collection(folder: Path, target: Path) -> None:
    """Archive the collection in `folder` as `target`."""
    told = yaml.safe_load((folder / "galaxy.yml").read_text())
    paths = _paths(folder, (*_LEFT_OUT, *told.get("build_ignore", [])))
    entries = [_entry(".", None), *(_entry(name, path) for name, path in paths.items())]
    files = json.dumps({"files": entries, "format": _FORMAT}, indent=1).encode()
    manifest = {
        "collection_info": {key: told.get(key, missing) for key, missing in _INFO.items()},
        "file_manifest_file": _checked("FILES.json", files),
        "format": _FORMAT,
    }
    content: dict[str, bytes | None] = {
        "FILES.json": files,
        "MANIFEST.json": json.dumps(manifest, indent=1).encode(),
        **{name: None if path.is_dir() else path.read_bytes() for name, path in paths.items()},
    }
    with (
        target.open("wb") as raw,
        gzip.GzipFile("", "wb", fileobj=raw, mtime=EPOCH) as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name in sorted(content):
            _add(archive, name, content[name])


def _paths(folder: Path, ignored: tuple[str, ...]) -> dict[str, Path]:
    """Everything below `folder` by its name in the archive, without what is ignored."""
    found: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        parents = [parent.as_posix() for parent in path.relative_to(folder).parents]
        if not any(fnmatch.fnmatch(part, pattern) for part in (name, *parents[:-1]) for pattern in ignored):
            found[name] = path
    return found


def _entry(name: str, path: Path | None) -> dict[str, Any]:
    if path is None or path.is_dir():
        return {"name": name, "ftype": "dir", "chksum_type": None, "chksum_sha256": None, "format": _FORMAT}
    return _checked(name, path.read_bytes())


def _checked(name: str, content: bytes) -> dict[str, Any]:
    digest = hashlib.sha256(content).hexdigest()
    return {
        "name": name,
        "ftype": "file",
        "chksum_type": "sha256",
        "chksum_sha256": digest,
        "format": _FORMAT,
    }


def _add(archive: tarfile.TarFile, name: str, content: bytes | None) -> None:
    info = tarfile.TarInfo(name)
    info.mtime = EPOCH
    if content is None:
        info.type, info.mode = tarfile.DIRTYPE, 0o755
    else:
        info.mode, info.size = 0o644, len(content)
    archive.addfile(info, io.BytesIO(content or b""))
