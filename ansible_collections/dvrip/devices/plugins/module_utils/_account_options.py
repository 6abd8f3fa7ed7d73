# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""Options that `user`, `group` and `accounts` have in common."""

from __future__ import annotations

import typing as t

Option = dict[str, t.Any]

_STATE: Option = {"type": "str", "choices": ["present", "absent"], "default": "present"}
UPDATE: Option = {"type": "str", "choices": ["always", "on_create"], "no_log": False}
EMPTY: Option = {"type": "bool", "default": False, "no_log": False}
RETURNED: Option = {"type": "str", "choices": ["changes", "full"], "default": "changes"}
_NAME: Option = {"type": "str", "required": True}
_COMMON: dict[str, Option] = {
    "name": _NAME,
    "memo": {"type": "str"},
    "authorities": {"type": "list", "elements": "str"},
    "state": _STATE,
}
GROUP: dict[str, Option] = _COMMON
USER: dict[str, Option] = {
    **_COMMON,
    "password": {"type": "str", "no_log": True},
    "update_password": UPDATE,
    "group": {"type": "str"},
    "sharable": {"type": "bool"},
}
