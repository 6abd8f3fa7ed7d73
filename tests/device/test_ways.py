"""The ladder as a table: whatever is seen, it ends, repeats nothing, and keeps to what is allowed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvrip_proto import Device, UnsupportedError
from dvrip_proto.connection.ways import LADDER, POLICIES, Climb, Seen, Way
from dvrip_proto.wire.framer import pack
from tests import hostile
from tests.hostile import Link

IN_CLEAR = {Way.PLAIN, Way.VERSION_1, Way.CLAIM_FIRST, Way.LIGHT}


@given(st.sampled_from(list(POLICIES)), st.lists(st.sampled_from(list(Seen)), min_size=8, max_size=8))
def test_each_way_is_tried_once_and_only_what_is_allowed(policy: str, seen: list[Seen]) -> None:
    climb, taken = Climb(policy), []
    for each in seen:
        taken.append(climb.way)
        if not climb.step(each):
            break
    else:
        pytest.fail("no end")
    assert len(taken) == len(set(taken))
    assert set(taken) <= set(POLICIES[policy])
    if policy in ("always", "salted"):
        assert not IN_CLEAR & set(taken)


def test_light_is_for_devices_that_took_a_plain_login() -> None:
    for ways in LADDER.values():
        assert set(ways.values()) <= set(Way)
    refused = Climb("auto")
    assert refused.step(Seen.REFUSED)
    assert refused.way is Way.SALTED
    assert not refused.step(Seen.NO_OFFER)
    taken = Climb("auto")
    assert taken.step(Seen.EMPTY)
    assert taken.step(Seen.NO_OFFER)
    assert taken.way is Way.LIGHT


def test_what_was_met_is_kept() -> None:
    assert {way.value: way.policy for way in Way} == {
        "plain": "auto",
        "version_1": "auto",
        "claim_first": "auto",
        "salted": "salted",
        "encrypted": "always",
        "light": "light",
    }


def firmware(heard: list[tuple[int, int]], *, version: int, claim: bool) -> Any:
    """V5.06 on XM210: a login is answered empty, unless the header or a claim before it is as the app's."""

    async def script(link: Link) -> None:
        claimed = False
        while True:
            frame = await link.receive()
            heard.append((frame.message_id, frame.header.version))
            if frame.message_id == 1000 and frame.header.version < version and not claimed:
                await link.send(pack(1001, b""))
            elif frame.message_id == 1413:
                claimed = claim
                await link.reply(frame)
            else:
                told = {"SystemInfo": {"SerialNo": "abc"}} if frame.message_id == 1020 else {}
                await link.reply(frame, **told)

    return hostile.peer(script)


async def test_a_login_that_is_answered_empty_is_tried_with_version_1() -> None:
    heard: list[tuple[int, int]] = []
    async with firmware(heard, version=1, claim=False) as (host, port), Device(host, port) as device:
        assert (await device.system.info()).serial == "abc"
        assert (device.entry.way, device.entry.policy, device.entry.logins) == ("version_1", "auto", 2)
    assert [each for each in heard if each[0] == 1000] == [(1000, 0), (1000, 1)]
    assert {version for message_id, version in heard if message_id == 1002} == {1}


async def test_then_with_a_claim_before_it() -> None:
    heard: list[tuple[int, int]] = []
    async with firmware(heard, version=2, claim=True) as (host, port), Device(host, port) as device:
        assert (await device.system.info()).serial == "abc"
        assert (device.entry.way, device.entry.logins) == ("claim_first", 3)
    assert [message_id for message_id, _ in heard[:4]] == [1000, 1000, 1413, 1000]


async def test_firmware_that_takes_no_way_is_named() -> None:
    heard: list[tuple[int, int]] = []
    async with firmware(heard, version=2, claim=False) as (host, port):
        with pytest.raises(
            UnsupportedError, match="wants an encrypted login, or is not compatible"
        ) as caught:
            await Device(host, port).open()
    assert "does not speak DVRIP" not in str(caught.value)
    assert caught.value.encryption
    assert [message_id for message_id, _ in heard].count(1000) == 3
