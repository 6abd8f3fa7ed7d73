"""Keys of a recorder's front panel, pressed from afar: they move through its own menu on its own screen."""

from __future__ import annotations

import asyncio
from typing import Final

from ...connection import Connection
from ...connection.to_its_end import to_its_end
from ...errors import UsageError
from ...wire.ids import MessageId

KEYS: Final = (
    *(str(digit) for digit in range(17)),
    *(
        "10PLUS",
        "DIGIT",
        "Up",
        "Down",
        "Left",
        "Right",
        "Shift",
        "PgUp",
        "PgDn",
        "Ret",
        "Esc",
        "Func",
        "Play",
    ),
    *("Back", "Stop", "Fast", "Slow", "Next", "Prev", "Pause", "Rec", "Search", "Info", "Alarm", "Addr"),
    *("Backup", "Split", "Split1", "Split4", "Split8", "Split9", "Split16", "Shut", "Menu", "Ptz", "Tele"),
    *("Wide", "IrisSmall", "IrisLarge", "FocusNear", "FocusFar", "Brush", "Light", "SPreset", "GPreset"),
    *("DPreset", "Pattern", "AutoScan", "AutoTour", "AutoPan"),
)
"""Names of the keys. Certain are the digits, the arrows, Menu, Info, Esc, Func and Shift."""

_NAME: Final = "OPNetKeyboard"
_LONGEST_S: Final = 30.0
_KEYS = {key.casefold(): key for key in KEYS}


class Keyboard:
    """Presses keys."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def press(self, key: str, *, hold_s: float = 0.0) -> None:
        """Press a key of KEYS and let it go, also when this is cancelled meanwhile."""
        known = _KEYS.get(key.casefold())
        if known is None:
            raise UsageError(f"{self._connection.where}: no key {key!r}, it is one of {', '.join(KEYS)}")
        if not 0 <= hold_s <= _LONGEST_S:
            raise UsageError(f"{self._connection.where}: a key is held up to {_LONGEST_S:g} s, not {hold_s}")
        await self._send(known, "KeyDown")
        try:
            await asyncio.sleep(hold_s)
        except BaseException:
            await to_its_end(self._send(known, "KeyUp"))
            raise
        await self._send(known, "KeyUp")

    async def _send(self, key: str, status: str) -> None:
        await self._connection.request(MessageId.NET_KEYBOARD, _NAME, {"Status": status, "Value": key})
