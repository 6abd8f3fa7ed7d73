"""What was found of a device's settings, kept across restarts: set-up is fast, no entity comes and goes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from dvrip_proto import CONTROLS

from .identity import Identity

VERSION = 1

type Place = tuple[str, int | None]
"""Key of a control and its channel, None for the device itself."""


@dataclass(slots=True, kw_only=True)
class Shape:
    """Where the controls of each object are; an object that the device does not have has none."""

    objects: dict[str, list[Place]] = field(default_factory=dict)
    empty: list[int] | None = None
    """Channels for which a recorder had no camera when it last told; None of one that has never told."""
    doubtful: set[str] = field(default_factory=set)
    """Objects that were read for other controls than there are now: to be read once more."""

    @property
    def places(self) -> list[Place]:
        """Every place of every object."""
        return [place for places in self.objects.values() for place in places]

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """Shape from its stored form, which another version may have written."""
        controls = _controls()
        objects = {
            name: [(key, channel) for key, channel in at if key in controls[name]]
            for name, at in stored["objects"].items()
            if name in controls
        }
        read_for = stored.get("controls", {})
        doubtful = {name for name in objects if read_for.get(name) != controls[name]}
        return cls(objects=objects, doubtful=doubtful, empty=stored.get("empty", []))

    def stored(self) -> dict[str, Any]:
        """Form for JSON."""
        objects = {name: [list(place) for place in places] for name, places in self.objects.items()}
        read_for = {name: keys for name, keys in _controls().items() if name not in self.doubtful}
        return {"objects": objects, "controls": read_for, "empty": self.empty}


class ShapeStore:
    """Keeps the shape of one entry's device; another device or firmware starts anew."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        self._store: Store[dict[str, Any]] = Store(hass, VERSION, f"dvrip.{entry_id}")

    async def async_load(self, identity: Identity) -> Shape:
        """What is known of this device with this firmware: nothing, the first time."""
        stored = await self._store.async_load()
        if stored is None or stored.get("device") != _key(identity):
            return Shape(empty=None if stored is None else [])
        return Shape.of(stored)

    async def async_save(self, identity: Identity, shape: Shape) -> None:
        """Keep it."""
        await self._store.async_save({"device": _key(identity), **shape.stored()})

    async def async_remove(self) -> None:
        """Forget it, with the entry."""
        await self._store.async_remove()


def _controls() -> dict[str, list[str]]:
    """Keys of the controls of each object."""
    found: dict[str, list[str]] = {}
    for row in CONTROLS:
        found.setdefault(row.object, []).append(row.key)
    return found


def _key(identity: Identity) -> list[str]:
    return [identity.unique_id, identity.info.firmware]
