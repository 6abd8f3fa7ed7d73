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

type _Placed = list[tuple[int, dict[str, Json]]]


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
        """Disks and cards; none is an empty list, which devices tell as one of no parts and no size, too."""
        return [_disk(disk) for _, disk in await self._told()]

    async def _told(self) -> _Placed:
        reply = await self._connection.request(MessageId.SYSINFO, _INFO)
        told = things(member(reply.body, _INFO), "Partition", "PartNumber", "TotalSpace")
        disks = [(place, disk) for place, disk in _placed(told) if _is_there(disk)]
        if disks and all(member(disk, "TotalSpace") is not None for _, disk in disks):
            # Some firmware tells the partitions alone (TheJenos/xmeye-control).
            return [(0, {"PartNumber": len(disks), "Partition": told})]
        return disks

    async def set_use(self, disk: int, partition: int, use: str) -> bool:
        """Say what a partition is for: a key of PARTITION_USES."""
        if use not in PARTITION_USES:
            uses = ", ".join(PARTITION_USES)
            raise UsageError(f"{self._connection.where}: no use {use!r} of a partition, it is one of {uses}")
        at, part, _ = await self._partition(disk, partition)
        return await self._ask("SetType", at, PartNo=part, Type=PARTITION_USES[use])

    async def clear(self, disk: int, partition: int = 0, *, confirm: str) -> bool:
        """Format a partition: its recordings are lost. `confirm` must be ERASE. Takes up to a minute."""
        self._confirmed(confirm, f"disk {disk + 1} partition {partition + 1}")
        at, part, found = await self._partition(disk, partition)
        if found is not None and found.kind == "read-only":
            raise UsageError(f"{self._place(disk, partition)} is read-only: it cannot be erased")
        return await self._ask("Clear", at, PartNo=part, Type="Data")

    async def recover(self, disk: int, partition: int = 0) -> bool:
        """Repair a partition that reports an error."""
        at, part, _ = await self._partition(disk, partition)
        return await self._ask("Recover", at, PartNo=part)

    async def divide(self, disk: int, *, record_mib: int, snapshot_mib: int = 0, confirm: str) -> bool:
        """Divide a disk into a part for recordings and one for pictures: everything on it is lost.

        `confirm` must be ERASE. A part has more than 1024 MiB, or, for pictures, 0.
        """
        self._confirmed(confirm, f"disk {disk + 1}")
        at, told = await self._disk(disk)
        if any(part.kind == "read-only" for part in _disk(told).partitions):
            raise UsageError(f"{self._place(disk)} has a read-only partition: it cannot be divided")
        if record_mib <= _LEAST_MIB or not (snapshot_mib == 0 or snapshot_mib > _LEAST_MIB):
            wanted = f"{record_mib} and {snapshot_mib} MiB"
            raise UsageError(f"{self._place(disk)}: parts of {wanted} are not possible")
        # The vendor's own client sends four parts, the last two without a size.
        sizes = [{"Record": record_mib}, {"SnapShot": snapshot_mib}, {"Action": 0}, {"": 0}]
        return await self._ask("Partition", at, PartNo=0, PartitionSize=sizes)

    async def _ask(self, action: str, disk: int, **members: Json) -> bool:
        # SerialNo is the place in the list, not PlysicalNo: a capture has 0 for the disk with PlysicalNo 1.
        reply = await self._connection.request(
            MessageId.DISK_MANAGER,
            _NAME,
            {"Action": action, "SerialNo": disk, **members},
            timeout_s=max(self.least_s, self._connection.timeout_s),
        )
        return reply.reboot_needed

    async def _disk(self, disk: int) -> tuple[int, dict[str, Json]]:
        """A disk's place in the device's own list, and what is told of it."""
        disks = await self._told()
        if not 0 <= disk < len(disks):
            raise UsageError(f"{self._place(disk)}: the device has {len(disks)}")
        return disks[disk]

    async def _partition(self, disk: int, partition: int) -> tuple[int, int, Partition | None]:
        """Places of a disk and of a partition, and it; None for the only one of a disk not formatted."""
        at, told = await self._disk(disk)
        if not _disk(told).formatted and partition == 0:
            return at, 0, None
        parts = _parts(told)
        if not 0 <= partition < len(parts):
            raise UsageError(f"{self._place(disk, partition)}: the disk has {len(parts)}")
        part, found = parts[partition]
        return at, part, _partition(found)

    def _confirmed(self, confirm: str, what: str) -> None:
        if confirm != ERASE:
            where = self._connection.where
            raise UsageError(f"{where}: {what}: all recordings on it would be lost: confirm with {ERASE!r}")

    def _place(self, disk: int, partition: int | None = None) -> str:
        part = "" if partition is None else f" partition {partition + 1}"
        return f"{self._connection.where}: disk {disk + 1}{part}"


def _placed(told: list[Json]) -> _Placed:
    """The things of a list with their places in it: a slot without one counts, too."""
    return [(place, each) for place, each in enumerate(told) if isinstance(each, dict)]


def _is_there(disk: dict[str, Json]) -> bool:
    """Whether a disk is one: firmware tells one of zeros for none, as web pages cannot read an empty list.

    Source: the vendor's code (lhySilver/rk_gb, NetIPDeviceInfo.cpp); recorded of two cameras without a card.
    """
    parts = [part for _, part in _parts(disk)]
    told = any(_number(part, "TotalSpace") or _number(part, "Status") for part in parts)
    return told or not parts or _number(disk, "PartNumber") > 0


def _parts(disk: dict[str, Json]) -> _Placed:
    return _placed(things(member(disk, "Partition"), "TotalSpace"))


def _disk(disk: dict[str, Json]) -> Disk:
    return Disk(
        number=_number(disk, "PlysicalNo", "PhysicalNo"),
        formatted=_number(disk, "PartNumber") != _UNFORMATTED,
        partitions=tuple(_partition(part) for _, part in _parts(disk)),
    )


def _partition(part: dict[str, Json]) -> Partition:
    return Partition(
        number=_number(part, "LogicSerialNo"),
        kind=_PARTITION_KINDS.get(_number(part, "DirverType", "DriverType"), "unknown"),
        current=flag(member(part, "IsCurrent")),
        total_mib=_number(part, "TotalSpace"),
        remaining_mib=_number(part, "RemainSpace"),
        status=_number(part, "Status"),
        oldest=_first_time(part, "OldStartTime", "NewStartTime"),
        newest=_first_time(part, "NewEndTime", "OldEndTime"),
    )


def _first_time(part: dict[str, Json], *names: str) -> datetime | None:
    """The first of some times that is one: the older half of a disk is empty until it is full for once."""
    return next((time for name in names if (time := parse_time(member(part, name)))), None)


def _number(told: dict[str, Json], *names: str) -> int:
    """A number under one of its names: devices misspell some."""
    return count(first(told, *names))
