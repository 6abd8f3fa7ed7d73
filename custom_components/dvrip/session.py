"""The session of one device: who it is, what it can, whether it is there. Whoever needs to know is told."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from functools import partial

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_USERNAME
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.device_registry import DeviceInfo

from dvrip_proto import (
    AuthenticationError,
    Channel,
    Conversation,
    Device,
    DvripError,
    Keeper,
    LinkState,
    MediaStream,
    Silence,
    TransportError,
    UnsupportedError,
)

from .const import CONF_CHANNELS, CONF_ENCRYPTION, LOGGER, REQUEST_TIMEOUT_S
from .failure import OtherDeviceError
from .identity import Identity, functions, identify
from .inert import error_text

BACK_S = 15.0
"""How long a device that was lost while the entry is set up may stay away until that is tried later."""

type Greeting = Callable[[Device], Awaitable[None]]


class DvripSession:
    """Keeps one device connected. After each login the greetings run, then the listeners hear of it."""

    identity: Identity
    functions: Mapping[str, Mapping[str, bool]]
    channels: tuple[Channel, ...]
    device_id: str
    """Registry id of the device itself; set before its entities are."""
    described: dict[tuple[str, int | None], DeviceInfo]
    """What the registry is told of the device (None) and its channels, by title of the entry."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        self.hass = hass
        self.config_entry = entry
        self.silence = Silence()
        self.connected = False
        self.channels = ()
        self.last_error: DvripError | None = None
        self._was_lost = False
        self._greetings: list[Greeting] = []
        self._listeners: dict[object, CALLBACK_TYPE] = {}
        self._set_up_for: tuple[int, str, tuple[int, ...]] | None = None
        self._keeper = Keeper(self._make_device, on_up=self._up, on_down=self._down, silence=self.silence)

    @property
    def name(self) -> str:
        """What people call the device."""
        return self.config_entry.title

    @property
    def key(self) -> str:
        """What unique ids of this device start with."""
        return self.config_entry.unique_id or self.config_entry.entry_id

    @property
    def address(self) -> str:
        """HOST:PORT, for messages of the library's kind."""
        data = self.config_entry.data
        return f"{data[CONF_HOST]}:{data[CONF_PORT]}"

    @property
    def channel_count(self) -> int:
        """Number of video channels."""
        return max(1, self.identity.info.channel_count)

    @property
    def can_talk(self) -> bool:
        """Whether the device has a loudspeaker of its own; one that does not tell may have one."""
        return bool(self.identity.info.raw.get("TalkOutChannel", 1))

    @property
    def is_recorder(self) -> bool:
        """Whether the channels are devices of their own."""
        return self.channel_count > 1

    @property
    def present(self) -> list[int]:
        """The channels that have a camera and that a person has not left out."""
        wanted = self.config_entry.options.get(CONF_CHANNELS)
        return [
            channel.number
            for channel in self.channels
            if channel.exists and (not wanted or str(channel.number + 1) in wanted)
        ]

    def reachable(self, channel: int) -> bool:
        """Whether the camera of a channel is there now."""
        return channel < len(self.channels) and self.channels[channel].reachable

    @property
    def device(self) -> Device:
        """The device, logged in. Errors: TransportError while there is no session."""
        if self._keeper.device is None:
            raise TransportError(f"{self.address}: not connected, trying again")
        return self._keeper.device

    @property
    def going(self) -> bool:
        """Whether the entry is being unloaded: an entity that is added then stays behind."""
        return self.config_entry.state is ConfigEntryState.UNLOAD_IN_PROGRESS

    @property
    def device_now(self) -> Device | None:
        """The device, logged in, or None while there is no session."""
        return self._keeper.device

    async def async_another(self, lost: Device) -> None:
        """Wait for the session after the one that was `lost`. TransportError when it does not come soon."""
        back = asyncio.Event()
        forget = self.async_listen(back.set)
        try:
            async with asyncio.timeout(BACK_S):
                while not self.connected or self._keeper.device in (None, lost):
                    back.clear()
                    await back.wait()
        except TimeoutError as error:
            raise TransportError(f"{self.address}: not connected, trying again") from error
        finally:
            forget()

    @callback
    def async_seen(self) -> None:
        """Connect now, if it is not: the device has just been heard of."""
        self._keeper.nudge()

    @callback
    def async_greet(self, greeting: Greeting) -> None:
        """Await `greeting` after every login, before anybody hears that the device is there."""
        self._greetings.append(greeting)

    @callback
    def async_listen(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call `listener` whenever the device comes or goes, until the returned function is called."""
        mark = object()
        self._listeners[mark] = listener

        @callback
        def forget() -> None:
            self._listeners.pop(mark, None)

        return forget

    async def async_start(self) -> None:
        """Connect. Errors: those of the first connection."""
        await self._keeper.start()

    async def async_stop(self) -> None:
        """Log out."""
        self.connected = False
        await self._keeper.stop()

    def talk(self) -> AbstractAsyncContextManager[Conversation]:
        """Talk through the loudspeaker of the device that is connected then."""
        return self.device.talk.open()

    def monitor(self, channel: int, stream: str) -> AbstractAsyncContextManager[MediaStream]:
        """Live stream of the device that is connected then."""
        return self._keeper.monitor(channel, stream)

    def _make_device(self) -> Device:
        data = self.config_entry.data
        return Device(
            data[CONF_HOST],
            data[CONF_PORT],
            username=data[CONF_USERNAME],
            password=data[CONF_PASSWORD],
            timeout_s=REQUEST_TIMEOUT_S,
            encryption=data.get(CONF_ENCRYPTION, "auto"),
        )

    async def _up(self, device: Device) -> None:
        identity = await identify(device, self.silence)
        if not identity.may_be(self.config_entry.unique_id):
            if device.closed:  # it did not come to saying who it is
                raise TransportError(f"{self.address}: the device leaves questions unanswered")
            raise OtherDeviceError(
                f"{self.address}: {identity.name} answers there, with serial number or MAC address "
                f"{identity.unique_id}, not {self.name} with {self.config_entry.unique_id}"
            )
        self.identity = identity
        self.described = {}
        self._keep_encryption(device)
        self.functions = await functions(device, self.silence)
        asked = partial(device.system.channels, identity.info)
        told = await self.silence.ask(device, "channels", asked)
        every = tuple(Channel(number=number) for number in range(self.channel_count))
        self.channels = _known(told or every, self.channels)
        for greet in self._greetings:
            await greet(device)
        if device.closed:
            raise TransportError(f"{self.address}: the device leaves questions unanswered")
        self._note_size()
        self.connected = True
        if self._was_lost:
            self._was_lost = False
            LOGGER.info("%s: connected again", self.name)
        self.async_tell()

    @callback
    def _keep_encryption(self, device: Device) -> None:
        entry, policy = self.config_entry, device.entry.policy
        if policy != "auto" and CONF_ENCRYPTION not in entry.data:
            self.hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_ENCRYPTION: policy})

    @callback
    def _note_size(self) -> None:
        size = (self.channel_count, self.identity.info.firmware, tuple(self.present))
        if self._set_up_for not in (None, size):
            self.hass.config_entries.async_schedule_reload(self.config_entry.entry_id)
        self._set_up_for = size

    @callback
    def _down(self, error: DvripError | None) -> None:
        self.last_error = error or TransportError(f"{self.address}: the device ended the session")
        if self.connected:
            self.connected = False
            self._was_lost = True
            LOGGER.warning("%s: connection lost: %s", self.name, error_text(self.last_error))
            self.async_tell()
        locked = isinstance(error, UnsupportedError) and error.encryption
        if locked or isinstance(error, OtherDeviceError):
            # Setting up again says to a person what is in the way, and does not go on by itself.
            self.hass.config_entries.async_schedule_reload(self.config_entry.entry_id)
        elif isinstance(error, AuthenticationError):
            self.config_entry.async_start_reauth(self.hass)

    @callback
    def async_set_channels(self, channels: tuple[Channel, ...]) -> None:
        """Take note of cameras that came or went; the entry is set up again for new ones."""
        channels = _known(channels, self.channels)
        if channels != self.channels:
            self.channels = channels
            self._note_size()
            self.async_tell()

    @callback
    def async_recall_empty(self, empty: Sequence[int]) -> None:
        """Have no camera where there was none: the recorder has not told of its cameras since the login."""
        self.channels = tuple(
            replace(channel, state=LinkState.NO_CONFIG) if channel.number in empty else channel
            for channel in self.channels
        )
        self._set_up_for = None
        self._note_size()

    @callback
    def async_tell(self) -> None:
        """Have the listeners look again, each, whatever happens to the others."""
        for listener in tuple(self._listeners.values()):
            try:
                listener()
            except Exception:  # noqa: BLE001 - else a device would be lost for what one entity cannot show
                LOGGER.exception("%s: %s could not look again", self.name, listener)


def _known(told: tuple[Channel, ...], before: tuple[Channel, ...]) -> tuple[Channel, ...]:
    """The channels as they are told. A busy recorder says nothing of its cameras: they are what they were."""
    is_known = any(channel.word or not channel.exists for channel in before)
    is_silent = is_known and not any(channel.word for channel in told)
    return before if is_silent and len(told) == len(before) else told
