# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""Changes the network settings of a device in the order that locks nobody out, and follows it to its new address."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import typing as t
from dataclasses import dataclass

from ansible_collections.dvrip.devices.plugins.module_utils import _network, _plans, _writing
from ansible_collections.dvrip.devices.plugins.module_utils._follow import (
    addresses,
    follow,
    is_same,
    pending_move,
)
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._missing import Parts
from ansible_collections.dvrip.devices.plugins.module_utils._module import Task
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal, Result
from ansible_collections.dvrip.devices.plugins.module_utils._session import Session

_KNOCK_TIMEOUT_S = 1.0
# For the device between two writes, also when the task does not wait for it afterwards.
_WAIT_BETWEEN_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dhcp:
    """DHCP of the one interface that the task is about; without a plan the device knows no DHCP."""

    plan: dvrip_proto.Plan | None
    before: bool
    after: bool

    @property
    def goes_off(self) -> bool:
        return self.before and not self.after

    @property
    def goes_on(self) -> bool:
        return self.after and not self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    """Everything that is to be written, and where the device is afterwards."""

    serial: str
    common: dvrip_proto.Plan | None
    dhcp: _Dhcp
    dns: dvrip_proto.Plan | None
    host: str
    port: int
    leaves: bool
    wait_s: float | None

    @property
    def plans(self) -> list[dvrip_proto.Plan]:
        return [plan for plan in (self.dns, self.dhcp.plan, self.common) if plan is not None]


async def prepare(task: Task) -> Proposal:
    """What must change, checked for consequences."""
    device, options = await task.device(), task.options
    parts = Parts(device, options)
    common = await parts.plan(_network.COMMON, _network.common_wish(options), _network.OPTIONS)
    dhcp = await _plan_dhcp(device, options["dhcp"], options["interface"], parts)
    dns = await _plan_dns(device, options["dns"], parts)
    old, new = ({}, {}) if common is None else (common.before, common.after)
    where = task.where
    try:
        _network.check(old, new, dhcp_after=dhcp.after)
    except dvrip_proto.UsageError as error:
        raise dvrip_proto.UsageError(f"{where}: {error}") from error
    warnings = parts.warnings
    if common is not None:
        warnings += _dangers(task, device, common, dhcp)
    host, port = await _destination(device, old, new)
    if host != device.host:
        await _refuse_taken(where, host, port)
    if options["wait_host"] and ((host, port) != (device.host, device.port) or dhcp.goes_on):
        host = options["wait_host"]
    move = _Move(
        serial=(await device.system.info()).serial,
        common=common,
        dhcp=dhcp,
        dns=dns,
        host=host,
        port=port,
        leaves=(host, port) != (device.host, device.port),
        wait_s=options["wait_timeout"] if options["wait"] else None,
    )
    known = dhcp.plan is not None
    servers = (None, None) if dns is None else (dns.before, dns.after)
    before = _network.view(old, dhcp.before if known else None, servers[0])
    after = _network.view(new, dhcp.after if known else None, servers[1])
    result: Result = {"before": before, "after": after, "host": host, "port": port, **parts.told()}
    task.session.moves_to = await pending_move(task.session, old)
    if task.session.moves_to:
        result["reboot_required"] = True
    return Proposal(
        acts=any(plan.changed for plan in move.plans),
        result=result,
        rows=[row for plan in move.plans for row in _plans.rows(plan)],
        warnings=warnings,
        finish=lambda session: _apply(session, move),
    )


def _dangers(task: Task, device: dvrip_proto.Device, common: dvrip_proto.Plan, dhcp: _Dhcp) -> list[str]:
    """Refuse what would put the device out of reach, or warn of it. That it moves is what this module is for."""
    if dhcp.goes_off:  # the address that was stored all the time comes into force
        stale = {"HostIP": common.current.get("HostIP")}
        unseen = dvrip_proto.dangers(_network.COMMON, stale, common.payload, dvrip_proto.Caller())
        common = dataclasses.replace(common, dangers=unseen)
    if not task.options["allow_disconnect"]:
        device.settings.check(common, may_move=True)
    lasting = tuple(danger for danger in common.dangers if danger.lasting)
    return _plans.allowed(task.where, [dataclasses.replace(common, dangers=lasting)])


async def _plan_dhcp(
    device: dvrip_proto.Device, wanted: bool | None, interface: str | None, parts: Parts
) -> _Dhcp:
    name, present = _network.DHCP, None
    missing = dvrip_proto.UnsupportedError(f"{name}: the device has no interface for DHCP", name=name)
    try:
        present = await device.settings.get(name)
    except dvrip_proto.UnsupportedError as error:
        missing = error
    entries = [entry for entry in present if isinstance(entry, dict)] if isinstance(present, list) else []
    if not entries:
        if wanted is not None:
            parts.leave_out(name, ["dhcp"], missing)
        return _Dhcp(plan=None, before=False, after=False)
    which = interface or str(entries[0].get("Interface", ""))
    wish = [] if wanted is None else [{"Interface": which, "Enable": wanted}]
    plan = await device.settings.plan(name, wish)
    before = any(_on(entry) for entry in plan.before if entry.get("Interface") == which)
    return _Dhcp(plan=plan, before=before, after=before if wanted is None else wanted)


def _on(entry: t.Mapping[str, t.Any]) -> bool:
    return bool(entry.get("Enable"))


async def _plan_dns(
    device: dvrip_proto.Device, servers: list[str] | None, parts: Parts
) -> dvrip_proto.Plan | None:
    if servers is not None and not 1 <= len(servers) <= 2:
        raise dvrip_proto.UsageError(
            f"{device.host}:{device.port}: dns takes one or two servers, not {len(servers)}"
        )
    wish = _network.dns_wish(servers) if servers else {}
    return await parts.plan(_network.DNS, wish, _network.OPTIONS, needless=_network.NO_SERVERS)


async def _destination(device: dvrip_proto.Device, old: _network.Tree, new: _network.Tree) -> tuple[str, int]:
    """Where the device will be; behind address translation it stays where it is."""
    host, port = device.host, device.port
    if new.get("HostIP") != old.get("HostIP") and old.get("HostIP") in await addresses(host):
        host = new["HostIP"]
    if port == old.get("TCPPort") and "TCPPort" in new:
        port = new["TCPPort"]
    return host, port


async def _refuse_taken(where: str, address: str, port: int) -> None:
    """Refuse an address at which something answers on the device's port already."""
    writer: asyncio.StreamWriter | None = None
    with contextlib.suppress(OSError):  # nobody there, as it should be; TimeoutError is one too
        async with asyncio.timeout(_KNOCK_TIMEOUT_S):
            writer = (await asyncio.open_connection(address, port))[1]
    if writer is not None:
        writer.close()
        raise dvrip_proto.UsageError(
            f"{where}: address {address} is taken: something answers there on port {port}"
        )


async def _apply(session: Session, move: _Move) -> Result:
    reboot_required = False
    if move.dns is not None:
        reboot_required |= await _writing.write(session, _plans.steps([move.dns]))
    common = move.common
    if move.dhcp.goes_off and move.dhcp.plan is not None:
        common = await _leave_dhcp(session, move, move.dhcp.plan)
    if common is not None and common.changed:
        wait_s = move.wait_s if not move.dhcp.goes_on else move.wait_s or _WAIT_BETWEEN_S
        reboot_required |= await _write_and_follow(session, common, move, wait_s)
    if move.dhcp.goes_on and move.dhcp.plan is not None:
        reboot_required |= await _write_and_follow(session, move.dhcp.plan, move, move.wait_s)
    result: Result = {"reboot_required": reboot_required}
    if reboot_required:
        session.moves_to = {"host": move.host, "port": move.port}
        result |= {"host": session.endpoint.host, "port": session.endpoint.port}
    return result


async def _leave_dhcp(session: Session, move: _Move, off: dvrip_proto.Plan) -> dvrip_proto.Plan | None:
    """Switch DHCP off, and plan the fixed address on what the device then has: it may have an older one stored."""
    device = await session.device()
    await _write_blindly(session, off)
    if device.closed:
        await session.reopen(within_s=move.wait_s or session.endpoint.timeout_s, accept=is_same(move.serial))
    if move.common is None:
        return None
    wanted = move.common.after
    keys = {change.path for change in move.common.changes} | {"HostIP", "Submask", "GateWay"}
    wish = {key: wanted[key] for key in keys if key in wanted}
    return await (await session.device()).settings.plan(_network.COMMON, wish)


async def _write_and_follow(
    session: Session, plan: dvrip_proto.Plan, move: _Move, wait_s: float | None
) -> bool:
    """Write, and go where the device goes; returns whether it needs a restart for that."""
    if not move.leaves and not move.dhcp.goes_on:
        stays = dataclasses.replace(plan, dangers=())
        return await _writing.write(session, _plans.steps([stays], allow_disconnect=True))
    if await _write_blindly(session, plan):
        return True
    if wait_s is None:
        await session.close()
        return False
    return await _follow(session, plan, move, wait_s)


async def _follow(session: Session, plan: dvrip_proto.Plan, move: _Move, wait_s: float) -> bool:
    """Log in where the device should be now, and look; True when it stays where it was until it restarts."""
    stays = await follow(session, move.serial, host=move.host, port=move.port, within_s=wait_s)
    device = await session.device()
    left = await device.settings.plan(plan.name, plan.desired)
    if left.changed:
        raise dvrip_proto.NotAppliedError(
            f"{device.host}:{device.port}: {plan.name}: the device did not keep {'; '.join(left.summary())}",
            changes=left.changes,
            name=plan.name,
        )
    return stays


async def _write_blindly(session: Session, plan: dvrip_proto.Plan) -> bool:
    """Write what may end the connection before the reply; returns whether the device needs a restart for it."""
    device = await session.device()
    reboot_required = False
    # Checked again at the new address: here it may be gone already, or not have taken the settings over yet.
    with contextlib.suppress(dvrip_proto.TransportError, dvrip_proto.NotAppliedError):
        reboot_required = (await device.settings.apply(plan, allow_disconnect=True)).reboot_needed
    session.written.append(plan.name)
    return reboot_required
