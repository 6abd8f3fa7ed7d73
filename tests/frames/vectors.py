"""Loads the golden vectors."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

_FILE = Path(__file__).with_name("vectors.json")


@cache
def _all() -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(_FILE.read_text(encoding="utf-8")))


def vectors(kind: str) -> list[Any]:
    """Every vector of a kind, as pytest parameters named by their ids."""
    return [pytest.param(vector, id=vector["id"]) for vector in _all() if vector["kind"] == kind]


def vector(vector_id: str) -> dict[str, Any]:
    """The vector with an id."""
    return next(each for each in _all() if each["id"] == vector_id)
