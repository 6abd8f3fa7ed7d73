"""What putting an archive back would do: its members beside those of the device's present configuration.

Of the archive no more is known than that it is a ZIP with JSON and other files in it (`Config/Json/...`,
`Dot/0.dot`). What cannot be read is no harm as long as the device has the same already.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

from ..config.guards import GUARDED
from ..values import Json

_START: Final = b"PK\x03\x04"
_UNPACKED_MAX: Final = 64 * 1024 * 1024
_SECTION: Final = "NetWork"
_ACCOUNTS: Final = "Users"
_DAMAGE: Final = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError)
PACKINGS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What devices pack with; anything else raises what is no error of an archive."""

_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Difference:
    """What an archive has otherwise than the device: guarded objects, accounts, and what nobody can read."""

    objects: Mapping[str, Json] = field(default_factory=dict)
    accounts: bool = False
    unreadable: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def flaw(archive: bytes) -> str:
    """What is wrong with an archive; "" when it is whole."""
    if not archive.startswith(_START):
        return "no ZIP archive"
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as file:
            if sum(member.file_size for member in file.infolist()) > _UNPACKED_MAX:
                return "an archive of too much"
            if any(member.compress_type not in PACKINGS for member in file.infolist()):
                return "an archive that is packed as no device does it"
            names = file.namelist()
            if len(set(names)) < len(names):
                return "a damaged archive: a file is in it twice"
            broken = file.testzip()
    except _DAMAGE as error:
        return f"a damaged archive: {error}"
    return f"a damaged archive: {broken} has another checksum" if broken else ""


def difference(archive: bytes, present: bytes) -> Difference:
    """What a whole archive has otherwise than the `present` one of the device, b"" when that is not known."""
    wanted, held = _members(archive), _members(present) if present else {}
    objects: dict[str, Json] = {}
    accounts, unreadable = False, []
    for name, data in wanted.items():
        if held.get(name) == data:
            continue
        tree = _tree(data)
        if tree is None:
            unreadable.append(name)
            continue
        objects |= _guarded(name, tree)
        accounts = accounts or _has_accounts(tree)
    gone = tuple(name for name in held.keys() - wanted.keys() if _matters(name, held[name]))
    return Difference(objects, accounts, tuple(sorted(unreadable)), tuple(sorted(gone)))


def doubts(found: Difference) -> Iterator[str]:
    """What a difference may do that nobody can foresee, in words."""
    if found.accounts:
        yield "the device gets the accounts of the archive, whose passwords may be others"
    for names, text in (
        (found.unreadable, "cannot be read here: it may change address, IP filter or passwords"),
        (
            found.gone,
            "is not in the archive, and the device has it: address, IP filter or passwords may be reset",
        ),
    ):
        if names:
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            yield f"{', '.join(names[:_SHOWN])}{more} {text}"


def _members(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        return {member.filename: file.read(member) for member in file.infolist() if not member.is_dir()}


def _tree(data: bytes) -> Json:
    """Tree of a member, None for what is no JSON object or list, or may be read in two ways."""
    data = data.rstrip(b"\0 \t\r\n")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    try:
        tree = json.loads(text, object_pairs_hook=_unambiguous)
    except (ValueError, RecursionError):
        return None
    return tree if isinstance(tree, dict | list) else None


def _unambiguous(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    tree = dict(pairs)
    if len(tree) < len(pairs):
        raise ValueError("a key is there twice")
    return tree


def _guarded(member: str, tree: Json) -> dict[str, Json]:
    """Guarded objects in a member: it is named like one or their section, or holds them by their names."""
    file = PurePosixPath(member)
    stem = file.stem if file.suffix.casefold() == ".json" else file.name
    found: dict[str, Json] = {}
    for path, part in _parts(tree, ()):
        for whole in (path, (stem, *path)):
            name = ".".join(whole)
            owner = name if name in GUARDED else f"{_SECTION}.{name}"
            if owner in GUARDED:
                found[owner] = part
    return found


def _parts(tree: Json, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Json]]:
    """Trees that can be an object: a member itself, and two floors of what is in it."""
    yield path, tree
    if isinstance(tree, Mapping) and len(path) < 2:
        for key, part in tree.items():
            yield from _parts(part, (*path, str(key)))


def _has_accounts(tree: Json) -> bool:
    return any(path[-1:] == (_ACCOUNTS,) for path, _ in _parts(tree, ()))


def _matters(member: str, data: bytes) -> bool:
    tree = _tree(data)
    return tree is None or bool(_guarded(member, tree)) or _has_accounts(tree)
