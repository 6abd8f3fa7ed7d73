"""Pet feeders with a camera: feed now, meals by the clock, and what was fed.

From the readme of python-dvr, with real replies. SystemFunction says SupportFeederFunction on such a device.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final

from ...connection import Connection
from ...errors import ProtocolError, UsageError
from ...values import Json, count, number
from ...wire.ids import MessageId
from ..times import parse_time

_MANUAL: Final = "OPFeedManual"
_BOOK: Final = "OPFeedBook"
_HISTORY: Final = "OPFeedHistory"
_SERVINGS: Final = range(1, 100)
_BY_HAND: Final = 2
_DAY: Final = "%Y-%m-%d"
_CLOCK: Final = "%H:%M:%S"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fed:
    """What came of feeding by hand: servings given, and servings that were not."""

    servings: int
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Meal:
    """A meal of every day; `noted` is when it was put into the plan."""

    at: time
    servings: int = 1
    enabled: bool = True
    noted: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeding:
    """Servings that were given, by the device's own clock."""

    when: datetime
    servings: int
    by_hand: bool


class Feeder:
    """Feeds, and keeps the plan."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def feed(self, servings: int = 1) -> Fed:
        """Give servings now."""
        self._check(servings)
        reply = await self._connection.request(MessageId.FEED_MANUAL, _MANUAL, {"Servings": servings})
        told = reply.body.get(_MANUAL)
        if not isinstance(told, dict):
            raise ProtocolError(f"{self._connection.where}: {_MANUAL}: the device does not tell what it fed")
        return Fed(servings=count(told.get("Feeded")), missing=count(told.get("NotFeeding")))

    async def plan(self) -> list[Meal]:
        """Meals by the clock, sorted."""
        meals = [_meal(item) for item in await self._list(MessageId.FEED_BOOK_GET, _BOOK, "FeedBook")]
        return sorted((meal for meal in meals if meal is not None), key=lambda meal: (meal.at, meal.servings))

    async def add(self, meal: Meal) -> None:
        """Put a meal into the plan. What the plan has is found by its time: `remove` the old one first."""
        await self._change(meal, "Add")

    async def remove(self, meal: Meal) -> None:
        """Take a meal, as `plan` tells it, out of the plan."""
        await self._change(meal, "Delete")

    async def history(self) -> list[Feeding]:
        """What was fed, the oldest first."""
        items = await self._list(MessageId.FEED_HISTORY_GET, _HISTORY, "FeedHistory")
        feedings = [_feeding(item) for item in reversed(items)]  # the device lists the newest first
        return sorted((each for each in feedings if each is not None), key=lambda each: each.when)

    async def forget(self, feeding: Feeding) -> None:
        """Take an entry, as `history` tells it, out of the history."""
        item = {
            "Date": feeding.when.strftime(_DAY),
            "Servings": feeding.servings,
            "Time": feeding.when.strftime(_CLOCK),
            "Type": _BY_HAND if feeding.by_hand else 1,
        }
        await self._connection.request(
            MessageId.FEED_HISTORY_SET, _HISTORY, {"Action": "Delete", "FeedHistory": [item]}
        )

    async def _change(self, meal: Meal, action: str) -> None:
        self._check(meal.servings)
        noted = meal.noted or datetime.now()
        item = {
            "Enable": int(meal.enabled),
            "RecDate": noted.strftime(_DAY),
            "RecTime": noted.strftime(_CLOCK),
            "Servings": meal.servings,
            "Time": meal.at.strftime(_CLOCK),
        }
        await self._connection.request(MessageId.FEED_BOOK_SET, _BOOK, {"Action": action, "FeedBook": [item]})

    async def _list(self, message_id: int, name: str, member: str) -> list[Mapping[str, Json]]:
        # Optional: there are feeders that take the question of the history and never answer it.
        told = (await self._connection.request(message_id, name, optional=True)).body.get(name)
        items = told.get(member) if isinstance(told, dict) else told
        return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []

    def _check(self, servings: int) -> None:
        if servings not in _SERVINGS:
            raise UsageError(f"{self._connection.where}: {servings} servings are not possible: 1 to 99")


def _meal(item: Mapping[str, Json]) -> Meal | None:
    at = _moment("2000-01-01", item.get("Time"))
    if at is None:
        return None
    return Meal(
        at=at.time(),
        servings=count(item.get("Servings")),
        enabled=bool(number(item.get("Enable"))),
        noted=_moment(item.get("RecDate"), item.get("RecTime")),
    )


def _feeding(item: Mapping[str, Json]) -> Feeding | None:
    # Some devices spell the moment of a feeding as that of a plan.
    when = _moment(item.get("Date"), item.get("Time")) or _moment(item.get("RecDate"), item.get("RecTime"))
    if when is None:
        return None
    by_hand = number(item.get("Type")) == _BY_HAND
    return Feeding(when=when, servings=count(item.get("Servings")), by_hand=by_hand)


def _moment(day: Json, clock: Json) -> datetime | None:
    return parse_time(f"{day} {clock}")
