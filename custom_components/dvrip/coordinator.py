"""One device: its session, what it is, which of its alarms are on. All of it is pushed, nothing polled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from functools import partial

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_USERNAME
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import slugify

from dvrip_proto import (
    AlarmEvent,
    AuthenticationError,
    Device,
    DvripError,
    Hub,
    Keeper,
    MediaStream,
    Relay,
    RequestError,
    RequestTimeoutError,
    TransportError,
)

from . import relay as shared_relay
from .alarms import ActiveAlarms, Alarm
from .const import CONF_AUTO_OFF, DEFAULT_AUTO_OFF_S, LOGGER, REQUEST_TIMEOUT_S
from .identity import Identity, active_alarms, functions, identify

ARM = "Guard"

type DvripConfigEntry = ConfigEntry[DvripCoordinator]


class DvripCoordinator(DataUpdateCoordinator[frozenset[Alarm]]):
    """Owns the session of one entry; its data are the alarms that are on."""

    config_entry: DvripConfigEntry
    identity: Identity
    functions: Mapping[str, Mapping[str, bool]]
    device_id: str
    """Registry id of the device itself; set before its entities are."""

    def __init__(self, hass: HomeAssistant, entry: DvripConfigEntry) -> None:
        super().__init__(hass, LOGGER, config_entry=entry, name=entry.title)
        self.data = frozenset()
        self.armed = False
        self.snapshots_silent_until = float("-inf")
        self._alarms = ActiveAlarms(hass, entry.options.get(CONF_AUTO_OFF, DEFAULT_AUTO_OFF_S), self._changed)
        self._alarm_listeners: set[Callable[[AlarmEvent], None]] = set()
        self._hubs: dict[tuple[int, str], Hub] = {}
        self._relay: Relay | None = None
        self._silent: set[str] = set()
        self._set_up_for: tuple[int, str] | None = None
        # In messages and logs: readable, and the same when somebody renames the entry.
        self._path_prefix = f"{slugify(entry.title)}-{entry.entry_id[-6:].lower()}"
        self._keeper = self._make_keeper()

    @property
    def key(self) -> str:
        """What unique ids of this device start with."""
        return self.config_entry.unique_id or self.config_entry.entry_id

    @property
    def channel_count(self) -> int:
        """Number of video channels."""
        return max(1, self.identity.info.channel_count)

    @property
    def is_recorder(self) -> bool:
        """Whether the channels are devices of their own."""
        return self.channel_count > 1

    @property
    def device(self) -> Device:
        """The device, logged in. Errors: TransportError while there is no session."""
        if self._keeper.device is None:
            raise TransportError(f"{self._address}: not connected, trying again")
        return self._keeper.device

    @property
    def hubs(self) -> dict[tuple[int, str], Hub]:
        """The streams that somebody asked for, by channel and stream."""
        return self._hubs

    async def async_start(self) -> None:
        """Connect. Errors: those of the first connection; then nothing is left open."""
        try:
            self._relay = await shared_relay.async_acquire(self.hass)
            await self._connect()
        except BaseException:
            await self.async_stop()
            raise

    async def _connect(self) -> None:
        while True:
            silent = len(self._silent)
            try:
                return await self._keeper.start()
            except TransportError:
                # A question that was never answered cost the connection; it is not asked again.
                if len(self._silent) == silent:
                    raise
            await self._keeper.stop()
            self._keeper = self._make_keeper()

    async def async_stop(self) -> None:
        """Close every socket: viewers first, so that whoever reads them ends at once."""
        self._alarms.reset()
        relay, self._relay = self._relay, None
        if relay is not None:
            for channel, stream in self._hubs:
                await relay.remove(self._path(channel, stream))
            self._hubs = {}
            await shared_relay.async_release(self.hass)
        await self._keeper.stop()

    @property
    def unanswered(self) -> frozenset[str]:
        """Questions that the device lets time out."""
        return frozenset(self._silent)

    @callback
    def hub(self, channel: int, stream: str) -> Hub:
        """The one device stream behind every viewer of `stream` of `channel`."""
        if (channel, stream) not in self._hubs:
            opener = partial(self._monitor, channel, stream)
            self._hubs[channel, stream] = self._running_relay().add(self._path(channel, stream), opener)
        return self._hubs[channel, stream]

    async def async_close_hub(self, channel: int, stream: str) -> None:
        """Cut off the viewers of a stream and close it, if anybody ever asked for it."""
        if self._relay is not None and self._hubs.pop((channel, stream), None) is not None:
            await self._relay.remove(self._path(channel, stream))

    @callback
    def stream_url(self, channel: int, stream: str) -> str:
        """Loopback address of the stream; the same as long as the entry is loaded."""
        self.hub(channel, stream)
        return self._running_relay().url(self._path(channel, stream))

    @callback
    def async_on_alarm(self, listener: Callable[[AlarmEvent], None]) -> CALLBACK_TYPE:
        """Call `listener` with every push until the returned function is called."""
        self._alarm_listeners.add(listener)
        return partial(self._alarm_listeners.discard, listener)

    @property
    def _address(self) -> str:
        data = self.config_entry.data
        return f"{data[CONF_HOST]}:{data[CONF_PORT]}"

    def _running_relay(self) -> Relay:
        if self._relay is None:
            raise TransportError(f"{self._address}: the integration is being unloaded")
        return self._relay

    def _path(self, channel: int, stream: str) -> str:
        return f"{self._path_prefix}/{channel + 1}/{stream}"

    def _make_keeper(self) -> Keeper:
        return Keeper(self._make_device, on_up=self._up, on_down=self._down)

    def _make_device(self) -> Device:
        data = self.config_entry.data
        return Device(
            data[CONF_HOST],
            data[CONF_PORT],
            username=data[CONF_USERNAME],
            password=data[CONF_PASSWORD],
            timeout_s=REQUEST_TIMEOUT_S,
        )

    def _monitor(self, channel: int, stream: str) -> AbstractAsyncContextManager[MediaStream]:
        return self._keeper.monitor(channel, stream)

    async def _up(self, device: Device) -> None:
        identity = await identify(device, self._silent)
        if identity.unique_id != self.config_entry.unique_id:
            raise TransportError(f"{self._address}: another device answers at this address")
        self.identity = identity
        self.functions = await functions(device, self._silent)
        present = (self.channel_count, identity.info.firmware)
        if self._set_up_for not in (None, present):
            self.hass.config_entries.async_schedule_reload(self.config_entry.entry_id)
        self._set_up_for = present
        lost = not self.last_update_success
        self._alarms.reset()
        device.alarms.subscribe(self._on_event)
        self.armed = await self._arm(device)
        self._alarms.reset(self._alarms.active | await active_alarms(device, self._silent))
        if lost:
            LOGGER.info("%s: connected again", self.name)
        self.async_set_updated_data(self._alarms.active)

    async def _arm(self, device: Device) -> bool:
        if ARM in self._silent:
            return False
        if device.closed:
            raise TransportError(f"{self._address}: the device leaves questions unanswered")
        try:
            await device.alarms.arm()
        except RequestTimeoutError:
            self._silent.add(ARM)
            raise
        except RequestError as error:
            LOGGER.warning("%s: no alarms: %s", self.name, error)
            return False
        return True

    @callback
    def _down(self, error: DvripError | None) -> None:
        self._alarms.reset()
        self.armed = False
        self.last_exception = error or TransportError(f"{self._address}: the device ended the session")
        if self.last_update_success:
            LOGGER.warning("%s: connection lost: %s", self.name, self.last_exception)
            self.last_update_success = False
            self.async_update_listeners()
        if isinstance(error, AuthenticationError):
            self.config_entry.async_start_reauth(self.hass)

    @callback
    def _on_event(self, event: AlarmEvent) -> None:
        self._alarms.feed(event)
        for listener in tuple(self._alarm_listeners):
            listener(event)

    @callback
    def _changed(self) -> None:
        self.async_set_updated_data(self._alarms.active)
