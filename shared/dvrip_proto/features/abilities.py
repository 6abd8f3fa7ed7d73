"""Abilities under all their names: what cameras call one way, recorders and newer firmware call another.

Flags of `SystemFunction` are advisory: they say what is worth showing, never what is forbidden.
Sources: recorded SystemFunctions, and the alarm page that devices serve (HumanDection of cameras,
HumanDectionDVR and HumanDectionNVRNew of recorders).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import Final

from ..values import Json, flag


class Ability(Enum):
    """What a device may have, whatever its firmware calls it."""

    PERSON_DETECTION = "person detection"
    FACE_DETECTION = "face detection"
    VEHICLE_DETECTION = "vehicle detection"
    CROSSING_DETECTION = "line crossing and perimeter detection"
    FALL_DETECTION = "fall detection"
    SOUND_DETECTION = "sound detection"


# What stands before and behind says whose it is, or which version: Support, IPC, AI, DVR, NVRNew, V2.
_DETECTS: Final = r"(Dection|Detection|Detect|Recognition)\w*"
_NAMES: Final[Mapping[Ability, str]] = {
    Ability.PERSON_DETECTION: (
        rf"\w*(Human|Humanoid|Person|Pedestrian)(Ped|Shape|Body)?{_DETECTS}|\w*PEAInHumanPed\w*"
    ),
    Ability.FACE_DETECTION: rf"(?!\w*Interface)\w*Face{_DETECTS}",
    Ability.VEHICLE_DETECTION: rf"\w*(Car|CarShape|Vehicle|Plate){_DETECTS}|\w*CarShape",
    Ability.CROSSING_DETECTION: (
        r"\w*VideoAnaly[sz]e\w*|\w*PEAInHumanPed\w*|\w*(CrossLine|LineCross|TripWire|Perimeter|Intrusion)\w*"
    ),
    Ability.FALL_DETECTION: rf"\w*FallDown\w*|\w*Fall{_DETECTS}",
    Ability.SOUND_DETECTION: rf"\w*(Volume|Cry|Sound|Voice){_DETECTS}|\w*BabyCry\w*",
}
_PATTERNS: Final = {ability: re.compile(names, re.IGNORECASE) for ability, names in _NAMES.items()}


def has(functions: Mapping[str, Json], ability: Ability) -> bool:
    """Whether any flag of a `SystemFunction` (its groups, or one of them) that names the ability is on."""
    flags = (
        (name, on)
        for group in (functions, *functions.values())
        if isinstance(group, Mapping)
        for name, on in group.items()
    )
    names = _PATTERNS[ability]
    return any(not isinstance(on, Mapping) and flag(on) and names.fullmatch(name) for name, on in flags)
