"""A byte stream cut into DVRIP messages.

1. A caller either feeds bytes, or reads straight into the framer's own buffer (`get_buffer`, `commit`).
2. However the stream is split, the messages are the same.
3. Messages before broken bytes are returned; the ProtocolError is in `error` and raised by the next call.
4. With a media sink, media messages go to it together and are not returned: valid during the call only.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from struct import Struct
from typing import Final

from ..errors import ProtocolError, UsageError
from .header import HEAD, HEADER, HEADER_SIZE, MAX_BODY, Header, not_dvrip
from .ids import MEDIA_IDS, MessageId, is_divided, label

# 31 media messages of the 8 KiB that devices send; larger reads measured slower (bench: ingest_8k).
_MEDIA_CAPACITY: Final = 256 * 1024
_CONTROL_CAPACITY: Final = 16 * 1024  # most replies fit; zeroing more costs as much as a login
_FRAGMENT_COST: Final = 300  # bytes a held fragment takes beside its body
_TRAILERS: Final = b"\r\n\0"
_UNCOUNTED_MAX: Final = 4
_MONITOR_DATA: Final = MessageId.MONITOR_DATA.value
_BESIDE_MONITOR: Final = frozenset({1411, 1413, 1414, 1415})
_FRAME_BEGIN: Final = b"\0\0\1"
_FRAME_KINDS: Final = 0xF0
_BEGUN_MAX: Final = 4  # messages of one id whose fragments may be mixed
_MEDIA_HEADER: Final = Struct("<B11xBBHI")  # of the header, only what media needs: twice as fast as all of it

type MediaMessage = tuple[int, int, int, memoryview]
"""Message id, channel, end flag and body of one media message."""

type MediaSink = Callable[[list[MediaMessage]], None]
"""Takes the media messages of one read, in their order."""

type Tap = Callable[[str, int, bytes], None]
"""Hears ">" or "<", id and body of every message but media, in clear."""


def untapped(_way: str, _message_id: int, _body: bytes, /) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message: its header and its whole body, fragments joined."""

    header: Header
    body: bytes = field(repr=False)

    @property
    def message_id(self) -> int:
        """The header's message id."""
        return self.header.message_id


def pack(
    message_id: int,
    body: bytes = b"",
    *,
    session: int = 0,
    sequence: int = 0,
    channel: int = 0,
    end: int = 0,
    version: int = 0,
) -> bytes:
    """The bytes of one message; numbers that do not fit are a UsageError."""
    try:
        header = HEADER.pack(HEAD, version, 0, 0, session, sequence, channel, end, message_id, len(body))
    except struct.error as error:
        raise UsageError(f"message {message_id} does not fit a header: {error}") from error
    return header + body


class Framer:
    """Cuts one direction of a connection into messages."""

    def __init__(self, media_sink: MediaSink | None = None) -> None:
        self.error: ProtocolError | None = None
        self._media_sink = media_sink
        self._capacity = _CONTROL_CAPACITY if media_sink is None else _MEDIA_CAPACITY
        self._least_free = self._capacity // 4
        self._buffer = bytearray(self._capacity)
        self._view = memoryview(self._buffer)
        self._start = 0
        self._end = 0
        self._begun: dict[int, list[list[Frame]]] = {}
        self._held_size = 0
        self._misnamed: set[int] = set()
        self._uncounted = _UNCOUNTED_MAX  # nothing may stand before the first message

    @property
    def mid_message(self) -> bool:
        """Whether the stream stands inside a message: an end of file here cuts it off."""
        return self._end > self._start or bool(self._begun)

    def feed(self, data: bytes | bytearray | memoryview) -> list[Frame]:
        """The messages that `data` completes."""
        rest = memoryview(data)
        frames: list[Frame] = []
        while True:
            room = self.get_buffer()
            size = min(len(room), len(rest))
            room[:size] = rest[:size]
            rest = rest[size:]
            try:
                frames += self.commit(size)
            except ProtocolError:
                if not frames:
                    raise
            if self.error is not None or not rest:
                return frames

    def get_buffer(self) -> memoryview:
        """Where the next bytes of the stream belong; never empty."""
        start, kept = self._start, self._end - self._start
        if start:
            self._view[:kept] = self._view[start : self._end]
            self._start, self._end = 0, kept
        # The buffer grows with the bytes that came, not with the length that a header promises.
        if len(self._buffer) - kept < self._least_free:
            self._replace_buffer(min(2 * len(self._buffer), self._capacity + HEADER_SIZE + MAX_BODY))
        elif kept < self._least_free and len(self._buffer) > self._capacity:
            self._replace_buffer(self._capacity)
        return self._view[kept:]

    def release(self) -> None:
        """Give the buffer back: the stream is over, but this may live until a collector comes."""
        self._start = self._end = 0
        self._replace_buffer(HEADER_SIZE)

    def commit(self, size: int) -> list[Frame]:
        """The messages that the `size` bytes just put into the buffer complete."""
        if self.error is not None:
            raise self.error
        self._end += size
        frames: list[Frame] = []
        try:
            self._cut(frames)
        except ProtocolError as error:
            self.error = error
            if not frames:
                raise
        return frames

    def _cut(self, frames: list[Frame]) -> None:
        buffer, view, unpack = self._buffer, self._view, _MEDIA_HEADER.unpack_from
        start, end = self._start, self._end
        apart = MEDIA_IDS if self._media_sink is not None else ()
        media: list[MediaMessage] = []
        try:
            body = start + HEADER_SIZE
            while body <= end:
                head, channel, last, message_id, length = unpack(buffer, start)
                if head != HEAD and (behind := self._behind_trailer(start)) > start:
                    start, body = behind, behind + HEADER_SIZE
                    continue
                if head != HEAD or length > MAX_BODY:
                    raise self._broken(start)
                stop = body + length
                if stop > end:
                    break
                if message_id in apart:
                    media.append((message_id, channel, last, view[body:stop]))
                elif apart and self._is_misnamed(message_id, view[body:stop]):
                    media.append((_MONITOR_DATA, channel, last, view[body:stop]))
                else:
                    self._collect(Frame(Header.unpack(buffer, start), bytes(view[body:stop])), frames)
                    self._uncounted = 0
                start, body = stop, stop + HEADER_SIZE
            if end > start and buffer[start] != HEAD:
                start = self._behind_trailer(start)
                if start < end and buffer[start] != HEAD:
                    raise self._broken(start)
        finally:
            self._start = start
            if media and self._media_sink is not None:
                self._media_sink(media)

    def _is_misnamed(self, message_id: int, body: memoryview) -> bool:
        """Whether this is live media under a number beside its own, as some firmware sends it.

        A frame has to begin a message under that number; what follows there is media unless it is JSON.
        """
        if message_id not in _BESIDE_MONITOR:
            return False
        if bytes(body[:3]) == _FRAME_BEGIN and len(body) > 3 and body[3] >= _FRAME_KINDS:
            self._misnamed.add(message_id)
        if message_id not in self._misnamed:
            return False
        return not (bytes(body[:1]) == b"{" and bytes(body[-8:]).rstrip(_TRAILERS).endswith(b"}"))

    def _behind_trailer(self, start: int) -> int:
        """Where to go on behind the end of a text that its length did not count."""
        while start < self._end and self._uncounted < _UNCOUNTED_MAX and self._buffer[start] in _TRAILERS:
            self._uncounted += 1
            start += 1
        return start

    def _broken(self, start: int) -> ProtocolError:
        if self._buffer[start] != HEAD:
            return ProtocolError(not_dvrip(bytes(self._view[start : min(self._end, start + 40)])))
        header = Header.unpack(self._buffer, start)
        return ProtocolError(
            f"message {label(header.message_id)} claims {header.length} bytes, the limit is {MAX_BODY}"
        )

    def _replace_buffer(self, capacity: int) -> None:
        kept = self._end
        buffer = bytearray(capacity)
        buffer[:kept] = self._view[:kept]
        self._buffer, self._view = buffer, memoryview(buffer)

    def _collect(self, frame: Frame, frames: list[Frame]) -> None:
        """Add the frame, or the message it completes; fragments that fit nowhere come out as they are.

        The sequence numbers of one message's fragments may be equal, rise, or mean nothing.
        """
        header = frame.header
        total, current = header.total_or_channel, header.current_or_end
        if current >= total or not is_divided(header.message_id, total):
            frames.append(frame)
            return
        begun = self._begun.pop(header.message_id, [])
        place = _place(begun, header) if current else len(begun)
        if place is None:
            frames += self._give_up(begun)
            frames.append(frame)
            return
        if place == len(begun):
            if place == _BEGUN_MAX:
                frames += self._give_up(begun[:1])
                begun, place = begun[1:], place - 1
            begun.append([])
        begun[place].append(frame)
        self._held_size += len(frame.body) + _FRAGMENT_COST
        if self._held_size > MAX_BODY:
            raise ProtocolError(f"message {label(header.message_id)}: its fragments exceed {MAX_BODY} bytes")
        if len(begun[place]) == total:
            # What began before it and is not whole by now will not be.
            frames += self._give_up(begun[:place])
            parts = self._give_up([begun[place]])
            frames.append(Frame(header, b"".join(part.body for part in parts)))
            begun = begun[place + 1 :]
        if begun:
            self._begun[header.message_id] = begun

    def _give_up(self, begun: list[list[Frame]]) -> list[Frame]:
        """The fragments of messages that are held no longer."""
        parts = [part for parts in begun for part in parts]
        self._held_size -= sum(len(part.body) + _FRAGMENT_COST for part in parts)
        return parts


def _place(begun: list[list[Frame]], header: Header) -> int | None:
    """Which of the begun messages waits for a fragment: one of its sequence, else the newest; or none."""
    waiting = [
        (parts[0].header.sequence == header.sequence, place)
        for place, parts in enumerate(begun)
        if len(parts) == header.current_or_end and parts[0].header.total_or_channel == header.total_or_channel
    ]
    return max(waiting)[1] if waiting else None
