# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: site_mistakes
short_description: Checks the YAML of a site without a device
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - Checks what the role P(dvrip.devices.provision#role) is given against the options of the modules and the catalog of settings, so that a
    mistake is found where the file is kept, before anybody stands at a device.
  - What only the device can tell (whether this model has an object, which fields its firmware adds) is not checked.
positional: _input
options:
  _input:
    description: The site, as for the role P(dvrip.devices.provision#role).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Refuse a site that no device could understand
  ansible.builtin.assert:
    that: site | dvrip.devices.site_mistakes | length == 0
    fail_msg: "{{ site | dvrip.devices.site_mistakes | join('\n') }}"
"""

RETURN = r"""
_value:
  description: Every mistake, with its place in the file. Empty when there is none.
  type: list
  elements: str
"""

import typing as t

from ansible.errors import AnsibleFilterError

from ansible_collections.dvrip.devices.plugins.module_utils import _library


def site_mistakes(site: t.Any) -> list[str]:
    """Every mistake of a site."""
    if _library.MISSING is not None:
        raise AnsibleFilterError(_library.missing_text())
    from ansible_collections.dvrip.devices.plugins.module_utils import _site

    return _site.mistakes(site)


class FilterModule:
    """Filters of the collection."""

    def filters(self) -> dict[str, t.Callable[..., list[str]]]:
        """By their names."""
        return {"site_mistakes": site_mistakes}
