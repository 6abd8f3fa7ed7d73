"""Every error of the library, grouped by what the caller can do about it.

DvripError
├── TransportError             try again later
│   ├── RequestTimeoutError    (also a builtin TimeoutError) the device did not answer in time
│   └── NoConnectionError      it is there and takes no further connection (.holders)
├── ProtocolError              the peer broke the format: not DVRIP, or broken
├── AuthenticationError        ask for other credentials (.ret)
├── RequestError               the device said no (.ret .message_id .name)
│   ├── UnsupportedError       this device cannot do it
│   └── NotAppliedError        accepted, but the read-back differs (.changes)
└── UsageError                 (also a builtin ValueError) the caller is wrong
    └── DangerError            would lock the caller out, and was not allowed to (.dangers)

Messages of anything that has a socket start with "HOST:PORT: ". They never carry a password or a hash. They
count channels from 1, as people do; `channel`, where an error is about one, counts from 0.
"""

from __future__ import annotations

from typing import Any


class DvripError(Exception):
    """Anything that goes wrong in this library. `channel` (from 0) is the one that it is about, if any.

    `written` is what the device took all the same, in the words of people; its text tells that, too.
    """

    channel: int | None = None
    written: tuple[str, ...] = ()

    def __str__(self) -> str:
        told = super().__str__()
        return f"{told}; written: {', '.join(self.written)}" if self.written else told


class TransportError(DvripError):
    """The network or the device is away: try again later."""


class RequestTimeoutError(TransportError, TimeoutError):
    """The device did not answer in time."""


class NoConnectionError(TransportError):
    """The device has no free connection: `holders` are what this one's session holds its own for."""

    def __init__(self, message: str, *, holders: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.holders = holders


class ProtocolError(DvripError):
    """The peer does not speak DVRIP, or speaks it wrongly."""


class AuthenticationError(DvripError):
    """The device refused the credentials: `ret` says why (203, 205, 206 ...)."""

    def __init__(self, message: str, *, ret: int | None = None) -> None:
        super().__init__(message)
        self.ret = ret


class RequestError(DvripError):
    """The device refused a request: its return code, the request's message id and the object's name."""

    def __init__(
        self,
        message: str,
        *,
        ret: int | None = None,
        message_id: int | None = None,
        name: str = "",
        channel: int | None = None,
    ) -> None:
        super().__init__(message)
        self.ret = ret
        self.message_id = message_id
        self.name = name
        self.channel = channel


class UnsupportedError(RequestError):
    """This device cannot do what was asked; with `encryption`, because no encrypted session came about."""

    def __init__(
        self,
        message: str,
        *,
        ret: int | None = None,
        message_id: int | None = None,
        name: str = "",
        channel: int | None = None,
        encryption: bool = False,
    ) -> None:
        super().__init__(message, ret=ret, message_id=message_id, name=name, channel=channel)
        self.encryption = encryption


class NotAppliedError(RequestError):
    """The device accepted a change, but does not have it afterwards: `changes` are the ones still missing."""

    def __init__(
        self,
        message: str,
        *,
        changes: tuple[Any, ...] = (),
        ret: int | None = None,
        message_id: int | None = None,
        name: str = "",
        channel: int | None = None,
    ) -> None:
        super().__init__(message, ret=ret, message_id=message_id, name=name, channel=channel)
        self.changes = tuple(changes)


class UsageError(DvripError, ValueError):
    """The caller is wrong: a bad value, a read-only field, a call in the wrong state."""

    def __init__(self, message: str, *, channel: int | None = None) -> None:
        super().__init__(message)
        self.channel = channel


class DangerError(UsageError):
    """Not written: it would end this connection or lock its owner out, as `dangers` say in words."""

    def __init__(self, message: str, *, dangers: tuple[str, ...] = (), channel: int | None = None) -> None:
        super().__init__(message, channel=channel)
        self.dangers = dangers
