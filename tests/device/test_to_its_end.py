"""Work that a cancellation must not leave half done."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from dvrip_proto.connection.to_its_end import to_its_end


class Work:
    """Goes on until it is let go, then ends with a result or an error."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.gate = asyncio.Event()
        self.ended = False

    async def __call__(self) -> str:
        await self.gate.wait()
        self.ended = True
        if self.error is not None:
            raise self.error
        return "done"


async def begun(work: Work) -> asyncio.Task[str]:
    task = asyncio.create_task(to_its_end(work()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return task


async def test_its_result_is_given() -> None:
    work = Work()
    work.gate.set()
    assert await to_its_end(work()) == "done"


async def test_its_error_is_raised() -> None:
    work = Work(ValueError("no"))
    work.gate.set()
    with pytest.raises(ValueError, match="no"):
        await to_its_end(work())


@pytest.mark.parametrize("error", [None, ValueError("no")])
async def test_cancellations_wait_and_go_on(error: Exception | None) -> None:
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context))
    work = Work(error)
    task = await begun(work)
    for _ in range(2):
        task.cancel()
        await asyncio.sleep(0)
        assert not task.done()
    work.gate.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert work.ended
    del task
    assert complaints == []


async def test_work_that_is_cancelled_itself_is_so() -> None:
    async def cancelled() -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await to_its_end(cancelled())
