#!/usr/bin/python
# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: time
short_description: Manages clock, time zone and NTP of a device
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - Sets time zone and time server of a device, and on request its clock.
  - Only what is given changes.
options:
  timezone:
    description:
      - Where the device stands, as a name of the IANA database, for example V(Europe/Berlin). It sets the offset and the rule
        for daylight saving time. A zone whose rule changes every year gets the dates of this year.
      - Or the offset of the standard time from UTC, for example V(+01:00) or V(-03:30), which leaves the rule as it is.
        In quotes, because YAML reads C(-5:00) as the number -300, which is refused.
    type: str
  ntp:
    description: Whether the device asks a time server.
    type: bool
  ntp_server:
    description: Name or address of the time server.
    type: str
  ntp_port:
    description: UDP port of the time server, from V(1) to V(65535).
    type: int
  ntp_interval:
    description: Minutes between two questions, from V(1) to V(65536).
    type: int
  sync:
    description:
      - Whether to set the device's clock when it is wrong.
      - Devices keep local time. The clock is set to the local time of the device, from its time zone and its rule for
        daylight saving time as this task leaves them. Where the controller stands does not matter.
      - A device that keeps no time zone needs O(timezone) for this.
    type: bool
    default: false
  tolerance:
    description: Seconds by which the clock may be wrong before O(sync) sets it, V(0) or more.
    type: float
    default: 5
  missing:
    description:
      - What to do about an option that this model has no object or no key for. With V(skip) the rest is written, and what was
        left out is told in RV(skipped_objects) and in a warning.
      - A device without time zone still gets its clock by O(timezone), with O(sync), either way.
    type: str
    choices: [fail, skip]
    default: fail
extends_documentation_fragment:
  - dvrip.devices._device
  - dvrip.devices._restart
  - dvrip.devices._attributes
  - dvrip.devices._attributes.changes
seealso:
  - module: dvrip.devices.config
    description: Manages formats of date and time, which are in General.Location.
"""

EXAMPLES = r"""
- name: Let the device keep its own time
  dvrip.devices.time:
    timezone: Europe/Berlin
    ntp: true
    ntp_server: ntp.example.net
    ntp_interval: 60

- name: Set the clock of a device without time server
  dvrip.devices.time:
    timezone: "-05:00"
    ntp: false
    sync: true

- name: Set what each model of a mixed fleet can be told
  dvrip.devices.time:
    timezone: Europe/Berlin
    ntp: true
    ntp_server: ntp.example.net
    sync: true
    missing: skip
"""

RETURN = r"""
before:
  description: The settings before the change, with the names of the module's options, and the rule for daylight saving time.
  returned: success
  type: dict
  sample: {"timezone": "+08:00", "dst": false, "ntp": false, "ntp_server": "time.windows.com", "ntp_port": 123, "ntp_interval": 10}
after:
  description: The settings after the change. In check mode, what they would be.
  returned: success
  type: dict
  sample: {"timezone": "+01:00", "dst": true, "ntp": true, "ntp_server": "ntp.example.net", "ntp_port": 123, "ntp_interval": 60}
offset:
  description: Seconds by which the device's clock was ahead of the right local time of the device.
  returned: with O(sync)
  type: int
  sample: -3605
changes:
  description: One entry for each value that changed or, in check mode, would change, with object, path, before and after.
  returned: when there are any
  type: list
  elements: dict
  sample: [{"object": "System.TimeZone", "path": "timeMin", "before": "+08:00", "after": "+01:00"}]
skipped_objects:
  description: What this model does not have, with the options that were left out and the reason.
  returned: with O(missing) V(skip), when there are any
  type: list
  elements: dict
  sample:
    - name: System.TimeZone
      options: [timezone]
      reason: "192.168.1.10:34567: timezone: System.TimeZone: the configuration does not exist (Ret 607, request 1042 CONFIG_GET)"
"""

import typing as t
from datetime import UTC, datetime, timedelta

from ansible_collections.dvrip.devices.plugins.module_utils import _plans
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._missing import MISSING_OPTION, Parts
from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec, Options, Task
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal, Result, Step, row
from ansible_collections.dvrip.devices.plugins.module_utils._session import Session

_NTP = "NetWork.NetNTP"
_ZONE = "System.TimeZone"
_LOCATION = "General.Location"
# Key of an object -> option of the module.
_OPTIONS = {
    **dict.fromkeys(("timeMin", "DSTRule", "DSTStart", "DSTEnd"), "timezone"),
    "Enable": "ntp",
    "Server.Name": "ntp_server",
    "Server.Port": "ntp_port",
    "UpdatePeriod": "ntp_interval",
}


def _view(zone: t.Any, location: t.Any, ntp: t.Any) -> Result:
    """The objects with the names of the options."""
    view: Result = {"timezone": zone["timeMin"]} if zone else {}
    if location and "DSTRule" in location:
        view["dst"] = location["DSTRule"] == "On"
    if ntp:
        server = ntp.get("Server") or {}
        view |= {"ntp": ntp.get("Enable"), "ntp_server": server.get("Name"), "ntp_port": server.get("Port")}
        view["ntp_interval"] = ntp.get("UpdatePeriod")
    return view


def _without_none(tree: Result) -> Result:
    return {key: value for key, value in tree.items() if value is not None and value != {}}


def _wishes(options: Options) -> dict[str, Result]:
    """What the objects must hold, in the order in which they are written."""
    server = _without_none({"Name": options["ntp_server"], "Port": options["ntp_port"]})
    ntp = _without_none({"Enable": options["ntp"], "Server": server, "UpdatePeriod": options["ntp_interval"]})
    zone: Result = {}
    if options["timezone"] is not None:
        zone = dvrip_proto.zone_wishes(options["timezone"], datetime.now(UTC))
    return {_ZONE: zone.get(_ZONE, {}), _LOCATION: zone.get(_LOCATION, {}), _NTP: ntp}


async def prepare(task: Task) -> Proposal:
    device, options = await task.device(), task.options
    try:
        wishes = _wishes(options)
    except dvrip_proto.UsageError as error:
        raise dvrip_proto.UsageError(f"{task.where}: {error}") from error
    parts = Parts(device, options)
    clock_only = options["sync"] and await device.settings.get_or_none(_ZONE) is None
    if clock_only:
        wishes |= {_ZONE: {}, _LOCATION: {}}
    zone = await parts.plan(_ZONE, wishes[_ZONE], _OPTIONS)
    if parts.skipped:  # a rule for the summer says nothing without the zone that it belongs to
        wishes[_LOCATION] = {}
    rule = await parts.plan(_LOCATION, wishes[_LOCATION], _OPTIONS, needless={"DSTRule": "Off"}, whole=True)
    plans = [zone, rule, await parts.plan(_NTP, wishes[_NTP], _OPTIONS)]
    result: Result = {
        "before": _view(*(plan and plan.before for plan in plans)),
        "after": _view(*(plan and plan.after for plan in plans)),
    }
    steps = _plans.steps(plans)
    if options["sync"]:
        steps += await _clock_steps(device, options, parts, result, moves=bool(steps))
    result |= parts.told()
    warnings = parts.warnings
    if clock_only and options["timezone"] is not None:
        warnings.append(f"{task.where}: the device keeps no time zone: only its clock is set by it")
    return Proposal(result=result, steps=steps, warnings=warnings)


async def _clock_steps(
    device: dvrip_proto.Device, options: Options, parts: Parts, result: Result, *, moves: bool
) -> list[Step]:
    """What sets a wrong clock: last, and with another look at it, because a new time zone may have moved it."""
    try:
        error_s = await _error_s(device, options["timezone"])
    except dvrip_proto.UnsupportedError as error:
        parts.leave_out("clock", ["sync"], error)
        return []
    result["offset"] = round(error_s)
    wrong = abs(error_s) > options["tolerance"]
    rows = [row("clock", "offset", round(error_s), 0)] if wrong else []
    return [_clock(options, rows)] if wrong or moves else []


async def _error_s(device: dvrip_proto.Device, zone: str | None) -> float:
    """Seconds by which the clock is ahead, by the zone that the device has now."""
    error = await device.system.time() - await device.system.local_time(zone=zone)
    return error / timedelta(seconds=1)


def _clock(options: Options, rows: list[Result]) -> Step:
    async def write(session: Session) -> bool:
        device = await session.device()
        await device.system.sync_time(options["tolerance"], zone=options["timezone"])
        return False

    async def left(session: Session) -> list[Result]:
        return [] if abs(await _error_s(await session.device(), options["timezone"])) < 60 else rows

    return Step(label="clock", write=write, left=left, rows=rows)


SPEC = ModuleSpec(
    prepare=prepare,
    options={
        "timezone": {"type": "str"},
        "ntp": {"type": "bool"},
        "ntp_server": {"type": "str"},
        "ntp_port": {"type": "int"},
        "ntp_interval": {"type": "int"},
        "sync": {"type": "bool", "default": False},
        "tolerance": {"type": "float", "default": 5},
        **MISSING_OPTION,
    },
    restarts=True,
    rehearsal={"timezone": "+00:00", "ntp": True},
)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
