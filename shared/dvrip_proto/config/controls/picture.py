"""Picture: sensor, lens, light, titles and privacy."""

from __future__ import annotations

from ..control import Control

ROWS: tuple[Control, ...] = (
    Control("day_night", "Camera.Param", "DayNightColor", "Day and night", basic=True, options_from="Camera"),
    Control("mirror", "Camera.Param", "PictureMirror", "Mirror"),
    Control("flip", "Camera.Param", "PictureFlip", "Flip"),
    Control("backlight_compensation", "Camera.Param", "BLCMode", "Backlight compensation"),
    Control("wide_dynamic_range", "Camera.ParamEx", "BroadTrends.AutoGain", "Wide dynamic range"),
    Control("white_light", "Camera.WhiteLight", "WorkMode", "White light", basic=True),
    Control(
        "white_light_from",
        "Camera.WhiteLight",
        "WorkPeriod.SHour",
        "White light from",
        minute="WorkPeriod.SMinute",
    ),
    Control(
        "white_light_until",
        "Camera.WhiteLight",
        "WorkPeriod.EHour",
        "White light until",
        minute="WorkPeriod.EMinute",
    ),
    Control("privacy", "General.OneKeyMaskVideo", "Enable", "Privacy", basic=True),
    Control("brightness", "AVEnc.VideoColor", "[0].VideoColorParam.Brightness", "Brightness"),
    Control("privacy_mask_1", "AVEnc.VideoWidget", "Covers[0].EncodeBlend", "Privacy mask 1"),
    Control("channel_name", "ChannelTitle", "", "Channel name", basic=True),
)
