"""Pan, tilt and zoom: every movement is stopped, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from typing import Final

from ..connection import Connection
from ..connection.to_its_end import to_its_end
from ..errors import DvripError, RequestError, RequestTimeoutError, UnsupportedError, UsageError
from ..values import Json, loose_number, plain_text
from ..wire.ids import MessageId
from ..wire.shapes import member, things

DIRECTIONS: Final[dict[str, str]] = {
    "up": "DirectionUp",
    "down": "DirectionDown",
    "left": "DirectionLeft",
    "right": "DirectionRight",
    "up_left": "DirectionLeftUp",
    "up_right": "DirectionRightUp",
    "down_left": "DirectionLeftDown",
    "down_right": "DirectionRightDown",
    "zoom_in": "ZoomTile",
    "zoom_out": "ZoomWide",
    "focus_near": "FocusNear",
    "focus_far": "FocusFar",
    "iris_open": "IrisLarge",
    "iris_close": "IrisSmall",
}
_STORED = "Uart.PTZPreset"
_TOURS = "Uart.PTZTour"
_START = 65535
_STOP = -1
_NONE = -1  # as python-dvr has it where no position is meant
_TIMEOUT_S = 3.0
_SHORTEST_S = 0.5  # that the answer to a start is waited for
_PAUSE_S = 0.1  # devices lose commands that follow faster
_LONGEST_S = 60
_PARAMETER: Final[dict[str, Json]] = {
    "AUX": {"Number": 0, "Status": "On"},
    "MenuOpts": "Enter",
    "POINT": {"bottom": 0, "left": 0, "right": 0, "top": 0},
    "Pattern": "SetBegin",
    "Tour": 0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A stored position; cheap cameras give it no name, and forget it with a restart."""

    number: int
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """A way from stored position to stored position: of each its number and the seconds there."""

    number: int
    name: str = ""
    stops: tuple[tuple[int, int], ...] = ()


class Ptz:
    """Moves the camera of a channel (from 0). Devices agree to any command, also without a motor."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._turn = asyncio.Lock()
        self._next_at = 0.0
        self._stops = 0

    async def start(self, direction: str, *, channel: int = 0, speed: int = 5) -> None:
        """Begin to move; it ends with `stop`. Speed from 1 to 8."""
        await self._start(direction, channel, speed)

    async def stop(self, direction: str = "up", *, channel: int = 0) -> None:
        """End any movement of the channel; asked again when the device does not answer."""
        command = self._command(direction)
        self._stops += 1  # what is stopped is not started again
        try:
            await self._send(command, channel, preset=_STOP)
        except RequestTimeoutError:
            await self._send(command, channel, preset=_STOP)

    async def move(
        self,
        direction: str,
        *,
        channel: int = 0,
        speed: int = 5,
        duration_s: float = 0.5,
        again_s: float | None = None,
    ) -> None:
        """Move for a time, then stop: also when this is cancelled or fails meanwhile.

        With `again_s` the start is sent again so often: drives that stop by themselves go on (a client of a
        Sunba 405-D20X sends it every 0.2 s).
        """
        if not 0 < duration_s <= _LONGEST_S:
            raise UsageError(
                f"{self._connection.where}: a movement takes up to {_LONGEST_S} s, not {duration_s}"
            )
        if again_s is not None and not again_s >= _PAUSE_S:
            raise UsageError(
                f"{self._connection.where}: a start is sent again after {_PAUSE_S} s at the earliest, "
                f"not {again_s}"
            )
        clock = asyncio.get_running_loop().time
        until = clock() + duration_s
        moves, stops = False, self._stops
        try:
            try:
                await self._start(direction, channel, speed, patience_s=max(duration_s, _SHORTEST_S))
                until = clock() + duration_s
            except RequestTimeoutError:
                pass  # it may move, and must not longer than it is to; the stop tells whether it listens
            moves = True
            while (left := until - clock()) > (again_s or inf):
                await asyncio.sleep(again_s or left)
                if self._stops != stops:
                    break
                with suppress(RequestTimeoutError):
                    await self._start(direction, channel, speed, patience_s=max(until - clock(), _PAUSE_S))
            await asyncio.sleep(max(0.0, until - clock()))
        except BaseException as error:
            if moves or not isinstance(error, (RequestError, UsageError)):  # a refused start moves nothing
                with suppress(DvripError):
                    await to_its_end(self.stop(direction, channel=channel))
            raise
        await to_its_end(self.stop(direction, channel=channel))

    async def presets(self, *, channel: int = 0) -> tuple[Preset, ...]:
        """The positions that the device says it has, by number. UnsupportedError when it does not tell.

        That one is listed does not mean that the camera moves to it.
        """
        return await self._stored(_STORED, channel, _read_presets)

    async def tours(self, *, channel: int = 0) -> tuple[Tour, ...]:
        """The tours that the device says it has, by number. UnsupportedError when it does not tell."""
        return await self._stored(_TOURS, channel, _read_tours)

    async def start_tour(self, number: int = 1, *, channel: int = 0) -> None:
        """Go from position to position of a tour, 0 to 255, until `stop_tour`.

        Source: the vendor's demo program for phones, and python-dvr.
        """
        await self._tour("StartTour", number, channel)

    async def stop_tour(self, number: int = 1, *, channel: int = 0) -> None:
        """End a tour."""
        await self._tour("StopTour", number, channel)

    async def add_stop(self, tour: int, preset: int, *, seconds: int = 5, channel: int = 0) -> None:
        """Put a stored position at the end of a tour, both 0 to 255; cameras take at least 3 s."""
        self._check("preset", preset)
        await self._tour("AddTour", tour, channel, preset=preset, step=seconds, PresetIndex=-1)

    async def remove_stop(self, tour: int, preset: int, *, channel: int = 0) -> None:
        """Take a stored position out of a tour."""
        self._check("preset", preset)
        await self._tour("DeleteTour", tour, channel, preset=preset)

    async def clear_tour(self, number: int, *, channel: int = 0) -> None:
        """Take every position out of a tour."""
        await self._tour("ClearTour", number, channel)

    async def auxiliary(self, number: int, *, on: bool, channel: int = 0) -> None:
        """Switch an output of the drive, 0 to 255: a wiper, a lamp, whatever is connected there.

        Firmware takes a command that it does not know for the last one of its table, which resets the drive:
        the name is that of the vendor's own table.
        """
        self._check("output", number)
        aux: Json = {"Number": number, "Status": "On" if on else "Off"}
        await self._send("Aux", channel, preset=_NONE, AUX=aux)

    async def goto_preset(self, number: int, *, channel: int = 0) -> None:
        """Move to a stored position, 0 to 255."""
        await self._preset("GotoPreset", number, channel)

    async def set_preset(self, number: int, *, channel: int = 0) -> None:
        """Store the present position, as 0 to 255."""
        await self._preset("SetPreset", number, channel)

    async def clear_preset(self, number: int, *, channel: int = 0) -> None:
        """Forget a stored position, 0 to 255."""
        await self._preset("ClearPreset", number, channel)

    async def _start(
        self, direction: str, channel: int, speed: int, *, patience_s: float = _TIMEOUT_S
    ) -> None:
        command = self._command(direction)
        if not 1 <= speed <= 8:
            raise UsageError(f"{self._connection.where}: speed {speed} is not possible, it is from 1 to 8")
        await self._send(command, channel, preset=_START, step=speed, patience_s=patience_s)

    async def _stored[T](
        self, stored: str, channel: int, read: Callable[[Json], tuple[T, ...]]
    ) -> tuple[T, ...]:
        """What the device has stored for a channel under a name, as `read` finds it there."""
        refused: UnsupportedError | None = None
        answered = False
        # The last form asks the camera behind a recorder's channel.
        for name in (f"{stored}.[{channel}]", stored, f"bypass@{stored}.[{channel}]"):
            if answered and name == stored:
                continue
            try:
                reply = await self._connection.request(MessageId.CONFIG_GET, name)
            except UnsupportedError as error:
                refused = refused or error
                continue
            answered = True
            told = member(reply.body, name)
            if name == stored and isinstance(told, list):
                told = told[channel] if channel < len(told) else None
            if found := read(told):
                return found
        if not answered and refused is not None:
            raise refused
        return ()

    async def _preset(self, command: str, number: int, channel: int) -> None:
        self._check("preset", number)
        await self._send(command, channel, preset=number)

    async def _tour(
        self, command: str, number: int, channel: int, *, preset: int = _NONE, step: int = 5, **more: Json
    ) -> None:
        self._check("tour", number)
        await self._send(command, channel, preset=preset, step=step, Tour=number, **more)

    def _check(self, what: str, number: int) -> None:
        if not 0 <= number <= 255:
            raise UsageError(
                f"{self._connection.where}: {what} {number} is not possible, it is from 0 to 255"
            )

    def _command(self, direction: str) -> str:
        if direction not in DIRECTIONS:
            raise UsageError(
                f"{self._connection.where}: no direction {direction!r}, it is one of {', '.join(DIRECTIONS)}"
            )
        return DIRECTIONS[direction]

    async def _send(
        self,
        command: str,
        channel: int,
        *,
        preset: int,
        step: int = 5,
        patience_s: float = _TIMEOUT_S,
        **more: Json,
    ) -> None:
        if channel < 0:
            raise UsageError(f"{self._connection.where}: there is no channel {channel + 1}")
        parameter: dict[str, Json] = {
            **_PARAMETER,
            "Channel": channel,
            "Preset": preset,
            "Step": step,
            **more,
        }
        clock = asyncio.get_running_loop().time
        async with self._turn:
            await asyncio.sleep(max(0.0, self._next_at - clock()))
            try:
                # Optional: without an answer the connection must live on, to carry the stop.
                await self._connection.request(
                    MessageId.PTZ,
                    "OPPTZControl",
                    {"Command": command, "Parameter": parameter},
                    timeout_s=min(_TIMEOUT_S, patience_s, self._connection.timeout_s),
                    optional=True,
                )
            finally:
                self._next_at = clock() + _PAUSE_S


def _each(told: Json) -> list[dict[str, Json]]:
    """Things of a list, or of a list in a list, as a recorder hands on a camera's; a number is its Id."""
    return [item if isinstance(item, dict) else {"Id": item} for item in things(told, "Id")]


def _name(stored: dict[str, Json], *keys: str) -> str:
    return next((name for key in keys if (name := plain_text(member(stored, key)).strip())), "")


def _read_presets(told: Json) -> tuple[Preset, ...]:
    found: dict[int, Preset] = {}
    for stored in _each(told):
        place = loose_number(member(stored, "Id"))
        if place is not None and place >= 0:
            found.setdefault(place, Preset(number=place, name=_name(stored, "PresetName", "Name")))
    return tuple(found[place] for place in sorted(found))


def _read_tours(told: Json) -> tuple[Tour, ...]:
    found: dict[int, Tour] = {}
    for stored in _each(told):
        place = loose_number(member(stored, "Id"))
        if place is None or place < 0:
            continue
        stops = tuple(
            (preset, loose_number(member(stop, "Time")) or 0)
            for stop in _each(member(stored, "Tour"))
            if (preset := loose_number(member(stop, "Id"))) is not None
        )
        found.setdefault(place, Tour(number=place, name=_name(stored, "Name"), stops=stops))
    return tuple(found[place] for place in sorted(found))
