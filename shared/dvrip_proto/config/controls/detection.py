"""Detectors, alarms and what they set off."""

from __future__ import annotations

from ..control import Control

ROWS: tuple[Control, ...] = (
    Control(
        "motion_detection",
        "Detect.MotionDetect",
        "Enable",
        "Motion detection",
        basic=True,
        ability="AlarmFunction.MotionDetect",
    ),
    Control("motion_sensitivity", "Detect.MotionDetect", "Level", "Motion sensitivity"),
    Control("motion_records", "Detect.MotionDetect", "EventHandler.RecordEnable", "Record on motion"),
    Control("person_detection", "Detect.HumanDetection", "Enable", "Person detection", basic=True),
    Control("person_sensitivity", "Detect.HumanDetection", "Sensitivity", "Person sensitivity"),
    Control("tamper_detection", "Detect.BlindDetect", "Enable", "Tamper detection"),
    Control(
        "alarm_output",
        "Alarm.AlarmOut",
        "AlarmOutType",
        "Relay output",
        basic=True,
        physical="AlarmOutChannel",
        on="MANUAL",
        off="AUTO",
    ),
    Control(
        "alarm_output_mode",
        "Alarm.AlarmOut",
        "AlarmOutType",
        "Relay output mode",
        physical="AlarmOutChannel",
    ),
)
