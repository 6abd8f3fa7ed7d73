"""Configuration objects of the sensor, the lens and the light."""

from __future__ import annotations

from ..kinds import BOOL, INT, PERCENT, Choice, Code, Int
from ..schedule import TIME_SECTION
from ..spec import Field, Spec
from ..texts import TEXT

_DAY_NIGHT = Code(
    {
        "auto": 0,
        "colour": 1,
        "black-white": 2,
        "intelligent light": 3,
        "white light": 4,
        "intelligent infrared": 5,
        "licence plate": 6,
    }
)
_SWAP = Code({"normal": 0, "reversed": 1})
_EXPOSURE_TIME = Int(0, 0x7FFFFFFF, "µs")

ROWS: tuple[Spec, ...] = (
    Spec(
        name="Camera.Param",
        title="Exposure, day and night, mirror",
        per_channel=True,
        fields={
            "AeSensitivity": Field(Int(0, 10), title="Sensitivity of the automatic exposure"),
            "ApertureMode": Field(BOOL, title="Automatic iris"),
            "BLCMode": Field(BOOL, title="Backlight compensation"),
            "DayNightColor": Field(_DAY_NIGHT, title="Day and night"),
            "Day_nfLevel": Field(Int(0, 5), title="Noise reduction by day"),
            "DncThr": Field(Int(10, 50), title="Threshold between day and night"),
            "ElecLevel": Field(PERCENT, title="Exposure target"),
            "EsShutter": Field(Int(0, 255), title="Slow shutter: 0 off, 2 weak, 4 middle, 6 strong"),
            "ExposureParam.LeastTime": Field(_EXPOSURE_TIME, title="Shortest exposure"),
            "ExposureParam.Level": Field(Int(0, 255), title="0 automatic, n: step n of the camera's ability"),
            "ExposureParam.MostTime": Field(_EXPOSURE_TIME, title="Longest exposure"),
            "GainParam.AutoGain": Field(BOOL, title="Automatic gain"),
            "GainParam.Gain": Field(PERCENT, title="Gain, the limit when automatic"),
            "IRCUTMode": Field(Code({"with the infrared light": 0, "automatic": 1}), title="Infrared filter"),
            "InfraredSwap": Field(_SWAP, title="Infrared input"),
            "IrcutSwap": Field(_SWAP, title="Infrared filter output"),
            "Night_nfLevel": Field(Int(0, 5), title="Noise reduction by night"),
            "PictureFlip": Field(BOOL, title="Upside down"),
            "PictureMirror": Field(BOOL, title="Mirrored"),
            "RejectFlicker": Field(
                Code({"off": 0, "50 Hz": 1, "60 Hz": 2}), title="Against flicker of lamps"
            ),
            "WhiteBalance": Field(Code({"auto": 0, "indoor": 1, "outdoor": 2}), title="White balance"),
        },
    ),
    Spec(
        name="Camera.ParamEx",
        title="More of the sensor: wide dynamic range, corridor mode",
        per_channel=True,
        fields={
            "AeMeansure": Field(INT, title="Metering"),
            "AutomaticAdjustment": Field(INT, title="Automatic adjustment"),
            "BroadTrends.AutoGain": Field(BOOL, title="Wide dynamic range"),
            "BroadTrends.Gain": Field(PERCENT, title="Strength of the wide dynamic range"),
            "CorridorMode": Field(Code({"0°": 0, "90°": 1, "180°": 2, "270°": 3}), title="Rotation"),
            "DayNightSwitch.KeepDayPeriod": Field(TIME_SECTION, title="Day by schedule"),
            "DayNightSwitch.SwitchMode": Field(
                Code({"auto": 0, "day": 1, "night": 2, "schedule": 3}), title="Day or night"
            ),
            "Dis": Field(BOOL, title="Image stabilisation"),
            "ExposureTime": Field(_EXPOSURE_TIME, title="Exposure"),
            "Ldc": Field(BOOL, title="Lens distortion correction"),
            "LightRestrainLevel": Field(Int(0, 255), title="Highlight suppression"),
            "LowLuxMode": Field(INT, title="Low light mode"),
            "NightEnhance": Field(BOOL, title="Brighter at night"),
            "PreventOverExpo": Field(BOOL, title="Against over-exposure"),
            "SoftPhotosensitivecontrol": Field(INT, title="Light sensor in software"),
            "Style": Field(Choice(("typedefault", "type1", "type2"), open=True), title="Picture style"),
        },
    ),
    Spec(
        name="Camera.ClearFog",
        title="Fog removal",
        per_channel=True,
        fields={"enable": Field(BOOL, title="In use"), "level": Field(PERCENT, title="Strength")},
    ),
    Spec(
        name="Camera.WhiteLight",
        title="White light",
        fields={
            "Brightness": Field(PERCENT, title="Brightness"),
            "MoveTrigLight.Duration": Field(Int(0, 3600, "s"), title="On after motion for"),
            "MoveTrigLight.Level": Field(Int(0, 10), title="Sensitivity to motion"),
            "WorkMode": Field(
                Choice(("Auto", "KeepOpen", "Close", "Intelligent", "Timing"), open=True), title="Mode"
            ),
            "WorkPeriod.EHour": Field(Int(0, 24, "h"), title="Until, hour"),
            "WorkPeriod.EMinute": Field(Int(0, 59, "min"), title="Until, minute"),
            "WorkPeriod.Enable": Field(BOOL, title="Only within a period"),
            "WorkPeriod.SHour": Field(Int(0, 24, "h"), title="From, hour"),
            "WorkPeriod.SMinute": Field(Int(0, 59, "min"), title="From, minute"),
        },
    ),
    Spec(
        name="Camera.FishLensParam",
        title="Fish-eye lens",
        per_channel=True,
        fields={"LensType": Field(INT), "PCMac": Field(TEXT), "Version": Field(TEXT)},
    ),
    Spec(
        name="Camera.FishViCut",
        title="Cut of the fish-eye picture",
        per_channel=True,
        fields={key: Field(INT) for key in ("ImgHeight", "ImgWidth", "Xoffset", "Yoffset")},
    ),
    Spec(
        name="Camera.DistortionCorrect",
        title="Lens distortion",
        fields={"Lenstype": Field(INT), "Version": Field(TEXT)},
    ),
)
