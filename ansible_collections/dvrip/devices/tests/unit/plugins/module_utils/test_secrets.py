# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What counts as secret in a task and its result."""

from __future__ import annotations

from ansible_collections.dvrip.devices.plugins.module_utils import _secrets
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto


def test_a_password_and_its_hash_are_secret():
    assert _secrets.secret_strings(["Heron-gate5"], []) == {
        "Heron-gate5",
        dvrip_proto.sofia_hash("Heron-gate5"),
    }


def test_what_the_task_says_openly_is_not():
    assert "admin" not in _secrets.secret_strings(["admin"], ["admin"])


def test_every_text_of_a_tree_is_found():
    assert set(_secrets.leaves({"a": ["b", {"c": "d"}], "e": 1})) >= {"b", "d"}


def test_a_short_password_is_masked_as_a_word_and_spoils_no_version():
    result = {
        "firmware": "V5.00.R02.00030747.10010",
        "port": 34567,
        "msg": "password 1 refused",
        "of": ["1", "10"],
    }
    masked = _secrets.without_words(result, {"1", "0"})
    assert masked["firmware"] == result["firmware"]
    assert masked["port"] == 34567
    assert masked["msg"] == "password ******** refused"
    assert masked["of"] == ["********", "10"]
