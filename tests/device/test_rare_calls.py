"""Trials of mail and FTP, keys of the panel, defaults, network alarms, key frames."""

import asyncio
from functools import partial

import pytest

from dvrip_proto import RequestError, RequestTimeoutError, TransportError, UsageError
from dvrip_proto.features.rare.keyboard import KEYS
from dvrip_proto.features.system import DEFAULT_PARTS
from dvrip_proto.simulator import Quirks
from dvrip_proto.wire.ids import MessageId
from tests.device.conftest import login, scripted


def remembering(**members):
    """A device that agrees with everything and remembers it."""
    seen = []

    async def answer(_link, message_id, body):
        seen.append((message_id, body))
        return members

    return answer, seen


async def test_a_trial_uses_what_the_device_has_or_what_is_given():
    mail = {"Enable": True, "MailServer": {"Name": "mail.example", "Port": 25}}
    answer, seen = remembering(**{"NetWork.NetEmail": mail, "NetWork.NetFTP": [{"Enable": True}]})
    async with scripted(answer) as device:
        await device.services.try_mail()
        await device.services.try_ftp()
        await device.services.try_ftp({"Enable": False})
    trials = [(message_id, body[body["Name"]]) for message_id, body in seen if message_id > 1100]
    assert trials == [
        (MessageId.MAIL_TEST, mail),
        (MessageId.FTP_TEST, {"Enable": True}),
        (MessageId.FTP_TEST, {"Enable": False}),
    ]


async def test_a_trial_that_fails(sim, device):
    for call, told in (
        (device.services.try_mail, "the mail was not sent"),
        (device.services.try_ftp, "was not reached"),
    ):
        with pytest.raises(RequestError, match=told) as failed:
            await call({"Enable": True, "Server": {"Password": "s3cret"}})
        assert failed.value.ret == 101
        assert "s3cret" not in str(failed.value)


async def test_a_key_goes_down_and_up(sim, device):
    await device.keyboard.press("menu")
    await device.keyboard.press("1", hold_s=0.05)
    assert sim.state.keys == [("KeyDown", "Menu"), ("KeyUp", "Menu"), ("KeyDown", "1"), ("KeyUp", "1")]
    assert len(KEYS) == len(set(KEYS))
    for wrong in (partial(device.keyboard.press, "Any"), partial(device.keyboard.press, "1", hold_s=99)):
        with pytest.raises(UsageError):
            await wrong()


async def test_a_key_is_let_go_when_cancelled(sim, device):
    task = asyncio.create_task(device.keyboard.press("Up", hold_s=20))
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sim.state.keys == [("KeyDown", "Up"), ("KeyUp", "Up")]


async def test_defaults_of_the_parts_that_are_named(sim, device):
    await device.settings.ensure("General.General", {"LocalNo": 77})
    titles = list(sim.state.titles)
    await device.settings.ensure("ChannelTitle", ["yard", *titles[1:]])
    assert await device.system.restore_defaults(["general"])
    assert sim.state.config["General.General"]["LocalNo"] != 77
    assert sim.state.titles[0] == "yard"
    for parts in ([], ["all"], ["general", "Factory"]):
        with pytest.raises(UsageError, match="the parts are accounts, alarms"):
            await device.system.restore_defaults(parts)


async def test_every_part_is_named_on_the_wire():
    answer, seen = remembering(Ret=603)
    async with scripted(answer) as device:
        await device.system.restore_defaults({"network", "camera"})
        await device.system.restore_factory()
    parts, everything = [body["OPDefaultConfig"] for _, body in seen if body.get("Name") == "OPDefaultConfig"]
    assert {flag for flag, on in parts.items() if on} == {"NetCommon", "CameraPARAM"}
    assert parts.keys() == {*DEFAULT_PARTS.values(), "Factory"}
    assert all(everything.values())


async def test_factory_defaults_bring_the_first_accounts_back(sim, device):
    assert await device.system.restore_factory()
    with pytest.raises(RequestError):
        async with login(sim, "viewer", "only looking") as viewer:
            await viewer.system.restore_defaults(["general"])


async def test_a_device_that_is_turned_off(sim, device):
    await device.system.shutdown()
    await device.wait_closed()
    assert not sim.up
    with pytest.raises(TransportError):
        await login(sim).open()


async def test_a_network_alarm_begins_and_ends(sim, device):
    await device.alarms.signal([0])
    assert (0, "NetAlarm") in sim.state.alarms.active
    await device.alarms.signal([])
    assert not sim.state.alarms.active
    with pytest.raises(UsageError):
        await device.alarms.signal([-1])


async def test_key_frames_are_asked_for_and_no_answer_is_awaited(sim, device):
    device.monitor.request_key_frame()
    await device.system.time()
    assert MessageId.FORCE_KEY_FRAME in [message_id for message_id, _, _ in sim.requests]


async def test_devices_that_stay_silent(sim, device):
    ids = (MessageId.NET_KEYBOARD, MessageId.NET_ALARM)
    sim.quirks = Quirks(mute=frozenset(map(int, ids)))
    for call in ("keyboard", "alarms"):
        async with login(sim, timeout_s=0.3) as other:
            work = other.keyboard.press("1") if call == "keyboard" else other.alarms.signal([0])
            with pytest.raises(RequestTimeoutError):
                await work
