"""An option of a row that was just added: tests/test_one_row.py runs this in a scratch copy that has the row.

The row's key is in the environment variable ROW; it is true or false, for the whole device.
"""

import os

from dvrip_proto import control
from tests.ansible.conftest import assert_triplet, triplet
from tests.ansible.test_settings import SETTINGS, writes

ROW = os.environ.get("ROW", "")


def test_its_option_is_refused_checked_and_set_once(camera):
    row = control(ROW)
    camera.config[row.object][row.path] = False
    refused = {"name": "refused", SETTINGS: {ROW: "maybe"}, "ignore_errors": True}
    run = camera.play([refused, triplet("settings", {ROW: True})[0]]).ok()
    assert run["refused"].outcome == "failed"
    assert ROW in run["refused"]["msg"]
    assert run["check"]["changed"] is True
    assert writes(camera) == []
    assert_triplet(camera.play(triplet("settings", {ROW: True})))
    assert writes(camera) == [row.object]
    assert camera.config[row.object][row.path] is True
