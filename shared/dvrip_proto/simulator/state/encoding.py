"""Simplify.Encode and AVEnc.Encode: two views of how a device encodes, kept alike."""

from __future__ import annotations

import copy
from typing import Any, Final

from ...values import Json

SIMPLE: Final = "Simplify.Encode"
FULL: Final = "AVEnc.Encode"


def follow(name: str, objects: dict[str, Json]) -> None:
    """Let the other object say what the named one says; other names change nothing.

    The first recording type of the full form has the main format, and so have others that had the same; the
    first extra stream has the extra one.
    """
    source, target = (name, FULL) if name == SIMPLE else (FULL, SIMPLE)
    if name != source or not isinstance(objects.get(target), list):
        return
    objects[target] = copy.deepcopy(objects[target])
    for old, new in zip(objects[target], objects[source], strict=False):
        mains, entries = _formats(new, "MainFormat")[:1], _formats(old, "MainFormat")
        before = [_video(entry) for entry in entries]
        for entry, video in zip(entries, before, strict=True) if mains else ():
            if video == before[0]:
                _take(entry, mains[0] if entry is entries[0] else {"Video": _video(mains[0])})
        for entry, extra in zip(_formats(old, "ExtraFormat"), _formats(new, "ExtraFormat"), strict=False):
            _take(entry, extra)


def _formats(channel: Json, side: str) -> list[dict[str, Any]]:
    """The formats of a side: one, or a list of them; recorders have channels without any."""
    told = channel.get(side) if isinstance(channel, dict) else None
    return [entry for entry in (told if isinstance(told, list) else [told]) if isinstance(entry, dict)]


def _video(entry: dict[str, Any]) -> Json:
    return copy.deepcopy(entry.get("Video"))


def _take(entry: dict[str, Any], source: dict[str, Any]) -> None:
    entry |= {key: copy.deepcopy(source[key]) for key in entry if key in source}
