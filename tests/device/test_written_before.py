"""A change that ends in the middle: the error says what the device took all the same."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from dvrip_proto import NotAppliedError, RequestError, RequestTimeoutError, UnsupportedError
from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.wire.ids import MessageId
from tests.device.conftest import PASSWORD, login, scripted
from tests.hostile import Link

DETECT = "Detect.MotionDetect"


class Recorder:
    """Ten channels, written one by one, as big recorders want it. `answers`: codes by a write's name."""

    def __init__(self, answers: dict[str, int | None], *, deaf: tuple[int, ...] = ()) -> None:
        self.answers = answers
        self.deaf = deaf
        self.tree = [{"Enable": False, "Level": 3} for _ in range(10)]
        self.reads = 0
        self.silent_after: int | None = None

    async def answer(self, _link: Link, message_id: int, body: dict[str, Any]) -> dict[str, Any] | None:
        name = str(body.get("Name"))
        if message_id == MessageId.CONFIG_GET and name == DETECT:
            self.reads += 1
            if self.silent_after is not None and self.reads > self.silent_after:
                return None
            return {DETECT: copy.deepcopy(self.tree)}
        if message_id != MessageId.CONFIG_SET:
            return {"ret": 607}
        code = self.answers.get(name, 100)
        if code == 100:
            elements = body[name] if name == DETECT else [body[name]]
            for at, element in enumerate(elements, 0 if name == DETECT else int(name[:-1].partition("[")[2])):
                if at not in self.deaf:
                    self.tree[at] = element
        return None if code is None else {"ret": code}


async def test_the_channels_that_are_written_before_a_refusal_are_told() -> None:
    recorder = Recorder({f"{DETECT}.[2]": 107})
    async with scripted(recorder.answer) as device:
        with pytest.raises(
            RequestError, match=f"{DETECT} channel 3: .*; written: {DETECT} channels 1, 2$"
        ) as refused:
            await device.settings.ensure(DETECT, {"Enable": True})
    assert (refused.value.channel, refused.value.ret) == (2, 107)
    assert refused.value.written == (f"{DETECT} channels 1, 2",)
    assert [each["Enable"] for each in recorder.tree] == [True] * 2 + [False] * 8


async def test_the_first_refusal_says_nothing_of_that() -> None:
    recorder = Recorder({f"{DETECT}.[0]": 107})
    async with scripted(recorder.answer) as device:
        with pytest.raises(RequestError) as refused:
            await device.settings.ensure(DETECT, {"Enable": True})
    assert refused.value.written == ()
    assert "; written" not in str(refused.value)


async def test_a_write_without_an_answer_tells_them_too() -> None:
    recorder = Recorder({f"{DETECT}.[1]": None})
    async with scripted(recorder.answer, timeout_s=0.3) as device:
        with pytest.raises(RequestTimeoutError, match=f"; written: {DETECT} channel 1$"):
            await device.settings.ensure(DETECT, {"Enable": True})


async def test_a_recorder_that_takes_neither_a_later_channel_nor_the_list_tells_them() -> None:
    recorder = Recorder({f"{DETECT}.[1]": 607, DETECT: 607})
    async with scripted(recorder.answer) as device:
        with pytest.raises(UnsupportedError, match=f"; written: {DETECT} channel 1$"):
            await device.settings.ensure(DETECT, {"Enable": True})


async def test_what_was_agreed_to_and_is_there_is_counted() -> None:
    recorder = Recorder({}, deaf=(3, 4))
    async with scripted(recorder.answer) as device:
        with pytest.raises(NotAppliedError, match="does not have it: channel 4: ") as refused:
            await device.settings.ensure(DETECT, {"Enable": True})
        assert refused.value.written == (f"{DETECT} (8 of 10 changes)",)
        with pytest.raises(NotAppliedError) as refused:
            await device.settings.ensure(DETECT, {"Enable": True})
    assert refused.value.written == (), "of two channels none was left"


async def test_a_change_that_cannot_be_read_back_was_agreed_to() -> None:
    recorder = Recorder({})
    recorder.silent_after = 1
    async with scripted(recorder.answer, timeout_s=0.3) as device:
        text = f"; the device agreed to {DETECT}, which is not read back$"
        with pytest.raises(RequestTimeoutError, match=text):
            await device.settings.ensure(DETECT, {"Enable": True})


class TestAccounts:
    @pytest.fixture
    def profile(self) -> str:
        return "ipc"

    async def test_what_is_beside_a_password_that_did_not_take_is_told(self, sim: Simulator) -> None:
        sim.quirks = Quirks(ignore_password_change=True)
        async with login(sim) as device:
            wanted = await device.users.plan_user("admin", memo="gate", password="another")
            with pytest.raises(
                NotAppliedError, match="the old one still counts.*; written: the rest of user admin$"
            ):
                await device.users.apply(wanted)
            with pytest.raises(NotAppliedError) as alone:
                await device.users.set_password("admin", "another")
            assert alone.value.written == ()
            assert (await device.users.get("admin")).memo == "gate"

    async def test_a_new_account_that_cannot_log_in_is_there(self, sim: Simulator) -> None:
        async with login(sim) as device:
            sim.quirks = Quirks(login_ret=203)
            with pytest.raises(NotAppliedError, match="; written: the rest of user guard$") as refused:
                await device.users.add("guard", group="user", password=PASSWORD)
            assert "the old one" not in str(refused.value), "it has no old one"
            assert await device.users.get("guard") is not None

    @pytest.mark.parametrize("name", ["admin", "bob"])
    async def test_a_password_without_an_answer_may_be_either(self, name: str) -> None:
        async def answer(_link: Link, message_id: int, _body: dict[str, Any]) -> dict[str, Any] | None:
            if message_id in (MessageId.PASSWORD_MODIFY, MessageId.USER_MODIFY):
                return None
            return {"Users": [{"Name": each, "AuthorityList": ["Account"]} for each in ("admin", "bob")]}

        async with scripted(answer, timeout_s=0.3) as device:
            with pytest.raises(RequestTimeoutError, match="; the old password or the new one may count$"):
                await device.users.set_password(name, "another")
