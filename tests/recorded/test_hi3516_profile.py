"""The simulator's hi3516 beside the camera it is taken from: every answer, and each difference with its reason.

The recording is a sweep of every request with many names, part of it without a session.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

import pytest

from dvrip_proto.simulator import Simulator
from tests.recorded.facts import Fact, facts
from tests.recorded.test_ipc_profile import differences
from tests.simulator.raw import Raw

CAMERA: Final = "hi3516ev100-besder-2018"
_CLOCK: Final = "the clock runs"
_SWEPT: Final = "asked without a session, the camera told zeros and nulls"
_SCENE: Final = "the generated scene has its own codec, rate and sound"
_IDENTITY: Final = "another serial number: the recording has none"
DIFFERENT: Final = {
    "1020 SystemInfo/DeviceRunTime": _CLOCK,
    "1020 SystemInfo/SerialNo": _IDENTITY,
    "1020 StorageInfo": "it tells an empty slot as a disk of zeros, as r80x30 does; this one has no slot",
    "1452 OPTimeQuery": _CLOCK,
    "1042 Camera.Param/0": _SWEPT,
    "1042 General.General": _SWEPT,
    "1042 Simplify.Encode/0": _SCENE,
    "1044 Simplify.Encode/0": _SCENE,
    "1524 OPSystemUpgrade": "a push of an upgrade; what asks for it as a request is refused",
    "2016 OPVersionRep/FileSize": "two recordings, of two sizes",
    "1560 OPSNAP": "the camera ran into a timeout once; the simulated one takes a picture",
}
BOTH: Final = frozenset({"1424 OPPlayBack", "1520 OPSystemUpgrade", "2044 OPRecordSnap"})
"""Agreed to once and refused once, with bodies that the recording does not tell."""
EQUAL: Final = 47


@pytest.fixture
async def client() -> AsyncIterator[Raw]:
    async with Simulator(profile="hi3516") as device:
        client = await Raw.login(device)
        yield client
        client.writer.close()
        await client.writer.wait_closed()


async def _found(client: Raw, part: str, fact: Fact) -> set[str]:
    """Paths at which the simulated camera answers otherwise."""
    key = f"{fact.request} {fact.name}"
    value = await client.get(fact.name) if fact.request == 1040 else None
    reply = await client.named(fact.request, fact.name, value)
    if not reply.body.endswith(b"\n\0"):
        return {key}
    answer: dict[str, Any] = reply.json
    if part == "told":
        return set(differences(fact.value, answer.get(fact.name), key))
    return set() if answer["Ret"] == (100 if part == "agreed" else fact.value) else {key}


def _is_known(path: str) -> bool:
    return any(path == known or path.startswith(f"{known}/") for known in (*DIFFERENT, *BOTH))


async def test_every_answer_is_the_cameras_or_differs_for_a_reason(client: Raw) -> None:
    equal, seen = 0, set[str]()
    for part in ("told", "refused", "agreed"):
        for fact in facts(part, CAMERA):
            found = await _found(client, part, fact)
            assert not [path for path in found if not _is_known(path)], fact
            equal += not found
            seen |= found
    assert equal >= EQUAL
    unused = [known for known in (*DIFFERENT, *BOTH) if not any(path.startswith(known) for path in seen)]
    assert unused == [], "what is equal by now needs no reason"
