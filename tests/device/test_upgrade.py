"""Upgrades of simulated cameras, and of devices that go wrong at every stage."""

import asyncio

import pytest

from dvrip_proto import (
    Firmware,
    ProtocolError,
    RequestError,
    RequestTimeoutError,
    TransportError,
    UpgradePhase,
    UsageError,
)
from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.wire.ids import MessageId
from tests.device.conftest import login, scripted
from tests.device.firmware_file import write

PASSWORD = "correct horse"
OTHER = "HI3516EV300_85H50AI"


@pytest.fixture
def firmware(tmp_path):
    return Firmware.read(write(tmp_path))


@pytest.fixture
async def camera():
    """A camera that burns and restarts in a moment."""
    async with Simulator(users={"admin": PASSWORD, "viewer": PASSWORD}) as simulator:
        simulator._unit.upgrade.burn_s = 0.2
        simulator.downtime_s = 0.3
        yield simulator


def install(device, firmware, **options):
    return device.upgrade.install(firmware, **{"silence_s": 2, "back_s": 8, **options})


async def test_the_device_is_met_again_with_the_password_of_now(camera, firmware):
    async with login(camera) as device:
        assert await device.users.set_password("admin", "another horse")
        assert (await install(device, firmware)).changed


async def test_a_camera_gets_new_firmware(camera, firmware):
    seen = []
    async with login(camera) as device:
        assert (await device.upgrade.info()).hardware == "XM530_50X50-WG_8M"
        assert await device.upgrade.misfits(firmware) == ()
        done = await install(device, firmware, progress=seen.append)
        assert device.closed
    assert done.confirmed
    assert done.changed
    assert str(done.after.build_time) == "2026-01-02 03:04:06"
    assert firmware.is_installed(done.after.firmware, done.after.build_time)
    for phase in UpgradePhase:
        told = [step.percent for step in seen if step.phase is phase]
        assert told[0] == 0
        assert told == sorted(told)
        assert told[-1] == 100
    sent = [message_id for message_id, _, _ in camera.requests]
    blocks = -(-firmware.size // 0x8000)
    assert sent.count(MessageId.UPGRADE_DATA) == blocks + 1
    assert sent.count(MessageId.UPGRADE) == 1


async def test_the_last_block_may_be_answered_by_progress_alone(camera, firmware):
    camera.quirks = Quirks(upgrade_last_reply=False)
    async with login(camera) as device:
        assert (await install(device, firmware)).changed


async def test_no_keep_alives_while_the_device_burns(camera, firmware):
    camera.quirks = Quirks(alive_interval_s=1)
    camera._unit.upgrade.burn_s = 1.7
    async with login(camera) as device:
        await device.system.info()
        assert (await install(device, firmware)).confirmed
    burning = [message_id for message_id, _, _ in camera.requests]
    after = burning[burning.index(MessageId.UPGRADE) :]
    assert MessageId.KEEPALIVE not in after


async def test_a_device_that_leaves_near_the_end_is_met_again(camera, firmware):
    camera.quirks = Quirks(upgrade_leaves_at=95)
    async with login(camera) as device:
        done = await install(device, firmware)
    assert (done.confirmed, done.changed) == (False, True)


async def test_a_device_that_leaves_near_the_end_and_has_the_old_firmware(camera, firmware):
    camera.quirks = Quirks(upgrade_dies_at=95)
    async with login(camera) as device:
        with pytest.raises(RequestError, match="back with the old firmware"):
            await install(device, firmware)


async def test_a_device_that_leaves_early(camera, firmware):
    camera.quirks = Quirks(upgrade_dies_at=40)
    async with login(camera) as device:
        with pytest.raises(TransportError, match="ended after 40 %: .* leave its power on"):
            await install(device, firmware)


async def test_a_device_that_says_nothing_more(camera, firmware):
    camera.quirks = Quirks(upgrade_stalls_at=55)
    async with login(camera) as device:
        with pytest.raises(
            RequestTimeoutError, match=r"no progress within 0.5 s after 40 %.*leave its power on"
        ):
            await install(device, firmware, silence_s=0.5)


@pytest.mark.parametrize("ret", [513, 514])
async def test_a_device_that_fails_to_burn(camera, firmware, ret):
    camera.quirks = Quirks(upgrade_result=ret)
    before = dict(camera.state.firmware)
    async with login(camera) as device:
        with pytest.raises(RequestError) as failed:
            await install(device, firmware)
        assert failed.value.ret == ret
        assert not device.closed
    assert camera.state.firmware == before


@pytest.mark.parametrize("ret", [512, 513])
async def test_a_device_that_refuses_a_block_is_told_to_give_up(camera, firmware, ret):
    camera.quirks = Quirks(upgrade_block_ret=ret)
    async with login(camera) as device:
        with pytest.raises(RequestError) as failed:
            await install(device, firmware)
        assert failed.value.ret == ret
        camera.quirks = Quirks()
        assert [name for _, name, _ in camera.requests].count("OPSystemUpgrade") == 3, "info, start, abort"
        assert (await install(device, firmware)).changed, "the device is free again"


async def test_a_second_upgrade_is_refused(camera, firmware):
    camera._unit.upgrade.burn_s = 1
    async with login(camera) as first, login(camera) as second:
        running = asyncio.create_task(install(first, firmware))
        await asyncio.sleep(0.3)
        with pytest.raises(UsageError, match="runs already"):
            await install(first, firmware)
        with pytest.raises(RequestError) as refused:
            await install(second, firmware)
        assert refused.value.ret == 511
        assert (await running).changed


async def test_a_user_without_the_right(camera, firmware):
    async with login(camera, "viewer") as device:
        with pytest.raises(RequestError) as refused:
            await install(device, firmware)
    assert refused.value.ret == 107


async def test_a_file_for_another_device_needs_force(camera, tmp_path):
    other = Firmware.read(write(tmp_path, Hardware=OTHER))
    async with login(camera) as device:
        with pytest.raises(UsageError, match=f"not for this device: hardware is {OTHER}"):
            await install(device, other)
        assert MessageId.UPGRADE not in [message_id for message_id, _, _ in camera.requests]
        with pytest.raises(RequestError) as refused:
            await install(device, other, force=True)
        assert refused.value.ret == 514, "the device has the last word"


async def test_a_cancelled_transfer_is_given_up(camera, firmware):
    camera.quirks = Quirks(late={int(MessageId.UPGRADE_DATA): 0.2})
    async with login(camera) as device:
        task = asyncio.create_task(install(device, firmware))
        await asyncio.sleep(0.5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        camera.quirks = Quirks()
        assert (await install(device, firmware)).changed


async def test_an_upgrade_that_is_cancelled_before_its_start_is_answered_is_given_up(firmware):
    """The device may have stopped its cameras for it by then, and refuses every further one (511)."""
    started, aborted = asyncio.Event(), asyncio.Event()

    async def answer(_link, message_id, body):
        if message_id == MessageId.UPGRADE:
            action = body["OPSystemUpgrade"]["Action"]
            (started if action == "Start" else aborted).set()
            return None if action == "Start" else {}
        return {"SystemInfo": {"SoftWareVersion": "V5"}, "OPSystemUpgrade": TAKES}

    async with scripted(answer) as device:
        task = asyncio.create_task(install(device, firmware))
        async with asyncio.timeout(8):
            await started.wait()
            task.cancel()
            await asyncio.wait({task})
            await aborted.wait()
        assert task.cancelled()


async def test_a_file_that_changes_meanwhile_is_given_up(camera, firmware):
    firmware.path.write_bytes(firmware.path.read_bytes()[:-10])
    async with login(camera) as device:
        with pytest.raises(UsageError, match="has changed"):
            await install(device, firmware)
        with pytest.raises(RequestError) as none:
            await device.upgrade.abort()
        assert none.value.ret == 512


async def test_a_device_that_does_not_come_back(camera, firmware):
    camera.downtime_s = 60
    async with login(camera) as device:
        with pytest.raises(TransportError, match="is not back 1.5 s after the upgrade"):
            await install(device, firmware, back_s=1.5)


INFO = {
    "HardWare": "XM530_50X50-WG_8M",
    "SoftWareVersion": "V5.00.R02.00030747",
    "BuildTime": "2020-01-01 00:00:00",
}
TAKES = {"Hardware": "XM530_50X50-WG_8M", "Vendor": "General"}


def broken(*, start=100, block=100, last=100, pushes=(), info=TAKES):
    """A device whose answers to an upgrade are these; "close" and None (silence) may stand for one."""

    async def answer(link, message_id, body):
        if message_id == MessageId.SYSINFO:
            return {"SystemInfo": INFO}
        if message_id == MessageId.UPGRADE_INFO:
            return {"OPSystemUpgrade": info}
        is_last = message_id == MessageId.UPGRADE_DATA and not link.seen[-1].body
        told = {MessageId.UPGRADE: start, MessageId.UPGRADE_DATA: last if is_last else block}.get(
            message_id, 100
        )
        if is_last:
            for push in pushes:
                await link.push(MessageId.UPGRADE_PROGRESS, push)
        if told == "close":
            raise EOFError
        return None if told is None else {"ret": told}

    return answer


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ({"start": None}, RequestTimeoutError),
        ({"start": "close"}, TransportError),
        ({"start": 103}, RequestError),
        ({"block": None}, RequestTimeoutError),
        ({"block": "close"}, TransportError),
        ({"block": 105}, TransportError),
        ({"last": 513}, RequestError),
        ({"last": "close"}, TransportError),
        ({"last": None}, RequestTimeoutError),
        ({"pushes": [{"Ret": 10}, {"Ret": "what"}]}, ProtocolError),
        ({"pushes": [{"Ret": 10}, {}]}, ProtocolError),
        ({"pushes": [{"Ret": 100}, {"Ret": 101}]}, RequestError),
        ({"pushes": [{"Ret": -1}]}, RequestError),
        ({"pushes": [{"Ret": 50}]}, RequestTimeoutError),
        ({"info": None}, ProtocolError),
        ({"info": {}}, UsageError),
    ],
)
async def test_devices_that_go_wrong(firmware, script, error):
    async with scripted(broken(**script)) as device:
        async with asyncio.timeout(6):
            with pytest.raises(error) as failed:
                await install(device, firmware, silence_s=0.4, back_s=0.5)
    assert type(failed.value) is error
    assert str(failed.value).startswith(device.connection.where)


async def test_a_device_that_is_back_with_what_it_had(firmware):
    async with scripted(broken(pushes=[{"Ret": 515}], last=None)) as device:
        done = await install(device, firmware, back_s=0.5)
    assert (done.confirmed, done.changed) == (True, False)


async def test_a_device_that_says_the_same_for_ever(firmware):
    rest = broken(pushes=[{"Ret": 40}], last=None)

    async def answer(link, message_id, body):
        told = await rest(link, message_id, body)
        if message_id == MessageId.UPGRADE_DATA and not link.seen[-1].body:
            for _ in range(500):
                await link.push(MessageId.UPGRADE_PROGRESS, {"Ret": 40})
                await asyncio.sleep(0.02)
        return told

    async with scripted(answer) as device:
        async with asyncio.timeout(8):
            with pytest.raises(RequestTimeoutError, match=r"no progress within 0.6 s after 40 %"):
                await install(device, firmware, silence_s=0.2, back_s=0.5)
