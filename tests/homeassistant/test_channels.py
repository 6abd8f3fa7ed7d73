from __future__ import annotations

from datetime import timedelta

import pytest
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir

from custom_components.dvrip import async_remove_config_entry_device
from custom_components.dvrip import status as status_module
from custom_components.dvrip.const import CONF_CHANNELS, CONF_STREAMS, DOMAIN
from custom_components.dvrip.entity import channel_name
from dvrip_proto import Device, RequestError
from dvrip_proto.simulator import Quirks, Simulator
from tests.homeassistant.world import PASSWORD, entity, entry_for, set_up, until


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute passes quickly."""
    assert timedelta(minutes=1) == status_module.INTERVAL
    monkeypatch.setattr(status_module, "INTERVAL", timedelta(seconds=0.2))


def channels_of(hass: HomeAssistant, sim: Simulator) -> set[str]:
    [entry] = hass.config_entries.async_entries(DOMAIN)
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    names = {next(iter(device.identifiers))[1] for device in devices}
    return {name.removeprefix(f"{sim.serial}|") for name in names if "|" in name}


def state(hass: HomeAssistant, entity_id: str) -> str:
    found = hass.states.get(entity_id)
    assert found is not None
    return found.state


async def test_a_slot_without_a_camera_has_nothing(hass: HomeAssistant) -> None:
    words = Quirks(channel_state={1: "NoConfig", 3: "NoConfig"})
    async with Simulator(profile="nvr", channels=4, users={"admin": PASSWORD}, quirks=words) as sim:
        entry = await set_up(hass, entry_for(sim))
        assert channels_of(hass, sim) == {"0", "2"}
        entries = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
        places = {one.unique_id.removeprefix(f"{sim.serial}_") for one in entries}
        assert not [place for place in places if place.startswith(("1_", "3_"))]
        assert {"0_motion_detection", "2_motion_detection", "0_main", "2_alarm"} <= places
        await hass.config_entries.async_unload(entry.entry_id)


async def test_a_recorder_that_is_busy_once_has_no_other_cameras_for_it(
    hass: HomeAssistant, prompt: None
) -> None:
    """Asked for the states of its cameras, it refuses for a moment: empty slots are no cameras then."""
    words = Quirks(channel_state={1: "NoConfig", 3: "NoConfig"})
    async with Simulator(profile="nvr", channels=4, users={"admin": PASSWORD}, quirks=words) as sim:
        entry = await set_up(hass, entry_for(sim))
        data = entry.runtime_data
        states = sim.state.config.pop("NetWork.ChnStatus")
        await data.status.async_refresh()
        await hass.async_block_till_done()
        sim.drop_connections()
        await until(lambda: not data.session.connected)
        await until(lambda: data.session.connected)
        await hass.async_block_till_done()
        assert entry.runtime_data is data  # it was not set up again
        assert channels_of(hass, sim) == {"0", "2"}
        assert state(hass, entity(hass, f"{sim.serial}_2_camera_state", "sensor")) == "connected"
        sim.state.config["NetWork.ChnStatus"] = states
        sim.set_link(3, "Connected")
        await until(lambda: channels_of(hass, sim) == {"0", "2", "3"})
        await hass.async_block_till_done()
        await hass.config_entries.async_unload(entry.entry_id)


async def test_a_recorder_that_starts_with_home_assistant_has_no_other_cameras_for_it(
    hass: HomeAssistant,
) -> None:
    """It refuses the states of its cameras from the login on: what it told last is believed."""
    words = Quirks(channel_state={1: "NoConfig", 3: "NoConfig"})
    async with Simulator(profile="nvr", channels=4, users={"admin": PASSWORD}, quirks=words) as sim:
        entry = await set_up(hass, entry_for(sim))
        await hass.config_entries.async_unload(entry.entry_id)
        states = sim.state.config.pop("NetWork.ChnStatus")
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        data = entry.runtime_data
        await data.status.async_refresh()
        await hass.async_block_till_done()
        assert entry.runtime_data is data  # it was not set up again
        assert data.session.present == [0, 2]
        assert channels_of(hass, sim) == {"0", "2"}
        sim.state.config["NetWork.ChnStatus"] = states
        sim.set_link(3, "Connected")
        await until(lambda: channels_of(hass, sim) == {"0", "2", "3"})
        await hass.async_block_till_done()
        await hass.config_entries.async_unload(entry.entry_id)


async def test_slots_that_a_busy_recorder_shows_at_first_leave_nothing_behind(hass: HomeAssistant) -> None:
    """It is met for the first time while it says nothing of its cameras."""
    words = Quirks(channel_state={1: "NoConfig", 3: "NoConfig"})
    async with Simulator(profile="nvr", channels=4, users={"admin": PASSWORD}, quirks=words) as sim:
        states = sim.state.config.pop("NetWork.ChnStatus")
        entry = await set_up(hass, entry_for(sim))
        assert channels_of(hass, sim) == {"0", "1", "2", "3"}
        sim.state.config["NetWork.ChnStatus"] = states
        await until(lambda: channels_of(hass, sim) == {"0", "2"})
        await hass.async_block_till_done()
        assert (DOMAIN, f"gone_channels_{entry.entry_id}") not in ir.async_get(hass).issues
        sim.set_link(2, "NoConfig")
        await until(lambda: entry.runtime_data.session.present == [0])
        await hass.async_block_till_done()
        assert channels_of(hass, sim) == {"0", "2"}, "a person decides"
        await hass.config_entries.async_unload(entry.entry_id)


async def test_a_recorder_that_tells_its_cameras_at_the_login_only_shows_them(
    hass: HomeAssistant,
    recorder: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def refuses(_device: Device) -> None:
        raise RequestError("h:1: busy", ret=101)

    monkeypatch.setitem(status_module._QUESTIONS, "channels", refuses)
    await set_up(hass, entry_for(recorder))
    assert state(hass, entity(hass, f"{recorder.serial}_2_camera_state", "sensor")) == "connected"
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    ("word", "shown"),
    [("Offline", "offline"), ("LoginFailed", "login_failed"), ("NoLogin", "no_login"), ("?", "connected")],
)
async def test_a_camera_that_is_away_is_unavailable_and_says_why(
    hass: HomeAssistant, recorder: Simulator, word: str, shown: str
) -> None:
    await set_up(hass, entry_for(recorder))
    names = [
        entity(hass, f"{recorder.serial}_2_{key}", platform)
        for key, platform in (
            ("sub", "camera"),
            ("motion", "binary_sensor"),
            ("motion_detection", "switch"),
            ("alarm", "event"),
        )
    ]
    why = entity(hass, f"{recorder.serial}_2_camera_state", "sensor")
    other = entity(hass, f"{recorder.serial}_1_sub", "camera")
    assert state(hass, why) == "connected"
    recorder.set_link(2, "" if word == "?" else word)
    await until(lambda: state(hass, why) == shown)
    away = {state(hass, name) == STATE_UNAVAILABLE for name in names}
    assert away == {word != "?"}
    assert state(hass, other) != STATE_UNAVAILABLE
    recorder.set_link(2, "")
    await until(lambda: all(state(hass, name) != STATE_UNAVAILABLE for name in names))


async def test_a_new_camera_is_there_at_run_time(hass: HomeAssistant) -> None:
    words = Quirks(channel_state={3: "NoConfig"})
    async with Simulator(profile="nvr", channels=4, users={"admin": PASSWORD}, quirks=words) as sim:
        entry = await set_up(hass, entry_for(sim))
        assert channels_of(hass, sim) == {"0", "1", "2"}
        sim.set_link(3, "Connected")
        await until(lambda: channels_of(hass, sim) == {"0", "1", "2", "3"})
        await hass.async_block_till_done()
        assert state(hass, entity(hass, f"{sim.serial}_3_sub", "camera")) == "idle"
        await hass.config_entries.async_unload(entry.entry_id)


async def test_a_camera_that_is_gone_can_be_removed(hass: HomeAssistant, recorder: Simulator) -> None:
    entry = await set_up(hass, entry_for(recorder))
    registry = dr.async_get(hass)
    [gone] = [
        device
        for device in dr.async_entries_for_config_entry(registry, entry.entry_id)
        if (DOMAIN, f"{recorder.serial}|3") in device.identifiers
    ]
    assert not await async_remove_config_entry_device(hass, entry, gone)
    recorder.set_link(3, "NoConfig")
    await until(lambda: entry.runtime_data.session.present == [0, 1, 2])
    await hass.async_block_till_done()
    assert channels_of(hass, recorder) == {"0", "1", "2", "3"}, "a person decides"
    assert await async_remove_config_entry_device(hass, entry, gone)


async def test_only_the_channels_that_were_picked(hass: HomeAssistant, recorder: Simulator) -> None:
    await set_up(hass, entry_for(recorder, options={CONF_CHANNELS: ["1", "4"]}))
    assert channels_of(hass, recorder) == {"0", "3"}


async def test_a_recorder_that_does_not_tell_has_all_its_channels(hass: HomeAssistant) -> None:
    async with Simulator(profile="nvr", channels=2, users={"admin": PASSWORD}) as sim:
        del sim.state.config["NetWork.ChnStatus"]
        entry = await set_up(hass, entry_for(sim))
        assert channels_of(hass, sim) == {"0", "1"}
        await hass.config_entries.async_unload(entry.entry_id)


async def test_channels_and_streams_are_picked_in_the_options(
    hass: HomeAssistant, recorder: Simulator
) -> None:
    recorder.set_link(1, "NoConfig")
    entry = await set_up(hass, entry_for(recorder))
    form = await hass.config_entries.options.async_init(entry.entry_id)
    offered = form["data_schema"].schema[CONF_CHANNELS].config["options"]
    assert [option["value"] for option in offered] == ["1", "3", "4"]
    assert offered[0]["label"].startswith("1: ")
    chosen = {"auto_off_s": 60, CONF_CHANNELS: ["3"], CONF_STREAMS: ["main"]}
    await hass.config_entries.options.async_configure(form["flow_id"], chosen)
    await hass.async_block_till_done()
    assert entry.runtime_data.session.present == [2]
    assert hass.states.async_entity_ids("camera") == [entity(hass, f"{recorder.serial}_2_main", "camera")]
    assert channels_of(hass, recorder) == {"2"}


async def test_channels_without_a_name_of_their_own_are_counted(
    hass: HomeAssistant, recorder: Simulator
) -> None:
    recorder.state.config["ChannelTitle"][:] = ["", "Yard", "Yard", "CAM04"]
    entry = await set_up(hass, entry_for(recorder))
    session = entry.runtime_data.session
    names = [channel_name(session, channel) for channel in range(4)]
    assert names == ["Gate 1", "Gate 2", "Gate 3", "Gate CAM04"]


async def test_the_options_end_with_the_field_that_is_as_high_as_all_others(
    hass: HomeAssistant, recorder: Simulator
) -> None:
    entry = await set_up(hass, entry_for(recorder))
    form = await hass.config_entries.options.async_init(entry.entry_id)
    assert [str(key) for key in form["data_schema"].schema] == [
        "auto_off_s",
        "streams",
        "channels",
        "firmware",
    ]
