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
    *("10Plus", "Up", "Down", "Left", "Right", "Shift", "PageUp", "PageDown", "Enter", "Esc", "Func", "Play"),
    *("Back", "Stop", "Fast", "Slow", "Next", "Prev", "Record", "Search", "Info", "Alarm", "Address"),
    *("Backup", "SPLIT", "SPLIT1", "SPLIT4", "SPLIT8", "SPLIT9", "SPLIT16", "SPLIT25", "SPLIT32", "ShutDown"),
    *("Menu", "PTZ", "ZoomTele", "ZoomWide", "IrisSmall", "IrisLarge", "FocusNear", "FocusFar", "Brush"),
    *("Light", "Preset", "GotoPreset", "DelPrest", "Pattern", "AutoScan", "AutoTour", "AutoPan"),
)
"""Names of the keys, those of the vendor's own table. Devices take another for the last of them."""

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
