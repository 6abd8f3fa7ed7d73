"""What a JSON tree is here, how its plain values are read, and numbers spelled back the device's way."""

from __future__ import annotations

import re
from typing import Any

# A tree as json.loads gives it. A recursive alias would force a cast at every key of trees whose shape
# only the device knows; kinds and plans check what they touch instead.
type Json = Any

_HEX = re.compile(r"0[xX][0-9a-fA-F]{1,53}")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,63})")
_LARGEST = 10**64
_ZEROS = re.compile(r"^(-?)[+]?0*(?=\d)(?!0[xX])")
_YES = frozenset({"true", "on", "yes"})
_NO = frozenset({"false", "off", "no"})


def shape(value: Json) -> str:
    """What a value is, for people: "a list", "text"."""
    shapes = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "text",
        dict: "an object",
        list: "a list",
    }
    return shapes.get(type(value), "nothing")


def is_hex(value: Json) -> bool:
    """Tell whether the value is hexadecimal text such as "0x0000000F"."""
    return isinstance(value, str) and _HEX.fullmatch(value) is not None


def number(value: Json) -> int | None:
    """Whole number that the value means in any spelling: 15, 15.0, true, "15", "0x0000000f"."""
    if is_hex(value):
        return int(value, 16)
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if not whole and not (isinstance(value, str) and _DECIMAL.fullmatch(value)):
        return None
    return int(value) if abs(int(value)) < _LARGEST else None


def loose_number(value: Json) -> int | None:
    """Like `number`, with blanks around the digits, zeros before them, or a plus."""
    if not isinstance(value, str):
        return number(value)
    return number(_ZEROS.sub(r"\1", value.strip()))


def count(value: Json) -> int:
    """Number of things that the value means; 0 when it is none, or below."""
    return max(0, loose_number(value) or 0)


def flag(value: Json, *, otherwise: bool = False) -> bool:
    """Whether the value means yes: true, 1, "0x00000001", "On"; `otherwise` when it means neither."""
    meant = number(value)
    if meant is not None:
        return meant != 0
    word = value.strip().casefold() if isinstance(value, str) else ""
    return word in _YES or (otherwise and word not in _NO)


def plain_text(value: Json) -> str:
    """Text that the value is, a number in its digits; "" for everything that is no text.

    The zeros that end a text in a device's memory are none of it.
    """
    plain = isinstance(value, str | int | float) and not isinstance(value, bool)
    return str(value).rstrip("\0") if plain else ""


def shown_text(value: Json, limit: int = 64) -> str:
    """What a device says, for people: what can be printed, on one line, at most `limit` characters.

    Controls, the signs that turn the direction of writing, and everything else that is not seen are gone.
    """
    seen = (char if char.isprintable() else " " if char.isspace() else "" for char in plain_text(value))
    line = " ".join("".join(seen).split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}\u2026"


def spell(value: int, like: Json) -> Json:
    """Write a number with the type, the digit count and the letter case of `like`."""
    if isinstance(like, bool) and value in (0, 1):
        return bool(value)
    if not isinstance(like, str):
        return value
    if not is_hex(like) or value < 0:
        return str(value)
    digits = f"{value:0{len(like) - 2}X}"
    lower = like[2:] != like[2:].upper()
    return like[:2] + (digits.lower() if lower else digits)
