"""One TCP connection to a device: one socket, one reader, one session."""

from __future__ import annotations

from ..wire.reply import LoginReply, Reply
from .control import ABSENT, DEFAULT_PORT, Connection
from .media import MediaConnection
from .ways import Entry

__all__ = ["ABSENT", "DEFAULT_PORT", "Connection", "Entry", "LoginReply", "MediaConnection", "Reply"]
