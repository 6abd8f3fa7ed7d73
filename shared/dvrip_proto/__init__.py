"""Client, configuration model and simulator for DVRIP (Sofia, NETsurveillance, XMEye) devices."""

from __future__ import annotations

from .alarm_centre import AlarmCentre, AlarmReport
from .config.catalog import CATALOG, setting, spec_for
from .config.change import Change
from .config.plan import Plan, plan
from .config.redact import redact
from .config.spec import Setting, Spec
from .connection import LoginReply
from .device import Device
from .discovery import Discovered, discover, set_address
from .errors import (
    AuthenticationError,
    DvripError,
    NotAppliedError,
    ProtocolError,
    RequestError,
    RequestTimeoutError,
    TransportError,
    UnsupportedError,
    UsageError,
)
from .features.accounts import Group, User
from .features.alarms import AlarmEvent, AlarmKind
from .features.battery import BatteryState, Charging
from .features.encryption import Encryption, read_encryption
from .features.feeder import Fed, Feeding, Meal
from .features.filequery import EVENT_NAMES, Recording
from .features.firmware import Firmware, UpgradeInfo
from .features.logs import LogEntry, LogKind
from .features.outputs import Output, OutputMode
from .features.playback import Playback
from .features.ptz import DIRECTIONS
from .features.saving import Saved
from .features.settings import Applied
from .features.system import SystemInfo
from .features.talk import Conversation
from .features.timeline import Timeline
from .features.upgrade import Upgraded, UpgradePhase, UpgradeProgress
from .keeper import Keeper
from .registration import RegisteredDevice, RegistrationServer
from .relay import Hub, Relay, take_picture
from .remux import Remuxer, remux_file
from .stream import MediaStream
from .wire.digest import sofia_hash
from .wire.media import FrameKind, MediaFrame
from .wire.ret import text as ret_text

__all__ = [
    "CATALOG",
    "DIRECTIONS",
    "EVENT_NAMES",
    "AlarmCentre",
    "AlarmEvent",
    "AlarmKind",
    "AlarmReport",
    "Applied",
    "AuthenticationError",
    "BatteryState",
    "Change",
    "Charging",
    "Conversation",
    "Device",
    "Discovered",
    "DvripError",
    "Encryption",
    "Fed",
    "Feeding",
    "Firmware",
    "FrameKind",
    "Group",
    "Hub",
    "Keeper",
    "LogEntry",
    "LogKind",
    "LoginReply",
    "Meal",
    "MediaFrame",
    "MediaStream",
    "NotAppliedError",
    "Output",
    "OutputMode",
    "Plan",
    "Playback",
    "ProtocolError",
    "Recording",
    "RegisteredDevice",
    "RegistrationServer",
    "Relay",
    "Remuxer",
    "RequestError",
    "RequestTimeoutError",
    "Saved",
    "Setting",
    "Spec",
    "SystemInfo",
    "Timeline",
    "TransportError",
    "UnsupportedError",
    "UpgradeInfo",
    "UpgradePhase",
    "UpgradeProgress",
    "Upgraded",
    "UsageError",
    "User",
    "discover",
    "plan",
    "read_encryption",
    "redact",
    "remux_file",
    "ret_text",
    "set_address",
    "setting",
    "sofia_hash",
    "spec_for",
    "take_picture",
]
