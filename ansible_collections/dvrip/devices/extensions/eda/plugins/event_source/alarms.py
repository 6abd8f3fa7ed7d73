# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Alarms of devices that speak DVRIP, as events of Event-Driven Ansible."""

from __future__ import annotations

import asyncio
import math
import sys
import typing as t
from pathlib import Path

try:
    import dvrip_proto
except ImportError:  # a released collection carries the library inside
    sys.path.append(str(Path(__file__).resolve().parents[4] / "plugins" / "module_utils" / "_vendor"))
    import dvrip_proto

DOCUMENTATION = r"""
---
short_description: Alarms of cameras and recorders that speak DVRIP.
description:
  - Stays logged in to devices and hands on every alarm that they push, and comes back after a device was gone.
  - With C(centre) it listens for the reports of devices that are told to send their alarms here, which needs no login.
  - Each event has C(dvrip) with C(what) (C(alarm), C(online), C(offline) or C(refused)), C(device) and C(host). C(device) is the
    name that is given here, else the address; of a report to C(centre) it is the serial number.
  - An alarm has C(kind), C(event), C(active) (null for what has no end), C(channel) (from 1, or null), C(started) and C(unclear)
    (true where nobody knows whether it begins or ends) as well. C(offline) and C(refused) have a C(reason).
  - What is reported to C(centre) has the C(text) of the device, too, and may be an entry of its log (C(what) is C(log) then).
  - A refused password ends the watch of that device, because devices lock accounts; the rulebook and the other devices go on.
options:
  devices:
    description: Devices to stay logged in to. Each has C(host), C(password), and C(name), C(port), C(username) if it wants to.
    type: list
    elements: dict
    default: []
  centre:
    description: Own address to listen at for reports, C(host), and C(port) (15002 when it is not given).
    type: dict
  retry:
    description: Seconds until a device that was not there at the beginning is tried again.
    type: float
    default: 30
"""

EXAMPLES = r"""
- dvrip.devices.alarms:
    devices:
      - {name: gate, host: 192.168.20.31, username: events, password: "{{ events_password }}"}
    centre:
      host: 192.168.20.2
"""

Queue = asyncio.Queue[t.Any]


_OPTIONS = frozenset({"devices", "centre", "retry"})
_OF_DEVICE = frozenset({"name", "host", "port", "username", "password"})
_OF_CENTRE = frozenset({"host", "port"})
_RETRY_S = 30.0


async def main(queue: Queue, args: dict[str, t.Any]) -> None:
    """Hand on alarms until the rulebook ends."""
    _known("", args, _OPTIONS)
    devices, centre = args.get("devices") or [], args.get("centre")
    if not devices and not centre:
        raise _mistake("give devices or centre")
    if not isinstance(devices, list):
        raise _mistake("devices is a list, each with a host and a password")
    retry_s = _seconds(_RETRY_S if args.get("retry") is None else args["retry"])
    watches = [_Watch(queue, _device(told), retry_s) for told in devices]
    place = _centre(centre) if centre else None
    try:
        async with asyncio.TaskGroup() as group:
            for watch in watches:
                group.create_task(watch.run())
            if place is not None:
                group.create_task(_listen(queue, *place))
            # A source that ends takes the whole rulebook with it; a refused password is no reason for that.
            await asyncio.Event().wait()
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None  # whose text is what the rulebook prints


def _mistake(text: str) -> ValueError:
    return ValueError(f"dvrip.devices.alarms: {text}")


def _known(what: str, told: t.Any, options: t.Collection[str]) -> None:
    if not isinstance(told, dict):
        raise _mistake(f"{what} has options ({', '.join(sorted(options))}), and is not {type(told).__name__}")
    unknown = sorted(str(name) for name in told if name not in options)
    if unknown:
        where = f"{what}: " if what else ""
        raise _mistake(f"{where}there is no option {unknown}, only {', '.join(sorted(options))}")


def _seconds(told: t.Any) -> float:
    try:
        seconds = float(told)
    except (TypeError, ValueError):
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise _mistake(f"retry: {told} is no number of seconds above 0")
    return seconds


def _port(what: str, told: t.Any, default: int) -> int:
    number = str(default if told in (None, "") else told)
    if not (number.isascii() and number.isdecimal() and 0 < int(number) < 65536):
        raise _mistake(f"{what}: {told} is no port from 1 to 65535")
    return int(number)


def _device(told: t.Any) -> dict[str, t.Any]:
    """One of `devices`, checked: a mistake would else be a login that is refused, or a device that never comes."""
    shown = told.get("name") or told.get("host") if isinstance(told, dict) else None
    what = f"devices: {shown}" if shown else "devices: each"
    _known(what, told, _OF_DEVICE)
    if not told.get("host") or told.get("password") is None:
        raise _mistake('a device needs host and password, an empty one as ""')
    if not isinstance(told["password"], str):
        raise _mistake(
            f"{what}: password: write it in quotes, because YAML reads 0123 as the number 83 and no as a boolean"
        )
    port = _port(what, told.get("port"), 34567)
    username, password = str(told.get("username") or "admin"), str(told["password"])
    try:
        device = dvrip_proto.Device(str(told["host"]), port, username=username, password=password)
    except dvrip_proto.UsageError as error:
        raise _mistake(f"{what}: {error}") from error
    name = str(told.get("name") or told["host"])
    return {
        "name": name,
        "host": device.host,
        "port": device.port,
        "username": username,
        "password": password,
    }


def _centre(told: t.Any) -> tuple[str, int]:
    _known("centre", told, _OF_CENTRE)
    if not told.get("host"):
        raise _mistake("centre: give the own address to listen at as host, 0.0.0.0 for all")
    return str(told["host"]), _port("centre", told.get("port"), 15002)


class _Watch:
    """One device that is watched."""

    def __init__(self, queue: Queue, told: dict[str, t.Any], retry_s: float) -> None:
        self._queue = queue
        self._told = told
        self._retry_s = retry_s
        self._refused = asyncio.Event()

    async def run(self) -> None:
        keeper = await self._started()
        if keeper is None:
            return
        try:
            await self._refused.wait()
        finally:
            await keeper.stop()

    async def _started(self) -> dvrip_proto.Keeper | None:
        """The keeper of a device that was there; None for one that refused the password."""
        told_offline = False
        while True:
            keeper = dvrip_proto.Keeper(self._device, on_up=self._up, on_down=self._down)
            try:
                await keeper.start()
            except dvrip_proto.AuthenticationError as error:
                self._put("refused", reason=str(error))
                return None
            except dvrip_proto.DvripError as error:
                await keeper.stop()
                if not told_offline:
                    self._put("offline", reason=str(error))
                    told_offline = True
                await asyncio.sleep(self._retry_s)
            else:
                return keeper

    def _device(self) -> dvrip_proto.Device:
        told = self._told
        return dvrip_proto.Device(
            told["host"], told["port"], username=told["username"], password=told["password"]
        )

    async def _up(self, device: dvrip_proto.Device) -> None:
        device.alarms.subscribe(self._alarm)
        await device.alarms.arm()
        self._put("online")

    def _down(self, error: dvrip_proto.DvripError | None) -> None:
        if isinstance(error, dvrip_proto.AuthenticationError):
            self._put("refused", reason=str(error))
            self._refused.set()
        else:
            self._put("offline", reason=str(error or "it ended the connection"))

    def _alarm(self, alarm: dvrip_proto.AlarmEvent) -> None:
        self._put("alarm", **_told(alarm))

    def _put(self, what: str, **more: t.Any) -> None:
        event = {"what": what, "device": self._told["name"], "host": self._told["host"], **more}
        self._queue.put_nowait({"dvrip": event})


async def _listen(queue: Queue, host: str, port: int) -> None:
    """Hand on what devices report to this address."""
    async with dvrip_proto.AlarmCentre(host, port) as centre:
        async for report in centre.reports():
            event = {
                "what": "log" if report.is_log else "alarm",
                "device": report.serial,
                "host": report.host,
            }
            await queue.put({"dvrip": {**event, **_told(report), "text": report.text}})


def _told(alarm: t.Any) -> dict[str, t.Any]:
    return {
        "kind": alarm.kind.value,
        "event": alarm.event,
        "active": alarm.active,
        "channel": None if alarm.channel is None else alarm.channel + 1,
        "started": alarm.started,
        "unclear": alarm.unclear,
    }
