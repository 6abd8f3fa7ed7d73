"""Timeouts, keep-alives and ends of a session: time is an argument."""

from __future__ import annotations

from typing import Any

import pytest

from dvrip_proto.errors import (
    ProtocolError,
    RequestTimeoutError,
    TransportError,
    UsageError,
)
from dvrip_proto.session import (
    Ended,
    Failed,
    Pushed,
    Replied,
    State,
)
from dvrip_proto.wire.body import decode
from dvrip_proto.wire.framer import pack
from dvrip_proto.wire.reply import LoginReply
from tests.session.conversation import CREDENTIALS, WHERE, Wire, ended, logged_in


def test_request_without_a_reply_ends_the_session() -> None:
    wire = logged_in()
    wire.asks(1042, "General.General", timeout_s=2.5, now=1)
    wire.asks(1020, "SystemInfo", now=1)
    assert wire.session.deadline() == 3.5
    assert wire.session.tick(3.4) == []
    error = ended(wire.session.tick(3.5))
    assert isinstance(error, RequestTimeoutError)
    assert str(error) == f"{WHERE}: no reply to 1042 CONFIG_GET General.General within 2.5 s"
    assert wire.session.state is State.CLOSED
    assert wire.says(1043, Name="General.General", Ret=100) == []
    assert wire.session.deadline() is None
    assert wire.session.tick(99) == []


def test_time_of_a_waiting_request_starts_when_it_is_sent() -> None:
    wire = logged_in()
    first, second = wire.asks(1042, "A", timeout_s=5), wire.asks(1042, "B", timeout_s=1)
    assert wire.session.tick(4) == []
    (event,) = wire.says(1043, 4, Name="A", Ret=100)
    assert isinstance(event, Replied)
    assert event.request is first
    assert wire.session.deadline() == 5
    assert str(ended(wire.session.tick(5))) == f"{WHERE}: no reply to {second} within 1 s"


def test_optional_request_without_a_reply_frees_its_place() -> None:
    wire = logged_in()
    wire.asks(1410, "OPMonitor", timeout_s=1, optional=True)
    following = wire.asks(1410, "OPMonitor")
    (event,) = wire.session.tick(1)
    assert isinstance(event, Failed)
    assert wire.sent_ids() == [1410, 1410]
    (event,) = wire.says(1411, Name="OPMonitor", Ret=100)
    assert isinstance(event, Replied)
    assert event.request is following


def test_keep_alive_is_that_of_the_capture_at_half_the_interval() -> None:
    wire = logged_in()
    assert wire.session.deadline() == 10
    assert wire.session.tick(9.9) == []
    assert wire.sent() == []
    assert wire.session.tick(10) == []
    (frame,) = wire.sent()
    assert frame.message_id == 1006
    assert decode(frame.body) == {"Name": "KeepAlive", "SessionID": "0x00000057"}
    assert wire.session.deadline() == 20


@pytest.mark.parametrize("message_id", [1007, 1006])
def test_keep_alive_replies_in_either_numbering_keep_the_session(message_id: int) -> None:
    wire = logged_in()
    for now in range(10, 200, 10):
        assert wire.session.tick(now) == []
        assert wire.sent_ids() == [1006]
        assert wire.says(message_id, now, Name="KeepAlive", Ret=100) == []


def test_requests_put_off_the_keep_alive() -> None:
    wire = logged_in()
    wire.asks(1042, now=7)
    wire.says(1043, 7, Ret=100)
    wire.sent()
    assert wire.session.deadline() == 17
    assert wire.session.tick(16) == []
    assert wire.sent() == []


def test_two_missed_keep_alives_end_the_session() -> None:
    wire = logged_in()
    assert wire.session.tick(10) == []
    assert wire.session.tick(20) == []
    assert wire.sent_ids() == [1006, 1006]
    error = ended(wire.session.tick(30))
    assert isinstance(error, TransportError)
    assert str(error) == f"{WHERE}: the device is gone: 2 keep-alives without an answer"


def test_any_message_shows_that_the_device_lives() -> None:
    wire = logged_in()
    for now in range(10, 100, 10):
        assert wire.session.tick(now) == []
        wire.says(1504, now, Name="AlarmInfo")


def test_no_keep_alive_without_a_login() -> None:
    assert Wire().session.deadline() is None
    assert Wire(session_id=5).session.deadline() is None


@pytest.mark.parametrize("ret", [-1, 101, 103, 105, 106, 107, 202, 203, 204, 205, 206, 607, 999])
def test_a_keep_alive_without_success_ends_the_session(ret: int) -> None:
    wire = logged_in()
    error = ended(wire.says(1007, Name="KeepAlive", Ret=ret))
    assert isinstance(error, TransportError)
    assert str(error) == f"{WHERE}: the device has ended the session (Ret {ret})"


@pytest.mark.parametrize(
    "members", [{"Ret": 0}, {"Ret": 110}, {"SessionID": "0x57"}, {"Ret": 100, "SessionID": "0x0"}]
)
def test_a_keep_alive_that_is_agreed_to_keeps_the_session(members: dict[str, Any]) -> None:
    wire = logged_in()
    assert wire.says(1007, **members) == []
    assert wire.session.state is State.READY


@pytest.mark.parametrize("members", [{}, {"Name": "KeepAlive"}, {"SessionID": "0x0"}, {"SessionID": "0x58"}])
def test_a_keep_alive_answered_with_nothing_or_for_another_session_ends_it(members: dict[str, Any]) -> None:
    wire = logged_in()
    assert isinstance(ended(wire.says(1007, **members)), TransportError)


@pytest.mark.parametrize("ret", [105, 106, 202, 203, 204, 205, 206])
def test_device_that_forgot_the_session_ends_it(ret: int) -> None:
    wire = logged_in()
    wire.asks(1042)
    replied, end = wire.says(1043, Ret=ret)
    assert isinstance(replied, Replied)
    assert isinstance(end, Ended)


@pytest.mark.parametrize(
    ("message_id", "ret"), [(1488, 203), (1482, 205), (1636, 203), (1042, 207), (1042, 107)]
)
def test_a_refusal_that_is_not_about_the_session_leaves_it(message_id: int, ret: int) -> None:
    wire = logged_in()
    wire.asks(message_id)
    (replied,) = wire.says(message_id + 1, Ret=ret)
    assert isinstance(replied, Replied)
    assert wire.session.state is State.READY


def test_forced_logout_is_answered_and_ends_the_session() -> None:
    wire = logged_in()
    wire.asks(1042)
    wire.sent()
    error = ended(wire.says(1004, SessionID="0x00000057"))
    assert isinstance(error, TransportError)
    assert "logged this session out" in str(error)
    (frame,) = wire.sent()
    assert frame.message_id == 1005
    assert decode(frame.body) == {"Ret": 100, "SessionID": "0x00000057"}


def test_forced_logout_before_the_login_is_a_push() -> None:
    (event,) = Wire().says(1004)
    assert isinstance(event, Pushed)


def test_messages_behind_the_end_are_ignored() -> None:
    wire = logged_in()
    assert len(wire.hears(pack(1004, b"{}") + pack(1504, b"{}"))) == 1


def test_logout_is_answered_or_closed() -> None:
    wire = logged_in()
    request = wire.session.logout(now=0, timeout_s=1)
    (frame,) = wire.sent()
    assert (frame.message_id, decode(frame.body)) == (1002, {"Name": "", "SessionID": "0x00000057"})
    (event,) = wire.says(1003, Ret=100)
    assert isinstance(event, Replied)
    assert event.request is request
    assert wire.session.end_of_file() == [Ended(None)]


def test_logout_without_an_answer_fails_quietly() -> None:
    wire = logged_in()
    wire.session.logout(now=0, timeout_s=1)
    (event,) = wire.session.tick(1)
    assert isinstance(event, Failed)
    assert wire.session.state is State.CLOSING
    assert wire.session.deadline() is None


def test_end_of_file_says_what_it_interrupts() -> None:
    assert str(ended(logged_in().session.end_of_file())) == f"{WHERE}: the device closed the connection"
    wire = logged_in()
    wire.asks(1042, "General.General")
    assert str(ended(wire.session.end_of_file())).endswith(
        "instead of answering 1042 CONFIG_GET General.General"
    )
    wire = logged_in()
    wire.hears(pack(1043, b"{}")[:-1])
    assert str(ended(wire.session.end_of_file())).endswith("in the middle of a message")


def test_broken_bytes_end_the_session_after_what_came_before() -> None:
    wire = logged_in()
    wire.asks(1042)
    replied, end = wire.hears(pack(1043, b"{}") + b"HTTP/1.1 400")
    assert isinstance(replied, Replied)
    assert isinstance(end, Ended)
    assert isinstance(end.error, ProtocolError)
    assert str(end.error).startswith(f"{WHERE}: the peer speaks HTTP, not DVRIP")


def test_broken_bytes_alone_end_the_session() -> None:
    assert isinstance(ended(Wire().hears(b"\0")), ProtocolError)


def test_session_ends_once() -> None:
    wire = logged_in()
    assert wire.session.end(None) == [Ended(None)]
    assert wire.session.end(TransportError("late")) == []
    assert wire.session.end_of_file() == []


@pytest.mark.parametrize("state", [State.CLOSING, State.CLOSED])
def test_closed_session_sends_nothing(state: State) -> None:
    wire = logged_in()
    if state is State.CLOSING:
        wire.session.logout(now=0, timeout_s=1)
    else:
        wire.session.end(None)
    wire.sent()
    with pytest.raises(TransportError, match=state.value):
        wire.asks(1042)
    assert wire.sent() == []


def test_steps_out_of_order_are_the_callers_fault() -> None:
    wire = Wire()
    with pytest.raises(UsageError, match="not logged in, it cannot log out"):
        wire.session.logout(now=0, timeout_s=1)
    wire.session.login(CREDENTIALS, now=0, timeout_s=10)
    with pytest.raises(UsageError, match="logging in, it cannot send a request"):
        wire.asks(1042)
    with pytest.raises(UsageError, match="it cannot log in"):
        logged_in().session.login(CREDENTIALS, now=0, timeout_s=10)


def test_keep_alives_may_be_suspended() -> None:
    wire = logged_in()
    wire.session.quiet += 1
    assert wire.session.deadline() is None
    assert wire.session.tick(300) == []
    assert wire.sent() == []
    wire.session.quiet -= 1
    assert wire.session.deadline() == 10
    assert wire.session.tick(300) == []
    assert wire.sent_ids() == [1006]


def test_what_has_no_reply_waits_for_none() -> None:
    wire = logged_in()
    wire.session.tell(1432, b"sound", now=3)
    (frame,) = wire.sent()
    assert (frame.message_id, frame.body) == (1432, b"sound")
    assert wire.session.deadline() == 13, "it counts as traffic, and nothing is awaited"
    wire.session.end(None)
    with pytest.raises(TransportError):
        wire.session.tell(1432, b"sound", now=4)


def test_a_device_that_dialled_is_logged_in() -> None:
    wire = Wire()
    wire.session.adopt(LoginReply(session=0x57, alive_interval_s=20), now=5)
    assert (wire.session.state, wire.session.session_id) == (State.READY, 0x57)
    assert wire.session.deadline() == 15
    with pytest.raises(UsageError):
        wire.session.adopt(LoginReply(session=1), now=6)
