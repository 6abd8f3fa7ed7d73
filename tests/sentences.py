"""Mistakes that somebody makes at one door or another, and the one sentence that all doors have for each.

Channels count from 1, here as in the sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """What is wished of an object, by the name of the object and by that of the setting; `says` why not."""

    profile: str
    object: str
    wish: dict[str, Any]
    channel: int | None = None
    setting: str = ""
    value: Any = None
    says: str

    def __str__(self) -> str:
        return self.says


NO_CHANNEL: Final = Mistake(
    profile="ipc",
    object="Detect.MotionDetect",
    wish={"Level": 3},
    channel=3,
    setting="motion_sensitivity",
    value=3,
    says="Detect.MotionDetect: there is no channel 3, the device has 1",
)
OUT_OF_RANGE: Final = Mistake(
    profile="nvr",
    object="Detect.MotionDetect",
    wish={"Level": 9},
    channel=2,
    setting="motion_sensitivity",
    value=9,
    says="Detect.MotionDetect channel 2: Level: 9 is not possible, it must be a whole number from 1 to 6",
)
FOREIGN_GATEWAY: Final = Mistake(
    profile="ipc",
    object="NetWork.NetCommon",
    wish={"GateWay": "10.9.8.7"},
    says="NetWork.NetCommon: gateway 10.9.8.7 is not in the device's network 127.0.0.0/24: set address, netmask "
    "and gateway together (not written: it needs allow_disconnect)",
)
WITHOUT_THE_CALLER: Final = Mistake(
    profile="ipc",
    object="NetWork.NetIPFilter",
    wish={"Enable": True, "Trusted": ["10.0.0.1"]},
    says="NetWork.NetIPFilter: the device would refuse this computer: Trusted does not have its address "
    "127.0.0.1 (not written: it needs allow_disconnect)",
)

MISTAKES: Final = (NO_CHANNEL, OUT_OF_RANGE)
LOCK_OUTS: Final = (FOREIGN_GATEWAY, WITHOUT_THE_CALLER)
