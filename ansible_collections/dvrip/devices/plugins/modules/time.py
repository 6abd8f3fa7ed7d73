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
    description: Offset of the standard time from UTC, for example V(+01:00) or V(-03:30).
    type: str
  ntp:
    description: Whether the device asks a time server.
    type: bool
  ntp_server:
    description: Name or address of the time server.
    type: str
  ntp_port:
    description: UDP port of the time server.
    type: int
  ntp_interval:
    description: Minutes between two questions.
    type: int
  sync:
    description:
      - Whether to set the device's clock when it is wrong.
      - Devices keep local time without a zone. The clock is set to the local time of the controller.
    type: bool
    default: false
  tolerance:
    description: Seconds by which the clock may be wrong before O(sync) sets it.
    type: float
    default: 5
extends_documentation_fragment:
  - dvrip.devices._device
  - dvrip.devices._device.password
  - dvrip.devices._attributes
  - dvrip.devices._attributes.changes
seealso:
  - module: dvrip.devices.config
    description: Manages the rule for daylight saving time, which is in General.Location.
"""

EXAMPLES = r"""
- name: Let the device keep its own time
  dvrip.devices.time:
    timezone: "+01:00"
    ntp: true
    ntp_server: ntp.example.net
    ntp_interval: 60

- name: Set the clock of a device without time server
  dvrip.devices.time:
    ntp: false
    sync: true
"""

RETURN = r"""
before:
  description: The settings before the change, with the names of the module's options.
  returned: success
  type: dict
  sample: {"timezone": "+08:00", "ntp": false, "ntp_server": "time.windows.com", "ntp_port": 123, "ntp_interval": 10}
after:
  description: The settings after the change. In check mode, what they would be.
  returned: success
  type: dict
  sample: {"timezone": "+01:00", "ntp": true, "ntp_server": "ntp.example.net", "ntp_port": 123, "ntp_interval": 60}
offset:
  description: Seconds by which the device's clock was ahead of the controller's.
  returned: with O(sync)
  type: int
  sample: -3605
reboot_required:
  description: Whether the device says that a change takes effect only after a restart.
  returned: when something was written
  type: bool
  sample: false
"""

import typing as t
from datetime import datetime

from ansible_collections.dvrip.devices.plugins.module_utils import _objects
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec, Options
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Diff, Proposal, Result
from ansible_collections.dvrip.devices.plugins.module_utils._session import Session

_NTP = "NetWork.NetNTP"
_ZONE = "System.TimeZone"


def _view(zone: t.Any, ntp: t.Any) -> Result:
    """The two objects with the names of the options."""
    view: Result = {"timezone": zone["timeMin"]} if zone is not None else {}
    if ntp is not None:
        server = ntp.get("Server") or {}
        view |= {"ntp": ntp.get("Enable"), "ntp_server": server.get("Name"), "ntp_port": server.get("Port")}
        view["ntp_interval"] = ntp.get("UpdatePeriod")
    return view


def _without_none(tree: Result) -> Result:
    return {key: value for key, value in tree.items() if value is not None and value != {}}


def _wishes(options: Options) -> dict[str, Result]:
    server = _without_none({"Name": options["ntp_server"], "Port": options["ntp_port"]})
    return {
        _ZONE: _without_none({"timeMin": options["timezone"]}),
        _NTP: _without_none(
            {"Enable": options["ntp"], "Server": server, "UpdatePeriod": options["ntp_interval"]}
        ),
    }


async def _plan(device: dvrip_proto.Device, name: str, wish: Result) -> dvrip_proto.Plan | None:
    try:
        return await device.settings.plan(name, wish)
    except dvrip_proto.UnsupportedError:
        if wish:
            raise
        return None


async def prepare(device: dvrip_proto.Device, options: Options) -> Proposal:
    zone, ntp = [await _plan(device, name, wish) for name, wish in _wishes(options).items()]
    before = _view(zone and zone.before, ntp and ntp.before)
    after = _view(zone and zone.after, ntp and ntp.after)
    result: Result = {"before": before, "after": after}
    wrong = False
    if options["sync"]:
        offset = (await device.system.time() - datetime.now()).total_seconds()
        result["offset"] = round(offset)
        wrong = abs(offset) > options["tolerance"]
        before, after = before | {"offset": round(offset)}, after | {"offset": 0 if wrong else round(offset)}
    plans = [plan for plan in (zone, ntp) if plan is not None]
    changed = wrong or any(plan.changed for plan in plans)
    return Proposal(
        changed=changed,
        result=result,
        diffs=[Diff(header=f"{_objects.where(device)} time", before=before, after=after)] if changed else [],
        apply=lambda session: _apply(session, plans, options),
    )


async def _apply(session: Session, plans: list[dvrip_proto.Plan], options: Options) -> Result:
    result = await _objects.write(session, plans)
    if options["sync"]:
        # Last, and with another look at the clock: a new time zone may have moved it.
        device = await session.device()
        if await device.system.sync_time(options["tolerance"]):
            session.written.append("clock")
    return result


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
    },
)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
