"""What a return code means to a person: a name for it, and what to do. One table for every front-end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from ..errors import AuthenticationError, RequestError


class Remedy(NamedTuple):
    """What to do about a refusal; `key` names the cause, for translations."""

    key: str
    text: str


_IN_USE: Final = Remedy(
    "account_in_use", "The account may not be used twice at once: make it sharable, or use another one."
)
_LOCKED: Final = Remedy(
    "account_locked",
    "Check the user name. A lock ends after some minutes, or when the device restarts.",
)
_CREDENTIALS: Final = Remedy(
    "wrong_credentials",
    "Check the user name and the password; devices lock an account after a few wrong passwords.",
)
_BUSY: Final = Remedy("busy", "The device does this for somebody else already: try again later.")
_NOT_THERE: Final = Remedy("not_there", "This model or firmware does not have it.")
REMEDIES: Final[Mapping[int, Remedy]] = {
    **dict.fromkeys((104, 207, 212), _IN_USE),
    107: Remedy("no_permission", "Give the account the right to do this, or log in with another one."),
    118: Remedy("no_ptz", "Choose a PTZ protocol for the channel first (Uart.PTZ)."),
    120: Remedy("not_enabled", "Switch the function on first."),
    121: Remedy("camera_offline", "The camera of this channel is not connected to the recorder."),
    205: _LOCKED,
    206: Remedy("address_blocked", "The device's IP filter or block list has this address or account."),
    **dict.fromkeys((503, 511), _BUSY),
    **dict.fromkeys((102, 605, 607), _NOT_THERE),
    514: Remedy("upgrade_failed", "The firmware does not fit this device, or came damaged."),
    604: Remedy("write_failed", "The device could not store it: its memory may be full or worn out."),
}


def remedy(error: BaseException) -> Remedy | None:
    """What to do about an error of a device; None when its code says nothing to a person.

    A refused login is one of the user and the password, whatever its code, unless the table knows better.
    """
    if not isinstance(error, AuthenticationError | RequestError):
        return None
    known = REMEDIES.get(error.ret or 0)
    return _CREDENTIALS if known is None and isinstance(error, AuthenticationError) and error.ret else known
