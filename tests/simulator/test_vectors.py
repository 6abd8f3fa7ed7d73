"""Every recorded vector against the simulator: replies byte for byte from the profile they belong to."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from pathlib import Path

import pytest

from dvrip_proto.simulator import Simulator
from dvrip_proto.simulator.state.clock import FORMAT
from tests.frames.vectors import vector, vectors
from tests.simulator import test_vector_packets
from tests.simulator.raw import Raw, pack, until
from tests.simulator.recorded import (
    ELSEWHERE,
    HI3516EV300,
    KINDS,
    LISTED,
    REPLIES,
    REQUESTS,
    SERIAL,
    SPEC,
    Case,
    asks,
    body_of,
    connect,
    freeze,
    hex_of,
    reproduces,
    sends,
    spelled,
    with_own,
)


def test_every_vector_is_reproduced_sent_or_listed_with_its_reason() -> None:
    assert test_vector_packets.__doc__, "imported, so that its vectors are counted"
    known = {str(each.id): kind for kind in _kinds() for each in vectors(kind)}
    groups = [set(REPLIES), set(REQUESTS), ELSEWHERE, set(LISTED)]
    covered = set().union(*groups)
    by_kind = {name for name, kind in known.items() if kind in KINDS}
    assert set(known) - covered - by_kind == set()
    assert covered <= set(known)
    assert sum(map(len, groups)) == len(covered), "in one table only"
    assert covered & by_kind <= ELSEWHERE
    assert all({*KINDS.values(), *LISTED.values()})


def _kinds() -> set[str]:
    text = (Path(__file__).parent.parent / "frames" / "vectors.json").read_text()
    return {each["kind"] for each in json.loads(text)}


@pytest.mark.parametrize(("vector_id", "case"), REPLIES.items(), ids=REPLIES)
async def test_a_recorded_reply_comes_byte_for_byte(
    vector_id: str, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    if case.clock:
        freeze(monkeypatch, case.clock)
    recorded = vector(vector_id)
    session = int(recorded["json"]["SessionID"], 16)
    message_id, request = case.request
    async with Simulator(profile=case.profile, serial=SERIAL, quirks=case.quirks) as device:
        client = await (connect(device, session or 1) if case.logged_in else Raw.open(device))
        reply = await client.ask(message_id, request)
        expected = spelled(with_own(recorded["json"], reply.body, dict(case.own))) + b"\n\0"
        assert reply.body == expected
        assert (reply.message_id, reply.version, reply.session) == (message_id + 1, 1, session)
        assert recorded["msgid"] == reply.message_id
        client.close()


@reproduces("hdr-keepalive-enc")
@pytest.mark.parametrize("vector_id", REQUESTS)
async def test_a_recorded_request_is_understood(vector_id: str) -> None:
    async with Simulator(profile="ipc") as device:
        client = await connect(device, 0xB)
        client.writer.write(_request(vector_id))
        reply = await client.receive()
        assert (reply.message_id, reply.ret) == (_message_id(vector_id) + 1, REQUESTS[vector_id])
        client.close()


def _message_id(vector_id: str) -> int:
    return int.from_bytes(_request(vector_id)[14:16], "little")


def _request(vector_id: str) -> bytes:
    """The bytes of a recorded request; a header alone gets the body whose length it names."""
    found = vector(vector_id)
    if vector_id == "title-bitmap":
        return pack(1050, bytes.fromhex(found["hex"]))
    if found["kind"] == "encrypted_body":
        return hex_of("hdr-keepalive-enc") + bytes.fromhex(found["hex"])
    if found["kind"] == "header":
        bodies = (
            hex_of("pkt-keepalive-req")[20:],
            spelled({"Name": "ChannelTitle", "SessionID": "0x00000006"}) + b"\n",
        )
        return hex_of(vector_id) + next(body for body in bodies if len(body) == found["fields"]["length"])
    if found["kind"] == "packet":
        return bytes.fromhex(found["hex"])
    return pack(*sends(vector_id), session=0xB)


@reproduces("json-sysinfo-nvr", "json-sysinfo-hi3516ev300")
@pytest.mark.parametrize(
    ("profile", "vector_id", "session"),
    [("nvr", "json-sysinfo-nvr", "0x00000001"), (HI3516EV300, "json-sysinfo-hi3516ev300", "0x00000001")],
)
async def test_information_recorded_without_its_envelope(
    profile: str | Path, vector_id: str, session: str
) -> None:
    info = vector(vector_id)["json"]
    channels = info["VideoInChannel"] + info["DigChannel"]
    async with Simulator(profile=profile, serial=info["SerialNo"], channels=channels) as device:
        client = await Raw.login(device)
        reply = await client.ask(*asks(1020, "SystemInfo"))
        envelope = {"Name": "SystemInfo", "Ret": 100, "SessionID": session, "SystemInfo": info}
        assert reply.body == spelled(envelope) + b"\n\0"
        client.close()


@reproduces("json-users-default")
async def test_the_camera_has_the_default_account() -> None:
    async with Simulator(profile="hi3516", users=None) as device:
        client = await Raw.login(device)
        assert spelled(vector("json-users-default")["json"]) in (await client.ask(*asks(1472, ""))).body
        client.close()


@reproduces("json-workstate-mask")
async def test_work_state_as_far_as_it_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of five masks are recorded; the bit rates are those of real pictures."""
    recorded = vector("json-workstate-mask")["json"]
    async with Simulator(profile="nvr", channels=3) as device:
        client = await Raw.login(device)
        for channel, mode in enumerate(("ManualRecord", "ClosedRecord", "ManualRecord")):
            assert await client.put(f"Record.[{channel}].RecordMode", mode) == 100
        device.raise_alarm(0)
        device.raise_alarm(2)
        rates = {channel: entry["Bitrate"] for channel, entry in enumerate(recorded["ChannelState"])}
        monkeypatch.setattr(device._unit.monitors, "kilobits", rates)
        body = (await client.ask(*asks(1020, "WorkState"))).body
        assert spelled(recorded["ChannelState"]) in body
        for name, mask in recorded["AlarmState"].items():
            assert spelled(name) + b" : " + spelled(mask) in body
        client.close()


@reproduces("json-alarm-start", "json-alarm-stop")
@pytest.mark.parametrize("vector_id", ["json-alarm-start", "json-alarm-stop"])
async def test_an_alarm_is_pushed_as_recorded(vector_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    alarm = vector(vector_id)["json"]["AlarmInfo"]
    freeze(monkeypatch, alarm["StartTime"])
    async with Simulator(profile="nvr", channels=4) as device:
        client = await connect(device, 0x1C)
        assert (await client.ask(*asks(1500, ""))).ret == 100
        device.raise_alarm(alarm["Channel"], alarm["Event"], active=alarm["Status"] == "Start")
        push = await client.receive()
        assert (push.message_id, push.version, push.session, push.sequence) == (1504, 1, 0x1C, 0)
        assert push.body == body_of(vector_id)
        client.close()


@reproduces("json-alarmcenter")
async def test_an_alarm_centre_hears_of_it_as_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    recorded = vector("json-alarmcenter")["json"]
    freeze(monkeypatch, recorded["StartTime"])
    heard = bytearray()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.extend(await reader.read())
        writer.close()

    async with (
        await asyncio.start_server(listen, "127.0.0.1") as centre,
        Simulator(profile=SPEC, users=None, serial=recorded["SerialID"]) as device,
    ):
        server = device.state.config["NetWork.AlarmServer"][0]
        server["Enable"] = True
        server["Server"] |= {"Name": "127.0.0.1", "Port": centre.sockets[0].getsockname()[1]}
        device.state.config["Detect.MotionDetect"][0]["EventHandler"]["MessageEnable"] = True
        device.raise_alarm(0, active=False)
        await until(lambda: heard.endswith(b"\n\0"))
    assert bytes(heard[:20]) == pack(1508, bytes(heard[20:]), version=1)[:20]
    own = {"Address": "the simulated device is at another address"}
    assert bytes(heard[20:]) == spelled(with_own(recorded, bytes(heard[20:]), own)) + b"\n\0"


@reproduces("json-file-item", "json-file-item-motion", "json-file-item-spec")
@pytest.mark.parametrize(
    ("vector_id", "profile", "slash"),
    [
        ("json-file-item", "nvr", "\\/"),
        ("json-file-item-motion", "nvr", "\\/"),
        ("json-file-item-spec", SPEC, "/"),
    ],
)
async def test_a_recording_is_listed_as_recorded(vector_id: str, profile: str | Path, slash: str) -> None:
    """Its size follows from the pictures, and with it goes the index in its name."""
    recorded = {"DiskNo": 0, "SerialNo": 0, **vector(vector_id)["json"]}
    begin, end = (datetime.strptime(recorded[key], FORMAT) for key in ("BeginTime", "EndTime"))
    event, stream = vector(vector_id)["expect"]["event"], vector(vector_id)["expect"].get("stream", 0)
    async with Simulator(profile=profile, users={"admin": ""}) as device:
        device.archive.days = 0
        device.archive.add(0, begin, end, event=event, stream=stream)
        query = {
            "BeginTime": recorded["BeginTime"],
            "EndTime": recorded["EndTime"],
            "Channel": 0,
            "Event": "*",
        }
        client = await Raw.login(device)
        reply = await client.ask(*asks(1440, "OPFileQuery", {**query, "StreamType": f"0x{stream:08X}"}))
        [item] = reply.json["OPFileQuery"]
        start, _, rest = recorded["FileName"].partition("[@")
        index = item["FileName"].partition("[@")[2].partition("]")[0]
        name = f"{start}[@{index}]{rest.partition(']')[2]}".replace("/", slash)
        assert spelled({**recorded, "FileName": name, "FileLength": item["FileLength"]}) in reply.body
        assert len(item["FileLength"]) == len(recorded["FileLength"])
        assert item["FileLength"][2:] == item["FileLength"][2:].upper()
        client.close()
