"""The floor of watched streams, a process of its own: `python -m bench.ha.copying FROM TO COUNT`."""

from __future__ import annotations

import asyncio
import sys
from typing import cast, override


class _Copied(asyncio.Protocol):
    def __init__(self, target: asyncio.Transport) -> None:
        self._target = target

    @override
    def data_received(self, data: bytes) -> None:
        self._target.write(data)


async def copy(source: int, target: int, count: int) -> None:
    """Pass on what `count` connections of one port bring, to as many of another."""
    loop = asyncio.get_running_loop()
    for _ in range(count):
        made, _ = await loop.create_connection(asyncio.Protocol, "127.0.0.1", target)
        out = cast("asyncio.Transport", made)
        await loop.create_connection(lambda out=out: _Copied(out), "127.0.0.1", source)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(copy(*(int(each) for each in sys.argv[1:])))
