"""What is cancelled, closed or done twice in the middle: nothing hangs, nothing is left open, nothing is lost."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from dvrip_proto import Connection, Device, Keeper, TransportError, UnsupportedError
from dvrip_proto.connection.callbacks import register
from dvrip_proto.connection.entered import Entered
from dvrip_proto.connection.ways import Seen
from dvrip_proto.errors import NoConnectionError
from dvrip_proto.wire.framer import pack
from dvrip_proto.wire.ids import MessageId, reply_of
from tests import hostile
from tests.device.conftest import scripted
from tests.hostile import Link

pytestmark = pytest.mark.usefixtures("no_leaks")


async def turns(number: int = 5) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


async def test_a_device_that_is_closed_while_it_is_opened_does_not_stay_open() -> None:
    asked, go_on, gone = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def script(link: Link) -> None:
        asked.set()
        await go_on.wait()
        await link.accept_login()
        frame = await link.receive()
        assert frame.message_id == MessageId.LOGOUT
        await link.reply(frame)
        await link.gone()
        gone.set()

    async with hostile.peer(script) as (host, port):
        device = Device(host, port, timeout_s=5)
        opening = asyncio.create_task(device.open())
        await asked.wait()
        await device.close()
        go_on.set()
        with pytest.raises(TransportError, match="closed while it was opened"):
            await opening
        assert device.closed
        await asyncio.wait_for(gone.wait(), 5)


async def test_a_keeper_that_is_stopped_while_it_connects_tells_nobody_that_it_is_up() -> None:
    asked, go_on = asyncio.Event(), asyncio.Event()
    ups: list[Device] = []

    async def script(link: Link) -> None:
        asked.set()
        await go_on.wait()
        await link.accept_login()
        await link.serve()

    async def up(device: Device) -> None:
        ups.append(device)

    async with hostile.peer(script) as (host, port):
        keeper = Keeper(lambda: Device(host, port), on_up=up, on_down=lambda _error: None)
        starting = asyncio.create_task(keeper.start(patient=True))
        await asked.wait()
        await keeper.stop()
        go_on.set()
        with pytest.raises(TransportError, match="stopped while connecting"):
            await starting
    assert ups == []
    assert keeper.device is None


async def test_an_on_up_whose_own_work_was_cancelled_does_not_end_the_keeper() -> None:
    async def script(link: Link) -> None:
        await link.accept_login()
        await link.serve()

    ups: list[Device] = []
    third = asyncio.Event()

    async def up(device: Device) -> None:
        ups.append(device)
        if len(ups) == 3:
            third.set()
        if len(ups) == 2:
            cancelled = asyncio.get_running_loop().create_future()
            cancelled.cancel()
            await cancelled

    async with hostile.peer(script) as (host, port):
        keeper = Keeper(lambda: Device(host, port), on_up=up, on_down=lambda _error: None, backoff_s=(0.01,))
        await keeper.start()
        await ups[0].connection.close()
        async with asyncio.timeout(5):
            await third.wait()
        await keeper.stop()


async def test_a_sign_of_a_device_that_comes_during_an_attempt_is_not_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("dvrip_proto.keeper._NUDGED_S", 0.0)
    attempts, third = 0, asyncio.Event()

    class Away(Device):
        async def open(self) -> None:
            nonlocal attempts
            attempts += 1
            if attempts == 2:
                keeper.nudge()  # somebody saw it, too late for this attempt
            if attempts == 3:
                third.set()
            raise TransportError("away")

    async def up(_device: Device) -> None:
        pytest.fail("there is no device")

    keeper = Keeper(
        lambda: Away("127.0.0.1"), on_up=up, on_down=lambda _error: None, backoff_s=(0.0, 60.0), away_s=60.0
    )
    await keeper.start(patient=True)
    async with asyncio.timeout(5):
        await third.wait()
    await keeper.stop()


async def entered(host: str, port: int, further: Callable[[Seen], Any]) -> Entered:
    """A connection whose way in is in doubt."""
    connection = await Entered.open(host, port, timeout_s=2)
    await connection.login("admin", "")
    connection.further = further
    return connection


async def answers_empty(link: Link) -> None:
    """Take the login, and then answer with no bytes at all."""
    await link.accept_login()
    while True:
        frame = await link.receive()
        await link.send(pack(reply_of(frame.message_id), b"", session=hostile.SESSION, version=1))


async def test_a_close_while_another_way_in_is_looked_for_is_told_to_everybody() -> None:
    looking = asyncio.Event()
    ends: list[Any] = []

    async def further(_seen: Seen) -> Entered:
        looking.set()
        await asyncio.Event().wait()
        raise AssertionError

    async with hostile.peer(answers_empty) as (host, port):
        connection = await entered(host, port, further)
        connection.on_close(ends.append)
        asking = asyncio.create_task(connection.request(MessageId.SYSINFO, "SystemInfo"))
        await looking.wait()
        await connection.close()
        with pytest.raises(TransportError):
            await asyncio.wait_for(asking, 5)
        assert ends == [None]
        await connection.close()
        assert ends == [None]


async def test_a_further_way_in_that_is_lost_at_once_is_told_to_everybody() -> None:
    ends: list[Any] = []

    async with hostile.peer(answers_empty) as (host, port):

        async def further(_seen: Seen) -> Entered:
            other = await Entered.open(host, port, timeout_s=2)
            await other.login("admin", "")
            await other.close()
            return other

        connection = await entered(host, port, further)
        connection.on_close(ends.append)
        with pytest.raises(TransportError):
            await asyncio.wait_for(connection.request(MessageId.SYSINFO, "SystemInfo"), 5)
        assert len(ends) == 1
        assert isinstance(ends[0], TransportError)
        await connection.close()


async def test_whoever_comes_second_waits_for_the_same_proof_of_the_way_in() -> None:
    asked, go_on = asyncio.Event(), asyncio.Event()
    seen: list[int] = []

    async def script(link: Link) -> None:
        await link.accept_login()
        while True:
            frame = await link.receive()
            seen.append(frame.message_id)
            if frame.message_id == MessageId.SYSINFO:
                asked.set()
                await go_on.wait()
            await link.reply(frame, SystemInfo={"SoftWareVersion": "1"})

    async def further(_seen: Seen) -> Entered:
        raise AssertionError

    async with hostile.peer(script) as (host, port):
        connection = await entered(host, port, further)
        gone = asyncio.create_task(connection.be_sure())
        await asked.wait()
        acts = [asyncio.create_task(connection.request_raw(number, b"{}")) for number in (1400, 1450)]
        gone.cancel()  # and whoever asked first leaves
        await turns()
        assert seen == [MessageId.SYSINFO]
        go_on.set()
        await asyncio.gather(*acts)
        assert seen == [MessageId.SYSINFO, MessageId.SYSINFO, 1400, 1450]
        await connection.close()


def test_two_who_register_the_same_function_are_two() -> None:
    heard: list[int] = []
    callbacks: list[Callable[[int], None]] = []
    first = register(callbacks, heard.append)
    register(callbacks, heard.append)
    first()
    first()
    for each in callbacks:
        each(1)
    assert heard == [1]


async def test_a_listener_that_fails_does_not_replace_the_error_about_connections() -> None:
    async def answer(_link: Link, _id: int, _body: dict[str, Any]) -> dict[str, Any]:
        return {}

    def fails(_error: Any) -> None:
        raise ValueError

    async with scripted(answer) as device:
        budget = device.connection.budget
        budget.wait_s = 0.01
        forget = budget.on_refused(fails)
        slots = [await budget.take("a") for _ in range(budget.most)]
        with pytest.raises(NoConnectionError):
            await budget.take("one too many")
        forget()
        forget()
        for slot in slots:
            slot.release()


async def test_two_changes_of_one_object_at_once_are_both_kept() -> None:
    stored: dict[str, Any] = {"HostName": "a", "TCPPort": 34567, "TCPMaxConn": 10}
    written: list[dict[str, Any]] = []

    async def answer(_link: Link, message_id: int, body: dict[str, Any]) -> dict[str, Any]:
        if message_id == MessageId.CONFIG_SET:
            stored.update(body[body["Name"]])
            written.append(dict(stored))
            return {}
        return {"Name": "NetWork.NetCommon", "NetWork.NetCommon": dict(stored)}

    async with scripted(answer) as device:
        ensure = partial(device.settings.ensure, "NetWork.NetCommon")
        await asyncio.gather(ensure({"HostName": "b"}), ensure({"TCPMaxConn": 9}))
    assert (stored["HostName"], stored["TCPMaxConn"]) == ("b", 9)


async def test_alarms_that_are_disarmed_while_they_are_armed_are_not_armed() -> None:
    guarded, go_on = asyncio.Event(), asyncio.Event()

    async def script(link: Link) -> None:
        await link.accept_login()
        guard = await link.receive()
        guarded.set()
        unguard = await link.receive()
        await link.reply(unguard)
        await go_on.wait()
        await link.reply(guard)
        await link.gone()

    async with hostile.peer(script) as (host, port), Device(host, port, timeout_s=1) as device:
        arming = asyncio.create_task(device.alarms.arm())
        await guarded.wait()
        await device.alarms.disarm()
        go_on.set()
        assert not await arming
        assert not device.alarms.armed


async def test_an_arming_that_was_cut_short_is_made_up_for_by_the_next_reader() -> None:
    seen: list[int] = []

    async def answer(link: Link, message_id: int, _body: dict[str, Any]) -> dict[str, Any]:
        seen.append(message_id)
        if message_id == MessageId.GUARD:
            await link.push(MessageId.ALARM, {"AlarmInfo": {"Event": "VideoMotion", "Channel": 0}})
        return {}

    async with scripted(answer) as device:

        async def reader() -> None:
            async for _ in device.alarms.events():
                break

        async with device.connection.hold.alone():  # nobody else sends meanwhile
            first = asyncio.create_task(reader(), context=contextvars.Context())
            await turns()
        first.cancel()
        await asyncio.wait([first])
        assert seen == []
        async for event in device.alarms.events():
            assert event.channel == 0
            break
        assert seen == [MessageId.GUARD]


async def test_whoever_gives_up_before_his_turn_has_no_picture_taken() -> None:
    asked, go_on = asyncio.Event(), asyncio.Event()
    pictures = 0

    async def answer(link: Link, message_id: int, _body: dict[str, Any]) -> dict[str, Any] | None:
        nonlocal pictures
        if message_id == MessageId.SNAPSHOT:
            pictures += 1
            asked.set()
            await go_on.wait()
            await link.push(reply_of(message_id), {"Name": "OPSNAP", "Ret": 101})
            return None
        return {}

    async with scripted(answer) as device:
        first = asyncio.create_task(device.snapshot.take())
        await asked.wait()
        others = [asyncio.create_task(device.snapshot.take()) for _ in range(5)]
        await turns()
        for each in others:
            each.cancel()
        await turns()
        go_on.set()
        await asyncio.wait([first, *others])
        assert isinstance(first.exception(), UnsupportedError)
        await device.connection.request(MessageId.KEEPALIVE, "KeepAlive")
    assert pictures == 1


async def test_connections_end_though_their_close_is_cut_short() -> None:
    async def script(link: Link) -> None:
        await link.accept_login()
        await link.gone()

    async with hostile.peer(script) as (host, port):
        connection = await Connection.open(host, port)
        await connection.login("admin", "")
        closing = asyncio.create_task(connection.close())
        await asyncio.sleep(0)
        closing.cancel()
        await asyncio.wait([closing])
        assert connection.closed
        assert await asyncio.wait_for(connection.wait_closed(), 5) is None
