"""One TCP connection to a device: one socket, one reader, one session."""

from __future__ import annotations

from ..wire.reply import LoginReply, Reply
from .address import DEFAULT_PORT, Address
from .control import ABSENT, Connection
from .media import MediaConnection
from .ways import Entry

__all__ = [
    "ABSENT",
    "DEFAULT_PORT",
    "Address",
    "Connection",
    "Entry",
    "LoginReply",
    "MediaConnection",
    "Reply",
]
