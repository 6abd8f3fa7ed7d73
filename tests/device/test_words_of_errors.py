"""What errors say to people: the device once, channels from 1, no words of the language they are written in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dvrip_proto import Device, ProtocolError, RequestError, UsageError
from dvrip_proto.errors import NotAppliedError, TransportError
from dvrip_proto.features.accounts.passwords import Passwords
from dvrip_proto.wire.framer import Frame, Header
from dvrip_proto.wire.reply import read
from tests import hostile
from tests.device.conftest import scripted
from tests.hostile import Link


@pytest.mark.parametrize(("second", "kind"), [("refuses", NotAppliedError), ("closes", TransportError)])
async def test_a_password_that_cannot_be_proved_names_the_device_once(
    second: str, kind: type[Exception]
) -> None:
    logins = 0

    async def script(link: Link) -> None:
        nonlocal logins
        request = await link.receive()
        logins += 1
        if logins == 1:
            await link.reply(request, AliveInterval=20)
            await link.serve()
        elif second == "refuses":
            await link.reply(request, ret=203)

    async with hostile.peer(script) as (host, port), Device(host, port, timeout_s=1) as device:
        with pytest.raises(kind) as caught:
            await Passwords(device.connection, username="admin", password="").prove("bob", "x" * 8)
    told = str(caught.value)
    assert told.startswith(f"{host}:{port}: user bob: ")
    assert told.count(str(port)) == 1, told


async def test_channels_that_cannot_be_signalled_are_told_as_people_count_them() -> None:
    async def answer(_link: Link, _message_id: int, _body: dict[str, Any]) -> dict[str, Any]:
        return {}

    async with scripted(answer) as device:
        with pytest.raises(UsageError, match=r": channels 1, 65: they are from 1 to 64$"):
            await device.alarms.signal([0, 64])


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"null", "not a JSON object but nothing"),
        (b'"x"', "not a JSON object but text"),
        (b"[1, 2]", "not a JSON object but a list"),
        (b"7", "not a JSON object but a number"),
        (b"true", "not a JSON object but true or false"),
        (b'{"Ret": {}}', "an answer with an object as its Ret"),
    ],
)
def test_an_answer_of_another_shape_is_told_in_plain_words(body: bytes, told: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        read(Frame(header=Header(message_id=1043, length=len(body)), body=body))
    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (date(2026, 3, 1), "it holds what is neither text, number, true, false, null, list nor object"),
        ({(1, 2): 3}, "it holds what is neither text, number, true, false, null, list nor object"),
        (float("inf"), "it holds a number without end, or itself"),
    ],
)
async def test_a_value_that_no_message_can_hold_names_device_and_object(value: Any, why: str) -> None:
    async def answer(_link: Link, _message_id: int, _body: dict[str, Any]) -> dict[str, Any]:
        return {}

    async with scripted(answer) as device:
        with pytest.raises(UsageError) as caught:
            await device.connection.request(1040, "Record.[0]", value)
        assert not device.closed
    where = device.connection.where
    assert str(caught.value) == f"{where}: 1040 CONFIG_SET Record channel 1: cannot be a message: {why}"


@pytest.mark.parametrize("step", [1413, 1410])
async def test_a_stream_that_is_refused_names_its_channel_as_people_count_it(step: int) -> None:
    async def script(link: Link) -> None:
        while True:
            frame = await link.receive()
            await link.reply(frame, ret=103 if frame.message_id == step else 100)

    async with hostile.peer(script) as (host, port), Device(host, port, timeout_s=1) as device:
        with pytest.raises(RequestError) as caught:
            async with device.monitor.open(77, "Extra1"):
                pass
        with pytest.raises(UsageError, match="there is no channel 0$"):
            device.monitor.open(-1)
    assert str(caught.value).startswith(
        f"{host}:{port}: channel 78 Extra1: OPMonitor: illegal request (Ret 103"
    )
    assert (caught.value.ret, caught.value.message_id) == (103, step)


@pytest.mark.parametrize(("wish", "shown"), [(None, "null"), ("x", "'x'"), (99, "99")])
async def test_a_value_that_is_not_possible_is_shown_as_people_write_it(wish: Any, shown: str) -> None:
    async def answer(_link: Link, _message_id: int, _body: dict[str, Any]) -> dict[str, Any]:
        return {"Detect.MotionDetect.[0]": {"Enable": True, "Level": 3}}

    async with scripted(answer) as device:
        with pytest.raises(UsageError) as caught:
            await device.settings.plan("Detect.MotionDetect", {"Level": wish}, channel=0)
    told = f"Detect.MotionDetect channel 1: Level: {shown} is not possible, it must be a whole number from 1 to 6"
    assert str(caught.value).endswith(told)


@pytest.mark.parametrize("seconds", [-1, float("nan")])
async def test_a_recording_of_fewer_than_no_seconds_is_none(seconds: float, tmp_path: Path) -> None:
    async def answer(_link: Link, _message_id: int, _body: dict[str, Any]) -> dict[str, Any]:
        return {}

    async with scripted(answer) as device:
        with pytest.raises(UsageError, match="a recording has a number of seconds, not"):
            await device.record(tmp_path / "gate.h264", seconds=seconds)
