"""What the shell completes: names of configuration objects, and their keys."""

from __future__ import annotations

import typer

from ..config.catalog import CATALOG, spec_for


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
