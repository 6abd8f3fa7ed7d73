# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A site is judged without a device."""

from __future__ import annotations

from ansible_collections.dvrip.devices.plugins.filter.site_mistakes import site_mistakes


def test_a_good_site_has_no_mistake():
    assert site_mistakes({"time": {"timezone": "Europe/Berlin"}}) == []


def test_a_mistake_is_told_with_its_place():
    (mistake,) = site_mistakes({"time": {"timezone": "Mars/Olympus"}})
    assert "time" in mistake
    assert "Mars/Olympus" in mistake


def test_an_unknown_part_is_a_mistake():
    (mistake,) = site_mistakes({"tiem": {}})
    assert "tiem" in mistake


def test_a_site_that_is_no_dictionary_is_a_mistake():
    assert site_mistakes("site.yml")
