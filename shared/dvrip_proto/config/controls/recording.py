"""Recording, pictures by schedule and disks."""

from __future__ import annotations

from ..control import Control

ROWS: tuple[Control, ...] = (
    Control("recording", "Record", "RecordMode", "Recording", basic=True),
    Control("recording_schedule", "Record", "TimeSection", "Recording schedule"),
    Control("pre_record", "Record", "PreRecord", "Recorded before an event"),
)
