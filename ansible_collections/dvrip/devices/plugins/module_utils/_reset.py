# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""Sets a device back, and goes after it to where a new one is."""

from __future__ import annotations

import contextlib
import typing as t
from dataclasses import dataclass

from ansible_collections.dvrip.devices.plugins.module_utils import _network
from ansible_collections.dvrip.devices.plugins.module_utils._follow import addresses, follow, refused
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Result
from ansible_collections.dvrip.devices.plugins.module_utils._restart import gone
from ansible_collections.dvrip.devices.plugins.module_utils._session import Session

SETTLE_S = 2.0  # a device that moves without a restart does it within this time
# PROTOCOL: what most devices come with.
_MOSTLY = (
    "most new devices are 192.168.1.10:34567; look for it there, or with discover_info by its serial number"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reset:
    """What is set back, and where the device is afterwards; `place` is None where nobody knows that."""

    serial: str
    parts: t.Sequence[str]
    factory: bool
    place: Result | None
    present: Result
    unknown: str = ""  # why nobody knows
    within_s: float

    @property
    def moves(self) -> bool:
        """Whether the device goes to another place, as far as is known."""
        return self.place is not None and self.place != self.present

    def warnings(self, where: str) -> list[str]:
        """What was allowed, and where to look for the device then."""
        told = []
        if "network" in self.parts:
            text = "network set back may make the device unreachable here"
            if self.place is None:
                goes = f"{self.unknown}, so nobody knows where it is then: {_MOSTLY}"
            elif self.moves:
                goes = f"it moves to {self.place['host']}:{self.place['port']}"
            else:
                goes = "it has the same address when it is new"
            told.append(f"{where}: allowed: {text}: {goes}")
        if "accounts" in self.parts:
            told.append(
                f"{where}: allowed: accounts set back undoes accounts and passwords: log in as a new device wants it then, mostly "
                "as admin without a password"
            )
        return told


async def destination(
    device: dvrip_proto.Device, session: Session, wait_host: str | None
) -> tuple[Result | None, str]:
    """Where a device is when its network settings are those of a new one; None, and why nobody knows it."""
    here, settings = session.endpoint, device.settings
    try:
        now = (await settings.plan(_network.COMMON, {})).before
        fresh = dvrip_proto.readable(
            await settings.default(_network.COMMON), dvrip_proto.spec_for(_network.COMMON)
        )
    except dvrip_proto.RequestError:
        now, fresh = {}, {}
    port = fresh.get("TCPPort") if now.get("TCPPort") == here.port else None
    port = port if isinstance(port, int) and 0 < port < 65536 else here.port
    if wait_host:
        return {"host": wait_host, "port": port}, ""
    if not fresh.get("HostIP"):
        return None, "the device does not tell the address it has when it is new"
    if now.get("HostIP") not in await addresses(here.host):
        return None, "the device says that it has another address than the one it is reached at"
    if await _by_dhcp(device):
        return None, "a new device takes its address from DHCP"
    return {"host": fresh["HostIP"], "port": port}, ""


async def _by_dhcp(device: dvrip_proto.Device) -> bool:
    try:
        listed = await device.settings.default(_network.DHCP)
    except dvrip_proto.RequestError:
        return False
    entries = listed if isinstance(listed, list) else [listed]
    return any(isinstance(entry, dict) and bool(entry.get("Enable")) for entry in entries)


async def carry_out(session: Session, wanted: Reset, password: str) -> Result:
    """Set it back, and log in where it is then; `reboot_required` where it stays until it restarts."""
    device = await session.device()
    if "accounts" in wanted.parts:
        session.accounts_go, session.new_password = True, password
    if wanted.place is None:
        session.lost = f"{wanted.unknown}: {_MOSTLY}"
    with session.in_doubt("defaults"):
        if wanted.factory:
            restart = await device.system.restore_factory()
        else:
            restart = await device.system.restore_defaults(wanted.parts)
    if not wanted.moves or wanted.place is None:
        return {"reboot_required": restart}
    stays = await _answers(device) if restart else False
    if not stays:
        try:
            stays = await follow(session, wanted.serial, within_s=wanted.within_s, **wanted.place)
        except dvrip_proto.AuthenticationError as error:
            return {
                **wanted.place,
                "reboot_required": False,
                "login": "refused",
                "warnings": [refused(error)],
            }
    if stays:
        session.moves_to = dict(wanted.place)
        return {**wanted.present, "reboot_required": True}
    return {**wanted.place, "reboot_required": restart, **session.login_after()}


async def _answers(device: dvrip_proto.Device) -> bool:
    """Whether the device is still where it was, some seconds after its answer; one that has gone does not tell."""
    if await gone(device, SETTLE_S):
        return False
    with contextlib.suppress(dvrip_proto.DvripError):
        await device.system.info()
        return True
    return False
