"""Disks and cards: what StorageInfo tells, what the storage manager changes."""

from __future__ import annotations

import copy
from typing import Any, Final

_TYPES: Final = {"ReadWrite": 0, "ReadOnly": 1, "Event": 2, "Events": 2, "Redundant": 3, "SnapShot": 4}
_FOR_RECORDINGS: Final = (_TYPES["ReadWrite"], _TYPES["Event"])
_NEVER: Final = "0000-00-00 00:00:00"
_NO_SPACE: Final = "0x00000000"
OK: Final = 100
_ILLEGAL: Final = 103


def partitions(disk: dict[str, Any]) -> list[dict[str, Any]]:
    """The partitions of a disk; what a recording leaves out of them is not made up."""
    parts: list[dict[str, Any]] = disk.get("Partition") or []
    return parts


def space(partition: dict[str, Any], key: str) -> int:
    """MiB of a partition: TotalSpace or RemainSpace."""
    return int(partition.get(key, _NO_SPACE), 16)


class Storage:
    """The list of disks in the spelling of the wire."""

    def __init__(self, disks: list[dict[str, Any]]) -> None:
        self.disks = disks
        self._present = copy.deepcopy(disks)

    @property
    def full(self) -> bool:
        """Whether no partition for recordings has room left."""
        rooms = [
            space(part, "RemainSpace")
            for disk in self.disks
            for part in partitions(disk)
            if part.get("DirverType", _TYPES["ReadWrite"]) in _FOR_RECORDINGS
        ]
        return self.has_room and bool(rooms) and not any(rooms)

    @property
    def has_room(self) -> bool:
        """Whether there is a disk at all: an empty slot for a card is a disk of nothing."""
        return any(
            "TotalSpace" not in part or space(part, "TotalSpace")
            for disk in self.disks
            for part in partitions(disk)
        )

    @property
    def removed(self) -> bool:
        """Whether the disks that this device came with are gone."""
        return bool(self._present) and not self.disks

    def fill(self) -> None:
        """Leave no room on any partition."""
        for disk in self.disks:
            for partition in partitions(disk):
                partition["RemainSpace"] = f"0x{0:08x}"

    def remove(self) -> None:
        """Take every disk out."""
        self.disks = []

    def restore(self) -> None:
        """Have the disks this device came with, and their room."""
        self.disks = copy.deepcopy(self._present)

    def manage(self, request: object) -> int:
        """Obey one OPStorageManager: SetType, Clear, Recover, Partition; 103 when it makes no sense here."""
        if not isinstance(request, dict):
            return _ILLEGAL
        disk = self._disk(request.get("SerialNo"))
        if disk is None:
            return _ILLEGAL
        if request.get("Action") == "Partition":
            return _split(disk, request.get("PartitionSize"))
        number = request.get("PartNo")
        parts = partitions(disk)
        if not isinstance(number, int) or not 0 <= number < len(parts):
            return _ILLEGAL
        return _manage(parts[number], request)

    def _disk(self, number: object) -> dict[str, Any] | None:
        """The place in the list, as the vendor's clients count (0 for disk 1), or the physical number."""
        if isinstance(number, int) and 0 <= number < len(self.disks):
            return self.disks[number]
        return next((disk for disk in self.disks if disk.get("PlysicalNo") == number), None)


def _manage(partition: dict[str, Any], request: dict[str, Any]) -> int:
    action, kind = request.get("Action"), request.get("Type")
    if action == "SetType" and kind in _TYPES:
        partition["DirverType"] = _TYPES[str(kind)]
        return OK
    if action == "Clear":
        partition["RemainSpace"] = partition.get("TotalSpace", _NO_SPACE)
        for key in ("NewStartTime", "NewEndTime", "OldStartTime", "OldEndTime"):
            partition[key] = _NEVER
        return OK
    if action == "Recover":
        partition["Status"] = 0
        return OK
    return _ILLEGAL


def _split(disk: dict[str, Any], sizes: Any) -> int:
    told = [next(iter(size.values()), None) for size in sizes if isinstance(size, dict)] if sizes else []
    wanted = [size for size in told if size != 0]
    if not wanted or len(wanted) > 4 or not all(isinstance(size, int) and size > 0 for size in wanted):
        return _ILLEGAL
    template = next(iter(partitions(disk)), {})
    disk["Partition"] = [
        {**template, "DirverType": 4 if index else 0, "IsCurrent": not index, "LogicSerialNo": index << 16}
        | {"TotalSpace": f"0x{size:08x}"}
        for index, size in enumerate(wanted)
    ]
    disk["PartNumber"] = len(wanted)
    for partition in disk["Partition"]:
        _manage(partition, {"Action": "Clear"})
    return OK
