"""Moving a camera without writing YAML: what buttons, numbers and selects of one channel share."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from dvrip_proto import Preset, Tour, UnsupportedError, UsageError

from .inert import inert
from .session import DvripSession

SPEED = 5
STEP_S = 0.5
"""How long a press of a button moves."""

BUTTONS = (
    "up",
    "down",
    "left",
    "right",
    "up_left",
    "up_right",
    "down_left",
    "down_right",
    "zoom_in",
    "zoom_out",
)


@dataclass(slots=True)
class PtzSpeeds:
    """Speeds of the channels, 1 to 8, as people set them."""

    by_channel: dict[int, int] = field(default_factory=dict)

    def of(self, channel: int) -> int:
        """Speed of a channel."""
        return self.by_channel.get(channel, SPEED)


def is_likely(session: DvripSession) -> bool:
    """Whether the device says that it moves. Cameras that do not say so move all the same, or do not."""
    flags = session.functions.get("OtherFunction", {})
    return any(on and "PTZ" in name.upper() for name, on in flags.items())


async def async_stored(session: DvripSession, channel: int, preset: int | str) -> int:
    """Number of a stored position, by its number or its name. UsageError when the device has none like it."""
    return await _async_known(partial(session.device.ptz.presets, channel=channel), preset, "position")


async def async_stored_tour(session: DvripSession, channel: int, tour: int | str) -> int:
    """Number of a stored tour, by its number or its name. UsageError when the device has none like it."""
    return await _async_known(partial(session.device.ptz.tours, channel=channel), tour, "tour")


async def _async_known(
    ask: Callable[[], Awaitable[Sequence[Preset | Tour]]], wanted: int | str, what: str
) -> int:
    """Devices agree to move anywhere. One that does not tell what it has is believed for a number."""
    try:
        stored = await ask()
    except UnsupportedError:
        if isinstance(wanted, int):
            return wanted
        stored = ()
    for each in stored:
        if wanted == each.number or (
            isinstance(wanted, str) and inert(each.name).casefold() == wanted.strip().casefold()
        ):
            return each.number
    known = ", ".join(f"{each.number} {inert(each.name)}".strip() for each in stored) or "none"
    raise UsageError(f"there is no stored {what} {wanted!r}; stored are: {known}")
