"""Cases 28 and 39: a move needs Preset 65535, only the stop takes -1; and no flag forbids a move."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from dvrip_proto import DIRECTIONS, UsageError
from dvrip_proto.features.ptz import Ptz
from dvrip_proto.wire.ids import MessageId
from tests import hostile
from tests.device.conftest import scripted

FLAGS = {"OtherFunction": {"SupportPTZDirectionControl": False}}


async def moved(direction: str, **functions: Any) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def answer(_link: hostile.Link, message_id: int, body: dict[str, Any]) -> dict[str, Any]:
        if message_id == MessageId.PTZ:
            sent.append(body["OPPTZControl"])
        return {"SystemFunction": functions} if message_id == MessageId.ABILITY_GET else {}

    async with scripted(answer) as device:
        await device.ptz.move(direction, duration_s=0.05)
    return sent


@pytest.mark.parametrize("direction", sorted(DIRECTIONS))
async def test_28_a_move_has_the_number_that_devices_obey_and_its_stop_another(direction: str) -> None:
    sent = await moved(direction)
    assert [message["Parameter"]["Preset"] for message in sent] == [65535, -1]
    assert len({message["Command"] for message in sent}) == 1


@pytest.mark.parametrize("direction", ["left", "up"])
async def test_39_a_flag_that_says_no_motor_forbids_nothing(direction: str) -> None:
    assert len(await moved(direction, **FLAGS)) == 2


async def moves_of(refused: int | None = None, *, stop_it: bool = False) -> tuple[list[int], bool]:
    """The numbers of a movement of 0.6 s whose start is sent again every 0.1 s, and whether it failed."""
    sent: list[int] = []
    heard = asyncio.Event()

    async def answer(_link: hostile.Link, message_id: int, body: dict[str, Any]) -> dict[str, Any]:
        if message_id == MessageId.PTZ:
            sent.append(body["OPPTZControl"]["Parameter"]["Preset"])
            if len(sent) == 2:
                heard.set()
            if len(sent) == refused:
                return {"ret": 103}
        return {}

    async with scripted(answer) as device:
        moving = asyncio.create_task(device.ptz.move("left", duration_s=0.6, again_s=0.1))
        if stop_it:
            await heard.wait()
            await device.ptz.stop("left")
        await asyncio.wait({moving})
        return sent, moving.exception() is not None


async def test_a_drive_that_stops_by_itself_is_started_again_until_its_time_is_over() -> None:
    """A client of a Sunba 405-D20X sends the start every 0.2 s: "movement requires continuous commands"."""
    sent, failed = await moves_of()
    assert not failed
    assert len(sent) > 2
    assert sent == [65535] * (len(sent) - 1) + [-1]


async def test_who_stops_it_meanwhile_is_obeyed() -> None:
    sent, failed = await moves_of(stop_it=True)
    assert not failed
    stopped = sent.index(-1)
    assert 65535 not in sent[stopped + 2 :], "one start may be on its way already"


@pytest.mark.parametrize(("refused", "sent"), [(1, [65535]), (3, [65535, 65535, 65535, -1])])
async def test_a_refusal_is_told_and_what_moves_is_stopped(refused: int, sent: list[int]) -> None:
    assert await moves_of(refused) == (sent, True)


async def test_a_start_again_at_once_is_a_mistake() -> None:
    with pytest.raises(UsageError, match=r"sent again after 0\.1 s at the earliest, not 0"):
        await Ptz(cast("Any", SimpleNamespace(where="h:1"))).move("left", again_s=0)
