"""Update: firmware that lies ready in a folder. Nothing is ever fetched or installed by itself."""

from datetime import timedelta
from pathlib import Path
from typing import Any, Final, override

from homeassistant.components.update import (
    UpdateDeviceClass,
    UpdateEntity,
    UpdateEntityDescription,
    UpdateEntityFeature,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from dvrip_proto import DvripError, TransportError, UpgradePhase, UpgradeProgress

from .const import LOGGER
from .entity import DvripEntity
from .failure import translated, translation
from .firmware import Fitting, firmware_folder, installed_text, newest_fitting
from .inert import error_text
from .runtime import DvripConfigEntry, DvripData

PARALLEL_UPDATES = 0
SCAN_INTERVAL = timedelta(hours=1)

FIRMWARE = UpdateEntityDescription(
    key="firmware",
    device_class=UpdateDeviceClass.FIRMWARE,
    entity_category=EntityCategory.CONFIG,
    entity_registry_enabled_default=False,
)

# Where each phase begins, in per cent of all, and how much of all it is.
_SHARE: Final = {
    UpgradePhase.SENDING: (0, 40),
    UpgradePhase.BURNING: (40, 50),
    UpgradePhase.RESTARTING: (90, 10),
}


async def async_setup_entry(
    hass: HomeAssistant, entry: DvripConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the firmware of one device."""
    async_add_entities([DvripFirmware(entry.runtime_data, firmware_folder(hass))], update_before_add=True)


class DvripFirmware(DvripEntity, UpdateEntity):
    """What a device runs, and the newest file that is for it."""

    _attr_should_poll = True
    _attr_supported_features = (
        UpdateEntityFeature.INSTALL | UpdateEntityFeature.PROGRESS | UpdateEntityFeature.RELEASE_NOTES
    )

    def __init__(self, data: DvripData, folder: Path) -> None:
        super().__init__(data.session, FIRMWARE)
        self._installing = data.installing
        self._folder = folder
        self._fitting: Fitting | None = None
        self._is_sent = False
        self._attr_title = data.session.identity.info.hardware or None

    @property
    @override
    def available(self) -> bool:
        return super().available or self.in_progress is True

    @property
    @override
    def installed_version(self) -> str:
        return installed_text(self.session.identity.info)

    @property
    @override
    def latest_version(self) -> str:
        return self._fitting.version if self._fitting is not None else self.installed_version

    @override
    def version_is_newer(self, latest_version: str, installed_version: str) -> bool:
        # What is offered was chosen by its date: these words are no versions to be compared.
        return True

    async def async_update(self) -> None:
        """Look through the folder again."""
        if self.in_progress or not self.session.connected:
            return
        try:
            wanted = await self.session.device.upgrade.info()
        except DvripError as error:
            LOGGER.debug("%s: what firmware it takes is not known: %s", self.session.name, error)
            return
        info = self.session.identity.info
        self._fitting = await self.hass.async_add_executor_job(newest_fitting, self._folder, wanted, info)

    @override
    async def async_release_notes(self) -> str | None:
        if self._fitting is None:
            return None
        firmware = self._fitting.firmware
        return (
            f"`{firmware.path.name}` ({firmware.size // 1024} KiB)\n\n"
            "The file was found whole, and made for this hardware. While it is burned the device must not "
            "lose its power. It restarts by itself; that takes some minutes, in which it records nothing."
        )

    @override
    @translated
    async def async_install(self, version: str | None, backup: bool, **kwargs: Any) -> None:
        fitting = self._fitting
        assert fitting is not None  # Home Assistant installs only what is newer than what runs
        self._attr_in_progress = True
        self._progress(UpgradeProgress(phase=UpgradePhase.SENDING, percent=0))
        try:
            async with self._installing:
                await self.session.device.upgrade.install(fitting.firmware, progress=self._progress)
        except TransportError as error:
            if not self._is_sent:
                raise
            LOGGER.info("%s: %s", self.session.name, error_text(error))
            raise HomeAssistantError(**translation(error, self.told_as, "firmware_unwatched")) from error
        finally:
            self._attr_in_progress = False
            self._attr_update_percentage = None
            self._fitting = None
            self.async_write_ha_state()

    @callback
    def _progress(self, progress: UpgradeProgress) -> None:
        begin, share = _SHARE[progress.phase]
        self._is_sent = progress.phase is not UpgradePhase.SENDING or progress.percent == 100
        self._attr_update_percentage = begin + progress.percent * share // 100
        self.async_write_ha_state()
