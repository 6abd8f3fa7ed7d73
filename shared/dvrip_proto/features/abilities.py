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


_NAMES: Final[Mapping[Ability, str]] = {
    Ability.PERSON_DETECTION: r"(Support)?Human(Ped|Shape)?(Dection|Detection|Detect)\w*|PEAInHumanPed\w*",
    Ability.FACE_DETECTION: r"(Support)?(Human)?Face(Dection|Detection|Detect|Recognition)\w*",
    Ability.VEHICLE_DETECTION: r"(Support)?(Car|CarShape|Vehicle)(Dection|Detection|Detect)\w*",
    Ability.CROSSING_DETECTION: r"(Support)?(New)?VideoAnaly[sz]e\w*|PEAInHumanPed\w*|CrossLine\w*",
    Ability.FALL_DETECTION: r"(Support)?(Human)?FallDown\w*",
    Ability.SOUND_DETECTION: r"(Support)?(Volume|Cry|Sound)Detect\w*",
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
