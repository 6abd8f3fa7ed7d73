# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""Restarts a device and waits until it is back."""

from __future__ import annotations

import asyncio
import time
import typing as t
from datetime import timedelta

from ansible_collections.dvrip.devices.plugins.module_utils import _network
from ansible_collections.dvrip.devices.plugins.module_utils._follow import pending_move
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto

if t.TYPE_CHECKING:
    from ansible_collections.dvrip.devices.plugins.module_utils._session import Session

# Devices count their uptime in whole minutes.
_UPTIME_STEP = timedelta(minutes=1)


async def restart(session: Session, within_s: float, *, wait: bool = True, **moves_to: t.Any) -> float:
    """Restart; the seconds until one could log in again and the uptime had begun anew.

    TransportError when that took longer than `within_s`. `moves_to` is where the device is afterwards; where
    nothing is given, what it has stored tells.
    """
    device = await session.device()
    before = await device.system.info()
    moves_to = moves_to or await _pending_move(session, device)
    started_at = time.monotonic()
    session.say("restarting")
    await device.system.reboot()
    session.written.append("reboot")
    session.memory.forget_restart()
    if not wait:
        await session.close()
        return 0.0
    went_away = await gone(device, within_s)
    session.say("gone, waiting until it is back" if went_away else "still connected")

    async def restarted(back: dvrip_proto.Device) -> bool:
        uptime = (await back.system.info()).uptime
        since = timedelta(seconds=time.monotonic() - started_at)
        return uptime < before.uptime or (went_away and uptime <= since + _UPTIME_STEP)

    left_s = max(1.0, within_s - (time.monotonic() - started_at))
    await session.reopen(within_s=left_s, accept=restarted, **moves_to)
    elapsed = round(time.monotonic() - started_at, 1)
    session.say(f"back after {elapsed:g} s")
    return elapsed


async def _pending_move(session: Session, device: dvrip_proto.Device) -> dict[str, t.Any]:
    try:
        stored = (await device.settings.plan(_network.COMMON, {})).before
    except dvrip_proto.RequestError:  # no such object, or no right to read it
        return {}
    return await pending_move(session, stored)


async def gone(device: dvrip_proto.Device, within_s: float) -> bool:
    """Whether the device ended the session within that time."""
    try:
        async with asyncio.timeout(within_s):
            await device.wait_closed()
    except TimeoutError:
        return False
    return True
