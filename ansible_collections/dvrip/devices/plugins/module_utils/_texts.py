# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""Texts of which YAML made something else: `password: no` is a boolean, `password: 0123` the number 83. Pure.

Ansible would make a text of them again, which is another one: a login that is refused, a password nobody knows, an
account that nobody wanted, or none of those that should be kept.
"""

from __future__ import annotations

import datetime
import re
import typing as t

_Spec = t.Mapping[str, t.Mapping[str, t.Any]]
# What a text looks like that was made of something else.
_MADE = re.compile(r"True|False|[-+.]?(\d[\d.]*(e[-+]?\d+)?|inf|nan)|\d{4}-\d\d-\d\d.*|[\[{(].*", re.DOTALL)
# What no keyboard types: line breaks and other control characters, and bytes that are no text.
_UNTYPED = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# They are told to a device as they are: one that has such a password must stay in reach.
_LOGINS = frozenset({"login_password", "login_passwords"})
_OFFSETS = frozenset({"timezone", "time_zone"})
# Names of accounts and of computers: those that are numbers are rare, and may be another one than was written. A name of a
# channel is often a number, and everybody sees it.
_NAMES = frozenset({"group", "keep", "name", "registration_id", "username"})
_PLACES = frozenset(
    {"address", "dns", "dns_1", "dns_2", "gateway", "host", "interface", "mac", "netmask", "targets"}
)
_NUMBERLESS = ("_host", "_server", "_user")
_OFFSET_HOURS_MAX = 24  # a larger number has minutes in it, and reads as hours and minutes: -300 as -03:00
_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "a boolean"),
    ((int, float), "a number"),
    (datetime.date, "a date"),
    (bytes, "binary"),
    (t.cast("type", dict), "a mapping"),
    ((list, tuple), "a list"),
)


def kind_of(value: t.Any) -> str:
    """In words, what a value is that should be a text; "" for a text and for nothing."""
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "")


def no_password(what: str, kind: str) -> str:
    """What to say of such a value, without showing it."""
    return (
        f'{what}: {kind} is no password: write it in quotes, as "0123" (in an INI file "\'0123\'"), because YAML reads '
        "0123 as the number 83 and no as a boolean"
    )


def no_text(what: str, kind: str) -> str:
    """The same of a text that is not secret."""
    why = ", because YAML reads no, off, yes and on as booleans" if kind == "a boolean" else ""
    return f"{what}: {kind} is no text: write it in quotes{why}"


def no_number(what: str, number: float) -> str:
    """The same of a text of which YAML made a number, which may not be what it looks like."""
    return (
        f'{what}: YAML made the number {number} of this: write it in quotes, as "0123" (in an INI file "\'0123\'", in a '
        'template with "| string"), because it reads 10:20:30 as the number 37230, 0123 as 83 and 1.10 as 1.1'
    )


def no_offset(what: str, number: float) -> str:
    """The same of an offset from UTC of which YAML made its minutes."""
    return (
        f'{what}: the number {number:g} is no offset from UTC: write it in quotes, as "-05:00", because YAML reads -5:00 as the '
        "number -300"
    )


def untyped(password: str) -> str:
    """What is wrong with a password that nobody could type, without showing it; "" for any other."""
    if not _UNTYPED.search(password):
        return ""
    what = "ends in a line break" if password.endswith("\n") else "has control characters in it"
    return (
        f"this password {what}, which nobody can type: a block of YAML ends in one unless it begins with `|-`, and so does what "
        "`echo` gives to `ansible-vault encrypt_string` (`printf %s` does not)"
    )


def may_be_made(text: str) -> bool:
    """Whether a text may have been something else before: most passwords need no second look."""
    return _MADE.fullmatch(text) is not None


def mistakes(options: t.Mapping[str, t.Any], spec: _Spec, at: str = "") -> t.Iterator[str]:
    """What is wrong with options as they were given: texts that are none any more, and booleans that stand for numbers."""
    for name, value in options.items():
        option = spec.get(name)
        where = f"{at}{name}"
        if option is not None and name == "name" and _is_blank(value, option):
            yield f"{where}: it is empty, and names nobody and nothing"
            continue
        if option is None or value is None:
            continue
        kind = option.get("type", "str")
        if option.get("options"):
            yield from _below(value, option["options"], where)
            continue
        listed = value if kind == "list" and isinstance(value, list | tuple) else [value]
        element = option.get("elements", "str") if kind == "list" else kind
        for one in listed:
            if element == "str":
                yield from _of_text(where, name, option, one)
            elif element in {"int", "float"} and isinstance(one, bool):
                yield f"{where}: a boolean is no number"


def _is_blank(name: t.Any, option: t.Mapping[str, t.Any]) -> bool:
    """Whether a name is none: Ansible makes "" of null where one is required, which some device may take."""
    return not name.strip() if isinstance(name, str) else name is None and bool(option.get("required"))


def _below(value: t.Any, spec: _Spec, where: str) -> t.Iterator[str]:
    for one in value if isinstance(value, list | tuple) else [value]:
        if isinstance(one, t.Mapping):
            name = one.get("name")
            told = f"{where} {name}: " if name and isinstance(name, str) else f"{where}: "
            yield from mistakes(one, spec, told)


def _of_text(where: str, name: str, option: t.Mapping[str, t.Any], value: t.Any) -> t.Iterator[str]:
    kind = kind_of(value)
    if option.get("no_log"):
        if kind:
            yield no_password(where, kind)
        elif isinstance(value, str) and where not in _LOGINS and (why := untyped(value)):
            yield f"{where}: {why}"
    elif option.get("choices") or kind in {"", "a date"}:
        return
    elif kind != "a number":
        yield no_text(where, kind)
    elif name in _OFFSETS and abs(value) > _OFFSET_HOURS_MAX:
        yield no_offset(where, value)
    elif isinstance(value, float) or name in _NAMES | _PLACES or name.endswith(_NUMBERLESS):
        yield no_number(where, value)


def odd_secrets(spec: t.Any, tree: t.Any, path: str = "") -> t.Iterator[str]:
    """What is wrong with the secrets in a tree of a device's own, which `spec` tells."""
    row = spec.row(path) if path else None
    if row is not None and not row.opaque:
        kind = kind_of(tree) if row.kind.secret else ""
        if kind:
            yield no_password(f"{spec.name} {path}", kind)
    elif isinstance(tree, t.Mapping):
        for key, value in tree.items():
            yield from odd_secrets(spec, value, f"{path}.{key}" if path else str(key))
    elif isinstance(tree, list | tuple):
        for value in tree:
            yield from odd_secrets(spec, value, f"{path}[]" if path else "")
