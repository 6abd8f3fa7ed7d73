"""When a device that has fallen silent is asked for a sign of life, and when it is gone."""

from __future__ import annotations

import pytest

from dvrip_proto.session import State
from tests.session.conversation import ended, logged_in


def test_a_doubt_asks_at_once_and_once() -> None:
    wire = logged_in()
    wire.session.doubt(1.0)
    wire.session.doubt(1.5)
    assert wire.sent_ids() == [1006]
    assert wire.session.deadline() == 3.0


def test_a_device_that_says_nothing_after_a_doubt_is_gone() -> None:
    wire = logged_in()
    wire.session.doubt(1.0)
    assert wire.session.tick(3.0) == []
    assert wire.sent_ids() == [1006, 1006], "one answer may get lost"
    assert wire.session.deadline() == 5.0
    assert wire.session.tick(4.9) == []
    assert "no media, and no answer to a keep-alive" in str(ended(wire.session.tick(5.0)))


@pytest.mark.parametrize("message_id", [1007, 1504, 1021])
def test_anything_heard_dispels_a_doubt(message_id: int) -> None:
    wire = logged_in()
    wire.session.doubt(1.0)
    wire.says(message_id, now=4.0, Ret=100)
    assert wire.session.tick(13.9) == []
    assert wire.session.state is State.READY
    wire.sent()
    wire.session.doubt(13.9)
    assert wire.sent_ids() == [1006], "the next doubt asks again"


@pytest.mark.parametrize(("took_s", "gone_at"), [(0.2, 24.0), (3.0, 26.0), (4.5, 29.0), (9.5, 30.0)])
def test_a_device_that_answers_slowly_gets_twice_its_time(took_s: float, gone_at: float) -> None:
    wire = logged_in()
    wire.session.tick(10.0)
    wire.says(1007, now=10.0 + took_s, Ret=100)
    wire.session.doubt(20.0)
    assert wire.session.tick(gone_at - 0.1) == []
    assert ended(wire.session.tick(gone_at)) is not None


def test_slow_answers_to_questions_count_too_and_unanswered_ones_do_not() -> None:
    wire = logged_in()
    wire.asks(1042, "General", now=0.0)
    wire.says(1043, now=4.0, Name="General", Ret=100)
    wire.asks(1500, now=4.0, timeout_s=5.0, optional=True)
    wire.session.tick(9.0)
    wire.session.doubt(10.0)
    assert wire.session.tick(17.9) == []
    assert ended(wire.session.tick(18.0)) is not None


def test_a_doubt_waits_for_the_answer_that_is_due() -> None:
    """A recorder that searches its disk may say nothing else for as long."""
    wire = logged_in()
    wire.asks(1440, "OPFileQuery", now=0.0, timeout_s=30.0)
    wire.session.doubt(1.0)
    assert wire.session.tick(5.0) == []
    wire.says(1441, now=20.0, Name="OPFileQuery", Ret=100)
    assert wire.session.state is State.READY


def test_nothing_is_asked_while_firmware_is_burnt_or_before_the_login() -> None:
    wire = logged_in()
    wire.session.quiet = 1
    wire.session.doubt(1.0)
    assert wire.sent_ids() == []
