"""What devices call their alarms, read by rule: families of names, words for begin and end, and owners.

1. A name belongs to a family by the words in it. `App`, `Event`, `Video`, `Detect`, `Alarm` and what stands
   behind a colon say nothing: "VideoMotion", "Motion" and "appEventMotionDetectAlarm:2" are one.
2. A status that nobody knows neither begins nor ends anything.
3. The number beside an alarm is of a channel, an input or a disk, or stands for the device itself.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final, NamedTuple

from ..values import Json, loose_number


class AlarmKind(Enum):
    """What an alarm is about, whatever the firmware calls it."""

    MOTION = "motion"
    TAMPER = "tamper"
    VIDEO_LOSS = "video_loss"
    INPUT = "input"
    PERSON = "person"
    FACE = "face"
    VEHICLE = "vehicle"
    CROSSING = "crossing"
    FALL = "fall"
    SOUND = "sound"
    RING = "ring"
    BATTERY = "battery"
    STORAGE = "storage"
    NETWORK = "network"
    LOGIN = "login"
    OTHER = "other"


class OwnerKind(Enum):
    """Whose alarm one is."""

    CHANNEL = "channel"
    DEVICE = "device"
    INPUT = "input"
    DISK = "disk"


class AlarmOwner(NamedTuple):
    """Whose alarm one is, and which of them, from 0; None for the device itself, or a disk without number."""

    kind: OwnerKind
    number: int | None = None


# The first family that fits decides. Sources: pushes of devices, the vendor's programs and its paper.
_FAMILIES: Final[tuple[tuple[AlarmKind, str], ...]] = (
    (AlarmKind.RING, r"doorbell|bell|ring|call|caller|calling|visitor"),
    (AlarmKind.BATTERY, r"battery|lowbattery|lowpower|powerlow|electricity"),
    (AlarmKind.FALL, r"fall|falldown|humanfalldown"),
    (AlarmKind.FACE, r"face|faces|humanface"),
    (
        AlarmKind.VEHICLE,
        r"car|cars|carshape|(non)?motor|(motor|nonmotor)?vehicles?|plate|licenseplate|lpr|trucks?|bus|bicycles?|bikes?",
    ),
    (
        AlarmKind.PERSON,
        r"humans?|humanoid|humanshape|humanbody|body|persons?|people|pedestrians?|strangers?|passers?by",
    ),
    (
        AlarmKind.CROSSING,
        r"cross\w*|linecross\w*|tripwire|analy[sz]e\w*|ananyze|analysis|pea|osc|avd|perimeter|intrusion|intrude"
        r"|invasion|trespass\w*|stay|loiter\w*|linger\w*|wander\w*|regions?|zones?|areas?|fence|ruleline|lines?",
    ),
    (AlarmKind.STORAGE, r"storage\w*|storrage\w*|(low)?space|disks?|hdd|sd|sdcard|tfcard"),
    (AlarmKind.LOGIN, r"login|logins|loginfailed|illegal|illegalaccess|illegallogin|(user|account)lock(ed)?"),
    (AlarmKind.NETWORK, r"abort|conflict|confict|netabort|netip\w*|ipcon\w*|macconflict|netdisconnect"),
    (
        AlarmKind.TAMPER,
        r"blind\w*|hide|hidden|covers?|covered|mask|masked|masking|occlu\w+|shelter\w*|tamper\w*|dismantle"
        r"|forcedismantle|scenechange\w*|blur\w*|defocus\w*|outoffocus",
    ),
    (AlarmKind.SOUND, r"cry|crying|babycry|volume|sounds?|voice|word|words|audio|noise|decibel|scream"),
    (AlarmKind.MOTION, r"motion|move|moving|movement|pir|infrared|microwave|radar"),
)
# Of the one word that is left these are names, too; beside others they are not.
_ALONE: Final = {
    **dict.fromkeys(("loss", "lost", "signalloss", "signallost", "no", "nosignal"), AlarmKind.VIDEO_LOSS),
    **dict.fromkeys(
        ("local", "io", "localio", "ipc", "in", "input", "extern", "external", "externalio", "ex", "sensor"),
        AlarmKind.INPUT,
    ),
}
_NET_TROUBLE: Final = re.compile(
    r"\b(net|network|ethernet|eth|wifi|cable) (\w+ )*"
    r"(lost|loss|broken|break|down|off|offline|disconnect\w*|error)\b|\bno (net|network)\b"
)
_NO_PICTURE: Final = re.compile(r"\b(video|camera|cam|ipc|channel|chn) (offline|disconnect\w*|lost|loss)\b")
# Detectors of these may be made of one of people ("HumanBasedPetDetect").
_ANIMALS: Final = frozenset({"pet", "pets", "animal", "animals", "livestock", "bird"})
# These have a name and no family: nobody needs to hear that they are unknown.
_PLAIN: Final = (
    "serial conssensor gsensor remotesnap speed intervalwake reservewake doorlock doorlocknotify feed manual "
    "net comm emergency decconnect upgrade backup shutdown reboot newfile startup modifytime cleardriver "
    "videolock workdirectorychange exceptionmessage doornoicemsg pet animal livestock humanbasedpet fire "
    "flame smoke gas temperature hightemperature hightemper"
)
_NO_FAMILY: Final = frozenset(_PLAIN.split())
# What the device tells its own screen.
_INTERNAL: Final = frozenset({"tour", "split", "title"})
_NOISE: Final = "app event video detect detection dection detector alarm alarms smart ai v"
_SAY_NOTHING: Final = frozenset(_NOISE.split())
_LONGEST: Final = 128  # of a name; the work on one grows with its square
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_MATCH: Final = tuple((kind, re.compile(pattern)) for kind, pattern in _FAMILIES)
_PREFIX: Final = re.compile(r"^(?:appevent|app|event|video|smart)(?=[a-z])")
_SUFFIX: Final = re.compile(r"(?<=[a-z])(?:alarm|detection|dection|detect|event|v)$")

_BEGINS: Final = re.compile(
    r"start\w*|begin\w*|began|on|open|true|active|activated|trigger\w*|appear\w*|occur\w*|happen\w*|raised?|enter\w*"
    r"|alarm|alarming|alarmed|detect(?:ed|ing)?|new|yes"
)
_ENDS: Final = re.compile(
    r"stop\w*|end|ends|ended|ending|finish\w*|off|false|over|inactive|idle|clear\w*|cancel\w*|close\w*|disappear\w*"
    r"|recover\w*|restored?|resolved?|normal|reset|released?|leave|left|completed?|done|vanish\w*"
    r"|quit|exit\w*|dismiss\w*|deactiv\w*|terminat\w*|time_?out|expire\w*|no"
)
_MOMENT: Final = re.compile(r"none|null|pulse|once|moment|instant")

# Under which names an alarm tells what it is; "State" is xmeye-control's.
EVENT: Final = ("Event", "EventName", "EventType", "AlarmType")
STATUS: Final = ("Status", "State", "EventStatus", "AlarmStatus", "Action")
CHANNEL: Final = ("Channel", "ChannelNo", "ChannelId", "Chn")
STARTED: Final = ("StartTime", "EventTime", "AlarmTime", "Time")

_NOBODY: Final = frozenset({0xFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 2**64 - 1})
_OWNERS: Final = {
    AlarmKind.INPUT: OwnerKind.INPUT,
    AlarmKind.STORAGE: OwnerKind.DISK,
    **dict.fromkeys((AlarmKind.NETWORK, AlarmKind.LOGIN, AlarmKind.BATTERY), OwnerKind.DEVICE),
}


def kind_of(event: str) -> AlarmKind:
    """What a device's name of an event is about; OTHER when no family fits."""
    words = _words(event)
    core = "".join(words)
    if core in _ALONE:
        return _ALONE[core]
    if _NET_TROUBLE.search(" ".join(words)):
        return AlarmKind.NETWORK
    if _NO_PICTURE.search(" ".join(map(str.casefold, _WORD.findall(event[:_LONGEST])))):
        return AlarmKind.VIDEO_LOSS
    if not _ANIMALS.isdisjoint(words):
        return AlarmKind.OTHER
    for kind, family in _MATCH:
        if any(family.fullmatch(word) for word in (*words, core)):
            return kind
    return AlarmKind.OTHER


def is_named(event: str) -> bool:
    """Whether a name is known, even where it belongs to no family."""
    return kind_of(event) is not AlarmKind.OTHER or "".join(_words(event)) in _NO_FAMILY


def is_internal(event: str) -> bool:
    """Whether an event is none of the world, but of the device's own screen."""
    return "".join(_words(event)) in _INTERNAL


def state_of(status: Json) -> tuple[bool | None, bool]:
    """Whether a status begins (True) or ends an alarm, or is of a moment (None); and whether it is known."""
    told = "".join(filter(str.isprintable, _word_of(status)[:_LONGEST])).strip()
    if (digit := loose_number(told)) in (0, 1):
        return digit == 1, True
    said = "".join(_words(told)) if told.replace("_", "").isalpha() else ""  # of "AlarmStop" that is "stop"
    for word in (told.casefold(), said):
        if _ENDS.fullmatch(word):
            return False, True
        if _BEGINS.fullmatch(word):
            return True, True
        if _MOMENT.fullmatch(word):
            return None, True
    return None, not told


def _word_of(status: Json) -> str:
    """The word of a status; flags are words, too. What is no word at all is an unknown one."""
    if isinstance(status, bool):
        return "1" if status else "0"
    if status is None:
        return ""
    return str(status) if isinstance(status, str | int | float) else "?"


def number_of(value: Json) -> int | None:
    """The number beside an alarm, from 0; None when it is missing or means nobody: -1, 0xFFFFFFFF ..."""
    told = loose_number(value)
    return None if told is None or told < 0 or told in _NOBODY else told


def owner_of(kind: AlarmKind, told: int | None, channels: int, *, event: str = "") -> AlarmOwner:
    """Whose alarm it is, on a device with so many channels.

    A device with one channel means it, whatever number it tells; a number beyond the channels of another
    means the device. The alarm of a recorder's camera (IPCAlarm) counts channels, not inputs.
    """
    owner = _OWNERS.get(kind, OwnerKind.CHANNEL)
    if "".join(_words(event)) == "ipc":
        owner = OwnerKind.CHANNEL
    if owner is OwnerKind.INPUT or owner is OwnerKind.DISK:
        return AlarmOwner(owner, 0 if told is None and owner is OwnerKind.INPUT else told)
    if owner is OwnerKind.CHANNEL and channels <= 1:
        return AlarmOwner(owner, 0)
    if owner is OwnerKind.DEVICE or told is None or told >= channels:
        return AlarmOwner(OwnerKind.DEVICE)
    return AlarmOwner(owner, told)


def _words(event: str) -> list[str]:
    """The words of a name that say something, in small letters."""
    name = event[:_LONGEST].partition(":")[0]
    words = [word.casefold() for word in _WORD.findall(name)]
    if len(words) == 1 or name == name.upper():
        words = [_bare(word) for word in words]
    return [word for word in words if word not in _SAY_NOTHING]


def _bare(word: str) -> str:
    """A name in letters of one size without the words around it."""
    while (shorter := _SUFFIX.sub("", _PREFIX.sub("", word))) != word:
        word = shorter
    return word
