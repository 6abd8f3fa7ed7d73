"""Recording, pictures by schedule and disks."""

from __future__ import annotations

from ..control import Control, within

ROWS: tuple[Control, ...] = (
    Control("recording", "Record", "RecordMode", "Recording", basic=True),
    *within(
        "Record",
        ("pre_record", "PreRecord", "Recorded before an event"),
        ("recording_length", "PacketLength", "Length of a recording"),
        ("recording_redundancy", "Redundancy", "Second copy of recordings"),
    ),
    *within(
        "ExtRecord",
        ("extra_recording", "RecordMode", "Recording of the extra stream"),
        ("extra_pre_record", "PreRecord", "Recorded of the extra stream before an event"),
        ("extra_recording_length", "PacketLength", "Length of a recording of the extra stream"),
        ("extra_recording_redundancy", "Redundancy", "Second copy of recordings of the extra stream"),
    ),
    *within(
        "Storage.Snapshot",
        ("pictures", "SnapMode", "Pictures by schedule"),
        ("pre_pictures", "PreSnap", "Pictures before an event"),
        ("picture_redundancy", "Redundancy", "Second copy of pictures"),
    ),
    *within("General.General", ("when_disk_full", "OverWrite", "When the disk is full")),
    *within(
        "Storage.StoragePosition",
        ("storage_sata", "SATA", "Record to SATA disks"),
        ("storage_sd", "SD", "Record to the SD card"),
        ("storage_usb", "USB", "Record to USB disks"),
        ("storage_dvd", "DVD", "Record to the DVD writer"),
        entity=False,
    ),
    *within("Record", ("recording_schedule", "TimeSection", "Recording schedule"), entity=False),
    *within(
        "ExtRecord",
        ("extra_recording_schedule", "TimeSection", "Recording schedule of the extra stream"),
        entity=False,
    ),
    *within("Storage.Snapshot", ("picture_schedule", "TimeSection", "Picture schedule"), entity=False),
)
