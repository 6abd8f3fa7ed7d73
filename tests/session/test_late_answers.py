"""A late answer to a request that was given up is never the answer to the next one."""

from __future__ import annotations

from typing import Any

import pytest

from dvrip_proto.errors import RequestTimeoutError
from dvrip_proto.session import Event, Failed, Pushed, Replied, Request
from dvrip_proto.wire.body import encode_reply
from dvrip_proto.wire.framer import pack

from .conversation import Wire, ended, logged_in

STOP, START = b'{"Action":"Stop"}', b'{"Action":"Start"}'


def submit(wire: Wire, body: bytes, now: float, *, optional: bool = False, timeout_s: float = 10) -> Request:
    request = Request(message_id=1410, body=body, name="OPMonitor", timeout_s=timeout_s, optional=optional)
    return wire.session.request(request, now=now)


def answers(wire: Wire, sequence: int, now: float, *, message_id: int = 1411, ret: int = 100) -> list[Event]:
    body: dict[str, Any] = {"Name": "OPMonitor", "Ret": ret, "SessionID": "0x00000057"}
    return wire.hears(pack(message_id, encode_reply(body), session=0x57, sequence=sequence, version=1), now)


def alive(wire: Wire, sequence: int, now: float) -> list[Event]:
    body: dict[str, Any] = {"Name": "KeepAlive", "Ret": 100, "SessionID": "0x00000057"}
    return wire.hears(pack(1007, encode_reply(body), session=0x57, sequence=sequence, version=1), now)


def stop_given_up() -> tuple[Wire, int, int]:
    """A session whose Stop was not answered within 2 s; its number, and that of the keep-alive behind it."""
    wire = logged_in()
    submit(wire, STOP, 0, optional=True, timeout_s=2)
    (event,) = wire.session.tick(2)
    assert isinstance(event, Failed)
    wire.session.settle(2)
    stop, fence = wire.sent()
    assert (stop.message_id, fence.message_id) == (1410, 1006)
    return wire, stop.header.sequence, fence.header.sequence


def test_the_next_start_waits_for_the_answer_that_is_late() -> None:
    wire, stop, _ = stop_given_up()
    start = submit(wire, START, 3)
    assert wire.sent() == []
    (late,) = answers(wire, stop, 3, ret=103)
    assert isinstance(late, Pushed)
    assert wire.sent_ids() == [1410]
    (event,) = answers(wire, 77, 3)
    assert isinstance(event, Replied)
    assert event.request is start


@pytest.mark.parametrize("own_numbers", [0, -1, 1, 1016])
def test_behind_an_answered_keep_alive_no_late_answer_comes(own_numbers: int) -> None:
    wire, _, fence = stop_given_up()
    start = submit(wire, START, 2.1)
    assert alive(wire, fence + own_numbers, 2.2) == []
    (sent,) = wire.sent()
    (event,) = answers(wire, sent.header.sequence + own_numbers, 2.3)
    assert isinstance(event, Replied)
    assert event.request is start


@pytest.mark.parametrize("added", [0, 1])
def test_an_answer_out_of_order_is_known_by_its_number(added: int) -> None:
    wire, stop, fence = stop_given_up()
    alive(wire, fence, 2.1)
    start = submit(wire, START, 3)
    (sent,) = wire.sent()
    (late,) = answers(wire, stop + added, 3.1, ret=103)
    assert isinstance(late, Pushed)
    (event,) = answers(wire, sent.header.sequence + added, 3.2)
    assert isinstance(event, Replied)
    assert event.request is start


def test_a_late_answer_does_not_stand_for_one_that_never_comes() -> None:
    wire, stop, fence = stop_given_up()
    alive(wire, fence, 2.1)
    submit(wire, START, 3)
    answers(wire, stop, 3.1)
    assert isinstance(ended(wire.session.tick(13)), RequestTimeoutError)


def test_a_device_that_answers_no_keep_alive_is_waited_for_a_second() -> None:
    wire, stop, _ = stop_given_up()
    start = submit(wire, START, 2.5)
    assert wire.session.deadline() == 3
    assert wire.sent() == []
    assert wire.session.tick(3) == []
    (sent,) = wire.sent()
    (late,) = answers(wire, stop, 3.1)
    assert isinstance(late, Pushed)
    (event,) = answers(wire, sent.header.sequence, 3.2)
    assert isinstance(event, Replied)
    assert event.request is start


def test_a_device_that_counts_its_own_messages_and_answers_little_is_believed_in_the_end() -> None:
    wire, stop, _ = stop_given_up()
    wire.session.tick(3)
    start = submit(wire, START, 4)
    answers(wire, stop, 4.1, ret=121)  # its next number, which is the one of the Stop
    (event,) = wire.session.tick(14)
    assert isinstance(event, Replied)
    assert (event.request, event.reply.ret) == (start, 121)


def test_the_same_question_asked_again_may_have_the_late_answer() -> None:
    wire = logged_in()
    submit(wire, STOP, 0, optional=True, timeout_s=2)
    wire.session.tick(2)
    again = submit(wire, STOP, 2.1)
    assert wire.sent_ids() == [1410, 1410]
    (event,) = answers(wire, 0, 2.2)
    assert isinstance(event, Replied)
    assert event.request is again


def test_nothing_is_asked_before_it_matters() -> None:
    wire = logged_in()
    submit(wire, STOP, 0, optional=True, timeout_s=2)
    wire.session.tick(2)
    wire.asks(1042, "Record", now=2)
    assert wire.sent_ids() == [1410, 1042]
    start = submit(wire, START, 3)
    assert wire.sent_ids() == [1006]
    alive(wire, 3, 3.1)
    assert wire.sent_ids() == [1410]
    (event,) = answers(wire, 4, 3.2)
    assert isinstance(event, Replied)
    assert event.request is start


@pytest.mark.parametrize(
    ("given_up", "asked", "kept"),
    [
        ("Record", "Detect", False),
        ("Record.[0]", "Record.[1]", True),
        ("NetWork.NetNTP", "NetWork.NetARSP", True),
    ],
)
def test_answers_that_name_their_object_need_no_keep_alive(given_up: str, asked: str, kept: bool) -> None:
    wire = logged_in()
    wire.session.request(
        Request(message_id=1042, body=b"1", name=given_up, timeout_s=2, optional=True), now=0
    )
    wire.session.tick(2)
    wire.session.request(Request(message_id=1042, body=b"2", name=asked, timeout_s=2), now=2)
    assert wire.sent_ids() == ([1042, 1006] if kept else [1042, 1042])


@pytest.mark.parametrize("ret", [102, 103, 607, -1])
def test_whatever_the_keep_alive_is_answered_the_session_goes_on(ret: int) -> None:
    wire, _, _ = stop_given_up()
    start = submit(wire, START, 2.1)
    assert wire.says(1007, 2.2, Name="KeepAlive", Ret=ret) == []
    assert wire.sent_ids() == [1410]
    (event,) = answers(wire, 9, 2.3)
    assert isinstance(event, Replied)
    assert event.request is start


def test_what_is_given_up_between_claim_and_start_sends_nothing_between_them() -> None:
    wire = logged_in()
    submit(wire, STOP, 0, optional=True, timeout_s=2)
    wire.session.quiet += 1
    wire.session.tick(2)
    submit(wire, START, 2)
    assert wire.sent_ids() == [1410, 1410]


def test_the_answer_to_a_stop_that_overtakes_a_start_is_not_that_of_the_next_start() -> None:
    wire = logged_in()
    first = submit(wire, START, 0, optional=True)
    wire.session.tell(1410, STOP, now=2, answered=True)
    again = submit(wire, START + b" ", 3)
    assert wire.sent_ids() == [1410, 1410]
    (event,) = answers(wire, 7, 3.1)
    assert isinstance(event, Replied)
    assert event.request is first
    assert wire.sent_ids() == [1006]
    (late,) = answers(wire, 8, 3.2, ret=504)
    assert isinstance(late, Pushed)
    assert wire.sent_ids() == [1410]
    (event,) = answers(wire, 9, 3.3)
    assert isinstance(event, Replied)
    assert event.request is again


def test_a_request_without_a_session_is_given_up_without_a_keep_alive() -> None:
    wire = Wire(session_id=0x57)
    submit(wire, STOP, 0, optional=True, timeout_s=2)
    wire.session.tick(2)
    assert wire.sent_ids() == [1410]


def test_a_device_that_leaves_everything_unanswered_costs_no_memory() -> None:
    wire = logged_in()
    for second in range(0, 9000, 3):
        submit(wire, STOP + b"%d" % second, second, optional=True, timeout_s=2)
        wire.session.tick(second + 2)
        wire.session.tick(second + 3)
        wire.hears(pack(1504, encode_reply({"Name": "AlarmInfo"}), session=0x57), second + 3)
    assert len(wire.session._late._given_up[1411]) <= 8
