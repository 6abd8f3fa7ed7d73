"""The device as a whole: name, time, maintenance."""

from __future__ import annotations

from ..control import Control

ROWS: tuple[Control, ...] = (
    Control("device_name", "General.General", "MachineName", "Device name"),
    Control("time_zone", "System.TimeZone", "timeMin", "Time zone"),
    Control("restart_day", "General.AutoMaintain", "AutoRebootDay", "Automatic restart"),
    Control("restart_hour", "General.AutoMaintain", "AutoRebootHour", "Hour of the automatic restart"),
)
