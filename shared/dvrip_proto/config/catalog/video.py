"""Configuration objects of pictures and sound: encoding, titles, covers, volume, screens."""

from __future__ import annotations

from ..kinds import BOOL, INT, PERCENT, Choice, Int
from ..lists import Array
from ..schedule import TIME_SECTION
from ..spec import Count, Field, Spec, under
from ..texts import TEXT, Text
from .shared_rows import CHANNELS, ENABLE, READ_ONLY, VIDEO_FORMAT, WIDGET, reported

_COLOR = under(
    "VideoColorParam",
    {
        "Acutance": Field(Int(0, 65535), title="Sharpness, low byte horizontal, high byte vertical"),
        "Brightness": Field(PERCENT, title="Brightness"),
        "Contrast": Field(PERCENT, title="Contrast"),
        "Gain": Field(Int(0, 255), title="Gain, bit 7 automatic"),
        "Hue": Field(PERCENT, title="Hue"),
        "Saturation": Field(PERCENT, title="Saturation"),
        "Whitebalance": Field(Int(0, 255), title="White balance, bit 7 automatic"),
    },
)
_VOLUME = {
    "AudioMode": Field(Choice(("Single",), open=True), title="Mode"),
    "LeftVolume": Field(PERCENT, title="Left volume"),
    "RightVolume": Field(PERCENT, title="Right volume"),
}
_AUDIO_IN = {
    "BitRate": Field(INT, title="Bit rate"),
    "EncodeType": Field(TEXT, title="Codec"),
    "SampleBit": Field(INT, title="Bits a sample"),
    "SampleRate": Field(INT, title="Samples a second"),
}
_GUI = {
    **{
        key: Field(BOOL, title=title)
        for key, title in {
            "AlarmStateEnable": "Show alarms",
            "CarInfo": "Show vehicle data",
            "ChanStateBitRateEnable": "Show bit rates",
            "ChanStateLckEnable": "Show locks",
            "ChanStateMtdEnable": "Show motion",
            "ChanStateRecEnable": "Show recording of channels",
            "ChanStateVlsEnable": "Show lost video",
            "ChannelTitleEnable": "Show channel titles",
            "Deflick": "Without flicker",
            "GPSInfo": "Show position",
            "RecordStateEnable": "Show recording",
            "RemoteEnable": "Remote control",
            "TimeTitleEnable": "Show the time",
        }.items()
    },
    "WindowAlpha": Field(Int(0, 255), title="Opacity of windows"),
    "AutoLogout": Field(Int(0, 120, "min"), title="Log out after"),
    "DeviceName": Field(TEXT, title="Name"),
}

ROWS: tuple[Spec, ...] = (
    Spec(
        name="Simplify.Encode",
        title="Encoding of the main and the extra stream",
        per_channel=True,
        fields=under("MainFormat", VIDEO_FORMAT) | under("ExtraFormat", VIDEO_FORMAT),
    ),
    Spec(
        name="AVEnc.Encode",
        title="Encoding in full: each recording type, extra streams, pictures",
        per_channel=True,
        in_section=True,
        fields=under("MainFormat[]", VIDEO_FORMAT)
        | under("ExtraFormat[]", VIDEO_FORMAT)
        | under("SnapFormat[]", VIDEO_FORMAT),
    ),
    Spec(
        name="AVEnc.CombineEncode",
        title="Encoding of the combined stream",
        per_channel=True,
        fields=under("ExtraFormat", VIDEO_FORMAT) | under("MainFormat", VIDEO_FORMAT),
    ),
    Spec(
        name="AVEnc.EncodeStaticParam",
        title="H.264 profile and level",
        per_channel=True,
        fields={
            "Level": Field(Int(0, 62), title="Level, 41 is 4.1"),
            "Profile": Field(Int(1, 3), title="Profile: 1 baseline, 2 main, 3 high"),
        },
    ),
    Spec(
        name="AVEnc.SmartH264",
        title="Smart codec",
        per_channel=True,
        fields={"SmartH264": Field(BOOL, title="In use")},
    ),
    Spec(
        name="AVEnc.SmartH264V2",
        title="Smart codecs of each stream",
        per_channel=True,
        fields={
            "Smart264V2[].SmartH264": Field(BOOL, title="Smart H.264"),
            "Smart264PlusV2[].SmartH264Plus": Field(BOOL, title="Smart H.264+"),
        },
    ),
    Spec(
        name="AVEnc.WaterMark",
        title="Watermark",
        per_channel=True,
        fields={"Enable": ENABLE, "Key": Field(TEXT), "UserData": Field(TEXT)},
    ),
    Spec(
        name="AVEnc.VideoWidget",
        title="Titles and privacy covers in the picture",
        per_channel=True,
        fields={
            "ChannelTitle.Name": Field(Text(64), title="Channel title"),
            "ChannelTitle.SerialNo": reported("Serial number"),
            **under("ChannelTitleAttribute", WIDGET),
            **under("TimeTitleAttribute", WIDGET),
            **under("Covers[]", WIDGET),
            "CoversNum": Field(Int(0, 8), title="Covers in use"),
            "coversNum": Field(Int(0, 8), title="Covers in use"),
        },
        counts=dict.fromkeys(("CoversNum", "coversNum"), Count("Covers", "EncodeBlend")),
    ),
    Spec(
        name="AVEnc.VideoColor",
        title="Colours by time of day",
        per_channel=True,
        fields={
            "[].Enable": ENABLE,
            "[].TimeSection": Field(TIME_SECTION, title="When this applies"),
            **under("[]", _COLOR),
        },
    ),
    Spec(
        name="ChannelTitle",
        title="Titles of the channels",
        per_channel=True,
        indexed=False,
        fields={"": Field(Text(64), title="Title")},
        get_id=1048,
        set_id=1046,
    ),
    Spec(
        name="fVideo.OSDInfo",
        title="Free text in the picture",
        fields={
            "OSDInfo[].Info": Field(Array(TEXT), title="Lines"),
            **under("OSDInfo[].OSDInfoWidget", WIDGET),
            "Align": Field(INT, title="Alignment"),
            "strEnc": Field(TEXT, title="Encoding of the text"),
        },
    ),
    Spec(name="fVideo.AudioInFormat", title="Formats of talking", fields=under("[]", _AUDIO_IN)),
    Spec(
        name="fVideo.Volume",
        title="Volume of the speaker",
        per_channel=True,
        element="output",
        fields=_VOLUME,
    ),
    Spec(
        name="fVideo.VolumeIn",
        title="Volume of the microphone",
        per_channel=True,
        element="input",
        fields=_VOLUME,
    ),
    Spec(
        name="fVideo.InVolume",
        title="Volume of the microphone",
        per_channel=True,
        element="input",
        fields=_VOLUME,
    ),
    Spec(
        name="fVideo.Tour",
        title="Tour of the channels on the screen",
        fields={
            "[].Enable": ENABLE,
            "[].Interval": Field(Int(5, 120, "s"), title="Time a channel is shown"),
            "[].Mask": Field(Array(CHANNELS), title="Channels in each split of the screen"),
            "[].Return": Field(BOOL, title="Return to the split shown before"),
            "[].Type": Field(Choice(("Monitor", "Alarm", "Motion"), open=True), title="Started by"),
        },
    ),
    Spec(
        name="fVideo.TVAdjust",
        title="Screen",
        fields={
            "AntiDither": Field(INT, title="Against dither"),
            "BlackMargin": Field(Array(INT), title="Black margins"),
            "Brightness": Field(PERCENT, title="Brightness"),
            "Contrast": Field(PERCENT, title="Contrast"),
            "Margin": Field(Array(PERCENT), title="Margins"),
        },
    ),
    Spec(
        name="fVideo.VideoOut",
        title="Size of the screen",
        fields={"[].Mode.Height": Field(INT, title="Height"), "[].Mode.Width": Field(INT, title="Width")},
    ),
    Spec(
        name="fVideo.VideoOutPriority",
        title="First screen",
        fields={"Mode": Field(Int(0, 1), title="0 HDMI, 1 VGA")},
    ),
    Spec(
        name="fVideo.Play",
        title="Playback on the local screen",
        fields={
            "Channels": Field(INT, title="Channels at once"),
            "Continue": Field(BOOL, title="Go on with the next file"),
            "SearchType": Field(TEXT, title="Search"),
            "Volume": Field(Array(INT), title="Volumes"),
        },
    ),
    Spec(name="fVideo.GUISet", title="What the local screen shows", fields={**_GUI, **under("[]", _GUI)}),
    Spec(
        name="Media.DecodeParam",
        title="Delay of the decoder",
        per_channel=True,
        fields={"deleyTimeMs": Field(Int(0, 10000, "ms"), title="Delay")},
    ),
    Spec(
        name="VideoChannel",
        title="Modes of the channels",
        fields={
            "[].Channel": Field(INT, READ_ONLY, "Channel"),
            "[].Mode": Field(Choice(("Digit", "Simulate")), title="Mode"),
        },
    ),
)
