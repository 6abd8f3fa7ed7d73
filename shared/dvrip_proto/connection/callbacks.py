"""Who wants to hear of something, until he does not."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

_LOGGER: Final = logging.getLogger(__name__)


def register[T](callbacks: list[Callable[[T], None]], callback: Callable[[T], None]) -> Callable[[], None]:
    """Add to the callbacks; what is returned takes it away again, any number of times."""

    def own(value: T) -> None:  # two who register the same function are two
        callback(value)

    callbacks.append(own)

    def unregister() -> None:
        if own in callbacks:
            callbacks.remove(own)

    return unregister


def call[T](callback: Callable[[T], None], value: T, where: str) -> None:
    """Tell one who wants to hear; what fails there is his, and logged."""
    try:
        callback(value)
    except Exception:
        _LOGGER.exception("%s: a callback failed", where)
