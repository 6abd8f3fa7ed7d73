"""Alarm inputs and outputs, and alarms of the device itself."""

from __future__ import annotations

from ..control import Control, within
from .linkage import linkage

_INPUTS = "AlarmInChannel"
_OUTPUTS = "AlarmOutChannel"

ROWS: tuple[Control, ...] = (
    Control("alarm_input", "Alarm.LocalAlarm", "Enable", "Alarm input", physical=_INPUTS),
    Control("alarm_input_contact", "Alarm.LocalAlarm", "SensorType", "Alarm input contact", physical=_INPUTS),
    *linkage("alarm_input", "Alarm.LocalAlarm", "Alarm input"),
    *within(
        "Alarm.IPCAlarm",
        ("camera_alarm_input", "Enable", "Alarm input of the camera"),
        ("camera_alarm_input_contact", "SensorType", "Alarm input contact of the camera"),
    ),
    *linkage("camera_alarm_input", "Alarm.IPCAlarm", "Alarm input of the camera"),
    *within("Alarm.NetAlarm", ("network_alarm", "Enable", "Network alarm"), entity=False),
    *linkage("network_alarm", "Alarm.NetAlarm", "Network alarm"),
    Control(
        "alarm_output",
        "Alarm.AlarmOut",
        "AlarmOutType",
        "Relay output",
        basic=True,
        physical=_OUTPUTS,
        on="MANUAL",
        off="AUTO",
    ),
    Control("alarm_output_mode", "Alarm.AlarmOut", "AlarmOutType", "Relay output mode", physical=_OUTPUTS),
    *within("Alarm.NetIPConflict", ("address_conflict_alarm", "Enable", "Address conflict alarm")),
    *linkage("address_conflict", "Alarm.NetIPConflict", "Address conflict", of_device=True),
    *within("Alarm.NetAbort", ("network_loss_alarm", "Enable", "Network loss alarm")),
    *linkage("network_loss", "Alarm.NetAbort", "Network loss", of_device=True),
    *within("Storage.StorageNotExist", ("no_disk_alarm", "Enable", "No disk alarm")),
    *linkage("no_disk", "Storage.StorageNotExist", "No disk", of_device=True),
    *within("Storage.StorageFailure", ("disk_failure_alarm", "Enable", "Disk failure alarm")),
    *linkage("disk_failure", "Storage.StorageFailure", "Disk failure", of_device=True),
    *within(
        "Storage.StorageLowSpace",
        ("low_space_alarm", "Enable", "Low space alarm"),
        ("low_space_limit", "LowerLimit", "Low space limit"),
    ),
    *linkage("low_space", "Storage.StorageLowSpace", "Low space", of_device=True),
)
