"""Recordings in the media browser and over HTTP, from a device's own disk."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import av
import pytest
from homeassistant.components import media_source
from homeassistant.components.media_player import BrowseError
from homeassistant.components.media_source import BrowseMediaSource, Unresolvable
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from dvrip_proto import MediaFrame, Recording
from dvrip_proto.simulator import Simulator
from dvrip_proto.wire.ids import MessageId
from tests.homeassistant.world import entry_for, set_up, until

ROOT = "media-source://dvrip"


@pytest.fixture(autouse=True)
async def browser(hass: HomeAssistant, tmp_path: Path) -> None:
    """A media browser, and a configuration folder of its own: clips are kept below it."""
    hass.config.config_dir = str(tmp_path)
    assert await async_setup_component(hass, "media_source", {})


async def _children(hass: HomeAssistant, identifier: str = "") -> list[BrowseMediaSource]:
    found = await media_source.async_browse_media(hass, f"{ROOT}/{identifier}" if identifier else ROOT)
    return list(found.children or [])


async def _first_clip(hass: HomeAssistant) -> BrowseMediaSource:
    """The first clip on the way down the tree that a person takes."""
    here = (await _children(hass))[0]
    while not here.can_play:
        here = (await _children(hass, here.identifier or ""))[0]
    return here


async def test_a_person_finds_a_clip_by_device_day_and_kind(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    (device,) = await _children(hass)
    assert device.title == "Gate"
    days = await _children(hass, device.identifier or "")
    assert [day.title for day in days] == sorted((day.title for day in days), reverse=True)
    kinds = await _children(hass, days[0].identifier or "")
    assert [kind.title for kind in kinds][:1] == ["All"]
    assert kinds[-1].title == "Pictures"
    clips = await _children(hass, kinds[0].identifier or "")
    assert clips
    assert all(clip.can_play and clip.media_content_type == "video/mp4" for clip in clips)
    assert all(
        (clip.identifier or "").startswith(f"{entry.entry_id}/1/{days[0].title}/all/") for clip in clips
    )


async def test_a_recorder_asks_for_the_channel_first(hass: HomeAssistant, recorder: Simulator) -> None:
    await set_up(hass, entry_for(recorder))
    (device,) = await _children(hass)
    channels = await _children(hass, device.identifier or "")
    assert [(channel.identifier or "").rpartition("/")[2] for channel in channels] == ["1", "2", "3", "4"]
    assert await _children(hass, channels[2].identifier or "")


async def test_a_clip_plays_while_it_comes_and_can_be_sought_in_afterwards(
    hass: HomeAssistant, sim: Simulator, hass_client: ClientSessionGenerator
) -> None:
    entry = await set_up(hass, entry_for(sim))
    clip = await _first_clip(hass)
    played = await media_source.async_resolve_media(hass, f"{ROOT}/{clip.identifier}", None)
    assert played.mime_type == "video/mp4"
    client = await hass_client()
    came = await client.get(played.url)
    assert came.status == 200
    body = await came.read()
    with av.open(io.BytesIO(body)) as video:
        assert video.streams.video[0].codec_context.name in ("h264", "hevc")
        assert sum(1 for packet in video.demux(video=0) if packet.size) > 20
    recordings = entry.runtime_data.recordings
    await until(lambda: all(each.seekable for each in recordings.clips._clips.values()))
    part = await client.get(played.url, headers={"Range": "bytes=0-99"})
    assert (part.status, len(await part.read())) == (206, 100)
    whole = await (await client.get(played.url)).read()
    assert whole.find(b"moov") < whole.find(b"mdat")


PROBE = {"Range": "bytes=0-1"}  # the first question of Safari, which gives up when all is sent


async def test_who_plays_only_what_comes_in_parts_waits_until_it_is_whole(
    hass: HomeAssistant, sim: Simulator, hass_client: ClientSessionGenerator
) -> None:
    await set_up(hass, entry_for(sim))
    clip = await _first_clip(hass)
    played = await media_source.async_resolve_media(hass, f"{ROOT}/{clip.identifier}", None)
    client = await hass_client()
    asked = await client.get(played.url, headers=PROBE)
    assert (asked.status, asked.content_type, len(await asked.read())) == (206, "video/mp4", 2)
    length = int(asked.headers["Content-Range"].removeprefix("bytes 0-1/"))
    rest = await client.get(played.url, headers={"Range": f"bytes=0-{length - 1}"})
    body = await rest.read()
    assert (rest.status, len(body)) == (206, length)
    assert 0 < body.find(b"moov") < body.find(b"mdat"), "what is whole can be sought in"
    with av.open(io.BytesIO(body)) as video:
        assert sum(1 for packet in video.demux(video=0) if packet.size) > 20


async def test_who_leaves_before_it_is_whole_is_not_waited_for(
    hass: HomeAssistant, sim: Simulator, hass_client: ClientSessionGenerator
) -> None:
    entry = await set_up(hass, entry_for(sim))
    clip = await _first_clip(hass)
    played = await media_source.async_resolve_media(hass, f"{ROOT}/{clip.identifier}", None)
    client = await hass_client()
    recordings, clips = entry.runtime_data.session.device.recordings, entry.runtime_data.recordings.clips
    real, goes_on = recordings.download, asyncio.Semaphore(0)

    @asynccontextmanager
    async def slow(recording: Recording) -> AsyncIterator[AsyncIterator[MediaFrame]]:
        async def each(frames: AsyncIterator[MediaFrame]) -> AsyncIterator[MediaFrame]:
            async for frame in frames:
                yield frame
                await goes_on.acquire()

        async with real(recording) as frames:
            yield each(frames)

    def readers() -> int:
        goes_on.release()
        return sum(each.readers for each in clips._clips.values())

    with patch.object(recordings, "download", slow):
        asking = asyncio.ensure_future(client.get(played.url, headers=PROBE))
        await until(lambda: readers() == 1)
        asking.cancel()
        await asyncio.wait([asking])
        await until(lambda: readers() == 0)
        assert not any(each.whole for each in clips._clips.values())
        assert clips._abandoned
        await clips.async_stop()


async def test_nobody_watches_without_being_signed_in(
    hass: HomeAssistant, sim: Simulator, hass_client_no_auth: ClientSessionGenerator
) -> None:
    await set_up(hass, entry_for(sim))
    clip = await _first_clip(hass)
    played = await media_source.async_resolve_media(hass, f"{ROOT}/{clip.identifier}", None)
    client = await hass_client_no_auth()
    assert (await client.get(played.url)).status == 401
    assert (await client.get(str(clip.thumbnail))).status == 401


async def test_the_frontend_gets_a_signed_address(
    hass: HomeAssistant,
    sim: Simulator,
    hass_ws_client: WebSocketGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    await set_up(hass, entry_for(sim))
    clip = await _first_clip(hass)
    socket = await hass_ws_client(hass)
    await socket.send_json_auto_id(
        {"type": "media_source/resolve_media", "media_content_id": f"{ROOT}/{clip.identifier}"}
    )
    answer = await socket.receive_json()
    assert answer["success"], answer
    assert "authSig=" in answer["result"]["url"]
    client = await hass_client_no_auth()
    assert (await client.get(answer["result"]["url"])).status == 200


async def test_a_thumbnail_is_the_first_picture(
    hass: HomeAssistant, sim: Simulator, hass_client: ClientSessionGenerator
) -> None:
    await set_up(hass, entry_for(sim))
    clip = await _first_clip(hass)
    client = await hass_client()
    answers = await asyncio.gather(*(client.get(str(clip.thumbnail)) for _ in range(3)))
    pictures = {await answer.read() for answer in answers}
    assert len(pictures) == 1
    assert pictures.pop().startswith(b"\xff\xd8")


async def test_recorded_pictures_are_pictures(
    hass: HomeAssistant, sim: Simulator, hass_client: ClientSessionGenerator
) -> None:
    await set_up(hass, entry_for(sim))
    (device,) = await _children(hass)
    for day in await _children(hass, device.identifier or ""):
        pictures = await _children(hass, f"{day.identifier}/pictures")
        if pictures:
            break
    else:
        pytest.fail("the simulated disk has no picture")
    played = await media_source.async_resolve_media(hass, f"{ROOT}/{pictures[0].identifier}", None)
    assert played.mime_type == "image/jpeg"
    client = await hass_client()
    assert (await (await client.get(played.url)).read()).startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    "wrong",
    [
        "nobody",
        "{entry}/0",
        "{entry}/x",
        "{entry}/1/yesterday",
        "{entry}/99/2026-01-01/all/x",
        "{entry}/1/2026-01-01/all/x/y/z",
    ],
)
async def test_an_address_that_is_none_is_refused(hass: HomeAssistant, sim: Simulator, wrong: str) -> None:
    entry = await set_up(hass, entry_for(sim))
    identifier = f"{ROOT}/{wrong.format(entry=entry.entry_id)}"
    with pytest.raises(Unresolvable):
        await media_source.async_resolve_media(hass, identifier, None)
    if wrong.count("/") < 4 or "/99/" not in wrong:
        with pytest.raises(BrowseError):
            await media_source.async_browse_media(hass, identifier)


async def test_a_mark_of_nothing_is_not_found(
    hass: HomeAssistant, sim: Simulator, hass_client: ClientSessionGenerator
) -> None:
    entry = await set_up(hass, entry_for(sim))
    client = await hass_client()
    for tail in ("1/2026-01-01/h264/x", "0/2026-01-01/h264/x", "1/2026-13-01/h264/x", "1/2026-01-01/exe/x"):
        assert (await client.get(f"/api/dvrip/recording/{entry.entry_id}/{tail}")).status == 404
    assert (await client.get("/api/dvrip/recording/nobody/1/2026-01-01/h264/x")).status == 404


async def _search(hass: HomeAssistant, identifier: str, words: str) -> list[Any]:
    from homeassistant.components.media_player import SearchMediaQuery

    item = media_source.MediaSourceItem(hass, "dvrip", identifier, None)
    return list((await item.async_search(SearchMediaQuery(search_query=words))).result)


async def test_a_search_takes_a_day_and_words(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    every = await _search(hass, entry.entry_id, "")
    assert every
    today = await _search(hass, "", "today")
    day = today[0].title.split()[1]
    assert [clip.title for clip in await _search(hass, f"{entry.entry_id}/1", day)] == [
        clip.title for clip in today
    ]
    motion = await _search(hass, entry.entry_id, "motion")
    assert motion
    assert all("motion" in clip.title for clip in motion)
    assert await _search(hass, entry.entry_id, "no such word") == []


async def test_a_recorder_is_asked_once_for_what_all_channels_share_and_never_for_what_is_not_shown(
    hass: HomeAssistant, recorder: Simulator
) -> None:
    await set_up(hass, entry_for(recorder))
    (device,) = await _children(hass)
    recorder.requests.clear()
    await _search(hass, device.identifier or "", "motion")
    months = sum(number == MessageId.FILE_SEARCH_CALENDAR for number, _, _ in recorder.requests)
    assert months == 3, "of four channels"
    (day, *_) = await _children(hass, f"{device.identifier}/1")
    recorder.requests.clear()
    await _children(hass, f"{day.identifier}/pictures")
    searches = sum(number == MessageId.FILE_SEARCH for number, _, _ in recorder.requests)
    assert searches == 1, "the pictures, and no videos"


async def test_a_clip_that_nobody_waits_for_is_given_up_and_nothing_stays(
    hass: HomeAssistant, sim: Simulator, tmp_path: Path
) -> None:
    entry = await set_up(hass, entry_for(sim))
    await _first_clip(hass)
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert await asyncio.to_thread(lambda: list(tmp_path.rglob("*.mp4*"))) == []


async def test_a_folder_cannot_be_played(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    for folder in ("1", "1/2026-01-01", "1/2026-01-01/all"):
        with pytest.raises(Unresolvable):
            await media_source.async_resolve_media(hass, f"{ROOT}/{entry.entry_id}/{folder}", None)
