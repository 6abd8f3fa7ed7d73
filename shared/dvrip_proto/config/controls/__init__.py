"""Settings that people switch, slide, choose or write by a name of their own, as data: one `Control` each."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from ...errors import UsageError
from ...values import Json
from ..control import Control, index
from ..merge import merged
from . import alarms, detection, picture, recording, service, streams, system

__all__ = ["CONTROLS", "control", "wishes"]

_BY_KEY: Mapping[str, Control] = index(
    detection.ROWS, alarms.ROWS, picture.ROWS, streams.ROWS, recording.ROWS, service.ROWS, system.ROWS
)
CONTROLS: tuple[Control, ...] = tuple(_BY_KEY.values())


def control(key: str) -> Control:
    """Row of a key; UsageError with the nearest keys when there is none."""
    if key in _BY_KEY:
        return _BY_KEY[key]
    near = get_close_matches(key, _BY_KEY, 3)
    raise UsageError(f"there is no setting {key!r}" + (f", did you mean {', '.join(near)}?" if near else ""))


def wishes(values: Mapping[str, Json]) -> dict[str, Json]:
    """Partial objects that ask for these values of controls, by name of the object.

    For an object that is per channel the wish is for one channel's element. UsageError for an unknown key
    and for two controls of one field that want different things.
    """
    trees: dict[str, Json] = {}
    for key, value in values.items():
        row = control(key)
        patch = row.patch(value)
        known = row.object in trees
        trees[row.object] = merged(trees[row.object], patch, row.path) if known else patch
    return trees
