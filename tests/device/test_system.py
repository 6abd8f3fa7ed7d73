import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dvrip_proto import ProtocolError, RequestError, RequestTimeoutError, TransportError, UnsupportedError
from dvrip_proto.features.times import parse_time
from dvrip_proto.simulator import Quirks
from tests.device.conftest import VIEWER_PASSWORD, login, scripted

VECTORS = {
    vector["id"]: vector
    for vector in json.loads((Path(__file__).parent.parent / "frames" / "vectors.json").read_text())
}


async def told(name, value, ask):
    """What the client makes of an object that a device told."""

    async def answer(link, message_id, body):
        return {name: value}

    async with scripted(answer) as device:
        return await ask(device.system)


async def test_identity_and_size(sim, device):
    info = await device.system.info()
    raw = sim.state.system_info()
    assert info.serial == sim.serial
    assert (info.hardware, info.firmware) == (raw["HardWare"], raw["SoftWareVersion"])
    assert info.channel_count == info.video_inputs + info.digital_channels == sim.channels
    assert info.uptime == timedelta(minutes=int(raw["DeviceRunTime"], 16))
    assert isinstance(info.build_time, datetime)
    assert info.raw["SerialNo"] == sim.serial


async def test_a_real_recorder_has_digital_channels_and_runs_for_minutes():
    info = await told("SystemInfo", VECTORS["json-sysinfo-nvr"]["json"], lambda system: system.info())
    assert (info.video_inputs, info.digital_channels, info.channel_count) == (0, 32, 32)
    assert info.uptime == timedelta(minutes=0x00124E52)
    assert (info.model, info.hardware) == ("", "NBD8008R-U")


async def test_a_real_camera():
    info = await told(
        "SystemInfo", VECTORS["json-systeminfo-kos"]["json"]["SystemInfo"], lambda system: system.info()
    )
    assert (info.serial, info.model, info.channel_count) == ("2a981919678907c1", "50X50-WG", 1)
    assert info.build_time == datetime(2020, 11, 24, 16, 47, 14)
    assert (info.audio_inputs, info.alarm_inputs, info.alarm_outputs) == (1, 1, 1)
    assert info.uptime == timedelta(minutes=0x2054)


async def test_a_device_that_tells_nothing_has_one_channel():
    info = await told(
        "SystemInfo",
        {"SerialNo": [5], "BuildTime": None, "VideoInChannel": "x"},
        lambda system: system.info(),
    )
    assert (info.serial, info.build_time, info.channel_count, info.uptime) == ("", None, 1, timedelta())


async def test_information_that_is_no_object_is_an_error():
    with pytest.raises(ProtocolError, match="SystemInfo"):
        await told("SystemInfo", ["x"], lambda system: system.info())


async def test_work_state_of_every_model(sim, device):
    sim.raise_alarm(0, "VideoMotion")
    state = await device.system.work_state()
    assert state.motion == {0}
    assert state.video_loss == frozenset()


async def test_work_state_in_both_spellings():
    value = VECTORS["json-workstate-mask"]["json"]
    state = await told("WorkState", value, lambda system: system.work_state())
    assert (state.motion, state.tamper) == ({0, 2}, frozenset())
    assert [channel.recording for channel in state.channels] == [True, False, True]
    assert state.channels[0].bitrate_kbit_s == 3252
    old = {"AlarmState": {"AlarmIn": 8, "AlarmOut": 1, "VideoBlind": 0, "VideoLoss": 1}, "ChannelState": None}
    state = await told("WorkState", old, lambda system: system.work_state())
    assert (state.alarm_inputs, state.alarm_outputs, state.video_loss, state.channels) == ({3}, {0}, {0}, ())
    assert (
        await told("WorkState", {"AlarmState": None}, lambda system: system.work_state())
    ).motion == frozenset()
    holes = {"ChannelState": [None, {"Record": True}, {}]}
    state = await told("WorkState", holes, lambda system: system.work_state())
    assert [channel.recording for channel in state.channels] == [False, True, False]


async def test_functions_and_abilities(sim, device):
    functions = await device.system.functions()
    if sim.profile == "hvr":
        assert functions == {}, "the vendor's paper tells of none"
    else:
        assert functions["AlarmFunction"]["MotionDetect"] is True
    area = await device.system.ability("MotionArea")
    assert set(area) == {"GridColumn", "GridRow"}
    with pytest.raises(UnsupportedError, match="NoSuchAbility"):
        await device.system.ability("NoSuchAbility")


async def test_functions_of_odd_shape():
    odd = {"AlarmFunction": {"a": 1}, "Other": None}
    assert await told("SystemFunction", odd, lambda system: system.functions()) == {
        "AlarmFunction": {"a": True}
    }
    assert await told("SystemFunction", [], lambda system: system.functions()) == {}
    with pytest.raises(UnsupportedError):
        await told("SystemFunction", None, lambda system: system.functions())


async def test_the_clock_is_set_and_read(device):
    when = datetime(2024, 2, 29, 23, 59, 30)
    await device.system.set_time(when)
    assert timedelta() <= await device.system.time() - when < timedelta(seconds=5)


async def test_the_clock_is_synchronised_beyond_the_tolerance_only(sim, device):
    now = datetime(2026, 6, 1, 12, 0, 0)
    assert await device.system.sync_time(now=now) is True
    assert await device.system.sync_time(now=now + timedelta(seconds=3)) is False
    assert await device.system.sync_time(1.0, now=now + timedelta(seconds=30)) is True
    assert await device.system.sync_time() is True
    assert abs(await device.system.time() - datetime.now()) < timedelta(seconds=3)


@pytest.mark.parametrize("rule", ["On", "Off"])
async def test_the_clock_is_set_to_the_devices_own_local_time(sim, device, rule):
    sim.state.clock.west_min = sim.state.config["System.TimeZone"]["timeMin"] = 300
    today = datetime.now(UTC)
    points = [today - timedelta(days=20), today + timedelta(days=20)]
    sim.state.config["General.Location"] |= {"DSTRule": rule} | {
        key: {"Month": point.month, "Day": point.day, "Week": 0, "Hour": 1, "Minute": 0, "Year": point.year}
        for key, point in zip(("DSTStart", "DSTEnd"), points, strict=True)
    }
    sim.state.clock.error_s = 7200
    assert await device.system.sync_time() is True
    shown = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=4 if rule == "On" else 5)
    assert abs(await device.system.time() - shown) < timedelta(seconds=5)
    assert abs(sim.state.clock.error_s) < 5
    assert await device.system.sync_time() is False


async def test_a_device_without_zone_is_not_guessed_at(sim, device):
    del sim.state.config["System.TimeZone"]
    with pytest.raises(UnsupportedError, match="keeps no time zone"):
        await device.system.sync_time()
    assert await device.system.sync_time(zone="-05:00") is True
    shown = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=5)
    assert abs(await device.system.time() - shown) < timedelta(seconds=5)


async def test_a_clock_that_shows_no_time_is_an_error():
    with pytest.raises(ProtocolError, match="0000-00-00"):
        await told("OPTimeQuery", "0000-00-00 00:00:00", lambda system: system.time())


@pytest.mark.parametrize("text", ["0000-00-00 00:00:00", "2000-00-00 00:00:00", "", None, 5, "yesterday"])
def test_times_that_are_none(text):
    assert parse_time(text) is None


class TestReboot:
    @pytest.fixture
    def profile(self):
        return "ipc"

    async def test_the_device_goes_and_comes_back(self, sim, device):
        sim.downtime_s = 0.3
        await device.system.reboot()
        assert isinstance(await device.wait_closed(), TransportError)
        await _until_up(sim)
        async with login(sim) as again:
            assert (await again.system.info()).uptime < timedelta(minutes=2)

    @pytest.mark.parametrize("quirks", [Quirks(reset_on=frozenset({1450})), Quirks(mute=frozenset({1450}))])
    async def test_going_without_an_answer_is_success(self, sim, quirks):
        async with login(sim, timeout_s=0.3) as device:
            sim.quirks = quirks
            await device.system.reboot()

    async def test_a_connection_that_was_lost_before_is_no_success(self, device):
        await device.connection.close()
        with pytest.raises(TransportError):
            await device.system.reboot()

    async def test_without_the_right_it_is_refused(self, sim):
        async with login(sim, "viewer", VIEWER_PASSWORD) as viewer:
            with pytest.raises(RequestError) as refusal:
                await viewer.system.reboot()
            assert refusal.value.ret == 107
            with pytest.raises(RequestError):
                await viewer.system.set_time(datetime(2024, 1, 1))


async def _until_up(sim):
    for _ in range(100):
        if sim.up:
            return
        await asyncio.sleep(0.05)
    pytest.fail("the device is not back")


class TestSilence:
    @pytest.fixture
    def profile(self):
        return "ipc"

    async def test_is_a_timeout_that_names_the_request(self, sim):
        async with login(sim, timeout_s=0.3) as device:
            sim.quirks = Quirks(mute=frozenset({1020}))
            with pytest.raises(RequestTimeoutError, match="SystemInfo"):
                await device.system.info()


async def test_the_wi_fi_of_a_recorded_camera():
    recorded = {"Eth0Status": False, "SignalLevel": 61, "WlanMac": "02:00:00:00:00:01", "WlanStatus": True}
    state = await told("WifiRouteInfo", recorded, lambda system: system.wifi())
    assert (state.connected, state.cable, state.signal) == (True, False, 61)


@pytest.mark.parametrize("level", [-1, 101, "loud", None])
async def test_a_level_that_is_none_is_not_told(level):
    state = await told("WifiRouteInfo", {"SignalLevel": level}, lambda system: system.wifi())
    assert (state.connected, state.cable, state.signal) == (False, False, None)


async def test_no_object_is_no_wi_fi():
    with pytest.raises(ProtocolError, match="WifiRouteInfo: the device told no object"):
        await told("WifiRouteInfo", [], lambda system: system.wifi())


@pytest.mark.parametrize(
    ("kind", "sleeps"), [(285409282, True), (21, True), (26, True), (24, False), ("?", False)]
)
async def test_the_type_tells_who_lives_on_a_battery(kind, sleeps):
    info = await told("SystemInfo", {"DeviceType": kind, "VideoInChannel": 1}, lambda system: system.info())
    assert info.on_battery is sleeps
    assert info.is_doorbell is (kind == 21)
