"""One device stream for many viewers, served over RTSP. Stills and AAC need PyAV (extra `av`)."""

from __future__ import annotations

from ..media.jpeg import jpeg
from ..media.units import KeyFrame, Presentation, Track, Unit
from .hub import MAX_VIEWERS, Hub
from .limits import Limits
from .rtsp import Relay
from .stills import Stills, StillTimes, take_picture
from .talkback import OpenTalk, Voice
from .viewer import Viewer

__all__ = [
    "MAX_VIEWERS",
    "Hub",
    "KeyFrame",
    "Limits",
    "OpenTalk",
    "Presentation",
    "Relay",
    "StillTimes",
    "Stills",
    "Track",
    "Unit",
    "Viewer",
    "Voice",
    "jpeg",
    "take_picture",
]
