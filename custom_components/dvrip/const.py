"""Names, options and waiting times of the integration."""

import logging
from datetime import timedelta
from typing import Final

from homeassistant.const import Platform

DOMAIN: Final = "dvrip"
LOGGER: Final = logging.getLogger(__package__)

PLATFORMS: Final = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CAMERA,
    Platform.EVENT,
    Platform.LIGHT,
    Platform.MEDIA_PLAYER,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SIREN,
    Platform.SWITCH,
    Platform.TEXT,
    Platform.TIME,
    Platform.UPDATE,
]

DEFAULT_PORT: Final = 34567
DEFAULT_USERNAME: Final = "admin"
MANUFACTURER: Final = "Xiongmai"

CONF_ANOTHER: Final = "another"
CONF_ENCRYPTION: Final = "encryption"
"""How a device was met that wants encryption: it is not spoken to in clear again."""
CONF_NO_PASSWORD: Final = "no_password"
CONF_CHANNELS: Final = "channels"
CONF_FIRMWARE: Final = "firmware"
CONF_LIGHT_ON: Final = "light_on"
CONF_STREAMS: Final = "streams"
STREAMS: Final = ("main", "sub")

CONF_AUTO_OFF: Final = "auto_off_s"
DEFAULT_AUTO_OFF_S: Final = 60

REQUEST_TIMEOUT_S: Final = 10.0
"""Longest wait for a device to connect or to answer one request."""

LOGIN_TIMEOUT_S: Final = 20.0
"""Longest wait of a form: connecting, logging in and asking who the device is."""

SCAN_INTERVAL: Final = timedelta(minutes=15)
SCAN_TIMEOUT_S: Final = 3.0
FORM_SCAN_TIMEOUT_S: Final = 1.5
"""How long the first form may keep a person waiting for devices to report."""
