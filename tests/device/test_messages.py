"""Messages of which nobody has published what they carry: sent as they are, answered as devices do."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from dvrip_proto import Device, ProtocolError, RequestTimeoutError, TransportError, UsageError
from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.wire.framer import pack
from dvrip_proto.wire.ids import MEDIA_IDS, NEVER_SENT, MessageId, reply_of
from tests import hostile
from tests.device.conftest import login, scripted
from tools.message_table import CALLS, RAW

UNKNOWN = sorted(int(message) for message, call in CALLS.items() if call is RAW)
# What a real camera answers to each (Besder V4.02.R12); None is silence, 102 what it says to all others.
ANSWERS: dict[int, int | None] = {
    1054: 117,
    1436: None,
    1490: None,
    1600: 103,
    1642: 101,
    1648: 100,
    1650: 103,
    1652: 0,
    1774: -1,
    1640: 100,
    1646: 100,
    2000: 517,
    2016: 514,
    2036: 101,
    2038: 103,
    2044: 101,
}


@pytest.fixture(params=["hi3516"])
def profile(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("message_id", UNKNOWN)
async def test_every_unknown_message_is_sent_and_answered(
    sim: Simulator, device: Device, message_id: int
) -> None:
    expected = ANSWERS.get(message_id, 102)
    if expected is None:
        with pytest.raises(RequestTimeoutError, match=f"no reply to {message_id}"):
            await device.messages.send(message_id, "Anything", {"a": 1}, timeout_s=0.15)
    else:
        reply = await device.messages.send(message_id, "Anything", {"a": 1}, extra={"More": 2})
        assert (reply.message_id, reply.ret) == (reply_of(message_id), expected)
    assert not device.closed
    assert (message_id, "Anything", "admin") in sim.requests
    assert await device.system.time()


async def test_what_is_sent_and_what_comes_back() -> None:
    seen: list[tuple[int, dict[str, Any]]] = []

    async def answer(_link: hostile.Link, message_id: int, body: dict[str, Any]) -> dict[str, Any]:
        seen.append((message_id, body))
        return {"DevInfo": {"Model": "x"}, "ret": 7}

    async with scripted(answer) as device:
        reply = await device.messages.send(MessageId.DEVICE_INFO, "DevInfo")
        assert (reply.ret, reply.name, reply.body["DevInfo"]) == (7, "DevInfo", {"Model": "x"})
        await device.messages.send(2088, "Op", None, extra={"Other": [1]})
        await device.messages.send_raw(3016, b'{"Name":"Bare"}')
    assert [body for message_id, body in seen if message_id > 2000] == [
        {"Name": "DevInfo", "SessionID": "0x0000000B"},
        {"Name": "Op", "Op": None, "Other": [1], "SessionID": "0x0000000B"},
        {"Name": "Bare"},
    ]


async def test_bytes_go_out_as_they_are_and_come_back_as_they_are() -> None:
    async def script(link: hostile.Link) -> None:
        await link.accept_login()
        await link.reply(
            await link.receive(), SystemInfo={"SerialNo": "a"}
        )  # in clear: no other way is tried
        request = await link.receive()
        assert (request.message_id, request.body) == (MessageId.THUMBNAIL, b"\0\1\2")
        await link.send(pack(MessageId.THUMBNAIL_REPLY, b"\xff\xd8picture"))
        request = await link.receive()
        await link.send(pack(reply_of(request.message_id), b"\xff\xd8no JSON where JSON is due"))
        await link.gone()

    async with hostile.peer(script) as (host, port), Device(host, port, timeout_s=2) as device:
        reply = await device.messages.send_raw(MessageId.THUMBNAIL, b"\0\1\2")
        assert (reply.raw, reply.ret, reply.body) == (b"\xff\xd8picture", None, {})
        with pytest.raises(ProtocolError, match="2088"):
            await device.messages.send(2088)


@pytest.mark.parametrize("message_id", [*NEVER_SENT, -1, 65535, 100_000])
async def test_what_is_never_sent(sim: Simulator, device: Device, message_id: int) -> None:
    for sending in (device.messages.send(message_id), device.messages.send_raw(message_id, b"")):
        with pytest.raises(UsageError, match=f"^{device.connection.where}: .*{message_id}"):
            await sending
    assert message_id not in [number for number, _, _ in sim.requests]
    assert {999, 1008, 1009, 1052, 1660, 2040} <= NEVER_SENT.keys()


@pytest.mark.parametrize(
    "message_id",
    [MessageId.LOGIN, MessageId.LOGOUT, MessageId.MONITOR_CLAIM, MessageId.UPGRADE_DATA, *sorted(MEDIA_IDS)],
)
async def test_what_belongs_to_the_connection(device: Device, message_id: int) -> None:
    with pytest.raises(UsageError, match="has a call of its own"):
        await device.messages.send(message_id)
    assert not device.closed


async def test_a_device_that_goes_away_meanwhile(sim: Simulator) -> None:
    sim.quirks = Quirks(reset_on=frozenset({2088}))
    async with login(sim) as device:
        with pytest.raises(TransportError):
            await device.messages.send(2088)
        async with asyncio.timeout(2):
            await device.wait_closed()
        with pytest.raises(TransportError):
            await device.messages.send(2088)
