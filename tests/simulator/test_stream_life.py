"""A session whose stream is read is alive; nothing else but requests keeps one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace

import pytest

from dvrip_proto.simulator import Quirks, Simulator
from tests.simulator.raw import Raw, watch


@pytest.fixture
async def device() -> AsyncIterator[Simulator]:
    async with Simulator(profile="ipc") as simulator:
        await simulator.prepare_media()
        yield simulator


async def watched_for(device: Simulator, seconds: float) -> tuple[Raw, Raw]:
    """Control and media connection of a client that reads a stream and says nothing else."""
    device.quirks = replace(device.quirks, alive_interval_s=1)
    control = await Raw.login(device)
    media = await watch(device, control)
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and not media.reader.at_eof():
        with suppress(TimeoutError, asyncio.IncompleteReadError):
            await media.receive(0.5)
    return control, media


async def test_a_session_whose_stream_is_read_needs_no_keepalive(device: Simulator) -> None:
    control, media = await watched_for(device, 4)
    assert not media.reader.at_eof()
    assert (await control.named(1006, "KeepAlive")).ret == 100
    assert device.monitors


async def test_strict_devices_want_keepalives_beside_a_stream(device: Simulator) -> None:
    device.quirks = Quirks(stream_needs_keepalive=True)
    control, _media = await watched_for(device, 4)
    assert await control.is_closed()
    assert not device.monitors


async def test_a_stream_that_nobody_reads_keeps_no_session(device: Simulator) -> None:
    device.quirks = Quirks(alive_interval_s=1, freeze_after_s=0.3)
    control = await Raw.login(device)
    await watch(device, control)
    assert await control.is_closed(6)
