"""What a viewer gets from PLAY on: its units as RTP packets, and the sender reports that go with them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Final

from .hub import Hub
from .rtp import LARGE, SMALL, RtpTrack
from .viewer import Viewer

_REPORT_S: Final = 2.0
_LEAD_S: Final = 0.25  # AAC begins one and a bit of its frames before the pictures it belongs to


class Playing:
    """Sends from now on, and calls `ended`, with the error if there is one, when that ends by itself.

    `complete`: the past comes as it was; else squeezed, and in small packets.
    """

    def __init__(
        self,
        hub: Hub,
        viewer: Viewer,
        tracks: Iterable[RtpTrack],
        writer: asyncio.StreamWriter,
        *,
        complete: bool,
        ended: Callable[[BaseException | None], None],
    ) -> None:
        self._tracks = {track.track: track for track in tracks}
        self._writer = writer
        self._on_end = ended
        hub.play(viewer, frozenset(self._tracks), squeezed=not complete)
        first_s = viewer.first_time_s()
        self._wall_s = time.time() - hub.now_s
        self._write_reports((hub.now_s if first_s is None else first_s) - _LEAD_S)
        self._tasks = (
            asyncio.create_task(self._send(viewer, LARGE if complete else SMALL)),
            asyncio.create_task(self._report(hub)),
        )
        for task in self._tasks:
            task.add_done_callback(self._ended)

    def stop(self) -> None:
        """Send nothing more."""
        for task in self._tasks:
            task.cancel()

    async def over(self) -> None:
        """Wait until nothing is sent any more."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _send(self, viewer: Viewer, limit: int) -> None:
        async for unit in viewer:
            self._writer.writelines(self._tracks[unit.track].packets(unit, limit))
            await self._writer.drain()

    async def _report(self, hub: Hub) -> None:
        while True:
            await asyncio.sleep(_REPORT_S)
            self._write_reports(hub.now_s)

    def _write_reports(self, time_s: float) -> None:
        reports = [track.report(time_s, time_s + self._wall_s) for track in self._tracks.values()]
        self._writer.write(b"".join(reports))

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled():
            self._on_end(task.exception())
