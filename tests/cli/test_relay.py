"""`dvrip relay`: who may watch, and who may talk."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import dvrip_proto
from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.wire.ids import MessageId
from tests.relay.client import Client
from tests.relay.conftest import until

from .conftest import PASSWORD, Dvrip

TOKEN = "a token that stays"
BACKCHANNEL = "www.onvif.org/ver20/backchannel"
PACKET = 8 + 320


@asynccontextmanager
async def relaying(*words: object) -> AsyncIterator[tuple[list[str], Path]]:
    """A relay as people start it: its addresses, then what it said in all."""
    environment = os.environ | {
        "PYTHONPATH": str(Path(dvrip_proto.__file__).parent.parent),
        "DVRIP_PASSWORD": PASSWORD,
        "DVRIP_RELAY_TOKEN": TOKEN,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "dvrip_proto", "relay", *map(str, words), "--rtsp-port", "0", "--json"),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    said: list[str] = []
    try:
        text = b""
        async with asyncio.timeout(20):
            while not text.rstrip().endswith(b"]"):
                text += await process.stdout.readline()
        yield [entry["url"] for entry in json.loads(text)], said
    finally:
        process.terminate()
        async with asyncio.timeout(20):
            said.append((await process.communicate())[1].decode())
    assert process.returncode == 0


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[tuple[Client, str]]:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        yield Client(parts.port or 0, TOKEN, reader, writer), parts.path
    finally:
        writer.close()


async def offered(client: Client, path: str) -> list[str]:
    """The tracks that are described to somebody who can talk; the way back is the last one."""
    status, _, body = await client.ask("DESCRIBE", path, Require=BACKCHANNEL)
    assert status == 200
    assert body.count(b"a=sendonly") <= 1
    return [f"{path}/{line[10:]}" for line in body.decode().splitlines() if line.startswith("a=control:t")]


async def test_viewers_talk_to_the_device_one_at_a_time(device: Simulator, at: str) -> None:
    talk = device._unit.talk
    async with relaying(at, "-c", 1, "--stream", "main", "--stream", "sub") as (urls, said):
        async with connected(urls[0]) as (first, main), connected(urls[1]) as (second, sub):
            track = (await offered(first, main))[-1]
            assert (await first.ask("SETUP", track, Transport="RTP/AVP/TCP;interleaved=6-7"))[0] == 200
            assert (await first.ask("PLAY", main))[0] == 200
            track = (await offered(second, sub))[-1]
            assert (await second.ask("SETUP", track, Transport="RTP/AVP/TCP;interleaved=6-7"))[0] == 453
            await first.say(6, bytes(range(1, 161)) * 10)
            await until(lambda: talk.heard_bytes == 5 * PACKET)
        await until(lambda: talk.speaker is None)
    assert said[0].count("\n") == 1
    assert f"no talk for a viewer: {at}: OPTalk: somebody else is talking to the device" in said[0]


async def test_talking_can_be_forbidden_and_viewers_limited(device: Simulator, at: str) -> None:
    async with (
        relaying(at, "-c", 1, "--stream", "main", "--no-talk", "--max-viewers", 1) as (urls, _),
        connected(urls[0]) as (first, path),
        connected(urls[0]) as (second, _),
    ):
        _, _, body = await first.ask("DESCRIBE", path, Require=BACKCHANNEL)
        assert b"m=video" in body
        assert b"a=sendonly" not in body
        assert (await second.ask("DESCRIBE", path))[0] == 453
    assert MessageId.TALK_CLAIM not in [message_id for message_id, _, _ in device.requests]


async def test_a_device_that_takes_no_talk_is_watched_all_the_same(device: Simulator, at: str) -> None:
    device.quirks = Quirks(mute=frozenset({int(MessageId.TALK_CLAIM), int(MessageId.TALK)}))
    async with relaying(at, "-c", 1, "--stream", "main", "--timeout", 2) as (urls, said):
        async with connected(urls[0]) as (client, path):
            tracks = await offered(client, path)
            tcp = "RTP/AVP/TCP;interleaved={}-{}"
            assert (await client.ask("SETUP", tracks[0], Transport=tcp.format(0, 1)))[0] == 200
            assert (await client.ask("SETUP", tracks[-1], Transport=tcp.format(6, 7)))[0] == 503
            assert client.reason == "The Device Opens No Talk"
            assert (await client.ask("PLAY", path))[0] == 200
            assert {(await client.packet())[0] for _ in range(100)} == {0, 1}
        assert device.monitors_started == {(0, "Main"): 1}
    assert said[0].count("\n") == 1, "the device's session goes on"
    assert "no talk for a viewer: " in said[0]
    assert "the device did not open the talk in time" in said[0]


@pytest.mark.parametrize("mute", [MessageId.TALK_CLAIM, MessageId.TALK])
async def test_one_answer_is_enough_for_a_viewer_to_talk(device: Simulator, at: str, mute: MessageId) -> None:
    device.quirks = Quirks(mute=frozenset({int(mute)}))
    async with (
        relaying(at, "-c", 1, "--stream", "main", "--timeout", 2) as (urls, said),
        connected(urls[0]) as (client, path),
    ):
        track = (await offered(client, path))[-1]
        assert (await client.ask("SETUP", track, Transport="RTP/AVP/TCP;interleaved=6-7"))[0] == 200
    assert "no talk" not in said[0]


async def test_a_device_that_is_away_cannot_be_talked_to(device: Simulator, at: str) -> None:
    async with (
        relaying(at, "-c", 1, "--stream", "main") as (urls, said),
        connected(urls[0]) as (client, path),
    ):
        track = (await offered(client, path))[-1]
        rebooting = asyncio.create_task(device.reboot(3))
        await asyncio.sleep(0.5)
        status, _, _ = await client.ask("SETUP", track, Transport="RTP/AVP/TCP;interleaved=6-7")
        assert (status, client.reason) == (503, "The Device Opens No Talk")
        await rebooting
    assert f"no talk for a viewer: {at}: not connected" in said[0]


async def test_no_viewer_at_all_is_no_limit(dvrip: Dvrip, at: str) -> None:
    shown = await dvrip("relay", at, "--max-viewers", 0)
    assert shown.code == 2
    assert "--max-viewers" in shown.err
