"""Case 38: the AdminToken of the login goes back in every message about recordings, and in no other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from dvrip_proto import Device, Recording, RequestError
from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.wire.body import encode_reply
from dvrip_proto.wire.ids import MessageId
from tests.hostile import Link
from tests.rogue import FILE, Rogue, answer, body_of, members_of, rogue

RECORDING = Recording(name=FILE, begin=datetime(2021, 3, 4, 10), end=datetime(2021, 3, 4, 11))


class Noting(Rogue):
    """Gives a token at the login, and notes who sends it back."""

    def __init__(self, token: Any) -> None:
        super().__init__()
        self.token = token
        self.sent: list[tuple[int, Any]] = []

    async def script(self, link: Link) -> None:
        while True:
            request = await link.receive()
            body = body_of(request)
            self.sent.append((request.message_id, body.get("AdminToken")))
            members = members_of(request)
            if request.message_id == MessageId.LOGIN and self.token is not None:
                members["AdminToken"] = self.token
            await link.send(answer(request, encode_reply(members)))
            await self._follow(link, request.message_id, self._action(request))


@pytest.mark.parametrize(
    ("token", "sent_back"), [("dG9rZW4=", "dG9rZW4="), ("a b", "a b"), (None, None), ("", None), (7, None)]
)
async def test_the_token_goes_where_it_belongs(token: Any, sent_back: str | None) -> None:
    device = Noting(token)
    async with rogue(device, timeout_s=2) as client:
        await client.open()
        await client.system.info()
        async with client.recordings.download(RECORDING) as frames:
            assert [frame async for frame in frames]
        assert (sent_back or "no token") not in repr(client.login_reply)
    about = {told for message_id, told in device.sent if message_id in (1424, 1420)}
    others = {told for message_id, told in device.sent if message_id not in (1424, 1420)}
    assert (about, others) == ({sent_back}, {None})
    assert len([told for message_id, told in device.sent if message_id == 1420]) == 2, "start and stop"


async def test_a_simulated_device_insists_on_it() -> None:
    async with Simulator(profile="nvr", quirks=Quirks(playback_token="dG9rZW4=")) as sim:
        await sim.prepare_media()
        async with Device(sim.host, sim.port) as device:
            now = await device.system.time()
            recording = await anext(aiter(device.recordings.search(now - timedelta(days=1), now)))
            async with device.recordings.download(recording) as frames:
                assert await anext(frames)
            sim.quirks = Quirks(playback_token="another")
            with pytest.raises(RequestError, match="103"):
                async with device.recordings.download(recording):
                    pass
