"""What the shell completes: names of configuration objects, and their keys."""

from __future__ import annotations

import typer

from ..config.catalog import CATALOG, spec_for
from ..config.controls import CONTROLS
from ..errors import DvripError
from .book import devices


def complete_name(incomplete: str) -> list[tuple[str, str]]:
    """Return the objects whose names begin so, with their titles."""
    start = incomplete.casefold()
    return [(name, spec.title) for name, spec in CATALOG.items() if name.casefold().startswith(start)]


def complete_key(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Return KEY= for the fields of the object that the line names."""
    start = incomplete.casefold()
    return [
        (f"{path}=", field.title)
        for path, field in spec_for(str(ctx.params.get("name"))).fields.items()
        if path and "[]" not in path and path.casefold().startswith(start)
    ]


def complete_control(incomplete: str) -> list[tuple[str, str]]:
    """Return the keys of settings that begin so, with their titles."""
    return [(row.key, row.title) for row in CONTROLS if row.key.startswith(incomplete.casefold())]


def complete_value(incomplete: str) -> list[tuple[str, str]]:
    """Return KEY= for settings, and after it the values that one may have."""
    key, equals, begun = incomplete.partition("=")
    if not equals:
        return [(f"{name}=", title) for name, title in complete_control(incomplete)]
    row = next((row for row in CONTROLS if row.key == key), None)
    words = () if row is None else row.kind.options or (("true", "false") if row.kind.name == "bool" else ())
    return [(f"{key}={word}", "") for word in words if word.casefold().startswith(begun.casefold())]


def complete_device(incomplete: str) -> list[tuple[str, str]]:
    """Return the names of devices that begin so, with their addresses; none when their file is wrong."""
    try:
        return [
            (name, str(named.address)) for name, named in devices().items() if name.startswith(incomplete)
        ]
    except DvripError:
        return []
