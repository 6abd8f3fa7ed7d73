"""Pictures of one device: its streams on the loopback relay, and stills of its channels."""

from functools import partial

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import slugify

from dvrip_proto import Hub, Relay, Stills, TransportError

from . import relay as shared_relay
from .session import DvripSession

OUTAGE_S = 900.0
REPEAT_S = 5.0
"""Home Assistant's stream ends when nothing comes for a minute, and tries again later and later: so the last
picture is shown while a device is away. Its entity says that it is; the live view goes on when it is back."""


class DvripStreams:
    """One device stream a channel and quality, however many watch; closed with the entry."""

    def __init__(self, hass: HomeAssistant, session: DvripSession) -> None:
        self._hass = hass
        self._session = session
        self._relay: Relay | None = None
        self.stills = Stills(lambda: session.device, self.hub)
        """Takes stills of channels, for whoever asks."""
        self.hubs: dict[tuple[int, str], Hub] = {}
        """The streams that somebody asked for, by channel and stream."""
        # In messages and logs: readable, and the same when somebody renames the entry.
        self._prefix = f"{slugify(session.name)}-{session.config_entry.entry_id[-6:].lower()}"

    async def async_start(self) -> None:
        """Take part in the relay."""
        self._relay = await shared_relay.async_acquire(self._hass)

    async def async_stop(self) -> None:
        """Cut off whoever watches, so that they end at once; any number of times."""
        relay, self._relay = self._relay, None
        try:
            await self.stills.close()
        finally:
            await self._leave(relay)

    async def _leave(self, relay: Relay | None) -> None:
        if relay is not None:
            hubs, self.hubs = self.hubs, {}
            try:
                for channel, stream in hubs:
                    await relay.remove(self._path(channel, stream))
            finally:
                await shared_relay.async_release(self._hass)

    @callback
    def hub(self, channel: int, stream: str) -> Hub:
        """The one device stream behind every viewer of `stream` of `channel`."""
        if (channel, stream) not in self.hubs:
            opener = partial(self._session.monitor, channel, stream)
            # Of a recorder, whoever watches a channel would be heard where the recorder stands.
            talk = self._session.talk if self._session.can_talk and not self._session.is_recorder else None
            self.hubs[channel, stream] = self._running_relay().add(
                self._path(channel, stream), opener, open_talk=talk, outage_s=OUTAGE_S, repeat_s=REPEAT_S
            )
        return self.hubs[channel, stream]

    async def async_close_hub(self, channel: int, stream: str) -> None:
        """Cut off the viewers of a stream and close it, if anybody ever asked for it."""
        if self._relay is not None and self.hubs.pop((channel, stream), None) is not None:
            await self._relay.remove(self._path(channel, stream))

    @callback
    def url(self, channel: int, stream: str) -> str:
        """Loopback address of the stream; the same as long as the entry is loaded."""
        self.hub(channel, stream)
        return self._running_relay().url(self._path(channel, stream))

    def _running_relay(self) -> Relay:
        if self._relay is None:
            raise TransportError(f"{self._session.address}: the integration is being unloaded")
        return self._relay

    def _path(self, channel: int, stream: str) -> str:
        return f"{self._prefix}/{channel + 1}/{stream}"
