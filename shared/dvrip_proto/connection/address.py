"""Where a device is, as people write it."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

from ..errors import UsageError

DEFAULT_PORT: Final = 34567


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Host and port of a device, and the account where one is named: "" is none."""

    host: str
    port: int = DEFAULT_PORT
    user: str = ""

    @classmethod
    def parse(cls, text: str, *, port: int = DEFAULT_PORT) -> Address:
        """Read [USER@]HOST[:PORT]; an IPv6 address with a port stands in brackets. UsageError for others.

        `port` is for texts without one.
        """
        user, at, place = text.rpartition("@")
        if "://" in text:
            raise UsageError(f"{place!r} is no address of a device: HOST or HOST:PORT, without a scheme")
        if ":" in user:
            raise UsageError(f"'...@{place}' is no address of a device: USER@HOST, without a password")
        if at and (not user or not place):
            raise UsageError(f"{text!r} is no address of a device: USER@HOST")
        host, colon, number = place.rpartition(":")
        if not colon or (":" in host and not host.startswith("[")) or place.endswith("]"):
            host, number = place, str(port)
        bracketed = host.startswith("[") and host.endswith("]") and ":" in host
        host = host[1:-1] if bracketed else host
        numbered = number.isascii() and number.isdecimal() and 0 < int(number) < 65536
        if not host or not numbered or any(c.isspace() or not c.isprintable() or c in "/[]" for c in host):
            raise UsageError(f"{place!r} is no address of a device: HOST or HOST:PORT")
        return cls(host=host, port=int(number), user=user)

    def __str__(self) -> str:
        """[USER@]HOST[:PORT], without what goes without saying."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == DEFAULT_PORT else f":{self.port}"
        return f"{self.user}@{host}{port}" if self.user else f"{host}{port}"


def is_numeric(host: str) -> bool:
    """Whether a host is an IPv4 or IPv6 address, and no name that has to be looked up."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
