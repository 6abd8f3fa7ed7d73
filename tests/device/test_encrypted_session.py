"""Encrypted sessions against a device that was written without the library's cipher."""

from __future__ import annotations

import asyncio
import itertools
import sys
from typing import Any

import pytest

from dvrip_proto import AlarmEvent, AuthenticationError, Device, TransportError, UnsupportedError, UsageError
from tests.encrypted_device import PADDINGS, TERMINATORS, EncryptedDevice, serve

pytestmark = pytest.mark.usefixtures("no_leaks")
PASSWORD = "correct horse"


def client(address: tuple[str, int], **options: Any) -> Device:
    return Device(*address, **{"password": PASSWORD, "timeout_s": 5, **options})


async def rename(device: Device, title: str) -> None:
    await device.settings.apply(await device.settings.plan("ChannelTitle", [title]))


@pytest.mark.parametrize("salted", [False, True])
async def test_a_device_that_refuses_a_plain_login_is_entered_with_keys(salted: bool) -> None:
    device = EncryptedDevice(salted=salted)
    async with serve(device) as address, client(address) as opened:
        assert (await opened.system.info()).firmware == "V5.06.R02"
        entry = opened.entry
    way = "salted" if salted else "keys"
    assert device.logins == [("plain", 124), (way, 100)]
    assert (entry.way, entry.policy, entry.logins) == (
        ("salted", "salted", 2) if salted else ("encrypted", "always", 2)
    )
    assert entry.encrypted
    assert entry.steps[0] == "plain: the login is refused"
    assert entry.offered["key_bits"] == 1024
    assert "wxyz" not in repr(entry)
    assert device.in_clear == []


@pytest.mark.parametrize(("padding", "end"), itertools.product(PADDINGS, TERMINATORS))
async def test_everything_goes_through_it(padding: str, end: bytes) -> None:
    device = EncryptedDevice(padding=padding, end=end)
    events: asyncio.Queue[AlarmEvent] = asyncio.Queue()
    async with serve(device) as address, client(address, encryption="always") as opened:
        for title in ["Zürich", *("x" * size for size in range(1, 17))]:  # every remainder of a block
            await rename(opened, title)
            assert await opened.settings.get("ChannelTitle") == [title]
        opened.alarms.subscribe(events.put_nowait)
        await opened.alarms.arm()
        assert (await asyncio.wait_for(events.get(), 5)).channel == 0
        await opened.ptz.stop()
        async with opened.monitor.open(0, "Main") as stream:
            assert (await anext(stream)).payload == b"\0\0\0\1\x67abcd"
    assert device.logins == [("keys", 100)]
    assert set(device.in_clear) == {1413}  # the claim of the stream, which the device wants in clear


@pytest.mark.parametrize(("manner", "first"), [("empty", "answered empty"), ("ciphered", "cannot be read")])
async def test_a_device_that_takes_the_login_and_answers_nothing_is_entered_with_keys(
    manner: str, first: str
) -> None:
    device = EncryptedDevice(manner=manner)
    async with serve(device) as address, client(address) as opened:
        infos = await asyncio.gather(*(opened.system.info() for _ in range(3)))
        assert {info.firmware for info in infos} == {"V5.06.R02"}
        assert first in opened.entry.steps[0]
        assert opened.login_reply.session == 0x2A
        await rename(opened, "Gate")
    assert device.logins == [("plain", 100), ("keys", 100)]
    assert device.title == "Gate"


async def test_a_stream_that_is_the_first_thing_asked_for_comes_too() -> None:
    device = EncryptedDevice(manner="empty")
    async with serve(device) as address, client(address) as opened:
        async with opened.monitor.open(0, "Main") as stream:
            assert (await anext(stream)).payload == b"\0\0\0\1\x67abcd"
        assert opened.entry.way == "encrypted"


async def test_the_light_variant_is_the_last_try() -> None:
    device = EncryptedDevice(manner="light")
    async with serve(device) as address, client(address) as opened:
        assert (await opened.system.info()).serial == "abcdef"
        await rename(opened, "Gate")
        assert (opened.entry.way, opened.entry.policy) == ("light", "light")
    assert device.logins == [("plain", 100), ("keys", 124), ("plain", 100)]
    assert device.versions == {0, 1}
    device.logins.clear()
    async with serve(device) as address, client(address, encryption="light") as opened:
        assert (await opened.system.info()).serial == "abcdef"
    assert device.logins == [("plain", 100)]


@pytest.mark.parametrize("manner", ["empty", "ciphered", "light"])
async def test_a_device_that_never_gets_clear_is_told_by_its_name(manner: str) -> None:
    device = EncryptedDevice(manner=manner, offers=False)
    async with serve(device) as address, client(address) as opened:
        with pytest.raises(UnsupportedError, match="takes the login but wants encryption") as caught:
            await opened.system.info()
        assert caught.value.encryption
        with pytest.raises(UnsupportedError, match="takes the login but wants encryption"):
            await opened.settings.get("ChannelTitle")
        assert opened.closed
        assert isinstance(await opened.wait_closed(), UnsupportedError)
    assert device.logins == [("plain", 100)] * 2  # light is tried once more, in clear as before


async def test_encryption_that_is_not_allowed_is_not_tried() -> None:
    device = EncryptedDevice(manner="empty")
    async with serve(device) as address, client(address, encryption="never") as opened:
        with pytest.raises(UnsupportedError, match="wants encryption.*encryption is not allowed here"):
            await opened.system.info()
    device.manner = "required"
    async with serve(device) as address:
        with pytest.raises(UnsupportedError, match=r"login refused.*Ret 124.*not allowed here"):
            await client(address, encryption="never").open()
    assert [kind for kind, _ in device.logins] == ["plain", "plain"]
    assert 1413 not in [message_id for message_id, _ in device.seen]


@pytest.mark.parametrize("policy", ["always", "salted"])
async def test_a_device_that_must_be_encrypted_is_never_spoken_to_in_clear(policy: str) -> None:
    device = EncryptedDevice(manner="open", offers=False)
    async with serve(device) as address:
        with pytest.raises(UnsupportedError, match="no agreement with the device on encryption") as caught:
            await client(address, encryption=policy).open()
    assert caught.value.encryption
    assert device.logins == []


async def test_a_salted_login_is_not_weakened_by_a_thief() -> None:
    device = EncryptedDevice(manner="open")
    async with serve(device) as address:
        with pytest.raises(UnsupportedError, match="no salted password is offered"):
            await client(address, encryption="salted").open()
    assert device.logins == []


@pytest.mark.parametrize("salted", [False, True])
@pytest.mark.parametrize("manner", ["required", "open", "empty"])
async def test_nothing_is_tried_after_a_wrong_password(manner: str, salted: bool) -> None:
    device = EncryptedDevice(manner=manner, salted=salted)
    for policy in ("auto", "always"):
        device.logins.clear()
        async with serve(device) as address:
            with pytest.raises(AuthenticationError) as caught:
                await client(address, encryption=policy, password="wrong").open()
        assert caught.value.ret == 203
        assert [ret for _, ret in device.logins].count(203) == 1
        assert device.logins[-1][1] == 203
        assert len(device.logins) <= 2


async def test_a_salt_that_the_device_refuses_gives_way_inside_the_same_offer() -> None:
    device = EncryptedDevice(salted=True, broken_salt=True)
    async with serve(device) as address, client(address, encryption="always") as opened:
        assert opened.entry.way == "encrypted"
    assert device.logins == [("salted", 124), ("keys", 100)]
    assert [message_id for message_id, _ in device.seen].count(1413) == 1


@pytest.mark.parametrize("ret", [102, 103, 117, 124])
async def test_codes_that_may_mean_encryption_lead_to_it(ret: int) -> None:
    device = EncryptedDevice(refusal=ret)
    async with serve(device) as address, client(address) as opened:
        assert opened.entry.encrypted
    assert device.logins == [("plain", ret), ("keys", 100)]


@pytest.mark.parametrize("ret", [104, 107, 113, 205, 206, 207, 430, 502])
async def test_other_codes_end_the_climb_at_once(ret: int) -> None:
    device = EncryptedDevice(refusal=ret)
    async with serve(device) as address:
        with pytest.raises(Exception, match=f"Ret {ret}"):
            await client(address).open()
    assert device.logins == [("plain", ret)]


@pytest.mark.parametrize(
    "changes",
    [
        {"PublicKey": "C5,010001"},
        {"PublicKey": f"{(1 << 4099) + 1:X},010001"},
        {"PublicKey": f"{1 << 1023:X},010001"},
        {"PublicKey": f"{(1 << 1023) + 1:X},1"},
        {"PublicKey": f"{(1 << 1023) + 1:X},10000"},
        {"PublicKey": f"{(1 << 1023) + 1:X},0"},
        {"PublicKey": "no key"},
        {"PublicKey": ["01"]},
        {"PublicKey": ""},
        {"EncryptAlgo": "SM2"},
        {"LoginEncryptionType": {"MD5": True, "RSA": False}},
        {"DataEncryptionType": {"AES": False, "AESV2": True}},
        {"Ret": 103},
    ],
)
async def test_an_offer_out_of_bounds_is_none(changes: dict[str, Any]) -> None:
    device = EncryptedDevice(changes=changes)
    async with serve(device) as address:
        with pytest.raises(UnsupportedError, match="no encryption is offered"):
            await client(address).open()
    assert device.logins == [("plain", 124)]


@pytest.mark.parametrize("ids", [None, "1000", {"1000": 1}, [], [True, -1, 1e9, "x", [1000], 70000]])
async def test_ids_of_any_shape_do_no_harm(ids: Any) -> None:
    device = EncryptedDevice(changes={"NotEncryptMsgID": ids})
    async with serve(device) as address, client(address) as opened:
        assert (await opened.system.info()).serial == "abcdef"


async def test_a_missing_cipher_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "cryptography"]:
        monkeypatch.setitem(sys.modules, name, None)
    device = EncryptedDevice()
    async with serve(device) as address:
        with pytest.raises(UnsupportedError, match=r"dvrip-proto\[crypto\]") as caught:
            await client(address).open()
        assert str(caught.value).startswith(f"{address[0]}:{address[1]}: ")
        with pytest.raises(UnsupportedError, match=r"dvrip-proto\[crypto\]"):
            await client(address, encryption="always").open()
    assert device.logins == [("plain", 124)]
    device = EncryptedDevice(manner="open")
    async with serve(device) as address, client(address) as opened:
        assert (await opened.system.info()).serial == "abcdef"


async def test_no_other_policy_is_known() -> None:
    with pytest.raises(UsageError, match="encryption is one of auto"):
        await Device("127.0.0.1", 1, encryption="perhaps").open()


async def test_closing_ends_a_search_for_another_way() -> None:
    device = EncryptedDevice(manner="empty")
    async with serve(device) as address:
        opened = client(address)
        await opened.open()
        asking = asyncio.create_task(opened.system.info())
        await device.negotiated.wait()
        await opened.close()
        with pytest.raises(TransportError):
            await asking
