"""Files of clips: written as frames come, read, copied, removed. Everything here blocks."""

import shutil
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from dvrip_proto import MediaFrame, Remuxer, TransportError, UsageError


class ClipWriter:
    """Frames into a growing file."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("wb")
        self._remuxer = Remuxer(self._file, "mp4", fragmented=True)
        self._open = True

    def write(self, frames: list[MediaFrame]) -> int:
        """Size of the file with these frames."""
        for frame in frames:
            self._remuxer.add(frame)
        self._file.flush()
        return self._file.tell()

    def finish(self) -> int:
        """Size of the complete file. UsageError when there is no video in it."""
        self._remuxer.close()
        self._open = False
        if not self._remuxer.result.pictures:
            raise UsageError("there is no video in this recording")
        self._file.flush()
        return self._file.tell()

    def close(self) -> None:
        """Close the file, complete or not."""
        if self._open:
            with suppress(Exception):
                self._remuxer.close()
        self._file.close()


def open_clip(path: Path) -> BinaryIO:
    """A clip to read. TransportError when it has gone."""
    try:
        return path.open("rb")
    except FileNotFoundError as error:
        raise TransportError("the recording broke off") from error


def copy_clip(source: Path, target: Path) -> None:
    """Copy a clip, with the folders above it. UsageError where the system does not let us."""
    part = target.with_name(f"{target.name}.part")
    with open_clip(source) as content:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                shutil.copyfileobj(content, file)
            part.replace(target)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise UsageError(f"{target}: {error.strerror or error}") from error


def remove_files(paths: list[Path]) -> None:
    """Remove what is there."""
    for path in paths:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def clear_files(folder: Path, pattern: str) -> None:
    """Remove what a pattern fits."""
    remove_files(list(folder.glob(pattern)))
