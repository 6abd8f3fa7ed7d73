"""Media frames cut into messages as devices cut them: at most 8192 bytes, a new frame in a new message."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from ..wire.framer import pack
from ..wire.ids import MessageId
from ..wire.media import FrameKind, MediaFrame, pack_frame
from .clips.clip import AUDIO_RATE, Clip, ClipFrame

_SPLIT: Final = 5  # a cut inside the shortest frame header
_MERGE_BELOW: Final = 8192


class Packer:
    """Turns the packed frames of one stream into messages; `sequence` counts the messages of its socket."""

    def __init__(
        self,
        *,
        session: int,
        channel: int,
        size: int,
        merge: bool,
        split: bool,
        message_id: int = MessageId.MONITOR_DATA,
    ) -> None:
        self._message_id = message_id
        self._session = session
        self._channel = channel
        self._size = size
        self._merge = merge
        self._split = split
        self._waiting = b""

    def pack(self, frame: bytes, sequence: int) -> list[bytes]:
        """The messages this frame completes, numbered from `sequence`."""
        data = self._waiting + frame
        if self._merge and len(data) < _MERGE_BELOW:
            self._waiting = data
            return []
        self._waiting = b""
        return [
            pack(
                self._message_id,
                body,
                session=self._session,
                sequence=(sequence + number) & 0xFFFFFFFF,
                channel=self._channel,
                version=1,
            )
            for number, body in enumerate(self._bodies(data))
        ]

    def _bodies(self, data: bytes) -> list[bytes]:
        size = self._size or len(data)
        start = _SPLIT if self._split else 0
        bodies = [data[:start]] if start else []
        return bodies + [data[offset : offset + size] for offset in range(start, len(data), size)]


def pack_unit(clip: Clip, unit: ClipFrame | bytes, channel: int, time: datetime) -> bytes:
    """A frame of a clip, or a block of its sound, as the wire has it; key frames carry the time."""
    if isinstance(unit, bytes):
        sound = MediaFrame(
            kind=FrameKind.AUDIO, payload=unit, codec="pcma", sample_rate=AUDIO_RATE, channel=channel
        )
        return pack_frame(sound)
    if not unit.keyframe:
        return pack_frame(MediaFrame(kind=FrameKind.P, payload=unit.payload))
    return pack_frame(
        MediaFrame(
            kind=FrameKind.I,
            payload=unit.payload,
            codec=clip.codec,
            width=clip.width,
            height=clip.height,
            fps=clip.fps,
            time=time,
        )
    )
