"""Logins, requests and replies: no sockets, no clock, no event loop."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvrip_proto.errors import (
    ProtocolError,
    UnsupportedError,
)
from dvrip_proto.session import (
    NEXT,
    Ended,
    Event,
    Failed,
    Pushed,
    Replied,
    State,
    Step,
)
from dvrip_proto.wire.body import decode, encode_reply
from dvrip_proto.wire.framer import pack
from tests.frames.vectors import vector
from tests.session.conversation import CREDENTIALS, LOGIN_OK, WHERE, Wire, logged_in


def test_state_table_has_a_way_out_of_every_state() -> None:
    assert {state for state, step in NEXT if step is Step.END} == set(State) - {State.CLOSED}
    assert all(following in State for following in NEXT.values())


def test_login_request_is_that_of_the_capture() -> None:
    wire = Wire()
    request = wire.session.login(CREDENTIALS, now=0, timeout_s=10)
    (frame,) = wire.sent()
    assert (frame.message_id, frame.header.session, frame.header.version) == (1000, 0, 0)
    assert decode(frame.body) == vector("pkt-login-req")["body_json"]
    assert wire.session.state is State.LOGGING_IN
    assert str(request) == "the login"
    assert "tlJwpbo6" not in repr(request)


@pytest.mark.parametrize(
    "packets", [[vector("pkt-login-rsp")["hex"]], vector("pkt-login-rsp-fragmented")["hex"]]
)
def test_login_reply_of_the_capture_makes_the_session_ready(packets: list[str]) -> None:
    wire = Wire()
    wire.session.login(CREDENTIALS, now=0, timeout_s=10)
    events = [event for packet in packets for event in wire.hears(bytes.fromhex(packet))]
    (event,) = events
    assert isinstance(event, Replied)
    assert event.reply.ret == 100
    assert wire.session.state is State.READY
    assert wire.session.session_id == 0x57
    assert wire.session.login_reply is not None
    assert wire.session.login_reply.alive_interval_s == 21


def test_login_reply_may_have_the_id_of_the_old_numbering() -> None:
    wire = Wire()
    wire.session.login(CREDENTIALS, now=0, timeout_s=10)
    wire.hears(pack(1000, encode_reply(LOGIN_OK)))
    assert wire.session.state is State.READY


@pytest.mark.parametrize("members", [{"SessionID": "0x5"}, {"Ret": 100}, {"Ret": 0, "SessionID": "0x5"}, {}])
def test_login_reply_that_says_no_yes_or_gives_no_session_is_no_login(members: dict[str, Any]) -> None:
    wire = Wire()
    wire.session.login(CREDENTIALS, now=0, timeout_s=10)
    (event,) = wire.hears(pack(1001, encode_reply(members)))
    assert isinstance(event, Replied)
    assert (wire.session.state, wire.session.session_id) == (State.NEW, 0)


def test_login_reply_may_give_the_session_in_its_header_alone() -> None:
    wire = Wire()
    wire.session.login(CREDENTIALS, now=0, timeout_s=10)
    wire.hears(pack(1001, encode_reply({"Ret": 100}), session=0x57))
    assert (wire.session.state, wire.session.session_id) == (State.READY, 0x57)


@pytest.mark.parametrize("ret", [106, 203, 205])
def test_refused_login_may_be_tried_again(ret: int) -> None:
    wire = Wire()
    wire.session.login(CREDENTIALS, now=0, timeout_s=10)
    (event,) = wire.says(1001, Name="", Ret=ret, SessionID="0x00000099")
    assert isinstance(event, Replied)
    assert wire.session.state is State.NEW
    assert wire.session.session_id == 0
    wire.session.login(CREDENTIALS, now=0, timeout_s=10)
    assert wire.session.state is State.LOGGING_IN


def test_replies_do_not_change_the_session_id() -> None:
    wire = logged_in()
    wire.asks()
    wire.says(1043, Ret=100, SessionID="0x00000000")
    wire.asks()
    assert {frame.header.session for frame in wire.sent()} == {0x57}


def test_sequence_counts_up_and_wraps() -> None:
    wire = logged_in()
    wire.session._sequence = 0xFFFFFFFF
    for message_id in (1042, 1020, 1360):
        wire.asks(message_id)
    assert [frame.header.sequence for frame in wire.sent()] == [0xFFFFFFFF, 0, 1]


def test_file_blocks_have_their_own_numbers() -> None:
    wire = logged_in()
    wire.asks(1522, sequence=7, end=1)
    (frame,) = wire.sent()
    assert (frame.header.sequence, frame.header.current_or_end) == (7, 1)


def test_requests_with_different_replies_are_in_flight_together() -> None:
    wire = logged_in()
    config, info = wire.asks(1042), wire.asks(1020)
    assert wire.sent_ids() == [1042, 1020]
    (event,) = wire.says(1021, Ret=100)
    assert event == Replied(info, event.reply)
    (event,) = wire.says(1043, Ret=100)
    assert event == Replied(config, event.reply)


def test_requests_with_the_same_reply_wait_for_each_other() -> None:
    wire = logged_in()
    first, second, third = wire.asks(1042, "A"), wire.asks(1042, "B"), wire.asks(1042, "C")
    assert wire.sent_ids() == [1042]
    wire.session.withdraw(second)
    (event,) = wire.says(1043, Name="A", Ret=100)
    assert isinstance(event, Replied)
    assert event.request is first
    assert wire.sent_ids() == [1042]
    (event,) = wire.says(1043, Name="C", Ret=100)
    assert isinstance(event, Replied)
    assert event.request is third


def test_withdrawn_request_in_flight_keeps_its_reply() -> None:
    wire = logged_in()
    first = wire.asks(1042, "A")
    wire.session.withdraw(first)
    second = wire.asks(1042, "B")
    assert wire.sent_ids() == [1042]
    assert [event.request for event in wire.says(1043, Ret=100)] == [first]
    assert wire.sent_ids() == [1042]
    assert [event.request for event in wire.says(1043, Ret=100)] == [second]


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("Detect.MotionDetect", {"Name": "Detect.MotionDetect"}),
        ("Detect.MotionDetect", {"Name": ""}),
        ("Detect.MotionDetect", {}),
        ("Detect.MotionDetect", {"Name": "detect.motiondetect"}),
        ("Detect.MotionDetect", {"Name": "Detect"}),
        ("Detect.MotionDetect.[0]", {"Name": "Detect.MotionDetect"}),
        ("Detect", {"Name": "Detect.MotionDetect"}),
        ("Uart.Comm", {"Name": "Other", "Uart.Comm": {}}),
        ("", {"Name": "Anything"}),
    ],
)
def test_reply_is_the_requests_by_any_spelling_of_its_name(name: str, members: dict[str, Any]) -> None:
    wire = logged_in()
    wire.asks(1042, name)
    (event,) = wire.hears(pack(1043, encode_reply(members | {"Ret": 100})))
    assert isinstance(event, Replied)


def test_reply_that_names_another_object_is_not_the_requests() -> None:
    wire = logged_in()
    wire.asks(1042, "NetWork.NetNTP")
    (event,) = wire.says(1043, Name="General.General", Ret=100)
    assert isinstance(event, Pushed)
    (event,) = wire.says(1043, Name="NetWork.NetNTP", Ret=100)
    assert isinstance(event, Replied)


def test_queries_are_answered_under_other_names() -> None:
    wire = logged_in()
    wire.asks(1440, "OPFileQuery")
    (event,) = wire.says(1441, Name=" FileList ", Ret=100)
    assert isinstance(event, Replied)


def test_pushes_come_between_request_and_reply() -> None:
    wire = logged_in()
    request = wire.asks(1042)
    push = pack(1504, encode_reply({"AlarmInfo": {"Channel": 0}, "Name": "AlarmInfo"}))
    reply = pack(1043, encode_reply({"Ret": 100}))
    first, second = wire.hears(push + reply)
    assert isinstance(first, Pushed)
    assert first.reply.body["AlarmInfo"] == {"Channel": 0}
    assert isinstance(second, Replied)
    assert second.request is request


def test_unreadable_pushes_are_ignored() -> None:
    assert logged_in().hears(pack(1504, b"garbage")) == []


def test_unreadable_reply_fails_its_request_only() -> None:
    wire = logged_in()
    request, following = wire.asks(1042, "A"), wire.asks(1042, "B")
    (event,) = wire.hears(pack(1043, b"garbage"))
    assert isinstance(event, Failed)
    assert event.request is request
    assert isinstance(event.error, ProtocolError)
    assert (
        str(event.error) == f'{WHERE}: the reply to 1042 CONFIG_GET A is not JSON: 7 bytes starting "garbage"'
    )
    (event,) = wire.says(1043, Ret=100)
    assert isinstance(event, Replied)
    assert event.request is following


def test_encrypted_reply_is_unsupported() -> None:
    wire = logged_in()
    wire.asks(1042, "General.General")
    (event,) = wire.hears(pack(1043, bytes.fromhex(vector("pkt-keepalive-encrypted-body")["hex"])))
    assert isinstance(event, Failed)
    assert isinstance(event.error, UnsupportedError)
    assert (event.error.message_id, event.error.name) == (1042, "General.General")


def test_encrypted_login_reply_leaves_the_session_new() -> None:
    wire = Wire()
    wire.session.login(CREDENTIALS, now=0, timeout_s=10)
    (event,) = wire.hears(pack(1001, b"kealpLysgKz0Dno9CISne43+\0"))
    assert isinstance(event, Failed)
    assert "the login is encrypted" in str(event.error)
    assert wire.session.state is State.NEW


def test_binary_reply_is_a_reply() -> None:
    wire = logged_in()
    wire.asks(1560, "OPSNAP")
    (event,) = wire.hears(pack(1561, b"\xff\xd8\xff\xe0"))
    assert isinstance(event, Replied)
    assert event.reply.raw == b"\xff\xd8\xff\xe0"


def test_media_sink_gets_the_media() -> None:
    bodies: list[bytes] = []
    wire = Wire(session_id=7, media_sink=lambda messages: bodies.extend(bytes(body) for *_, body in messages))
    wire.asks(1413, "OPMonitor")
    assert [frame.header.session for frame in wire.sent()] == [7]
    assert wire.hears(pack(1412, b"abc")) == []
    assert bodies == [b"abc"]


IDS = st.sampled_from([1000, 1001, 1003, 1004, 1006, 1007, 1021, 1043, 1412, 1414, 1504, 1561, 4242])
BODIES = st.sampled_from(
    [b"", b"{}", b'{"Ret":100}', b'{"Ret":203}', b'{"Ret":105}', b"?", b'{"Name":"A","Ret":100}']
)


@given(st.lists(st.tuples(IDS, BODIES), max_size=12), st.lists(st.integers(0, 600), max_size=6))
def test_any_messages_in_any_split_are_survived_and_mean_the_same(
    messages: list[tuple[int, bytes]], cuts: list[int]
) -> None:
    data = b"".join(pack(message_id, body) for message_id, body in messages)
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    outcomes = []
    for parts in ([data], [data[start:stop] for start, stop in zip(edges, edges[1:], strict=False)]):
        wire = logged_in()
        for message_id in (1042, 1042, 1020, 1560, 1006):
            wire.asks(message_id, "A")
        events = [event for part in parts for event in wire.hears(part)]
        outcomes.append(([repr_of(event) for event in events], wire.sent_ids(), wire.session.state))
    assert outcomes[0] == outcomes[1]


def repr_of(event: Event) -> tuple[Any, ...]:
    match event:
        case Replied(request, reply):
            return ("replied", request.message_id, reply)
        case Failed(request, error):
            return ("failed", request.message_id, str(error))
        case Pushed(reply):
            return ("pushed", reply)
        case Ended(error):
            return ("ended", str(error))
