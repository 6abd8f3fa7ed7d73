"""Kinds of text: plain and secret text, IPv4 addresses and bit patterns.

They keep the four laws of kinds.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address
from typing import ClassVar

from ..values import Json, is_hex, number, spell
from .kinds import Plain

_CHANNEL = re.compile(r"channel +([0-9]{1,4})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Text(Plain):
    """Text of at most `max_bytes` bytes in UTF-8. A secret one is masked wherever values are shown."""

    max_bytes: int | None = None
    secret: bool = False

    @property
    def name(self) -> str:
        return "secret" if self.secret else "text"

    @property
    def allowed(self) -> str:
        return "text" + ("" if self.max_bytes is None else f" of at most {self.max_bytes} bytes")

    def canon(self, value: Json) -> Json:
        plain = isinstance(value, int | float) and not isinstance(value, bool)
        return str(value) if plain else value

    def wire(self, value: Json, like: Json = None) -> Json:  # noqa: ARG002 - text has one spelling
        return self.canon(value)

    def accepts(self, value: Json) -> bool:
        text = self.canon(value)
        if not isinstance(text, str) or "\0" in text:
            return False
        return self.max_bytes is None or len(text.encode(errors="surrogatepass")) <= self.max_bytes


_HALF = 1 << 31


@dataclass(frozen=True, slots=True)
class Ipv4(Plain):
    """An IPv4 address, "192.168.1.10". Devices hold its octets in reverse: "0x0A01A8C0", or as a number."""

    name: ClassVar[str] = "ipv4"
    secret: ClassVar[bool] = False
    allowed: ClassVar[str] = "an IPv4 address such as 192.168.1.10"

    def canon(self, value: Json) -> Json:
        if isinstance(value, int) and not isinstance(value, bool) and -_HALF <= value < 2 * _HALF:
            return str(IPv4Address((value % (2 * _HALF)).to_bytes(4, "little")))
        if not isinstance(value, str):
            return value
        address = self._address(value)
        return value if address is None else str(address)

    def wire(self, value: Json, like: Json = None) -> Json:
        address = self._address(value) if isinstance(value, str) else None
        if address is None:
            return value
        dotted = isinstance(like, str) and like.count(".") == 3
        little = int.from_bytes(address.packed, "little")
        if isinstance(like, int) and not isinstance(like, bool):
            return little - 2 * _HALF if like < 0 and little >= _HALF else little
        return str(address) if dotted else spell(little, like if is_hex(like) else "0x00000000")

    def _address(self, text: str) -> IPv4Address | None:
        digits = text if is_hex(text) else f"0x{text}" if re.fullmatch(r"[0-9a-fA-F]{8}", text) else ""
        if digits and int(digits, 16) < 1 << 32:
            return IPv4Address(int(digits, 16).to_bytes(4, "little"))
        try:
            return IPv4Address(text)
        except AddressValueError:
            return None

    def accepts(self, value: Json) -> bool:
        return isinstance(value, str) and self._address(value) is not None


@dataclass(frozen=True, slots=True)
class Hex(Plain):
    """A 32-bit pattern such as a colour, "0xF0FFFFFF"."""

    name: ClassVar[str] = "hex"
    secret: ClassVar[bool] = False
    allowed: ClassVar[str] = "a number from 0x00000000 to 0xFFFFFFFF"

    def canon(self, value: Json) -> Json:
        meant = number(value)
        return value if meant is None or meant < 0 else f"0x{meant:08X}"

    def wire(self, value: Json, like: Json = None) -> Json:
        meant = number(value)
        if meant is None or meant < 0:
            return value
        return spell(meant, "0x00000000" if number(like) is None else like)

    def accepts(self, value: Json) -> bool:
        meant = number(value)
        return meant is not None and 0 <= meant < 1 << 32


@dataclass(frozen=True, slots=True)
class ChannelNumber(Plain):
    """One channel: "channel 1" for the 0 that a device has. A bare number is what the device has."""

    most: int = 255
    name: ClassVar[str] = "channel"
    secret: ClassVar[bool] = False

    @property
    def allowed(self) -> str:
        return f'"channel 1" to "channel {self.most + 1}", or the device\'s own number from 0 to {self.most}'

    def canon(self, value: Json) -> Json:
        meant = self._number(value)
        return value if meant is None else f"channel {meant + 1}"

    def wire(self, value: Json, like: Json = None) -> Json:
        meant = self._number(value)
        plain = number(like) is None or isinstance(like, bool)
        return value if meant is None else spell(meant, None if plain else like)

    def accepts(self, value: Json) -> bool:
        return self._number(value) is not None

    def _number(self, value: Json) -> int | None:
        spoken = _CHANNEL.fullmatch(value) if isinstance(value, str) else None
        meant = int(spoken[1]) - 1 if spoken else None if isinstance(value, bool) else number(value)
        return meant if meant is not None and 0 <= meant <= self.most else None


TEXT = Text()
SECRET = Text(secret=True)
IPV4 = Ipv4()
HEX = Hex()
CHANNEL = ChannelNumber()
