# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""Where a device is and who logs in: the connection options of every module."""

from __future__ import annotations

import math
import typing as t
from dataclasses import dataclass, field

from ansible_collections.dvrip.devices.plugins.module_utils import _texts
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto

DEFAULT_PORT = 34567
DEFAULT_USERNAME = "admin"
DEFAULT_TIMEOUT_S = 10.0

# How many wrong passwords one account may see within half an hour: many devices lock it at the third or the fifth.
REFUSALS_MAX = 2
# How devices say that it is the password, not the account, that is wrong.
WRONG_PASSWORD = frozenset({106, 203})

# None of them has a default here: what a task leaves out comes from the inventory.
CONNECTION_OPTIONS: dict[str, dict[str, t.Any]] = {
    "host": {"type": "str"},
    "port": {"type": "int"},
    "login_user": {"type": "str"},
    "login_password": {"type": "str", "no_log": True},
    "login_passwords": {"type": "list", "elements": "str", "no_log": True},
    "encrypt_type": {"type": "str", "choices": ["MD5", "NONE"]},
    "encryption": {"type": "str", "choices": ["auto", "always", "never", "salted", "light"]},
    "timeout": {"type": "float"},
}


def one_or_more(told: t.Any, what: str) -> list[str]:
    """Passwords as somebody gave them: one, a list, or none; UsageError, without them, for anything else."""
    if told is None:
        return []
    if isinstance(told, list | tuple):
        return [password for one in told for password in one_or_more(one, what)]
    kind = _texts.kind_of(told) or ("" if isinstance(told, str) else type(told).__name__)
    if kind:
        raise dvrip_proto.UsageError(_texts.no_password(what, kind))
    return [str(told)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One device as one account sees it."""

    host: str
    port: int
    username: str
    password: str = field(repr=False)
    timeout_s: float
    candidates: tuple[str, ...] = field(default=(), repr=False)  # other passwords it may have
    encrypt_type: str = "MD5"
    encryption: str = "auto"

    @classmethod
    def from_options(cls, options: t.Mapping[str, t.Any]) -> Endpoint:
        """The endpoint that validated module options name; UsageError says which one is missing or wrong."""
        host = options.get("host")
        if not host:
            raise dvrip_proto.UsageError(
                "no device address: run the task on a host of the inventory that is a device, or set `host`"
            )
        passwords = list(options.get("login_passwords") or ())
        if options.get("login_password") is not None:
            passwords.insert(0, options["login_password"])
        passwords = list(dict.fromkeys(passwords))
        if not passwords:
            raise dvrip_proto.UsageError(
                f'{host}: no password: set ansible_password (or `login_password`); write an empty one as ""'
            )
        port = DEFAULT_PORT if options.get("port") is None else options["port"]
        if not 0 < port < 65536:
            raise dvrip_proto.UsageError(f"{host}: port {port} is not between 1 and 65535")
        timeout_s = DEFAULT_TIMEOUT_S if options.get("timeout") is None else options["timeout"]
        if not 0 < timeout_s < math.inf:
            raise dvrip_proto.UsageError(f"{host}: timeout {timeout_s} is not a positive number of seconds")
        if ":" in host:  # HOST:PORT, or IPv6: as what is told, compared and remembered later on
            place = dvrip_proto.Device(host, port)
            host, port = place.host, place.port
        return cls(
            host=host,
            port=port,
            username=options.get("login_user") or DEFAULT_USERNAME,
            password=passwords[0],
            candidates=tuple(passwords[1:]),
            timeout_s=timeout_s,
            encrypt_type=options.get("encrypt_type") or "MD5",
            encryption=options.get("encryption") or "auto",
        )

    def device(self) -> dvrip_proto.Device:
        """A device of the library that is not connected yet."""
        return dvrip_proto.Device(
            self.host,
            self.port,
            username=self.username,
            password=self.password,
            timeout_s=self.timeout_s,
            encrypt_type=self.encrypt_type,
            encryption=self.encryption,
        )

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
