"""Every module and what must be shown of it: each cell names the test that shows it, or why there is nothing to show."""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.ansible.test_every_change import CHANGES, REFUSED
from tests.ansible.test_failure import TASKS
from tests.ansible.test_lost_answers import WISHES
from tests.ansible.test_poor_models import CASES

FOLDER = Path(__file__).parent
MODULES = {
    path.stem
    for path in (FOLDER.parents[1] / "ansible_collections/dvrip/devices/plugins/modules").glob("[a-z]*.py")
}
COLUMNS = {
    "change": "check, apply, apply again with changed=0, and the text of the diff",
    "drift": "what somebody changed is repaired",
    "wrong": "a wrong value is refused before anything is sent",
    "refuses": "a device that says no is quoted",
    "dies": "a device that ends in the middle: the state is named, the next run heals",
    "lacks": "an object that the model lacks is named",
}
READS = "- it reads only"
ONCE = "- a wish for now, not a state that could drift"
PLAIN = "- no values but those that Ansible itself checks by their choices"
NO_OBJECT = "- it needs no configuration object"
ALL = {  # tests that go through a table of modules, and their tables
    "every_change.a_change_is_told_done_once_and_repaired": set(CHANGES),
    "every_change.a_device_that_refuses_is_quoted_and_nothing_counts_as_changed": set(REFUSED),
    "lost_answers.a_device_that_says_no_is_quoted_and_nothing_counts_as_changed": {name for name, _ in WISHES},
    "lost_answers.a_change_without_an_answer_is_seen_and_told": {name for name, _ in WISHES},
    "failure.the_message_says_who_and_what": set(TASKS),
    "poor_models.an_object_that_the_model_lacks_is_named_and_nothing_is_written": set(CASES),
}  # fmt: skip
CHANGED, QUOTED, NO, LOST, AWAY, POOR = ALL
CELLS = {
    "accounts": {
        "change": "passwords.accounts_are_one_plan_and_the_own_password_comes_last",
        "drift": CHANGED,
        "wrong": "lock_outs.nobody_locks_himself_out",
        "refuses": NO,
        "dies": LOST,
        "lacks": NO_OBJECT,
    },
    "backup": {
        "change": "keeping.a_backup_changes_only_when_the_configuration_does",
        "drift": "keeping.a_backup_changes_only_when_the_configuration_does",
        "wrong": "wrong_values.what_is_wrong_is_named_and_nothing_is_sent",
        "refuses": QUOTED,
        "dies": AWAY,
        "lacks": "dies_in_the_middle.a_model_without_export_says_what_keeps_its_configuration",
    },
    "config": {
        "change": "config.one_object_is_changed_once",
        "drift": CHANGED,
        "wrong": "config.mistakes_name_device_object_and_value",
        "refuses": NO,
        "dies": "first_night.a_device_that_dies_while_it_writes_is_failed_uncertain_and_heals",
        "lacks": "first_night.a_model_without_an_object_is_skipped_on_request_and_named",
    },
    "config_info": {
        "change": READS,
        "drift": READS,
        "wrong": "config.mistakes_name_device_object_and_value",
        "refuses": "every_change.reading_without_rights_tells_what_is_missing",
        "dies": AWAY,
        "lacks": POOR,
    },
    "device_facts": {
        "change": READS,
        "drift": READS,
        "wrong": PLAIN,
        "refuses": "every_change.reading_without_rights_tells_what_is_missing",
        "dies": AWAY,
        "lacks": "every_change.facts_of_a_model_that_tells_little_are_none_with_a_warning",
    },
    "device_info": {
        "change": READS,
        "drift": READS,
        "wrong": PLAIN,
        "refuses": "info_and_time.info_without_rights_says_what_is_missing",
        "dies": AWAY,
        "lacks": "every_change.facts_of_a_model_that_tells_little_are_none_with_a_warning",
    },
    "discover_address": {
        "change": "media_and_disks.devices_are_found_without_a_login_and_a_stranger_is_named",
        "drift": "dies_in_the_middle.a_new_address_that_is_never_confirmed_is_looked_for",
        "wrong": "dies_in_the_middle.what_cannot_be_an_address_is_refused_in_check_mode_too",
        "refuses": "media_and_disks.devices_are_found_without_a_login_and_a_stranger_is_named",
        "dies": "dies_in_the_middle.a_device_that_dies_is_uncertain_and_the_next_run_heals",
        "lacks": NO_OBJECT,
    },
    "discover_info": {
        "change": READS,
        "drift": READS,
        "wrong": "wrong_values.what_is_wrong_is_named_and_nothing_is_sent",
        "refuses": "- a device that does not answer is not found, and that is the answer",
        "dies": "- one datagram is the whole conversation",
        "lacks": NO_OBJECT,
    },
    "fetch": {
        "change": "media_and_disks.recordings_are_fetched_once",
        "drift": "dies_in_the_middle.a_recording_that_breaks_off_goes_on_with_the_next_run",
        "wrong": "wrong_values.what_is_wrong_is_named_and_nothing_is_sent",
        "refuses": QUOTED,
        "dies": "dies_in_the_middle.a_recording_that_breaks_off_goes_on_with_the_next_run",
        "lacks": NO_OBJECT,
    },
    "firmware": {
        "change": "firmware.a_folder_is_searched_for_the_file_of_this_hardware_and_it_is_burned_once",
        "drift": "- a device cannot change its own version",
        "wrong": "firmware.what_must_not_be_burned_is_refused_before_anything_is_sent",
        "refuses": QUOTED,
        "dies": "firmware.a_device_that_dies_while_it_burns_is_named_with_its_phase",
        "lacks": NO_OBJECT,
    },
    "group": {
        "change": "accounts.a_group_lives_and_goes",
        "drift": CHANGED,
        "wrong": "lock_outs.nobody_locks_himself_out",
        "refuses": NO,
        "dies": LOST,
        "lacks": NO_OBJECT,
    },
    "network": {
        "change": "network.name_servers_and_ports_change_in_place",
        "drift": CHANGED,
        "wrong": "network.what_would_lose_the_device_is_refused",
        "refuses": NO,
        "dies": LOST,
        "lacks": POOR,
    },
    "reboot": {
        "change": "reboot.a_device_is_restarted_and_waited_for",
        "drift": ONCE,
        "wrong": PLAIN,
        "refuses": QUOTED,
        "dies": "reboot.a_device_that_is_not_back_is_unreachable",
        "lacks": NO_OBJECT,
    },
    "recorder_channels": {
        "change": "recorder_channels.a_camera_is_bound_once_and_gets_its_new_password",
        "drift": CHANGED,
        "wrong": "recorder_channels.what_cannot_be_is_refused",
        "refuses": NO,
        "dies": LOST,
        "lacks": "recorder_channels.a_camera_has_no_channels_to_bind",
    },
    "reset": {
        "change": "keeping.a_reset_needs_the_serial_and_a_word_before_it_loses_the_device",
        "drift": ONCE,
        "wrong": "keeping.a_reset_needs_the_serial_and_a_word_before_it_loses_the_device",
        "refuses": QUOTED,
        "dies": "dies_in_the_middle.a_reset_without_an_answer_is_uncertain_and_done_by_the_next_run",
        "lacks": NO_OBJECT,
    },
    "restore": {
        "change": "keeping.a_configuration_is_put_back_on_the_device_that_is_meant",
        "drift": "keeping.a_configuration_is_put_back_on_the_device_that_is_meant",
        "wrong": "keeping.a_configuration_is_put_back_on_the_device_that_is_meant",
        "refuses": QUOTED,
        "dies": "restore_lost.a_restore_without_an_answer_is_uncertain_and_heals",
        "lacks": "dies_in_the_middle.a_model_without_export_says_what_keeps_its_configuration",
    },
    "settings": {
        "change": "settings.device_wide_settings_are_set_once",
        "drift": CHANGED,
        "wrong": "settings.what_is_wrong_is_refused_before_anything_is_sent",
        "refuses": NO,
        "dies": LOST,
        "lacks": "settings.a_model_without_a_setting_fails_or_is_skipped",
    },
    "storage": {
        "change": "media_and_disks.a_partition_is_told_what_it_is_for_once",
        "drift": CHANGED,
        "wrong": "media_and_disks.a_disk_is_formatted_only_where_it_is_not",
        "refuses": NO,
        "dies": "dies_in_the_middle.an_erased_disk_without_an_answer_is_uncertain",
        "lacks": POOR,
    },
    "time": {
        "change": "info_and_time.time_zone_and_server_are_set_once",
        "drift": CHANGED,
        "wrong": "info_and_time.a_wrong_clock_is_set_to_the_controllers",
        "refuses": NO,
        "dies": LOST,
        "lacks": "dies_in_the_middle.a_model_without_zone_gets_what_it_has_objects_for",
    },
    "user": {
        "change": "accounts.an_added_user_can_log_in",
        "drift": CHANGED,
        "wrong": "lock_outs.nobody_locks_himself_out",
        "refuses": NO,
        "dies": LOST,
        "lacks": NO_OBJECT,
    },
    "wait": {
        "change": READS,
        "drift": READS,
        "wrong": PLAIN,
        "refuses": AWAY,
        "dies": "keeping.waiting_for_a_device_that_comes_and_for_one_that_stays",
        "lacks": NO_OBJECT,
    },
}


@cache
def written_in(name: str) -> frozenset[str]:
    """The tests of one file of this folder."""
    tree = ast.parse((FOLDER / f"test_{name}.py").read_text(encoding="utf-8"))
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(one.name for one in functions if one.name.startswith("test_"))


def test_every_module_has_every_cell():
    assert set(CELLS) == MODULES
    assert {module for module, cells in CELLS.items() if cells.keys() != COLUMNS.keys()} == set()


@pytest.mark.parametrize("module", CELLS)
def test_every_cell_names_a_test_that_there_is_or_a_reason(module):
    for column, cell in CELLS[module].items():
        if cell.startswith("- "):
            assert len(cell.split()) > 3, (column, cell)
            continue
        file, _, test = cell.partition(".")
        assert f"test_{test}" in written_in(file), (column, cell)
        assert module in ALL.get(cell, {module}), f"{column}: the table of {cell} lacks {module}"
        if cell not in ALL:
            assert module in (FOLDER / f"test_{file}.py").read_text(encoding="utf-8"), (column, cell)
