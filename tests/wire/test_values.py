"""Small values: password hashes, addresses, session ids, return codes, message ids."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvrip_proto import errors
from dvrip_proto.wire import ids, ret
from dvrip_proto.wire.address import decode_ipv4, encode_ipv4
from dvrip_proto.wire.body import parse_session, session_text
from dvrip_proto.wire.digest import sofia_hash
from tests.frames.vectors import vectors


@pytest.mark.parametrize("vector", vectors("sofia_hash"))
def test_hash_is_the_one_devices_take(vector: dict[str, Any]) -> None:
    assert sofia_hash(vector["password"]) == vector["hash"]


@given(st.text())
def test_hash_of_any_text_is_eight_letters_or_digits(password: str) -> None:
    assert len(sofia_hash(password)) == 8
    assert sofia_hash(password).isalnum()


@pytest.mark.parametrize("vector", vectors("ipv4_hex"))
def test_address_reads_and_writes_as_devices_spell_it(vector: dict[str, Any]) -> None:
    assert decode_ipv4(vector["text"]) == vector["ip"]
    assert decode_ipv4(vector["text"].lower()) == vector["ip"]
    assert encode_ipv4(vector["ip"]).lower() == vector["text"].lower()


@given(st.ip_addresses(v=4))
def test_address_survives_the_round_trip(address: Any) -> None:
    assert decode_ipv4(encode_ipv4(str(address))) == str(address)
    assert decode_ipv4(str(address)) == str(address)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("0A01A8C0", "192.168.1.10"),
        (" 0xA01A8C0 ", "192.168.1.10"),
        ("0x0", "0.0.0.0"),
        ("10.0.0.1", "10.0.0.1"),
    ],
)
def test_address_tolerates_other_spellings(text: str, address: str) -> None:
    assert decode_ipv4(text) == address


@pytest.mark.parametrize("text", ["", "0x", "camera", "0x1FFFFFFFF", "-1", "1.2.3", "1.2.3.4.5", "1.2.3.256"])
def test_address_that_is_none_is_an_error(text: str) -> None:
    with pytest.raises(errors.ProtocolError, match="not an IPv4 address"):
        decode_ipv4(text)
    with pytest.raises(errors.UsageError, match="not an IPv4 address"):
        encode_ipv4(text)


@pytest.mark.parametrize("vector", vectors("session_id"))
def test_session_id_reads_in_every_spelling(vector: dict[str, Any]) -> None:
    assert parse_session(vector["text"]) == vector["value"]


@given(st.integers(0, 0xFFFFFFFF))
def test_session_id_survives_the_round_trip(session: int) -> None:
    assert parse_session(session_text(session)) == session
    assert parse_session(session) == session


def test_session_id_is_written_with_eight_upper_case_digits() -> None:
    assert session_text(0xB) == "0x0000000B"


@pytest.mark.parametrize("text", ["", "abcxyz", None, "0x1FFFFFFFF", "-1", -1, 1 << 32])
def test_session_id_that_is_none_is_an_error(text: Any) -> None:
    with pytest.raises(errors.ProtocolError, match="not a session id"):
        parse_session(text)


def test_replies_have_the_next_id() -> None:
    assert ids.reply_of(1042) == 1043
    assert ids.acceptable_replies(1042) == {1043}


@pytest.mark.parametrize(
    ("request_id", "replies"), [(1000, {1001, 1000}), (1002, {1003, 1002}), (1006, {1007, 1006})]
)
def test_login_block_may_answer_one_lower(request_id: int, replies: set[int]) -> None:
    assert ids.acceptable_replies(request_id) == replies


def test_named_requests_have_named_replies() -> None:
    for member in ids.MessageId:
        if member.name.endswith("_REPLY") and member is not ids.MessageId.ALARM_REPLY:
            assert ids.MessageId[member.name.removesuffix("_REPLY")] == member - 1


def test_label_names_an_id_for_a_person() -> None:
    assert ids.label(1042) == "1042 CONFIG_GET"
    assert ids.label(4242) == "4242"


def test_media_and_push_ids_are_apart() -> None:
    assert set(ids.MEDIA_IDS) == {1412, 1422, 1426, 1432, 1433}
    assert set(ids.PUSH_IDS) == {1004, 1423, 1504, 1524}
    assert not ids.MEDIA_IDS & (ids.PUSH_IDS | ids.NAMED_REPLIES | ids.BINARY_REPLIES)


def test_return_codes_that_mean_success() -> None:
    assert set(ret.SUCCESS) == {100, 110, 111, 150, 515, 522, 602, 603}
    assert set(ret.REBOOT_NEEDED) == {150, 522, 602, 603}
    assert set(ret.EMPTY) == {109, 119}
    assert all(ret.CODES[code].category in (ret.Category.OK, ret.Category.REBOOT) for code in ret.SUCCESS)


def test_every_code_is_in_the_table_once() -> None:
    assert len({row.name for row in ret.CODES.values()}) == len(ret.CODES)
    assert ret.text(107) == "no permission"
    assert ret.text(31337) == "unknown return code 31337"


WHERE = "10.0.0.9:34567"


@pytest.mark.parametrize(
    "code", [-1, 0, 101, 105, 106, 107, 113, 115, 202, 203, 204, 205, 206, 208, 213, 214, 215, 299, 430, 4711]
)
def test_refused_credentials_are_an_authentication_error(code: int) -> None:
    error = ret.error_for(code, where=WHERE, message_id=1000)
    assert isinstance(error, errors.AuthenticationError)
    assert error.ret == code
    assert str(error).startswith(f"{WHERE}: login refused: ")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (104, errors.RequestError),
        (108, errors.RequestError),
        (207, errors.RequestError),
        (212, errors.RequestError),
        (511, errors.RequestError),
        (102, errors.UnsupportedError),
        (103, errors.UnsupportedError),
        (117, errors.UnsupportedError),
        (124, errors.UnsupportedError),
        (605, errors.UnsupportedError),
    ],
)
def test_login_refused_for_other_reasons(code: int, kind: type[errors.RequestError]) -> None:
    error = ret.error_for(code, where=WHERE, message_id=1000)
    assert type(error) is kind
    assert f"(Ret {code})" in str(error)


@pytest.mark.parametrize(
    ("code", "message_id", "kind"),
    [
        (107, 1040, errors.RequestError),
        (203, 1488, errors.RequestError),
        (205, 1484, errors.RequestError),
        (203, 1636, errors.RequestError),
        (207, 1042, errors.RequestError),
        (103, 1410, errors.RequestError),
        (101, 2008, errors.RequestError),
        (607, 1042, errors.UnsupportedError),
        (605, 1040, errors.UnsupportedError),
        (102, 1362, errors.UnsupportedError),
        (103, 1360, errors.UnsupportedError),
        (101, 1360, errors.UnsupportedError),
    ],
)
def test_refused_request_names_device_object_and_code(
    code: int, message_id: int, kind: type[errors.RequestError]
) -> None:
    error = ret.error_for(code, where=WHERE, message_id=message_id, name="NetWork.NetNTP")
    assert isinstance(error, errors.RequestError)
    assert type(error) is kind
    assert (error.ret, error.message_id, error.name) == (code, message_id, "NetWork.NetNTP")
    assert str(error).startswith(f"{WHERE}: NetWork.NetNTP: {ret.text(code)} (Ret {code}, ")


@pytest.mark.parametrize("code", [105, 202])
def test_lost_session_is_a_reason_to_connect_again(code: int) -> None:
    assert isinstance(ret.error_for(code, where=WHERE, message_id=1042), errors.TransportError)


def test_unnamed_request_is_named_by_its_id() -> None:
    assert "1472 USERS_GET" in str(ret.error_for(107, where=WHERE, message_id=1472))


def test_builtin_ancestors_of_errors() -> None:
    assert issubclass(errors.RequestTimeoutError, TimeoutError)
    assert issubclass(errors.UsageError, ValueError)


@pytest.mark.parametrize(
    "error",
    [
        errors.RequestTimeoutError("late"),
        errors.AuthenticationError("no", ret=203),
        errors.UnsupportedError("no", ret=607, message_id=1042, name="X"),
        errors.NotAppliedError("no", changes=("a",), name="X"),
    ],
)
def test_error_copies_keep_everything(error: errors.DvripError) -> None:
    twin = copy.copy(error)
    assert type(twin) is type(error)
    assert str(twin) == str(error)
    assert vars(twin) == vars(error)
