"""Kind B beyond its cases: numbers, words and members of messages in spellings that stand in no report."""

from __future__ import annotations

from typing import Any

import pytest

from dvrip_proto import AlarmEvent, ProtocolError, TransportError
from dvrip_proto.features.alarms import read_events
from dvrip_proto.session import Ended, Pushed, Replied, State
from dvrip_proto.wire.body import encode_reply
from dvrip_proto.wire.framer import Framer, pack
from dvrip_proto.wire.reply import LoginReply, Reply, read, read_login
from tests.device.conftest import connected, scripted
from tests.hostile import Link
from tests.session.conversation import logged_in


def answer(ret: Any) -> Reply:
    (frame,) = Framer().feed(pack(1021, encode_reply({"Name": "SystemInfo", "Ret": ret})))
    return read(frame)


def login(header: int = 0x57, **members: Any) -> LoginReply:
    body = {"Ret": 100, "SessionID": "0x00000057", **members}
    (frame,) = Framer().feed(pack(1001, encode_reply(body), session=header))
    return read_login(frame, read(frame))


@pytest.mark.parametrize(
    ("told", "ret"),
    [
        *((told, 100) for told in ("100", " 100 ", "0x64", "0100", 100.0, "OK", "ok", "Success", True)),
        *((told, -1) for told in ("-1", "failed", "Error", False)),
        *((told, 203) for told in ("203", "0xCB", 203.0)),
        (None, None),
    ],
)
def test_return_codes_of_every_spelling(told: Any, ret: int | None) -> None:
    assert answer(told).ret == ret


@pytest.mark.parametrize("told", ["maybe", "", [100], {"Ret": 100}])
def test_what_is_no_code_is_no_answer(told: Any) -> None:
    with pytest.raises(ProtocolError, match="as its Ret"):
        answer(told)


@pytest.mark.parametrize(
    ("told", "header", "session"),
    [
        ("0x57", 0, 0x57),
        ("0X00000057", 0, 0x57),
        ("57", 0, 0x57),
        ("00000057", 0x57, 0x57),
        ("87", 0x57, 87),
        ("0087", 0x57, 87),
        (87, 0, 87),
        (87.0, 0x57, 87),
        ("", 0x57, 0x57),
        (None, 0x57, 0x57),
        ("none", 0x57, 0x57),
        ("0x1FFFFFFFF", 0x57, 0x57),
    ],
)
def test_session_ids_in_hexadecimal_or_as_the_header_has_them(told: Any, header: int, session: int) -> None:
    assert login(header, SessionID=told).session == session


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        *((told, 20.0) for told in (20, "20", "0x14", "020", 0, "0", -1, None, "soon", [20], "nan")),
        *((told, 300.0) for told in (1e9, 20000, "3600", "inf")),
        (0.5, 0.5),
    ],
)
def test_intervals_of_keep_alives(told: Any, seconds: float) -> None:
    assert login(AliveInterval=told).alive_interval_s == seconds


@pytest.mark.parametrize(
    ("told", "channels"),
    [(4, 4), ("4", 4), ("0x04", 4), (-1, 0), (99999, 0), ("four", 0), (None, 0), ([4], 0)],
)
def test_numbers_of_channels(told: Any, channels: int) -> None:
    assert login(ChannelNum=told).channel_count == channels


def test_members_in_other_letters() -> None:
    body = {
        "ret": 100,
        "sessionid": "0x00000057",
        "aliveInterval": "15",
        "channelnum": 2,
        "deviceType": "NVR",
    }
    (frame,) = Framer().feed(pack(1001, encode_reply(body)))
    reply = read(frame)
    accepted = read_login(frame, reply)
    assert reply.ret == 100
    assert (accepted.session, accepted.alive_interval_s) == (0x57, 15.0)
    assert (accepted.channel_count, accepted.device_type) == (2, "NVR")


@pytest.mark.parametrize(
    ("ret", "lives"),
    [
        ("100", True),
        ("ok", True),
        (True, True),
        (0, True),
        ("0xCB", False),
        (False, False),
        ("failed", False),
    ],
)
def test_keep_alives_answered_in_other_spellings(ret: Any, lives: bool) -> None:
    wire = logged_in()
    wire.session.tick(10.0)
    events = wire.says(1007, now=10.5, Ret=ret, SessionID="0x00000057")
    assert (wire.session.state is State.READY) is lives
    assert events == [] or isinstance(events[0], Ended)


def told(info: Any) -> list[AlarmEvent]:
    return read_events({"Name": "AlarmInfo", "AlarmInfo": info})


def test_alarms_in_a_list_are_all_heard() -> None:
    info = {"Channel": "01", "Event": "VideoMotion", "Status": "Start"}
    events = told([info, {**info, "Event": "VideoTour"}, None, {**info, "Channel": "0x2", "Status": "0x0"}])
    assert [(event.channel, event.active) for event in events] == [(1, True), (2, False)]


def test_an_alarm_without_an_object_around() -> None:
    (event,) = read_events({"Channel": 0, "Event": "VideoMotion", "Status": "Start", "SessionID": "0x57"})
    assert (event.channel, event.event, event.active) == (0, "VideoMotion", True)
    assert read_events({"Name": "KeepAlive", "Ret": 100}) == []


def test_an_alarm_whose_members_are_written_in_other_letters() -> None:
    (event,) = told({"channel": 3, "event": "HumanDetect", "status": "STOPPED\0"})
    assert (event.channel, event.event, event.active, event.unclear) == (3, "HumanDetect", False, False)


async def test_a_session_that_is_forgotten_in_hexadecimal_is_over() -> None:
    async def script(link: Link) -> None:
        request = await link.receive()
        await link.reply(request, None, Ret="0x69")
        await link.gone()

    async with connected(script) as connection:
        with pytest.raises(TransportError, match="not logged in"):
            await connection.request(1020, "SystemInfo")


@pytest.mark.parametrize("message_id", [1042, 1500, 1400, 1020, 1410])
def test_answers_under_the_id_of_the_request(message_id: int) -> None:
    wire = logged_in()
    request = wire.asks(message_id, "General.General")
    (event,) = wire.says(message_id, Name="General.General", Ret=100)
    assert isinstance(event, Replied)
    assert event.request is request


def test_what_has_no_return_code_under_that_id_is_no_answer() -> None:
    wire = logged_in()
    wire.asks(1420, "OPPlayBack")
    (event,) = wire.says(1420, Name="OPPlayBack", OPPlayBack={"Action": "EOF"})
    assert isinstance(event, Pushed)


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("NetWork.NetCommon", "NetCommon"),
        ("bypass@Uart.PTZPreset.[0]", "Uart.PTZPreset.[0]"),
        ("Detect.MotionDetect.[1]", "MOTIONDETECT.[1]"),
    ],
)
def test_answers_under_the_last_part_of_the_name(asked: str, named: str) -> None:
    wire = logged_in()
    wire.asks(1042, asked)
    (event,) = wire.says(1043, Name=named, Ret=100)
    assert isinstance(event, Replied)


@pytest.mark.parametrize("key", ["General.General", "General", "GENERAL.GENERAL", "general"])
async def test_an_object_under_another_spelling_of_its_name(key: str) -> None:
    async def answer(_link: Link, _message_id: int, _body: dict[str, Any]) -> dict[str, Any]:
        return {key: {"MachineName": "a"}}

    async with scripted(answer) as device:
        assert await device.settings.get("General.General") == {"MachineName": "a"}


@pytest.mark.parametrize("name", ["General.General", "NetWork.NetCommon"])
async def test_an_object_inside_of_its_section(name: str) -> None:
    section, _, item = name.partition(".")

    async def answer(_link: Link, _message_id: int, _body: dict[str, Any]) -> dict[str, Any]:
        return {section: {item: {"HostName": "a"}, "Other": {}}}

    async with scripted(answer) as device:
        assert await device.settings.get(name) == {"HostName": "a"}


@pytest.mark.parametrize("ret", [0, "0", 0.0, "0x0", None])
async def test_a_return_code_that_says_nothing_refuses_nothing(ret: Any) -> None:
    """On some messages of newer firmware it is 0 (1652)."""

    async def script(link: Link) -> None:
        for _ in range(3):
            await link.reply(await link.receive(), None, SystemInfo={"SerialNo": "a"}, Ret=ret)
        await link.gone()

    async with connected(script) as connection:
        for message_id, name in ((1020, "SystemInfo"), (1040, "General.General"), (1450, "OPMachine")):
            assert (await connection.request(message_id, name)).body["SystemInfo"] == {"SerialNo": "a"}
