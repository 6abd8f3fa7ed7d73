"""How names address configuration: `Section.Item`, a section's root, `.[n]`, `.[ff]`, leaves, `bypass@`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...values import Json

type Step = str | int


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a name leads: one object and the steps inside it, or the members of a section root."""

    object: str = ""
    steps: tuple[Step, ...] = ()
    section: tuple[str, ...] = ()
    wrapped: bool = False


def find(objects: Mapping[str, Json], name: str) -> Address | None:
    """The address of a name, None when this device has no such configuration."""
    wrapped = name.startswith("bypass@")
    name = name.removeprefix("bypass@")
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        candidate = ".".join(parts[:length])
        if candidate in objects:
            steps = _steps(objects[candidate], parts[length:])
            return None if steps is None else Address(object=candidate, steps=steps, wrapped=wrapped)
    members = tuple(key for key in objects if key.startswith(f"{name}."))
    return Address(object=name, section=members) if members else None


def read(objects: Mapping[str, Json], address: Address) -> Json:
    """The value at an address that `find` gave for these objects."""
    if address.section:
        return {key[len(address.object) + 1 :]: objects[key] for key in address.section}
    value = objects[address.object]
    for step in address.steps:
        value = value[step]
    return [value] if address.wrapped else value


def replace(tree: Json, steps: tuple[Step, ...], value: Json) -> Json:
    """A copy of the tree with the value at these steps exchanged; untouched branches are shared."""
    if not steps:
        return value
    step, *rest = steps
    if isinstance(tree, list):
        copied: Json = list(tree)
    else:
        copied = dict(tree)
    copied[step] = replace(copied[step], tuple(rest), value)
    return copied


def changed_paths(before: Json, after: Json, path: str) -> Iterator[str]:
    """Dotted paths of every leaf that differs."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}):
            yield from changed_paths(before.get(key), after.get(key), f"{path}.{key}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (left, right) in enumerate(zip(before, after, strict=True)):
            yield from changed_paths(left, right, f"{path}.{index}")
    elif before != after:
        yield path


def _steps(tree: Json, parts: list[str]) -> tuple[Step, ...] | None:
    steps: list[Step] = []
    for part in parts:
        step = _step(tree, part)
        if step is None:
            return None
        if step != "":
            tree = tree[step]
            steps.append(step)
    return tuple(steps)


def _step(tree: Json, part: str) -> Step | None:
    if part.startswith("[") and part.endswith("]") and isinstance(tree, list):
        if part == "[ff]":
            return ""
        index = int(part[1:-1]) if part[1:-1].isdecimal() else -1
        return index if 0 <= index < len(tree) else None
    if isinstance(tree, dict) and part in tree:
        return part
    return None
