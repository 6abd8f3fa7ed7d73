"""A DVRIP device in software: it speaks as real cameras and recorders do, and streams real video."""

from __future__ import annotations

from .fleet import Fleet
from .quirks import Quirks
from .server import Simulator
from .state.ptz import PtzState

__all__ = ["Fleet", "PtzState", "Quirks", "Simulator"]
