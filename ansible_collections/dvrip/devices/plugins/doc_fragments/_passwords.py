# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

from __future__ import annotations


class ModuleDocFragment:
    """What may open a device to everybody."""

    DOCUMENTATION = r"""
options:
  allow_empty_password:
    description:
      - Also give an account an empty password, which lets in everybody who reaches the device. Otherwise the task fails, in check
        mode too, and nothing is written. An account whose password is empty already is only warned of.
    type: bool
    default: false
"""
