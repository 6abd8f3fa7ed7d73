"""Battery cameras: how full they are, told by themselves while somebody asks.

From the vendor's library and one client of such a camera. Under which number a device pushes is not known: to
those of the request is listened, and to those that the vendor's header (MsgDef.h) keeps for what is uploaded.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from ...connection import Connection, Reply
from ...connection.inbox import Inbox
from ...connection.to_its_end import to_its_end
from ...errors import DvripError, RequestTimeoutError
from ...values import Json, number
from ...wire.ids import MessageId

_NAME: Final = "OPTUpData"
_STATE: Final = "Dev.ElectCapacity"
_WISH: Final[Mapping[str, Json]] = {"UpLoadDataType": 5}
_STOP_S: Final = 2.0
_FULL: Final = 100
_KEPT: Final = 100
_PUSHES: Final = range(MessageId.UPLOAD_START, 1630)


class Charging(Enum):
    """What a battery does."""

    NO = 0
    YES = 1
    FULL = 2
    UNKNOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryState:
    """How full a battery is in per cent, None when it is not told, or the camera lives on a cable."""

    percent: int | None
    charging: Charging
    has_card: bool | None
    raw: Mapping[str, Json] = field(repr=False)


class BatteryReports:
    """States as they come, as an async iterator for one reader; the oldest are lost beyond a hundred."""

    def __init__(self, connection: Connection) -> None:
        self._states: Inbox[BatteryState] = Inbox(_KEPT)
        self._forget = [
            *(connection.on_push(message_id, self._take) for message_id in _PUSHES),
            connection.on_close(self._states.end),
        ]

    def __aiter__(self) -> BatteryReports:
        return self

    async def __anext__(self) -> BatteryState:
        return await anext(self._states)

    def _take(self, message: Reply) -> None:
        state = read_state(message.body)
        if state is not None:
            self._states.put(state)

    def _end(self) -> None:
        for forget in self._forget:
            forget()
        self._states.end()


class Battery:
    """Asks a battery camera for its state."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @asynccontextmanager
    async def reports(self) -> AsyncIterator[BatteryReports]:
        """States in the block, as often as the camera tells them; cameras without a battery tell none."""
        reports = BatteryReports(self._connection)
        try:
            reply = await self._connection.request(MessageId.UPLOAD_START, _NAME, _WISH)
            reports._take(reply)  # noqa: SLF001 - its own module
            yield reports
        finally:
            reports._end()  # noqa: SLF001 - its own module
            await to_its_end(self._stop())

    async def state(self, *, timeout_s: float | None = None) -> BatteryState:
        """The first report. RequestTimeoutError from what has no battery; the connection stays."""
        limit = self._connection.timeout_s if timeout_s is None else timeout_s
        async with self.reports() as reports:
            try:
                async with asyncio.timeout(limit):
                    return await anext(reports)
            except TimeoutError:
                where = self._connection.where
                raise RequestTimeoutError(
                    f"{where}: {_STATE}: the device told nothing of a battery within {limit:g} s"
                ) from None

    async def _stop(self) -> None:
        if self._connection.closed:
            return
        with suppress(DvripError):  # the next request says what is wrong; reports that go on harm nobody
            await self._connection.request(
                MessageId.UPLOAD_STOP, _NAME, _WISH, timeout_s=_STOP_S, optional=True
            )


def read_state(body: Mapping[str, Json]) -> BatteryState | None:
    """State of a push; None for what is none."""
    raw = body.get(_STATE)
    if not isinstance(raw, dict):
        return None
    percent = number(raw.get("percent"))
    charging, card = number(raw.get("electable")), number(raw.get("devStorageStatus"))
    return BatteryState(
        percent=percent if percent is not None and 0 <= percent <= _FULL else None,
        charging=Charging(charging) if charging in (0, 1, 2) else Charging.UNKNOWN,
        has_card=None if card is None or not -1 <= card <= 2 else card > 0,
        raw=raw,
    )
