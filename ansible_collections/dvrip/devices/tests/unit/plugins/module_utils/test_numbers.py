# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""People count channels from 1, the library from 0."""

from __future__ import annotations

import pytest

from ansible_collections.dvrip.devices.plugins.module_utils import _numbers
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto


@pytest.mark.parametrize(
    ("given", "channels"),
    [(1, [0]), ("2", [1]), ([3, "1"], [0, 2]), ("all", None), ("ALL", None), (None, None)],
)
def test_what_people_write_becomes_channels(given, channels):
    assert _numbers.channels_of("config", given) == channels


@pytest.mark.parametrize("given", [0, -1, [], [1, 1], [1, "1"], "one", True, 1.0, "", {}])
def test_what_is_no_channel_is_refused(given):
    with pytest.raises(dvrip_proto.UsageError, match="give a number from 1, a list of numbers, or all"):
        _numbers.channels_of("config", given)


@pytest.mark.parametrize(
    "options", [{"reboot_timeout": -1}, {"limit": -3}, {"wait": float("inf")}, {"wait": float("nan")}]
)
def test_less_than_nothing_is_no_amount(options):
    (name,) = options
    with pytest.raises(dvrip_proto.UsageError, match=name):
        _numbers.check_amounts(options)


def test_nothing_and_words_are_amounts_of_nobody():
    _numbers.check_amounts({"reboot_timeout": 0, "wait": True, "limit": None, "name": "-1"})
