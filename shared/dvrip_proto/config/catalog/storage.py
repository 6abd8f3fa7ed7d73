"""Configuration objects of recording and disks."""

from __future__ import annotations

from ..kinds import BOOL, Choice, Int
from ..spec import Field, Spec, under
from .shared_rows import ENABLE, EVENT_HANDLER, RECORD_PLAN

_HANDLER = under("EventHandler", EVENT_HANDLER)
_RECORD = {
    **RECORD_PLAN,
    "PacketLength": Field(Int(1, 255, "min"), title="Length of a file"),
    "PreRecord": Field(Int(0, 30, "s"), title="Recorded before an event"),
    "RecordMode": Field(
        Choice(("ConfigRecord", "ManualRecord", "ClosedRecord"), open=True),
        title="By schedule, always or never",
    ),
}

ROWS: tuple[Spec, ...] = (
    Spec(name="Record", title="Recording", per_channel=True, fields=_RECORD),
    Spec(name="ExtRecord", title="Recording of the extra stream", per_channel=True, fields=_RECORD),
    Spec(
        name="Storage.Snapshot",
        title="Pictures by schedule",
        per_channel=True,
        fields={
            **RECORD_PLAN,
            "PreSnap": Field(Int(0, 10), title="Pictures before an event"),
            "SnapMode": Field(
                Choice(("ConfigSnap", "ManualSnap", "ClosedSnap"), open=True),
                title="By schedule, always or never",
            ),
        },
    ),
    Spec(
        name="Storage.StoragePosition",
        title="Where recordings go",
        fields={key: Field(BOOL, title=key) for key in ("DVD", "SATA", "SD", "USB")},
    ),
    Spec(name="Storage.StorageNotExist", title="Alarm: no disk", fields={"Enable": ENABLE, **_HANDLER}),
    Spec(name="Storage.StorageFailure", title="Alarm: broken disk", fields={"Enable": ENABLE, **_HANDLER}),
    Spec(
        name="Storage.StorageLowSpace",
        title="Alarm: little space",
        fields={
            "Enable": ENABLE,
            "LowerLimit": Field(Int(0), title="Limit, % or MB by firmware"),
            **_HANDLER,
        },
    ),
)
