"""Configuration objects that only newer or rarer firmware has: tracking, sleep, cloud, cameras of recorders."""

from __future__ import annotations

from ..kinds import BOOL, INT, PORT, Int
from ..spec import Field, Spec, under
from .shared_rows import ENABLE, READ_ONLY, VIDEO_FORMAT, reported

_HOUR, _MINUTE = Int(0, 24, "h"), Int(0, 59, "min")
_COUNT = Int(0)
_PERIOD = {
    "WorkPeriod.EHour": Field(_HOUR, title="Until, hour"),
    "WorkPeriod.EMinute": Field(_MINUTE, title="Until, minute"),
    "WorkPeriod.SHour": Field(_HOUR, title="From, hour"),
    "WorkPeriod.SMinute": Field(_MINUTE, title="From, minute"),
}

ROWS: tuple[Spec, ...] = (
    Spec(
        name="Detect.DetectTrack",
        title="Camera follows what moves",
        fields={
            "Enable": ENABLE,
            "ReturnTime": Field(Int(0, None, "s"), title="Back to its place after"),
            "Sensitivity": Field(Int(0, 10), title="Sensitivity"),
        },
    ),
    Spec(
        name="FbExtraStateCtrl",
        title="Status light and voice prompts",
        fields={"PlayVoiceTip": Field(BOOL, title="Voice prompts"), "ison": Field(BOOL, title="Light on")},
    ),
    Spec(
        name="fVideo.OsdLogo",
        title="Logo in the picture",
        fields={
            "BgTrans": Field(Int(0, 255), title="Opacity of the background"),
            "Enable": ENABLE,
            "FgTrans": Field(Int(0, 255), title="Opacity"),
            "Left": Field(INT, title="Left"),
            "Top": Field(INT, title="Top"),
        },
    ),
    Spec(
        name="WifiRouteInfo",
        title="State of the networks",
        read_only=True,
        fields={
            "Eth0Status": reported("Cable in use"),
            "SignalLevel": reported("Strength of the Wi-Fi signal"),
            "WlanMac": reported("MAC address of the Wi-Fi"),
            "WlanStatus": reported("Wi-Fi in use"),
        },
    ),
    Spec(
        name="4GInfo",
        title="State of the mobile network",
        read_only=True,
        fields={"SignalLevel": reported("Strength of the signal")},
    ),
    Spec(
        name="General.TimingSleep",
        title="Sleep by the clock",
        per_channel=True,
        element="period",
        fields={
            "Enable": ENABLE,
            "InSleeping": Field(BOOL, READ_ONLY, "Asleep now"),
            "ManualWakeUp": Field(BOOL, title="Woken by hand"),
            "RepeatType": Field(INT, title="Days"),
            **_PERIOD,
        },
    ),
    Spec(
        name="General.ResumePtzState",
        title="Position after a restart",
        fields={
            "Enable": ENABLE,
            "PtzState[].PresetState.Enable": ENABLE,
            "PtzState[].PresetState.PresetID": Field(Int(0, 255), title="Preset"),
            "PtzState[].TourState.LineID": Field(Int(0, 255), title="Tour"),
            "PtzState[].TourState.Running": Field(BOOL, title="Tour runs"),
        },
    ),
    Spec(
        name="System.Sleep",
        title="Sleep of a battery camera",
        fields={
            "DeepSleep.BatThresholds": Field(Int(0, 100, "%"), title="Deep sleep below this charge"),
            "LightSleep.Mode": Field(INT, title="Mode of light sleep"),
            "LightSleep.Param": Field(INT, title="Parameter of light sleep"),
        },
    ),
    Spec(
        name="NetWork.DisableXmServerConn",
        title="Connections to the vendor that are forbidden",
        fields={
            f"Disable{which}": Field(BOOL, title=title)
            for which, title in {"All": "All", "DSS": "Cloud streams", "NAT": "Cloud", "RPS": "Relay"}.items()
        },
    ),
    Spec(
        name="NetWork.CheckNetState",
        title="Restart when the network is lost",
        fields={"Enable": ENABLE, "RebootCnt": Field(_COUNT, READ_ONLY, "Restarts so far")},
    ),
    Spec(
        name="NetWork.NetRTSP",
        title="RTSP server (newer form)",
        fields={
            "AuthorizeMode": Field(INT, title="How users are checked"),
            "Enable": ENABLE,
            "Port": Field(PORT, title="Port"),
            "Session": Field(Int(0, 255), title="Viewers at once"),
        },
    ),
    Spec(
        name="NetWork.OnVif",
        title="ONVIF server",
        fields={
            "Enable": ENABLE,
            "Port": Field(PORT, title="Port"),
            "PwdCheck": Field(BOOL, title="With password"),
        },
    ),
    Spec(
        name="AVEnc.SystemAbnormalRebootCnt",
        title="Restarts for lost video",
        per_channel=True,
        read_only=True,
        fields={
            "NoBitCnt": reported("Encoder without a bit"),
            "VideoInactiveCnt": reported("Sensor without a picture"),
        },
    ),
    Spec(
        name="Ability.TelnetDebugMode",
        title="Shell for the vendor",
        read_only=True,
        fields={"Open": reported("Open")},
    ),
    Spec(
        name="NetUse.DigitalAbility",
        title="What the camera of a channel can encode",
        per_channel=True,
        read_only=True,
        fields={"ability": reported("Formats"), "videoFormat": reported("0 PAL, 1 NTSC")},
    ),
    Spec(
        name="NetUse.DigitalEncode",
        title="Encoding of the camera of a channel, a list of its channels",
        per_channel=True,
        fields=under("[].MainFormat", VIDEO_FORMAT) | under("[].ExtraFormat", VIDEO_FORMAT),
    ),
    Spec(
        name="Encode.Encode",
        title="Encoding (form of some recorders)",
        per_channel=True,
        fields=under("MainFormat", VIDEO_FORMAT) | under("ExtraFormat", VIDEO_FORMAT),
    ),
)
