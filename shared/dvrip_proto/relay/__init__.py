"""One device stream for many viewers, served over RTSP. Stills and AAC need PyAV (extra `av`)."""

from __future__ import annotations

from .hub import Hub
from .rtsp import Relay
from .still import jpeg
from .units import KeyFrame, Presentation, Track, Unit
from .viewer import Viewer

__all__ = ["Hub", "KeyFrame", "Presentation", "Relay", "Track", "Unit", "Viewer", "jpeg"]
