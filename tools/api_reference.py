"""Write docs/api.md: every public name of the library with its signature and its contract.

`--check` fails when the page is not what it would be.
"""

from __future__ import annotations

import ast
import enum
import inspect
import re
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeAliasType

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "api.md"
sys.path[:0] = [str(ROOT), str(ROOT / "shared")]

import dvrip_proto  # noqa: E402 - found by the line above
from tools.written import write_or_check  # noqa: E402 - found by the line above

_WIDE: Final = 100
_HEAD: Final = """\
<!-- Written by tools/api_reference.py: change the docstrings in shared/dvrip_proto/, run it. -->

# Python reference

Every name of `dvrip_proto`: what is not here may change without notice. [Concepts](concepts.md) says what
the words mean, with whole examples. Channels count from 0. Without `await` there is `dvrip_proto.sync` with
the same `Device`.

Everything raises a `DvripError`: see [the errors](#errors).

"""
_GROUPS: Final = {
    "The device": ("device", "fleet", "keeper", "silence"),
    "What a device has": ("features",),
    "Devices on the network": ("discovery", "connection", "servers"),
    "Video and sound": ("stream", "media", "relay"),
    "Settings": ("config",),
    "Words of the wire": ("wire", "values"),
    "Errors": ("errors",),
}


def page() -> str:
    """Text of docs/api.md."""
    text = _HEAD
    for title, packages in _GROUPS.items():
        names = [name for name in dvrip_proto.__all__ if _home(name).split(".")[1] in packages]
        text += f"\n## {title}\n"
        for name in sorted(
            names,
            key=lambda name: (packages.index(_home(name).split(".")[1]), name != "Device", _home(name), name),
        ):
            text += "".join(_section(name, getattr(dvrip_proto, name)))
            if name == "Device":
                text += "".join(_features())
    return text


def _home(name: str) -> str:
    """Module of a public name."""
    home = dvrip_proto._HOMES.get(name)  # noqa: SLF001 - the one table of what is where
    return f"dvrip_proto.{home}" if home else "dvrip_proto.errors"


def _features() -> Iterator[str]:
    """The classes behind the attributes of a device: nobody makes them, so they have no public name."""
    from dvrip_proto.features import every

    for attribute, member in vars(dvrip_proto.Device).items():
        if isinstance(member, cached_property) and not attribute.startswith("_"):
            kind = getattr(every, str(inspect.signature(member.func).return_annotation))
            yield f"\n### device.{attribute}\n\n{_prose(kind.__doc__)}\n"
            yield from _members(kind, f"device.{attribute}")


def _section(name: str, value: Any) -> Iterator[str]:
    yield f"\n### {name}\n"
    if isinstance(value, TypeAliasType):
        yield f"\n    type {name} = {_annotation(str(value.__value__))}\n"
    elif isinstance(value, type):
        bases = "" if not issubclass(value, Exception) else f" ({value.__mro__[1].__name__})"
        if issubclass(value, enum.Enum):
            yield f"\n{_prose(value.__doc__)}\n\nOne of {', '.join(f'`{each.name}`' for each in value)}.\n"
        else:
            if not issubclass(value, Exception):
                yield f"\n    {_call(name, value)}\n"
            yield f"\n{_prose(value.__doc__)}{bases and f' A {bases.strip(" ()")}.'}\n"
        yield from _members(value, name[0].lower() + name[1:])
    elif callable(value):
        yield f"\n    {_call(name, value)}\n\n{_prose(value.__doc__)}\n"
    else:
        yield f"\n{_constant(name, value)}\n"


def _members(kind: type, prefix: str) -> Iterator[str]:
    rows = []
    for name, member in vars(kind).items():
        plain = member.__func__ if isinstance(member, classmethod | staticmethod) else member
        if name.startswith("_") or not (told := inspect.getdoc(plain)):
            continue
        if inspect.isfunction(plain) and plain.__module__.startswith("dvrip_proto"):
            owner = kind.__name__ if isinstance(member, classmethod) else prefix
            rows.append(f"\n    {_call(f'{owner}.{name}', plain)}\n\n{_prose(told)}\n")
        elif isinstance(member, property):
            rows.append(f"\n`{prefix}.{name}`: {_prose(told)}\n")
    yield from rows


def _call(name: str, value: Any) -> str:
    """How it is called: on one line, or a parameter a line."""
    signature = inspect.signature(value)
    words: list[str] = []
    for each in signature.parameters.values():
        if each.name in ("self", "cls"):
            continue
        if each.kind is each.KEYWORD_ONLY and "*" not in words and not any(w.startswith("*") for w in words):
            words.append("*")
        words.append(_parameter(each))
    waits = "await " if inspect.iscoroutinefunction(value) else ""
    returns = "" if isinstance(value, type) else f" -> {_annotation(signature.return_annotation)}"
    line = f"{waits}{name}({', '.join(words)}){returns}"
    if len(line) <= _WIDE:
        return line
    return f"{waits}{name}(\n        " + "".join(f"{word},\n        " for word in words)[:-4] + f"){returns}"


def _parameter(each: inspect.Parameter) -> str:
    stars = "*" if each.kind is each.VAR_POSITIONAL else "**" if each.kind is each.VAR_KEYWORD else ""
    told = f"{stars}{each.name}: {_annotation(each.annotation)}"
    if each.default is each.empty:
        return told
    default = each.default
    if isinstance(default, enum.Enum):
        shown = f"{type(default).__name__}.{default.name}"
    elif default is None or isinstance(default, str | int | float | bool | tuple):
        shown = repr(default)
    else:
        shown = "..."
    return f"{told} = {shown}"


def _annotation(annotation: Any) -> str:
    """Annotation as it is written, without the modules of its names."""
    text = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))
    return re.sub(r"\b(?:[a-z_]\w*\.)+(?=[A-Za-z])", "", text)


def _prose(text: str | None) -> str:
    """Docstring as paragraphs; what is indented stays as it is."""
    told = []
    for paragraph in inspect.cleandoc(text or "").split("\n\n"):
        is_code = paragraph.startswith("    ")
        told.append(paragraph if is_code else re.sub(r"\n(?!\d+\. )", " ", paragraph))
    return "\n\n".join(told).replace("<", "&lt;")


def _constant(name: str, value: Any) -> str:
    told = _told_of(name)
    return (
        f"`{name}`, a {type(value).__name__} of {len(value)}: {told}"
        if told
        else f"`{name}`, a {type(value).__name__} of {len(value)}."
    )


def _told_of(name: str) -> str:
    """The text under a constant in its module, which only its source has."""
    module = sys.modules[_home(name)]
    body = ast.parse(inspect.getsource(module)).body
    for before, after in zip(body, body[1:], strict=False):
        targets = before.targets if isinstance(before, ast.Assign) else [getattr(before, "target", None)]
        named = any(isinstance(target, ast.Name) and target.id == name for target in targets)
        if named and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            return _prose(str(after.value.value))
    return ""


if __name__ == "__main__":
    sys.exit(write_or_check({PAGE: page()}))
