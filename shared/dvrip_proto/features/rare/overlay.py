"""Titles and texts in a device's pictures, drawn by its own font, or as bitmaps where it has no letters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ...connection import Connection
from ...errors import UsageError
from ...wire.bitmap import Bitmap
from ...wire.ids import MessageId
from ...wire.ret import check

_NAME: Final = "OPSetOSDInfo"
_CHANNELS: Final = range(256)
_PLACES: Final = range(2)
_SCALE: Final = range(1001)
_TEXT_MAX: Final = 64


class Overlay:
    """Draws into the pictures of channels, which count from 0."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def draw_title(self, rows: Iterable[Iterable[object]], *, channel: int = 0) -> None:
        """Show points, row by row, in the place of a channel's title, until it is set anew.

        Devices with bitmaps in their pictures show this, not the text of ChannelTitle. Certain for channel 0;
        that others are named in the message's header is how the vendor's page does it.
        """
        await self._draw(MessageId.CHANNEL_TITLE_DOTS_SET, rows, channel)

    async def draw_text(self, rows: Iterable[Iterable[object]], *, channel: int = 0) -> None:
        """Show points, row by row, in the place of fVideo.OSDInfo; several lines are one bitmap.

        Weak: as the vendor's page does it. Real cameras agree.
        """
        await self._draw(MessageId.OSD_DOTS_SET, rows, channel)

    async def set_text(
        self, text: str, *, channel: int = 0, place: int = 0, x: int = 500, y: int = 300
    ) -> None:
        """Show up to 64 characters at x, y of 0 to 1000; a channel has the places 0 and 1, "" clears one.

        It is not stored: what shall outlast a restart is `settings.ensure("fVideo.OSDInfo")`. Weak: from the
        vendor's library. UnsupportedError from most devices.
        """
        self._check(channel)
        where = self._connection.where
        if place not in _PLACES or x not in _SCALE or y not in _SCALE:
            raise UsageError(
                f"{where}: {_NAME}: place {place} at {x}, {y}: places are 0 and 1, up to 1000, 1000"
            )
        if len(text) > _TEXT_MAX or not all(character.isprintable() for character in text):
            raise UsageError(f"{where}: {_NAME}: a text has up to {_TEXT_MAX} printable characters")
        wish = {"Channel": channel, "Index": place, "String": text, "xPosition": x, "yPosition": y}
        await self._connection.request(MessageId.OSD_SET, _NAME, wish)

    async def _draw(self, message_id: int, rows: Iterable[Iterable[object]], channel: int) -> None:
        self._check(channel)
        body = Bitmap.of(rows).pack()
        reply = await self._connection.request_raw(message_id, body, channel=channel)
        check(reply.ret, where=self._connection.where, message_id=message_id)

    def _check(self, channel: int) -> None:
        if channel not in _CHANNELS:
            raise UsageError(f"{self._connection.where}: there is no channel {channel + 1}")
