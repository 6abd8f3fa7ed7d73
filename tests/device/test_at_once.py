"""Two callers change one thing at once, by every door: both changes are kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from copy import deepcopy
from typing import Any

import pytest

from dvrip_proto import DangerError, Device, UsageError
from dvrip_proto.connection.turn import Turn
from dvrip_proto.features.outputs import OutputMode
from tests.device.conftest import scripted
from tests.hostile import Link

COMMON = "NetWork.NetCommon"
FILTER = "NetWork.NetIPFilter"
RIGHTS = ["Account", "Monitor_01", "Replay_01"]


class Store:
    """A device that keeps objects and accounts, and how often it was asked for each."""

    def __init__(self) -> None:
        self.objects: dict[str, Any] = {
            COMMON: {"HostName": "a", "TCPPort": 34567, "TCPMaxConn": 10, "MonMode": "TCP"},
            FILTER: {"Enable": False, "Banned": [], "Trusted": ["0x0100007F"]},
            "Alarm.AlarmOut": [{"AlarmOutType": "AUTO"}, {"AlarmOutType": "AUTO"}],
        }
        bob = {"Name": "bob", "Group": "user", "Memo": "", "Sharable": True, "AuthorityList": ["Monitor_01"]}
        boss = {"Name": "admin", "Group": "admin", "Memo": "", "Sharable": True, "AuthorityList": RIGHTS}
        self.users = {"admin": boss, "bob": bob}
        self.groups = {
            "admin": {"Name": "admin", "Memo": "", "AuthorityList": RIGHTS},
            "user": {"Name": "user", "Memo": "", "AuthorityList": RIGHTS[1:]},
        }
        self.asked: list[int] = []
        self.before_write: Callable[[], Awaitable[None]] | None = None

    async def answer(self, _link: Link, message_id: int, body: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(message_id)
        name = body.get("Name", "")
        match message_id:
            case 1042:
                return {name: deepcopy(self.objects[name])} if name in self.objects else {"ret": 607}
            case 1040:
                self.objects[name] = body[name]
            case 1472:
                return {"Users": deepcopy([*self.users.values()])}
            case 1468 | 1474:
                return {"Groups": deepcopy([*self.groups.values()])}
            case 1470:
                return {"AuthorityList": RIGHTS}
            case 1484:
                self.users[body["UserName"]] = body["User"]
            case 1478:
                self.groups[body["GroupName"]] = body["Group"]
            case 1486:
                self.users.pop(name)
        return {}


@asynccontextmanager
async def stored() -> AsyncIterator[tuple[Device, Store]]:
    store = Store()
    async with scripted(store.answer) as device:
        yield device, store


async def test_plans_that_were_made_side_by_side_do_not_undo_each_other() -> None:
    async with stored() as (device, store):
        first = await device.settings.plan(COMMON, {"HostName": "b"})
        second = await device.settings.plan(COMMON, {"TCPMaxConn": 9})
        await device.settings.apply(first)
        await device.settings.apply(second)
    assert (store.objects[COMMON]["HostName"], store.objects[COMMON]["TCPMaxConn"]) == ("b", 9)


async def test_plan_and_apply_by_hand_of_two_callers_at_once_keep_both_changes() -> None:
    async with stored() as (device, store):

        async def change(wish: dict[str, Any]) -> None:
            await device.settings.apply(await device.settings.plan(COMMON, wish))

        await asyncio.gather(change({"HostName": "b"}), change({"TCPMaxConn": 9}), change({"MonMode": "UDP"}))
    assert store.objects[COMMON] | {"TCPPort": 0} == {
        "HostName": "b",
        "TCPPort": 0,
        "TCPMaxConn": 9,
        "MonMode": "UDP",
    }


async def test_a_plan_of_a_part_keeps_what_was_written_to_the_whole() -> None:
    async with stored() as (device, store):
        store.objects["NetWork"] = {"NetCommon": store.objects[COMMON]}
        part = await device.settings.plan(COMMON, {"HostName": "b"})
        await device.settings.ensure("NetWork", {"NetCommon": {"TCPMaxConn": 9}})
        store.objects[COMMON] = store.objects["NetWork"]["NetCommon"]
        await device.settings.apply(part)
    assert store.objects[COMMON]["TCPMaxConn"] == 9


async def test_two_plans_that_lock_out_only_together_are_refused_at_the_second() -> None:
    async with stored() as (device, store):
        filter_on = await device.settings.plan(FILTER, {"Enable": True})
        only_others = await device.settings.plan(FILTER, {"Trusted": ["10.9.9.9"]})
        assert filter_on.dangers == only_others.dangers == ()
        await device.settings.apply(only_others)
        with pytest.raises(DangerError):
            await device.settings.apply(filter_on)
    assert store.objects[FILTER]["Enable"] is False


async def test_what_nobody_else_has_written_is_not_read_once_more() -> None:
    async with stored() as (device, store):
        plan = await device.settings.plan(COMMON, {"HostName": "b"})
        await device.settings.ensure("Alarm.AlarmOut", {"AlarmOutType": "MANUAL"}, channel=0)
        store.asked.clear()
        await device.settings.apply(plan)
    assert store.asked[:2] == [1040, 1042]


async def test_outputs_that_are_switched_at_once_with_their_object_keep_both() -> None:
    async with stored() as (device, store):
        await asyncio.gather(
            device.outputs.switch(0, OutputMode.ON),
            device.settings.ensure("Alarm.AlarmOut", [{}, {"AlarmOutType": "CLOSE"}]),
        )
    assert [each["AlarmOutType"] for each in store.objects["Alarm.AlarmOut"]] == ["MANUAL", "CLOSE"]


async def test_two_changes_of_one_account_at_once_are_both_kept() -> None:
    async with stored() as (device, store):
        users = device.users
        await asyncio.gather(
            users.modify("bob", memo="porter"),
            users.modify("bob", authorities=["Monitor_01", "Replay_01"]),
            users.modify("bob", sharable=False),
        )
    bob = store.users["bob"]
    assert (bob["Memo"], bob["Sharable"], set(bob["AuthorityList"])) == ("porter", False, set(RIGHTS[1:]))


async def test_two_changes_of_one_group_at_once_are_both_kept() -> None:
    async with stored() as (device, store):
        await asyncio.gather(
            device.users.modify_group("user", memo="porters"),
            device.users.modify_group("user", authorities=["Monitor_01"]),
        )
    assert store.groups["user"] == {"Name": "user", "Memo": "porters", "AuthorityList": ["Monitor_01"]}


async def test_account_plans_made_side_by_side_do_not_undo_each_other() -> None:
    async with stored() as (device, store):
        first = await device.users.plan_user("bob", memo="porter")
        second = await device.users.plan_user("bob", sharable=False)
        await device.users.apply(first)
        await device.users.apply(second)
    assert (store.users["bob"]["Memo"], store.users["bob"]["Sharable"]) == ("porter", False)


async def test_two_removals_planned_side_by_side_leave_an_administrator() -> None:
    async with stored() as (device, store):
        for name in ("carl", "dora"):
            store.users[name] = {**store.users["bob"], "Name": name, "AuthorityList": ["Account"]}
        store.users["admin"]["AuthorityList"] = []
        plans = [await device.users.plan_removal(name) for name in ("carl", "dora")]
        await device.users.apply(plans[0])
        with pytest.raises(UsageError, match="dora is the last administrator"):
            await device.users.apply(plans[1])
    assert "dora" in store.users


async def test_a_change_of_an_account_that_was_removed_meanwhile_makes_none() -> None:
    async with stored() as (device, store):
        plan = await device.users.plan_user("bob", memo="porter")
        await device.users.remove("bob")
        with pytest.raises(UsageError, match="user bob was removed since this was planned"):
            await device.users.apply(plan)
    assert "bob" not in store.users


async def test_a_group_that_shrinks_is_checked_against_accounts_that_grew_meanwhile() -> None:
    async with stored() as (device, store):
        plan = await device.users.plan_group("user", authorities=["Monitor_01"])
        await device.users.modify("bob", authorities=RIGHTS[1:])
        with pytest.raises(UsageError, match="its user bob has Replay_01"):
            await device.users.apply(plan)
    assert store.groups["user"]["AuthorityList"] == RIGHTS[1:]


async def test_who_holds_the_turn_may_plan_and_apply_in_it_and_so_may_its_children() -> None:
    async with stored() as (device, store), asyncio.timeout(2):
        async with device.settings.turn:
            plan = await device.settings.plan(COMMON, {"HostName": "b"})
            await asyncio.create_task(device.settings.apply(plan))
            await device.settings.ensure(COMMON, {"TCPMaxConn": 9})
            await device.users.modify("bob", memo="porter")
        await device.settings.ensure(COMMON, {"HostName": "c"})
    assert (store.objects[COMMON]["HostName"], store.users["bob"]["Memo"]) == ("c", "porter")


async def test_a_turn_that_was_cancelled_is_free_again() -> None:
    turn, reached = Turn(), asyncio.Event()

    async def hold() -> None:
        async with turn:
            reached.set()
            await asyncio.sleep(60)

    holder, waiter = asyncio.create_task(hold()), asyncio.create_task(hold())
    await reached.wait()
    waiter.cancel()
    holder.cancel()
    await asyncio.gather(holder, waiter, return_exceptions=True)
    async with asyncio.timeout(1), turn:
        pass


async def test_turns_of_two_devices_are_apart() -> None:
    one, other = Turn(), Turn()
    async with asyncio.timeout(1), one, other, one, other:
        pass
    assert not one.stale("Record", 0)
    one.wrote("Record.Plan")
    assert one.stale("Record", 0)
    assert one.stale("Record.Plan.Mask", 0)
    assert not one.stale("Record.Other", 0)
    assert not one.stale("Record", 1)
    other.wrote()
    assert other.stale("anything", 0)
