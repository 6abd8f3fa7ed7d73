"""Everything that is known of configuration objects, as data: one `Spec` each."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..spec import Field, Key, Setting, Spec, of_any, under
from . import camera, detect, network, newer, services, storage, system, video
from .users import GROUP, USER

__all__ = ["CATALOG", "GROUP", "USER", "setting", "spec_for", "split_name"]

CATALOG: Mapping[str, Spec] = {
    spec.name: spec
    for family in (video, camera, detect, network, services, storage, system, newer)
    for spec in family.ROWS
}

_CHANNEL = re.compile(r"\.\[(\d+|ff)\]")


def split_name(name: str) -> tuple[str, int | None]:
    """Object and channel of a name as the device takes it: "Record.[0]" is ("Record", 0)."""
    match = _CHANNEL.search(name)
    channel = int(match[1]) if match and match[1] != "ff" else None
    return _CHANNEL.sub("", name).removeprefix("bypass@"), channel


def spec_for(name: str) -> Spec:
    """Spec of an object, of a part of one ("NetWork.NetCommon.HostName") or of a section ("NetWork").

    A name that nobody knows has an empty one: everything in it is Raw.
    """
    plain, _ = split_name(name)
    if plain in CATALOG:
        return CATALOG[plain]
    owner = max((known for known in CATALOG if plain.startswith(f"{known}.")), key=len, default=None)
    if owner is not None:
        return CATALOG[owner].below(plain[len(owner) + 1 :], plain)
    return _section(plain)


def setting(name: str, path: str) -> Setting[object]:
    """Address of a leaf with the kind of its row."""
    row = spec_for(name).row(of_any(path)) or Field()
    return Setting(name, path, row.kind)


def _section(name: str) -> Spec:
    """Rows of all objects of a section, each below its own name."""
    fields: dict[str, Field] = {}
    keyed: dict[str, Key] = {}
    for known, spec in CATALOG.items():
        if known.startswith(f"{name}."):
            item = known[len(name) + 1 :] + ("[]" if spec.per_channel else "")
            fields |= under(item, {path: spec.row(path) or Field() for path in spec.fields})
            keyed |= under(item, spec.keyed)
    return Spec(name=name, fields=fields, keyed=keyed)
