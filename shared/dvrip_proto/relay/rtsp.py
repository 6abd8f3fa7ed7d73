"""An RTSP server for the streams of devices: RTSP 1.0 over TCP, interleaved only, behind a token.

Home Assistant, go2rtc, Frigate and VLC read it. An address carries the token, never a password of a device.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from functools import partial
from secrets import token_urlsafe
from typing import Final, override
from urllib.parse import quote

from ..connection.to_its_end import to_its_end
from ..errors import UsageError
from ..servers.listener import Listener, streams
from ..stream import OpenStream
from .hub import BUFFER_BYTES, MAX_VIEWERS, OUTAGE_S, Hub
from .limits import Limits
from .message import LINE_LIMIT
from .session import RtspSession
from .talkback import OpenTalk, Talkback

_USER: Final = "dvrip"
_STRANGERS_MAX: Final = 64
_STRANGERS_A_PEER: Final = 8
_TOKEN_MIN: Final = 16


class Relay(Listener):
    """Serves hubs by path. `token` is new for every relay unless given; it lets in whoever knows it.

    Raises UsageError for a token below 16 characters: it could be guessed.
    """

    def __init__(self, *, token: str | None = None, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        super().__init__(
            "127.0.0.1",
            0,
            strangers_max=_STRANGERS_MAX,
            strangers_a_peer=_STRANGERS_A_PEER,
            stranger_s=self.limits.stranger_s,
        )
        if token is not None and len(token) < _TOKEN_MIN:
            raise UsageError(
                f"a relay's token has at least {_TOKEN_MIN} characters: whoever guesses it sees the cameras"
            )
        self._token = token or token_urlsafe(24)
        self._hubs: dict[str, Hub] = {}
        self._talkbacks: dict[str, Talkback] = {}
        self._sessions: dict[RtspSession, asyncio.Task[None]] = {}

    @override
    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen on `host`; port 0 takes a free one. Raises TransportError when that cannot be had."""
        if not self.listening:
            self.host, self.port = host, port
        await super().start()

    def add(
        self,
        path: str,
        open_stream: OpenStream,
        *,
        audio: bool = True,
        linger_s: float = 15.0,
        outage_s: float = OUTAGE_S,
        repeat_s: float | None = None,
        max_viewers: int = MAX_VIEWERS,
        buffer_bytes: int = BUFFER_BYTES,
        open_talk: OpenTalk | None = None,
    ) -> Hub:
        """Serve `open_stream` at `path` and return its hub; audio is offered if the device sends any.

        With `open_talk`, such as `device.talk.open`, viewers that ask for it talk to the device: one at a
        time, over what is entered when one begins and left when he is gone or silent. The rest is the hub's.
        """
        name = path.strip("/")
        if not name or name in self._hubs:
            raise UsageError(f"a relay needs a new path for every stream, not {path!r}")
        hub = Hub(
            open_stream,
            linger_s=linger_s,
            outage_s=outage_s,
            repeat_s=repeat_s,
            name=name,
            audio=audio,
            max_viewers=max_viewers,
            buffer_bytes=buffer_bytes,
        )
        self._hubs[name] = hub
        if open_talk is not None:
            self._talkbacks[name] = Talkback(open_talk, name=name, limits=self.limits)
        return hub

    def alias(self, path: str, of: str) -> None:
        """Serve the stream at `of` at a second path: it stays one stream of the device."""
        name, known = path.strip("/"), of.strip("/")
        if not name or name in self._hubs or known not in self._hubs:
            raise UsageError(f"a relay needs a new path for a stream that it has, not {path!r} for {of!r}")
        self._hubs[name] = self._hubs[known]
        if known in self._talkbacks:
            self._talkbacks[name] = self._talkbacks[known]

    def url(self, path: str, *, host: str | None = None) -> str:
        """Return the address of a stream, with the token; `host` is what readers call this machine."""
        name = path.strip("/")
        if name not in self._hubs:
            raise UsageError(f"the relay has no stream {path!r}")
        if not self.listening:
            raise UsageError("the relay has not been started")
        shown = host or ("127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host)
        bracketed = f"[{shown}]" if ":" in shown else shown
        return f"rtsp://{_USER}:{quote(self._token, safe='')}@{bracketed}:{self.port}/{quote(name)}"

    async def remove(self, path: str) -> None:
        """Stop serving `path` and its aliases: cut off its viewers, close its device stream and its talk."""
        name = path.strip("/")
        hub, talkback = self._hubs.pop(name, None), self._talkbacks.pop(name, None)
        for other in [other for other, same in self._hubs.items() if same is hub]:
            del self._hubs[other]
            self._talkbacks.pop(other, None)
        if hub is not None:
            await to_its_end(_close(hub, talkback))

    @override
    def _protocol(self) -> asyncio.BaseProtocol:
        return streams(self._serve, LINE_LIMIT)

    @override
    async def _end(self) -> None:
        """Cut off every viewer, then close the device streams and the talks."""
        serving = dict(self._sessions)
        for session in serving:
            session.abort()
        hubs, self._hubs = set(self._hubs.values()), {}
        talkbacks, self._talkbacks = set(self._talkbacks.values()), {}
        await asyncio.gather(*(hub.close() for hub in hubs), *(talkback.close() for talkback in talkbacks))
        await asyncio.gather(*serving.values(), return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or not self.meet(writer.transport):
            writer.transport.abort()
            return
        credentials = b64encode(f"{_USER}:{self._token}".encode())
        session = RtspSession(
            self._hubs,
            self._talkbacks,
            credentials,
            reader,
            writer,
            admit=partial(self._admit, writer.transport),
            limits=self.limits,
        )
        self._sessions[session] = task
        try:
            await session.run()
        finally:
            self.forget(writer.transport)
            del self._sessions[session]

    def _admit(self, transport: asyncio.BaseTransport) -> bool:
        """Take in who has shown the token, unless there are too many of them."""
        if len(self._sessions) - len(self._strangers) >= self.limits.connections_max:
            return False
        self.forget(transport)
        return True


async def _close(hub: Hub, talkback: Talkback | None) -> None:
    if talkback is not None:
        await talkback.close()
    await hub.close()
