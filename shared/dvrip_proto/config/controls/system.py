"""The device as a whole: name, time, maintenance, local screen."""

from __future__ import annotations

from ..control import Control, within

ROWS: tuple[Control, ...] = (
    *within("General.General", ("device_name", "MachineName", "Device name")),
    *within(
        "General.General",
        ("screen_logout", "AutoLogout", "Log out of the local screen"),
        ("remote_number", "LocalNo", "Number for remote controls"),
        ("video_output", "VideoOutPut", "Video output"),
        entity=False,
    ),
    *within("System.TimeZone", ("time_zone", "timeMin", "Time zone"), entity=False),
    Control(
        "daylight_saving",
        "General.Location",
        "DSTRule",
        "Daylight saving time",
        entity=False,
        on="On",
        off="Off",
    ),
    *within(
        "General.Location",
        ("date_format", "DateFormat", "Date format"),
        ("clock_format", "TimeFormat", "Clock format"),
        ("language", "Language", "Language"),
        ("video_standard", "VideoFormat", "Video standard"),
    ),
    *within(
        "General.Location",
        ("date_separator", "DateSeparator", "Date separator"),
        ("working_days", "WorkDay", "Working days"),
        entity=False,
    ),
    *within(
        "General.AutoMaintain",
        ("restart_day", "AutoRebootDay", "Automatic restart"),
        ("restart_hour", "AutoRebootHour", "Hour of the automatic restart"),
        ("delete_recordings_after", "AutoDeleteFilesDays", "Delete recordings after"),
    ),
    *within("General.TimingSleep", ("sleep_by_schedule", "Enable", "Sleep by schedule")),
    *within(
        "General.ResumePtzState", ("resume_position", "Enable", "Return to the last position after a restart")
    ),
    *within(
        "fVideo.TVAdjust",
        ("screen_brightness", "Brightness", "Screen brightness"),
        ("screen_contrast", "Contrast", "Screen contrast"),
    ),
    *within("Media.DecodeParam", ("decoder_delay", "deleyTimeMs", "Decoder delay")),
    *within("NetWork.DigTimeSyn", ("camera_time", "TimeSyn", "Time of the camera")),
)
