"""What comes up while a device runs, and no setting tells: each a repair that goes when it is over."""

import re
from typing import Final

from homeassistant.const import CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.translation import async_get_cached_translations

from dvrip_proto import AlarmEvent, AlarmKind, Device, DvripError, NoConnectionError, UnsupportedError

from .alarms import DEVICE_ITSELF
from .const import DOMAIN
from .entity import channel_identifier, channel_name
from .inert import inert
from .reported import async_is_reported, async_report
from .runtime import DvripConfigEntry
from .session import DvripSession

QUIET_S: Final = 600.0
"""Viewers come and go: a device had enough connections when nobody was refused one for so long."""

# What makers and installers set, and everybody who looks for cameras tries first.
FACTORY_PASSWORDS: Final = frozenset(
    {"admin", "1234", "12345", "123456", "1234567", "12345678", "111111", "666666", "888888", "password"}
)
# What a connection is held for, as the library says it, and the entity that people know it by.
_STREAM: Final = re.compile(r"channel (\d+) (\w+)")
_WORDS: Final = {"Main": "camera.main", "Extra1": "camera.sub", "talk": "media_player.speaker"}
_CONFLICT: Final = re.compile(r"conf(l)?ict|ipcon", re.IGNORECASE)
_NETWORK: Final = (AlarmKind.NETWORK, DEVICE_ITSELF)


@callback
def async_watch_troubles(hass: HomeAssistant, entry: DvripConfigEntry) -> None:
    """Report what is wrong now, and what goes wrong from now on."""
    async_tell_encryption(hass, entry, None)
    _passwords(hass, entry)
    _Connections(hass, entry)
    _watch_conflicts(hass, entry)
    _watch_arming(hass, entry)
    _watch_gone_channels(hass, entry)


@callback
def async_tell_encryption(hass: HomeAssistant, entry: DvripConfigEntry, error: DvripError | None) -> None:
    """Say of a device that could not be entered whether that is for its encryption."""
    wrong = isinstance(error, UnsupportedError) and error.encryption
    async_report(hass, entry, "encryption", wrong=wrong, name=entry.title)


@callback
def _passwords(hass: HomeAssistant, entry: DvripConfigEntry) -> None:
    """Passwords are read from the entry: a session came about with them."""
    password, name = entry.data[CONF_PASSWORD], entry.runtime_data.session.name
    known = password in FACTORY_PASSWORDS or bool(password) and password == entry.data[CONF_USERNAME]
    async_report(hass, entry, "empty_password", wrong=not password, name=name)
    async_report(hass, entry, "default_password", wrong=known, name=name)


@callback
def holder_name(session: DvripSession, holder: str) -> str:
    """What a connection is held for, in the language of Home Assistant; a recording has its own name."""
    hass, stream = session.hass, _STREAM.fullmatch(holder)
    what = stream[2] if stream else holder
    texts = async_get_cached_translations(hass, hass.config.language, "entity", DOMAIN)
    word = texts.get(f"component.{DOMAIN}.entity.{_WORDS.get(what)}.name", what)
    return f"{channel_name(session, int(stream[1]) - 1)}: {word}" if stream else word


class _Connections:
    """Hears when somebody gets no connection to the device, and tells who has them."""

    def __init__(self, hass: HomeAssistant, entry: DvripConfigEntry) -> None:
        self._hass = hass
        self._entry = entry
        self._session = entry.runtime_data.session
        self._quiet: CALLBACK_TYPE | None = None
        self._stopped = False
        if async_is_reported(hass, entry, "connections"):
            self._wait()  # said before the entry was set up again
        self._session.async_greet(self._greet)
        if self._session.connected:
            self._listen(self._session.device)
        entry.async_on_unload(self._stop)

    async def _greet(self, device: Device) -> None:
        self._listen(device)

    @callback
    def _listen(self, device: Device) -> None:
        device.connection.budget.on_refused(self._refused)

    @callback
    def _refused(self, error: NoConnectionError) -> None:
        if self._stopped:
            return
        holders = ", ".join(inert(holder_name(self._session, each)) for each in error.holders) or "-"
        async_report(
            self._hass, self._entry, "connections", wrong=True, name=self._session.name, holders=holders
        )
        self._wait()

    @callback
    def _wait(self) -> None:
        self._forget()
        self._quiet = async_call_later(self._hass, QUIET_S, self._over)

    @callback
    def _over(self, _now: object) -> None:
        self._quiet = None
        async_report(self._hass, self._entry, "connections", wrong=False, name=self._session.name)

    @callback
    def _stop(self) -> None:
        self._stopped = True
        self._forget()

    @callback
    def _forget(self) -> None:
        quiet, self._quiet = self._quiet, None
        if quiet is not None:
            quiet()


@callback
def _watch_conflicts(hass: HomeAssistant, entry: DvripConfigEntry) -> None:
    """A device tells that another one has its address; the end is told, or a new login finds it well."""
    data = entry.runtime_data

    @callback
    def heard(event: AlarmEvent) -> None:
        if event.kind is AlarmKind.NETWORK and _CONFLICT.search(event.event):
            address = inert(data.session.address)
            async_report(hass, entry, "address_conflict", wrong=True, name=data.session.name, address=address)

    @callback
    def look() -> None:
        if data.session.connected and not data.alarms.is_on(_NETWORK):
            async_report(hass, entry, "address_conflict", wrong=False, name=data.session.name)

    entry.async_on_unload(data.alarms.async_on_event(heard))
    entry.async_on_unload(data.alarms.async_on_change(_NETWORK, look))
    entry.async_on_unload(data.session.async_listen(look))
    look()


@callback
def _watch_arming(hass: HomeAssistant, entry: DvripConfigEntry) -> None:
    """A device may refuse to send alarms: its sensors are unavailable then, and cannot say why."""
    data = entry.runtime_data

    @callback
    def look() -> None:
        if data.session.connected:
            async_report(hass, entry, "no_alarms", wrong=not data.alarms.armed, name=data.session.name)

    entry.async_on_unload(data.session.async_listen(look))
    look()


@callback
def _watch_gone_channels(hass: HomeAssistant, entry: DvripConfigEntry) -> None:
    """Channels that were there once, and have no camera any more."""

    @callback
    def look() -> None:
        names = [inert(device.name_by_user or device.name) for device in gone_channels(hass, entry)]
        name = entry.runtime_data.session.name
        async_report(hass, entry, "gone_channels", wrong=bool(names), name=name, channels=", ".join(names))

    @callback
    def removed(event: Event[dr.EventDeviceRegistryUpdatedData]) -> None:
        if event.data["action"] == "remove":
            look()

    entry.async_on_unload(entry.runtime_data.session.async_listen(look))
    entry.async_on_unload(hass.bus.async_listen(dr.EVENT_DEVICE_REGISTRY_UPDATED, removed))
    look()


@callback
def gone_channels(hass: HomeAssistant, entry: DvripConfigEntry) -> list[dr.DeviceEntry]:
    """The devices of channels that the recorder says nothing of, or that it has no camera for."""
    session = entry.runtime_data.session
    found = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return [device for device in found if is_gone(session, device)]


def is_gone(session: DvripSession, device: dr.DeviceEntry) -> bool:
    """Whether a device is neither the recorder itself nor a channel of it that is there."""
    present = {(DOMAIN, session.key)}
    if session.is_recorder:
        present |= {channel_identifier(session, channel) for channel in session.present}
    return not present & device.identifiers
