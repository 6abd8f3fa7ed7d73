"""The state table of media streams, and what is life, by a clock that the tests turn."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from dvrip_proto.stream_state import MAX_SKIPPED, NEXT, Event, Life, Patience, State, says_end
from dvrip_proto.wire.ids import MessageId
from dvrip_proto.wire.reply import Reply

KIB = 1024
MIB = 1024 * 1024
END = datetime(2021, 3, 4, 11)


def started(patience: Patience | None = None, **more: object) -> Life:
    life = Life(patience or Patience(silence_s=10), **more)  # type: ignore[arg-type] # each test names its own
    life.on(Event.STARTED, 0)
    return life


def test_every_state_can_end_and_the_end_is_for_good() -> None:
    assert set(NEXT) == set(State)
    assert all(row[Event.END] is State.OVER for state, row in NEXT.items() if state is not State.OVER)
    assert not NEXT[State.OVER]


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([], State.OPENING),
        ([Event.STARTED], State.RUNNING),
        ([Event.MARK, Event.STARTED], State.MARKED),
        ([Event.STARTED, Event.HOLD], State.HELD),
        ([Event.STARTED, Event.HOLD, Event.MEDIA], State.HELD),
        ([Event.STARTED, Event.HOLD, Event.GO_ON], State.RUNNING),
        ([Event.STARTED, Event.MARK, Event.MEDIA], State.RUNNING),
        ([Event.STARTED, Event.TOLD, Event.MEDIA], State.TOLD),
        ([Event.STARTED, Event.TOLD, Event.SEEK], State.RUNNING),
        ([Event.STARTED, Event.HOLD, Event.TOLD], State.HELD_AT_END),
        ([Event.STARTED, Event.HOLD, Event.MARK, Event.GO_ON], State.MARKED),
        ([Event.STARTED, Event.END, Event.STARTED], State.OVER),
    ],
)
def test_what_leads_where(events: list[Event], state: State) -> None:
    life = Life(Patience(silence_s=10))
    for event in events:
        life.on(event, 0)
    assert life.state is state


def test_nothing_is_owed_before_the_start_and_while_it_is_held() -> None:
    life = Life(Patience(silence_s=10))
    assert life.deadline() is None
    life.on(Event.STARTED, 5)
    assert life.deadline() == 15
    life.on(Event.HOLD, 6)
    assert life.deadline() is None
    life.on(Event.GO_ON, 900)
    assert life.deadline() == 910


def test_bytes_without_a_frame_keep_nothing_alive() -> None:
    life = started()
    for now in range(1, 10):
        life.media(0, growing=0, skipped=100 * KIB * now, now=now)
    assert life.deadline() == 10
    assert life.silence() == "no frame for 10 s in what the device sends"


def test_a_frame_that_grows_is_progress_for_three_times_the_patience() -> None:
    life = started()
    for now in range(1, 100):
        life.media(0, growing=64 * KIB * now, skipped=0, now=now)
    assert life.deadline() == 29 + 10


@pytest.mark.parametrize("step", [1, 700, 63 * KIB // 9])
def test_a_frame_that_drips_is_no_progress(step: int) -> None:
    life = started()
    for now in range(1, 10):
        life.media(0, growing=step * now, skipped=0, now=now)
    assert life.deadline() == 10


def test_frames_are_progress_however_small() -> None:
    life = started()
    life.media(1, growing=0, skipped=0, now=7)
    assert life.deadline() == 17
    assert life.silence() == "no media for 10 s"


def test_more_than_a_frame_may_be_skipped_but_not_for_ever() -> None:
    life = started()
    assert not life.fault(MAX_SKIPPED)
    assert life.fault(MAX_SKIPPED + 1) == f"{MAX_SKIPPED + 1} bytes came that are no media of DVRIP"
    life.media(1, growing=0, skipped=MAX_SKIPPED, now=1)
    assert not life.fault(2 * MAX_SKIPPED)
    assert life.fault(2 * MAX_SKIPPED + 1)


def test_a_recording_outgrows_its_size_a_little_but_not_by_far() -> None:
    life = started(listed=100 * MIB)
    life.message(300 * MIB, mark=False, now=1)
    assert not life.fault(0)
    life.message(200 * MIB, mark=False, now=2)
    assert "far more than the recording has: 524288000 bytes" in life.fault(0)


def test_a_recording_of_unknown_size_may_be_as_long_as_it_is() -> None:
    life = started()
    life.message(9000 * MIB, mark=False, now=1)
    assert not life.fault(0)


def test_media_behind_a_mark_take_marks_their_meaning() -> None:
    life = started()
    life.message(1000, mark=True, now=1)
    assert (life.state, life.deadline()) == (State.MARKED, 2)
    life.message(1000, mark=True, now=1.5)
    assert (life.state, life.deadline()) == (State.RUNNING, 11.5)
    life.message(1000, mark=True, now=2)
    assert life.state is State.RUNNING


def test_an_empty_mark_again_is_the_end_still() -> None:
    life = started()
    for now in (1, 1.2):
        life.message(0, mark=True, now=now)
    assert life.state is State.MARKED


RECORDED = Patience(silence_s=120, first_s=60, rest_s=10)


def test_recorded_media_have_one_patience_before_the_first_frame_and_another_behind_it() -> None:
    life = started(RECORDED)
    assert life.deadline() == 60
    life.media(1, growing=0, skipped=0, now=50)
    assert life.deadline() == 170


@pytest.mark.parametrize(
    ("until", "last", "deadline"),
    [
        (None, END, 121),
        (END, END - timedelta(seconds=8), 11),
        (END, END + timedelta(seconds=1), 11),
        (END, END - timedelta(seconds=60), 121),
        (END, None, 121),
    ],
)
def test_silence_behind_the_whole_is_short_only_when_its_pictures_reach_the_end(
    until: datetime | None, last: datetime | None, deadline: float
) -> None:
    life = started(RECORDED, announced=5 * KIB, listed=5 * KIB, until=until)
    life.message(5 * KIB, mark=False, now=1)
    life.media(3, growing=0, skipped=0, now=1)
    life.picture(last)
    assert life.whole
    assert life.deadline() == deadline


@pytest.mark.parametrize(
    ("message_id", "body", "ended"),
    [
        (MessageId.PLAYBACK_EOF, {}, ""),
        (MessageId.PLAYBACK_EOF, {"OPPlayBack": {"Parameter": {"FileName": "/a.h264"}}}, "/a.h264"),
        (MessageId.PLAYBACK_EOF, {"OPPlayBack": {"Action": "Start"}}, None),
        (MessageId.PLAYBACK, {"OPPlayBack": {"Action": "EOF", "Parameter": {"FileName": "/b.h264"}}}, "/b.h264"),
        (MessageId.PLAYBACK, {"OPPlayBack": {"Action": "EOF", "Parameter": []}}, ""),
        *((MessageId.PLAYBACK, {"OPPlayBack": {"Action": word}}, "")
          for word in ("eof", "End", "Finished", " Over", "DownloadStop", "PlayEnd", "complete")),
        (MessageId.PLAYBACK, {"opplayback": [{"action": "EOF", "parameter": {"filename": "/c"}}]}, "/c"),
        *((MessageId.PLAYBACK_EOF, {"OPPlayBack": {"Action": word}}, None)
          for word in ("DownloadStart", "Continue", "", 5, ["EOF"])),
        (MessageId.PLAYBACK_REPLY, {"OPPlayBack": {"Action": "Pause"}}, None),
        (MessageId.PLAYBACK_REPLY, {"OPPlayBack": "EOF"}, None),
    ],
)  # fmt: skip
def test_the_end_of_a_recording_is_told_in_several_ways(
    message_id: MessageId, body: dict[str, Any], ended: str | None
) -> None:
    assert says_end(Reply(message_id=message_id, ret=None, name="", body=body, raw=b"")) == ended
