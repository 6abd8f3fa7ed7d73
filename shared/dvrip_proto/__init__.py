"""Client, configuration model and simulator for DVRIP (Sofia, NETsurveillance, XMEye) devices."""

from __future__ import annotations

from .config.catalog import CATALOG, setting, spec_for
from .config.change import Change
from .config.control import Control
from .config.controls import CONTROLS, control, wishes
from .config.guards import Caller, Danger, dangers
from .config.kinds import Kind
from .config.plan import Plan, plan
from .config.present import Present, present
from .config.readable import readable
from .config.redact import redact
from .config.spec import Setting, Spec
from .config.zones import zone_wishes
from .connection import Connection, Entry, LoginReply, Reply
from .device import Device
from .discovery import Discovered, discover, set_address
from .errors import (
    AuthenticationError,
    DangerError,
    DvripError,
    NotAppliedError,
    ProtocolError,
    RequestError,
    RequestTimeoutError,
    TransportError,
    UnsupportedError,
    UsageError,
)
from .features.abilities import Ability, has
from .features.accounts.values import Group, User
from .features.alarms import AlarmEvent
from .features.channels import Channel, ChannelKind, LinkState
from .features.encryption import Encryption, read_encryption
from .features.firmware.package import Firmware, UpgradeInfo
from .features.firmware.upgrade import Upgraded, UpgradePhase, UpgradeProgress
from .features.logs import LogEntry, LogKind
from .features.outputs import Output, OutputMode
from .features.ptz import DIRECTIONS, Preset
from .features.rare.battery import BatteryReports, BatteryState, Charging
from .features.rare.feeder import Fed, Feeding, Meal
from .features.rare.keyboard import KEYS
from .features.rare.serial import SerialLine, SerialLink, SerialPort
from .features.recorder_channels import Binding, Camera
from .features.recordings.download import Saved
from .features.recordings.file_query import EVENT_NAMES, Recording
from .features.recordings.playback import Pace, Playback
from .features.recordings.timeline import Span, Timeline
from .features.settings import Applied
from .features.storage import ERASE, PARTITION_USES, Disk, Partition
from .features.system import DEFAULT_PARTS, ChannelState, SystemInfo, WorkState
from .features.talk import Conversation
from .keeper import Keeper
from .media.remux import Remuxed, Remuxer, make_seekable, remux_file
from .relay import Hub, Relay, Stills, StillTimes, take_picture
from .servers.alarm_centre import AlarmCentre, AlarmReport
from .servers.registration import RegisteredDevice, RegistrationServer
from .silence import Silence
from .stream import MediaStream
from .values import shown_text
from .wire.alarm_words import AlarmKind, AlarmOwner, OwnerKind
from .wire.digest import sofia_hash
from .wire.media import FrameKind, MediaFrame
from .wire.ret import text as ret_text

__all__ = [
    "CATALOG",
    "CONTROLS",
    "DEFAULT_PARTS",
    "DIRECTIONS",
    "ERASE",
    "EVENT_NAMES",
    "KEYS",
    "PARTITION_USES",
    "Ability",
    "AlarmCentre",
    "AlarmEvent",
    "AlarmKind",
    "AlarmOwner",
    "AlarmReport",
    "Applied",
    "AuthenticationError",
    "BatteryReports",
    "BatteryState",
    "Binding",
    "Camera",
    "Caller",
    "Change",
    "Channel",
    "ChannelKind",
    "ChannelState",
    "Charging",
    "Connection",
    "Control",
    "Conversation",
    "Danger",
    "DangerError",
    "Device",
    "Discovered",
    "Disk",
    "DvripError",
    "Encryption",
    "Entry",
    "Fed",
    "Feeding",
    "Firmware",
    "FrameKind",
    "Group",
    "Hub",
    "Keeper",
    "Kind",
    "LogEntry",
    "LinkState",
    "LogKind",
    "LoginReply",
    "Meal",
    "MediaFrame",
    "MediaStream",
    "NotAppliedError",
    "Output",
    "OutputMode",
    "OwnerKind",
    "Pace",
    "Partition",
    "Plan",
    "Playback",
    "Preset",
    "Present",
    "ProtocolError",
    "Recording",
    "RegisteredDevice",
    "RegistrationServer",
    "Relay",
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
    "TransportError",
    "UnsupportedError",
    "UpgradeInfo",
    "UpgradePhase",
    "UpgradeProgress",
    "Upgraded",
    "UsageError",
    "User",
    "WorkState",
    "control",
    "dangers",
    "discover",
    "has",
    "plan",
    "present",
    "read_encryption",
    "readable",
    "redact",
    "make_seekable",
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
