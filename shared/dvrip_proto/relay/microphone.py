"""What a viewer says on its RTSP connection (ONVIF Streaming Specification, 5.3): RTP becomes a talk."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from ..errors import DvripError, RequestError
from ..media import g711
from . import rtp
from .message import RefusedError, status_of
from .talkback import Talkback

_LOGGER = logging.getLogger(__name__)

_TALK_OPEN: Final = 503  # Ret of a device to which somebody else talks
_REASONS: Final[Mapping[int, str]] = {
    453: "Somebody Else Is Talking",
    415: "The Device Cannot Be Talked To",
    503: "The Device Opens No Talk",
}


class Microphone:
    """One viewer's way back to the device. It is the talker that `talkback` knows."""

    def __init__(self, talkback: Talkback, *, open_s: float) -> None:
        self._open_s = open_s
        self._talkback = talkback
        self.channel: int | None = None  # of its packets, once it is set up

    async def set_up(self, channel: int) -> None:
        """Open the talk; the sound comes on `channel`. RefusedError says why there is none."""
        try:
            await self._talkback.begin(self, self._open_s)
        except DvripError as error:
            _LOGGER.warning("no talk for a viewer: %s", error)
            busy = isinstance(error, RequestError) and error.ret == _TALK_OPEN
            status = 453 if busy else status_of(error)
            raise RefusedError(status, reason=_REASONS[status]) from error
        self.channel = channel

    @property
    def closed(self) -> bool:
        """Whether the relay serves the device no more."""
        return self._talkback.closed

    def hear(self, channel: int, packet: bytes) -> bool:
        """Say a packet if it is sound; False for reports and everything else."""
        found = rtp.received(packet) if channel == self.channel else None
        sound = g711.as_pcma(*found) if found is not None else b""
        if sound:
            self._talkback.say(self, sound)
        return bool(sound)

    def leave(self) -> None:
        """Let others talk."""
        self._talkback.leave(self)
