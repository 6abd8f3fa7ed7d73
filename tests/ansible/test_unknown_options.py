"""An option that a module does not have: named with the one that was meant, not with a list of hundreds."""

from importlib import import_module

import pytest

from ansible_collections.dvrip.devices.plugins.module_utils._options import unknown_option

SETTINGS = import_module("ansible_collections.dvrip.devices.plugins.modules.settings").SPEC.argument_spec


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("device_nam", "device_nam: there is no such option, did you mean device_name?"),
        ("motion_sensitivity", "motion_sensitivity: this belongs below `channels`"),
        (("channels", "motion_sensitivty"), "did you mean motion_sensitivity?"),
        (("channels", "device_name"), "an option of the task itself, not of `channels`"),
        ("zzzz", "zzzz: there is no such option"),
    ],
)
def test_it_is_said_what_was_meant(name, words):
    assert words in unknown_option(name, SETTINGS)


def test_a_play_gets_one_line(camera):
    wish = {"device_name": "gate", "motion_sensitivity": 5}
    run = camera.play([{"name": "wrong", "dvrip.devices.settings": wish, "ignore_errors": True}]).ok()
    assert "motion_sensitivity: this belongs below `channels`" in run["wrong"]["msg"]
    assert len(run["wrong"]["msg"]) < 300
    assert camera.logins() == 0
