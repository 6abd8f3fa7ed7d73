"""Every action with targets, numbers, times, paths and values that make no sense: an answer, never a traceback."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import voluptuous as vol
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.setup import async_setup_component

from custom_components.dvrip.const import DOMAIN
from dvrip_proto.simulator import Simulator
from tests.homeassistant.world import entity, entry_for, set_up

INF, NAN, HUGE = float("inf"), float("nan"), 10**400
MOMENT = "2026-11-26 00:10:00"
NO_NUMBER = (HUGE, INF, NAN, "fast", "{{ 5 }}", None, [], {})
NO_PATH = (
    "",
    "/etc/passwd",
    "../x",
    "{ok}/../../x",
    "{ok}/a\0b",
    "{ok}/\ud800",
    "http://x/y",
    "{{ x }}",
    None,
)
NO_MOMENT = ("x", None, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "9999-12-31 23:59:59", HUGE)
NO_MEDIUM = ("", "x", "http://[::1", "http://", "media-source://nope/x", "media-source://tts/x?message=y",
             "media-source://dvrip/x", "file:///etc/passwd", "ftp://x", "\0", None, [], "a" * 9000)  # fmt: skip
NO_OBJECT = ("", "NoSuch.Object", "..", "[0]", "\0", "x" * 9000, "Record.[99]", "{{ x }}", None, [])
NO_VALUE = (None, 5, "x", [], {"NoSuch": 1}, {"AutoLogout": HUGE}, {"AutoLogout": INF}, {"AutoLogout": NAN},
            {"AutoLogout": {"a": 1}}, {"AutoLogout": "{{ x }}"}, {1: 2}, [{}] * 500, object(),
            {"MachineName": "\ud800"}, {"MachineName": "x" * 9000})  # fmt: skip
NO_TARGET: tuple[dict[str, Any], ...] = ({"entity_id": []}, {"device_id": []}, {"entity_id": "camera.other"},
             {"entity_id": "camera.nope"}, {"device_id": "nope"}, {"area_id": "nope"},
             {"entity_id": "none"}, {})  # fmt: skip


def deep(levels: int) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for _ in range(levels):
        tree = {"a": tree}
    return tree


def wishes() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Kind of target, action and data of each."""
    for action in ("ptz_move", "ptz_start"):
        yield from (("camera", action, {"direction": way}) for way in ("left; rm", "", None, ["left"], 5))
        yield from (("camera", action, {"direction": "left", "speed": speed}) for speed in (0, 9, *NO_NUMBER))
    yield from (
        ("camera", "ptz_move", {"direction": "left", "duration": each}) for each in (0, 11, *NO_NUMBER)
    )
    for key, action in (("preset", "ptz_preset"), ("tour", "ptz_tour")):
        yield from (
            ("camera", action, {key: each}) for each in (-1, 256, "", " ", "nobody", "\0", *NO_NUMBER)
        )
    yield from (("camera", "ptz_auxiliary", {"number": each}) for each in (-1, 256, *NO_NUMBER))
    for path in NO_PATH:
        yield "camera", "snapshot", {"filename": path}
        yield "camera", "download_recording", {"filename": path, "time": MOMENT}
        yield "camera", "recording_picture", {"directory": path, "start": MOMENT, "end": MOMENT}
        yield "speaker", "talk", {"file": path}
    for moment in NO_MOMENT:
        span = {"start": moment, "end": moment}
        yield "camera", "search_recordings", span
        yield "camera", "recording_picture", {**span, "directory": "{ok}/p"}
        yield "camera", "download_recording", {"time": moment, "filename": "{ok}/p.mp4"}
    backwards = {"start": MOMENT, "end": "2026-11-25 00:00:00"}
    yield "camera", "search_recordings", backwards
    yield "camera", "recording_picture", {**backwards, "directory": "{ok}/p"}
    yield "camera", "search_recordings", {"start": "1970-01-01 00:00:00", "end": "2999-12-31 00:00:00"}
    yield "camera", "download_recording", {"time": "2999-12-31 23:59:59", "filename": "{ok}/p.mp4"}
    for every in (0, 1441, *NO_NUMBER):
        past = {"start": MOMENT, "end": MOMENT, "directory": "{ok}/p", "every": every}
        yield "camera", "recording_picture", past
    yield from (("speaker", "talk", {"media_content_id": medium}) for medium in NO_MEDIUM)
    yield "speaker", "talk", {}
    yield "speaker", "talk", {"file": "a", "media_content_id": "b"}
    for name in NO_OBJECT:
        yield "device", "get_config", {"name": name}
        yield "device", "set_config", {"name": name, "value": {"a": 1}}
    for number in (0, -1, 2, 999, *NO_NUMBER):
        yield "device", "get_config", {"name": "Record", "channel": number}
        yield "device", "set_config", {"name": "Record", "channel": number, "value": {"PreRecord": 1}}
    for value in (*NO_VALUE, deep(40), deep(3000)):
        yield "device", "set_config", {"name": "General.General", "value": value}


async def test_what_makes_no_sense_is_answered(hass: HomeAssistant, sim: Simulator, tmp_path: Path) -> None:
    hass.config.config_dir = str(tmp_path)
    ok = tmp_path / "ok"
    hass.config.allowlist_external_dirs = {str(ok)}
    await asyncio.to_thread(ok.mkdir)
    entry = await set_up(hass, entry_for(sim))
    targets = {
        "camera": {"entity_id": entity(hass, f"{sim.serial}_0_main", "camera")},
        "speaker": {"entity_id": entity(hass, f"{sim.serial}_speaker", "media_player")},
        "device": {"device_id": entry.runtime_data.session.device_id},
    }
    told = 0
    for target, action, wish in wishes():
        data = {
            key: each.replace("{ok}", str(ok)) if isinstance(each, str) else each
            for key, each in wish.items()
        }
        with pytest.raises((vol.Invalid, HomeAssistantError)) as raised:
            await hass.services.async_call(
                DOMAIN,
                action,
                {**targets[target], **data},
                blocking=True,
                return_response=action in ("search_recordings", "get_config"),
            )
        error = raised.value
        if isinstance(error, HomeAssistantError) and error.translation_domain == DOMAIN:
            told += 1
            assert str(error).startswith("Gate") or error.translation_key == "path_not_allowed", error
            assert len(str(error)) < 500
            str(error).encode()
    assert told > 60
    assert list(ok.iterdir()) == []


@pytest.mark.parametrize("action", ["get_config", "set_config", "sync_time"])
async def test_a_target_that_is_no_device_of_ours_is_told(
    hass: HomeAssistant, sim: Simulator, action: str
) -> None:
    entry = await set_up(hass, entry_for(sim))
    hass.states.async_set("camera.other", "idle")
    wish: dict[str, Any] = {} if action == "sync_time" else {"name": "General.General"}
    wish |= {"value": {}} if action == "set_config" else {}
    answered = action == "get_config"
    for target in NO_TARGET:
        with pytest.raises((vol.Invalid, ServiceValidationError)) as raised:
            await hass.services.async_call(
                DOMAIN, action, {**target, **wish}, blocking=True, return_response=answered
            )
        if target:
            assert str(raised.value) == "None of the targets is a DVRIP device"
    device = {"device_id": entry.runtime_data.session.device_id}
    assert await hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(ServiceValidationError, match="^Gate: This device is not set up"):
        await hass.services.async_call(
            DOMAIN, action, {**device, **wish}, blocking=True, return_response=answered
        )


async def test_an_action_on_a_camera_passes_by_what_is_none_of_ours(
    hass: HomeAssistant, sim: Simulator
) -> None:
    await set_up(hass, entry_for(sim))
    hass.states.async_set("camera.other", "idle")
    asked = len(sim.requests)
    for target in NO_TARGET:
        with suppress(vol.Invalid):
            await hass.services.async_call(DOMAIN, "ptz_stop", target, blocking=True)
    assert len(sim.requests) == asked


async def test_an_error_names_the_channel_that_it_is_of(hass: HomeAssistant, recorder: Simulator) -> None:
    recorder.state.config["ChannelTitle"][:] = ["Yard", "Door", "Lane", "Shed"]
    await set_up(hass, entry_for(recorder))
    camera = {"entity_id": entity(hass, f"{recorder.serial}_2_sub", "camera")}
    with pytest.raises(ServiceValidationError, match="^Lane: .*nobody"):
        await hass.services.async_call(DOMAIN, "ptz_preset", {**camera, "preset": "nobody"}, blocking=True)


@pytest.mark.parametrize("name", ["Detect.MotionDetect", "Detect"])
async def test_two_who_change_one_object_at_once_lose_nothing(
    hass: HomeAssistant, sim: Simulator, name: str
) -> None:
    assert await async_setup_component(hass, "homeassistant", {})
    entry = await set_up(hass, entry_for(sim))
    switch = entity(hass, f"{sim.serial}_0_motion_detection", "switch")
    device = {"device_id": entry.runtime_data.session.device_id}
    motion = sim.state.config["Detect.MotionDetect"][0]
    motion |= {"Enable": True, "Level": 3}
    settings = entry.runtime_data.session.device.settings
    planned, go_on, real = asyncio.Event(), asyncio.Event(), settings.plan

    async def slowly(*args: Any, **kwargs: Any) -> Any:
        plan = await real(*args, **kwargs)
        if args[0] == name and not planned.is_set():
            planned.set()
            await go_on.wait()
        return plan

    wanted: Any = [{"Level": 5}] if name == "Detect.MotionDetect" else {"MotionDetect": [{"Level": 5}]}
    with patch.object(settings, "plan", slowly):
        wish = {**device, "name": name, "value": wanted}
        changing = hass.async_create_task(hass.services.async_call(DOMAIN, "set_config", wish, blocking=True))
        await planned.wait()
        await hass.services.async_call("switch", "turn_off", {"entity_id": switch}, blocking=True)
        go_on.set()
        await changing
    told = sim.state.config["Detect.MotionDetect"][0]
    assert (told["Enable"], told["Level"]) == (False, 5)
