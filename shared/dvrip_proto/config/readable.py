"""A device's object as people write it."""

from __future__ import annotations

from ..values import Json
from .redact import redact
from .spec import Spec, join


def readable(tree: Json, spec: Spec, *, secrets: bool = False) -> Json:
    """Copy of an object, or of one channel's element, with every value that has a row as people write it.

    Secrets are masked, unless `secrets`. Channels in masks count from 1. What has no row stays as it is.
    """
    shown = tree if secrets else redact(tree, spec)
    if spec.per_channel and isinstance(shown, list) and not spec.is_element(shown):
        return [_spelled(element, spec, "") for element in shown]
    return _spelled(shown, spec, "")


def _spelled(value: Json, spec: Spec, path: str) -> Json:
    row = spec.row(path)
    if row is not None and not row.opaque:
        return row.kind.canon(value)
    if isinstance(value, dict):
        return {key: _spelled(item, spec, join(path, str(key))) for key, item in value.items()}
    if isinstance(value, list):
        return [_spelled(item, spec, f"{path}[]") for item in value]
    return value
