"""Case 20: new firmware answers a login without JSON until a claim came before it; then all is clear."""

from __future__ import annotations

import pytest

from dvrip_proto import Device, DvripError
from dvrip_proto.wire.body import encode_reply
from dvrip_proto.wire.framer import pack
from tests import hostile
from tests.hostile import Link

OFFER = {"Name": "OPMonitor", "Ret": 100, "SessionID": "0x0001869F"}


@pytest.mark.parametrize("answer", [b"", b"\0", b"{}"])
async def test_a_claim_before_the_login_opens_it(answer: bytes) -> None:
    order: list[list[int]] = []

    async def script(link: Link) -> None:
        order.append([])
        while True:
            request = await link.receive()
            order[-1].append(request.message_id)
            if request.message_id == 1413:
                await link.send(pack(1414, encode_reply(OFFER), version=1))
            elif request.message_id == 1000 and 1413 not in order[-1]:
                await link.send(pack(1001, answer, version=1))
            else:
                await link.reply(request, SystemInfo={"SerialNo": "abc"})

    async with hostile.peer(script) as (host, port), Device(host, port, timeout_s=2) as device:
        assert (await device.system.info()).serial == "abc"
        assert device.entry.way == "claim_first"
    assert [1413, 1000] in [messages[:2] for messages in order]
    assert sum(messages.count(1000) for messages in order) <= 3


async def test_firmware_that_answers_nothing_to_any_way_is_called_by_its_name() -> None:
    async def script(link: Link) -> None:
        while True:
            request = await link.receive()
            await link.send(pack(request.message_id + 1, b"", version=1))

    async with hostile.peer(script) as (host, port):
        with pytest.raises(DvripError) as caught:
            await Device(host, port, timeout_s=2).open()
    assert "encrypt" in str(caught.value)
