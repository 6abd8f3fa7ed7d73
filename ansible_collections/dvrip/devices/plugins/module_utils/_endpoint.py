# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""Where a device is and who logs in: the connection options of every module."""

from __future__ import annotations

import math
import typing as t
from dataclasses import dataclass, field

from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto

DEFAULT_PORT = 34567
DEFAULT_USERNAME = "admin"
DEFAULT_TIMEOUT_S = 10.0

# None of them has a default here: what a task leaves out comes from the inventory.
_OPTIONS: dict[str, dict[str, t.Any]] = {
    "host": {"type": "str"},
    "port": {"type": "int"},
    "login_user": {"type": "str", "aliases": ["username"]},
    "login_password": {"type": "str", "no_log": True, "aliases": ["password"]},
    "timeout": {"type": "float"},
}


def connection_options(own: t.Mapping[str, t.Any]) -> dict[str, dict[str, t.Any]]:
    """The connection options of a module with these options of its own; `password` may be one of them."""
    return {
        name: {**option, "aliases": [alias for alias in option.get("aliases", ()) if alias not in own]}
        for name, option in _OPTIONS.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One device as one account sees it."""

    host: str
    port: int
    username: str
    password: str = field(repr=False)
    timeout_s: float

    @classmethod
    def from_options(cls, options: t.Mapping[str, t.Any]) -> Endpoint:
        """The endpoint that validated module options name; UsageError says which one is missing or wrong."""
        host = options.get("host")
        if not host:
            raise dvrip_proto.UsageError(
                "no device address: run the task on a host of the inventory that is a device, or set `host`"
            )
        if options.get("login_password") is None:
            raise dvrip_proto.UsageError(
                f'{host}: no password: set ansible_password (or `login_password`); write an empty one as ""'
            )
        port = DEFAULT_PORT if options.get("port") is None else options["port"]
        if not 0 < port < 65536:
            raise dvrip_proto.UsageError(f"{host}: port {port} is not between 1 and 65535")
        timeout_s = DEFAULT_TIMEOUT_S if options.get("timeout") is None else options["timeout"]
        if not 0 < timeout_s < math.inf:
            raise dvrip_proto.UsageError(f"{host}: timeout {timeout_s} is not a positive number of seconds")
        return cls(
            host=host,
            port=port,
            username=options.get("login_user") or DEFAULT_USERNAME,
            password=options["login_password"],
            timeout_s=timeout_s,
        )

    def device(self) -> dvrip_proto.Device:
        """A device of the library that is not connected yet."""
        return dvrip_proto.Device(
            self.host, self.port, username=self.username, password=self.password, timeout_s=self.timeout_s
        )

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"
