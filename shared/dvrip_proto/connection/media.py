"""The connections for media beside a control connection: opened for what they carry, claimed for it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final, Self

from ..errors import RequestTimeoutError
from ..values import Json
from ..wire.framer import MediaSink
from .budget import Slot
from .control import Connection
from .dialled import CalledBack, called_back

CLAIM_S: Final = 5.0


class MediaConnection(Connection):
    """A connection that carries media of another one's session; made by `beside`, ended by `close`."""

    slot: Slot | None = None
    _called_back: CalledBack | None = None

    @classmethod
    async def beside(cls, control: Connection, sink: MediaSink, *, what: str, timeout_s: float) -> Self:
        """A connection of the budget for `what`: media of the session of `control`, once they are claimed."""
        await control.be_sure()
        slot = await control.budget.take(what)
        host, number = control.host, control.session_id
        media = cls(host, control.port, timeout_s=timeout_s, session_id=number, media_sink=sink)
        media.slot, media._reached = slot, control.peer
        media.on_close(lambda _error: slot.release())
        if control.expect is not None:
            media._called_back = partial(called_back, control, media, control.expect)
            return media
        await slot.kept(media._connect())
        coding, version = control.speech
        media.speak(coding, version=version)
        return media

    async def claim(
        self,
        message_id: int,
        name: str,
        value: Mapping[str, Json],
        *,
        extra: Mapping[str, Json] | None = None,
    ) -> bool:
        """Bind this media connection to what `value` names; a device that dialled in opens it for that.

        Whether the device said so: there are clients that start without its word (a viewer of Provision
        recorders), or read it behind the start's (GrowCam), and theirs are the devices that make it so.
        """
        if self._called_back is not None:
            await self._called_back(message_id, name, value)
            return True
        asked = self._claimed(message_id, name, dict(value), extra)
        return await (asked if self.slot is None else self.slot.kept(asked, told=True))

    async def _claimed(
        self, message_id: int, name: str, value: dict[str, Json], extra: Mapping[str, Json] | None
    ) -> bool:
        patience_s = min(CLAIM_S, self.timeout_s / 2)
        try:
            await self.request(message_id, name, value, extra=extra, timeout_s=patience_s, optional=True)
        except RequestTimeoutError:
            if self.closed or self._session.framer.mid_message:  # an answer that began and never ends
                raise
            return False
        return True

    def pause_reading(self) -> None:
        """Take no more bytes from the device: its own buffers fill up, then it waits or drops."""
        if not self.closed:
            self._link.pause_reading()

    def resume_reading(self) -> None:
        """Take bytes again."""
        if not self.closed:
            self._link.resume_reading()
