"""Addresses as people type and paste them."""

import re
from urllib.parse import urlsplit

_BRACKETED = re.compile(r"\[([^\]]+)\](?::(\d+))?")
_PLAIN = re.compile(r"([^:]+):(\d+)")

# In these the port is the one of DVRIP. A browser's or a player's is another service of the device.
_OURS = ("dvrip", "tcp")


def parse_address(typed: str) -> tuple[str, int | None]:
    """Host and, where it is told, port: "192.168.1.10", "http://camera.lan/", "[fe80::1]:34567" ..."""
    text = typed.strip()
    scheme, mark, rest = text.partition("://")
    if mark:
        text = rest
    text = re.split(r"[/?#\s]", text, maxsplit=1)[0].rpartition("@")[2]
    host, port = text, ""
    if (found := _BRACKETED.fullmatch(text)) or (found := _PLAIN.fullmatch(text)):
        host, port = found[1], found[2] or ""
    if mark and scheme.lower() not in _OURS:
        return urlsplit(f"//{text}").hostname or host, None
    return host, int(port) if port.isascii() and port and 0 < int(port) < 65536 else None
