"""An option of a row that was just added: tests/test_one_row.py runs this in a scratch copy that has the row.

ROW in the environment is the key of one that is true or false, NUMBER of one from 0 to 255; both are of the whole device.
"""

import os

from dvrip_proto import control
from tests.ansible.conftest import assert_triplet, triplet
from tests.ansible.test_settings import SETTINGS, writes

ROW, NUMBER = os.environ.get("ROW", ""), os.environ.get("NUMBER", "")


def test_its_option_is_refused_checked_and_set_once(camera):
    row = control(ROW)
    camera.config[row.object][row.path] = False
    wrong = {"word": {ROW: "maybe"}, "range": {ROW: True, NUMBER: 256}}
    refused = [{"name": name, SETTINGS: wish, "ignore_errors": True} for name, wish in wrong.items()]
    run = camera.play([*refused, triplet("settings", {ROW: True})[0]]).ok()
    assert {run[name].outcome for name in wrong} == {"failed"}
    assert ROW in run["word"]["msg"]
    assert "0 to 255" in run["range"]["msg"]
    assert run["check"]["changed"] is True
    assert writes(camera) == []
    assert_triplet(camera.play(triplet("settings", {ROW: True})))
    assert writes(camera) == [row.object]
    assert camera.config[row.object][row.path] is True
