"""Finding devices by UDP, and giving one of them another address."""

from __future__ import annotations

from .discovered import Discovered
from .order import set_address
from .search import discover

__all__ = ["Discovered", "discover", "set_address"]
