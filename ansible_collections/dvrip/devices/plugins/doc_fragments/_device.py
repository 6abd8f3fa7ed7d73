# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

from __future__ import annotations


class ModuleDocFragment:
    """Where the device is and who logs in."""

    DOCUMENTATION = r"""
options:
  host:
    description:
      - Address or name of the device.
      - Only needed where the host of the inventory is not the device itself.
        Without it the module uses C(ansible_host), or the inventory name of the host.
    type: str
  port:
    description:
      - TCP port of the device.
      - Without it the module uses C(ansible_port), or V(34567).
    type: int
  login_user:
    description:
      - Account to log in with.
      - Without it the module uses C(ansible_user), or V(admin).
    type: str
    aliases: [username]
  timeout:
    description:
      - Seconds to wait for the connection and for each reply.
      - Without it the module uses C(ansible_timeout), or V(10).
    type: float
requirements:
  - dvrip-proto, on Python 3.12 or later. Releases of the collection carry it inside.
notes:
  - Runs on the controller, in Ansible's own worker process, and needs nothing on the device.
  - A device that cannot be reached is reported as UNREACHABLE. A refused password is a failure, and is not tried again,
    because devices lock accounts.
"""

    # For modules that have no other password.
    PASSWORD = r"""
options:
  login_password:
    description:
      - Password of O(login_user).
      - Without it the module uses C(ansible_password). There is no default. A device without password needs V("").
    type: str
    aliases: [password]
"""

    # For modules whose own option `password` is that of another account.
    LOGIN_PASSWORD = r"""
options:
  login_password:
    description:
      - Password of O(login_user).
      - Without it the module uses C(ansible_password). There is no default. A device without password needs V("").
    type: str
"""
