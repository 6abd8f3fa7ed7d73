"""Every message of every connection in the log `dvrip_proto.wire`, at DEBUG: in clear, secrets masked.

Bodies of encrypted sessions are those inside. Media are not told. What a record says is also its attribute
`spoken`, for those who keep traces.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from ..errors import ProtocolError
from ..values import Json
from ..wire.body import decode
from ..wire.ids import label

LOGGER: Final = logging.getLogger("dvrip_proto.wire")
_NUMBERS: Final = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One message (`way` is > for ours, < for the device's), or what befell a socket (`way` is -).

    `body` is None where it is no JSON: then its `size` is all that is told.
    """

    where: str
    socket: int
    way: str
    message_id: int = 0
    body: Json = field(default=None, repr=False)
    size: int = 0
    event: str = ""

    def __str__(self) -> str:
        if self.way == "-":
            return f"{self.where} #{self.socket} - {self.event}"
        told = f"{self.size} bytes" if self.body is None else json.dumps(self.body)
        return f"{self.where} #{self.socket} {self.way} {label(self.message_id)} {told}"


class WireLog:
    """Tells of one socket to `where`."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._socket = next(_NUMBERS)

    def socket(self, event: str) -> None:
        """Tell that the socket was opened or closed."""
        if LOGGER.isEnabledFor(logging.DEBUG):
            _tell(Spoken(where=self._where, socket=self._socket, way="-", event=event))

    def message(self, way: str, message_id: int, body: bytes) -> None:
        """Tell of a message."""
        if LOGGER.isEnabledFor(logging.DEBUG):
            _tell(
                Spoken(
                    where=self._where,
                    socket=self._socket,
                    way=way,
                    message_id=message_id,
                    body=_masked(body),
                    size=len(body),
                )
            )


def _tell(spoken: Spoken) -> None:
    LOGGER.debug("%s", spoken, extra={"spoken": spoken})


def _masked(body: bytes) -> Json:
    """The object of a body, each member masked as the object of its name; None for what is no JSON."""
    if not body.lstrip().startswith(b"{"):
        return None
    try:
        tree = decode(body)
    except ProtocolError:
        return None
    if not isinstance(tree, Mapping):
        return None
    from ..config.catalog import spec_for  # rows of every object: a login that nobody traces does without
    from ..config.redact import redact

    shown = redact(dict(tree))
    return {
        key: shown[key] if value is None else redact(shown[key], spec_for(key)) for key, value in tree.items()
    }
