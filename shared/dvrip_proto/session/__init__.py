"""One connection's conversation as a state table, without I/O."""

from __future__ import annotations

from .conversation import Session
from .events import Ended, Event, Failed, Pushed, Replied, Request
from .states import NEXT, State, Step

__all__ = ["NEXT", "Ended", "Event", "Failed", "Pushed", "Replied", "Request", "Session", "State", "Step"]
