"""The loudspeaker of a camera: what is said, in which order, how loud, and what cannot be said."""

from __future__ import annotations

import asyncio
import io
import json
import math
import wave
from array import array
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any
from unittest.mock import patch

import av
import pytest
import voluptuous as vol
from aiohttp import web
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.dvrip import media_player
from dvrip_proto.simulator import Simulator
from tests.homeassistant.world import PASSWORD, entity, entry_for, set_up, until


def tone(path: Path, seconds: float = 0.6) -> Path:
    """440 Hz, 44.1 kHz, stereo."""
    rate = 44100
    samples = [round(9000 * math.sin(2 * math.pi * 440 * at / rate)) for at in range(int(seconds * rate))]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(array("h", [sample for sample in samples for _ in range(2)]).tobytes())
    return path


@pytest.fixture
async def media(hass: HomeAssistant, tmp_path: Path) -> Path:
    """A folder of local media."""
    hass.config.media_dirs = {"local": str(tmp_path)}
    assert await async_setup_component(hass, "media_source", {})
    return tmp_path


async def _speaker(hass: HomeAssistant, sim: Simulator) -> str:
    await set_up(hass, entry_for(sim))
    return entity(hass, f"{sim.serial}_speaker", "media_player")


async def _play(hass: HomeAssistant, speaker: str, media_id: str, **more: Any) -> None:
    data = {"entity_id": speaker, "media_content_type": "music", "media_content_id": media_id, **more}
    await hass.services.async_call("media_player", "play_media", data, blocking=True)


def _said(sim: Simulator) -> bytes:
    return bytes(sim._unit.talk._sound)


async def test_a_local_sound_is_said_to_its_end(hass: HomeAssistant, sim: Simulator, media: Path) -> None:
    tone(media / "bell.wav")
    speaker = await _speaker(hass, sim)
    playing = asyncio.create_task(_play(hass, speaker, "media-source://media_source/local/bell.wav"))
    await until(lambda: hass.states.get(speaker).state == "playing")
    await playing
    assert hass.states.get(speaker).state == "idle"
    assert len(_said(sim)) == 15 * 320
    assert sim._unit.talk.speaker is None


async def test_speech_is_said(hass: HomeAssistant, sim: Simulator, media: Path) -> None:
    speech = tone(media / "speech.wav", 0.3).read_bytes()
    speaker = await _speaker(hass, sim)

    hello = "media-source://tts/voice?message=Hello+there&language=en"
    hass.config.components.add("tts")

    async def audio(_hass: HomeAssistant, media_id: str) -> tuple[str, bytes]:
        assert media_id == hello
        return "wav", speech

    with patch.object(media_player.tts, "async_get_media_source_audio", audio):
        titles = await _titles(hass, speaker, _play(hass, speaker, hello, announce=True))
    assert titles == ["Hello there", None]
    assert len(_said(sim)) == 8 * 320


async def _titles(hass: HomeAssistant, speaker: str, playing: Coroutine[Any, Any, None]) -> list[str | None]:
    """What the speaker shows from now on until it has said something."""
    seen = async_capture_events(hass, "state_changed")
    await playing
    await hass.async_block_till_done()
    states = [event.data["new_state"] for event in seen if event.data["entity_id"] == speaker]
    return [state.attributes.get("media_title") for state in states]


@pytest.mark.parametrize(
    ("extra", "title"),
    [
        ({"metadata": {"title": "A bell"}}, "A bell"),
        ({"metadata": {}}, None),
        ({"metadata": "of another kind"}, None),
        ({}, None),
    ],
)
async def test_a_sound_has_the_title_that_the_media_browser_gives_it(
    hass: HomeAssistant, sim: Simulator, media: Path, extra: dict[str, Any], title: str | None
) -> None:
    tone(media / "bell.wav", 0.2)
    speaker = await _speaker(hass, sim)
    bell = "media-source://media_source/local/bell.wav"
    assert await _titles(hass, speaker, _play(hass, speaker, bell, extra=extra)) == [title, None]


@pytest.fixture
async def somewhere(media: Path) -> AsyncIterator[str]:
    """A web server with a sound, a page, and too much of a sound."""
    content = {"/bell.wav": tone(media / "bell.wav").read_bytes(), "/page": b"<html>", "/big": bytes(2000)}

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path not in content:
            raise web.HTTPNotFound
        response = web.StreamResponse()
        await response.prepare(request)
        for half in (content[request.path][:1000], content[request.path][1000:]):
            await response.write(half)
            await asyncio.sleep(0.05)
        return response

    app = web.Application()
    app.router.add_get("/{name}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_a_sound_from_an_address_is_said(hass: HomeAssistant, sim: Simulator, somewhere: str) -> None:
    await _play(hass, await _speaker(hass, sim), f"{somewhere}/bell.wav")
    assert len(_said(sim)) == 15 * 320


async def test_what_is_no_sound_is_refused_and_opens_no_talk(
    hass: HomeAssistant, sim: Simulator, somewhere: str
) -> None:
    speaker = await _speaker(hass, sim)
    with pytest.raises(HomeAssistantError, match="could not be fetched"):
        await _play(hass, speaker, f"{somewhere}/missing")
    with pytest.raises(ServiceValidationError):
        await _play(hass, speaker, f"{somewhere}/page")
    with patch.object(media_player, "SOUND_MAX_BYTES", 1000), pytest.raises(ServiceValidationError):
        await _play(hass, speaker, f"{somewhere}/big")
    assert sim._unit.talk.heard_bytes == 0
    assert hass.states.get(speaker).state == "idle"


async def test_announcements_wait_for_each_other_and_a_new_sound_takes_over(
    hass: HomeAssistant, sim: Simulator, media: Path
) -> None:
    for name, seconds in (("long.wav", 20.0), ("short.wav", 0.2)):
        tone(media / name, seconds)
    speaker = await _speaker(hass, sim)
    local = "media-source://media_source/local"
    long = asyncio.create_task(_play(hass, speaker, f"{local}/long.wav"))
    await until(lambda: sim._unit.talk.heard_bytes > 0)
    behind = asyncio.create_task(_play(hass, speaker, f"{local}/short.wav", announce=True))
    await asyncio.sleep(0.3)
    assert not long.done()
    assert not behind.done()
    await _play(hass, speaker, f"{local}/short.wav")
    await asyncio.gather(long, behind)
    assert len(_said(sim)) == 5 * 320
    announced = [
        asyncio.create_task(_play(hass, speaker, f"{local}/short.wav", announce=True)) for _ in range(2)
    ]
    await asyncio.gather(*announced)
    assert hass.states.get(speaker).state == "idle"


async def test_stop_is_silence_at_once(hass: HomeAssistant, sim: Simulator, media: Path) -> None:
    tone(media / "long.wav", 20.0)
    speaker = await _speaker(hass, sim)
    playing = asyncio.create_task(_play(hass, speaker, "media-source://media_source/local/long.wav"))
    await until(lambda: sim._unit.talk.heard_bytes > 0)
    await hass.services.async_call("media_player", "media_stop", {"entity_id": speaker}, blocking=True)
    await playing
    assert sim._unit.talk.speaker is None
    assert hass.states.get(speaker).state == "idle"


async def test_somebody_else_who_talks_is_an_error(hass: HomeAssistant, sim: Simulator, media: Path) -> None:
    tone(media / "bell.wav")
    speaker = await _speaker(hass, sim)
    entry = hass.config_entries.async_entries("dvrip")[0]
    async with entry.runtime_data.session.talk():
        with pytest.raises(HomeAssistantError):
            await _play(hass, speaker, "media-source://media_source/local/bell.wav")


async def test_the_volume_is_the_device_s_own(hass: HomeAssistant, sim: Simulator) -> None:
    speaker = await _speaker(hass, sim)
    number = er.async_get(hass).async_get(entity(hass, f"{sim.serial}_0_speaker_volume", "number"))
    assert number is not None
    assert number.disabled, "the slider of the speaker is the same"
    await until(lambda: hass.states.get(speaker).attributes.get("volume_level") is not None)
    data = {"entity_id": speaker, "volume_level": 0.42}
    await hass.services.async_call("media_player", "volume_set", data, blocking=True)
    assert hass.states.get(speaker).attributes["volume_level"] == 0.42
    entry = hass.config_entries.async_entries("dvrip")[0]
    volume = await entry.runtime_data.session.device.settings.get("fVideo.Volume")
    assert volume[0]["LeftVolume"] == 42


async def test_a_device_without_a_volume_is_sent_softer_sound(
    hass: HomeAssistant, sim: Simulator, media: Path
) -> None:
    del sim.state.config["fVideo.Volume"]
    tone(media / "bell.wav")
    speaker = await _speaker(hass, sim)
    loudest = []
    for volume in (1.0, 0.1):
        data = {"entity_id": speaker, "volume_level": volume}
        await hass.services.async_call("media_player", "volume_set", data, blocking=True)
        assert hass.states.get(speaker).attributes["volume_level"] == volume
        await _play(hass, speaker, "media-source://media_source/local/bell.wav")
        with av.open(io.BytesIO(sim.heard()), "r") as heard:
            loudest.append(max(int(frame.to_ndarray().max()) for frame in heard.decode(audio=0)))
    assert loudest[1] < loudest[0] / 5


async def test_an_action_that_is_ended_ends_what_it_says(
    hass: HomeAssistant, sim: Simulator, media: Path
) -> None:
    tone(media / "long.wav", 20.0)
    speaker = await _speaker(hass, sim)
    playing = asyncio.create_task(_play(hass, speaker, "media-source://media_source/local/long.wav"))
    await until(lambda: sim._unit.talk.heard_bytes > 0)
    playing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await playing
    await until(lambda: sim._unit.talk.speaker is None)
    await until(lambda: hass.states.get(speaker).state == "idle")


async def test_sounds_can_be_browsed(hass: HomeAssistant, sim: Simulator, media: Path) -> None:
    tone(media / "bell.wav")
    (media / "film.mp4").touch()
    speaker = await _speaker(hass, sim)
    component = hass.data["entity_components"]["media_player"]
    player = component.get_entity(speaker)
    found = await player.async_browse_media("", "media-source://media_source/local/.")
    assert [child.title for child in found.children] == ["bell.wav"]


async def test_a_device_without_a_loudspeaker_has_no_speaker(hass: HomeAssistant, media: Path) -> None:
    mute = media / "mute.json"
    mute.write_text(json.dumps({"base": "ipc", "system_info": {"TalkOutChannel": 0}}))
    async with Simulator(profile=str(mute), users={"admin": PASSWORD}) as sim:
        await set_up(hass, entry_for(sim))
        registry = er.async_get(hass)
        assert registry.async_get_entity_id("media_player", "dvrip", f"{sim.serial}_speaker") is None


async def test_a_file_is_said_by_an_action(hass: HomeAssistant, sim: Simulator, tmp_path: Path) -> None:
    speaker = await _speaker(hass, sim)
    wish = {"entity_id": speaker, "file": str(tone(tmp_path / "bell.wav", 0.2))}
    with pytest.raises(ServiceValidationError, match="allowlist_external_dirs"):
        await hass.services.async_call("dvrip", "talk", wish, blocking=True)
    assert not _said(sim)
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    await hass.services.async_call("dvrip", "talk", wish, blocking=True)
    assert len(_said(sim)) >= 1600
    missing = {**wish, "file": str(tmp_path / "missing.wav")}
    with pytest.raises(ServiceValidationError, match="cannot be used"):
        await hass.services.async_call("dvrip", "talk", missing, blocking=True)
    with patch.object(media_player, "SOUND_MAX_BYTES", 100), pytest.raises(ServiceValidationError):
        await hass.services.async_call("dvrip", "talk", wish, blocking=True)


async def test_a_medium_is_said_by_an_action(hass: HomeAssistant, sim: Simulator, media: Path) -> None:
    speaker = await _speaker(hass, sim)
    tone(media / "bell.wav", 0.2)
    wish = {"entity_id": speaker, "media_content_id": "media-source://media_source/local/bell.wav"}
    await hass.services.async_call("dvrip", "talk", wish, blocking=True)
    assert len(_said(sim)) >= 1600
    for wrong in ({}, {"file": "/a", "media_content_id": "b"}):
        with pytest.raises(vol.Invalid):
            await hass.services.async_call("dvrip", "talk", {"entity_id": speaker, **wrong}, blocking=True)


async def test_viewers_talk_to_a_camera_and_never_through_a_channel_of_a_recorder(
    hass: HomeAssistant, sim: Simulator, recorder: Simulator
) -> None:
    for device, way_back in ((sim, True), (recorder, False)):
        data = (await set_up(hass, entry_for(device))).runtime_data
        data.streams.hub(0, "Extra1")
        assert data.session.can_talk
        assert (data.streams._path(0, "Extra1") in data.streams._running_relay()._talkbacks) is way_back
