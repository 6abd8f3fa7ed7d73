"""What encryption new firmware offers before a login, and what older firmware makes of the question."""

from __future__ import annotations

from typing import Any

import pytest

from dvrip_proto import ProtocolError, RequestTimeoutError, TransportError, UnsupportedError, read_encryption
from dvrip_proto.simulator import Simulator
from dvrip_proto.wire.body import encode_reply
from dvrip_proto.wire.framer import pack
from dvrip_proto.wire.ids import MessageId
from tests import hostile
from tests.frames.vectors import vector

MODULUS = (1 << 1023) + 12345


def offering(**changes: Any) -> Any:
    real = vector("json-keyneg-1011")["json"]
    body = {**real, "PublicKey": f"{MODULUS:0256X},010001", **changes}

    async def script(link: hostile.Link) -> None:
        request = await link.receive()
        assert (request.message_id, request.body, request.header.session) == (1010, b"{}\n\0", 0)
        await link.send(pack(MessageId.KEY_NEGOTIATION_REPLY, encode_reply(body)))
        await link.gone()

    return hostile.peer(script)


async def test_the_real_offer() -> None:
    async with offering() as (host, port):
        offer = await read_encryption(host, port, timeout_s=2)
    assert (offer.algorithm, offer.key_bits) == ("RSA_V1.5", 1024)
    assert (offer.session_algorithm, offer.session_bits) == ("AES", 128)
    assert (offer.modulus, offer.exponent) == (MODULUS, 65537)
    assert {MessageId.LOGIN, MessageId.MONITOR_DATA, 3502} <= offer.plain_ids
    assert MessageId.SYSINFO not in offer.plain_ids


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"Ret": 102}, UnsupportedError),
        ({"Ret": 105}, UnsupportedError),
        ({"PublicKey": "what"}, ProtocolError),
        ({"PublicKey": None}, ProtocolError),
    ],
)
async def test_what_is_no_offer(changes: dict[str, Any], kind: type[Exception]) -> None:
    async with offering(**changes) as (host, port):
        with pytest.raises(kind, match=f"^{host}:{port}: "):
            await read_encryption(host, port, timeout_s=2)


async def test_missing_and_odd_members() -> None:
    async with offering(NotEncryptMsgID=["1000", -1, 7, None], Bits="many", EncryptAlgo=None) as (host, port):
        offer = await read_encryption(host, port, timeout_s=2)
    assert (offer.plain_ids, offer.key_bits) == (frozenset({7}), 0)
    async with offering(NotEncryptMsgID=None) as (host, port):
        assert (await read_encryption(host, port, timeout_s=2)).plain_ids == frozenset()


async def test_old_firmware_and_no_devices() -> None:
    async with Simulator() as sim:
        with pytest.raises(RequestTimeoutError, match="1010 KEY_NEGOTIATION"):
            await read_encryption(sim.host, sim.port, timeout_s=0.3)
    for peer in (hostile.http, hostile.closes_at_once, hostile.garbage, hostile.huge):
        async with peer() as (host, port):
            with pytest.raises((TransportError, ProtocolError)):
                await read_encryption(host, port, timeout_s=1)
    with hostile.refused_port() as port, pytest.raises(TransportError, match="refused"):
        await read_encryption("127.0.0.1", port)
