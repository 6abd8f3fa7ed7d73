# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every way to write where devices are."""

from __future__ import annotations

import pytest

from ansible_collections.dvrip.devices.plugins.module_utils import _fleet_targets


@pytest.mark.parametrize(
    ("texts", "places"),
    [
        (["10.0.0.7"], ["10.0.0.7:34567"]),
        (["10.0.0.7:8000", "10.0.0.7:8001"], ["10.0.0.7:8000", "10.0.0.7:8001"]),
        (["10.0.0.0/30"], ["10.0.0.1:34567", "10.0.0.2:34567"]),
        (["10.0.0.5-10.0.0.7"], ["10.0.0.5:34567", "10.0.0.6:34567", "10.0.0.7:34567"]),
        (["10.0.0.5-6", "10.0.0.6"], ["10.0.0.5:34567", "10.0.0.6:34567"]),
        (["[fd00::7]:8000"], ["[fd00::7]:8000"]),
        (["gate.example"], ["gate.example:34567"]),
    ],
)
def test_a_text_names_its_places_each_once(texts, places):
    assert [str(target) for target in _fleet_targets.targets(texts, 34567)] == places


@pytest.mark.parametrize(
    "text", ["", "10.0.0.9-10.0.0.2", "10.0.0.1/99", "10.0.0.7:99999", "10.0.0.7:http", "a b"]
)
def test_a_text_that_names_none_is_told(text):
    with pytest.raises(_fleet_targets.TargetError):
        list(_fleet_targets.targets([text], 34567))
