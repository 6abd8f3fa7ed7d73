"""How connections end: with a goodbye, without one, and before peers that take nothing more."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from dvrip_proto.connection import MediaConnection
from dvrip_proto.errors import RequestTimeoutError, TransportError
from tests import hostile
from tests.device.conftest import connected
from tests.hostile import Link

pytestmark = pytest.mark.usefixtures("no_leaks")


async def test_logout_says_goodbye() -> None:
    seen: list[int] = []

    async def script(link: Link) -> None:
        request = await link.receive()
        seen.append(request.message_id)
        await link.reply(request)
        await link.gone()

    async with connected(script) as connection:
        await connection.logout()
        assert connection.closed
        assert await connection.wait_closed() is None
        await connection.logout()
    assert seen == [1002]


@pytest.mark.parametrize("answer", ["close", "silence"])
async def test_logout_survives_a_device_that_does_not_answer(answer: str) -> None:
    async def script(link: Link) -> None:
        await link.receive()
        if answer == "silence":
            await link.gone()

    began = time.monotonic()
    async with connected(script) as connection:
        await connection.logout()
        assert connection.closed
    assert time.monotonic() - began < 1.9


async def test_a_cancelled_logout_leaves_no_socket_open() -> None:
    gone = asyncio.Event()

    async def script(link: Link) -> None:
        await link.receive()
        await link.gone()
        gone.set()

    async with connected(script) as connection:
        leaving = asyncio.create_task(connection.logout())
        await asyncio.sleep(0.05)
        leaving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leaving
        assert connection.closed
        async with asyncio.timeout(1):
            await gone.wait()


async def test_what_is_told_does_not_pile_up_before_a_device_that_reads_nothing() -> None:
    async def script(link: Link) -> None:
        link.writer.transport.pause_reading()
        await asyncio.sleep(10)

    async def tell_for_ever() -> None:
        for _ in range(1000):
            connection.tell(1430, bytes(64 * 1024))
            await asyncio.sleep(0)

    async with connected(script) as connection:
        with pytest.raises(TransportError, match="the device takes no more: [0-9]+ bytes wait to be sent"):
            await tell_for_ever()
        assert connection._link.unsent < 512 * 1024
        assert not connection.closed, "what is told is no reason to lose the session"
        async with asyncio.timeout(3):
            await connection.close()


async def test_close_fails_waiters_and_later_calls() -> None:
    async with connected(Link.gone) as connection:
        task = asyncio.create_task(connection.request(1042, "A"))
        await asyncio.sleep(0)
        await connection.close()
        await connection.close()
        with pytest.raises(TransportError, match="the connection is closed"):
            await task
        for call in (
            connection.request(1042, "A"),
            connection.request_raw(1522, b""),
            connection.login("admin", ""),
        ):
            with pytest.raises(TransportError, match="the connection is closed"):
                await call
        assert await connection.wait_closed() is None


async def test_a_closed_connection_for_media_takes_no_harm_from_whoever_still_paces_it() -> None:
    async with hostile.peer(Link.gone) as (host, port):
        media = await MediaConnection.open(host, port)
        await media.close()
        media.pause_reading()
        media.resume_reading()
        assert await media.wait_closed() is None


async def test_close_does_not_wait_for_a_device_that_reads_nothing() -> None:
    async def script(link: Link) -> None:
        link.writer.transport.pause_reading()
        await asyncio.sleep(10)

    async with connected(script) as connection:
        task = asyncio.create_task(connection.request_raw(1522, bytes(32 * 1024 * 1024)))
        await asyncio.sleep(0.05)
        async with asyncio.timeout(3):
            await connection.close()
        with pytest.raises(TransportError):
            await task


async def test_close_callbacks_hear_of_the_end_once() -> None:
    async with connected(hostile.Link.receive) as connection:
        heard: list[Any] = []
        stop = connection.on_close(lambda error: heard.append(("stopped", error)))
        connection.on_close(heard.append)
        stop()
        with pytest.raises(TransportError):
            await connection.request(1042, "A")
        await connection.close()
        assert [type(error) for error in heard] == [TransportError]


async def test_error_frees_the_socket_of_a_peer_that_reads_nothing() -> None:
    async def script(link: Link) -> None:
        link.writer.transport.pause_reading()
        await asyncio.sleep(10)

    async with connected(script) as connection:
        with pytest.raises(RequestTimeoutError):
            await connection.request_raw(1522, bytes(32 * 1024 * 1024), timeout_s=0.1)
        async with asyncio.timeout(0.5):
            assert isinstance(await connection.wait_closed(), RequestTimeoutError)
