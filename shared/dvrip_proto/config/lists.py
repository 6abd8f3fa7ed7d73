"""Kinds whose value is several values: masks, unordered sets, padded arrays and fixed rows.

They keep the four laws of kinds.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from ..values import Json, is_hex, number, spell
from .kinds import Kind, Plain

_WORD = 8  # digits of 32 bits


def _listed(value: Json) -> bool:
    return isinstance(value, list | tuple)


def _spelled(item: Kind, values: Sequence[Json], like: Json, filler: Json = None) -> list[Json]:
    """Spell each value as the device's present value at the same place, else as its last one."""
    old = like if isinstance(like, list) and like else [filler]
    return [item.wire(value, old[min(at, len(old) - 1)]) for at, value in enumerate(values)]


@dataclass(frozen=True, slots=True)
class Mask(Plain):
    """Bits that are set, lowest first, or their names: "0x00000005" is [0, 2] or ["regular", "alarm"].

    Masks of several words begin with the highest, except those of some cameras, which begin with the lowest:
    an R80X30-PQ tells its one relay as "0x00000001" and 24 zeros. Bits in the first word and none in the last
    are taken so (or else would be channels from 97 on without any below), and written so.
    """

    bits: int = 128
    names: tuple[str, ...] = ()
    name: ClassVar[str] = "mask"
    secret: ClassVar[bool] = False

    @property
    def allowed(self) -> str:
        if self.names:
            return "a list of " + ", ".join(self.names)
        return f"a list of numbers from 0 to {self.bits - 1}"

    def canon(self, value: Json) -> Json:
        bits = self._bits(value)
        if bits is None:
            return value
        return [self.names[bit] if bit < len(self.names) else bit for bit in bits]

    def wire(self, value: Json, like: Json = None) -> Json:
        bits = self._bits(value)
        if bits is None:
            return value
        spelled = spell(sum(1 << bit for bit in bits), "0x00000000" if number(like) is None else like)
        if _lowest_word_first(like) and len(spelled) == len(like):
            return _turned(spelled)
        # A digit more keeps bits in the first word alone from being taken for those of the last.
        return spelled if self._bits(spelled) == bits else spelled.replace("0x", "0x0", 1)

    def _bits(self, value: Json) -> list[int] | None:
        """Bits of a number or of a list of bits or names; None when it is neither."""
        if _listed(value):
            found = [self._bit(item) for item in value]
            known = sorted({bit for bit in found if bit is not None})
            return None if None in found else known
        meant = number(_turned(value) if _lowest_word_first(value) else value)
        if meant is None or meant < 0 or meant.bit_length() > self.bits:
            return None
        return [bit for bit in range(meant.bit_length()) if meant >> bit & 1]

    def _bit(self, item: Json) -> int | None:
        if isinstance(item, str) and item.casefold() in self.names:
            return self.names.index(item.casefold())
        bit = None if isinstance(item, bool) else number(item)
        return bit if bit is not None and 0 <= bit < self.bits else None

    def accepts(self, value: Json) -> bool:
        bits = None if isinstance(value, bool) else self._bits(value)
        return bits is not None and (not self.names or all(bit < len(self.names) for bit in bits))


def _lowest_word_first(value: Json) -> bool:
    if not is_hex(value) or len(value) <= 2 + _WORD or (len(value) - 2) % _WORD:
        return False
    return int(value[2 : 2 + _WORD], 16) != 0 and int(value[-_WORD:], 16) == 0


def _turned(text: str) -> str:
    """The words of a mask in the opposite order."""
    return text[:2] + "".join(text[at : at + _WORD] for at in reversed(range(2, len(text), _WORD)))


ALL = "all"


@dataclass(frozen=True, slots=True)
class Channels(Plain):
    """Channels, or what else `what` is, from 1: "0x00000005" is [1, 3]. "all", where `count` is known."""

    count: int | None = None
    what: str = "channel"
    name: ClassVar[str] = "channels"
    secret: ClassVar[bool] = False

    @property
    def allowed(self) -> str:
        most = self.count or _MASK.bits
        every = f', or "{ALL}"' if self.count else ""
        return f"a list of {self.what}s from 1 to {most}{every}"

    def canon(self, value: Json) -> Json:
        bits = self._bits(value)
        return value if bits is None else [bit + 1 for bit in bits]

    def wire(self, value: Json, like: Json = None) -> Json:
        bits = self._bits(value)
        return value if bits is None else _MASK.wire(bits, None if isinstance(like, bool) else like)

    def _bits(self, value: Json) -> list[int] | None:
        """Bits of the device's mask or of a person's list; None when it is neither."""
        if isinstance(value, str) and value.casefold() == ALL:
            return None if self.count is None else list(range(self.count))
        if not _listed(value):
            bits = None if isinstance(value, bool) else _MASK.canon(value)
            return bits if isinstance(bits, list) else None
        numbers = [None if isinstance(item, bool) else number(item) for item in value]
        bits = sorted({item - 1 for item in numbers if item is not None and 0 < item <= _MASK.bits})
        return bits if len(bits) == len(set(numbers)) else None

    def accepts(self, value: Json) -> bool:
        bits = self._bits(value)
        return bits is not None and (self.count is None or all(bit < self.count for bit in bits))


_MASK = Mask()


@dataclass(frozen=True, slots=True)
class Set(Plain):
    """Several values whose order means nothing. The device's own order is kept for those that stay."""

    item: Kind
    name: ClassVar[str] = "set"
    secret: ClassVar[bool] = False

    @property
    def allowed(self) -> str:
        return f"a list, each {self.item.allowed}"

    def canon(self, value: Json) -> Json:
        if not _listed(value):
            return value
        unique: list[Json] = []
        for item in map(self.item.canon, value):
            if item not in unique:
                unique.append(item)
        return sorted(unique, key=repr)

    def wire(self, value: Json, like: Json = None) -> Json:
        if not _listed(value):
            return value
        wanted = self.canon(value)
        kept: list[Json] = []
        for old in like if isinstance(like, list) else []:
            if (meant := self.item.canon(old)) in wanted:
                wanted.remove(meant)
                kept.append(old)
        sample = kept[0] if kept else None
        return kept + [self.item.wire(new, sample) for new in wanted]

    def accepts(self, value: Json) -> bool:
        return _listed(value) and all(self.item.accepts(item) for item in value)


@dataclass(frozen=True, slots=True)
class Array(Plain):
    """A list of which the device fills unused places with `filler`: ["none", "none"] is []."""

    item: Kind
    filler: Json = None
    max_items: int | None = None
    ordered: bool = True
    name: ClassVar[str] = "list"
    secret: ClassVar[bool] = False

    @property
    def allowed(self) -> str:
        most = "" if self.max_items is None else f" of at most {self.max_items}"
        return f"a list{most}, each {self.item.allowed}"

    def canon(self, value: Json) -> Json:
        if not _listed(value):
            return value
        items = [self.item.canon(item) for item in value]
        if self.filler is None:
            return items
        empty = self.item.canon(self.filler)
        if not self.ordered:
            return sorted((item for item in items if item != empty), key=repr)
        while items and items[-1] == empty:
            items.pop()
        return items

    def wire(self, value: Json, like: Json = None) -> Json:
        if not _listed(value):
            return value
        items = _spelled(self.item, self.canon(value), like, self.filler)
        if self.filler is None or not isinstance(like, list):
            return items
        empty = self.item.canon(self.filler)
        spare = [old if self.item.canon(old) == empty else self.filler for old in like[len(items) :]]
        return items + spare

    def accepts(self, value: Json) -> bool:
        if not _listed(value) or (self.max_items is not None and len(self.canon(value)) > self.max_items):
            return False
        return all(self.item.accepts(item) for item in value)


@dataclass(frozen=True, slots=True)
class Row(Plain):
    """A list of a fixed number of values, each of its own kind: [115200, "None", 8, 1]."""

    items: tuple[Kind, ...]
    name: ClassVar[str] = "row"
    secret: ClassVar[bool] = False

    @property
    def allowed(self) -> str:
        return f"a list of {len(self.items)}: " + "; ".join(item.allowed for item in self.items)

    def canon(self, value: Json) -> Json:
        if not self._matches(value):
            return value
        return [kind.canon(item) for kind, item in zip(self.items, value, strict=True)]

    def wire(self, value: Json, like: Json = None) -> Json:
        if not self._matches(value):
            return value
        old = like if self._matches(like) else [None] * len(self.items)
        return [kind.wire(item, was) for kind, item, was in zip(self.items, value, old, strict=True)]

    def _matches(self, value: Json) -> bool:
        return _listed(value) and len(value) == len(self.items)

    def accepts(self, value: Json) -> bool:
        return self._matches(value) and all(
            kind.accepts(item) for kind, item in zip(self.items, value, strict=True)
        )
