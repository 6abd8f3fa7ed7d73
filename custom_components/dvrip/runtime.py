"""What one loaded entry is made of."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from .alarms import DvripAlarms
from .const import CONF_AUTO_OFF, DEFAULT_AUTO_OFF_S, DOMAIN
from .ptz import PtzSpeeds
from .recordings import DvripRecordings
from .session import DvripSession
from .settings import DvripSettings
from .status import DvripStatus
from .streams import DvripStreams
from .together import Running


@dataclass(slots=True, kw_only=True)
class DvripData:
    """The parts of one device; each knows the session and none of the others."""

    session: DvripSession
    alarms: DvripAlarms
    streams: DvripStreams
    settings: DvripSettings
    recordings: DvripRecordings
    status: DvripStatus
    ptz_speeds: PtzSpeeds = field(default_factory=PtzSpeeds)
    running: Running = field(default_factory=dict)
    """Actions on cameras that are being done."""
    installing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while firmware is put on the device: what was begun is watched to its end."""

    @classmethod
    def of(cls, hass: HomeAssistant, entry: ConfigEntry) -> Self:
        """Everything for `entry`, not connected yet."""
        session = DvripSession(hass, entry)
        return cls(
            session=session,
            alarms=DvripAlarms(hass, session, entry.options.get(CONF_AUTO_OFF, DEFAULT_AUTO_OFF_S)),
            streams=DvripStreams(hass, session),
            settings=DvripSettings(hass, session, entry),
            recordings=DvripRecordings(hass, session, Path(hass.config.cache_path(DOMAIN))),
            status=DvripStatus(hass, session, entry),
        )

    async def async_start(self) -> None:
        """Connect. Errors: those of the first connection; then nothing is left open."""
        try:
            await self.recordings.clips.async_start()
            await self.streams.async_start()
            await self.session.async_start()
        except BaseException:
            await self.async_stop()
            raise

    async def async_stop(self) -> None:
        """Close every socket: viewers first, so that whoever reads them ends at once."""
        async with AsyncExitStack() as last:  # each, whatever happens to the others; from the end up
            last.push_async_callback(self.session.async_stop)
            last.push_async_callback(self.streams.async_stop)
            last.push_async_callback(self.status.async_shutdown)
            last.push_async_callback(self.recordings.clips.async_stop)
            last.push_async_callback(self.settings.async_shutdown)
            last.callback(self.alarms.async_stop)


type DvripConfigEntry = ConfigEntry[DvripData]
