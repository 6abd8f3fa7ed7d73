"""Running simulated devices until somebody stops them: what `dvrip simulate` does."""

from __future__ import annotations

import asyncio
import contextlib
import math
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..errors import DvripError, UsageError
from .clips.encode import stop_encoding
from .control import Control
from .fleet import Fleet
from .motion import chance, move
from .persistence import Keeping
from .quirk_options import parse_quirks
from .server import Simulator

BAD_USAGE: Final = 2
_FILES_A_DEVICE: Final = 16
_FILES_SPARE: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to simulate; times in seconds, 0 for no motion. The password is not shown in the repr."""

    bind: str = "127.0.0.1"
    port: int = 34567
    discovery_port: int = 34569
    udp_port: int = 0
    user: str = "admin"
    password: str = ""
    profile: str = "ipc"
    channels: int | None = None
    videos: tuple[str, ...] = ()
    count: int = 1
    motion_every_s: float = 0.0
    motion_for_s: float = 5.0
    motion_chance: float = 0.0
    quirks: tuple[str, ...] = ()
    control: str | None = None
    state: str | None = None

    def __repr__(self) -> str:
        return f"Options({self.count} x {self.profile} at {self.bind}:{self.port})"


def simulate(options: Options, *, say: Callable[[str], None], complain: Callable[[str], None]) -> int:
    """Run until SIGINT or SIGTERM: the exit code, 2 for options that cannot work."""
    try:
        return asyncio.run(_simulate(options, say, complain))
    except DvripError as error:
        complain(str(error))
        return BAD_USAGE
    except KeyboardInterrupt:
        return 0


async def _simulate(options: Options, say: Callable[[str], None], complain: Callable[[str], None]) -> int:
    stopped = _stop_signal()
    _check(options)
    _allow_files(options.count * _FILES_A_DEVICE + _FILES_SPARE)
    fleet = _fleet(options)
    keeping = Keeping(fleet, Path(options.state)) if options.state else None
    async with contextlib.AsyncExitStack() as stack:
        if keeping is not None:
            keeping.load()
            stack.push_async_callback(keeping.stop)
        control = Control(fleet, *_endpoint(options.control)) if options.control else None
        try:
            if not await _prepare(fleet.devices[0], stopped):
                return 0
        except UsageError as error:
            if options.videos:
                raise
            complain(f"no pictures: {error}")
        await stack.enter_async_context(fleet)
        if keeping is not None:
            await keeping.start()
        if control is not None:
            await control.start()
            stack.push_async_callback(control.stop)
        for device in fleet.devices:
            say(_ready(device, control))
        for task in _start_motion(fleet, options):
            stack.callback(task.cancel)
        await stopped.wait()
    return 0


def _fleet(options: Options) -> Fleet:
    return Fleet(
        options.count,
        bind=options.bind,
        port=options.port,
        discovery_port=options.discovery_port or None,
        udp_port=options.udp_port or None,
        profile=_profile(options.profile),
        users={options.user: options.password},
        videos=options.videos or None,
        channels=options.channels,
        quirks=parse_quirks(options.quirks),
    )


def _start_motion(fleet: Fleet, options: Options) -> list[asyncio.Task[None]]:
    every_s, for_s, per_minute = options.motion_every_s, options.motion_for_s, options.motion_chance
    works = [move(device, every_s=every_s, for_s=for_s) for device in fleet.devices if every_s]
    works += [chance(device, per_minute=per_minute, for_s=for_s) for device in fleet.devices if per_minute]
    return [asyncio.create_task(work) for work in works]


async def _prepare(device: Simulator, stopped: asyncio.Event) -> bool:
    """Have the video ready before the first viewer, the same for a whole fleet; False when stopped before."""
    preparing = asyncio.create_task(device.prepare_media())
    stopping = asyncio.create_task(stopped.wait())
    await asyncio.wait((preparing, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if preparing.done():
        preparing.result()
        return True
    stop_encoding()
    await asyncio.wait((preparing,))
    preparing.exception()
    return False


def _ready(device: Simulator, control: Control | None) -> str:
    words = [
        "ready",
        f"{device.host}:{device.port}",
        f"serial={device.serial}",
        f"profile={device.profile}",
        f"channels={device.channels}",
    ]
    return " ".join(words + ([f"control={control.url}"] if control else []))


def _stop_signal() -> asyncio.Event:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError, RuntimeError):
            loop.add_signal_handler(number, stopped.set)
    return stopped


def _check(options: Options) -> None:
    ports = {"port": options.port, "discovery-port": options.discovery_port, "udp-port": options.udp_port}
    for name, port in ports.items():
        if not 0 <= port <= 65535:
            raise UsageError(f"{name}: {port} is not between 0 and 65535")
    if not options.user:
        raise UsageError("user: a name is needed")
    if not all(0 <= each < math.inf for each in (options.motion_every_s, options.motion_for_s)):
        raise UsageError("motion: times are not negative")
    if not 0 <= options.motion_chance <= 1:
        raise UsageError(f"motion-chance: {options.motion_chance:g} is not between 0 and 1")
    if 0 < options.motion_every_s <= options.motion_for_s:
        raise UsageError(
            f"motion: every {options.motion_every_s:g} s for {options.motion_for_s:g} s never ends"
        )


def _profile(text: str) -> str | Path:
    return Path(text) if text.endswith(".json") else text


def _endpoint(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise UsageError(f"control: {text!r} is not HOST:PORT")
    return host, int(port)


def _allow_files(wanted: int) -> None:
    """Raise the soft limit of open files as far as the hard one allows."""
    try:
        import resource
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        target = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, target), hard))


def write_line(text: str) -> None:
    """Write a line to standard output at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
