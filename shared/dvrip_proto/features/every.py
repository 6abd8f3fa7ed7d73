"""Every capability of a device, for those who load them all beforehand."""

from __future__ import annotations

from .accounts.passwords import Passwords
from .accounts.users import Users
from .alarms import Alarms
from .backup import Backup
from .controls import Controls
from .dump import dump
from .firmware.upgrade import Upgrade
from .logs import Logs
from .messages import Messages
from .monitor import Monitor
from .outputs import Outputs
from .ptz import Ptz
from .rare.battery import Battery
from .rare.feeder import Feeder
from .rare.keyboard import Keyboard
from .rare.overlay import Overlay
from .rare.serial import Serial
from .rare.service_tests import Services
from .recorder_channels import RecorderChannels
from .recordings.recordings import Recordings
from .settings import Settings
from .snapshot import Snapshot
from .storage import Storage
from .system import System
from .talk import Talk

__all__ = [
    "Alarms",
    "Backup",
    "Battery",
    "Controls",
    "Feeder",
    "Keyboard",
    "Logs",
    "Messages",
    "Monitor",
    "Outputs",
    "Overlay",
    "Passwords",
    "Ptz",
    "RecorderChannels",
    "Recordings",
    "Serial",
    "Services",
    "Settings",
    "Snapshot",
    "Storage",
    "System",
    "Talk",
    "Upgrade",
    "Users",
    "dump",
]
