"""What the login with a new password proves: a refusal of the password, or nothing.

Codes as the vendor's library has them: 203 is a wrong password, 205 an account that is locked after too many of
them (whoever tried them), 206 an address or account on the block list, 107 no right to log in.
"""

from __future__ import annotations

import pytest

from dvrip_proto import Device, NotAppliedError, RequestError, TransportError
from dvrip_proto.wire.body import decode
from dvrip_proto.wire.digest import sofia_hash
from dvrip_proto.wire.ids import MessageId
from tests import hostile
from tests.hostile import Link

pytestmark = pytest.mark.usefixtures("no_leaks")
OLD, NEW, THIRD = "old secret", "new secret", "third secret"


class Camera:
    """Lets in once, takes a new password, and answers every further login with `ret`, or not with DVRIP."""

    def __init__(self, ret: int | None) -> None:
        self.ret = ret
        self.logins = 0
        self.changes: list[tuple[str, str]] = []

    async def script(self, link: Link) -> None:
        login = await link.receive()
        self.logins += 1
        if self.logins > 1:
            await (link.send(b"busy") if self.ret is None else link.reply(login, self.ret))
            return await link.gone()
        await link.reply(login, AliveInterval=20)
        while True:
            frame = await link.receive()
            if frame.message_id == MessageId.PASSWORD_MODIFY:
                body = decode(frame.body)
                self.changes.append((body["PassWord"], body["NewPassWord"]))
            await link.reply(frame)


@pytest.mark.parametrize("ret", [0, 101, 107, 108, 205, 206, 511, 999])
async def test_a_refusal_that_says_nothing_of_the_password_does_not_bring_the_old_one_back(ret: int) -> None:
    camera = Camera(ret)
    async with hostile.peer(camera.script) as (host, port), Device(host, port, password=OLD) as device:
        with pytest.raises(RequestError, match="written, but not proved by a login: ") as refused:
            await device.users.set_password("admin", NEW)
        assert (type(refused.value), refused.value.ret) == (RequestError, ret)
        assert camera.logins == 2, "a locked account is not tried again"
        with pytest.raises(RequestError):
            await device.users.set_password("admin", THIRD)
    assert camera.changes[1] == (sofia_hash(NEW), sofia_hash(THIRD))


async def test_an_answer_that_is_none_proves_nothing_either() -> None:
    camera = Camera(None)
    async with hostile.peer(camera.script) as (host, port), Device(host, port, password=OLD) as device:
        with pytest.raises(TransportError, match="written, but not proved by a login: "):
            await device.users.set_password("admin", NEW)


@pytest.mark.parametrize("ret", [106, 113, 203, 204, 430])
async def test_a_refused_password_does_not_count(ret: int) -> None:
    camera = Camera(ret)
    async with hostile.peer(camera.script) as (host, port), Device(host, port, password=OLD) as device:
        for _ in range(2):
            with pytest.raises(NotAppliedError, match="the old one still counts"):
                await device.users.set_password("admin", NEW)
    assert [old for old, _ in camera.changes] == [sofia_hash(OLD)] * 2


@pytest.mark.parametrize("ret", [104, 207, 212])
async def test_an_account_in_use_is_one_whose_password_was_right(ret: int) -> None:
    camera = Camera(ret)
    async with hostile.peer(camera.script) as (host, port), Device(host, port, password=OLD) as device:
        assert await device.users.set_password("admin", NEW) is True
