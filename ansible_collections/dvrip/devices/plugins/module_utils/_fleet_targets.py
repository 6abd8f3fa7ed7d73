# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""Addresses of a fleet as people write them: hosts, host:port, networks and ranges."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, ip_address, ip_network

MOST_ADDRESSES = 65536
_LABEL = "[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*\.?")


class TargetError(ValueError):
    """A target that names no address."""


@dataclass(frozen=True, slots=True)
class Target:
    """One place where a device is, or may be."""

    host: str
    port: int
    sure: bool  # named by itself: it belongs to the fleet also while nobody answers there

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def targets(texts: t.Iterable[str], port: int) -> list[Target]:
    """Every place that the texts name, each once; TargetError says which text is none."""
    found: dict[tuple[str, int], Target] = {}
    for text in texts:
        for target in _places(str(text).strip(), port):
            known = found.get((target.host, target.port))
            if known is None or not known.sure:
                found[target.host, target.port] = target
            if len(found) > MOST_ADDRESSES:
                raise TargetError(f"{text}: more than {MOST_ADDRESSES} addresses")
    return list(found.values())


def place(text: str, port: int) -> Target:
    """The one place that the text names, with its port or this one."""
    where, port = _split_port(text, port)
    return Target(_host(text, where), port, True)


def _places(text: str, port: int) -> t.Iterator[Target]:
    where, port = _split_port(text, port)
    if "/" in where:
        yield from (Target(str(address), port, False) for address in _network(text, where))
    elif (ends := _range(text, where)) is not None:
        first, last = ends
        yield from (Target(str(IPv4Address(number)), port, False) for number in range(first, last + 1))
    else:
        yield Target(_host(text, where), port, True)


def _split_port(text: str, port: int) -> tuple[str, int]:
    """The port behind the last colon; an IPv6 address with a port stands in brackets."""
    if text.startswith("["):
        where, dummy, rest = text[1:].partition("]")
        given = rest.removeprefix(":") if rest else ""
    elif text.count(":") == 1:
        where, dummy, given = text.partition(":")
    else:
        return text, port
    if given and not (given.isascii() and given.isdigit() and 0 < int(given) < 65536):
        raise TargetError(f"{text}: {given} is no port from 1 to 65535")
    return where.strip(), int(given) if given else port


def _network(text: str, where: str) -> t.Iterator[t.Any]:
    try:
        network = ip_network(where, strict=False)
    except ValueError as error:
        raise TargetError(f"{text}: no network: {error}") from error
    if not isinstance(network, IPv4Network) or network.num_addresses > MOST_ADDRESSES:
        raise TargetError(f"{text}: a network is of IPv4 and has at most {MOST_ADDRESSES} addresses")
    return iter(network.hosts())


def _range(text: str, where: str) -> tuple[int, int] | None:
    """First and last address of "10.0.0.5-10.0.0.20", also written "10.0.0.5-20"."""
    first, dash, last = (part.strip() for part in where.partition("-"))
    try:
        start = IPv4Address(first)
    except ValueError:
        return None  # a name may have dashes
    if not dash:
        return None
    try:
        end = IPv4Address(last if "." in last else f"{first.rpartition('.')[0]}.{last}")
    except ValueError as error:
        raise TargetError(f"{text}: {last} is no address to end a range with") from error
    if not 0 <= int(end) - int(start) < MOST_ADDRESSES:
        raise TargetError(f"{text}: a range goes upwards and has at most {MOST_ADDRESSES} addresses")
    return int(start), int(end)


def _host(text: str, where: str) -> str:
    try:
        return str(ip_address(where))
    except ValueError:
        if not _is_name(where):
            raise TargetError(
                f"{text}: write an address, host:port, a network (10.0.0.0/24) or a range (10.0.0.5-20)"
            ) from None
        return where


def _is_name(where: str) -> bool:
    try:
        asked = where.encode("idna").decode()
    except UnicodeError:
        return False
    return _HOST.fullmatch(asked) is not None and re.fullmatch(r"[0-9.]+", asked) is None
