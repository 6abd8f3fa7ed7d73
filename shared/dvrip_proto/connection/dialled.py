"""Media of a device that dialled in: it is asked, opens the connection, and claims it (vendor's paper).

1. "Request" goes out on the control connection; the device agrees, and dials once more.
2. On the new connection the device sends the claim, and we agree.
3. The rest is as with any device: start on the control connection, media on the new one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..errors import DvripError, RequestTimeoutError, TransportError
from ..values import Json
from ..wire.ids import MessageId

if TYPE_CHECKING:
    from .control import Connection

CONTROL_IDS: Final[Mapping[int, int]] = {
    MessageId.MONITOR_CLAIM: MessageId.MONITOR,
    MessageId.PLAYBACK_CLAIM: MessageId.PLAYBACK,
    MessageId.TALK_CLAIM: MessageId.TALK,
}
"""Claim -> the message that asks a device for one, and starts what was claimed."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Awaited:
    """A media connection that a device was asked for, and what it will claim there."""

    media: Connection
    claim_id: int
    value: Mapping[str, Json]
    come: asyncio.Future[None]

    def is_meant_by(self, told: Json) -> bool:
        """Whether a device's claim can be this one: what both name is equal."""
        return isinstance(told, Mapping) and _agree(self.value, told)

    def take(self, transport: asyncio.Transport) -> None:
        """Be the connection that the device opened."""
        self.media.adopt(transport)
        if not self.come.done():
            self.come.set_result(None)


type Expect = Callable[[Awaited], Callable[[], None]]
"""Has a server hand the connection over when the device dials; gives what ends that."""

type CalledBack = Callable[[int, str, Mapping[str, Json]], Awaitable[None]]
"""Has a device dial and claim: message id of the claim, its name and value."""


async def called_back(
    lead: Connection, media: Connection, expect: Expect, claim_id: int, name: str, value: Mapping[str, Json]
) -> None:
    """Have a device dial and claim `media`. RequestTimeoutError when it agrees and does not come."""
    come: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def lost(error: DvripError | None) -> None:
        if not come.done():
            come.set_exception(error or TransportError(f"{lead.where}: the connection was closed"))
            come.exception()  # seen: the request may have failed of the same

    forget = (
        expect(Awaited(media=media, claim_id=claim_id, value=value, come=come)),
        lead.on_close(lost),
    )
    try:
        await lead.request(
            CONTROL_IDS[claim_id], name, {**value, "Action": "Request"}, timeout_s=media.timeout_s
        )
        await asyncio.wait([come], timeout=media.timeout_s)
        if not come.done():
            raise RequestTimeoutError(
                f"{lead.where}: {name}: the device agreed, and opened no connection for it "
                f"within {media.timeout_s:g} s"
            )
        come.result()
    finally:
        for end in forget:
            end()


def _agree(asked: Json, told: Json) -> bool:
    if isinstance(asked, Mapping) and isinstance(told, Mapping):
        return all(_agree(asked[key], told[key]) for key in asked.keys() & told.keys() - {"Action"})
    return bool(asked == told)
