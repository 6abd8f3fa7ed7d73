"""A device that says that it sends no further stream: 123, and 122 through the maker's cloud.

Source: the vendor's header of messages and codes, in a public camera firmware that is built on it (lhySilver/rk_gb,
Include/NetIP/MsgDef.h); its library has them as its errors -11204 and -11207.
"""

from __future__ import annotations

import pytest

from dvrip_proto import NoConnectionError
from dvrip_proto.wire.body import encode_reply
from dvrip_proto.wire.framer import Frame
from dvrip_proto.wire.ids import MessageId
from tests.hostile import Link
from tests.rogue import Rogue, answer, rogue

pytestmark = pytest.mark.usefixtures("no_leaks")


@pytest.mark.parametrize("ret", [122, 123])
@pytest.mark.parametrize(
    ("message_id", "action"), [(MessageId.MONITOR_CLAIM, "Claim"), (MessageId.MONITOR, "Start")]
)
async def test_it_has_no_free_connection(ret: int, message_id: int, action: str) -> None:
    async def full(link: Link, request: Frame) -> None:
        await link.send(answer(request, encode_reply({"Name": "OPMonitor", "Ret": ret, "SessionID": "0x2A"})))

    async with rogue(Rogue(message_id=message_id, action=action, twist=full), timeout_s=2) as device:
        await device.open()
        with pytest.raises(NoConnectionError, match="channel 1 Main: .*sends no further stream") as caught:
            async with device.monitor.open():
                pass
        assert caught.value.holders == device.connection.budget.held == ()
        assert not device.closed
