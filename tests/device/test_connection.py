"""A connection over real sockets, against peers that speak raw messages."""

from __future__ import annotations

import asyncio

import pytest

from dvrip_proto.connection import Reply
from dvrip_proto.errors import (
    ProtocolError,
    RequestTimeoutError,
    TransportError,
    UnsupportedError,
    UsageError,
)
from dvrip_proto.wire.body import decode
from dvrip_proto.wire.framer import Frame, pack
from tests import hostile
from tests.device.conftest import connected
from tests.hostile import Link

pytestmark = pytest.mark.usefixtures("no_leaks")


async def test_request_has_the_envelope_and_the_reply_its_members() -> None:
    seen: list[Frame] = []

    async def script(link: Link) -> None:
        while True:
            frame = await link.receive()
            await link.reply(frame, 603, **{"General.General": {"x": 1}})
            seen.append(frame)

    async with connected(script) as connection:
        reply = await connection.request(1042, "General.General")
        assert (reply.ret, reply.name, reply.reboot_needed) == (603, "General.General", True)
        assert reply.body["General.General"] == {"x": 1}
        await connection.request(1040, "General.General", {"x": None})
        await connection.request(1500)
        await connection.request(1486, "User", extra={"Name": "bob"})
        reply = await connection.request_raw(1522, b"\0\1\2", sequence=7, end=1)
        assert reply.ret == 603
    session = "0x0000000B"
    assert [(frame.message_id, decode(frame.body)) for frame in seen[:4]] == [
        (1042, {"Name": "General.General", "SessionID": session}),
        (1040, {"Name": "General.General", "General.General": {"x": None}, "SessionID": session}),
        (1500, {"Name": "", "SessionID": session}),
        (1486, {"Name": "bob", "SessionID": session}),
    ]
    assert (seen[4].body, seen[4].header.sequence, seen[4].header.current_or_end) == (b"\0\1\2", 7, 1)
    assert {frame.header.session for frame in seen} == {hostile.SESSION}


async def test_refused_request_is_an_error_unless_it_is_allowed() -> None:
    async def script(link: Link) -> None:
        await link.serve({1042: {"ret": 607}, 1440: {"ret": 119}, 1020: {"ret": None}})

    async with connected(script) as connection:
        with pytest.raises(UnsupportedError, match=r"Nonsense: the configuration does not exist \(Ret 607"):
            await connection.request(1042, "Nonsense")
        assert (await connection.request(1440, "OPFileQuery", ok={100, 119})).ret == 119
        assert (await connection.request(1020, "SystemInfo")).ret is None
        assert not connection.closed


async def test_pipelined_requests_get_their_own_replies() -> None:
    async def script(link: Link) -> None:
        first, second = await link.receive(), await link.receive()
        assert {first.message_id, second.message_id} == {1042, 1020}
        await link.reply(second)
        await link.reply(first)
        await link.serve()

    async with connected(script) as connection:
        replies = await asyncio.gather(
            connection.request(1042, "A"),
            connection.request(1020, "SystemInfo"),
            connection.request(1042, "B"),
            connection.request(1042, "C"),
        )
    assert [reply.name for reply in replies] == ["A", "SystemInfo", "B", "C"]


async def test_pushes_reach_their_callbacks_and_others_are_counted(caplog: pytest.LogCaptureFixture) -> None:
    async def script(link: Link) -> None:
        request = await link.receive()
        await link.push(1504, {"Name": "AlarmInfo", "AlarmInfo": {"Channel": 0}})
        await link.push(1610, {"Name": "Unheard"})
        await link.push(1043, {"Name": "Other", "Ret": 100})
        await link.send(pack(4242, b"\xff\xd8not json"))
        await link.reply(request)
        await link.reply(await link.receive())
        await link.push(1504, {"Name": "AlarmInfo", "AlarmInfo": {"Channel": 1}})
        await link.gone()

    heard: list[Reply] = []

    def broken(_reply: Reply) -> None:
        raise RuntimeError("a caller's bug")

    async with connected(script) as connection:
        stop_broken = connection.on_push(1504, broken)
        stop = connection.on_push(1504, heard.append)
        await connection.request(1042, "General.General")
        assert [reply.body["AlarmInfo"] for reply in heard] == [{"Channel": 0}]
        stop()
        stop()
        stop_broken()
        await connection.request(1042, "General.General")
        await asyncio.sleep(0.05)
        assert len(heard) == 1
    assert "a callback failed" in caplog.text
    assert "a caller's bug" in caplog.text


async def test_late_reply_does_not_answer_the_next_request() -> None:
    async def script(link: Link) -> None:
        request = await link.receive()
        await asyncio.sleep(0.3)
        await link.reply(request)
        await link.serve()

    async with connected(script) as connection:
        with pytest.raises(RequestTimeoutError, match="no reply to 1042 CONFIG_GET A within 0.1 s"):
            await connection.request(1042, "A", timeout_s=0.1)
        assert connection.closed
        with pytest.raises(RequestTimeoutError, match="CONFIG_GET A"):
            await connection.request(1042, "B")
        assert isinstance(await connection.wait_closed(), RequestTimeoutError)


async def test_first_error_fails_every_waiter_with_a_copy_of_its_own() -> None:
    async def script(link: Link) -> None:
        for _ in range(3):
            await link.receive()
        await link.send(b"garbage")
        await link.gone()

    async with connected(script) as connection:
        errors = await asyncio.gather(
            *(connection.request(message_id, "A") for message_id in (1042, 1020, 1360, 1042)),
            return_exceptions=True,
        )
        assert {type(error) for error in errors} == {ProtocolError}
        assert len({id(error) for error in errors}) == 4
        assert str(await connection.wait_closed()) == str(errors[0])


async def test_cancelled_request_keeps_its_place_for_its_late_reply() -> None:
    async def script(link: Link) -> None:
        first = await link.receive()
        await asyncio.sleep(0.1)
        await link.reply(first, X="first")
        await link.reply(await link.receive(), X="second")
        await link.gone()

    async with connected(script) as connection:
        task = asyncio.create_task(connection.request(1042))
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await connection.request(1042)).body["X"] == "second"


async def test_cancelled_request_that_waited_is_never_sent() -> None:
    seen: list[str] = []

    async def script(link: Link) -> None:
        while True:
            frame = await link.receive()
            seen.append(decode(frame.body)["Name"])
            await asyncio.sleep(0.05)
            await link.reply(frame)

    async with connected(script) as connection:
        tasks = [asyncio.create_task(connection.request(1042, name)) for name in "ABC"]
        await asyncio.sleep(0.02)
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    assert seen == ["A", "C"]


async def test_keep_alive_runs_beside_a_long_request() -> None:
    kept = asyncio.Event()

    async def script(link: Link) -> None:
        request = await link.receive()
        for _ in range(3):
            await link.reply(await link.receive())
        assert [frame.message_id for frame in link.seen[2:]] == [1006, 1006, 1006]
        kept.set()
        await link.reply(request)
        await link.gone()

    async with connected(script, AliveInterval=0.1) as connection:
        await connection.request(1440, "OPFileQuery")
        assert kept.is_set()


async def test_half_open_connection_is_found_by_its_keep_alives() -> None:
    async with connected(Link.gone, AliveInterval=0.1) as connection:
        async with asyncio.timeout(1):
            error = await connection.wait_closed()
        assert type(error) is TransportError
        assert "2 keep-alives without an answer" in str(error)


async def test_forced_logout_is_answered_and_closes() -> None:
    answers: list[int] = []

    async def script(link: Link) -> None:
        await link.push(1004, {"SessionID": "0x0000000B"})
        answers.append((await link.receive()).message_id)
        await link.gone()

    async with connected(script) as connection:
        assert "logged this session out" in str(await connection.wait_closed())
    assert answers == [1005]


async def test_usage_errors_leave_the_connection_alone() -> None:
    async with connected(Link.serve) as connection:
        with pytest.raises(UsageError, match="a timeout is a number of seconds above 0"):
            await connection.request(1042, "A", timeout_s=0)
        with pytest.raises(UsageError, match="cannot be a message"):
            await connection.request(1040, "A", {1, 2})
        with pytest.raises(UsageError, match="it cannot log in"):
            await connection.login("admin", "")
        assert (await connection.request(1042, "A")).ret == 100


async def test_optional_request_without_a_reply_keeps_the_connection() -> None:
    async def script(link: Link) -> None:
        await link.receive()
        await link.serve()

    async with connected(script) as connection:
        with pytest.raises(RequestTimeoutError):
            await connection.request(1410, "OPMonitor", timeout_s=0.05, optional=True)
        assert (await connection.request(1410, "OPMonitor")).ret == 100


@pytest.mark.parametrize("step", [1, 7, 8192])
async def test_replies_in_pieces_and_of_any_size(step: int) -> None:
    size = 3_000 if step == 1 else 300_000

    async def script(link: Link) -> None:
        request = await link.receive()
        body = b'{ "Name" : "Detect", "Ret" : 100, "Detect" : "' + b"x" * size + b'" }\n\0'
        data = pack(1043, body)
        step_size = step if step != 7 else 70_007
        for start in range(0, len(data), step_size):
            await link.send(data[start : start + step_size])
            if step == 1:
                await asyncio.sleep(0)
        await link.reply(await link.receive())
        assert request.message_id == 1042
        await link.gone()

    async with connected(script) as connection:
        reply = await connection.request(1042, "Detect")
        assert len(reply.body["Detect"]) == size
        await connection.request(1042, "Detect")
