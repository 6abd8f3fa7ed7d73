"""Recorded packets whole: headers, streams, the end of a recording, answers to probes."""

from __future__ import annotations

import asyncio
import socket
from datetime import datetime
from pathlib import Path

import pytest

from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.simulator.state.clock import FORMAT
from tests.frames.vectors import vector
from tests.simulator.raw import HEADER, Raw, cut, monitor, pack
from tests.simulator.recorded import (
    SERIAL,
    SPEC,
    V511,
    connect,
    exactly,
    freeze,
    hex_of,
    reproduces,
    spelled,
    with_own,
)


@reproduces("pkt-login-req", "pkt-login-rsp", "pkt-login-rsp-fragmented")
@pytest.mark.parametrize(
    ("expected", "quirks"),
    [
        (vector("pkt-login-rsp")["hex"], Quirks()),
        ("".join(vector("pkt-login-rsp-fragmented")["hex"]), Quirks(fragment=0x57)),
    ],
)
async def test_the_hybrid_recorders_login(expected: str, quirks: Quirks) -> None:
    async with Simulator(profile="hvr", quirks=quirks) as device:
        device._unit.sessions.next_number = 0x57
        client = await Raw.open(device)
        client.writer.write(hex_of("pkt-login-req"))
        assert (await exactly(client, len(expected) // 2)).hex() == expected
        client.close()


@reproduces("hdr-login-rsp-v511")
async def test_the_header_of_a_login_with_a_sequence_of_its_own() -> None:
    async with Simulator(profile=V511, quirks=Quirks(sequence_offset=1016)) as device:
        device._unit.sessions.next_number = 27
        client = await Raw.open(device)
        client.send(1000, {"UserName": "admin", "PassWord": "tlJwpbo6", "EncryptType": "MD5"})
        assert await exactly(client, 20) == hex_of("hdr-login-rsp-v511")
        client.close()


@reproduces("json-keyneg-1011")
async def test_the_key_that_is_told_before_a_login() -> None:
    async with Simulator(profile=V511, quirks=Quirks(encrypted="replies")) as device:
        client = await Raw.open(device)
        reply = await client.ask(1010, b"{}")
        expected = with_own(
            vector("json-keyneg-1011")["json"], reply.body, {"PublicKey": "left out of the recording"}
        )
        assert (reply.message_id, reply.body) == (1011, spelled(expected) + b"\n\0")
        client.close()


@reproduces("pkt-keepalive-rsp")
async def test_the_reply_to_a_keepalive(device: Simulator) -> None:
    client = await connect(device, 1)
    client.writer.write(hex_of("pkt-keepalive-req"))
    expected = hex_of("pkt-keepalive-rsp")
    assert await exactly(client, len(expected)) == expected
    client.close()


@reproduces(
    "pkt-claim-req", "pkt-claim-rsp", "hdr-claim-req", "hdr-start-req", "hdr-media", "frame-audio-g711a"
)
async def test_a_stream_is_claimed_started_and_sent(device: Simulator) -> None:
    control, media = await connect(device, 6), await Raw.open(device)
    device.quirks = Quirks(sequence_offset=1)  # this camera counts on from the requests of media
    claim = hex_of("pkt-claim-req")
    assert claim.startswith(hex_of("hdr-claim-req"))
    media.writer.write(claim)
    expected = hex_of("pkt-claim-rsp")
    assert await exactly(media, len(expected)) == expected
    control.writer.write(hex_of("hdr-start-req") + claim[20:].replace(b'"Claim"', b'"Start"'))
    assert (await control.receive()).ret == 100
    header = await exactly(media, 20)
    assert header == hex_of("hdr-media")
    data = await exactly(media, HEADER.unpack(header)[9])
    while 0xFA not in (kinds := {frame.kind: frame for frame in cut(data)[0]}):
        data += (await media.receive()).body
    assert kinds[0xFA].head == hex_of("frame-audio-g711a")
    control.close()
    media.close()


@reproduces("dt-real-1", "frame-service-block")
async def test_the_recorders_stream_has_its_time_and_its_bogus_frames(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    freeze(monkeypatch, vector("dt-real-1")["datetime"])
    async with Simulator(
        profile="nvr", channels=1, videos=["scene:h265"], quirks=Quirks(service_blocks=True)
    ) as device:
        control, media = await connect(device, 1), await Raw.open(device)
        media.session = control.session
        assert (await media.named(1413, "OPMonitor", monitor("Claim"))).ret == 100
        assert (await control.named(1410, "OPMonitor", monitor("Start"))).ret == 100
        data, frames = b"", []
        while len(frames) < 3:
            data += (await media.receive()).body
            frames = cut(data)[0]
        assert frames[0].head[8:12].hex() == vector("dt-real-1")["hex_le"]
        assert hex_of("frame-service-block") in [frame.payload for frame in frames]
        control.close()
        media.close()


@reproduces("hdr-eof", "pkt-eof")
async def test_a_recording_ends_with_the_recorded_packet() -> None:
    """The sequence is the recorder's own: this one counts the packets of its socket."""
    begin = datetime(2026, 8, 8, 16, 11, 35)
    async with Simulator(profile="nvr", channels=1) as device:
        file = device.archive.add(0, begin, begin.replace(second=36))
        control, media = await connect(device, 74), await Raw.open(device)
        media.session = control.session
        parameter = {"FileName": file.name, "PlayMode": "ByName", "TransMode": "TCP", "Value": 0}
        times = {"StartTime": f"{file.begin:{FORMAT}}", "EndTime": f"{file.end:{FORMAT}}"}
        claim = {"Action": "Claim", "Parameter": parameter, **times}
        assert (await media.named(1424, "OPPlayBack", claim)).ret == 100
        assert (await control.named(1420, "OPPlayBack", {**claim, "Action": "Start"})).ret == 100
        while (packet := await media.receive()).body:
            assert packet.end == 0
        told = HEADER.pack(255, 1, 0, 0, packet.session, 0, packet.channel, packet.end, packet.message_id, 0)
        assert told == hex_of("hdr-eof") == hex_of("pkt-eof")
        control.close()
        media.close()


_PLACE = dict.fromkeys(("HostIP", "GateWay", "TCPPort", "MAC"), "the simulated device has another address")
_TAIL = {"OtherFunction": "the time, and a number of unknown origin"}
_HOST = {"HostName": "its end follows from the MAC address"}


@reproduces(
    "json-discovery-besder",
    "json-discovery-v511",
    "json-discovery-spec",
    "pkt-discovery-req",
    "hdr-discovery",
)
@pytest.mark.parametrize(
    ("vector_id", "profile", "own"),
    [
        ("json-discovery-besder", "hi3516", {**_PLACE, **_TAIL}),
        ("json-discovery-v511", V511, {**_PLACE, **_HOST}),
        ("json-discovery-spec", SPEC, _PLACE),
    ],
)
async def test_a_probe_is_answered_as_recorded(
    vector_id: str, profile: str | Path, own: dict[str, str]
) -> None:
    recorded = vector(vector_id)["json"]
    common = recorded["NetWork.NetCommon"]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.bind(("127.0.0.1", 0))
        port = asker.getsockname()[1]
    serial = common.get("SN", SERIAL)
    async with Simulator(profile=profile, users={"admin": ""}, serial=serial, discovery_port=port) as device:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
            asker.bind(("127.0.0.1", 0))
            asker.setblocking(False)
            loop = asyncio.get_running_loop()
            await loop.sock_sendto(asker, hex_of("pkt-discovery-req"), (device.host, port))
            async with asyncio.timeout(5):
                reply = await loop.sock_recv(asker, 4096)
    body = reply[20:]
    paths = {f"NetWork.NetCommon/{key}": why for key, why in own.items() if key in common}
    assert reply[:20] == pack(1531, body, version=1)[:20]
    assert body == spelled(with_own(recorded, body, paths)) + b"\n\0"
