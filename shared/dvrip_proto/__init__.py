"""Client, configuration model and simulator for DVRIP (Sofia, NETsurveillance, XMEye) devices.

The names below are loaded when they are used first: whoever wants one feature does not wait for all.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from .errors import (
    AuthenticationError,
    DangerError,
    DvripError,
    NoConnectionError,
    NotAppliedError,
    ProtocolError,
    RequestError,
    RequestTimeoutError,
    TransportError,
    UnsupportedError,
    UsageError,
)

__version__ = "0.1.0"

if TYPE_CHECKING:
    from .config.catalog import CATALOG, setting, spec_for
    from .config.change import Change, Missing
    from .config.control import Control
    from .config.controls import CONTROLS, control, wishes
    from .config.guards import Caller, Danger, dangers, destination
    from .config.kinds import Kind
    from .config.plan import Plan, plan
    from .config.present import Present, present
    from .config.readable import readable
    from .config.redact import redact
    from .config.spec import Setting, Spec
    from .connection import Address, Connection, Entry, LoginReply, Reply
    from .connection.to_its_end import to_its_end
    from .device import Device
    from .discovery import Discovered, discover, set_address
    from .features.abilities import Ability, has
    from .features.accounts.values import Group, User
    from .features.alarms import AlarmEvent
    from .features.channels import Channel, ChannelKind, LinkState
    from .features.encryption import Encryption, read_encryption
    from .features.firmware.package import Firmware, UpgradeInfo
    from .features.firmware.upgrade import OnProgress, Upgraded, UpgradePhase, UpgradeProgress
    from .features.live_file import OnRecorded
    from .features.live_writers import Recorded
    from .features.logs import LogEntry, LogKind
    from .features.outputs import Output, OutputMode
    from .features.ptz import DIRECTIONS, Preset, Tour
    from .features.rare.battery import BatteryReports, BatteryState, Charging
    from .features.rare.feeder import Fed, Feeding, Meal
    from .features.rare.keyboard import KEYS
    from .features.rare.serial import SerialLine, SerialLink, SerialPort
    from .features.recorder_channels import Binding, Camera
    from .features.recordings.download import Progress, Saved
    from .features.recordings.playback import Pace, Playback
    from .features.recordings.recording import EVENT_NAMES, Recording
    from .features.recordings.timeline import Span, Timeline
    from .features.settings import Applied
    from .features.storage import ERASE, PARTITION_USES, Disk, Partition
    from .features.system import DEFAULT_PARTS
    from .features.system_info import SystemInfo, WifiState
    from .features.talk import Conversation
    from .features.work_state import ChannelState, WorkState
    from .features.zones import zone_wishes
    from .fleet import Answer, ask_all
    from .keeper import Keeper
    from .media.g711 import encode_alaw
    from .media.jpeg import jpeg
    from .media.remux import Remuxed, Remuxer, make_seekable, remux_file
    from .media.units import KeyFrame
    from .relay import Hub, OpenTalk, Relay, Stills, StillTimes, Voice, take_picture
    from .servers.alarm_centre import AlarmCentre, AlarmReport
    from .servers.registration import RegisteredDevice, RegistrationServer
    from .silence import Silence
    from .stream import MediaStream, OpenStream
    from .values import shown_text
    from .wire.alarm_words import AlarmKind, AlarmOwner, OwnerKind
    from .wire.digest import sofia_hash
    from .wire.media import FrameKind, MediaFrame
    from .wire.remedies import Remedy, remedy
    from .wire.ret import text as ret_text

_HOME: Final = {
    "config.catalog": "CATALOG setting spec_for",
    "config.change": "Change Missing",
    "config.control": "Control",
    "config.controls": "CONTROLS control wishes",
    "config.guards": "Caller Danger dangers destination",
    "config.kinds": "Kind",
    "config.plan": "Plan plan",
    "config.present": "Present present",
    "config.readable": "readable",
    "config.redact": "redact",
    "config.spec": "Setting Spec",
    "connection": "Address Connection Entry LoginReply Reply",
    "device": "Device",
    "discovery": "Discovered discover set_address",
    "features.abilities": "Ability has",
    "features.accounts.values": "Group User",
    "features.alarms": "AlarmEvent",
    "features.channels": "Channel ChannelKind LinkState",
    "features.encryption": "Encryption read_encryption",
    "features.firmware.package": "Firmware UpgradeInfo",
    "features.firmware.upgrade": "OnProgress Upgraded UpgradePhase UpgradeProgress",
    "features.live_file": "OnRecorded",
    "features.live_writers": "Recorded",
    "features.logs": "LogEntry LogKind",
    "features.outputs": "Output OutputMode",
    "features.ptz": "DIRECTIONS Preset Tour",
    "features.rare.battery": "BatteryReports BatteryState Charging",
    "features.rare.feeder": "Fed Feeding Meal",
    "features.rare.keyboard": "KEYS",
    "features.rare.serial": "SerialLine SerialLink SerialPort",
    "features.recorder_channels": "Binding Camera",
    "features.recordings.download": "Progress Saved",
    "features.recordings.playback": "Pace Playback",
    "features.recordings.recording": "EVENT_NAMES Recording",
    "features.recordings.timeline": "Span Timeline",
    "features.settings": "Applied",
    "features.storage": "ERASE PARTITION_USES Disk Partition",
    "features.system": "DEFAULT_PARTS",
    "features.system_info": "SystemInfo WifiState",
    "features.talk": "Conversation",
    "features.work_state": "ChannelState WorkState",
    "features.zones": "zone_wishes",
    "fleet": "Answer ask_all",
    "keeper": "Keeper",
    "media.remux": "Remuxed Remuxer make_seekable remux_file",
    "media.g711": "encode_alaw",
    "media.jpeg": "jpeg",
    "media.units": "KeyFrame",
    "relay": "Hub OpenTalk Relay Stills StillTimes Voice take_picture",
    "servers.alarm_centre": "AlarmCentre AlarmReport",
    "servers.registration": "RegisteredDevice RegistrationServer",
    "silence": "Silence",
    "stream": "MediaStream OpenStream",
    "values": "shown_text",
    "wire.alarm_words": "AlarmKind AlarmOwner OwnerKind",
    "wire.digest": "sofia_hash",
    "connection.to_its_end": "to_its_end",
    "wire.remedies": "Remedy remedy",
    "wire.media": "FrameKind MediaFrame",
    "wire.ret": "ret_text",
}
"""Module -> the public names it owns; type checkers read them above."""

_HOMES: Final = {name: home for home, names in _HOME.items() for name in names.split()}
_RENAMED: Final = {"ret_text": "text"}

__all__ = [
    "Ability",
    "Address",
    "AlarmCentre",
    "AlarmEvent",
    "AlarmKind",
    "AlarmOwner",
    "AlarmReport",
    "Answer",
    "Applied",
    "AuthenticationError",
    "BatteryReports",
    "BatteryState",
    "Binding",
    "CATALOG",
    "CONTROLS",
    "Caller",
    "Camera",
    "Change",
    "Channel",
    "ChannelKind",
    "ChannelState",
    "Charging",
    "Connection",
    "Control",
    "Conversation",
    "DEFAULT_PARTS",
    "DIRECTIONS",
    "Danger",
    "DangerError",
    "Device",
    "Discovered",
    "Disk",
    "DvripError",
    "ERASE",
    "EVENT_NAMES",
    "Encryption",
    "Entry",
    "Fed",
    "Feeding",
    "Firmware",
    "FrameKind",
    "Group",
    "Hub",
    "KEYS",
    "Keeper",
    "KeyFrame",
    "Kind",
    "LinkState",
    "LogEntry",
    "LogKind",
    "LoginReply",
    "Meal",
    "MediaFrame",
    "MediaStream",
    "Missing",
    "NoConnectionError",
    "NotAppliedError",
    "OnProgress",
    "OnRecorded",
    "OpenStream",
    "OpenTalk",
    "Output",
    "OutputMode",
    "OwnerKind",
    "PARTITION_USES",
    "Pace",
    "Partition",
    "Plan",
    "Playback",
    "Present",
    "Preset",
    "Progress",
    "ProtocolError",
    "Recorded",
    "Recording",
    "RegisteredDevice",
    "RegistrationServer",
    "Relay",
    "Remedy",
    "Remuxed",
    "Remuxer",
    "Reply",
    "RequestError",
    "RequestTimeoutError",
    "Saved",
    "SerialLine",
    "SerialLink",
    "SerialPort",
    "Setting",
    "Silence",
    "Span",
    "Spec",
    "StillTimes",
    "Stills",
    "SystemInfo",
    "Timeline",
    "Tour",
    "TransportError",
    "UnsupportedError",
    "UpgradeInfo",
    "UpgradePhase",
    "UpgradeProgress",
    "Upgraded",
    "UsageError",
    "User",
    "Voice",
    "WifiState",
    "WorkState",
    "ask_all",
    "control",
    "dangers",
    "destination",
    "discover",
    "encode_alaw",
    "has",
    "jpeg",
    "make_seekable",
    "plan",
    "present",
    "read_encryption",
    "readable",
    "redact",
    "remedy",
    "to_its_end",
    "remux_file",
    "ret_text",
    "set_address",
    "setting",
    "shown_text",
    "sofia_hash",
    "spec_for",
    "take_picture",
    "wishes",
    "zone_wishes",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), _RENAMED.get(name, name))
    setattr(sys.modules[__name__], name, value)
    return value


def __dir__() -> list[str]:
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
