"""Case 23: a recorder takes a channel in OPTalk, or refuses it with 103 because it passes no sound on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from dvrip_proto import Device, RequestError, UnsupportedError
from dvrip_proto.wire.body import decode
from dvrip_proto.wire.ids import MessageId
from tests import hostile

TALK, TALK_CLAIM, SOUND = 1430, 1434, 1432


@asynccontextmanager
async def recorder(heard: list[dict[str, Any]], **refusals: int) -> AsyncIterator[Device]:
    """A recorder that notes every OPTalk and refuses the actions that are named."""

    async def script(link: hostile.Link) -> None:
        while True:
            frame = await link.receive()
            if frame.message_id == SOUND:
                continue
            body = decode(frame.body)
            if frame.message_id == MessageId.LOGIN:
                await link.reply(frame, AliveInterval=20, ChannelNum=4)
                continue
            wish = body.get("OPTalk", {})
            if wish:
                heard.append({"id": frame.message_id, **wish})
            await link.reply(frame, refusals.get(str(wish.get("Action")), 100))

    async with hostile.peer(script) as (host, port), Device(host, port, timeout_s=2) as device:
        yield device


@pytest.mark.parametrize("channel", [1, 0, 31])
async def test_claim_start_and_stop_carry_the_channel(channel: int) -> None:
    heard: list[dict[str, Any]] = []
    async with recorder(heard) as device, device.talk.open(channel=channel) as talk:
        await talk.send(bytes(320))
    assert [(said["id"], said["Action"], said["Channel"]) for said in heard] == [
        (TALK_CLAIM, "Claim", channel),
        (TALK, "Start", channel),
        (TALK, "Stop", channel),
    ]


async def test_a_talk_to_the_device_itself_names_no_channel() -> None:
    heard: list[dict[str, Any]] = []
    async with recorder(heard) as device, device.talk.open():
        pass
    assert len(heard) == 3
    assert all("Channel" not in said for said in heard)


@pytest.mark.parametrize("action", ["Claim", "Start"])
@pytest.mark.parametrize("ret", [103, 102, 605])
async def test_a_refused_channel_says_that_the_recorder_has_no_talk_by_channel(action: str, ret: int) -> None:
    heard: list[dict[str, Any]] = []
    async with recorder(heard, **{action: ret}) as device:
        with pytest.raises(UnsupportedError, match="this recorder has no talk by channel") as refused:
            async with device.talk.open(channel=1):
                pass
        assert refused.value.ret == ret
        assert not device.closed


async def test_a_refusal_without_a_channel_is_told_as_it_is() -> None:
    async with recorder([], Claim=103) as device:
        with pytest.raises(RequestError, match="illegal request") as refused:
            async with device.talk.open():
                pass
        assert "by channel" not in str(refused.value)


async def test_another_talker_is_no_missing_function() -> None:
    async with recorder([], Start=503) as device:
        with pytest.raises(RequestError, match="somebody else is talking") as refused:
            async with device.talk.open(channel=1):
                pass
        assert not isinstance(refused.value, UnsupportedError)
