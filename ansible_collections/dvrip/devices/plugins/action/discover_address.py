# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.dvrip.devices.plugins.modules.discover_address import SPEC
from ansible_collections.dvrip.devices.plugins.plugin_utils._action import DvripAction


class ActionModule(DvripAction):
    spec = SPEC
