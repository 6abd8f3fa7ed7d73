# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A password of its own for every device, from one secret."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.dvrip.devices.plugins.filter.device_password import device_password

SECRET = "a secret of sixteen and more"


def test_it_is_the_same_every_time_and_another_for_every_device_purpose_and_generation():
    one = device_password("2a981919678907c1", SECRET)
    assert device_password(" 2A981919678907C1 ", SECRET) == one
    others = {
        device_password("2a981919678907c2", SECRET),
        device_password("2a981919678907c1", SECRET + "."),
        device_password("2a981919678907c1", SECRET, "viewer"),
        device_password("2a981919678907c1", SECRET, generation=2),
    }
    assert len(others | {one}) == 5


@pytest.mark.parametrize("length", [8, 16, 32])
def test_it_has_every_kind_of_letter_and_none_that_is_misread(length):
    password = device_password("2a981919678907c1", SECRET, length=length)
    assert len(password) == length
    assert any(map(str.islower, password))
    assert any(map(str.isupper, password))
    assert any(map(str.isdigit, password))
    assert not set(password) & set("lIO01")


@pytest.mark.parametrize(
    ("device", "secret", "length"),
    [("", SECRET, 16), (None, SECRET, 16), ("a", "short", 16), ("a", SECRET, 7)],
)
def test_what_makes_no_password_is_refused(device, secret, length):
    with pytest.raises(AnsibleFilterError):
        device_password(device, secret, length=length)
