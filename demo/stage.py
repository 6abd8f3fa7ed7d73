"""What one run of the demo consists of: its devices, its addresses, its secrets."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent
OUT = HERE / "out"
CLIP = HERE / "media" / "bigbuckbunny-720p.mp4"
DEVICE_PORT = 34567
DISCOVERY_PORT = 34569


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One simulated device: where it answers and what its channels show."""

    key: str
    title: str
    address: str
    profile: str
    videos: tuple[str, ...]
    motion_every_s: float
    """When a person watches: how often something moves in front of one of its channels."""

    @property
    def channels(self) -> int:
        """Number of video channels."""
        return len(self.videos)

    @property
    def description(self) -> str:
        """What it is, in a few words."""
        kinds = ", ".join(
            dict.fromkeys("H.265" if video.startswith("scene:h265") else "H.264" for video in self.videos)
        )
        return f"{self.title}, {self.channels} channel{'s' if self.channels > 1 else ''}, {kinds}"


RECORDER = Model(
    key="recorder",
    title="Recorder",
    address="127.0.0.11",
    profile="nvr",
    videos=("scene:h264", "scene:h265+h264", "scene:h264", "scene:h265+h264"),
    motion_every_s=12,
)
MEADOW = Model(
    key="meadow",
    title="Meadow",
    address="127.0.0.12",
    profile="ipc",
    videos=(str(CLIP),),
    motion_every_s=47,
)
YARD = Model(
    key="yard",
    title="Yard",
    address="127.0.0.13",
    profile="ipc",
    videos=("scene:h265+h264",),
    motion_every_s=31,
)
MODELS = (RECORDER, MEADOW, YARD)
PICTURES = sum(model.channels for model in MODELS)


def _password() -> str:
    return secrets.token_urlsafe(9).replace("-", "x").replace("_", "y")


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """Passwords of one run: made at random, never written to a log."""

    home_assistant: str = field(default_factory=_password, repr=False)
    device: str = field(default_factory=_password, repr=False)
    operator: str = field(default_factory=_password, repr=False)
