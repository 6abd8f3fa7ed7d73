"""Fixtures that every suite may ask for."""

from __future__ import annotations

import asyncio
import gc
import signal
import warnings
from collections.abc import AsyncIterator

import pytest
from hypothesis import settings

# No test may depend on speed: on a busy machine one example of many takes longer than the 200 ms of the default.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

# A shell that starts a run in the background has SIGINT ignored, and programs that tests start would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
async def no_leaks() -> AsyncIterator[None]:
    """The test leaves no task and no open socket behind."""
    gc.collect(1)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ResourceWarning)
        yield
        for _ in range(3):
            await asyncio.sleep(0)
        gc.collect(1)
    assert asyncio.all_tasks() - {asyncio.current_task()} == set()
    assert [str(each.message) for each in caught if issubclass(each.category, ResourceWarning)] == []
