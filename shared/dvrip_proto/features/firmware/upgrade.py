"""Firmware upgrade: check the file, send it, watch it being burned, and meet the device again.

1. Nothing is sent twice, whatever happens: a second try is the caller's decision.
2. Before the last block an upgrade can be given up, and is: a broken transfer ends with an Abort. Afterwards
   the device burns and must keep its power.
3. While it burns the device answers nothing: no keep-alives are sent.
4. The same per cent again and again is no progress: it has three times the patience of a silence.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Final

from ...connection import Connection, Reply
from ...connection.to_its_end import to_its_end
from ...errors import (
    DvripError,
    ProtocolError,
    RequestError,
    RequestTimeoutError,
    TransportError,
    UsageError,
)
from ...values import Json
from ...wire.body import encode_wish
from ...wire.ids import MessageId
from ...wire.ret import error_for
from ..accounts.passwords import Passwords
from ..system import System
from ..system_info import SystemInfo
from .package import Firmware, UpgradeInfo

_NAME: Final = "OPSystemUpgrade"
_ABORT: Final[dict[str, Json]] = {"Action": "Abort", "Type": "System"}
_DONE: Final = 515
_NEARLY_DONE: Final = 90  # per cent from which devices may go away without a last word
_ABORT_S: Final = 5.0
_GOING_S: Final = 60.0
_POLL_S: Final = 3.0
BURN_S: Final = 3600.0  # however much the device says meanwhile; real ones need three minutes
_NEWS_MAX: Final = 1000
_SAME_TIMES: Final = 3
_MINUTE: Final = timedelta(minutes=1)  # in which devices count their uptime


class UpgradePhase(Enum):
    """What an upgrade is busy with."""

    SENDING = "sending"
    BURNING = "burning"
    RESTARTING = "restarting"


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeProgress:
    """How far an upgrade is: per cent of its phase."""

    phase: UpgradePhase
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgraded:
    """What came of an upgrade. `confirmed`: the device said that it succeeded before it went away."""

    before: SystemInfo
    after: SystemInfo
    confirmed: bool

    @property
    def changed(self) -> bool:
        """Whether the device has other firmware than before."""
        return _identity(self.before) != _identity(self.after)


type OnProgress = Callable[[UpgradeProgress], None]


class Upgrade:
    """Puts firmware on a device."""

    def __init__(self, connection: Connection, passwords: Passwords) -> None:
        self._connection = connection
        self._passwords = passwords
        self._running = False
        self.burn_s = BURN_S
        """How long the burning may take, whatever the device says meanwhile."""

    async def info(self) -> UpgradeInfo:
        """What firmware the device takes."""
        reply = await self._connection.request(MessageId.UPGRADE_INFO, _NAME)
        told = reply.body.get(_NAME)
        if not isinstance(told, dict):
            raise ProtocolError(f"{self._connection.where}: {_NAME}: the device told no object")
        hardware, vendor, serial = (
            value.strip() if isinstance(value, str) else ""
            for value in (told.get("Hardware"), told.get("Vendor"), told.get("Serial"))
        )
        return UpgradeInfo(hardware=hardware, vendor=vendor, serial=serial)

    async def misfits(self, firmware: Firmware) -> tuple[str, ...]:
        """Reasons why a file is not for this device; none when it fits."""
        installed = await System(self._connection).info()
        return firmware.misfits(await self.info(), installed.firmware)

    async def install(
        self,
        firmware: Firmware,
        *,
        force: bool = False,
        progress: OnProgress | None = None,
        silence_s: float = 180.0,
        back_s: float = 300.0,
    ) -> Upgraded:
        """Send a file, wait while it is burned, and until the device is back; this connection ends meanwhile.

        `force` sends a file that is not for this device, and may break it. `silence_s` is for each answer and
        each progress of the device, `back_s` for its restart. UsageError when the file does not fit,
        RequestError when the device refuses it (511 one is running, 512, 513, 514) or is back unchanged,
        TransportError when it goes away too early or does not come back.
        """
        where, tell = self._connection.where, progress or _ignore
        if self._running:
            raise UsageError(f"{where}: an upgrade runs already")
        self._passwords.check_provable()
        self._running = True
        try:
            before = await System(self._connection).info()
            reasons = firmware.misfits(await self.info(), before.firmware)
            if reasons and not force:
                raise UsageError(f"{where}: {firmware.path} is not for this device: {'; '.join(reasons)}")
            with self._connection.without_keepalive():
                confirmed = await self._send_and_burn(firmware, tell, silence_s)
                tell(UpgradeProgress(phase=UpgradePhase.RESTARTING, percent=0))
                after = await self._meet_again(before, back_s)
            tell(UpgradeProgress(phase=UpgradePhase.RESTARTING, percent=100))
        finally:
            self._running = False
        result = Upgraded(before=before, after=after, confirmed=confirmed)
        if not confirmed and not result.changed:
            raise RequestError(
                f"{where}: {_NAME}: the device went away while it burned and is back with the old firmware",
                message_id=MessageId.UPGRADE,
                name=_NAME,
            )
        return result

    async def abort(self) -> None:
        """Give up an upgrade whose last block is not sent yet. RequestError 512 when there is none."""
        await self._connection.request(MessageId.UPGRADE, _NAME, _ABORT, timeout_s=_ABORT_S, optional=True)

    async def _send_and_burn(self, firmware: Firmware, tell: OnProgress, silence_s: float) -> bool:
        try:
            await self._connection.request(
                MessageId.UPGRADE, _NAME, {"Action": "Start", "Type": "System"}, timeout_s=silence_s
            )
        except asyncio.CancelledError:
            self._take_back()
            raise
        with _news(self._connection) as news:
            try:
                sequence = await self._send(firmware, news, tell, silence_s)
            except BaseException:
                # Also a cancelled upgrade leaves no device that waits for more blocks.
                await to_its_end(self._give_up())
                raise
            last = asyncio.ensure_future(self._last_block(sequence, news, silence_s))
            try:
                return await self._burn(news, tell, silence_s)
            finally:
                last.cancel()
                await asyncio.gather(last, return_exceptions=True)

    async def _send(
        self, firmware: Firmware, news: asyncio.Queue[_News], tell: OnProgress, silence_s: float
    ) -> int:
        """Send every block; the number of the one to come."""
        blocks, sent, sequence = firmware.blocks(), 0, 0
        tell(UpgradeProgress(phase=UpgradePhase.SENDING, percent=0))
        while block := await asyncio.to_thread(next, blocks, b""):
            reply = await self._connection.request_raw(
                MessageId.UPGRADE_DATA, block, sequence=sequence, timeout_s=silence_s
            )
            self._check(reply.ret)
            while not news.empty():
                _percent(self._connection, news.get_nowait())
            sequence += 1
            sent += len(block)
            tell(UpgradeProgress(phase=UpgradePhase.SENDING, percent=sent * 100 // firmware.size))
        return sequence

    async def _last_block(self, sequence: int, news: asyncio.Queue[_News], silence_s: float) -> None:
        """Send the empty block that starts the burning; some devices answer it by their progress alone."""
        with suppress(DvripError):
            reply = await self._connection.request_raw(
                MessageId.UPGRADE_DATA, b"", sequence=sequence, end=1, timeout_s=silence_s, optional=True
            )
            if reply.ret is not None and reply.ret != 100:
                news.put_nowait(reply)

    async def _burn(self, news: asyncio.Queue[_News], tell: OnProgress, silence_s: float) -> bool:
        """Follow the progress to its end: True for success, False when the device just left near the end."""
        clock = asyncio.get_running_loop().time
        percent, over_at, moved_at = 0, clock() + self.burn_s, clock()
        while True:
            ends = {
                clock() + silence_s: f"no progress within {silence_s:g} s",
                moved_at + silence_s * _SAME_TIMES: f"no progress within {silence_s * _SAME_TIMES:g} s",
                over_at: "no end of it",
            }
            end = min(ends)
            try:
                async with asyncio.timeout_at(end):
                    item = await news.get()
            except TimeoutError:
                raise RequestTimeoutError(
                    f"{self._connection.where}: {_NAME}: {ends[end]} "
                    f"after {percent} %: the device may still be burning, leave its power on"
                ) from None
            if isinstance(item, _Gone) and percent >= _NEARLY_DONE:
                return False
            if isinstance(item, _Gone):
                raise TransportError(
                    f"{self._connection.where}: {_NAME}: the connection ended after {percent} %: "
                    "the device may still be burning, leave its power on"
                ) from item.error
            told = _percent(self._connection, item)
            if told is None:
                return True
            if told != percent:
                percent, moved_at = told, clock()
            tell(UpgradeProgress(phase=UpgradePhase.BURNING, percent=percent))

    async def _give_up(self) -> None:
        if not self._connection.closed:
            with suppress(DvripError):
                await self.abort()

    def _take_back(self) -> None:
        """Give up behind a Start that is not answered yet, whose place is taken until it is."""
        body = encode_wish(_NAME, _ABORT, self._connection.session_id)
        with suppress(DvripError):
            self._connection.tell(MessageId.UPGRADE, body, answered=True)

    def _check(self, ret: int | None) -> None:
        if ret is not None and ret != 100:
            raise _refusal(self._connection, ret)

    async def _meet_again(self, before: SystemInfo, back_s: float) -> SystemInfo:
        """Identity of the restarted device. AuthenticationError ends the waiting: no account gets locked."""
        loop = asyncio.get_running_loop()
        with suppress(TimeoutError):
            async with asyncio.timeout(min(_GOING_S, back_s)):
                await self._connection.wait_closed()
        await self._connection.close()
        gone_at, deadline = loop.time(), loop.time() + back_s
        seen: SystemInfo | None = None
        problem: DvripError | None = None
        while loop.time() < deadline:
            try:
                seen = await self._ask_anew()
            except (TransportError, ProtocolError, RequestError) as error:
                problem = error  # refused, or up but not ready yet
            else:
                away = timedelta(seconds=loop.time() - gone_at)
                if _identity(seen) != _identity(before) or seen.uptime <= away + _MINUTE:
                    return seen
            await asyncio.sleep(min(_POLL_S, back_s / 20))
        if seen is not None:
            return seen
        raise TransportError(
            f"{self._connection.where}: {_NAME}: the device is not back {back_s:g} s after the upgrade: "
            f"{problem}"
        )

    async def _ask_anew(self) -> SystemInfo:
        async with self._passwords.login_anew() as fresh:
            return await System(fresh).info()


@dataclass(frozen=True, slots=True)
class _Gone:
    """The connection has ended."""

    error: DvripError | None


type _News = Reply | _Gone


@contextmanager
def _news(connection: Connection) -> Iterator[asyncio.Queue[_News]]:
    """What the device says of its upgrade while the block runs, and the end of its connection."""
    news: asyncio.Queue[_News] = asyncio.Queue()

    def progress(reply: Reply) -> None:
        if news.qsize() < _NEWS_MAX:
            news.put_nowait(reply)

    forget = (
        connection.on_push(MessageId.UPGRADE_PROGRESS, progress),
        connection.on_close(lambda error: news.put_nowait(_Gone(error))),
    )
    try:
        yield news
    finally:
        for unregister in forget:
            unregister()


def _percent(connection: Connection, item: _News) -> int | None:
    """Per cent of a progress message, None for success; anything else is raised."""
    if isinstance(item, _Gone):
        raise item.error or TransportError(f"{connection.where}: the connection is closed")
    if item.ret == _DONE:
        return None
    if item.ret is None or not 0 <= item.ret <= 100 or item.message_id != MessageId.UPGRADE_PROGRESS:
        raise _refusal(connection, item.ret)
    return item.ret


def _refusal(connection: Connection, ret: int | None) -> DvripError:
    if ret is None:
        return ProtocolError(f"{connection.where}: {_NAME}: a progress without a number")
    return error_for(ret, where=connection.where, message_id=MessageId.UPGRADE, name=_NAME)


def _identity(info: SystemInfo) -> tuple[object, ...]:
    return info.firmware, info.build_time


def _ignore(_progress: UpgradeProgress) -> None:
    return
