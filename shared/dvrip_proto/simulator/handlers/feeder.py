"""Pet feeder: OPFeedManual, OPFeedBook, OPFeedHistory; other devices do not know them."""

from __future__ import annotations

from typing import Any, Final

from ...wire.ids import MessageId
from .request import ILLEGAL, OK, UNSUPPORTED, Answer, Handler, Request, number_of, reply

_MANUAL: Final = "OPFeedManual"
_BOOK: Final = "OPFeedBook"
_HISTORY: Final = "OPFeedHistory"


def _feeds(request: Request) -> bool:
    functions = request.state.abilities.get("SystemFunction", {}).get("OtherFunction", {})
    return bool(functions.get("SupportFeederFunction"))


def _feed(request: Request) -> Answer:
    if not _feeds(request):
        return reply(UNSUPPORTED)
    servings = number_of(request.member(_MANUAL).get("Servings"))
    if servings < 1:
        return reply(ILLEGAL, _MANUAL)
    return reply(OK, _MANUAL, OPFeedManual=request.state.feeder.feed(servings))


def _plan(request: Request) -> Answer:
    if not _feeds(request):
        return reply(UNSUPPORTED)
    return reply(OK, _BOOK, OPFeedBook={"FeedBook": request.state.feeder.plan})


def _change_plan(request: Request) -> Answer:
    if not _feeds(request):
        return reply(UNSUPPORTED)
    operation, feeder = request.member(_BOOK), request.state.feeder
    meals, action = _items(operation, "FeedBook"), operation.get("Action")
    if not meals or action not in ("Add", "Delete"):
        return reply(ILLEGAL, _BOOK)
    done = feeder.add(meals) if action == "Add" else feeder.remove("FeedBook", meals)
    return reply(OK if done else ILLEGAL, _BOOK)


def _history(request: Request) -> Answer:
    if not _feeds(request):
        return reply(UNSUPPORTED)
    return reply(OK, _HISTORY, OPFeedHistory={"FeedHistory": request.state.feeder.history})


def _change_history(request: Request) -> Answer:
    if not _feeds(request):
        return reply(UNSUPPORTED)
    operation = request.member(_HISTORY)
    entries = _items(operation, "FeedHistory")
    if operation.get("Action") != "Delete" or not entries:
        return reply(ILLEGAL, _HISTORY)
    return reply(OK if request.state.feeder.remove("FeedHistory", entries) else ILLEGAL, _HISTORY)


def _items(operation: dict[str, Any], member: str) -> list[dict[str, Any]]:
    items = operation.get(member)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


TABLE: Final[dict[int, Handler]] = {
    MessageId.FEED_MANUAL: _feed,
    MessageId.FEED_BOOK_GET: _plan,
    MessageId.FEED_BOOK_SET: _change_plan,
    MessageId.FEED_HISTORY_GET: _history,
    MessageId.FEED_HISTORY_SET: _change_history,
}
