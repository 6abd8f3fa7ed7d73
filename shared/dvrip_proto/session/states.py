"""Where a conversation can stand, and what moves it on."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final


class State(Enum):
    """Where a conversation stands."""

    NEW = "not logged in"
    LOGGING_IN = "logging in"
    READY = "logged in"
    CLOSING = "logging out"
    CLOSED = "closed"


class Step(Enum):
    """What moves a conversation on."""

    LOGIN = "log in"
    ACCEPTED = "accept a login"
    REFUSED = "refuse a login"
    REQUEST = "send a request"
    LOGOUT = "log out"
    END = "end"


NEXT: Final[Mapping[tuple[State, Step], State]] = {
    (State.NEW, Step.LOGIN): State.LOGGING_IN,
    (State.NEW, Step.REQUEST): State.NEW,  # claims on media sockets, and the few requests without a session
    (State.LOGGING_IN, Step.ACCEPTED): State.READY,
    (State.LOGGING_IN, Step.REFUSED): State.NEW,
    (State.READY, Step.REQUEST): State.READY,
    (State.READY, Step.LOGOUT): State.CLOSING,
    **{(state, Step.END): State.CLOSED for state in State if state is not State.CLOSED},
}
