"""The ladder: every way into a device, and which is tried next after what was seen. A table, nothing is sent.

1. Each way is tried at most once. What names the account (203, 205, 206 ...) ends the climb at once: devices
   lock accounts; so does a device that is busy, or away.
2. A policy is the ways that are allowed. Whoever met a device encrypted keeps `Way.policy`, and never speaks
   to it in clear again.
3. LIGHT sends the plain login once more: only to a device that has accepted one.

Sources: V5.06.R02 (go2rtc issue 2246, icsee-ptz issue 65) for the first three; recorded traffic of a recorder
and four programs for ENCRYPTED; the vendor's app for SALTED; one program for LIGHT.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from ..errors import UsageError
from ..values import Json


class Way(Enum):
    """One way to log in and to talk afterwards."""

    PLAIN = "plain"
    VERSION_1 = "version_1"
    CLAIM_FIRST = "claim_first"
    SALTED = "salted"
    ENCRYPTED = "encrypted"
    LIGHT = "light"

    @property
    def exchanges_keys(self) -> bool:
        """Whether the login is encrypted with the device's key."""
        return self in (Way.SALTED, Way.ENCRYPTED)

    @property
    def policy(self) -> str:
        """The policy that keeps to this way or a better one, once a device was met so."""
        return _KEPT.get(self, "auto")


class Seen(Enum):
    """What came of a way that did not lead in, and says nothing of the account."""

    REFUSED = "the login is refused"  # with 124, 102, 103 or 117
    NO_JSON = "the login is answered without JSON"
    CIPHERED_LOGIN = "the login is answered encrypted"
    EMPTY = "the login is taken, and questions are answered empty"
    CIPHERED = "the login is taken, and answers cannot be read"
    NO_OFFER = "no encryption is offered"
    NO_SALT = "no salted password is offered"


TAKEN: Final = frozenset({Seen.EMPTY, Seen.CIPHERED})
_TO_KEYS: Final = {
    Seen.REFUSED: Way.SALTED,
    Seen.CIPHERED_LOGIN: Way.SALTED,
    Seen.EMPTY: Way.SALTED,
    Seen.CIPHERED: Way.SALTED,
}
_TO_LIGHT: Final = {
    Seen.NO_OFFER: Way.LIGHT,
    Seen.REFUSED: Way.LIGHT,
    Seen.NO_JSON: Way.LIGHT,
    Seen.CIPHERED_LOGIN: Way.LIGHT,
    Seen.EMPTY: Way.LIGHT,
    Seen.CIPHERED: Way.LIGHT,
}
LADDER: Final[Mapping[Way, Mapping[Seen, Way]]] = {
    Way.PLAIN: {**_TO_KEYS, Seen.NO_JSON: Way.VERSION_1},
    Way.VERSION_1: {**_TO_KEYS, Seen.NO_JSON: Way.CLAIM_FIRST},
    Way.CLAIM_FIRST: {**_TO_KEYS, Seen.NO_JSON: Way.SALTED, Seen.NO_OFFER: Way.SALTED},
    Way.SALTED: {
        **_TO_LIGHT,
        Seen.NO_SALT: Way.ENCRYPTED,
        Seen.REFUSED: Way.ENCRYPTED,
        Seen.NO_JSON: Way.ENCRYPTED,
    },
    Way.ENCRYPTED: _TO_LIGHT,
    Way.LIGHT: {},
}
"""Way -> what was seen -> the way that is tried next; what is missing ends the climb."""

_IN_CLEAR: Final = (Way.PLAIN, Way.VERSION_1, Way.CLAIM_FIRST)
POLICIES: Final[Mapping[str, tuple[Way, ...]]] = {
    "auto": (*_IN_CLEAR, Way.SALTED, Way.ENCRYPTED, Way.LIGHT),
    "always": (Way.SALTED, Way.ENCRYPTED),
    "salted": (Way.SALTED,),
    "light": (Way.LIGHT,),
    "never": _IN_CLEAR,
}
"""Policy -> the ways that it allows, the first of them first."""
_KEPT: Final = {Way.SALTED: "salted", Way.ENCRYPTED: "always", Way.LIGHT: "light"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """How a device was entered: the way, how many logins it took, what did not lead in, what was offered.

    `policy` is what to ask for the next time: a device met encrypted is not spoken to in clear again.
    `offered` holds names, numbers and lengths, and nothing secret.
    """

    way: str
    policy: str
    logins: int
    steps: tuple[str, ...] = ()
    offered: Mapping[str, Json] = field(default_factory=dict)

    @property
    def encrypted(self) -> bool:
        """Whether what is said in the session is encrypted."""
        return self.policy != "auto"


class Climb:
    """The ways of one connection, one after the other; `steps` are those that did not lead in, and why."""

    def __init__(self, policy: str) -> None:
        if policy not in POLICIES:
            raise UsageError(f"encryption is one of {', '.join(POLICIES)}, not {policy!r}")
        self.policy = policy
        self.steps: list[tuple[Way, Seen]] = []
        self.way = POLICIES[policy][0]
        self._plain_login_taken = policy == "light"

    def step(self, seen: Seen) -> bool:
        """Go on to the next way; False when there is none."""
        self.steps.append((self.way, seen))
        if seen in TAKEN and not self.way.exchanges_keys:
            self._plain_login_taken = True
        following = LADDER[self.way].get(seen)
        if following is None or following not in POLICIES[self.policy]:
            return False
        if following is Way.LIGHT and not self._plain_login_taken:
            return False
        if following in (way for way, _ in self.steps):
            return False
        self.way = following
        return True
