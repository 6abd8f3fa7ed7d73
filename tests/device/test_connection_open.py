"""Opening a connection and logging in, against every peer that is no device or will not have us."""

from __future__ import annotations

import asyncio
import logging
import re
import socket
import time
from typing import Any

import pytest

from dvrip_proto.connection import Connection
from dvrip_proto.errors import (
    AuthenticationError,
    DvripError,
    ProtocolError,
    RequestError,
    RequestTimeoutError,
    TransportError,
    UnsupportedError,
    UsageError,
)
from dvrip_proto.wire.body import decode
from dvrip_proto.wire.digest import sofia_hash
from dvrip_proto.wire.framer import pack
from tests import hostile
from tests.hostile import Link

pytestmark = pytest.mark.usefixtures("no_leaks")


async def log_in_and_ask(host: str, port: int, timeout_s: float) -> None:
    connection = await Connection.open(host, port, timeout_s=timeout_s)
    try:
        await connection.login("admin", "")
        await connection.request(1020, "SystemInfo")
    finally:
        await connection.close()


async def outcome(host: str, port: int, timeout_s: float = 2) -> DvripError:
    """The error of connecting, logging in and asking; the connection is closed behind it."""
    began = time.monotonic()
    with pytest.raises(DvripError) as caught:
        await log_in_and_ask(host, port, timeout_s)
    assert time.monotonic() - began < timeout_s + 3
    assert str(caught.value).startswith(f"{host}:{port}: ")
    return caught.value


@pytest.mark.parametrize(
    ("peer", "kind", "text"),
    [
        (hostile.http, ProtocolError, "the peer speaks HTTP, not DVRIP"),
        (hostile.garbage, ProtocolError, "does not speak DVRIP"),
        (hostile.huge, ProtocolError, "claims 4294967295 bytes"),
        # Which of the two depends on whether the login was on its way when the peer closed.
        (hostile.closes_at_once, TransportError, "closed the connection|connection lost"),
        (hostile.closes_mid_reply, TransportError, "closed the connection in the middle of a message"),
        (hostile.closes_after_login, TransportError, "instead of answering 1020 SYSINFO SystemInfo"),
        (hostile.resets, TransportError, "connection lost"),
        (hostile.encrypted, UnsupportedError, "the login is encrypted"),
    ],
)
async def test_hostile_peer_is_the_right_error(peer: Any, kind: type[DvripError], text: str) -> None:
    async with peer() as (host, port):
        error = await outcome(host, port)
    assert type(error) is kind
    assert re.search(text, str(error))


@pytest.mark.parametrize(
    ("peer", "text"),
    [
        (hostile.silent, "no reply to the login within 0.3 s"),
        (hostile.stalls_mid_reply, "no reply to the login within 0.3 s"),
        (hostile.answers_login_only, "no reply to 1020 SYSINFO SystemInfo within 0.3 s"),
        (hostile.unreachable, "no connection within 0.3 s"),
    ],
)
async def test_silent_peer_is_a_timeout(peer: Any, text: str) -> None:
    async with peer() as (host, port):
        error = await outcome(host, port, timeout_s=0.3)
    assert type(error) is RequestTimeoutError
    assert text in str(error)


async def test_refused_connection() -> None:
    with hostile.refused_port() as port:
        assert "connection refused" in str(await outcome("127.0.0.1", port))


async def test_refused_connection_at_every_address_of_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with hostile.refused_port() as port:
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"127.0.0.{last}", port)) for last in (2, 3)]

        async def both(*_: Any, **__: Any) -> Any:
            return found

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", both)
        assert "connection refused" in str(await outcome("camera", port))


async def test_unknown_host_name(monkeypatch: pytest.MonkeyPatch) -> None:
    async def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)
    error = await outcome("no-such-camera", 34567)
    assert type(error) is TransportError
    assert "the host name cannot be resolved: Name or service not known" in str(error)


async def test_unreachable_network(monkeypatch: pytest.MonkeyPatch) -> None:
    async def unreachable(*_: Any, **__: Any) -> Any:
        raise OSError(113, "Connect call failed ('10.0.0.1', 34567)")

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", unreachable)
    assert str(await outcome("10.0.0.1", 34567)) == "10.0.0.1:34567: cannot connect: No route to host"


@pytest.mark.parametrize(
    ("host", "port", "timeout_s"),
    [("", 1, 1), ("h", 0, 1), ("h", 65536, 1), ("h", 1, 0), ("h", 1, -1), ("a" * 300, 1, 1), ("a\0b", 1, 1)],
)
async def test_what_is_no_address_is_the_callers_fault(host: str, port: int, timeout_s: float) -> None:
    with pytest.raises(UsageError):
        await Connection.open(host, port, timeout_s=timeout_s)


async def test_ipv6_hosts_are_bracketed_in_messages() -> None:
    with hostile.refused_port() as port, pytest.raises(TransportError) as caught:
        await Connection.open("::1", port, timeout_s=1)
    assert str(caught.value).startswith(f"[::1]:{port}: ")


@pytest.mark.parametrize(
    ("ret", "kind"),
    [
        (203, AuthenticationError),
        (106, AuthenticationError),
        (205, AuthenticationError),
        (206, AuthenticationError),
        (104, RequestError),
        (107, AuthenticationError),
        (113, AuthenticationError),
        (430, AuthenticationError),
        (102, UnsupportedError),
    ],
)
async def test_refused_login(ret: int, kind: type[DvripError]) -> None:
    async with hostile.refuses_login(ret) as (host, port):
        error = await outcome(host, port)
    assert type(error) is kind
    assert error.ret == ret


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        (b"", "no Ret"),
        (b"{}", "no Ret"),
        (b'{ "SessionID" : "0x0000000B" }', "no Ret"),
        (b'{ "Ret" : 100 }', "no session"),
        (b'{ "Ret" : 100, "SessionID" : "0x00000000" }', "no session"),
        (b'{ "Ret" : 150, "SessionID" : "none" }', "no session"),
    ],
)
async def test_login_reply_must_say_yes_and_give_a_session(body: bytes, missing: str) -> None:
    async def script(link: Link) -> None:
        await link.receive()
        await link.send(pack(1001, body))
        await link.gone()

    async with hostile.peer(script) as (host, port):
        error = await outcome(host, port)
    assert type(error) is ProtocolError
    assert f"gives {missing}: it is no login" in str(error)


async def test_login_sends_the_hash_and_says_what_came() -> None:
    seen: list[Any] = []

    async def script(link: Link) -> None:
        seen.append(decode((await link.accept_login(AliveInterval=30, ChannelNum=4)).body))
        await link.gone()

    async with hostile.peer(script) as (host, port):
        for password, hashed in (("admin", False), ("6QNMIQGe", True)):
            connection = await Connection.open(host, port)
            reply = await connection.login("admin", password, hashed=hashed)
            assert (reply.alive_interval_s, reply.channel_count, reply.session) == (30, 4, hostile.SESSION)
            assert connection.login_reply == reply
            assert connection.session_id == hostile.SESSION
            assert (connection.host, connection.port, connection.timeout_s) == (host, port, 10)
            await connection.close()
    assert [body["PassWord"] for body in seen] == ["6QNMIQGe", "6QNMIQGe"]
    assert seen[0] == {
        "EncryptType": "MD5",
        "LoginType": "DVRIP-Web",
        "PassWord": "6QNMIQGe",
        "UserName": "admin",
    }


async def test_slow_connect_leaves_less_time_for_the_login(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.get_running_loop()
    connect = loop.create_connection

    async def slow(*args: Any, **options: Any) -> Any:
        await asyncio.sleep(1.5)
        return await connect(*args, **options)

    monkeypatch.setattr(loop, "create_connection", slow)
    async with hostile.silent() as (host, port):
        began = time.monotonic()
        await outcome(host, port, timeout_s=2.5)
        assert time.monotonic() - began < 3.8, "both together would take 4"


async def test_cancelled_connect_leaves_nothing_behind() -> None:
    async with hostile.unreachable() as (host, port):
        task = asyncio.create_task(Connection.open(host, port))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_cancelled_login_leaves_a_connection_that_can_be_closed() -> None:
    async with hostile.silent() as (host, port):
        connection = await Connection.open(host, port)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await connection.login("admin", "")
        await connection.close()
        assert await connection.wait_closed() is None


async def test_secrets_stay_out_of_messages_and_logs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "correct horse battery"
    async with hostile.refuses_login(203) as (host, port):
        connection = await Connection.open(host, port)
        with pytest.raises(AuthenticationError) as caught:
            await connection.login("admin", secret)
        await connection.close()
    for text in (str(caught.value), repr(caught.value), repr(connection), caplog.text):
        assert secret not in text
        assert sofia_hash(secret) not in text
