"""Media for a server that this device has dialled: "Request" has it dial once more, and claim there."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Final

from ...wire.ids import MessageId
from ..registration import call_back
from .request import OK, Answer, Handler, Request

_CLAIM_IDS: Final = {
    MessageId.MONITOR: MessageId.MONITOR_CLAIM,
    MessageId.PLAYBACK: MessageId.PLAYBACK_CLAIM,
    MessageId.TALK: MessageId.TALK_CLAIM,
}


def calling_back(table: Mapping[int, Handler]) -> dict[int, Handler]:
    """The handlers of media, with what "Request" means to a device that has dialled."""
    return {
        message_id: _with_call(table[message_id], claim_id, table[claim_id])
        for message_id, claim_id in _CLAIM_IDS.items()
    }


def _with_call(handler: Handler, claim_id: int, bind: Handler) -> Handler:
    async def answered(request: Request) -> Answer:
        said = handler(request)
        answer = await said if inspect.isawaitable(said) else said
        agreed = isinstance(answer, dict) and answer.get("Ret") == OK
        if agreed and request.member(request.name).get("Action") == "Request":
            request.unit.spawn(call_back(request, claim_id, bind))
        return answer

    return answered
