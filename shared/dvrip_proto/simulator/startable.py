"""What is started and stopped, by hand or with `async with`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class Startable(ABC):
    """`async with` starts on entry and stops at the end."""

    async def __aenter__(self) -> Self:
        """Start, and give this."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        await self.stop()

    @abstractmethod
    async def start(self) -> None:
        """Begin to answer."""

    @abstractmethod
    async def stop(self) -> None:
        """Answer no more; further calls do nothing."""
