"""Disks: what is asked of which one, and what is refused before it is asked."""

import asyncio
from datetime import datetime

import pytest

from dvrip_proto import RequestError, RequestTimeoutError, UsageError
from dvrip_proto.features.storage import ERASE, PARTITION_USES
from dvrip_proto.simulator import Simulator
from dvrip_proto.wire.ids import MessageId
from tests.device.conftest import PASSWORD, VIEWER_PASSWORD, login, scripted
from tests.frames.vectors import vector


def disk(number, *kinds, formatted=True):
    parts = [{"DirverType": kind, "TotalSpace": "0x00007075", "Status": 0} for kind in kinds]
    return {"PartNumber": len(parts) if formatted else 255, "Partition": parts, "PlysicalNo": number}


def keeping(*disks, ret=100):
    """A device with these disks; `asked` are the operations."""

    async def answer(link, message_id, body):
        if message_id == MessageId.DISK_MANAGER:
            answer.asked.append(body["OPStorageManager"])
            return {"ret": ret}
        return {"StorageInfo": list(disks)}

    answer.asked = []
    return answer


@pytest.fixture
async def camera():
    """A camera whose only card has the physical number 1."""
    async with Simulator(profile="ipc", users={"admin": PASSWORD, "viewer": VIEWER_PASSWORD}) as sim:
        yield sim


async def listed(told):
    """Disks that the client makes of a StorageInfo."""

    async def answer(link, message_id, body):
        return {"StorageInfo": told}

    async with scripted(answer) as device:
        return await device.storage.disks()


async def test_disks_of_a_real_camera():
    disks = await listed(vector("json-storageinfo-kos")["json"]["StorageInfo"])
    (disk,) = disks
    assert (disk.number, disk.formatted, len(disk.partitions)) == (1, True, 2)
    first = disk.partitions[0]
    assert (first.kind, first.current, first.total_mib, first.remaining_mib) == (
        "read-write",
        True,
        0x7075,
        0x5CE,
    )
    assert first.newest == datetime(2026, 4, 1, 12, 51, 41)


@pytest.mark.parametrize(
    ("value", "disks"),
    [(None, 0), ([], 0), ({}, 0), ([None], 0), ([{"PartNumber": 255, "Partition": None}], 1)],
)
async def test_disks_that_are_not_there(value, disks):
    found = await listed(value)
    assert len(found) == disks
    assert all(not disk.formatted and disk.partitions == () for disk in found)


@pytest.mark.parametrize(
    ("number", "parts", "disks"),
    [
        (0, [{}], 0),  # no card in an R80X30-PQ
        (0, [{}] * 4, 0),  # in a HI3516EV100; so the vendor's code does it
        (0, [{}, {"Status": 7}], 1),
        (0, [{"TotalSpace": "0x00007075"}], 1),
        (1, [{}], 1),
    ],
)
async def test_a_disk_of_zeros_is_none(number, parts, disks):
    nothing = {"DirverType": 0, "RemainSpace": "0x00000000", "Status": 0, "TotalSpace": "0x00000000"}
    told = {"PartNumber": number, "Partition": [{**nothing, **part} for part in parts], "PlysicalNo": 0}
    found = await listed([told, disk(1, 0)])
    assert len(found) == disks + 1
    assert found[-1].partitions[0].total_mib == 0x7075


async def test_partitions_without_a_disk_around():
    """TheJenos/xmeye-control, _flatten_storage: some firmware tells the partitions directly."""
    told = [
        {"DirverType": 0, "LogicSerialNo": number, "TotalSpace": "0x100", "RemainSpace": "0x10", "Status": 0}
        for number in (0, 1)
    ]
    (disk,) = await listed(told)
    assert disk.formatted
    assert [(part.number, part.total_mib) for part in disk.partitions] == [(0, 256), (1, 256)]


async def test_partitions_of_odd_kinds():
    value = [
        {
            "PartNumber": 1,
            "PlysicalNo": 0,
            "Partition": [None, {"DirverType": 77, "OldStartTime": "2000-00-00 00:00:00"}],
        }
    ]
    (disk,) = await listed(value)
    assert (disk.partitions[0].kind, disk.partitions[0].oldest) == ("unknown", None)


async def test_a_disk_that_was_never_full_has_its_oldest_recording_in_the_newer_half():
    """An NBD80S16S-KL with one disk: recordings of ten days, and an older half of zeros."""
    told = {
        "IsCurrent": True,
        "NewStartTime": "2026-07-31 20:28:00",
        "NewEndTime": "2026-08-10 12:06:00",
        "OldStartTime": "0000-00-00 00:00:00",
        "OldEndTime": "0000-00-00 00:00:00",
        "TotalSpace": "0x001D1C11",
        "RemainSpace": "0x00000000",
    }

    async def answer(link, message_id, body):
        return {"StorageInfo": [{"PartNumber": 1, "Partition": [told], "PlysicalNo": 0}]}

    async with scripted(answer) as device:
        ((part,),) = [disk.partitions for disk in await device.storage.disks()]
    assert (part.oldest, part.newest) == (datetime(2026, 7, 31, 20, 28), datetime(2026, 8, 10, 12, 6))
    assert (part.total_mib, part.remaining_mib) == (1907729, 0)


async def test_disks_of_every_model(device, sim):
    assert len(await device.storage.disks()) == len(sim.state.storage.disks)
    assert bool(await device.storage.disks()) == (sim.profile != "hi3516")


async def test_what_a_partition_is_for(camera):
    async with login(camera) as device:
        for use in PARTITION_USES:
            assert await device.storage.set_use(0, 1, use) is False
            assert (await device.storage.disks())[0].partitions[1].kind == use
    types = [part["DirverType"] for part in camera.state.storage.disks[0]["Partition"]]
    assert types[0] == 0


async def test_the_request_is_that_of_the_vendors_client():
    """It gives the disk's place in the list: 0 for the disk with the physical number 1."""
    recorded = vector("json-storage-settype")["json"]["OPStorageManager"]
    answer = keeping(disk(1, 0))
    async with scripted(answer) as device:
        await device.storage.set_use(0, 0, "read-write")
    assert answer.asked == [recorded]


async def test_a_partition_is_erased(camera):
    async with login(camera) as device:
        assert (await device.storage.disks())[0].partitions[1].remaining_mib == 0x102
        assert await device.storage.clear(0, 1, confirm=ERASE) is False
        first, second = (await device.storage.disks())[0].partitions
    assert (second.remaining_mib, second.newest) == (second.total_mib, None)
    assert first.newest is not None


async def test_the_second_of_two_disks_is_the_second():
    answer = keeping(disk(1, 0, 4), disk(2, 0))
    async with scripted(answer) as device:
        await device.storage.clear(1, confirm=ERASE)
        await device.storage.recover(1)
    assert answer.asked == [
        {"Action": "Clear", "SerialNo": 1, "PartNo": 0, "Type": "Data"},
        {"Action": "Recover", "SerialNo": 1, "PartNo": 0},
    ]


async def test_a_disk_is_divided(camera):
    async with login(camera) as device:
        await device.storage.divide(0, record_mib=20000, snapshot_mib=2000, confirm=ERASE)
        parts = (await device.storage.disks())[0].partitions
        assert [(part.kind, part.total_mib) for part in parts] == [("read-write", 20000), ("snapshot", 2000)]
        await device.storage.divide(0, record_mib=22000, confirm=ERASE)
        assert [part.total_mib for part in (await device.storage.disks())[0].partitions] == [22000]


async def test_an_unformatted_disk_can_be_formatted():
    answer = keeping(disk(0, formatted=False))
    async with scripted(answer) as device:
        await device.storage.clear(0, confirm=ERASE)
        with pytest.raises(UsageError, match="disk 1 partition 2: the disk has 0"):
            await device.storage.clear(0, 1, confirm=ERASE)
    assert len(answer.asked) == 1


async def test_a_device_that_must_be_restarted():
    async with scripted(keeping(disk(0, 0), ret=603)) as device:
        assert await device.storage.clear(0, confirm=ERASE) is True


@pytest.mark.parametrize("confirm", ["", "yes", "Erase", "ERASE ", True])
async def test_nothing_is_lost_without_the_word(confirm):
    answer = keeping(disk(0, 0))
    async with scripted(answer) as device:
        with pytest.raises(UsageError, match="disk 1 partition 1: all recordings on it would be lost"):
            await device.storage.clear(0, confirm=confirm)
        with pytest.raises(UsageError, match="disk 1: all recordings on it would be lost"):
            await device.storage.divide(0, record_mib=20000, confirm=confirm)
    assert answer.asked == []


@pytest.mark.parametrize(
    "work",
    [
        lambda storage: storage.clear(1, confirm=ERASE),
        lambda storage: storage.clear(-1, confirm=ERASE),
        lambda storage: storage.clear(0, 2, confirm=ERASE),
        lambda storage: storage.clear(0, -1, confirm=ERASE),
        lambda storage: storage.clear(0, 1, confirm=ERASE),
        lambda storage: storage.recover(5),
        lambda storage: storage.set_use(0, 0, "backup"),
        lambda storage: storage.set_use(0, 7, "event"),
        lambda storage: storage.divide(0, record_mib=20000, confirm=ERASE),
        lambda storage: storage.divide(1, record_mib=20000, confirm=ERASE),
    ],
    ids=range(10),
)
async def test_what_cannot_be_is_not_asked(work):
    answer = keeping(disk(0, 0, 1))
    async with scripted(answer) as device:
        with pytest.raises(UsageError):
            await work(device.storage)
    assert answer.asked == []


@pytest.mark.parametrize(
    ("record_mib", "snapshot_mib"), [(0, 2000), (1024, 0), (20000, 1), (-5, 0), (20000, -1)]
)
async def test_parts_that_are_too_small(record_mib, snapshot_mib):
    answer = keeping(disk(0, 0))
    async with scripted(answer) as device:
        with pytest.raises(UsageError, match="not possible"):
            await device.storage.divide(0, record_mib=record_mib, snapshot_mib=snapshot_mib, confirm=ERASE)
    assert answer.asked == []


async def test_a_device_without_disks():
    async with scripted(keeping()) as device:
        with pytest.raises(UsageError, match="disk 1: the device has 0"):
            await device.storage.recover(0)


async def test_without_the_right(camera):
    async with login(camera, "viewer", VIEWER_PASSWORD) as viewer:
        with pytest.raises(RequestError, match="no permission"):
            await viewer.storage.clear(0, confirm=ERASE)


async def test_a_format_may_take_longer_than_any_other_request():
    async def answer(link, message_id, body):
        if message_id == MessageId.DISK_MANAGER:
            await asyncio.sleep(0.6)
        return {"StorageInfo": [disk(0, 0)]}

    async with scripted(answer, timeout_s=0.3) as device:
        assert await device.storage.clear(0, confirm=ERASE) is False


async def test_a_device_that_never_answers():
    async def answer(link, message_id, body):
        return None if message_id == MessageId.DISK_MANAGER else {"StorageInfo": [disk(0, 0)]}

    async with scripted(answer, timeout_s=0.1) as device:
        device.storage.least_s = 0.2
        with pytest.raises(RequestTimeoutError):
            await device.storage.clear(0, confirm=ERASE)


async def test_a_slot_without_a_disk_or_a_partition_keeps_its_place():
    """As lists of other objects have it (NetWork.NetDHCP of an NBD80S16S-KL): null where there is nothing."""
    last = disk(3, 0, 0)
    last["Partition"].insert(0, None)
    answer = keeping(None, disk(7, 0), {"1": 2}, last)
    async with scripted(answer) as device:
        assert [each.number for each in await device.storage.disks()] == [7, 0, 3]
        await device.storage.clear(0, confirm=ERASE)
        await device.storage.clear(2, 1, confirm=ERASE)
        await device.storage.recover(2)
        await device.storage.divide(2, record_mib=2048, confirm=ERASE)
        with pytest.raises(UsageError, match="disk 3 partition 3: the disk has 2"):
            await device.storage.set_use(2, 2, "event")
    told = [(each["Action"], each["SerialNo"], each["PartNo"]) for each in answer.asked]
    assert told == [("Clear", 1, 0), ("Clear", 3, 2), ("Recover", 3, 1), ("Partition", 3, 0)]
