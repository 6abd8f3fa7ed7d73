"""JSON bodies, replies and logins."""

from __future__ import annotations

import contextlib
import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvrip_proto.errors import ProtocolError, UsageError
from dvrip_proto.wire.body import (
    MAX_DEPTH,
    DeviceText,
    decode,
    encode,
    encode_reply,
    looks_encrypted,
)
from dvrip_proto.wire.framer import Framer, pack
from dvrip_proto.wire.reply import Reply, read, read_login
from tests.frames.vectors import vector, vectors

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
KEYS = st.text().map(str.strip)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)
OBJECTS = st.dictionaries(KEYS, TREES, max_size=4)


def stripped(value: Any) -> Any:
    if isinstance(value, dict):
        return {key.strip(): stripped(member) for key, member in value.items()}
    return [stripped(member) for member in value] if isinstance(value, list) else value


@pytest.mark.parametrize("vector", vectors("json"))
def test_body_of_a_device_reads_whatever_its_spelling(vector: dict[str, Any]) -> None:
    value = vector["json"]
    for body in (
        encode(value),
        encode_reply(value),
        json.dumps(value).encode() + b"\n",
        json.dumps(value).encode(),
    ):
        assert decode(body) == stripped(value)


def test_device_spelling_is_that_of_the_capture() -> None:
    captured = bytes.fromhex(vector("pkt-login-rsp")["hex"])[20:]
    assert encode_reply(vector("pkt-login-rsp")["body_json"]) == captured


def test_device_spelling_of_nested_values() -> None:
    value = {"b": [1, {"x": None}], "a": True, "n": {}, "l": [], "t": 'q"/', "u": "中"}
    spelled = '{ "a" : true, "b" : [ 1, { "x" : null } ], "l" : [], "n" : {}, "t" : "q\\"/", "u" : "中" }\n\0'
    assert encode_reply(value) == spelled.encode()


def test_client_spelling_ends_with_the_trailer() -> None:
    assert encode({"Name": "KeepAlive"}) == b'{"Name": "KeepAlive"}\n\0'


@given(OBJECTS)
def test_any_object_survives_both_spellings(value: dict[str, Any]) -> None:
    assert decode(encode(value)) == value
    assert decode(encode_reply(value)) == value


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"", {}),
        (b"\n\0", {}),
        (b'{"a":1}', {"a": 1}),
        (b'{"a":1}\0\0\0\n', {"a": 1}),
        (b'{"a":\0 1}\n\0', {"a": 1}),
        (b'\xef\xbb\xbf{"a":1}', {"a": 1}),
        (b'{"a":"x\ty\x01"}', {"a": "x\ty\x01"}),
        (b'{" SessionID ":"1", "DeviceType ":"IPC"}', {"SessionID": "1", "DeviceType": "IPC"}),
        (b'{"a":[1,2,],"b":",]",}', {"a": [1, 2], "b": ",]"}),
        (b'{"a":"\\",}"}', {"a": '",}'}),
        (b'{"a":"\\/b"}', {"a": "/b"}),
        (b'{"a":NaN,"b":-Infinity}', {"a": None, "b": None}),
        (b"[1]", [1]),
        (b'{"a":0x0000000A,"b":[-0xff, 0X1]}', {"a": 10, "b": [-255, 1]}),
        (
            b'{"a":007,"b":-01,"c":00,"d":+5,"e":5.,"f":.5}',
            {"a": 7, "b": -1, "c": 0, "d": 5, "e": 5, "f": 0.5},
        ),
        (
            b'{"a":True,"b":FALSE,"c":None,"d":NULL,"e":"True"}',
            {"a": True, "b": False, "c": None, "d": None, "e": "True"},
        ),
        (b'{"a":nan(0x8000),"b":-nan(ind),"c":"nan"}', {"a": None, "b": None, "c": "nan"}),
        (b'{"a": , "b":1}', {"a": None, "b": 1}),
        (b'{"a":1e999}', {"a": "1e999"}),
        (b'{"a":"\\ud800x\\ud83d\\ude00"}', {"a": "\ufffdx\U0001f600"}),
        (b'{"a":"\xd5\\","b":1}', {"a": "\xd5\\", "b": 1}),
    ],
)
def test_body_with_the_faults_of_devices_reads(body: bytes, value: Any) -> None:
    assert decode(body) == value


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xd8\xff\xe0JFIF",
        b"{",
        b'{"a":}',
        b"PK\x03\x04",
        b"1" * 5000,
        b"[" * 100_000,
        b'{"a":' * (MAX_DEPTH + 1) + b"1" + b"}" * (MAX_DEPTH + 1),
        b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
    ],
)
def test_body_that_is_no_json_is_a_protocol_error(body: bytes) -> None:
    with pytest.raises(ProtocolError, match="not JSON"):
        decode(body)


def test_broken_json_is_not_quoted() -> None:
    with pytest.raises(ProtocolError) as caught:
        decode(b'{ "AdminToken" : "very secret" "Ret" : 100 }')
    assert "very secret" not in str(caught.value)
    assert "44 bytes: Expecting ',' delimiter" in str(caught.value)


def test_broad_bodies_are_no_deep_ones() -> None:
    assert len(decode(b"[" + b"[],{}," * 500 + b"[1]]")) == 1001


def test_old_firmware_text_reads_as_latin_1_and_goes_back_as_it_came() -> None:
    gbk = "摄像头".encode("gbk")
    body = decode(
        b'{ "Name" : "K\xfcche", "Chinese" : "' + gbk + b'", "New" : "' + "新é".encode() + b'", "x\xe9" : 1 }'
    )
    assert body["Name"] == "Küche"
    assert isinstance(body["Name"], DeviceText)
    assert body["Chinese"] == gbk.decode("latin-1")
    assert body["New"] == "新é"
    assert body["xé"] == 1
    body = copy.deepcopy(body)
    body["Name"], body["Other"] = "Büro", [body["Chinese"]]
    written = encode(body)
    assert written.count(gbk) == 2
    assert "Büro".encode() in written
    assert "新é".encode() in written
    assert b'"x\xe9"' in written


def test_escapes_in_old_firmware_text_survive() -> None:
    assert decode(b'{"a":"\\u65b0","b":"\xe9"}') == {"a": "新", "b": "é"}


@given(st.binary())
def test_any_text_of_a_device_goes_back_as_it_came(raw: bytes) -> None:
    text = raw.translate(None, bytes(range(32)) + b'"\\\x7f')
    body = b'["' + text + b'", "\xff"]'
    assert encode(decode(body)) == body + b"\n\0"


@given(st.binary())
def test_any_bytes_are_a_value_or_a_protocol_error(raw: bytes) -> None:
    with contextlib.suppress(ProtocolError):
        decode(raw)


@pytest.mark.parametrize("value", [{"a": {1, 2}}, {"a": float("nan")}, {"a": b"bytes"}, {"a": "\ud800"}])
def test_what_json_cannot_say_is_a_usage_error(value: Any) -> None:
    with pytest.raises(UsageError, match="cannot be a message"):
        encode(value)
    with pytest.raises(UsageError, match="cannot be a message"):
        encode_reply(value)


def test_endless_value_is_a_usage_error() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(UsageError):
        encode(value)
    with pytest.raises(UsageError):
        encode_reply(value)


@pytest.mark.parametrize("vector", vectors("encrypted_body"))
def test_encrypted_body_is_recognised(vector: dict[str, Any]) -> None:
    body = bytes.fromhex(vector["hex"])
    assert body == vector["text"].encode() + b"\0"
    assert looks_encrypted(body)


@pytest.mark.parametrize("body", [b"", b"{}", b'{ "Ret" : 100 }\n\0', b"\xff\xd8\xff\xe0", b"OK"])
def test_other_bodies_are_not_encrypted(body: bytes) -> None:
    assert not looks_encrypted(body)


def reply_to(message_id: int, body: bytes) -> Reply:
    (frame,) = Framer().feed(pack(message_id, body))
    return read(frame)


@pytest.mark.parametrize(
    ("body", "ret", "name"),
    [
        (b'{ "Name" : " OPMonitor ", "Ret" : 100 }', 100, "OPMonitor"),
        (b'{ "Ret" : "103" }', 103, ""),
        (b'{ "Name" : null, "Ret" : null }', None, ""),
        (b'{ "Name" : 7, "Ret" : 100.0 }', 100, ""),
        (b"", None, ""),
    ],
)
def test_reply_has_ret_and_name_where_the_device_gave_them(body: bytes, ret: int | None, name: str) -> None:
    reply = reply_to(1043, body)
    assert (reply.message_id, reply.ret, reply.name, reply.raw) == (1043, ret, name, body)


@pytest.mark.parametrize(
    ("ret", "needed"), [(100, False), (150, True), (522, True), (602, True), (603, True)]
)
def test_reply_tells_whether_a_reboot_is_needed(ret: int, needed: bool) -> None:
    assert reply_to(1041, encode({"Ret": ret})).reboot_needed is needed


def test_bodies_stay_out_of_representations() -> None:
    (frame,) = Framer().feed(pack(1473, b'{ "Users" : [ { "Password" : "tlJwpbo6" } ] }'))
    assert "tlJwpbo6" not in repr(frame)
    assert "tlJwpbo6" not in repr(read(frame))


def test_binary_replies_have_no_body() -> None:
    picture = b"\xff\xd8\xff\xe0picture"
    assert reply_to(1561, picture).body == {}
    assert reply_to(1561, picture).raw == picture
    assert reply_to(1412, b"{media").body == {}
    assert reply_to(1561, b'{ "Name" : "OPSNAP", "Ret" : 108 }').ret == 108


@pytest.mark.parametrize("ret", [b'"x"', b"1e999", b"[100]", b"{}", b'""'])
def test_a_return_code_that_is_none_is_a_protocol_error_and_no_success(ret: bytes) -> None:
    with pytest.raises(ProtocolError, match="as its Ret"):
        reply_to(1041, b'{ "Ret" : ' + ret + b" }")


@pytest.mark.parametrize("body", [b"[1]", b"null", b"PK"])
def test_reply_that_is_no_object_is_a_protocol_error(body: bytes) -> None:
    with pytest.raises(ProtocolError, match="not "):
        reply_to(1043, body)


def login(members: dict[str, Any], session: int = 0x57) -> Any:
    (frame,) = Framer().feed(pack(1001, encode_reply({"Ret": 100, **members}), session=session))
    return read_login(frame, read(frame))


def test_login_reply_of_the_capture() -> None:
    (frame,) = Framer().feed(bytes.fromhex(vector("pkt-login-rsp")["hex"]))
    reply = read_login(frame, read(frame))
    assert (reply.session, reply.alive_interval_s, reply.channel_count, reply.extra_channels) == (
        0x57,
        21,
        4,
        0,
    )
    assert (reply.device_type, reply.encrypted) == ("HVR", False)


@pytest.mark.parametrize(
    ("members", "seconds"),
    [({}, 20), ({"AliveInterval": 0}, 20), ({"AliveInterval": "30"}, 30), ({"AliveInterval": None}, 20)]
    + [
        ({"AliveInterval": 99999}, 300),
        ({"AliveInterval": -3}, 20),
        ({"AliveInterval": 0.5}, 0.5),
        ({"AliveInterval": 1e-9}, 0.1),
        ({"AliveInterval": 10**400}, 20),
        ({"AliveInterval": [30]}, 20),
    ],
)
def test_alive_interval_has_a_default_and_a_limit(members: dict[str, Any], seconds: float) -> None:
    assert login(members).alive_interval_s == seconds


@pytest.mark.parametrize(
    ("members", "session"),
    [({"SessionID": "0xb"}, 0xB), ({"SessionID": "0x0"}, 0x57), ({}, 0x57), ({"SessionID": "?"}, 0x57)],
)
def test_session_comes_from_the_body_or_else_the_header(members: dict[str, Any], session: int) -> None:
    assert login(members).session == session


def test_odd_members_of_a_login_reply_do_not_break_it() -> None:
    assert login({"ChannelNum": 10**9, "ExtraChannel": "4"}).channel_count == 0
    reply = login({"ChannelNum": None, "ExtraChannel": -1, "DeviceType ": 3, "DataUseAES": True})
    assert (reply.channel_count, reply.extra_channels, reply.device_type, reply.encrypted) == (0, 0, "", True)
