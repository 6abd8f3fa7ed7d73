"""A file that is being downloaded: `NAME.part`, complete frames with their headers, renamed when it is whole.

Headers hold the times that let a download go on where it broke off, and the sound between the pictures.
Everything here blocks: it is called in a thread.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ...errors import UsageError
from ...media.frame_file import read_frames
from ...media.new_file import kept, lock
from ...wire.media import FrameKind, MediaFrame

_BLOCK = 1024 * 1024
_PICTURES = (FrameKind.I, FrameKind.P, FrameKind.JPEG)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Where a download broke off: its last key frame, which must come again to go on behind it."""

    offset: int
    time: datetime
    data: bytes = field(repr=False)


class PartFile:
    """The file `path` on its way. UsageError for whatever the file system refuses."""

    def __init__(self, path: Path, *, resume: bool) -> None:
        self._path = path
        self.part = path.with_name(f"{path.name}.part")
        self.size = 0
        self.mark: Mark | None = None
        self.codec = ""
        self.begin: datetime | None = None
        self.end: datetime | None = None
        try:
            if path.is_dir():
                raise UsageError(f"{path}: is a directory")
            self._file = kept(self.part)
        except OSError as error:
            raise _broken(self.part, error) from error
        try:
            self._lock()
            if not resume:
                self._cut(0)
            else:
                self.mark = self._find_mark()
                self.size = self.mark.offset if self.mark else 0
        except BaseException:
            self._file.close()
            raise

    def go_on(self) -> None:
        """Keep everything up to and with the marked key frame; new frames follow it."""
        if self.mark is not None:
            self._cut(self.mark.offset + len(self.mark.data))

    def start_over(self) -> None:
        """Keep nothing."""
        self.mark = self.begin = self.end = None
        self._cut(0)

    def write(self, frames: list[MediaFrame]) -> None:
        """Append frames with their headers."""
        data = b"".join(frame.payload for frame in frames)
        try:
            self._file.write(data)
        except OSError as error:
            raise _broken(self.part, error) from error
        self.size += len(data)
        for frame in frames:
            self._learn(frame)

    def finish(self, *, headers: bool) -> int:
        """Give the file its name, with the headers or only the pictures; its size."""
        try:
            self._file.flush()
            if not headers:
                self._strip()
            os.fsync(self._file.fileno())
            self._file.close()
            self.part.replace(self._path)
        except OSError as error:
            raise _broken(self._path, error) from error
        return self.size

    def close(self) -> None:
        """Leave what came for another time; an empty part is removed."""
        with suppress(OSError):
            self._file.close()
            if not self.size:
                self.part.unlink(missing_ok=True)

    def _lock(self) -> None:
        try:
            lock(self._file)
        except OSError as error:
            raise _broken(self.part, error) from error

    def _find_mark(self) -> Mark | None:
        offset, mark = 0, None
        for frame in read_frames(self.part, headers=True):
            self._learn(frame)
            if frame.kind is FrameKind.I and frame.time is not None:
                mark = Mark(offset=offset, time=frame.time, data=frame.payload)
            offset += len(frame.payload)
        return mark if mark is not None and self._stands(mark) else None

    def _stands(self, mark: Mark) -> bool:
        """Whether the mark lies where the sizes of the frames say: nothing else is between them."""
        self._file.seek(mark.offset)
        return self._file.read(len(mark.data)) == mark.data

    def _learn(self, frame: MediaFrame) -> None:
        if frame.keyframe:
            self.codec = frame.codec or ""
        if frame.time is not None:
            self.begin = self.begin or frame.time
            self.end = frame.time

    def _cut(self, size: int) -> None:
        try:
            self._file.truncate(size)
            self._file.seek(size)
        except OSError as error:
            raise _broken(self.part, error) from error
        self.size = size

    def _strip(self) -> None:
        """Leave the pictures alone, in place: what is written always lies behind what was read."""
        self.size, batch, held = 0, list[bytes](), 0
        for frame in read_frames(self.part):
            if frame.kind in _PICTURES:
                batch.append(frame.payload)
                held += len(frame.payload)
            if held >= _BLOCK:
                self._put(batch)
                batch, held = [], 0
        self._put(batch)
        self._file.truncate(self.size)

    def _put(self, batch: list[bytes]) -> None:
        data = b"".join(batch)
        self._file.seek(self.size)
        self._file.write(data)
        self._file.flush()
        self.size += len(data)


def _broken(path: Path, error: OSError) -> UsageError:
    return UsageError(f"{path}: {error.strerror or error}")
