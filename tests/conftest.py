"""Fixtures that every suite may ask for."""

from __future__ import annotations

import asyncio
import gc
import warnings
from collections.abc import AsyncIterator

import pytest


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
