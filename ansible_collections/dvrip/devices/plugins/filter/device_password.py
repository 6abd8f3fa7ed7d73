# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: device_password
short_description: Makes a password of its own for every device from one secret
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - Makes a password from a secret of the vault and what tells devices apart, so that no list of passwords has to be kept, and a
    password that gets known opens one device only. The same secret and device always give the same password.
  - The password is the HMAC (SHA-256) of the device under the secret, written with letters and digits that nobody mixes up.
    It has at least one small letter, one capital letter and one digit.
positional: _input
options:
  _input:
    description: What tells the device apart. Its serial number, never its address.
    type: str
    required: true
  secret:
    description: Secret of the vault, of at least 16 characters.
    type: str
    required: true
  purpose:
    description: What the password is for, so that one device has several, for example the name of the account.
    type: str
    default: admin
  generation:
    description: Number that is raised for new passwords.
    type: int
    default: 1
  length:
    description: How long the password is, from 8 to 32. Some devices take no more than 16.
    type: int
    default: 16
"""

EXAMPLES = r"""
- name: Log in with the password of this device, or with that of the generation before
  ansible.builtin.set_fact:
    ansible_password: "{{ dvrip_serial | dvrip.devices.device_password(vault_fleet_secret, generation=2) }}"
    ansible_dvrip_passwords:
      - "{{ dvrip_serial | dvrip.devices.device_password(vault_fleet_secret, generation=1) }}"
  no_log: true
"""

RETURN = r"""
_value:
  description: The password.
  type: str
"""

import hashlib
import hmac
import typing as t

from ansible.errors import AnsibleFilterError

_SMALL = "abcdefghijkmnpqrstuvwxyz"
_CAPITAL = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_DIGITS = "23456789"
_ALL = _SMALL + _CAPITAL + _DIGITS
_SECRET_LEAST = 16


def device_password(
    device: t.Any, secret: t.Any, purpose: str = "admin", generation: t.Any = 1, length: t.Any = 16
) -> str:
    """Password of one account of one device."""
    if not isinstance(device, str) or not device.strip():
        raise AnsibleFilterError("device_password: no serial number")
    if not isinstance(secret, str) or len(secret) < _SECRET_LEAST:
        raise AnsibleFilterError(f"device_password: the secret needs at least {_SECRET_LEAST} characters")
    size = _whole(length)
    if size is None or not 8 <= size <= 32:
        raise AnsibleFilterError(f"device_password: length is from 8 to 32, not {length!r}")
    number = _whole(generation)
    if number is None:
        raise AnsibleFilterError(f"device_password: generation is a whole number, not {generation!r}")
    message = f"dvrip\0{device.strip().casefold()}\0{purpose}\0{number}"
    digits = _digits(secret.encode(), message.encode())
    letters = [_ALL[next(digits) % len(_ALL)] for dummy in range(size)]
    # One of each kind, at places that the digest chooses as well.
    places = sorted(range(size), key=lambda place: (next(digits), place))
    for place, kind in zip(places, (_SMALL, _CAPITAL, _DIGITS), strict=False):
        letters[place] = kind[next(digits) % len(kind)]
    return "".join(letters)


def _whole(value: t.Any) -> int | None:
    """A whole number, as a number or as a text of digits; None for anything else."""
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _digits(secret: bytes, message: bytes) -> t.Iterator[int]:
    """Numbers of 32 bits, as many as are asked for."""
    block = 0
    while True:
        digest = hmac.new(secret, message + block.to_bytes(4, "big"), hashlib.sha256).digest()
        yield from (int.from_bytes(digest[at : at + 4], "big") for at in range(0, len(digest), 4))
        block += 1


class FilterModule:
    """Filters of the collection."""

    def filters(self) -> dict[str, t.Callable[..., str]]:
        """By their names."""
        return {"device_password": device_password}
