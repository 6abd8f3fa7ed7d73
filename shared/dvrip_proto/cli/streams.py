"""The streams of a channel on the line."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Stream(StrEnum):
    """The two streams of a channel, as people call them."""

    MAIN = "main"
    SUB = "sub"

    @property
    def wire(self) -> str:
        """The device's name for it."""
        return "Main" if self is Stream.MAIN else "Extra1"


STREAM = Annotated[Stream, typer.Option("--stream", help="Full picture, or the small one.")]
