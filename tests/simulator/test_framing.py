"""Packets as real devices send them: headers, sequence numbers, spelling, trailers, and what strangers may send."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from dvrip_proto.simulator import Quirks, Simulator
from tests.simulator.raw import BLANK, Raw, pack


async def test_a_reply_carries_version_one_the_sequence_the_session_and_the_next_id(client: Raw) -> None:
    client.sequence = 77
    reply = await client.named(1006, "KeepAlive")
    assert (reply.version, reply.reserved, reply.sequence, reply.message_id) == (1, (0, 0), 77, 1007)
    assert reply.session == client.session
    assert int(reply.json["SessionID"], 16) == client.session


@pytest.mark.parametrize("trailer", [b"", b"\0", b"\n", b"\n\0", b"\0\0\0"])
async def test_any_trailer_is_read(client: Raw, trailer: bytes) -> None:
    reply = await client.ask(1042, json.dumps({"Name": "NetWork.NetDNS"}).encode() + trailer)
    assert reply.ret == 100
    assert reply.body.endswith(b" }\n\0")


async def test_replies_are_spelt_with_spaces_and_sorted_keys(client: Raw) -> None:
    reply = await client.named(1020, "WorkState")
    assert reply.body.startswith(b'{ "Name" : "WorkState", "Ret" : 100, "SessionID" : "0x')


async def test_a_request_may_come_byte_by_byte(client: Raw) -> None:
    for byte in pack(1006, b'{"Name":"KeepAlive"}', session=client.session):
        client.writer.write(bytes([byte]))
        await client.writer.drain()
    assert (await client.receive()).ret == 100


async def test_requests_may_come_together_and_are_answered_in_order(client: Raw) -> None:
    sent = [client.send(1042, {"Name": name}) for name in ("NetWork.NetDNS", "NetWork.NetNTP", "Nowhere")]
    replies = [await client.receive() for _ in sent]
    assert [reply.sequence for reply in replies] == sent
    assert [reply.json["Name"] for reply in replies] == ["NetWork.NetDNS", "NetWork.NetNTP", "Nowhere"]


async def test_a_request_in_fragments_is_joined(client: Raw) -> None:
    body = json.dumps({"Name": "NetWork.NetDNS"}).encode()
    for index, piece in enumerate((body[:9], body[9:])):
        head = bytearray(pack(1042, piece, session=client.session, sequence=5))
        head[12:14] = (2, index)
        client.writer.write(bytes(head))
    assert (await client.receive()).json["Name"] == "NetWork.NetDNS"


@pytest.mark.parametrize(
    "rubbish", [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\0" * 40, b"\x16\x03\x01\x02\x00" * 8]
)
async def test_bytes_that_are_not_dvrip_end_the_connection(device: Simulator, rubbish: bytes) -> None:
    stranger = await Raw.open(device)
    stranger.writer.write(rubbish)
    assert await stranger.is_closed()
    assert (await (await Raw.login(device)).named(1006, "KeepAlive")).ret == 100


async def test_a_stranger_may_not_announce_a_big_body(device: Simulator) -> None:
    stranger = await Raw.open(device)
    stranger.writer.write(pack(1000, b"")[:16] + (60_000_000).to_bytes(4, "little"))
    assert await stranger.is_closed()


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{", b'"x"', b"\xff\xfe", b"[" * 5000])
@pytest.mark.parametrize(
    "message_id", [1020, 1040, 1042, 1360, 1400, 1410, 1440, 1442, 1450, 1460, 1476, 1482, 1488, 1500]
)
async def test_no_body_stops_the_device(client: Raw, message_id: int, body: bytes) -> None:
    reply = await client.ask(message_id, body)
    assert reply.message_id == message_id + 1
    assert isinstance(reply.ret, int)
    assert (await client.named(1006, "KeepAlive")).ret == 100


async def test_a_client_that_never_reads_hurts_nobody(device: Simulator) -> None:
    greedy = await Raw.login(device)
    greedy.writer.transport.pause_reading()
    for _ in range(2000):
        greedy.send(1042, {"Name": "Detect"})
    other = await Raw.login(device)
    assert (await other.named(1020, "SystemInfo")).ret == 100
    greedy.writer.transport.abort()


async def test_many_idle_strangers_do_not_keep_a_user_out(device: Simulator) -> None:
    strangers = [await Raw.open(device) for _ in range(530)]
    assert (await (await Raw.login(device)).named(1006, "KeepAlive")).ret == 100
    assert device.connections <= 513
    for stranger in strangers:
        stranger.close()


async def test_quirks_of_replies(device: Simulator) -> None:
    device.quirks = Quirks(zero_session=True, trailing_nuls=3, no_alive_interval=True)
    client = await Raw.open(device)
    client.send(1000, {"UserName": "admin", "PassWord": BLANK, "EncryptType": "MD5"})
    login = await client.receive()
    assert login.body.endswith(b"\n\0\0\0\0")
    assert b"AliveInterval" not in login.body
    assert login.session != 0
    client.send(1042, {"Name": "NetWork.NetDNS"})
    assert (await client.receive()).session == 0
    device.quirks = replace(device.quirks, fragment=16, trailing_nuls=0)
    client.send(1042, {"Name": "NetWork.NetDNS"})
    pieces = [await client.receive()]
    while pieces[-1].end + 1 < pieces[-1].channel:
        pieces.append(await client.receive())
    assert json.loads(b"".join(piece.body for piece in pieces)[:-2])["Ret"] == 100
    device.quirks = Quirks(mute=frozenset({1020}), late={1006: 0.2}, reset_on=frozenset({1450}))
    client.send(1020, {"Name": "SystemInfo"})
    assert (await client.named(1006, "KeepAlive")).message_id == 1007
    client.send(1450, {"Name": "OPMachine"})
    assert await client.is_closed()


async def test_old_text_goes_out_as_latin_1(device: Simulator) -> None:
    client = await Raw.login(device)
    assert await client.put("General.General.MachineName", "Küche") == 100
    device.quirks = Quirks(latin1_text=True)
    client.send(1042, {"Name": "General.General.MachineName"})
    assert "Küche".encode("latin-1") in (await client.receive()).body
