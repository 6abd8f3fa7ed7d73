"""Simulated devices for raw clients."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from dvrip_proto.simulator import Simulator
from tests.simulator.raw import Raw


@pytest.fixture(autouse=True)
async def _no_socket_is_left() -> AsyncIterator[None]:
    yield
    await Raw.close_all()


@pytest.fixture
async def device() -> AsyncIterator[Simulator]:
    """The camera of most recorded vectors."""
    async with Simulator(profile="ipc", serial="2a981919678907c1") as simulator:
        yield simulator


@pytest.fixture
async def client(device: Simulator) -> AsyncIterator[Raw]:
    """A raw client logged in as administrator."""
    raw = await Raw.login(device)
    yield raw
    raw.close()
