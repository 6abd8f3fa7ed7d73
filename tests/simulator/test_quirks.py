"""Faults and habits of real devices: each can be switched from the command line, and does what it says."""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import fields

import pytest

from dvrip_proto import Device
from dvrip_proto.errors import UnsupportedError, UsageError
from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.simulator.quirk_options import parse_quirks, switches
from tests.simulator.raw import BLANK, Raw, monitor, watch


def test_every_quirk_can_be_switched_and_names_its_source() -> None:
    listed = list(switches())
    assert [switch.name for switch in listed] == [quirk.name.replace("_", "-") for quirk in fields(Quirks)]
    assert all(switch.what.endswith(".") and switch.by and switch.takes for switch in listed)


def test_switches_become_quirks() -> None:
    texts = (
        *("zero-session", "move-listener=no", "trailing_nuls=3", "freeze-after-s=2.5", "max-connections=2"),
        *("mute=1020,1042", "late=1020:3,1042:0.5", "restart=NetWork.NetCommon:603", "encrypted=login"),
        *("ignore-writes=General.General,NetWork.NetDNS", "playback-end=silence"),
    )
    assert parse_quirks(texts) == Quirks(
        zero_session=True,
        move_listener=False,
        trailing_nuls=3,
        freeze_after_s=2.5,
        max_connections=2,
        mute=frozenset({1020, 1042}),
        late={1020: 3.0, 1042: 0.5},
        restart={"NetWork.NetCommon": 603},
        encrypted="login",
        ignore_writes=frozenset({"General.General", "NetWork.NetDNS"}),
        playback_end="silence",
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("toast", "quirk toast: unknown, `dvrip simulate quirks` lists them"),
        ("zero-session=perhaps", "quirk zero-session: 'perhaps' is not yes or no"),
        ("mute", "quirk mute: '' is not N,N ..."),
        ("mute=login", "quirk mute: 'login' is not N,N ..."),
        ("late=1020", "quirk late: '1020' is not N:SECONDS,N:SECONDS ..."),
        ("late=1020:nan", "quirk late: '1020:nan' is not N:SECONDS,N:SECONDS ..."),
        ("trailing-nuls=-1", "quirk trailing-nuls: '-1' is not N"),
        (
            "encrypted=maybe",
            "quirk encrypted: 'maybe' is not login or replies or offered or required or empty or light or md5_dh",
        ),
    ],
)
def test_switches_that_cannot_be_are_told(text: str, complaint: str) -> None:
    with pytest.raises(UsageError) as told:
        parse_quirks([text])
    assert str(told.value) == complaint


async def test_replies_may_have_numbers_of_their_own(device: Simulator, client: Raw) -> None:
    device.quirks = Quirks(own_sequence=True)
    numbers = [(await client.named(1006, "KeepAlive")).sequence for _ in range(3)]
    assert numbers == [1016, 1017, 1018]


async def test_what_is_refused_may_be_left_unanswered(device: Simulator, client: Raw) -> None:
    device.quirks = Quirks(silent_errors=True)
    client.send(1042, {"Name": "No.Such"})
    client.send(1410, {"Name": "OPMonitor", "OPMonitor": monitor("Stop")})
    assert await client.is_silent()
    assert (await client.named(1042, "General.General")).ret == 100
    stranger = await Raw.open(device)
    assert (await stranger.log_in("admin", "6QNMIQGe")).ret == 203


async def test_replies_may_come_twice(device: Simulator, client: Raw) -> None:
    device.quirks = Quirks(duplicate=frozenset({1020}))
    assert (await client.named(1020, "SystemInfo")) == await client.receive()
    assert (await client.named(1006, "KeepAlive")).message_id == 1007
    async with Device(device.host, device.port) as library:
        assert (await library.system.info()).serial == device.serial
        assert (await library.system.info()).serial == device.serial


async def test_keepalives_may_get_lost(device: Simulator, client: Raw) -> None:
    device.quirks = Quirks(keepalive_every=3)
    for _ in range(2):
        client.send(1006, {"Name": "KeepAlive"})
        client.send(1006, {"Name": "KeepAlive"})
        assert await client.is_silent(0.2)
        assert (await client.named(1006, "KeepAlive")).message_id == 1007


async def test_a_second_login_may_be_refused(device: Simulator, client: Raw) -> None:
    device.quirks = Quirks(second_login_ret=104)
    session = client.session
    assert (await client.log_in("admin", BLANK)).ret == 104
    assert (await client.named(1006, "KeepAlive")).session == session


async def test_a_start_may_overtake_its_claim_unless_it_may_not(device: Simulator, client: Raw) -> None:
    for wait_s, ret in ((2.0, 100), (0.0, 103)):
        device.quirks = Quirks(claim_wait_s=wait_s)
        media = await Raw.open(device)
        media.session = client.session
        client.send(1410, {"Name": "OPMonitor", "OPMonitor": monitor("Start")})
        await asyncio.sleep(0.2)
        assert (await media.named(1413, "OPMonitor", monitor("Claim"))).ret == 100
        assert (await client.receive()).ret == ret
        media.close()


async def test_old_firmware_says_nothing_about_keys(device: Simulator, client: Raw) -> None:
    stranger = await Raw.open(device)
    stranger.send(1010, b"{}")
    assert await stranger.is_silent()
    assert (await client.ask(1010, b"{}")).ret == 102


async def test_new_firmware_tells_its_key_and_refuses_a_plain_login(device: Simulator) -> None:
    device.quirks = Quirks(encrypted="login")
    stranger = await Raw.open(device)
    offers = [(await stranger.ask(1010, b"{}")).json for _ in range(2)]
    assert {"EncryptAlgo": "RSA_V1.5", "CommunicateEncryptAlgo": "AES", "Ret": 100}.items() <= offers[
        0
    ].items()
    modulus, exponent = offers[0]["PublicKey"].split(",")
    assert (len(modulus), int(modulus, 16).bit_length(), exponent) == (256, 1024, "010001")
    assert offers[0]["PublicKey"] != offers[1]["PublicKey"]
    assert {1000, 1010, 1412} < set(offers[0]["NotEncryptMsgID"])
    assert (await stranger.log_in("admin", BLANK)).ret == 117
    assert (await stranger.ask(1000, base64.b64encode(bytes(432)) + b"\0")).ret == 117
    assert device.sessions == 0
    with pytest.raises(UnsupportedError, match="wants an encrypted login"):
        async with Device(device.host, device.port):
            pass


async def test_firmware_that_encrypts_its_replies_still_shows_video(device: Simulator) -> None:
    device.quirks = Quirks(encrypted="replies")
    client = await Raw.open(device)
    assert (await client.log_in("admin", BLANK)).json["DataUseAES"] is True
    answer = await client.named(1042, "General.General")
    assert answer.body.endswith(b"\0")
    blob = base64.b64decode(answer.body[:-1], validate=True)
    assert len(blob) % 16 == 0
    with pytest.raises(ValueError, match="Expecting|decode"):
        json.loads(blob)
    media = await Raw.open(device)
    media.session = client.session
    assert (await media.named(1413, "OPMonitor", monitor("Claim"))).ret == 100
    assert (await client.named(1410, "OPMonitor", monitor("Start"))).message_id == 1411
    assert (await media.receive(10)).message_id == 1412
    with pytest.raises(UnsupportedError, match="encrypt"):
        async with Device(device.host, device.port) as library:
            await library.system.info()


async def test_a_quirk_of_a_command_line_reaches_the_device() -> None:
    async with Simulator(quirks=parse_quirks(["offline-channels=0"])) as device:
        client = await Raw.login(device)
        with pytest.raises(AssertionError, match="121"):
            await watch(device, client)
