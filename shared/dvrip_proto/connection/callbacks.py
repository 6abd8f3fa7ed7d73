"""Who wants to hear of something, until he does not."""

from __future__ import annotations

from collections.abc import Callable


def register[T](callbacks: list[Callable[[T], None]], callback: Callable[[T], None]) -> Callable[[], None]:
    """Add to the callbacks; what is returned takes it away again, any number of times."""
    callbacks.append(callback)

    def unregister() -> None:
        if callback in callbacks:
            callbacks.remove(callback)

    return unregister
