"""Pan, tilt and zoom of one channel: what moves now, where it stands, what was asked."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Final

_HISTORY: Final = 64
_STOP: Final = -1
_PRESET_MAX: Final = 255
# Pan, tilt and zoom of one second of movement at speed 1.
_VECTORS: Final[dict[str, tuple[int, int, int]]] = {
    "DirectionUp": (0, 1, 0),
    "DirectionDown": (0, -1, 0),
    "DirectionLeft": (-1, 0, 0),
    "DirectionRight": (1, 0, 0),
    "DirectionLeftUp": (-1, 1, 0),
    "DirectionLeftDown": (-1, -1, 0),
    "DirectionRightUp": (1, 1, 0),
    "DirectionRightDown": (1, -1, 0),
    "ZoomTile": (0, 0, 1),
    "ZoomWide": (0, 0, -1),
    "FocusNear": (0, 0, 0),
    "FocusFar": (0, 0, 0),
    "IrisSmall": (0, 0, 0),
    "IrisLarge": (0, 0, 0),
}


@dataclass(slots=True)
class PtzState:
    """One channel's drive; `history` holds (command, preset, step), newest last."""

    moving: str | None = None
    speed: int = 0
    preset: int | None = None
    touring: int | None = None
    outputs: set[int] = field(default_factory=set)
    tours: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    presets: dict[int, tuple[float, float, float]] = field(default_factory=dict)
    history: deque[tuple[str, int, int]] = field(default_factory=lambda: deque(maxlen=_HISTORY))
    _position: tuple[float, float, float] = (0.0, 0.0, 0.0)
    _since: float = 0.0

    @property
    def position(self) -> tuple[float, float, float]:
        """Pan, tilt and zoom now, in steps."""
        if self.moving is None:
            return self._position
        distance = self.speed * (time.monotonic() - self._since)
        pan, tilt, zoom = (
            at + distance * by for at, by in zip(self._position, _VECTORS[self.moving], strict=True)
        )
        return pan, tilt, zoom

    def command(self, name: str, parameter: dict[str, Any]) -> None:
        """Obey one OPPTZControl."""
        preset, step = _number(parameter.get("Preset"), 0), _number(parameter.get("Step"), 5)
        self.history.append((name, preset, step))
        if name in _VECTORS:
            self._halt()
            if preset != _STOP:
                self.moving, self.speed, self._since = name, step, time.monotonic()
                self.preset = None
        elif name == "SetPreset" and 0 <= preset <= _PRESET_MAX:
            self.presets[preset] = self.position
        elif name == "GotoPreset" and preset in self.presets:
            self._halt()
            self._position, self.preset = self.presets[preset], preset
        elif name == "ClearPreset":
            self.presets.pop(preset, None)
        elif name == "Aux":
            self._switch(parameter.get("AUX"))
        else:
            self._tour(name, _number(parameter.get("Tour"), 0), preset, step)

    def _switch(self, told: object) -> None:
        aux = told if isinstance(told, dict) else {}
        output = {_number(aux.get("Number"), 0)}
        self.outputs = self.outputs | output if aux.get("Status") == "On" else self.outputs - output

    def _tour(self, name: str, tour: int, preset: int, seconds: int) -> None:
        """Obey what is about a tour: as the vendor's demo program tells it."""
        if name in ("StartTour", "StopTour", "EndTour"):
            self.touring = tour if name == "StartTour" else None
        elif name == "AddTour" and 0 <= preset <= _PRESET_MAX:
            self.tours.setdefault(tour, []).append((preset, seconds))
        elif name == "DeleteTour" and tour in self.tours:
            self.tours[tour] = [stop for stop in self.tours[tour] if stop[0] != preset]
        elif name == "ClearTour":
            self.tours.pop(tour, None)

    def _halt(self) -> None:
        self._position = self.position
        self.moving, self.speed = None, 0


def _number(value: object, default: int) -> int:
    return int(value) if isinstance(value, int | float) else default
