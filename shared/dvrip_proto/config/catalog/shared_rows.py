"""Rows of the sub-objects that many configuration objects share."""

from __future__ import annotations

from collections.abc import Mapping

from ...values import Json
from ..kinds import BOOL, PORT, RAW, Choice, Int
from ..lists import Array, Channels, Mask
from ..schedule import SCHEDULE
from ..spec import Access, Field
from ..texts import HEX, IPV4, SECRET, TEXT, Text

CHANNELS = Channels()
ENABLE = Field(BOOL, title="In use")
HOST = Text(64)
READ_ONLY = Access.READ_ONLY


def reported(title: str, *, written: Json = None) -> Field:
    """Row of a value that the device reports and nobody can set; `written` is what it wants in writes."""
    return Field(RAW, READ_ONLY, title, written)


SERVER: dict[str, Field] = {
    "Address": Field(IPV4, title="Address, used when there is no name"),
    "Anonymity": Field(BOOL, title="Without account"),
    "Name": Field(HOST, title="Host name or address"),
    "Password": Field(SECRET, title="Password"),
    "Port": Field(PORT, title="Port"),
    "UserName": Field(Text(64), title="User name"),
}

# What a detector or an alarm sets off (protocol 7.3).
EVENT_HANDLER: dict[str, Field] = {
    "AlarmLedMode": Field(Int(0), title="Alarm light"),
    "AlarmInfo": Field(Text(64), title="Text shown"),
    "AlarmOutEnable": Field(BOOL, title="Switch relay outputs"),
    "AlarmOutLatch": Field(Int(10, 300, "s"), title="Relay hold time"),
    "AlarmOutMask": Field(Channels(what="relay output"), title="Relay outputs"),
    "BeepEnable": Field(BOOL, title="Buzzer"),
    "CheckDiskInterval": Field(Int(0), title="Time between looks at the disk"),
    "Dejitter": Field(Int(0, None, "s"), title="Anti-dither time"),
    "EventLatch": Field(Int(0, 600, "s"), title="Least time between events"),
    "FTPEnable": Field(BOOL, title="Upload by FTP"),
    "FtpEnable": Field(BOOL, title="Upload by FTP"),
    "LogEnable": Field(BOOL, title="Write to the log"),
    "MMSEnable": Field(BOOL, title="Multimedia message"),
    "MailEnable": Field(BOOL, title="Send e-mail"),
    "MatrixEnable": Field(BOOL, title="Video matrix"),
    "MatrixMask": Field(CHANNELS, title="Channels to the video matrix"),
    "MessageEnable": Field(BOOL, title="Report to the alarm server"),
    "MsgtoNetEnable": Field(BOOL, title="Push to network clients"),
    "MultimediaMsgEnable": Field(BOOL, title="Multimedia message"),
    "PtzEnable": Field(BOOL, title="Move a camera"),
    "PtzLink": Field(RAW, title="Preset, tour or pattern of each channel"),
    "RecordEnable": Field(BOOL, title="Record"),
    "RecordLatch": Field(Int(10, 300, "s"), title="Recording time after the event"),
    "RecordMask": Field(CHANNELS, title="Channels to record"),
    "SaveSerEnable": Field(BOOL, title="Keep on the server"),
    "ShortMsgEnable": Field(BOOL, title="Short message"),
    "ShowInfo": Field(BOOL, title="Show on the picture"),
    "ShowInfoMask": Field(CHANNELS, title="Channels to show it on"),
    "SnapEnable": Field(BOOL, title="Take pictures"),
    "SnapShotMask": Field(CHANNELS, title="Channels to take pictures of"),
    "TimeSection": Field(SCHEDULE, title="When this applies"),
    "TipEnable": Field(BOOL, title="Message on the screen"),
    "TourEnable": Field(BOOL, title="Tour"),
    "TourMask": Field(CHANNELS, title="Channels of the tour"),
    "VoiceEnable": Field(BOOL, title="Voice prompt"),
    "VoiceTipInterval": Field(Int(0, None, "s"), title="Time between voice prompts"),
    "VoiceType": Field(Int(0), title="Number of the voice prompt"),
}

# Bits of a recording plan (protocol 7.7): bit 0 regular, 1 on motion, 2 on alarm.
RECORD_FLAGS = Mask(32, ("regular", "motion", "alarm"))
RECORD_PLAN: dict[str, Field] = {
    "Mask[]": Field(Array(RECORD_FLAGS), title="What each section records"),
    "Redundancy": Field(BOOL, title="Second copy on a redundant disk"),
    "TimeSection": Field(SCHEDULE, title="When to record"),
}

# Title or cover drawn into the picture; places are in 1/8192 of its width and height.
WIDGET: dict[str, Field] = {
    "BackColor": Field(HEX, title="Background colour"),
    "EncodeBlend": Field(BOOL, title="Shown in the stream"),
    "FrontColor": Field(HEX, title="Colour"),
    "PreviewBlend": Field(BOOL, title="Shown on the local screen"),
    "RelativePos": Field(Array(Int(0, 8192)), title="Left, top, right, bottom"),
}

RESOLUTIONS = Choice(
    (
        *(
            "D1",
            "HD1",
            "BCIF",
            "CIF",
            "QCIF",
            "VGA",
            "QVGA",
            "SVCD",
            "QQVGA",
            "ND1",
            "650TVL",
            "720P",
            "1_3M",
        ),
        *(
            "UXGA",
            "1080P",
            "WUXGA",
            "2_5M",
            "3M",
            "5M",
            "1080N",
            "4M",
            "6M",
            "8M",
            "12M",
            "4K",
            "720N",
            "WSVGA",
        ),
        *("NHD", "3M_N", "4M_N", "5M_N", "4K_N", "SXVGA"),
    ),
    open=True,
)
CODECS = Choice(
    ("H.264", "H.265", "H.264+", "H.265+", "H.265X", "MPEG4", "MPEG2", "MPEG1", "MJPG", "H.263", "JPEG"),
    open=True,
)
# Bits of the masks in the ability EncodeCapability (protocol 6.4).
_SIZES = (
    "D1 HD1 BCIF CIF QCIF VGA QVGA SVCD QQVGA ND1 650TVL 720P 1_3M UXGA 1080P WUXGA 2_5M 3M 5M 1080N 4M 6M 8M "
    "12M 4K 720N WSVGA NHD 3M_N 4M_N 5M_N 4K_N"
)
RESOLUTIONS_BY_BIT: Mapping[int, tuple[str, ...]] = {bit: (name,) for bit, name in enumerate(_SIZES.split())}
CODECS_BY_BIT: Mapping[int, tuple[str, ...]] = {
    0: ("MPEG4",),
    2: ("MPEG2",),
    3: ("MPEG1",),
    4: ("H.263",),
    5: ("MJPG",),
    7: ("H.264", "H.264+"),
    8: ("H.265", "H.265+"),
    9: ("H.265X",),
}
VIDEO_FORMAT: dict[str, Field] = {
    "AudioEnable": Field(BOOL, title="Audio"),
    "Video.BitRate": Field(Int(0, 65536, "kbit/s"), title="Bit rate"),
    "Video.BitRateControl": Field(Choice(("CBR", "VBR", "MBR", "AVBR"), open=True), title="Bit rate control"),
    "Video.Compression": Field(CODECS, title="Codec"),
    "Video.FPS": Field(Int(-3600, 120, "1/s"), title="Frames a second (-n: one every n seconds)"),
    "Video.GOP": Field(Int(1, 100, "s"), title="Time between key frames"),
    "Video.Quality": Field(Int(1, 6), title="Quality, 6 is best"),
    "Video.Resolution": Field(RESOLUTIONS, title="Resolution"),
    "Video.VirtualGOP": reported("Key frames of the smart codec"),
    "VideoEnable": Field(BOOL, title="Video"),
    "Audio.BitRate": Field(Int(0), title="Audio bit rate"),
    "Audio.MaxVolume": Field(Int(0), title="Volume"),
    "Audio.SampleRate": Field(Int(0), title="Audio sample rate"),
}

SERIAL_LINE: dict[str, Field] = {
    "PortNo": Field(Int(0, 255), title="Port"),
    "ProtocolName": Field(TEXT, title="Protocol"),
    "DeviceNo": Field(Int(0, 255), title="Address on the line"),
    "NumberInMatrixs": Field(Int(0, 99), title="Number in the matrix"),
    "Name": Field(TEXT, title="Name"),
}
