"""What a detector or an alarm sets off: the same rows below the EventHandler of each."""

from __future__ import annotations

from ..control import Control

_OUTPUTS = "AlarmOutChannel"
# End of the key, key of EventHandler, end of the title, whether it is an entity, what it needs.
_ROWS: tuple[tuple[str, str, str, bool, str], ...] = (
    ("records", "RecordEnable", "record", True, ""),
    ("record_time", "RecordLatch", "recording time after it", False, ""),
    ("record_channels", "RecordMask", "channels to record", False, ""),
    ("pictures", "SnapEnable", "take pictures", False, ""),
    ("picture_channels", "SnapShotMask", "channels to take pictures of", False, ""),
    ("output", "AlarmOutEnable", "switch relay outputs", False, _OUTPUTS),
    ("output_time", "AlarmOutLatch", "relay hold time", False, _OUTPUTS),
    ("outputs", "AlarmOutMask", "relay outputs", False, _OUTPUTS),
    ("buzzer", "BeepEnable", "buzzer", True, ""),
    ("voice", "VoiceEnable", "voice prompt", True, ""),
    ("voice_prompt", "VoiceType", "number of the voice prompt", False, ""),
    ("mail", "MailEnable", "send e-mail", False, ""),
    ("ftp", "FTPEnable", "upload by FTP", False, ""),
    ("push", "MsgtoNetEnable", "push to network clients", False, ""),
    ("report", "MessageEnable", "report to the alarm server", True, ""),
    ("screen_message", "TipEnable", "message on the screen", False, ""),
    ("tour", "TourEnable", "tour on the screen", False, ""),
    ("tour_channels", "TourMask", "channels of the tour", False, ""),
    ("moves_camera", "PtzEnable", "move a camera", False, ""),
    ("log", "LogEnable", "write to the log", False, ""),
    ("interval", "EventLatch", "least time between events", False, ""),
    ("schedule", "TimeSection", "when it applies", False, ""),
)


# What an alarm that is no channel's can set off.
_OF_DEVICE = (
    "output",
    "output_time",
    "outputs",
    "buzzer",
    "voice",
    "mail",
    "push",
    "report",
    "screen_message",
    "log",
)


def linkage(key: str, object_name: str, title: str, *, of_device: bool = False) -> tuple[Control, ...]:
    """Rows of one detector's EventHandler; of an alarm `of_device` those that need no channel."""
    return tuple(
        Control(
            f"{key}_{end}",
            object_name,
            f"EventHandler.{name}",
            f"{title}: {words}",
            entity=entity,
            physical=physical,
        )
        for end, name, words, entity, physical in _ROWS
        if not of_device or end in _OF_DEVICE
    )
