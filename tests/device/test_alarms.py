import asyncio

import pytest

from dvrip_proto import AlarmKind, TransportError
from dvrip_proto.features.alarms import read_events
from dvrip_proto.simulator import Quirks
from tests.device.conftest import login


async def collect(device, count):
    found = []
    async for event in device.alarms.events():
        found.append(event)
        if len(found) == count:
            return found
    return found


async def test_armed_devices_push(sim, device):
    await device.alarms.arm()
    await device.alarms.arm()
    reader = asyncio.create_task(collect(device, 2))
    await asyncio.sleep(0)
    last = sim.channels - 1
    sim.raise_alarm(last, "VideoMotion", True)
    sim.raise_alarm(last, "VideoMotion", False)
    begin, end = await asyncio.wait_for(reader, 5)
    assert (begin.channel, begin.event, begin.kind, begin.active) == (
        last,
        "VideoMotion",
        AlarmKind.MOTION,
        True,
    )
    assert end.active is False
    assert begin.raw["Status"] == "Start"
    assert begin.started


async def test_devices_that_are_not_armed_do_not(sim, device):
    found = []
    device.alarms.subscribe(found.append)
    sim.raise_alarm(0)
    await device.system.info()
    assert found == []
    await device.alarms.arm()
    sim.raise_alarm(0)
    await device.system.info()
    assert len(found) == 1
    await device.alarms.disarm()
    sim.raise_alarm(0)
    await device.system.info()
    assert len(found) == 1


class TestSubscribers:
    @pytest.fixture
    def profile(self):
        return "ipc"

    async def test_end_when_they_want(self, sim, device):
        await device.alarms.arm()
        first, second = [], []
        end = device.alarms.subscribe(first.append)
        device.alarms.subscribe(second.append)
        sim.raise_alarm(0)
        await device.system.info()
        end()
        end()
        sim.raise_alarm(0, active=False)
        await device.system.info()
        assert (len(first), len(second)) == (1, 2)

    async def test_that_fail_do_not_stop_the_others(self, sim, device, caplog):
        await device.alarms.arm()
        found = []

        def fail(event):
            raise RuntimeError("a bug of the subscriber")

        device.alarms.subscribe(fail)
        device.alarms.subscribe(found.append)
        sim.raise_alarm(0)
        await device.system.info()
        assert len(found) == 1
        assert "a callback failed" in caplog.text

    async def test_iterators_end_with_the_connection(self, sim, device):
        await device.alarms.arm()
        reader = asyncio.create_task(collect(device, 9))
        await asyncio.sleep(0)
        sim.drop_connections()
        with pytest.raises(TransportError):
            await asyncio.wait_for(reader, 5)
        with pytest.raises(TransportError):  # whoever comes too late hears of it, too
            await asyncio.wait_for(collect(device, 9), 5)

    async def test_iterators_end_quietly_when_the_client_closes(self, sim, device):
        await device.alarms.arm()
        reader = asyncio.create_task(collect(device, 9))
        await asyncio.sleep(0)
        sim.raise_alarm(0)
        await device.system.info()
        await device.close()
        assert len(await asyncio.wait_for(reader, 5)) == 1
        assert await asyncio.wait_for(collect(device, 9), 5) == []

    async def test_a_slow_reader_loses_the_oldest_only(self, sim, device):
        await device.alarms.arm()
        events = device.alarms.events()
        reader = asyncio.create_task(anext(events))
        await asyncio.sleep(0)
        for number in range(1100):
            sim.raise_alarm(0, f"Test{number}")
        await device.system.info()
        rest = [await reader] + [await anext(events) for _ in range(1000)]
        await events.aclose()
        assert rest[-1].event == "Test1099"
        assert len(device.connection._callbacks[1504]) == 1  # the one that notes being armed

    async def test_a_new_login_is_not_armed(self, sim, device):
        await device.alarms.arm()
        async with login(sim) as other:
            found = []
            other.alarms.subscribe(found.append)
            sim.raise_alarm(0)
            await other.system.info()
            assert found == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("VideoMotion", AlarmKind.MOTION),
        ("MotionDetect", AlarmKind.MOTION),
        ("PIRAlarm", AlarmKind.MOTION),
        ("VideoBlind", AlarmKind.TAMPER),
        ("VideoLost", AlarmKind.VIDEO_LOSS),
        ("LocalIO", AlarmKind.INPUT),
        ("IOAlarm", AlarmKind.INPUT),
        ("appEventHumanDetectAlarm", AlarmKind.PERSON),
        ("FaceDetectV2", AlarmKind.FACE),
        ("CarShapeDetect", AlarmKind.VEHICLE),
        ("VIdeoAnanyze", AlarmKind.CROSSING),
        ("CrossLineDetection", AlarmKind.CROSSING),
        ("HumanFallDown", AlarmKind.FALL),
        ("CryDetect", AlarmKind.SOUND),
        ("StorrageLowSpace", AlarmKind.STORAGE),
        ("NetIPConfict", AlarmKind.NETWORK),
        ("LOGIN_FAILED", AlarmKind.LOGIN),
        ("NetAlarm", AlarmKind.OTHER),
        ("BrandNewDetect", AlarmKind.OTHER),
        ("", AlarmKind.OTHER),
    ],
)
def test_names_of_events(name, kind):
    (event,) = read_events({"AlarmInfo": {"Event": name, "Status": "Start", "Channel": 3}})
    assert (event.kind, event.event, event.channel) == (kind, name, 3)


@pytest.mark.parametrize(
    ("status", "active"), [("Start", True), ("Stop", False), ("None", None), (None, None)]
)
def test_states_of_events(status, active):
    assert read_events({"AlarmInfo": {"Event": "StorageFailure", "Status": status}})[0].active is active


@pytest.mark.parametrize(
    "body", [{}, {"AlarmInfo": None}, {"AlarmInfo": []}, {"AlarmInfo": {"Event": "VideoTour"}}]
)
def test_pushes_that_are_no_alarms(body):
    assert read_events(body) == []


async def test_devices_that_never_say_stop(sim):
    sim.quirks = Quirks(no_alarm_stop=True)
    async with login(sim) as device:
        found = []
        device.alarms.subscribe(found.append)
        await device.alarms.arm()
        sim.raise_alarm(0, active=True)
        sim.raise_alarm(0, active=False)
        await device.system.info()
        assert [event.active for event in found] == [True]
