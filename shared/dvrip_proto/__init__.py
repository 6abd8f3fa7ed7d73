"""Client, configuration model and simulator for DVRIP (Sofia, NETsurveillance, XMEye) devices."""

from __future__ import annotations

from .config.catalog import CATALOG, setting, spec_for
from .config.change import Change
from .config.plan import Plan, plan
from .config.redact import redact
from .config.spec import Setting, Spec
from .connection import LoginReply
from .device import Device
from .discovery import Discovered, discover
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
from .features.firmware import Firmware, UpgradeInfo
from .features.outputs import Output, OutputMode
from .features.ptz import DIRECTIONS
from .features.settings import Applied
from .features.system import SystemInfo
from .features.talk import Conversation
from .features.upgrade import Upgraded, UpgradePhase, UpgradeProgress
from .keeper import Keeper
from .relay import Hub, Relay
from .stream import MediaStream
from .wire.digest import sofia_hash
from .wire.media import FrameKind, MediaFrame
from .wire.ret import text as ret_text

__all__ = [
    "CATALOG",
    "DIRECTIONS",
    "AlarmEvent",
    "AlarmKind",
    "Applied",
    "AuthenticationError",
    "Change",
    "Conversation",
    "Device",
    "Discovered",
    "DvripError",
    "Firmware",
    "FrameKind",
    "Group",
    "Hub",
    "Keeper",
    "LoginReply",
    "MediaFrame",
    "MediaStream",
    "NotAppliedError",
    "Output",
    "OutputMode",
    "Plan",
    "ProtocolError",
    "Relay",
    "RequestError",
    "RequestTimeoutError",
    "Setting",
    "Spec",
    "SystemInfo",
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
    "redact",
    "ret_text",
    "setting",
    "sofia_hash",
    "spec_for",
]
