"""Pet feeders: by hand, by the clock, and what was fed."""

from __future__ import annotations

import copy
from datetime import datetime, time
from typing import Any

import pytest

from dvrip_proto import (
    Device,
    Fed,
    Feeding,
    Meal,
    ProtocolError,
    RequestError,
    RequestTimeoutError,
    UnsupportedError,
    UsageError,
)
from dvrip_proto.simulator import Simulator
from dvrip_proto.wire.ids import MessageId
from tests import hostile
from tests.device.conftest import scripted
from tests.frames.vectors import vector

NOTED = datetime(2018, 4, 1, 12, 19, 18)


@pytest.fixture(params=["ipc"])
def profile(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def feeder(sim: Simulator) -> Simulator:
    functions = sim.state.abilities["SystemFunction"] = copy.deepcopy(sim.state.abilities["SystemFunction"])
    functions["OtherFunction"]["SupportFeederFunction"] = True
    return sim


async def test_feeding_by_hand(feeder: Simulator, device: Device) -> None:
    assert await device.feeder.feed(3) == Fed(servings=3, missing=0)
    feeder.state.feeder.left = 1
    assert await device.feeder.feed(2) == Fed(servings=1, missing=1)
    assert [(each.servings, each.by_hand) for each in await device.feeder.history()] == [(3, True), (1, True)]
    for servings in (0, -1, 100):
        with pytest.raises(UsageError, match="servings"):
            await device.feeder.feed(servings)


async def test_the_plan(feeder: Simulator, device: Device) -> None:
    assert await device.feeder.plan() == []
    evening, morning = (
        Meal(at=time(21), noted=NOTED),
        Meal(at=time(6, 30), servings=5, enabled=False, noted=NOTED),
    )
    await device.feeder.add(evening)
    await device.feeder.add(morning)
    assert await device.feeder.plan() == [morning, evening]
    assert feeder.state.feeder.plan[0] == {
        "Enable": 1,
        "RecDate": "2018-04-01",
        "RecTime": "12:19:18",
        "Servings": 1,
        "Time": "21:00:00",
    }
    await device.feeder.remove(evening)
    assert await device.feeder.plan() == [morning]
    with pytest.raises(RequestError):
        await device.feeder.remove(evening)
    await device.feeder.add(Meal(at=time(12)))
    assert (await device.feeder.plan())[1].noted is not None
    with pytest.raises(UsageError):
        await device.feeder.add(Meal(at=time(12), servings=0))


async def test_the_history(feeder: Simulator, device: Device) -> None:
    feeder.state.feeder.history = [
        {"Date": "2022-08-29", "Servings": 1, "Time": "18:49:45", "Type": 2},
        {"Date": "2022-08-26", "Servings": 3, "Time": "07:30:12", "Type": 1},
    ]
    by_clock = Feeding(when=datetime(2022, 8, 26, 7, 30, 12), servings=3, by_hand=False)
    by_hand = Feeding(when=datetime(2022, 8, 29, 18, 49, 45), servings=1, by_hand=True)
    assert await device.feeder.history() == [by_clock, by_hand]
    await device.feeder.forget(by_clock)
    assert await device.feeder.history() == [by_hand]
    with pytest.raises(RequestError):
        await device.feeder.forget(by_clock)


async def test_a_device_that_feeds_nobody(sim: Simulator, device: Device) -> None:
    with pytest.raises(UnsupportedError):
        await device.feeder.feed()
    with pytest.raises(UnsupportedError):
        await device.feeder.plan()
    with pytest.raises(UnsupportedError):
        await device.feeder.history()
    with pytest.raises(UnsupportedError):
        await device.feeder.add(Meal(at=time(1)))
    with pytest.raises(UnsupportedError):
        await device.feeder.forget(Feeding(when=NOTED, servings=1, by_hand=True))


async def test_the_real_reply_and_strange_ones() -> None:
    real = vector("json-feeder")["json"]
    strange: list[Any] = [1, {}, {"Time": "noon"}, {"Time": "03:00:00", "Servings": "2", "Enable": "1"}]
    fed: list[dict[str, Any]] = [real["OPFeedManual"], {}]

    async def answer(_link: hostile.Link, message_id: int, _body: object) -> dict[str, Any]:
        return {
            MessageId.FEED_MANUAL: {"OPFeedManual": fed.pop(0)} if fed else {},
            MessageId.FEED_BOOK_GET: {"OPFeedBook": {"FeedBook": strange}},
            MessageId.FEED_HISTORY_GET: {"OPFeedHistory": None},
        }.get(message_id, {})

    async with scripted(answer) as device:
        assert await device.feeder.feed() == Fed(servings=1, missing=0)
        assert await device.feeder.plan() == [Meal(at=time(3), servings=2, enabled=True)]
        assert await device.feeder.history() == []
        fed[:] = []
        with pytest.raises(ProtocolError, match="does not tell what it fed"):
            await device.feeder.feed()


async def test_a_feeder_that_never_answers_about_its_history() -> None:
    """A public client of iCSee's feeders (icsee_feeder) asks for plan and history, and feeds without them."""

    async def answer(_link: hostile.Link, message_id: int, _body: object) -> dict[str, Any] | None:
        if message_id == MessageId.FEED_HISTORY_GET:
            return None
        return {"OPFeedManual": {"Feeded": 1, "NotFeeding": 0}, "OPFeedBook": {"FeedBook": []}}

    async with scripted(answer, timeout_s=0.3) as device:
        with pytest.raises(RequestTimeoutError):
            await device.feeder.history()
        assert not device.closed
        assert await device.feeder.feed() == Fed(servings=1, missing=0)
        assert await device.feeder.plan() == []


async def test_other_spellings_of_the_history() -> None:
    items = [
        {"RecDate": "2022-08-29", "RecTime": "18:49:45", "Servings": 1, "Type": 2},
        {"Date": "2022/8/26", "Time": "7:30", "Servings": "3", "Type": 1},
        {"Date": "2022-08-26", "Servings": 3},
    ]

    async def answer(_link: hostile.Link, message_id: int, _body: object) -> dict[str, Any]:
        return {"OPFeedHistory": items} if message_id == MessageId.FEED_HISTORY_GET else {}

    async with scripted(answer) as device:
        assert await device.feeder.history() == [
            Feeding(when=datetime(2022, 8, 26, 7, 30), servings=3, by_hand=False),
            Feeding(when=datetime(2022, 8, 29, 18, 49, 45), servings=1, by_hand=True),
        ]
