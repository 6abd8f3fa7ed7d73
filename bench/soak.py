"""`python -m bench.soak SECONDS`: cameras with viewers, a fault every few seconds, and what came of it.

Each fault is over after a while. From then on the device is reachable, and the viewer has to have a picture
again within `BOUND_S`, connections that fall silent for good included. Printed: faults by kind with the
longest absence, what the keepers were told, how often viewers opened, and tasks, descriptors and memory
before and after. Exit 1 when a recovery was lost or took too long.
"""

from __future__ import annotations

import asyncio
import gc
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path

from dvrip_proto import (
    AuthenticationError,
    Device,
    DvripError,
    Hub,
    Keeper,
    MediaStream,
    UnsupportedError,
)
from dvrip_proto.relay import Track
from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.simulator.encryption import MANNERS

CAMERAS = 3
PASSWORD = "soak"
TIMEOUT_S = 5.0
BOUND_S = 10.0
LOST_S = 40.0
PAUSE_S = (1.0, 5.0)
GIVEN_UP_S = 30.0
GARBAGE = bytes(range(1, 251)) * 40


class Camera:
    """A simulated device, what keeps its client connected, and one viewer."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.password = PASSWORD
        self.picture_at = 0.0
        self.opened = 0
        self.told: Counter[str] = Counter()
        self.keeper = self._keeper()
        self.hub = Hub(self._open, name=simulator.serial)
        self.viewing: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect, and watch."""
        await self.keeper.start()
        self.viewing = asyncio.create_task(self._view())

    async def stop(self) -> None:
        """Leave nothing behind."""
        if self.viewing is not None:
            self.viewing.cancel()
            await asyncio.wait({self.viewing})
        await self.hub.close()
        await self.keeper.stop()

    async def ask_again(self) -> None:
        """Connect anew, as after a person gave another password."""
        await self.keeper.stop()
        self.keeper = self._keeper()
        await self.keeper.start()

    def _open(self) -> AbstractAsyncContextManager[MediaStream]:
        return self.keeper.monitor(0, "Main")

    def _keeper(self) -> Keeper:
        return Keeper(self._device, on_up=_arm, on_down=self._down)

    def _device(self) -> Device:
        address = self.simulator.host, self.simulator.port
        return Device(*address, password=self.password, timeout_s=TIMEOUT_S)

    def _down(self, error: DvripError | None) -> None:
        refused = isinstance(error, AuthenticationError | UnsupportedError)
        self.told[str(error).partition(": ")[2] if refused else type(error).__name__] += 1

    async def _view(self) -> None:
        while True:
            self.opened += 1
            viewer = self.hub.attach()
            try:
                await self.hub.describe(viewer, 10)
                self.hub.play(viewer, frozenset({Track.VIDEO}))
                async for _unit in viewer:
                    self.picture_at = time.monotonic()
            except DvripError:
                await asyncio.sleep(0.5)
            finally:
                self.hub.detach(viewer)


async def _arm(device: Device) -> None:
    await device.alarms.arm()


async def _reboot(camera: Camera) -> None:
    await camera.simulator.reboot(random.uniform(0.5, 15))


async def _encrypted(camera: Camera) -> None:
    """Other firmware after a restart: one that speaks in clear, or one of each kind that encrypts."""
    camera.simulator.quirks = Quirks(encrypted=random.choice(("", *MANNERS)))
    await camera.simulator.reboot(random.uniform(0.5, 5))


async def _unplug(camera: Camera) -> None:
    seconds = random.uniform(1, 20)
    camera.simulator.unplug(seconds)
    await asyncio.sleep(seconds)


async def _drop(camera: Camera) -> None:
    camera.simulator.drop_connections()


async def _log_out(camera: Camera) -> None:
    camera.simulator.log_out()


async def _stall(camera: Camera) -> None:
    before = camera.simulator.quirks
    camera.simulator.quirks = Quirks(encrypted=before.encrypted, freeze_after_s=0.0)
    await asyncio.sleep(random.uniform(1, 15))
    camera.simulator.quirks = before


async def _silence(camera: Camera) -> None:
    """What is connected now never hears anything again; who connects anew does."""
    for link in tuple(camera.simulator._listening.links):  # noqa: SLF001 - no device offers to fall silent
        link.hold()
        asyncio.get_running_loop().call_later(GIVEN_UP_S, link.release)  # the device gives it up, too


async def _address(camera: Camera) -> None:
    """The device is gone from its address, and after a while there at another."""
    await camera.simulator.stop()
    await asyncio.sleep(random.uniform(0.5, 10))
    camera.simulator.host = f"127.{random.randint(1, 250)}.{random.randint(1, 250)}.1"
    await camera.simulator.start()


async def _garbage(camera: Camera) -> None:
    for link in tuple(camera.simulator._listening.links):  # noqa: SLF001 - no device offers to send garbage
        link.write([GARBAGE])


async def _password(camera: Camera) -> None:
    """The keeper stops at the first refusal; a person gives the password that is right again."""
    accounts = camera.simulator.state.accounts
    right = accounts.users["admin"]["Password"]
    accounts.users["admin"]["Password"] = "x" * 8
    camera.simulator.drop_connections()
    await asyncio.sleep(6)
    accounts.users["admin"]["Password"] = right
    await camera.ask_again()


FAULTS: dict[str, Callable[[Camera], Awaitable[None]]] = {
    "reboot": _reboot,
    "encrypted restart": _encrypted,
    "unplug": _unplug,
    "drop": _drop,
    "logout": _log_out,
    "stall": _stall,
    "silence": _silence,
    "address": _address,
    "garbage": _garbage,
    "password": _password,
}


async def _harm(camera: Camera, until: float, absences: dict[str, list[float]]) -> None:
    while time.monotonic() < until:
        await asyncio.sleep(random.uniform(*PAUSE_S))
        name = random.choice(list(FAULTS))
        await FAULTS[name](camera)
        reachable = time.monotonic()
        await asyncio.sleep(0.3)  # what is on its way still comes
        while camera.picture_at < reachable + 0.3 and time.monotonic() < reachable + LOST_S:  # noqa: ASYNC110 - a picture a moment is no event
            await asyncio.sleep(0.05)
        absences.setdefault(name, []).append(time.monotonic() - reachable)


def _weight() -> str:
    gc.collect()
    resident = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf(
        "SC_PAGE_SIZE"
    )
    sockets = len(list(Path("/proc/self/fd").iterdir()))
    return f"{len(asyncio.all_tasks())} tasks, {sockets} descriptors, {resident / 2**20:.0f} MiB"


async def soak(seconds: float) -> bool:
    """Whether every recovery came within the bound."""
    absences: dict[str, list[float]] = {}
    async with AsyncExitStack() as stack:
        cameras = []
        for _ in range(CAMERAS):
            device = Simulator(profile="ipc", users={"admin": PASSWORD}, videos=["scene:h264"])
            cameras.append(Camera(await stack.enter_async_context(device)))
        for camera in cameras:
            await camera.start()
            stack.push_async_callback(camera.stop)
        await asyncio.sleep(3)
        print("before:", _weight(), flush=True)
        until = time.monotonic() + seconds
        await asyncio.gather(*(_harm(camera, until, absences) for camera in cameras))
        await asyncio.sleep(GIVEN_UP_S + 5)
        print("after: ", _weight())
    for name, found in sorted(absences.items()):
        print(f"{name:18} {len(found):4} times, longest absence {max(found):5.1f} s")
    for text, count in sum((camera.told for camera in cameras), Counter[str]()).most_common():
        print(f"told {count:4} times: {text}")
    worst = [absence for found in absences.values() for absence in found]
    lost = sum(absence >= LOST_S for absence in worst)
    print(f"{len(worst)} faults, {lost} recoveries lost, longest absence {max(worst, default=0):.1f} s")
    print("viewers opened", sum(camera.opened for camera in cameras), "times,", CAMERAS, "at first")
    print("closed:", _weight())
    return max(worst, default=0) <= BOUND_S


if __name__ == "__main__":
    sys.exit(not asyncio.run(soak(float(sys.argv[1]))))
