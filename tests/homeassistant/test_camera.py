from __future__ import annotations

import asyncio
import io
import re
import threading
from unittest.mock import patch

import av
import pytest
from homeassistant.components.camera import async_get_image, async_get_stream_source
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from dvrip_proto import RequestError, StillTimes, UnsupportedError, sofia_hash
from dvrip_proto.simulator import Quirks, Simulator
from tests.homeassistant.world import PASSWORD, entity, entry_for, set_up, until


async def test_the_source_is_stable_local_and_free_of_the_password(
    hass: HomeAssistant, sim: Simulator
) -> None:
    await set_up(hass, entry_for(sim))
    for key in ("main", "sub"):
        camera = entity(hass, f"{sim.serial}_0_{key}", "camera")
        source = await async_get_stream_source(hass, camera)
        assert source == await async_get_stream_source(hass, camera)
        assert re.fullmatch(r"rtsp://dvrip:[\w-]{16,}@127\.0\.0\.1:\d+/\S+", source)
        assert PASSWORD not in source
    assert not sim.monitors


async def test_main_and_sub_have_their_own_sources(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up(hass, entry_for(sim))
    sources = {
        await async_get_stream_source(hass, entity(hass, f"{sim.serial}_0_{key}", "camera"))
        for key in ("main", "sub")
    }
    assert len(sources) == 2


def size(jpeg: bytes) -> tuple[int, int]:
    with av.open(io.BytesIO(jpeg), format="jpeg_pipe") as container:
        frame = next(container.decode(video=0))
        return frame.width, frame.height


async def test_a_still_is_a_picture_of_the_device(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up(hass, entry_for(sim))
    image = await async_get_image(hass, entity(hass, f"{sim.serial}_0_main", "camera"))
    assert image.content_type == "image/jpeg"
    assert min(size(image.content)) > 100


async def test_a_snapshot_is_written(hass: HomeAssistant, sim: Simulator, tmp_path) -> None:
    await set_up(hass, entry_for(sim))
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    target = tmp_path / "still.jpg"
    await hass.services.async_call(
        "camera",
        "snapshot",
        {"entity_id": entity(hass, f"{sim.serial}_0_sub", "camera"), "filename": str(target)},
        blocking=True,
    )
    assert min(size(target.read_bytes())) > 100


@pytest.mark.parametrize("codec", ["h264", "h265"])
async def test_without_snapshots_a_still_is_a_key_frame(hass: HomeAssistant, codec: str) -> None:
    users = {"admin": PASSWORD}
    async with Simulator(profile="nvr", channels=1, users=users, videos=[f"scene:{codec}"]) as sim:
        await sim.prepare_media()
        entry = await set_up(hass, entry_for(sim))
        camera = entity(hass, f"{sim.serial}_0_sub", "camera")
        image = await async_get_image(hass, camera)
        assert min(size(image.content)) > 100
        await asyncio.sleep(StillTimes().same_s)
        await async_get_image(hass, camera)
        assert 1560 not in {message_id for message_id, *_ in sim.requests}, "it would leave that unanswered"
        await until(lambda: not sim.monitors, 10.0)  # the connection is for others
        await hass.config_entries.async_unload(entry.entry_id)
        await until(lambda: not sim.monitors)


async def test_many_who_ask_at_once_share_one_picture(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up(hass, entry_for(sim))
    camera = entity(hass, f"{sim.serial}_0_main", "camera")
    other = entity(hass, f"{sim.serial}_0_sub", "camera")
    before = [message_id for message_id, *_ in sim.requests].count(1560)
    images = await asyncio.gather(*(async_get_image(hass, name) for name in (camera, other) * 5))
    assert len({image.content for image in images}) == 1
    assert [message_id for message_id, *_ in sim.requests].count(1560) == before + 1


async def test_a_snapshot_that_fails_is_tried_again_after_minutes(
    hass: HomeAssistant, sim: Simulator
) -> None:
    entry = await set_up(hass, entry_for(sim))
    entry.runtime_data.streams.stills.times = StillTimes(same_s=0.0, retry_s=1.0)
    camera = entity(hass, f"{sim.serial}_0_main", "camera")
    with patch(
        "dvrip_proto.features.snapshot.Snapshot.take", side_effect=RequestError("busy", ret=108)
    ) as take:
        for _ in range(2):
            assert (await async_get_image(hass, camera)).content
    assert take.call_count == 1
    await asyncio.sleep(1.0)
    with patch("dvrip_proto.features.snapshot.Snapshot.take", return_value=b"\xff\xd8 fresh") as take:
        assert (await async_get_image(hass, camera)).content == b"\xff\xd8 fresh"


async def test_a_snapshot_that_never_comes_is_not_waited_for_twice(hass: HomeAssistant) -> None:
    mute = Quirks(mute=frozenset({1560}))
    async with Simulator(profile="ipc", users={"admin": PASSWORD}, quirks=mute) as sim:
        entry = await set_up(hass, entry_for(sim))
        entry.runtime_data.streams.stills.times = StillTimes(snapshot_s=0.3, same_s=0.0)
        camera = entity(hass, f"{sim.serial}_0_main", "camera")
        for _ in range(2):
            assert min(size((await async_get_image(hass, camera)).content)) > 100
        assert [message_id for message_id, *_ in sim.requests].count(1560) == 1
        await hass.config_entries.async_unload(entry.entry_id)


async def test_a_channel_without_picture_says_so(hass: HomeAssistant) -> None:
    offline = Quirks(silent_channels=frozenset({0}))
    async with Simulator(profile="nvr", channels=2, users={"admin": PASSWORD}, quirks=offline) as sim:
        entry = await set_up(hass, entry_for(sim))
        entry.runtime_data.streams.stills.times = StillTimes(keyframe_s=0.5)
        with (
            patch("dvrip_proto.features.snapshot.Snapshot.take", side_effect=UnsupportedError("no", ret=103)),
            pytest.raises(HomeAssistantError),
        ):
            await async_get_image(hass, entity(hass, f"{sim.serial}_0_sub", "camera"))
        await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.parametrize("codec", ["h264", "h265"])
async def test_live_video_plays_in_the_browser_s_format(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
    codec: str,
) -> None:
    assert await async_setup_component(hass, "stream", {"stream": {"segment_duration": 2}})
    async with Simulator(profile="ipc", users={"admin": PASSWORD}, videos=[f"scene:{codec}"]) as sim:
        entry = await set_up(hass, entry_for(sim))
        camera = entity(hass, f"{sim.serial}_0_main", "camera")
        ws = await hass_ws_client(hass)
        await ws.send_json_auto_id({"type": "camera/stream", "entity_id": camera})
        answer = await ws.receive_json()
        assert answer["success"], answer
        client = await hass_client()

        master = answer["result"]["url"]
        base = master.rsplit("/", 1)[0]
        playlist = await fetch(client, master)
        assert b"avc1" in playlist if codec == "h264" else b"hvc1" in playlist
        text = (await fetch(client, f"{base}/playlist.m3u8")).decode()
        init = re.search(r'EXT-X-MAP:URI="([^"]+)"', text)[1]
        part = re.search(r'EXT-X-PART:.*URI="([^"]+)"', text)[1]
        movie = await fetch(client, f"{base}/{init}") + await fetch(client, f"{base}/{part}")
        with av.open(io.BytesIO(movie)) as container:
            frames = sum(1 for _ in container.decode(video=0))
            assert container.streams.video[0].codec_context.name == {"h264": "h264", "h265": "hevc"}[codec]
        assert frames > 5
        assert sim.monitors_peak == {(0, "Main"): 1}

        assert await hass.config_entries.async_unload(entry.entry_id)
        await until(lambda: not sim.monitors)


@pytest.mark.parametrize("preloaded", [False, True])
async def test_unload_ends_a_stream_that_is_watched(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, sim: Simulator, preloaded: bool
) -> None:
    entry = await set_up(hass, entry_for(sim))
    camera = entity(hass, f"{sim.serial}_0_main", "camera")
    ws = await hass_ws_client(hass)
    await ws.send_json_auto_id({"type": "camera/stream", "entity_id": camera})
    assert (await ws.receive_json())["success"]
    if preloaded:
        change = {"type": "camera/update_prefs", "entity_id": camera, "preload_stream": True}
        await ws.send_json_auto_id(change)
        assert (await ws.receive_json())["success"]
    await until(lambda: sim.monitors == {(0, "Main"): 1})
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert not [thread for thread in threading.enumerate() if thread.name == "stream_worker"]
    assert hass.data["stream"]["streams"] == [], "kept with its decoder, its entity and the session of that"
    await until(lambda: not sim.monitors)
    await until(lambda: sim.connections == 0)


async def test_a_stop_of_home_assistant_ends_a_stream_that_is_watched(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, sim: Simulator
) -> None:
    await set_up(hass, entry_for(sim))
    camera = entity(hass, f"{sim.serial}_0_main", "camera")
    ws = await hass_ws_client(hass)
    await ws.send_json_auto_id({"type": "camera/stream", "entity_id": camera})
    assert (await ws.receive_json())["success"]
    await until(lambda: sim.monitors == {(0, "Main"): 1})
    await ws.close()
    async with asyncio.timeout(20):
        await hass.async_stop(force=True)
    await until(lambda: sim.connections == 0)
    assert not [thread for thread in threading.enumerate() if thread.name == "stream_worker"]


async def test_no_secret_reaches_the_log(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    entry = await set_up(hass, entry_for(sim))
    camera = entity(hass, f"{sim.serial}_0_main", "camera")
    source = await async_get_stream_source(hass, camera)
    ws = await hass_ws_client(hass)
    await ws.send_json_auto_id({"type": "camera/stream", "entity_id": camera})
    assert (await ws.receive_json())["success"]
    await async_get_image(hass, camera)
    await until(lambda: sim.monitors == {(0, "Main"): 1})
    sim.drop_connections()
    await until(lambda: not entry.runtime_data.session.connected)
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert "connection lost" in caplog.text
    token = source.split("@")[0].split(":")[2]
    for secret in (PASSWORD, sofia_hash(PASSWORD), token):
        assert secret not in caplog.text


async def fetch(client, path: str) -> bytes:
    async with asyncio.timeout(30):
        while True:
            async with client.get(path) as response:
                if response.status == 200:
                    return await response.read()
            await asyncio.sleep(0.1)


async def test_cameras_and_stills_are_the_hub_s_one_stream(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up(hass, entry_for(sim))
    source = await async_get_stream_source(hass, entity(hass, f"{sim.serial}_0_main", "camera"))

    def watch() -> int:
        with av.open(source, options={"rtsp_transport": "tcp"}, timeout=10) as container:
            return sum(
                1 for _, packet in zip(range(20), container.demux(video=0), strict=False) if packet.size
            )

    counts = await asyncio.gather(*(hass.async_add_executor_job(watch) for _ in range(3)))
    assert counts == [20, 20, 20]
    assert sim.monitors_started == {(0, "Main"): 1}
