# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said where the library cannot run."""

from __future__ import annotations

from ansible_collections.dvrip.devices.plugins.module_utils import _library


def test_the_library_is_here():
    assert _library.MISSING is None


def test_an_older_python_is_told_with_what_to_do():
    text = _library.missing_text((3, 11, 9))
    assert "needs Python 3.12 or later" in text
    assert "this is 3.11.9" in text
    assert "execution environment" in text
