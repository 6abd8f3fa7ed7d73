"""Starts the simulated devices and talks to their control interface."""

from __future__ import annotations

import os
import re
import socket
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from .processes import Child, port_is_free
from .progress import DemoError
from .stage import CHECKOUT, DEVICE_PORT, DISCOVERY_PORT, Model, Secrets

USER = "admin"
MOTION_FOR_S = 5
READY_S = 180  # a slow machine draws and encodes the scenes, once


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """A running simulated device."""

    model: Model
    serial: str
    control: str

    def as_json(self) -> dict[str, Any]:
        """What the report keeps."""
        model = self.model
        return {
            "address": model.address,
            "profile": model.profile,
            "channels": model.channels,
            "serial": self.serial,
        }


def require_free_addresses(models: Iterable[Model]) -> None:
    """Raise DemoError naming the first address that is missing or taken."""
    for model in models:
        for port, kind in ((DEVICE_PORT, socket.SOCK_STREAM), (DISCOVERY_PORT, socket.SOCK_DGRAM)):
            if port_is_free(model.address, 0, kind) and port_is_free(model.address, port, kind):
                continue
            if not port_is_free(model.address, 0, kind):
                raise DemoError(
                    f"this machine has no address {model.address}: the demo needs all of 127.0.0.0/8 "
                    "on the loopback interface, as Linux has it"
                )
            raise DemoError(
                f"{model.address}:{port} is taken, perhaps by another demo or simulator that still runs "
                f"(`ss -lnp 'sport = :{port}'` shows it)"
            )


def process(model: Model, secrets: Secrets, run: Path, *, moving: bool) -> Child:
    """The `dvrip simulate` process of `model`; `moving`: something moves there by itself."""
    motion = ("--motion-every", model.motion_every_s, "--motion-for", MOTION_FOR_S) if moving else ()
    argv = [
        Path(sys.executable).parent / "dvrip",
        "simulate",
        *("--bind", model.address, "--port", DEVICE_PORT, "--discovery-port", DISCOVERY_PORT),
        *("--profile", model.profile, "--channels", model.channels, "--user", USER),
        *(argument for video in model.videos for argument in ("--video", video)),
        *("--control", "127.0.0.1:0"),
        *motion,
    ]
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "DVRIP_SIMULATE_PASSWORD": secrets.device}
    return Child(
        f"the simulated {model.key}", argv, log=run / f"{model.key}.log", cwd=CHECKOUT, env=environment
    )


async def ready(model: Model, child: Child) -> Simulated:
    """Wait until the device answers. Errors: ChildExitedError, DemoError."""
    line = await child.wait_for_line("ready ", timeout_s=READY_S)
    found = dict(re.findall(r"(\w+)=(\S+)", line))
    return Simulated(model=model, serial=found["serial"], control=found["control"])


class Control:
    """The control interface of one simulated device."""

    def __init__(self, session: aiohttp.ClientSession, device: Simulated) -> None:
        self._session = session
        self._url = f"{device.control}/devices/{device.serial}"

    async def state(self) -> dict[str, Any]:
        """What the device sees: sessions, monitors, PTZ, last requests."""
        async with self._session.get(self._url) as response:
            response.raise_for_status()
            return dict(await response.json())

    async def alarm(self, channel: int, *, active: bool) -> None:
        """Begin or end motion on `channel` (0-based)."""
        body = {"channel": channel, "event": "VideoMotion", "active": active}
        async with self._session.post(f"{self._url}/alarm", json=body) as response:
            response.raise_for_status()
