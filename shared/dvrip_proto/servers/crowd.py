"""Who is connected, by peer address, and who has to go for one more: no peer crowds out the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from ipaddress import AddressValueError, IPv6Address
from typing import Final

_NETWORK_BITS: Final = 64  # what one host of IPv6 has to itself


def peer_of(address: object) -> str:
    """Who is at a socket's address: its host, of IPv6 its network, where a host has many addresses."""
    host = str(address[0]) if isinstance(address, tuple) and address else ""
    try:
        six = IPv6Address(host.partition("%")[0])
    except AddressValueError:
        return host
    if six.ipv4_mapped is not None:
        return str(six.ipv4_mapped)
    return host if six.is_link_local else str(IPv6Address(int(six) >> _NETWORK_BITS << _NETWORK_BITS))


class Crowd[Member: Hashable]:
    """At most `most` members, and about `most_a_peer` of one peer; times are the caller's, in seconds.

    Who was heard last stands at the end, and goes last.
    """

    def __init__(self, most: int, most_a_peer: int) -> None:
        self._most = most
        self._most_a_peer = most_a_peer
        self._members: dict[Member, tuple[str, float]] = {}
        self._peers: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._members)

    def __contains__(self, member: Member) -> bool:
        return member in self._members

    def __iter__(self) -> Iterator[Member]:
        return iter(self._members)

    @property
    def full(self) -> bool:
        """Whether one more needs somebody's place."""
        return len(self._members) >= self._most

    def put(self, member: Member, peer: str, now: float) -> None:
        """Take in a newcomer, or note that a member was heard."""
        self.remove(member)
        self._members[member] = (peer, now)
        self._peers[peer] += 1

    def remove(self, member: Member) -> None:
        """Forget a member; one that is none is no error."""
        found = self._members.pop(member, None)
        if found is None:
            return
        peer = found[0]
        self._peers[peer] -= 1
        if not self._peers[peer]:
            del self._peers[peer]

    def beyond(self, peer: str, now: float, grace_s: float) -> list[Member]:
        """Members of a peer that has too many, the oldest first; nobody within `grace_s` of his last word."""
        surplus = self._peers[peer] - self._most_a_peer
        if surplus <= 0:
            return []
        return [
            member
            for member, (whose, heard) in self._members.items()
            if whose == peer and now - heard >= grace_s
        ][:surplus]

    def first_to_go(self) -> tuple[Member, float] | None:
        """The oldest member of the peer that has the most, and when he was heard; None of an empty crowd."""
        if not self._peers:
            return None
        largest = max(self._peers.values())
        for member, (peer, heard) in self._members.items():
            if self._peers[peer] == largest:
                return member, heard
        return None
