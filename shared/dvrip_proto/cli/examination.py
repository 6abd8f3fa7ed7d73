"""What `dvrip doctor` looks at, one thing after the other: nothing is written to the device.

Silence about one question costs the connection: the next one is asked over a new one.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Final

from ..device import Device
from ..discovery import discover
from ..errors import AuthenticationError, DvripError, RequestTimeoutError, UnsupportedError
from ..features.channels import Channel
from ..features.encryption import read_encryption
from ..stream import MediaStream
from ..wire.media_frame import FrameKind, MediaFrame
from .exit_codes import explained

PORTS: Final = {80: "web page", 554: "RTSP", 8899: "ONVIF", 9530: "back door of old firmware"}
STREAMS: Final = ("Main", "Extra1")
_PORT_S: Final = 2.0
_FRAMES_MAX: Final = 400  # without a key frame
_CLOCK_S: Final = 60.0


class State(StrEnum):
    """How a thing is."""

    GOOD = "good"
    LOOK = "look"  # works, or is missing without harm: a person may want to know
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    what: str
    state: State
    text: str
    error: DvripError | None = None


class Examination:
    """Looks at one device; `make` makes it, not yet open. `silent` are the questions without an answer."""

    def __init__(self, make: Callable[[], Device], *, channels_max: int) -> None:
        self._make = make
        self._channels_max = channels_max
        self._device = make()
        self.silent: list[str] = []
        self.profile: dict[str, object] | None = None
        self.serial = ""

    async def run(self) -> AsyncIterator[Finding]:
        """Yield what is found; without a login it ends there."""
        yield await self._ports()
        yield await self._discovery()
        yield await self._encryption()
        login = await self._login()
        yield login
        if login.state is State.BAD:
            return
        try:
            async with contextlib.aclosing(self._inside()) as findings:
                async for finding in findings:
                    yield finding
                    if isinstance(finding.error, AuthenticationError):
                        break  # the next question would try the refused password again
        finally:
            await self._device.close()
        if self.silent:
            yield Finding(what="silence", state=State.LOOK, text=f"no answer about {', '.join(self.silent)}")

    async def _inside(self) -> AsyncGenerator[Finding]:
        for what, look in (
            ("device", self._about),
            ("clock", self._clock),
            ("abilities", self._abilities),
            ("motion", self._motion),
        ):
            yield await self._asked(what, look)
        channels: list[Channel] = []
        yield await self._asked("channels", partial(self._channels, channels))
        there = [channel for channel in channels if channel.reachable] or [Channel(number=0)]
        for channel in there[: self._channels_max]:
            for stream in STREAMS:
                name = f"channel {channel.number + 1} {'main' if stream == 'Main' else 'sub'}"
                yield await self._asked(name, partial(self._stream, name, channel.number, stream))
        yield await self._asked("picture", self._picture)
        yield await self._asked("profile", self._profile)

    async def _asked(self, what: str, look: Callable[[], Awaitable[Finding]]) -> Finding:
        try:
            if self._device.closed:
                self._device = self._make()
                await self._device.open()
            return await look()
        except RequestTimeoutError as error:
            self.silent.append(what)
            return Finding(what=what, state=State.BAD, text=explained(error), error=error)
        except UnsupportedError as error:
            return Finding(what=what, state=State.LOOK, text=explained(error), error=error)
        except DvripError as error:
            return Finding(what=what, state=State.BAD, text=explained(error), error=error)

    async def _ports(self) -> Finding:
        numbers = [self._device.port, *(port for port in PORTS if port != self._device.port)]
        opened = await asyncio.gather(*(_is_open(self._device.host, number) for number in numbers))
        found = [
            f"{number} ({PORTS.get(number, 'DVRIP')})"
            for number, is_open in zip(numbers, opened, strict=True)
            if is_open
        ]
        state = State.GOOD if opened[0] else State.BAD
        closed = "" if opened[0] else f"{numbers[0]} is closed; "
        return Finding(what="ports", state=state, text=f"{closed}open: {', '.join(found) or 'none'}")

    async def _discovery(self) -> Finding:
        try:
            answers = discover(targets=(self._device.host,), timeout_s=_PORT_S)
            found = [each async for each in answers if each.host]
        except DvripError as error:
            return Finding(what="discovery", state=State.LOOK, text=str(error))
        if not found:
            return Finding(what="discovery", state=State.LOOK, text="no answer on UDP 34569")
        self.serial = found[0].serial
        return Finding(what="discovery", state=State.GOOD, text=f"answers, firmware {found[0].firmware}")

    async def _encryption(self) -> Finding:
        try:
            offer = await read_encryption(self._device.host, self._device.port, timeout_s=_PORT_S)
        except DvripError:
            return Finding(what="encryption", state=State.GOOD, text="none offered before the login")
        text = f"{offer.algorithm} {offer.key_bits}, then {offer.session_algorithm} {offer.session_bits}"
        return Finding(what="encryption", state=State.GOOD, text=text)

    async def _login(self) -> Finding:
        try:
            await self._device.open()
        except DvripError as error:
            once = " It was tried once." if isinstance(error, AuthenticationError) else ""
            return Finding(what="login", state=State.BAD, text=explained(error) + once, error=error)
        entry = self._device.entry
        steps = f"; before: {'; '.join(entry.steps)}" if entry.steps else ""
        text = f"{entry.way}, {'encrypted' if entry.encrypted else 'in clear'}{steps}"
        return Finding(what="login", state=State.GOOD, text=text)

    async def _about(self) -> Finding:
        info = await self._device.system.info()
        self.serial = info.serial or self.serial
        text = f"{info.model or info.hardware}, firmware {info.firmware}, {info.channel_count} channels"
        return Finding(what="device", state=State.GOOD, text=text)

    async def _clock(self) -> Finding:
        theirs = await self._device.system.time()
        try:
            ours = await self._device.system.local_time()
        except UnsupportedError:
            ours = datetime.now()
        ahead_s = round((theirs - ours).total_seconds())
        if abs(ahead_s) < _CLOCK_S:
            return Finding(what="clock", state=State.GOOD, text="right within a minute")
        text = f"{abs(ahead_s)} s {'ahead' if ahead_s > 0 else 'behind'}: dvrip time HOST --sync"
        return Finding(what="clock", state=State.LOOK, text=text)

    async def _abilities(self) -> Finding:
        groups = await self._device.system.functions()
        named = sum(map(len, groups.values()))
        there = [name for flags in groups.values() for name, on in flags.items() if on]
        return Finding(what="abilities", state=State.GOOD, text=f"{len(there)} of {named} named ones")

    async def _motion(self) -> Finding:
        rows = await self._device.controls.present(["motion_detection", "motion_report"])
        off = sorted({row.control.key for row in rows if row.value is False})
        if off:
            text = f"{', '.join(off)} off: dvrip set HOST {' '.join(f'{key}=on' for key in off)}"
            return Finding(what="motion", state=State.LOOK, text=text)
        text = "detected and told" if rows else "not among its settings"
        return Finding(what="motion", state=State.GOOD if rows else State.LOOK, text=text)

    async def _channels(self, into: list[Channel]) -> Finding:
        into += await self._device.system.channels()
        there = sum(channel.reachable for channel in into)
        more = f"; looked at: {self._channels_max}" if there > self._channels_max else ""
        state = State.GOOD if there else State.LOOK
        return Finding(what="channels", state=state, text=f"{there} of {len(into)} with a picture{more}")

    async def _stream(self, what: str, channel: int, stream: str) -> Finding:
        clock = asyncio.get_running_loop().time
        began = clock()
        async with self._device.monitor.open(channel, stream) as media:
            frame, sound = await _first_picture(media)
        took_ms = round((clock() - began) * 1000)
        if frame is None:
            return Finding(what=what, state=State.BAD, text="it sends, but no key frame comes")
        text = f"{frame.codec} {frame.width}x{frame.height}, first picture after {took_ms} ms"
        return Finding(what=what, state=State.GOOD, text=f"{text}{f', sound {sound}' if sound else ''}")

    async def _picture(self) -> Finding:
        data = await self._device.snapshot.take()
        return Finding(what="picture", state=State.GOOD, text=f"JPEG of {len(data)} bytes")

    async def _profile(self) -> Finding:
        self.profile = await self._device.dump()
        config = self.profile.get("config")
        count = len(config) if isinstance(config, dict) else 0
        return Finding(what="profile", state=State.GOOD, text=f"{count} configuration objects read")


async def _first_picture(media: MediaStream) -> tuple[MediaFrame | None, str]:
    sound, number = "", 0
    async for frame in media:
        number += 1
        if frame.kind is FrameKind.AUDIO:
            sound = frame.codec or "unknown"
        elif frame.kind is FrameKind.I:
            return frame, sound
        if number > _FRAMES_MAX:
            break
    return None, sound


async def _is_open(host: str, port: int) -> bool:
    try:
        async with asyncio.timeout(_PORT_S):
            _, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return True
