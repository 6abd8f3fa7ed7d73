"""One RTSP connection: what it may ask for in which state.

1. Nothing is answered without the token, not even whether a path exists.
2. DESCRIBE attaches a viewer to the hub, PLAY lets it run, the end of the connection gives it back.
3. A viewer that its hub ends loses the connection: readers open again, and get a description that fits.
4. DESCRIBE that requires the way back to the device offers it, SETUP of it opens the talk, RTP is said.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from hmac import compare_digest
from secrets import token_hex
from typing import Final

from ..errors import DvripError
from . import sdp
from .hub import Hub
from .limits import Limits
from .message import RefusedError, Request, read_request, reply, status_of
from .microphone import Microphone
from .playing import Playing
from .rtp import RtpTrack
from .talkback import Talkback
from .viewer import Viewer

_LOGGER = logging.getLogger(__name__)

_CLOSE_S: Final = 1.0
_DESCRIBE_S: Final = 4.5  # Home Assistant waits 5 s for an answer
_MAX_FAILURES: Final = 5
_WRONG_S: Final = 0.5  # after a wrong token, which is not guessed at speed then
_TIMEOUT_S: Final = 60
_BUFFER_BYTES: Final = 256 * 1024
_INTERLEAVED: Final = re.compile(r"interleaved=(\d{1,3})(?:-\d{1,3})?(?:;|$)")
_TALKBACK: Final = "www.onvif.org/ver20/backchannel"
# Known where there is no way back, too: go2rtc leaks a connection when it is refused with 551.
_OPTIONS: Final = frozenset({"", _TALKBACK})


class RtspSession:
    """Serves one connection with the hubs of `routes`, and with `talkbacks` for those that have one.

    Basic authentication must bring `credentials`; `admit` is asked once when it has, and may say no.
    """

    def __init__(
        self,
        routes: Mapping[str, Hub],
        talkbacks: Mapping[str, Talkback],
        credentials: bytes,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        admit: Callable[[], bool],
        limits: Limits,
    ) -> None:
        self._limits = limits
        self._routes = routes
        self._talkbacks = talkbacks
        self._credentials = credentials
        self._reader = reader
        self._writer = writer
        self._id = token_hex(8)
        self._admit = admit
        self._admitted = False
        self._failures = 0
        self._agent = ""
        self._path = ""
        self._hub: Hub | None = None
        self._viewer: Viewer | None = None
        self._tracks: dict[int, RtpTrack] = {}
        self._microphone: Microphone | None = None
        self._channels: dict[int, int] = {}
        self._started = False
        self._patience: asyncio.Timeout | None = None
        self._playing: Playing | None = None
        self._methods: Mapping[str, Callable[[Request], Awaitable[None]]] = {
            "OPTIONS": self._options,
            "DESCRIBE": self._describe,
            "SETUP": self._setup,
            "PLAY": self._play,
            "TEARDOWN": self._teardown,
            "GET_PARAMETER": self._parameter,
            "SET_PARAMETER": self._parameter,
        }
        writer.transport.set_write_buffer_limits(high=_BUFFER_BYTES)

    def abort(self) -> None:
        """Cut the connection at once."""
        self._writer.transport.abort()

    async def run(self) -> None:
        """Serve requests until either side ends the connection."""
        try:
            while True:
                async with asyncio.timeout(self._idle_s()) as self._patience:
                    if not await self._serve_one():
                        break
        except OSError:  # TimeoutError is one of them
            _LOGGER.debug("%s: viewer went away", self._path)
        finally:
            await self._end()

    def _idle_s(self) -> float | None:
        """Return how long this connection may say nothing; a viewer that is gone is found out by writing."""
        if self._playing is not None:
            return None
        return self._limits.talk_idle_s if self._started else self._limits.idle_s

    async def _serve_one(self) -> bool:
        request = None
        try:
            request = await read_request(self._reader, self._hear)
            if request is None:
                return False
            await self._authorize(request)
            await self._dispatch(request)
        except RefusedError as refused:
            await self._reply(request, refused.status, refused.headers, reason=refused.reason)
            return not refused.fatal
        return request.method != "TEARDOWN"

    async def _reply(
        self,
        request: Request | None,
        status: int,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        *,
        reason: str = "",
    ) -> None:
        self._writer.write(reply(status, request, headers or {}, body, reason=reason))
        await self._writer.drain()

    async def _authorize(self, request: Request) -> None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        right = compare_digest(given.strip().encode("latin-1"), self._credentials)
        if scheme.lower() != "basic" or not right:
            self._failures += 1
            if given:
                await asyncio.sleep(_WRONG_S)
            challenge = {"WWW-Authenticate": 'Basic realm="dvrip"'}
            raise RefusedError(401, challenge, fatal=self._failures >= _MAX_FAILURES)
        self._failures = 0
        if not self._admitted:
            self._admitted = self._admit()
            if not self._admitted:
                raise RefusedError(453, fatal=True)

    async def _dispatch(self, request: Request) -> None:
        method = self._methods.get(request.method)
        if method is None:
            raise RefusedError(501, {"Allow": ", ".join(self._methods)})
        if unknown := _required(request) - _OPTIONS:
            raise RefusedError(551, {"Unsupported": ", ".join(sorted(unknown))})
        named = request.headers.get("session")
        if named is not None and named.partition(";")[0].strip() != self._id:
            raise RefusedError(454)
        self._agent = request.headers.get("user-agent", self._agent)
        await method(request)

    async def _options(self, request: Request) -> None:
        await self._reply(request, 200, {"Public": ", ".join(self._methods)})

    async def _parameter(self, request: Request) -> None:
        await self._reply(request, 200, {"Session": self._id})

    async def _describe(self, request: Request) -> None:
        if self._started:
            raise RefusedError(455)
        hub = self._routes.get(request.path)
        if hub is None:
            raise RefusedError(404)
        self._leave()
        try:
            self._viewer = hub.attach(self._ended)
            self._hub, self._path = hub, request.path
            presentation = await hub.describe(self._viewer, _DESCRIBE_S)
        except DvripError as error:
            self._leave()
            _LOGGER.info("no stream for a viewer: %s", error)
            raise RefusedError(status_of(error)) from error
        talkback = self._talkbacks.get(request.path) if _TALKBACK in _required(request) else None
        self._microphone = (
            Microphone(talkback, open_s=self._limits.talk_open_s) if talkback is not None else None
        )
        headers = {"Content-Type": "application/sdp", "Content-Base": request.base}
        body = sdp.describe(presentation, talkback=talkback is not None)
        await self._reply(request, 200, headers, body)

    async def _setup(self, request: Request) -> None:
        if self._viewer is None or self._viewer.presentation is None or self._started:
            raise RefusedError(455)
        presentation = self._viewer.presentation
        offered = sdp.tracks(presentation)
        count = len(offered) + (self._microphone is not None)
        if request.path != self._path:
            raise RefusedError(404)
        number = request.track
        if number is None and count > 1:
            raise RefusedError(459)
        number = number or 0
        if number >= count:
            raise RefusedError(404)
        channel = self._channel(request.headers.get("transport", ""), number)
        if number < len(offered):
            self._tracks[number] = sdp.rtp_track(presentation, offered[number], channel)
        elif self._microphone is not None:
            await self._microphone.set_up(channel)
        self._channels[number] = channel
        transport = f"RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1}"
        await self._reply(
            request, 200, {"Transport": transport, "Session": f"{self._id};timeout={_TIMEOUT_S}"}
        )

    def _channel(self, transports: str, number: int) -> int:
        """Return the channel to use for a track out of what the viewer proposes."""
        taken = {channel for other, channel in self._channels.items() if other != number}
        for transport in transports.split(","):
            if not transport.strip().upper().startswith("RTP/AVP/TCP"):
                continue
            match = _INTERLEAVED.search(transport.replace(" ", ""))
            channel = int(match[1]) if match is not None else number * 2
            if channel <= 254 and not {channel - 1, channel, channel + 1} & taken:
                return channel
        raise RefusedError(461)

    async def _play(self, request: Request) -> None:
        if self._started:
            await self._reply(request, 200, {"Session": self._id})
            return
        if self._hub is None or self._viewer is None or not self._channels:
            raise RefusedError(455)
        await self._reply(request, 200, {"Session": self._id})
        self._started = True
        if not self._tracks:
            self._stop_viewing()
        elif self._viewer.ended:
            self.abort()
        else:
            self._playing = Playing(
                self._hub,
                self._viewer,
                self._tracks.values(),
                self._writer,
                complete=self._agent.startswith("Lavf"),
                ended=self._played,
            )
            _LOGGER.debug("%s: plays to %s", self._path, self._agent or "a viewer without a name")

    def _hear(self, channel: int, packet: bytes) -> None:
        """Take a packet of the viewer: sound on its way to the device, or a report, which nobody needs."""
        if self._microphone is None or not self._started:
            return
        if self._microphone.closed:
            self.abort()
        elif self._microphone.hear(channel, packet) and self._patience is not None:
            idle_s = self._idle_s()
            self._patience.reschedule(None if idle_s is None else asyncio.get_running_loop().time() + idle_s)

    def _played(self, error: BaseException | None) -> None:
        """Cut the connection when playing ends by itself."""
        self.abort()
        if error is not None and not isinstance(error, OSError):
            _LOGGER.error("%s: cannot go on playing", self._path, exc_info=error)

    async def _teardown(self, request: Request) -> None:
        await self._reply(request, 200, {"Session": self._id})

    def _ended(self) -> None:
        """Cut a connection whose viewer the hub has ended; before PLAY there is still an answer to give."""
        if self._playing is not None:
            self.abort()

    def _leave(self) -> None:
        self._stop_viewing()
        self._tracks, self._channels = {}, {}
        if self._microphone is not None:
            self._microphone.leave()
        self._microphone = None

    def _stop_viewing(self) -> None:
        if self._hub is not None and self._viewer is not None:
            self._hub.detach(self._viewer)
        self._hub = self._viewer = None

    async def _end(self) -> None:
        playing, self._playing = self._playing, None
        if playing is not None:
            playing.stop()
        self._leave()
        self._writer.close()
        try:
            async with asyncio.timeout(_CLOSE_S):
                await self._writer.wait_closed()
        except (TimeoutError, OSError):
            self.abort()
        if playing is not None:
            await playing.over()


def _required(request: Request) -> set[str]:
    """Return the options that the viewer cannot do without."""
    return {option.strip() for option in request.headers.get("require", "").split(",")}
