"""Relay outputs: followed by events, or held on or off. And the siren of a camera."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from ..connection import Connection
from ..errors import UnsupportedError
from ..values import Json, plain_text
from ..wire.ids import MessageId
from ..wire.shapes import member, members, things
from .settings import Applied, Settings

_NAME: Final = "Alarm.AlarmOut"
_KIND: Final = "AlarmOutType"
_IDLE: Final = "OPEN"
_AROUND: Final = " \0"
_REMOTE: Final = "OPRemoteCtrl"


class OutputMode(Enum):
    """Who decides about a relay."""

    AUTO = "AUTO"  # the events that are linked to it
    ON = "MANUAL"
    OFF = "CLOSE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A relay output, counted from 0. `mode` is None for one that only this firmware knows."""

    number: int
    mode: OutputMode | None
    energised: bool


class Outputs:
    """Reads and switches the relay outputs."""

    def __init__(self, connection: Connection, settings: Settings) -> None:
        self._connection = connection
        self._settings = settings

    async def list(self) -> tuple[Output, ...]:
        """Every output. UnsupportedError when the device has none."""
        entries = things(await self._settings.get(_NAME), _KIND)
        outputs = [_read(number, entry) for number, entry in enumerate(entries) if entry is not None]
        if not outputs:
            raise UnsupportedError(
                f"{self._connection.where}: {_NAME}: this device has no outputs", name=_NAME
            )
        return tuple(outputs)

    async def switch(self, number: int, mode: OutputMode) -> Applied:
        """Set who decides about one output; the others stay. UsageError for an output that is not there."""
        _, applied = await self._settings.ensure(_NAME, {"AlarmOutType": mode.value}, channel=number)
        return applied or Applied()

    async def siren(self, *, on: bool) -> None:
        """Sound the alarm of a camera, with its lamp where it has one, or end that. It tells no state.

        Cameras with one say so in `system.functions()`: "AlarmFunction", ManuIntellAlertAlarm or
        OneKeyManulAlarm. Source: the vendor's program for phones and its cloud interface.
        """
        wish: Json = {
            "Type": "ManuIntelAlarm",
            "msg": f"0x{int(on):08x}",
            "P1": "0x00000000",
            "P2": "0x00000000",
        }
        # Optional: what has no siren may keep silent, and must not lose the session for it.
        await self._connection.request(MessageId.REMOTE_CONTROL, _REMOTE, wish, optional=True)


def _read(number: int, entry: Json) -> Output:
    told = members(entry)
    kind, status = (plain_text(member(told, name)).strip(_AROUND) for name in (_KIND, "AlarmOutStatus"))
    return Output(
        number=number,
        mode=next((mode for mode in OutputMode if mode.value == kind.upper()), None),
        energised=status.upper() not in ("", _IDLE),
    )
