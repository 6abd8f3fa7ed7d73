#!/usr/bin/python
# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: recorder_channels
short_description: Manages which cameras a recorder shows in its channels
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - Binds cameras of the network to the channels of a recorder, and gives the recorder new passwords of its cameras.
  - Only what is given changes. What other firmware keeps with a camera stays. A device without such channels makes the task fail.
options:
  channels:
    description: The channels that are meant.
    type: list
    elements: dict
    required: true
    suboptions:
      channel:
        description:
          - Number of the channel as the recorder counts it, from V(1). On a recorder with inputs of its own these come first, so
            that its first camera of the network is behind them.
        type: int
        required: true
      address:
        description: Address or name of the camera. Needed for a channel that has none.
        type: str
      port:
        description: Port of the camera, from V(1) to V(65535). A new protocol brings its usual one.
        type: int
      protocol:
        description: How the recorder talks to the camera. V(TCP) is DVRIP.
        type: str
        choices: [TCP, ONVIF, RTSP]
      username:
        description: Account of the camera.
        type: str
      password:
        description: Password of that account.
        type: str
      stream:
        description: Stream that the recorder takes.
        type: str
        choices: [MAIN, SUB]
      remote_channel:
        description: Channel of the camera itself, from V(1), for one with several lenses and for other recorders.
        type: int
      state:
        description:
          - With V(present) the channel shows the camera, with V(disabled) it keeps the camera and does not show it,
            and with V(absent) it shows none.
        type: str
        choices: [present, disabled, absent]
        default: present
  purge:
    description: Whether all other channels are to show no camera.
    type: bool
    default: false
  prove:
    description:
      - Seconds, V(0) or more, within which the recorder must be connected to each camera that is present here. V(0) does not look.
        A recorder may take a minute, and one that does not tell its connections makes the task fail.
    type: int
    default: 0
extends_documentation_fragment:
  - dvrip.devices._device
  - dvrip.devices._restart
  - dvrip.devices._attributes
  - dvrip.devices._attributes.changes
seealso:
  - module: dvrip.devices.device_info
  - module: dvrip.devices.accounts
"""

EXAMPLES = r"""
- name: Show two cameras, and wait until their pictures come
  dvrip.devices.recorder_channels:
    channels:
      - channel: 1
        address: 192.168.20.31
        username: recorder
        password: "{{ vault_recorder_password }}"
      - channel: 2
        address: 192.168.20.32
        username: recorder
        password: "{{ vault_recorder_password }}"
    prove: 120

- name: Tell the recorder the new password of a camera
  dvrip.devices.recorder_channels:
    channels:
      - channel: 1
        password: "{{ vault_new_password }}"
"""

RETURN = r"""
changes:
  description: What changed or, in check mode, would change, with object, path, before and after.
  returned: when there is anything
  type: list
  elements: dict
  sample: [{"object": "NetWork.RemoteDeviceV3", "channel": 2, "path": "Decoder[0].IPAddress", "before": "192.0.2.2", "after": "192.0.2.31"}]
channels:
  description: One entry for each channel, with its number, whether it changed and, with O(prove), the state of its connection.
  returned: success
  type: list
  elements: dict
  sample: [{"channel": 1, "changed": true, "state": "connected"}]
"""

import asyncio
import time

from ansible_collections.dvrip.devices.plugins.module_utils import _plans
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._missing import named
from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec, Options, Task
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal, Result
from ansible_collections.dvrip.devices.plugins.module_utils._session import Session

_LOOK_AGAIN_S = 2.0


def _camera(item: Options) -> dvrip_proto.Camera | None:
    if item["state"] == "absent":
        return None
    remote = item["remote_channel"]
    names = ("address", "port", "protocol", "username", "password", "stream")
    return dvrip_proto.Camera(
        **{name: item[name] for name in names},
        remote_channel=None if remote is None else remote - 1,
        enabled=item["state"] == "present",
    )


async def prepare(task: Task) -> Proposal:
    device, options = await task.device(), task.options
    items = {item["channel"]: item for item in options["channels"]}
    if len(items) != len(options["channels"]) or min(items, default=1) < 1:
        raise dvrip_proto.UsageError(f"{task.where}: channels count from 1, and each may be there once")
    try:
        listed = await device.recorder_channels.bindings()
    except dvrip_proto.UnsupportedError as error:
        raise named(task.where, "channels", error) from error
    bindings = {binding.channel + 1: binding for binding in listed}
    for number, item in items.items():
        known = bindings.get(number)
        if item["state"] != "absent" and item["address"] is None and known is not None and not known.address:
            raise dvrip_proto.UsageError(
                f"{task.where}: channel {number} has no camera yet: it needs an address"
            )
    plans = {
        number: await device.recorder_channels.plan(number - 1, _camera(item))
        for number, item in items.items()
    }
    if options["purge"]:
        for number, binding in bindings.items():
            if number not in items and binding.enabled:
                plans[number] = await device.recorder_channels.plan(number - 1, None)
    steps = [_plans.numbered(_plans.step(plan), number) for number, plan in plans.items() if plan.changed]
    shown = [number for number, item in items.items() if item["state"] == "present"]
    entries: list[Result] = [{"channel": number, "changed": plan.changed} for number, plan in plans.items()]

    async def finish(session: Session) -> Result:
        states = await _connected(session, shown, options["prove"])
        return {"channels": [{**entry, "state": states.get(entry["channel"], "")} for entry in entries]}

    if not options["prove"]:
        return Proposal(result={"channels": entries}, steps=steps)
    return Proposal(result={"channels": entries}, steps=steps, looks=True, finish=finish)


async def _connected(session: Session, numbers: list[int], within_s: float) -> dict[int, str]:
    """States of the channels, all connected; NotAppliedError with those that are not in time."""
    ends_at = time.monotonic() + within_s
    while True:
        device = await session.device()
        found = {channel.number + 1: channel for channel in await device.system.channels()}
        states = {number: found[number].state.value if number in found else "unknown" for number in numbers}
        away = {
            number: state
            for number, state in states.items()
            if state != dvrip_proto.LinkState.CONNECTED.value
        }
        if not away:
            return states
        if time.monotonic() > ends_at:
            told = ", ".join(f"channel {number}: {state}" for number, state in away.items())
            raise dvrip_proto.NotAppliedError(
                f"{session.endpoint}: the recorder is not connected to its cameras after {within_s:g} s: {told}",
                name="NetWork.RemoteDeviceV3",
            )
        session.say(f"waiting for {len(away)} cameras")
        await asyncio.sleep(_LOOK_AGAIN_S)


_CHANNEL: dict[str, Options] = {
    "channel": {"type": "int", "required": True},
    "address": {"type": "str"},
    "port": {"type": "int"},
    "protocol": {"type": "str", "choices": ["TCP", "ONVIF", "RTSP"]},
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "stream": {"type": "str", "choices": ["MAIN", "SUB"]},
    "remote_channel": {"type": "int"},
    "state": {"type": "str", "choices": ["present", "disabled", "absent"], "default": "present"},
}

SPEC = ModuleSpec(
    prepare=prepare,
    options={
        "channels": {"type": "list", "elements": "dict", "options": _CHANNEL, "required": True},
        "purge": {"type": "bool", "default": False},
        "prove": {"type": "int", "default": 0},
    },
    restarts=True,
)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
