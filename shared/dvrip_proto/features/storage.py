"""Disks and memory cards: what their partitions are for, erasing, dividing, repairing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..connection import Connection
from ..errors import UsageError
from ..values import Json, count, flag
from ..wire.ids import MessageId
from ..wire.shapes import first, member, things
from .times import parse_time

ERASE = "erase"
"""What `confirm` must say where recordings are lost."""

PARTITION_USES = {
    "read-write": "ReadWrite",
    "read-only": "ReadOnly",
    "event": "Events",
    "redundant": "Redundant",
    "snapshot": "SnapShot",
}

_NAME = "OPStorageManager"
_INFO = "StorageInfo"
LEAST_S = 90.0  # a format takes 10 to 60 s, and its answer comes afterwards
_LEAST_MIB = 1024
_PARTITION_KINDS = {0: "read-write", 1: "read-only", 2: "event", 3: "redundant", 4: "snapshot"}
_UNFORMATTED = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """A part of a disk; `kind` is a key of PARTITION_USES, or "unknown", `status` 0 when it is well.

    With overwriting on, a healthy one is full for ever. Times are the device's own.
    """

    number: int
    kind: str
    current: bool
    total_mib: int
    remaining_mib: int
    status: int
    oldest: datetime | None
    newest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """A disk or memory card. `number` is the device's own: calls want the place in the list of disks."""

    number: int
    formatted: bool
    partitions: tuple[Partition, ...]


class Storage:
    """Manages disks. A disk is its place in `disks()`, from 0; so is a partition in its disk.

    Methods tell whether the device must be restarted for what they did.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.least_s = LEAST_S
        """How long an order may take, at least."""

    async def disks(self) -> list[Disk]:
        """Disks and cards; none is an empty list."""
        reply = await self._connection.request(MessageId.SYSINFO, _INFO)
        told = things(member(reply.body, _INFO), "Partition", "PartNumber", "TotalSpace")
        disks = [disk for disk in told if isinstance(disk, dict)]
        if disks and all(member(disk, "TotalSpace") is not None for disk in disks):
            # Some firmware tells the partitions alone (TheJenos/xmeye-control).
            disks = [{"PartNumber": len(disks), "Partition": [*disks]}]
        return [_disk(disk) for disk in disks]

    async def set_use(self, disk: int, partition: int, use: str) -> bool:
        """Say what a partition is for: a key of PARTITION_USES."""
        if use not in PARTITION_USES:
            uses = ", ".join(PARTITION_USES)
            raise UsageError(f"{self._connection.where}: no use {use!r} of a partition, it is one of {uses}")
        await self._partition(disk, partition)
        return await self._ask("SetType", disk, PartNo=partition, Type=PARTITION_USES[use])

    async def clear(self, disk: int, partition: int = 0, *, confirm: str) -> bool:
        """Format a partition: its recordings are lost. `confirm` must be ERASE. Takes up to a minute."""
        self._confirmed(confirm, f"disk {disk + 1} partition {partition + 1}")
        found = await self._partition(disk, partition)
        if found is not None and found.kind == "read-only":
            raise UsageError(f"{self._place(disk, partition)} is read-only: it cannot be erased")
        return await self._ask("Clear", disk, PartNo=partition, Type="Data")

    async def recover(self, disk: int, partition: int = 0) -> bool:
        """Repair a partition that reports an error."""
        await self._partition(disk, partition)
        return await self._ask("Recover", disk, PartNo=partition)

    async def divide(self, disk: int, *, record_mib: int, snapshot_mib: int = 0, confirm: str) -> bool:
        """Divide a disk into a part for recordings and one for pictures: everything on it is lost.

        `confirm` must be ERASE. A part has more than 1024 MiB, or, for pictures, 0.
        """
        self._confirmed(confirm, f"disk {disk + 1}")
        found = await self._disk(disk)
        if any(part.kind == "read-only" for part in found.partitions):
            raise UsageError(f"{self._place(disk)} has a read-only partition: it cannot be divided")
        if record_mib <= _LEAST_MIB or not (snapshot_mib == 0 or snapshot_mib > _LEAST_MIB):
            wanted = f"{record_mib} and {snapshot_mib} MiB"
            raise UsageError(f"{self._place(disk)}: parts of {wanted} are not possible")
        # The vendor's own client sends four parts, the last two without a size.
        sizes = [{"Record": record_mib}, {"SnapShot": snapshot_mib}, {"Action": 0}, {"": 0}]
        return await self._ask("Partition", disk, PartNo=0, PartitionSize=sizes)

    async def _ask(self, action: str, disk: int, **members: Json) -> bool:
        # SerialNo is the place in the list, not PlysicalNo: a capture has 0 for the disk with PlysicalNo 1.
        reply = await self._connection.request(
            MessageId.DISK_MANAGER,
            _NAME,
            {"Action": action, "SerialNo": disk, **members},
            timeout_s=max(self.least_s, self._connection.timeout_s),
        )
        return reply.reboot_needed

    async def _disk(self, disk: int) -> Disk:
        disks = await self.disks()
        if not 0 <= disk < len(disks):
            raise UsageError(f"{self._place(disk)}: the device has {len(disks)}")
        return disks[disk]

    async def _partition(self, disk: int, partition: int) -> Partition | None:
        """The partition; None for the only one of a disk that is not formatted."""
        found = await self._disk(disk)
        if not found.formatted and partition == 0:
            return None
        if not 0 <= partition < len(found.partitions):
            raise UsageError(f"{self._place(disk, partition)}: the disk has {len(found.partitions)}")
        return found.partitions[partition]

    def _confirmed(self, confirm: str, what: str) -> None:
        if confirm != ERASE:
            where = self._connection.where
            raise UsageError(f"{where}: {what}: all recordings on it would be lost: confirm with {ERASE!r}")

    def _place(self, disk: int, partition: int | None = None) -> str:
        part = "" if partition is None else f" partition {partition + 1}"
        return f"{self._connection.where}: disk {disk + 1}{part}"


def _disk(disk: dict[str, Json]) -> Disk:
    parts = things(member(disk, "Partition"), "TotalSpace")
    return Disk(
        number=_number(disk, "PlysicalNo", "PhysicalNo"),
        formatted=_number(disk, "PartNumber") != _UNFORMATTED,
        partitions=tuple(
            Partition(
                number=_number(part, "LogicSerialNo"),
                kind=_PARTITION_KINDS.get(_number(part, "DirverType", "DriverType"), "unknown"),
                current=flag(member(part, "IsCurrent")),
                total_mib=_number(part, "TotalSpace"),
                remaining_mib=_number(part, "RemainSpace"),
                status=_number(part, "Status"),
                oldest=_first_time(part, "OldStartTime", "NewStartTime"),
                newest=_first_time(part, "NewEndTime", "OldEndTime"),
            )
            for part in parts
            if isinstance(part, dict)
        ),
    )


def _first_time(part: dict[str, Json], *names: str) -> datetime | None:
    """The first of some times that is one: the older half of a disk is empty until it is full for once."""
    return next((time for name in names if (time := parse_time(member(part, name)))), None)


def _number(told: dict[str, Json], *names: str) -> int:
    """A number under one of its names: devices misspell some."""
    return count(first(told, *names))
