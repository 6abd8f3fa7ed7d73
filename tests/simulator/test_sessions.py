"""Logging in and staying: who gets in, what happens before, and when a connection ends."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

import pytest

from dvrip_proto.simulator import Quirks, Simulator
from tests.simulator.raw import BLANK, Raw, monitor


@pytest.mark.parametrize(
    ("user", "password", "encryption", "ret"),
    [
        ("admin", BLANK, "MD5", 100),
        ("admin", "", "NONE", 100),
        ("admin", "", "MD5", 203),
        ("admin", "6QNMIQGe", "MD5", 203),
        ("nobody", BLANK, "MD5", 205),
    ],
)
async def test_who_gets_in(device: Simulator, user: str, password: str, encryption: str, ret: int) -> None:
    client = await Raw.open(device)
    assert (await client.log_in(user, password, encryption)).ret == ret
    assert device.sessions == (ret == 100)


async def test_old_firmware_refuses_in_full() -> None:
    async with Simulator(profile="hi3516") as device:
        reply = (await (await Raw.open(device)).ask(1000, b"nonsense")).json
    assert reply == {
        "AliveInterval": 0,
        "ChannelNum": 0,
        "DataUseAES": False,
        "DeviceType ": "",
        "ExtraChannel": 0,
        "Ret": 205,
        "SessionID": "0x00000000",
    }


async def test_a_recorder_names_a_session_that_does_not_begin() -> None:
    async with Simulator(profile="nvr") as device:
        client = await Raw.open(device)
        for user, ret in (("admin", 203), ("nobody", 205)):
            reply = await client.log_in(user, "6QNMIQGe")
            assert (reply.ret, reply.json["SessionID"], reply.session) == (ret, "0x00000001", 1)
        assert device.sessions == 0
        claim = {"Name": "OPMonitor", "OPMonitor": monitor("Claim"), "SessionID": "0x00000001"}
        assert (await client.ask(1413, claim)).ret == 103


async def test_a_second_login_keeps_the_session(client: Raw, device: Simulator) -> None:
    session = client.session
    await client.log_in("admin", BLANK)
    assert (client.session, device.sessions) == (session, 1)


async def test_before_login_there_is_silence_then_the_end(device: Simulator) -> None:
    device.quirks = Quirks(unauthenticated_close_s=0.6)
    stranger = await Raw.open(device)
    for message_id in (1020, 1042, 1006, 1410, 1560, 9999):
        stranger.send(message_id, {"Name": "SystemInfo"})
    assert await stranger.is_silent(0.3)
    assert await stranger.is_closed(2.0)
    member = await Raw.login(device)
    await asyncio.sleep(0.8)
    assert (await member.named(1006, "KeepAlive")).ret == 100


async def test_old_firmware_may_answer_before_login(device: Simulator) -> None:
    device.quirks = Quirks(unauthenticated_ret=105)
    stranger = await Raw.open(device)
    assert (await stranger.ask(1020, {"Name": "SystemInfo"})).ret == 105


async def test_a_silent_session_ends_after_two_intervals_and_keepalives_hold_it(device: Simulator) -> None:
    device.quirks = Quirks(alive_interval_s=1)
    silent, lively = await Raw.open(device), await Raw.open(device)
    assert (await silent.log_in("admin", BLANK)).json["AliveInterval"] == 1
    await lively.log_in("admin", BLANK)
    for _ in range(5):
        await asyncio.sleep(0.6)
        assert (await lively.named(1006, "KeepAlive")).ret == 100
    assert await silent.is_closed(0.5)
    assert device.sessions == 1


async def test_logout_ends_the_session_only_for_its_owner(device: Simulator) -> None:
    one, two = await Raw.login(device), await Raw.login(device)
    foreign = await one.ask(1002, {"Name": "", "SessionID": f"0x{two.session:08X}"})
    assert (foreign.message_id, foreign.ret) == (1003, 100)
    assert (await one.named(1006, "KeepAlive")).ret == 100
    assert (await two.named(1006, "KeepAlive")).ret == 100
    assert (await two.named(1002, "")).message_id == 1003
    assert device.sessions == 1
    two.send(1020, {"Name": "SystemInfo"})
    assert await two.is_silent()


async def test_a_session_dies_with_its_connection(device: Simulator) -> None:
    control = await Raw.login(device)
    media = await Raw.open(device)
    media.session = control.session
    control.close()
    await asyncio.sleep(0.2)
    assert device.sessions == 0
    assert (await media.named(1413, "OPMonitor", monitor("Claim"))).ret == 103


async def test_an_account_that_is_not_shared_serves_one_at_a_time() -> None:
    async with Simulator(users=None) as device:
        first, second = await Raw.login(device, "default", "OxhlwSG8"), await Raw.open(device)
        assert (await second.log_in("default", "OxhlwSG8")).ret == 104
        assert (await first.log_in("default", "OxhlwSG8")).ret == 100


async def test_accounts_lock_only_as_a_quirk(device: Simulator) -> None:
    client = await Raw.open(device)
    for _ in range(8):
        assert (await client.log_in("admin", "6QNMIQGe")).ret == 203
    assert (await client.log_in("admin", BLANK)).ret == 100
    device.quirks = Quirks(lock_after=3, lock_s=0.5)
    assert [(await client.log_in("admin", "6QNMIQGe")).ret for _ in range(4)] == [203, 203, 203, 205]
    assert (await client.log_in("admin", BLANK)).ret == 205
    await asyncio.sleep(0.6)
    assert (await client.log_in("admin", BLANK)).ret == 100


async def test_the_address_filter_refuses_logins(client: Raw, device: Simulator) -> None:
    filter_ = await client.get("NetWork.NetIPFilter")
    banned = ["0x0100007F", *filter_["Banned"][1:]]
    assert await client.put("NetWork.NetIPFilter", {**filter_, "Enable": True, "Banned": banned}) == 100
    assert (await (await Raw.open(device)).log_in("admin", BLANK)).ret == 206


async def test_the_legacy_login_id_is_a_quirk(device: Simulator) -> None:
    client = await Raw.open(device)
    body = {"UserName": "admin", "PassWord": BLANK, "EncryptType": "MD5"}
    client.send(999, body)
    assert await client.is_silent()
    device.quirks = replace(device.quirks, legacy_login_id=True)
    assert (await client.ask(999, body)).message_id == 1000


async def test_connections_are_limited_as_a_quirk(device: Simulator) -> None:
    device.quirks = Quirks(max_connections=2)
    first = await Raw.login(device)
    second = await Raw.login(device)
    third = await Raw.open(device)
    assert await third.is_closed()
    assert (await first.named(1006, "KeepAlive")).ret == (await second.named(1006, "KeepAlive")).ret == 100


async def test_neither_requests_nor_logs_hold_secrets(
    device: Simulator, client: Raw, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await (await Raw.open(device)).log_in("admin", "S2fGqNFs")
    await client.ask(
        1488, {"UserName": "admin", "PassWord": BLANK, "NewPassWord": "S2fGqNFs", "EncryptType": "MD5"}
    )
    await client.ask(1482, {"Name": "User", "User": {"Name": "x", "Password": "S2fGqNFs", "Group": 7}})
    assert "S2fGqNFs" not in caplog.text
    assert "S2fGqNFs" not in repr(device.requests)
    assert BLANK not in repr(device.requests)
    assert (1488, "", "admin") in device.requests
    assert "S2fGqNFs" not in device.state.journal.text()
