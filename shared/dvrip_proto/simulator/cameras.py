"""A recorder's own logins: to cameras on this computer that its digital channels are bound to.

Other addresses are never dialled: their channels are taken for connected. No picture is passed on; a channel
shows the recorder's own. A refused password is not tried again until the binding changes, as cameras lock.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from ipaddress import ip_address
from typing import Any, Final

from ..wire.body import encode, session_text
from ..wire.framer import Framer, pack
from ..wire.ids import MessageId
from ..wire.login import login_body
from ..wire.reply import LoginReply, read, read_login
from .state.links import CONNECTED, LOGIN_FAILED, NO_LOGIN, OFFLINE, Links

_PATIENCE_S: Final = 3.0
_AGAIN_S: Final = 1.0
_OK: Final = 100

type Say = Callable[[str], None]
"""Takes the word of NetWork.ChnStatus."""


class Cameras:
    """The cameras that one recorder is logged in to."""

    def __init__(self, links: Links) -> None:
        self._links = links
        self._following: dict[int, tuple[dict[str, Any], asyncio.Task[None]]] = {}

    def follow(self) -> None:
        """Log in to the cameras that channels are bound to now, leave those of before."""
        wanted = {
            channel: dict(each) for channel, each in self._links.cameras().items() if on_this_computer(each)
        }
        for channel, (decoder, task) in list(self._following.items()):
            if decoder != wanted.get(channel):
                task.cancel()
                del self._following[channel]
                self._links.see(channel, "")
        for channel in sorted(wanted.keys() - self._following.keys()):
            work = follow(wanted[channel], partial(self._links.see, channel))
            self._following[channel] = wanted[channel], asyncio.create_task(work)

    async def leave(self) -> None:
        """Leave all of them."""
        tasks = [task for _decoder, task in self._following.values()]
        self._following.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def on_this_computer(decoder: Mapping[str, Any]) -> bool:
    """Whether a binding leads to another simulated device."""
    try:
        return decoder.get("Protocol") == "TCP" and ip_address(str(decoder.get("IPAddress"))).is_loopback
    except ValueError:
        return False


async def follow(decoder: Mapping[str, Any], say: Say) -> None:
    """Log in to a camera and stay, say when it goes, and log in again; ends with a refused login."""
    say(NO_LOGIN)
    while True:
        word = await _stay(decoder, say)
        say(word)
        if word == LOGIN_FAILED:
            return
        await asyncio.sleep(_AGAIN_S)


async def _stay(decoder: Mapping[str, Any], say: Say) -> str:
    """One connection to its end: why there is none any more."""
    try:
        async with asyncio.timeout(_PATIENCE_S):
            reader, writer = await asyncio.open_connection(
                str(decoder["IPAddress"]), int(decoder.get("Port", 0))
            )
    except (OSError, TimeoutError, ValueError, OverflowError):
        return OFFLINE
    try:
        async with asyncio.timeout(_PATIENCE_S):
            login = await _log_in(reader, writer, decoder)
        if login is None:
            return LOGIN_FAILED
        say(CONNECTED)
        await _keep(reader, writer, login)
    except (OSError, TimeoutError, EOFError):
        pass
    finally:
        writer.close()
    return OFFLINE


async def _log_in(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, decoder: Mapping[str, Any]
) -> LoginReply | None:
    """What the camera says of itself, None when it refuses the login."""
    body = login_body(str(decoder.get("UserName", "")), str(decoder.get("PassWord", "")))
    writer.write(pack(MessageId.LOGIN, body))
    framer = Framer()
    while data := await reader.read(65536):
        for frame in framer.feed(data):
            reply = read(frame)
            return read_login(frame, reply) if reply.ret == _OK else None
    raise EOFError


async def _keep(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, login: LoginReply) -> None:
    """Stay logged in until the camera goes: it closes what is silent for two intervals."""
    body = encode({"Name": "KeepAlive", "SessionID": session_text(login.session)})
    while True:
        with suppress(TimeoutError):
            async with asyncio.timeout(login.alive_interval_s / 2):
                while await reader.read(65536):
                    pass
                return
        writer.write(pack(MessageId.KEEPALIVE, body, session=login.session))
