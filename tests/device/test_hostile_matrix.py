"""Which test covers which hostile behaviour, for control, media, files and discovery. Every cell is a test, or a reason.

A cell is `file::test`; tests that are table-driven name their row behind `=`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent

ANSWER = "device/test_hostile.py::test_an_answer_at_any_stage_is_the_right_value_or_the_right_error"
MEDIA = "device/test_hostile_media.py::test_frames_among_anything_then_the_right_end"
NO_DEVICE = "device/test_hostile_discovery.py::test_what_is_no_answer_is_no_device"
DEVICE = "device/test_hostile_discovery.py::test_an_odd_answer_is_a_device"
ONE_DATAGRAM = "-: a datagram is whole or not there"
UNASKED = "-: an answer to a probe answers no particular probe"
FIELDS = "device/test_hostile_replies.py::test_one_absurd_member_at_every_level"

MATRIX: dict[str, tuple[str, str, str, str]] = {
    "": ("control", "media", "files", "discovery"),
    "truncated header": (
        f"{ANSWER}=cut off in the header",
        f"{MEDIA}=silence in a header",
        f"{ANSWER}=cut off in the header",
        f"{NO_DEVICE}=half a header",
    ),
    "truncated body": (
        f"{ANSWER}=cut off in the body",
        f"{MEDIA}=closed in a message",
        "device/test_downloads.py::test_a_message_that_breaks_off_is_an_error",
        f"{NO_DEVICE}=half a body",
    ),
    "absurd header": (
        f"{ANSWER}=absurd header",
        f"{MEDIA}=wrong session and numbers",
        f"{ANSWER}=absurd header",
        f"{DEVICE}=absurd numbers",
    ),
    "no DVRIP": (
        f"{ANSWER}=no DVRIP",
        f"{MEDIA}=garbage",
        f"{ANSWER}=no DVRIP",
        f"{NO_DEVICE}=another protocol",
    ),
    "huge length": (
        f"{ANSWER}=absurd length",
        f"{MEDIA}=a message of 4 GiB",
        f"{ANSWER}=absurd length",
        f"{DEVICE}=an absurd length",
    ),
    "drip-fed": (f"{ANSWER}=drip-fed", f"{MEDIA}=drip-fed", f"{MEDIA}=a byte a message", ONE_DATAGRAM),
    "drip-fed for ever": (
        f"{ANSWER}=drip-fed for ever",
        f"{MEDIA}=silence in a frame",
        f"{ANSWER}=drip-fed for ever",
        ONE_DATAGRAM,
    ),
    "bad JSON": (
        f"{ANSWER}=bad JSON",
        f"{MEDIA}=messages of no media",
        f"{ANSWER}=bad JSON",
        f"{NO_DEVICE}=bad JSON",
    ),
    "deep JSON": (
        f"{ANSWER}=deep JSON",
        f"{MEDIA}=messages of no media",
        f"{ANSWER}=deep and whole",
        f"{NO_DEVICE}=deep JSON",
    ),
    "costly JSON": (
        "wire/test_found.py::test_quotes_without_end_are_no_json_in_no_time",
        "-: media is no JSON",
        "device/test_hostile_replies.py::test_long_texts_are_made_anonymous_in_no_time",
        "wire/test_found.py::test_quotes_without_end_are_no_json_in_no_time",
    ),
    "GBK and NUL": (
        f"{ANSWER}=GBK",
        f"{MEDIA}=no JPEG header and GBK",
        "device/test_recordings.py::test_names_that_are_not_utf_8_survive",
        f"{DEVICE}=NUL bytes",
    ),
    "wrong session": (
        f"{ANSWER}=wrong session",
        f"{MEDIA}=wrong session and numbers",
        f"{ANSWER}=wrong session",
        f"{DEVICE}=absurd numbers",
    ),
    "wrong id": (
        f"{ANSWER}=wrong id",
        f"{MEDIA}=ids of other media",
        f"{ANSWER}=wrong id",
        f"{DEVICE}=another id",
    ),
    "duplicate": (
        f"{ANSWER}=twice",
        f"{ANSWER}=twice",
        "device/test_recording_pages.py::test_a_device_that_repeats_its_page",
        "device/test_hostile_discovery.py::test_the_same_answer_a_thousand_times_is_one_device",
    ),
    "late": (
        "device/test_connection.py::test_late_reply_does_not_answer_the_next_request",
        "device/test_stream.py::test_start_may_be_answered_late_or_after_the_media",
        "device/test_snapshot.py::test_a_late_picture_answers_nobody_and_ends_the_pause",
        "device/test_hostile_discovery.py::test_an_answer_after_the_end_is_nobodys",
    ),
    "swapped": (
        "device/test_connection.py::test_pipelined_requests_get_their_own_replies",
        "device/test_stream.py::test_start_may_be_answered_late_or_after_the_media",
        "device/test_recorded_stream.py::test_media_that_the_end_overtook_is_not_lost",
        UNASKED,
    ),
    "fragments": (
        f"{ANSWER}=in fragments",
        f"{ANSWER}=in fragments",
        f"{ANSWER}=a fragment is missing",
        ONE_DATAGRAM,
    ),
    "endless fragments": (
        "wire/test_found.py::test_fragments_that_are_never_whole_cost_no_more_than_what_came",
        "-: media never comes in fragments",
        "-: the same code as control",
        ONE_DATAGRAM,
    ),
    "absurd fields": (
        "session/test_hostile_login.py::test_an_absurd_member_is_a_usual_value_or_a_failed_login",
        f"{MEDIA}=empty frames",
        FIELDS,
        "device/test_hostile_discovery.py::test_absurd_members_are_usual_values",
    ),
    "a return code that is none": (
        f"{ANSWER}=a Ret that is a list",
        f"{ANSWER}=a Ret that is a list",
        f"{ANSWER}=a Ret beyond all",
        "device/test_set_address.py::test_devices_that_say_no_or_nothing_or_nonsense",
    ),
    "pushes before the answer": (
        f"{ANSWER}=pushes first",
        f"{MEDIA}=messages of no media",
        f"{ANSWER}=pushes first",
        NO_DEVICE + "=noise",
    ),
    "pushes instead of the answer": (
        f"{ANSWER}=pushes only",
        f"{ANSWER}=pushes only",
        f"{ANSWER}=pushes only",
        "device/test_hostile_discovery.py::test_a_flood_ends_with_the_time",
    ),
    "endless": (
        "device/test_logs.py::test_a_log_that_never_ends",
        "device/test_hostile_media.py::test_media_without_a_key_frame_does_not_fill_memory",
        "device/test_recording_pages.py::test_a_device_that_never_comes_to_an_end",
        "device/test_hostile_discovery.py::test_a_flood_ends_with_the_time",
    ),
    "the same page for ever": (
        "device/test_logs.py::test_a_page_that_repeats_for_ever",
        "-: media has no pages",
        "device/test_recording_pages.py::test_a_device_that_repeats_its_page",
        "device/test_hostile_discovery.py::test_the_same_answer_a_thousand_times_is_one_device",
    ),
    "no key frame": (
        "device/test_snapshot.py::test_endless_bytes_are_cut_off",
        "device/test_hostile_media.py::"
        "test_a_relay_of_media_without_a_key_frame_says_so_in_time_and_keeps_nothing",
        "device/test_hostile_media.py::test_a_seek_to_where_no_key_frame_is_ends",
        "-: discovery has no media",
    ),
    "nobody reads": (
        "device/test_hostile_floods.py::test_alarms_that_are_none_do_not_wait_for_a_reader",
        "device/test_stream.py::test_slow_reader_makes_the_socket_wait_and_loses_nothing",
        "device/test_recorded_stream.py::test_a_slow_reader_loses_nothing",
        "device/test_discovery.py::test_slow_reader_gets_what_came_before_the_deadline",
    ),
    "bad frame length": (
        "-: control has no frames",
        f"{MEDIA}=a frame of 4 GiB",
        f"{MEDIA}=a frame that says too little",
        "-: discovery has no media",
    ),
    "stall at connect": (
        "device/test_connection_open.py::test_silent_peer_is_a_timeout",
        *("-: it needs a login first",) * 2,
        "-: nothing connects",
    ),
    "stall at its start": (
        f"{ANSWER}=stalls",
        f"{ANSWER}=stalls",
        f"{ANSWER}=stalls",
        "device/test_discovery.py::test_every_probe_is_sent_and_the_search_ends_in_time",
    ),
    "stall in an answer": (
        f"{ANSWER}=stalls in the body",
        f"{MEDIA}=silence in a frame",
        f"{ANSWER}=stalls in the header",
        ONE_DATAGRAM,
    ),
    "stall before media": (
        "device/test_snapshot.py::test_silence_leaves_the_connection_alone_and_is_not_repeated",
        f"{MEDIA}=silence",
        "device/test_playback.py::test_a_download_that_stalls",
        "-: discovery has no media",
    ),
    "stall at the end": (
        "device/test_hostile.py::test_no_answer_to_the_logout_matters",
        "device/test_stream.py::test_missing_answer_to_the_stop_does_not_close_the_session",
        "device/test_recorded_stream.py::test_silence_behind_all_that_was_announced_is_the_end",
        "device/test_discovery.py::test_every_probe_is_sent_and_the_search_ends_in_time",
    ),
    "stall of an upgrade": (
        "device/test_upgrade.py::test_a_device_that_says_nothing_more",
        "-: an upgrade has no media",
        "device/test_hostile.py::test_an_upgrade_that_is_answered_wrongly",
        "-: discovery upgrades nothing",
    ),
    "an upgrade for ever": (
        "device/test_hostile_floods.py::test_an_upgrade_that_never_ends",
        *("-: nothing else waits for progress",) * 3,
    ),
    "stall of a talk": (
        "device/test_talk.py::test_devices_that_do_not_open",
        "device/test_talk.py::test_devices_that_say_something_else",
        *("-: no talk",) * 2,
    ),
    "reset": (
        f"{ANSWER}=reset",
        f"{MEDIA}=reset in a frame",
        "device/test_playback.py::test_a_download_that_is_reset",
        "device/test_discovery.py::test_error_on_receiving_does_not_end_the_search",
    ),
}
CELLS = sorted({cell for cells in [*MATRIX.values()][1:] for cell in cells if not cell.startswith("-")})


def test_every_behaviour_is_tested_or_impossible_everywhere() -> None:
    for behaviour, cells in MATRIX.items():
        assert len(cells) == 4, behaviour
        assert all(
            re.fullmatch(r"control|media|files|discovery|-: \w.{5,}|[\w/.]+::\w+(=.+)?", cell)
            for cell in cells
        ), behaviour


@pytest.mark.parametrize("cell", CELLS)
def test_its_test_is_there(cell: str) -> None:
    file, _, rest = cell.partition("::")
    name, _, row = rest.partition("=")
    text = (TESTS / file).read_text("utf-8")
    assert re.search(rf"def {name}\(", text)
    assert not row or f'"{row}"' in text
