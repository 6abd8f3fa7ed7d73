"""Actions on recordings, and what goes wrong with recordings."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import av
import pytest
from homeassistant.components import media_source
from homeassistant.components.media_player import BrowseError
from homeassistant.components.media_source import Unresolvable
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.dvrip import clips as module
from dvrip_proto.simulator import Simulator
from tests.homeassistant.world import entity, entry_for, set_up, until


@pytest.fixture(autouse=True)
async def browser(hass: HomeAssistant, tmp_path: Path) -> None:
    hass.config.config_dir = str(tmp_path)
    hass.config.allowlist_external_dirs = {str(tmp_path / "kept")}
    (tmp_path / "kept").mkdir()
    assert await async_setup_component(hass, "media_source", {})


async def _camera(hass: HomeAssistant, sim: Simulator) -> str:
    await set_up(hass, entry_for(sim))
    return entity(hass, f"{sim.serial}_0_main", "camera")


async def _act(hass: HomeAssistant, action: str, camera: str, response: bool = True, **data: Any) -> Any:
    found = await hass.services.async_call(
        "dvrip", action, {"entity_id": camera, **data}, blocking=True, return_response=response
    )
    return found[camera] if response and found else None


async def _day(hass: HomeAssistant) -> tuple[datetime, datetime]:
    """The last 24 hours: today alone is short after midnight."""
    entry = hass.config_entries.async_entries("dvrip")[0]
    now = await entry.runtime_data.session.device.system.time()
    return now - timedelta(days=1), now


def _length(item: dict[str, Any]) -> timedelta:
    return datetime.fromisoformat(item["end"]) - datetime.fromisoformat(item["start"])


async def _lasting(hass: HomeAssistant, camera: str) -> list[dict[str, Any]]:
    """Recordings that are no snippet between two others."""
    start, end = await _day(hass)
    found = (await _act(hass, "search_recordings", camera, start=start, end=end))["recordings"]
    return [dict(item) for item in found if _length(item) >= timedelta(seconds=20)]


async def _first(hass: HomeAssistant, camera: str) -> dict[str, Any]:
    return (await _lasting(hass, camera))[0]


async def test_recordings_are_found_by_time_and_reason(hass: HomeAssistant, sim: Simulator) -> None:
    camera = await _camera(hass, sim)
    start, end = await _day(hass)
    found = (await _act(hass, "search_recordings", camera, start=start, end=end))["recordings"]
    assert found
    assert all(item["start"] <= end.isoformat() for item in found)
    motion = await _act(hass, "search_recordings", camera, start=start, end=end, event="motion")
    assert motion["recordings"] == [item for item in found if "motion" in item["events"]]
    sim.archive.add(0, end - timedelta(minutes=2), end - timedelta(minutes=1), event="H")
    by_hand = await _act(hass, "search_recordings", camera, start=start, end=end, event="manual")
    assert by_hand["recordings"]
    assert all("manual" in item["events"] for item in by_hand["recordings"])
    played = await media_source.async_resolve_media(hass, found[0]["media_content_id"], None)
    assert played.mime_type == "video/mp4"


async def test_a_recording_is_saved_whole_or_not_at_all(
    hass: HomeAssistant, sim: Simulator, tmp_path: Path
) -> None:
    camera = await _camera(hass, sim)
    start, _ = await _day(hass)
    first = await _first(hass, camera)
    target = tmp_path / "kept" / "clip.mp4"
    data = {"time": first["start"], "filename": str(target)}
    await _act(hass, "download_recording", camera, response=False, **data)
    with av.open(str(target)) as video:
        assert video.streams.video[0].frames > 20
    for wrong, error in (
        ({"filename": "/etc/clip.mp4"}, "allowlist_external_dirs"),
        ({"filename": str(target / "clip.mp4")}, "File exists"),
        ({"time": start - timedelta(days=4000)}, "nothing is recorded"),
    ):
        with pytest.raises(ServiceValidationError, match=error):
            await _act(hass, "download_recording", camera, response=False, **{**data, **wrong})
    assert [path.name for path in await asyncio.to_thread(lambda: list(target.parent.iterdir()))] == [
        "clip.mp4"
    ]


async def test_pictures_of_the_past_every_so_many_minutes(
    hass: HomeAssistant, sim: Simulator, tmp_path: Path
) -> None:
    camera = await _camera(hass, sim)
    first = await _first(hass, camera)
    begin = datetime.fromisoformat(first["start"])
    folder = tmp_path / "kept" / "past"
    span = {"start": begin, "end": begin + timedelta(minutes=3), "directory": str(folder), "every": 1}
    made = await _act(hass, "recording_picture", camera, **span)
    assert made["files"]
    for name in made["files"]:
        assert (await asyncio.to_thread(Path(name).read_bytes)).startswith(b"\xff\xd8")
    with pytest.raises(ServiceValidationError):
        await _act(hass, "recording_picture", camera, **{**span, "end": begin + timedelta(days=9)})
    with pytest.raises(ServiceValidationError):
        await _act(hass, "recording_picture", camera, **{**span, "end": begin - timedelta(days=9)})
    (tmp_path / "kept" / "file").touch()
    with pytest.raises(ServiceValidationError):
        await _act(
            hass, "recording_picture", camera, **{**span, "directory": str(tmp_path / "kept" / "file" / "x")}
        )


async def _clip_url(hass: HomeAssistant, camera: str) -> str:
    first = await _first(hass, camera)
    return (await media_source.async_resolve_media(hass, first["media_content_id"], None)).url


async def test_a_device_that_is_away_is_said_to_be_away(
    hass: HomeAssistant, sim: Simulator, hass_client: ClientSessionGenerator
) -> None:
    camera = await _camera(hass, sim)
    url = await _clip_url(hass, camera)
    first = await _first(hass, camera)
    await sim.stop()
    entry = hass.config_entries.async_entries("dvrip")[0]
    await until(lambda: not entry.runtime_data.session.connected)
    entry.runtime_data.recordings._lists.clear()
    client = await hass_client()
    assert (await client.get(url)).status == 502
    assert (await client.get(url.replace("/recording/", "/thumbnail/"))).status == 502
    with pytest.raises(Unresolvable):
        await media_source.async_resolve_media(hass, first["media_content_id"], None)
    with pytest.raises(BrowseError):
        await media_source.async_browse_media(hass, f"media-source://dvrip/{entry.entry_id}/1")


async def test_who_leaves_ends_a_download_that_nobody_else_waits_for(
    hass: HomeAssistant, sim: Simulator
) -> None:
    camera = await _camera(hass, sim)
    start, end = await _day(hass)
    entry = hass.config_entries.async_entries("dvrip")[0]
    recordings = entry.runtime_data.recordings
    await _act(hass, "search_recordings", camera, start=start, end=end)
    (first, *_) = (await recordings.async_day(0, start.date())).values()
    with patch.object(module, "ABANDONED_S", 0.1), patch.object(module.Clips, "_download", _never):
        watching = recordings.clips.async_chunks(first)
        waiting = asyncio.ensure_future(anext(watching))
        await until(lambda: bool(recordings.clips._tasks))
        again = recordings.clips.async_chunks(first)
        also = asyncio.ensure_future(anext(again))
        await asyncio.sleep(0.1)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await asyncio.sleep(0.2)
        assert recordings.clips._tasks, "somebody else waits for it"
        also.cancel()
        await asyncio.gather(also, return_exceptions=True)
        await until(lambda: not recordings.clips._tasks)
    assert all(clip.error is not None for clip in recordings.clips._clips.values())


async def _never(*_: Any) -> None:
    await asyncio.Event().wait()


async def test_the_oldest_clips_make_room(
    hass: HomeAssistant, sim: Simulator, hass_client: ClientSessionGenerator
) -> None:
    camera = await _camera(hass, sim)
    found = sorted(await _lasting(hass, camera), key=_length)
    client = await hass_client()
    recordings = hass.config_entries.async_entries("dvrip")[0].runtime_data.recordings
    room = module.CACHE_BYTES
    for limit, kept in ((room, 1), (room, 2), (1, 1)):
        with patch.object(module, "CACHE_BYTES", limit):
            url = (await media_source.async_resolve_media(hass, found.pop(0)["media_content_id"], None)).url
            assert await (await client.get(url)).read()
            await until(lambda: all(clip.seekable for clip in recordings.clips._clips.values()))
        assert len(recordings.clips._clips) == kept
