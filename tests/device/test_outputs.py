"""Relay outputs, and the status that is written with them."""

import asyncio
import copy

import pytest

from dvrip_proto import OutputMode, RequestTimeoutError, UnsupportedError, UsageError
from dvrip_proto.wire.ids import MessageId
from tests.device.conftest import scripted

NAME = "Alarm.AlarmOut"


async def test_a_relay_is_held_on_and_off_and_let_go(sim, device):
    count = len(sim.state.config[NAME])
    if not count:
        with pytest.raises(UnsupportedError, match="no outputs"):
            await device.outputs.list()
        return
    assert [output.number for output in await device.outputs.list()] == list(range(count))
    for mode, energised in ((OutputMode.ON, True), (OutputMode.OFF, False), (OutputMode.AUTO, False)):
        await device.outputs.switch(0, mode)
        output = (await device.outputs.list())[0]
        assert (output.mode, output.energised) == (mode, energised)
    with pytest.raises(UsageError, match=f"there is no alarm output {count + 1}, the device has {count}"):
        await device.outputs.switch(count, OutputMode.ON)
    with pytest.raises(UsageError, match="there is no alarm output 0"):
        await device.outputs.switch(-1, OutputMode.ON)


def relays(tree):
    """A device with these outputs; it keeps what was written."""
    written = []

    async def answer(_link, message_id, body):
        if message_id == MessageId.CONFIG_SET:
            written.append(copy.deepcopy(body[NAME]))
            for entry, wish in zip(tree, body[NAME], strict=True):
                entry["AlarmOutType"] = wish["AlarmOutType"]
                entry["AlarmOutStatus"] = "CLOSE" if wish["AlarmOutType"] == "MANUAL" else "OPEN"
        return {NAME: tree}

    return answer, written


async def test_the_whole_list_is_written_with_every_status_open():
    answer, written = relays([{"AlarmOutStatus": "CLOSE", "AlarmOutType": "MANUAL"} for _ in range(3)])
    async with scripted(answer) as device:
        await device.outputs.switch(1, OutputMode.OFF)
        assert [output.energised for output in await device.outputs.list()] == [True, False, True]
        await device.outputs.switch(1, OutputMode.OFF)
    assert written == [
        [
            {"AlarmOutStatus": "OPEN", "AlarmOutType": "MANUAL"},
            {"AlarmOutStatus": "OPEN", "AlarmOutType": "CLOSE"},
            {"AlarmOutStatus": "OPEN", "AlarmOutType": "MANUAL"},
        ]
    ]


async def test_two_outputs_at_once_are_both_switched():
    answer, written = relays([{"AlarmOutStatus": "OPEN", "AlarmOutType": "AUTO"} for _ in range(2)])
    async with scripted(answer) as device:
        await asyncio.gather(
            device.outputs.switch(0, OutputMode.ON),
            device.settings.ensure(NAME, {"AlarmOutType": "CLOSE"}, channel=1),
        )
    assert [entry["AlarmOutType"] for entry in written[-1]] == ["MANUAL", "CLOSE"]


async def test_the_status_itself_cannot_be_set_and_is_no_change():
    answer, written = relays([{"AlarmOutStatus": "CLOSE", "AlarmOutType": "MANUAL"}])
    async with scripted(answer) as device:
        with pytest.raises(UsageError, match="cannot be changed"):
            await device.settings.plan(NAME, [{"AlarmOutStatus": "OPEN"}])
        wanted = await device.settings.plan(NAME, [{"AlarmOutType": "AUTO"}])
        assert wanted.summary() == ["alarm output 1: AlarmOutType: MANUAL -> AUTO"]
        assert wanted.after[0]["AlarmOutStatus"] == "CLOSE", "a diff shows what changes, not how it is sent"
    assert written == []


@pytest.mark.parametrize("tree", [[], {}, "none", None])
async def test_devices_without_outputs(tree):
    async def answer(_link, _message_id, _body):
        return {NAME: tree}

    async with scripted(answer) as device:
        with pytest.raises(UnsupportedError):
            await device.outputs.list()


ON = {"AlarmOutStatus": "CLOSE", "AlarmOutType": "MANUAL"}


@pytest.mark.parametrize(
    ("tree", "numbers"),
    [
        ([ON, None, None], [0]),
        ([None, ON], [1]),
        (ON, [0]),
        ({"0": ON, "1": ON}, [0, 1]),
        ([[ON]], [0]),
        ([{"alarmoutstatus": "close", "alarmouttype": "manual"}], [0]),
        ([{"AlarmOutStatus": "CLOSE\0", "AlarmOutType": "MANUAL\0"}], [0]),
    ],
)
async def test_outputs_of_every_shape(tree, numbers):
    async def answer(_link, _message_id, _body):
        return {NAME: tree}

    async with scripted(answer) as device:
        found = await device.outputs.list()
    assert [output.number for output in found] == numbers
    assert all(output.mode is OutputMode.ON and output.energised for output in found)


async def test_an_output_of_unknown_kind():
    async def answer(_link, _message_id, _body):
        return {NAME: [{"AlarmOutType": "Scheduled"}, 5]}

    async with scripted(answer) as device:
        first, second = await device.outputs.list()
    assert (first.mode, first.energised) == (None, False)
    assert (second.mode, second.energised) == (None, False)


@pytest.mark.parametrize("flag", ["ManuIntellAlertAlarm", "OneKeyManulAlarm"])
async def test_the_siren_of_a_camera(sim, device, flag):
    functions = sim.state.abilities["SystemFunction"] = copy.deepcopy(sim.state.abilities["SystemFunction"])
    with pytest.raises(UnsupportedError):
        await device.outputs.siren(on=True)
    functions.setdefault("AlarmFunction", {})[flag] = True
    await device.outputs.siren(on=True)
    assert sim.state.siren
    await device.outputs.siren(on=False)
    assert not sim.state.siren


async def test_what_is_said_about_the_siren():
    """The vendor's program for phones and its cloud interface (OPRemoteCtrl, 4000), and a public client's siren."""
    asked = []

    async def answer(link, message_id, body):
        if message_id == 4000:
            asked.append(body["OPRemoteCtrl"])
        return {} if len(asked) < 2 else None

    async with scripted(answer, timeout_s=0.3) as device:
        await device.outputs.siren(on=True)
        with pytest.raises(RequestTimeoutError):
            await device.outputs.siren(on=False)
        assert not device.closed
    nothing = "0x00000000"
    assert asked == [
        {"Type": "ManuIntelAlarm", "msg": "0x00000001", "P1": nothing, "P2": nothing},
        {"Type": "ManuIntelAlarm", "msg": nothing, "P1": nothing, "P2": nothing},
    ]
