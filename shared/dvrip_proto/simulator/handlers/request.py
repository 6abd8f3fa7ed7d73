"""One request on its way through a handler, and the shapes of answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ...errors import ProtocolError
from ...values import Json
from ...wire.body import parse_session
from ...wire.framer import Frame

if TYPE_CHECKING:
    from ..dispatch import Unit
    from ..link import Link
    from ..sessions import Session
    from ..state.device import DeviceState

OK: Final = 100
FAILED: Final = 101
UNSUPPORTED: Final = 102
ILLEGAL: Final = 103
NO_RIGHT: Final = 107

type Answer = dict[str, Json] | bytes | None
"""A JSON body without its SessionID, raw bytes, or silence."""

type Handler = Callable[[Request], Answer | Awaitable[Answer]]


@dataclass(slots=True, kw_only=True)
class Request:
    """One message of a client. `reply_session` is what the reply's header and body carry."""

    unit: Unit
    link: Link
    frame: Frame
    body: dict[str, Json]
    reply_session: int = 0

    @property
    def message_id(self) -> int:
        """The request's message id."""
        return self.frame.message_id

    @property
    def state(self) -> DeviceState:
        """The device's state."""
        return self.unit.state

    @property
    def session(self) -> Session | None:
        """The session of this connection."""
        return self.link.session

    @property
    def user(self) -> str:
        """Name of the user logged in on this connection."""
        return self.link.session.user if self.link.session else ""

    @property
    def name(self) -> str:
        """The request's Name."""
        name = self.body.get("Name")
        return name if isinstance(name, str) else ""

    def member(self, name: str) -> dict[str, Any]:
        """An object of the body, empty when it is missing or no object."""
        value = self.body.get(name)
        return value if isinstance(value, dict) else {}

    def allows(self, *rights: str) -> bool:
        """Whether this connection's user has one of the rights."""
        return any(self.state.accounts.may(self.user, right) for right in rights)

    def named_session(self) -> Session | None:
        """The live session that the body's SessionID, or else the header, names."""
        try:
            number = parse_session(self.body.get("SessionID", self.frame.header.session))
        except ProtocolError:
            return None
        return self.unit.sessions.get(number)


def reply(ret: int = OK, name: str = "", **value: Json) -> dict[str, Json]:
    """A reply body with Name and Ret; the SessionID is added on the way out."""
    return {"Name": name, "Ret": ret, **value}


def number_of(value: object, default: int = -1) -> int:
    """A number a client may have sent as text."""
    if isinstance(value, int | float):
        return int(value)
    try:
        return int(str(value), 0)
    except ValueError:
        return default
