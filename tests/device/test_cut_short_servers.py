"""Servers that are started, closed and closed again in the middle of something."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from dvrip_proto import AlarmCentre, RegistrationServer, TransportError, UsageError
from dvrip_proto.servers.listener import Listener

pytestmark = pytest.mark.usefixtures("no_leaks")


@pytest.fixture(params=["alarm centre", "registration"])
def server(request: pytest.FixtureRequest) -> Listener:
    if request.param == "alarm centre":
        return AlarmCentre("127.0.0.1", 0)
    return RegistrationServer("127.0.0.1", 0, password="")


class Names:
    """Address books that answer when `go_on` is set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        loop = asyncio.get_running_loop()
        self.asked, self.go_on = asyncio.Event(), asyncio.Event()
        answer = loop.getaddrinfo

        async def getaddrinfo(*given: Any, **options: Any) -> Any:
            self.asked.set()
            await self.go_on.wait()
            return await answer(*given, **options)

        monkeypatch.setattr(loop, "getaddrinfo", getaddrinfo)


async def test_a_server_that_is_closed_while_it_starts_does_not_listen(
    server: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = Names(monkeypatch)
    starting = asyncio.create_task(server.start())
    await names.asked.wait()
    await server.close()
    names.go_on.set()
    with pytest.raises(TransportError, match="closed before it listened"):
        await starting
    assert not server.listening
    await server.start()
    assert server.listening
    await server.close()


async def test_a_server_that_is_started_twice_at_once_listens_once(
    server: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = Names(monkeypatch)
    starting = asyncio.create_task(server.start())
    await names.asked.wait()
    with pytest.raises(UsageError, match="listens already"):
        await server.start()
    names.go_on.set()
    await starting
    await server.close()


async def test_a_close_that_is_cancelled_closes_all_the_same(server: Listener) -> None:
    await server.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    closing = asyncio.create_task(server.close())
    await asyncio.sleep(0)
    closing.cancel()
    await asyncio.wait([closing])
    assert closing.cancelled()
    assert await asyncio.wait_for(_end(reader), 5)
    writer.close()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", server.port)
    await server.close()


async def _end(reader: asyncio.StreamReader) -> bool:
    try:
        return await reader.read(1) == b""
    except ConnectionError:
        return True


async def test_a_registration_server_can_be_started_again() -> None:
    server = RegistrationServer("127.0.0.1", 0, password="")
    for _ in range(2):
        async with server:
            arrivals = asyncio.create_task(anext(server.devices(), None))
            for _ in range(3):
                await asyncio.sleep(0)
            assert not arrivals.done()
        assert await asyncio.wait_for(arrivals, 5) is None
        await server.close()


async def test_readers_of_reports_end_though_the_close_is_cancelled() -> None:
    centre = AlarmCentre("127.0.0.1", 0)
    await centre.start()
    reading = asyncio.create_task(anext(centre.reports(), None))
    await asyncio.sleep(0)
    closing = asyncio.create_task(centre.close())
    await asyncio.sleep(0)
    closing.cancel()
    await asyncio.wait([closing])
    assert await asyncio.wait_for(reading, 5) is None
