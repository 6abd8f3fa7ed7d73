"""Picture: sensor, lens, light, titles and privacy."""

from __future__ import annotations

from ..areas import MASKS
from ..control import Control, within

_MASKS = 8  # no device is known that has more

ROWS: tuple[Control, ...] = (
    Control("day_night", "Camera.Param", "DayNightColor", "Day and night", basic=True, options_from="Camera"),
    *within(
        "Camera.Param",
        ("mirror", "PictureMirror", "Mirror"),
        ("flip", "PictureFlip", "Flip"),
        ("backlight_compensation", "BLCMode", "Backlight compensation"),
        ("infrared_filter", "IRCUTMode", "Infrared filter"),
        ("anti_flicker", "RejectFlicker", "Anti-flicker"),
        ("white_balance", "WhiteBalance", "White balance"),
        ("exposure_target", "ElecLevel", "Exposure target"),
        ("exposure_sensitivity", "AeSensitivity", "Exposure sensitivity"),
        ("automatic_iris", "ApertureMode", "Automatic iris"),
        ("slow_shutter", "EsShutter", "Slow shutter"),
        ("exposure_step", "ExposureParam.Level", "Exposure step"),
        ("shortest_exposure", "ExposureParam.LeastTime", "Shortest exposure"),
        ("longest_exposure", "ExposureParam.MostTime", "Longest exposure"),
        ("automatic_gain", "GainParam.AutoGain", "Automatic gain"),
        ("gain", "GainParam.Gain", "Gain"),
        ("day_noise_reduction", "Day_nfLevel", "Noise reduction by day"),
        ("night_noise_reduction", "Night_nfLevel", "Noise reduction by night"),
        ("day_night_threshold", "DncThr", "Threshold between day and night"),
    ),
    *within(
        "Camera.ParamEx",
        ("wide_dynamic_range", "BroadTrends.AutoGain", "Wide dynamic range"),
        ("wide_dynamic_range_strength", "BroadTrends.Gain", "Wide dynamic range strength"),
        ("image_stabilisation", "Dis", "Image stabilisation"),
        ("rotation", "CorridorMode", "Rotation"),
        ("day_night_switch", "DayNightSwitch.SwitchMode", "Day and night switch"),
        ("exposure", "ExposureTime", "Exposure"),
        ("lens_correction", "Ldc", "Lens distortion correction"),
        ("highlight_suppression", "LightRestrainLevel", "Highlight suppression"),
        ("brighter_at_night", "NightEnhance", "Brighter at night"),
        ("against_over_exposure", "PreventOverExpo", "Against over-exposure"),
        ("picture_style", "Style", "Picture style"),
    ),
    *within(
        "Camera.ParamEx",
        ("day_period", "DayNightSwitch.KeepDayPeriod", "Day by schedule"),
        entity=False,
    ),
    *within(
        "Camera.ClearFog",
        ("fog_removal", "enable", "Fog removal"),
        ("fog_removal_strength", "level", "Fog removal strength"),
    ),
    Control("white_light", "Camera.WhiteLight", "WorkMode", "White light mode", basic=True),
    *within(
        "Camera.WhiteLight",
        ("white_light_brightness", "Brightness", "White light brightness"),
        ("white_light_after_motion", "MoveTrigLight.Duration", "White light after motion"),
        ("white_light_sensitivity", "MoveTrigLight.Level", "White light motion sensitivity"),
        ("white_light_period", "WorkPeriod.Enable", "White light within a period only"),
    ),
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
    Control("status_light", "FbExtraStateCtrl", "ison", "Status light"),
    Control("voice_prompts", "FbExtraStateCtrl", "PlayVoiceTip", "Voice prompts"),
    Control("privacy", "General.OneKeyMaskVideo", "Enable", "Privacy", basic=True),
    *within(
        "AVEnc.VideoColor",
        ("brightness", "[0].VideoColorParam.Brightness", "Brightness"),
        ("contrast", "[0].VideoColorParam.Contrast", "Contrast"),
        ("saturation", "[0].VideoColorParam.Saturation", "Saturation"),
        ("hue", "[0].VideoColorParam.Hue", "Hue"),
    ),
    *within(
        "AVEnc.VideoWidget",
        ("time_in_picture", "TimeTitleAttribute.EncodeBlend", "Time in the picture"),
        ("title_in_picture", "ChannelTitleAttribute.EncodeBlend", "Title in the picture"),
        ("time_on_screen", "TimeTitleAttribute.PreviewBlend", "Time on the local screen"),
        ("title_on_screen", "ChannelTitleAttribute.PreviewBlend", "Title on the local screen"),
    ),
    *within(
        "AVEnc.VideoWidget",
        *(
            (f"privacy_mask_{at + 1}", f"Covers[{at}].EncodeBlend", f"Privacy mask {at + 1}")
            for at in range(_MASKS)
        ),
    ),
    Control("privacy_masks", "AVEnc.VideoWidget", "Covers", "Privacy masks", entity=False, view=MASKS),
    Control("channel_name", "ChannelTitle", "", "Channel name", basic=True),
    *within(
        "fVideo.OSDInfo", ("text_in_picture", "OSDInfo[0].OSDInfoWidget.EncodeBlend", "Text in the picture")
    ),
    *within(
        "fVideo.OsdLogo",
        ("logo_in_picture", "Enable", "Logo in the picture"),
    ),
)
