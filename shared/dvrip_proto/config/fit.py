"""Kinds that depend on the device: the grid of its motion regions, how many channels "all" of them are."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

from ..values import Json, number
from .areas import Region, areas
from .kinds import Kind
from .lists import ALL, Array, Channels
from .spec import Spec, join

GRID = "MotionArea"
_OUTPUT = "relay output"


def open_questions(spec: Spec, desired: Json) -> frozenset[str]:
    """What a wish needs to be known of the device: the ability of the grid, or what SystemInfo counts."""
    channels = spec.per_channel and isinstance(desired, list | tuple) and not spec.is_element(desired)
    elements = list(desired) if channels else [desired]
    return frozenset(question for element in elements for question in _questions(spec, "", element))


def _questions(spec: Spec, path: str, desired: Json) -> Iterator[str]:
    row = spec.row(path)
    if row is not None and not row.opaque:
        kind = row.kind.item if isinstance(row.kind, Array) else row.kind
        if isinstance(kind, Region) and areas(desired) is not None:
            yield GRID
        elif isinstance(kind, Channels) and _says_all(desired):
            yield "outputs" if kind.what == _OUTPUT else "channels"
    elif isinstance(desired, Mapping):
        for key, value in desired.items():
            yield from _questions(spec, join(path, str(key)), value)
    elif isinstance(desired, list | tuple):
        for value in desired:
            yield from _questions(spec, f"{path}[]", value)


def _says_all(value: Json) -> bool:
    if isinstance(value, list | tuple):
        return any(map(_says_all, value))
    return isinstance(value, str) and value.casefold() == ALL


def fitted(spec: Spec, *, grid: Json = None, channels: int | None = None, outputs: int | None = None) -> Spec:
    """The spec with its kinds made for one device; what is not given stays as it is."""
    columns, rows = (
        number(grid.get(key)) if isinstance(grid, Mapping) else 0 for key in ("GridColumn", "GridRow")
    )

    def fit(kind: Kind) -> Kind:
        if isinstance(kind, Array):
            return dataclasses.replace(kind, item=fit(kind.item))
        if isinstance(kind, Region) and columns and rows:
            return Region(columns, rows)
        count = outputs if isinstance(kind, Channels) and kind.what == _OUTPUT else channels
        return dataclasses.replace(kind, count=count) if isinstance(kind, Channels) and count else kind

    fields = {path: dataclasses.replace(row, kind=fit(row.kind)) for path, row in spec.fields.items()}
    return dataclasses.replace(spec, fields=fields)
