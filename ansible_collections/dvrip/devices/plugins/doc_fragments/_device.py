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
      - TCP port of the device, from V(1) to V(65535).
      - Without it the module uses C(ansible_port), or V(34567).
    type: int
  login_user:
    description:
      - Account to log in with.
      - Without it the module uses C(ansible_user), or V(admin).
    type: str
  login_password:
    description:
      - Password of O(login_user).
      - Without it the module uses C(ansible_password). There is no default. A device without password needs V("").
      - In quotes. What YAML makes a number (C(0123)) or a boolean (C(no)) is refused before anything is sent.
    type: str
  login_passwords:
    description:
      - Other passwords that O(login_user) may have, tried after O(login_password) while passwords are being rotated.
      - At most two wrong ones are tried within half an hour, over all runs of this controller, because devices lock accounts.
      - Without it the module uses C(ansible_dvrip_passwords).
    type: list
    elements: str
  encrypt_type:
    description:
      - V(NONE) sends the password itself at the login, for the few devices that do not know its hash.
      - Without it the module uses C(ansible_dvrip_encrypt_type), or V(MD5).
    type: str
    choices: [MD5, NONE]
  encryption:
    description:
      - V(auto) encrypts where the device wants it, V(always) never speaks to it in clear, V(never) stays in clear.
      - V(salted) and V(light) keep to a way that C(login) of M(dvrip.devices.device_info) told.
      - Without it the module uses C(ansible_dvrip_encryption), or V(auto).
    type: str
    choices: [auto, always, never, salted, light]
  timeout:
    description:
      - Seconds to wait for the connection and for each reply, above V(0).
      - Without it the module uses C(ansible_timeout), or V(10).
    type: float
requirements:
  - Python 3.12 or later on the controller. Releases of the collection carry the protocol library inside.
notes:
  - Runs on the controller, in Ansible's own worker process, and needs nothing on the device.
  - A device that cannot be reached is reported as UNREACHABLE. A refused password is a failure, and is not tried again,
    because devices lock accounts. So is a device that is named by O(host) and is not the host of the inventory.
  - Names of accounts and of computers, addresses and versions are texts. What YAML makes a number (C(10:20:30) is 37230, C(0123) is 83,
    C(1.10) is 1.1) is refused before anything is sent, so write them in quotes.
  - On a failure RV(ignore:failure) has the kind of error and a remedy, RV(ignore:written) what the device took over before it,
    and RV(ignore:uncertain) what was sent without an answer and could not be read back.
"""
