"""Clients that mean harm, or break: whatever they send, the next client finds the device as it was."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.simulator.handlers import TABLE
from tests.simulator.raw import BLANK, Raw, pack, until, watch

IDS = sorted(number for number in TABLE if number not in (1000, 1002, 1450, 1522))


async def assert_healthy(device: Simulator) -> None:
    client = await Raw.login(device)
    for message_id, name in (
        (1020, "SystemInfo"),
        (1020, "WorkState"),
        (1048, "ChannelTitle"),
        (1452, "OPTimeQuery"),
    ):
        assert (await client.named(message_id, name)).ret == 100
    for name in ("General", "NetWork", "Detect", "Record"):
        assert (await client.named(1042, name)).ret == 100
    assert (await client.ask(1472, b"")).ret == 100
    client.close()


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_value_under_any_name_harms(data: st.DataObject) -> None:
    message_id = data.draw(st.sampled_from(IDS))
    name = data.draw(
        st.sampled_from(
            ["OPMonitor", "OPPTZControl", "OPSNAP", "OPTalk", "User", "Group", "NetWork.NetCommon", "Detect"]
        )
        | st.text(max_size=10)
    )
    body = {"Name": name, name: data.draw(json_values), "User": data.draw(json_values), "UserName": "admin"}

    async def scenario() -> None:
        async with Simulator(quirks=Quirks(late={})) as device:
            client = await Raw.login(device)
            client.send(message_id, body)
            client.send(1006, {"Name": "KeepAlive"})
            while (await client.receive()).message_id != 1007:
                pass
            await assert_healthy(device)
            await Raw.close_all()

    asyncio.run(scenario())


@settings(max_examples=40, deadline=None)
@given(raw=st.binary(max_size=200))
def test_no_bytes_harm(raw: bytes) -> None:
    async def scenario() -> None:
        async with Simulator() as device:
            stranger = await Raw.open(device)
            stranger.writer.write(raw)
            client = await Raw.login(device)
            client.writer.write(raw)
            await client.writer.drain()
            await assert_healthy(device)
            await Raw.close_all()

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ChannelTitle", "[1e999]"),
        ("ChannelTitle", '["\\ud800"]'),
        ("General.General", '{"MachineName": "\\ud83d"}'),
        ("General.General", '{"LocalNo": 1e999}'),
        ("Detect.BlindDetect.[0]", '{"Region": [1e999]}'),
        ("System.TimeZone", '{"timeMin": 99999999999999999}'),
        ("Uart.PTZPreset.[0]", '[{"Id": 1e400}]'),
        ("NetWork.AlarmServer.[0].Server", '{"Port": -5, "Name": "\\u0000"}'),
    ],
)
async def test_values_no_reply_could_carry_are_not_stored(
    device: Simulator, client: Raw, name: str, value: str
) -> None:
    reply = await client.ask(1040, f'{{"Name": "{name}", "{name}": {value}}}'.encode())
    assert reply.message_id == 1041
    device.raise_alarm()
    await assert_healthy(device)


@pytest.mark.parametrize(
    "text", ["0001-01-01 00:00:00", "9999-12-31 23:59:59", "1999-12-31 23:59:59", "2063-01-01 00:00:00", ""]
)
async def test_times_beyond_the_calendar_are_refused(device: Simulator, client: Raw, text: str) -> None:
    for name in ("OPTimeSetting", "OPUTCTimeSetting"):
        assert (await client.named(1450, name, text or 5)).ret == 103
    await assert_healthy(device)


async def test_the_edge_of_time_can_still_be_streamed(device: Simulator, client: Raw) -> None:
    assert await client.put("System.TimeZone.timeMin", 720) == 100
    assert (await client.named(1450, "OPUTCTimeSetting", "2000-01-01 00:00:00")).ret == 100
    assert (await client.named(1452, "OPTimeQuery")).json["OPTimeQuery"] == "2000-01-01 00:00:00"
    media = await watch(device, client)
    assert (await media.receive(10)).message_id == 1412


@pytest.mark.parametrize("message_id", [1424, 1413])
async def test_claims_of_every_kind_are_limited(device: Simulator, client: Raw, message_id: int) -> None:
    name = "OPPlayBack" if message_id == 1424 else "OPMonitor"
    claim = {"Action": "Claim", "Parameter": {"FileName": "/x.h264", "Channel": 0, "StreamType": "Main"}}
    codes = [(await client.named(message_id, name, claim)).ret for _ in range(140)]
    assert codes == [100] * 128 + [103] * 12
    await assert_healthy(device)


async def test_ten_thousand_logins_leave_the_device_serving(device: Simulator) -> None:
    member = await Raw.login(device)
    flood, served = await Raw.open(device), 0
    body = json.dumps({"EncryptType": "MD5", "PassWord": BLANK, "UserName": "admin"}).encode()
    for round_ in range(100):
        flood.writer.write(pack(1000, body) * 100)
        codes = {(await flood.receive(20)).ret for _ in range(100)}
        assert codes == {100}
        if round_ % 10 == 0:
            served += (await member.named(1006, "KeepAlive")).ret == 100
    assert served == 10
    assert device.sessions == 2
    await assert_healthy(device)


async def test_a_thousand_connections_of_strangers_leave_the_device_serving(device: Simulator) -> None:
    member = await Raw.login(device)
    media = await watch(device, member)
    strangers = []
    for number in range(1000):
        strangers.append(await Raw.open(device))
        if number % 250 == 0:
            assert (await media.receive(10)).message_id == 1412
            assert (await member.named(1006, "KeepAlive")).ret == 100
    await until(lambda: device.connections <= 512)
    await assert_healthy(device)
    assert (await media.receive(10)).message_id == 1412
    for stranger in strangers:
        stranger.close()


async def test_logins_that_never_end_leave_the_device_serving(device: Simulator) -> None:
    member = await Raw.login(device)
    for _ in range(300):
        (await Raw.login(device)).writer.transport.abort()
    assert (await member.named(1006, "KeepAlive")).ret == 100
    await until(lambda: device.sessions == 1)


async def test_a_flood_of_requests_does_not_starve_the_others(device: Simulator, client: Raw) -> None:
    """Somebody who asks for the largest object again and again, and reads nothing of it."""
    member = await Raw.login(device)
    client.writer.transport.pause_reading()
    wish = pack(1042, b'{"Name": "Detect"}', session=client.session)

    async def flood() -> None:
        while True:
            client.writer.write(wish * 100)
            await client.writer.drain()

    flooding = asyncio.create_task(flood())
    for _ in range(20):
        async with asyncio.timeout(2):
            assert (await member.named(1006, "KeepAlive")).ret == 100
        await asyncio.sleep(0.02)
    flooding.cancel()
    await asyncio.gather(flooding, return_exceptions=True)
    await assert_healthy(device)


async def test_half_open_sockets_end_while_others_are_served(device: Simulator) -> None:
    device.quirks = Quirks(unauthenticated_close_s=0.5, alive_interval_s=1)
    half = [await Raw.open(device) for _ in range(50)]
    for stranger in half:
        stranger.writer.write_eof()
    gone = await Raw.login(device)
    gone.writer.transport.pause_reading()
    silent = [await Raw.open(device) for _ in range(50)]
    member = await Raw.login(device)
    for _ in range(6):
        assert (await member.named(1006, "KeepAlive")).ret == 100
        await asyncio.sleep(0.4)
    assert (device.sessions, device.connections) == (1, 1)
    assert all([await stranger.is_closed() for stranger in (*half, *silent)])


async def test_presets_are_limited(device: Simulator, client: Raw) -> None:
    for number in (-5, 256, 10**12, 7):
        parameter = {"Channel": 0, "Preset": number}
        assert (
            await client.named(1400, "OPPTZControl", {"Command": "SetPreset", "Parameter": parameter})
        ).ret == 100
    assert list(device.ptz[0].presets) == [7]


async def test_an_archive_that_blows_up_is_refused(client: Raw) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(20):
            archive.writestr(f"Config/Json/X{number}.json", " " * 1024 * 1024)
    assert (await client.ask(1540, bomb.getvalue())).ret == 601


async def test_a_slow_sender_is_cut_off(device: Simulator) -> None:
    device.quirks = Quirks(unauthenticated_close_s=0.6, alive_interval_s=1)
    slow = await Raw.open(device)
    slow.writer.write(pack(1000, b"{" + b" " * 100)[:50])
    member = await Raw.login(device)
    member.writer.write(pack(1042, b"x" * 100, session=member.session)[:60])
    other = await Raw.login(device)
    for _ in range(6):
        slow.writer.write(b" ")
        assert (await other.named(1006, "KeepAlive")).ret == 100
        await asyncio.sleep(0.15)
    assert await slow.is_closed(2)
    assert await member.is_closed(4)


@pytest.mark.parametrize("size", [64 * 1024 + 1, 0x7FFFFFFF, 0xFFFFFFFF])
async def test_a_stranger_may_not_announce_more_than_a_login_needs(
    device: Simulator, client: Raw, size: int
) -> None:
    stranger = await Raw.open(device)
    stranger.writer.write(pack(1000, b"")[:16] + size.to_bytes(4, "little") + bytes(1000))
    assert await stranger.is_closed()
    assert (await client.named(1006, "KeepAlive")).ret == 100


async def test_a_member_may_not_announce_more_than_a_body_holds(device: Simulator, client: Raw) -> None:
    client.writer.write(pack(1042, b"")[:16] + (17 * 1024 * 1024).to_bytes(4, "little"))
    assert await client.is_closed()
    await assert_healthy(device)


async def test_fragments_need_a_login(device: Simulator) -> None:
    stranger = await Raw.open(device)
    head = bytearray(pack(1000, b"{"))
    head[12] = 200
    stranger.writer.write(bytes(head))
    assert await stranger.is_closed()


async def test_echoes_to_a_deaf_talker_end(device: Simulator) -> None:
    client = await Raw.login(device)
    [link] = device._listening.links
    link.unsent_max = 64 * 1024
    wish: dict[str, Any] = {"Action": "Claim", "AudioFormat": {}}
    assert (await client.named(1434, "OPTalk", wish)).ret == 100
    assert (await client.named(1430, "OPTalk", {**wish, "Action": "Start"})).ret == 100
    client.writer.transport.pause_reading()
    packet = pack(1432, bytes(60000), session=client.session)
    for _ in range(300):
        client.writer.write(packet)
        await asyncio.sleep(0)
    async with asyncio.timeout(10):
        while device.connections:  # noqa: ASYNC110 - the device has no event for it
            await asyncio.sleep(0.05)
    await assert_healthy(device)


async def test_names_are_cut_in_the_record_of_requests(device: Simulator) -> None:
    stranger = await Raw.open(device)
    stranger.send(1000, {"Name": "n" * 5000, "UserName": "u" * 5000, "PassWord": BLANK})
    assert (await stranger.receive()).ret == 205
    assert [len(part) for part in device.requests[-1][1:]] == [128, 64]
    assert len(json.dumps(list(device.requests))) < 1000
