"""Cases 28 and 39: a move needs Preset 65535, only the stop takes -1; and no flag forbids a move."""

from __future__ import annotations

from typing import Any

import pytest

from dvrip_proto import DIRECTIONS
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
