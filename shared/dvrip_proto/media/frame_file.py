"""Files of media frames with their headers, as they came from a device. Reading blocks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..errors import UsageError
from ..wire.media import MediaFrame, MediaParser

_BLOCK = 1024 * 1024


def read_frames(path: Path, *, headers: bool = False) -> Iterator[MediaFrame]:
    """The frames of a file with headers. UsageError when it cannot be read."""
    parser = MediaParser(headers=headers)
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield from parser.feed(block)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error
