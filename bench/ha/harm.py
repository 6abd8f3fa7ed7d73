"""What the soak does to one device, and how it sees that Home Assistant is right again."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bench.ha.house import add, entities_of
from bench.soak import GARBAGE, GIVEN_UP_S
from demo.progress import DemoError
from dvrip_proto import sofia_hash
from dvrip_proto.simulator import Quirks, Simulator
from tests.ui.home import Home

BACK_S = 45.0
"""Silence takes half a minute to be noticed, the way back a few seconds more."""

RIGHT_S = 5.0
LATE_S = 10.0
"""So much longer is looked, to tell what is late from what is lost."""

MOTION = "VideoMotion"

type States = dict[str, str]


@dataclass(slots=True, kw_only=True)
class Device:
    """A simulated device, its entry, and what Home Assistant calls its parts."""

    sim: Simulator
    entry_id: str
    connected: str
    motions: dict[int, str]
    switches: dict[int, str]
    cameras: dict[int, str]
    password: str
    calm: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while nothing is done to it: alarms come and go, people watch."""

    def truth(self, channel: int) -> str:
        """State that the motion sensor of a channel should have."""
        return "on" if (channel, MOTION) in self.sim.state.alarms.active else "off"

    def raise_any(self) -> None:
        """Begin or end motion somewhere."""
        channel = random.choice(list(self.motions))
        self.sim.raise_alarm(channel, MOTION, active=random.random() < 0.5)


async def added(here: Home, sim: Simulator, password: str) -> Device:
    """Add a device as a person does."""
    entry_id, *_ = await add(here, sim)
    ids = {each["unique_id"]: each["entity_id"] for each in await entities_of(here, entry_id)}

    def by_channel(end: str) -> dict[int, str]:
        known = {channel: ids.get(f"{sim.serial}_{channel}_{end}") for channel in range(sim.channels)}
        return {channel: entity_id for channel, entity_id in known.items() if entity_id}

    device = Device(
        sim=sim,
        entry_id=entry_id,
        connected=ids[f"{sim.serial}_connected"],
        motions=by_channel("motion"),
        switches=by_channel("motion_detection"),
        cameras=by_channel("sub"),
        password=password,
    )
    assert len(device.motions) == sim.channels
    device.calm.set()
    return device


async def _reboot(_here: Home, device: Device) -> None:
    await device.sim.reboot(random.uniform(0.5, 12))


async def _unplug(_here: Home, device: Device) -> None:
    seconds = random.uniform(1, 20)
    device.sim.unplug(seconds)
    await asyncio.sleep(seconds)


async def _drop(_here: Home, device: Device) -> None:
    device.sim.drop_connections()


async def _log_out(_here: Home, device: Device) -> None:
    device.sim.log_out()


async def _stall(_here: Home, device: Device) -> None:
    before = device.sim.quirks
    device.sim.quirks = Quirks(freeze_after_s=0.0)
    await asyncio.sleep(random.uniform(1, 15))
    device.sim.quirks = before


async def _silence(_here: Home, device: Device) -> None:
    """What is connected never hears anything again; who connects anew does."""
    for link in tuple(device.sim._listening.links):  # noqa: SLF001 - no device offers to fall silent
        link.hold()
        asyncio.get_running_loop().call_later(GIVEN_UP_S, link.release)


async def _garbage(_here: Home, device: Device) -> None:
    for link in tuple(device.sim._listening.links):  # noqa: SLF001 - no device offers to send garbage
        link.write([GARBAGE])


async def _password(here: Home, device: Device) -> None:
    """Somebody changes the password on the device, and tells Home Assistant when it asks."""
    device.password = f"Soak-{random.randint(100000, 999999)}"
    device.sim.state.accounts.users["admin"]["Password"] = sofia_hash(device.password)
    device.sim.drop_connections()
    async with asyncio.timeout(30):
        while True:
            flows = await here.hass.command("config_entries/flow/progress")
            asked = [
                flow["flow_id"]
                for flow in flows
                if flow["context"].get("entry_id") == device.entry_id
                and flow["context"]["source"] == "reauth"
            ]
            if asked:
                break
            await asyncio.sleep(0.5)
    said = {"username": "admin", "password": device.password}
    answer = await here.hass.post(f"/api/config/config_entries/flow/{asked[0]}", said)
    if answer.get("reason") != "reauth_successful":
        raise DemoError(f"the new password was not taken: {answer}")


FAULTS: dict[str, Callable[[Home, Device], Awaitable[None]]] = {
    "reboot": _reboot,
    "unplug": _unplug,
    "drop": _drop,
    "logout": _log_out,
    "stall": _stall,
    "silence": _silence,
    "garbage": _garbage,
    "password": _password,
}


@dataclass(slots=True)
class Outcome:
    """What came of one fault: seconds until the device was back and until its alarms were right."""

    name: str
    back_s: float
    right_s: float
    wrong: list[str]


async def harm(here: Home, device: Device, states: States) -> Outcome:
    """Do one thing to a device, and see it come back: connected, with its alarms, and a picture."""
    device.calm.clear()
    name = random.choice(list(FAULTS))
    try:
        await FAULTS[name](here, device)
        for channel in device.motions:
            device.sim.raise_alarm(channel, MOTION, active=random.random() < 0.3)
        begin = time.monotonic()
        await asyncio.sleep(0.5)  # what is on its way still comes
        # A connection that fell silent looks alive until it is given up.
        came = await _right(device, states, BACK_S if name in ("silence", "unplug") else RIGHT_S)
        right = time.monotonic()
        found = _wrong(device, states)
        if found and await _until(lambda: not _wrong(device, states), LATE_S):
            found = [f"{each}, {time.monotonic() - came:.1f} s after it was back: late" for each in found]
        found += await _no_picture(here, device)
        return Outcome(name, came - begin, right - begin, found)
    finally:
        device.calm.set()


def _wrong(device: Device, states: States) -> list[str]:
    """What Home Assistant has not as the device has it."""
    wrong = [
        f"{entity_id} {states.get(entity_id)} not {device.truth(channel)}"
        for channel, entity_id in device.motions.items()
        if states.get(entity_id) != device.truth(channel)
    ]
    if states.get(device.connected) != "on" or not device.sim.sessions:
        wrong.append(f"{device.connected} is {states.get(device.connected)}")
    return wrong


async def _right(device: Device, states: States, patience_s: float) -> float:
    """Wait until all is right, `patience_s` from the moment that it was back for good; that moment."""
    deadline = time.monotonic() + BACK_S
    came = time.monotonic()
    while _wrong(device, states) and time.monotonic() < min(came + patience_s, deadline):
        await asyncio.sleep(0.05)
        if states.get(device.connected) != "on" or not device.sim.sessions:
            came = time.monotonic()
    return came


async def _no_picture(here: Home, device: Device) -> list[str]:
    camera = random.choice(list(device.cameras.values()))
    try:
        picture = await here.hass.get(f"/api/camera_proxy/{camera}", timeout_s=20)
    except (DemoError, TimeoutError, aiohttp.ClientError) as error:
        return [f"{camera}: no picture: {error}"]
    return [] if picture.startswith(b"\xff\xd8") else [f"{camera}: no JPEG"]


async def _until(reached: Callable[[], Any], timeout_s: float) -> bool:
    deadline = time.monotonic() + timeout_s
    while not reached():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.05)
    return True
