"""Bodies of encrypted sessions: what was recorded, FIPS-197, and every filling that programs are known to use."""

from __future__ import annotations

import base64
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvrip_proto.errors import ProtocolError, UsageError
from dvrip_proto.wire.cipher import FIXED_KEY, Cipher, Coding, negotiation, rsa_hex
from dvrip_proto.wire.framer import Frame, Framer, pack
from dvrip_proto.wire.header import Header
from dvrip_proto.wire.ids import MessageId
from dvrip_proto.wire.offer import Offer, claim_body, read_offer
from tests.encrypted_device import FIXED, PADDINGS, PRIVATE, TERMINATORS, decrypt, encrypt

# An owner's recording of an NBD80X16S-KL, V4.03.R11, cut off: whole blocks only.
OFFER = bytes.fromhex(
    "edbdfd4c570e40bbe27083c9fabbb2ff344db499844de368b3e89ded78b02e2f6deef5bbe2e1d0dff828c05becdd570e"
    "3c03c1710e52237c235348ec80ec19691ace832fb7d3f4b092c8d963cdea5bc03a83be6fe954c7a63f96113206832a18"
    "db54c9123f1847c7c597ce99773911ad57768ca669c7f1c43ad5f7f228094ee1355930e7d59a93b7baca4665d14ed612"
)
LOGIN = b"rfIQlMaR6Ses2pRV7x9RcqLQDOs9GDPH7FuY0jxaWEwOBvxOE2S7iMQgSIJbivkE"


def test_the_recorded_offer_opens_with_the_fixed_key() -> None:
    plain = Cipher(FIXED_KEY).decode(base64.b64encode(OFFER))
    assert plain.startswith(b'{ "Bits" : 1024, "DataEncryptionType" : { "AES" : true,')


def test_the_recorded_login_opens_with_the_fixed_key() -> None:
    plain = Cipher(FIXED_KEY).decode(LOGIN)
    assert plain.startswith(b'{"EncryptType":"MD5","LoginType":"DVRIP-Xm030",')


def test_one_block_of_fips_197() -> None:
    ciphered = bytes.fromhex("69c4e0d86a7b0430d8cdb78070b4c55a")
    plain = Cipher(bytes(range(16))).decode(base64.b64encode(ciphered))
    assert plain == bytes.fromhex("00112233445566778899aabbccddeeff")


@pytest.mark.parametrize(("padding", "end"), itertools.product(PADDINGS, TERMINATORS))
@pytest.mark.parametrize("size", range(2, 34))
def test_every_filling_and_end_is_read(padding: str, end: bytes, size: int) -> None:
    plain = b"{" + b" " * (size - 2) + b"}"
    assert Cipher(FIXED_KEY).decode(encrypt(FIXED, plain, padding, end)) == plain


@given(st.binary(min_size=1, max_size=200))
def test_other_bytes_come_back_whole(raw: bytes) -> None:
    """Archives may end in NULs: those that fill stay too, which no reader of archives minds."""
    body = Cipher(FIXED_KEY).decode(encrypt(FIXED, raw, "pkcs7"))
    assert body == (raw.rstrip(b"\0") if raw[:1] in (b"{", b"[") else raw)


def test_what_is_written_is_what_the_app_writes() -> None:
    for size in range(1, 50):
        body = b'{"A":"' + b"x" * size + b'"}\n\0'
        assert decrypt(FIXED, Cipher(FIXED_KEY).encode(body)) == {"A": "x" * size}


@pytest.mark.parametrize("body", [b"", b"\0", b"????", b"AAAA", b"A" * 24, b"=" * 20, b"{}", b"\xff" * 32])
def test_what_is_not_ciphered_is_said_so(body: bytes) -> None:
    with pytest.raises(ProtocolError, match="not base64|not ciphered"):
        Cipher(FIXED_KEY).decode(body)


@given(st.binary(max_size=100))
def test_any_body_is_a_message_or_an_error(body: bytes) -> None:
    coding = Coding(Cipher(FIXED_KEY), frozenset({1413}))
    for message_id in (1001, 1021, 1412, 1413, 1504):
        frame = Frame(Header(message_id=message_id, length=len(body)), body)
        assert isinstance(coding.decode(frame).body, bytes)


def test_ids_decide_what_is_ciphered() -> None:
    coding = Coding(Cipher(FIXED_KEY), frozenset({1000, 1413}))
    assert coding.encode(1413, b"{}\n\0") == b"{}\n\0"
    assert coding.encode(1412, b"picture") == b"picture"
    assert decrypt(FIXED, coding.encode(1020, b"{}\n\0")) == {}
    assert decrypt(FIXED, negotiation().encode(1000, b"{}\n\0")) == {}
    clear = Frame(Header(message_id=1021), b'{ "Ret" : 100 }\n\0')
    assert coding.decode(clear) is clear


def test_99_packets_of_a_login_are_one() -> None:
    for message_id in (1000, 1001, 1413, 1414):
        (frame,) = Framer().feed(pack(message_id, b"{}", channel=0x63))
        assert frame.header.total_or_channel == 0x63
    assert Framer().feed(pack(1043, b"{", channel=2)) == []


def test_keys_of_a_login() -> None:
    numbers = PRIVATE.public_key().public_numbers()
    told = rsa_hex(b"admin", numbers.n, numbers.e)
    assert told == told.upper()
    assert len(told) == 256
    with pytest.raises(UsageError, match="118 bytes, 117 fit"):
        rsa_hex(b"x" * 118, numbers.n, numbers.e)
    with pytest.raises(UsageError, match="16 bytes"):
        Cipher(b"short")


def test_what_an_offer_says() -> None:
    kinds = {"MD5": True, "RSA": True, "MD5_DH": True, "TOKEN": False}
    told = {
        "EncryptAlgo": "RSA_V1.5",
        "PublicKey": f"{(1 << 1023) + 1:X},010001",
        "LoginEncryptionType": kinds,
    }
    offer = read_offer(told | {"NotEncryptMsgID": [1000, "1001", True, 2.5, -1]})
    assert (offer.takes_keys, offer.takes_salt) == (True, False)
    assert offer.plain_ids == {1000}
    assert offer.login_kinds == {"MD5", "RSA", "MD5_DH"}
    salted = read_offer(told | {"DHParameter": {"RandomStrB": "wxyz"}})
    assert salted.takes_salt
    assert "wxyz" not in repr(salted)
    assert not read_offer({"NotEncryptMsgID": [1000]}).takes_keys
    assert not Offer().takes_keys
    assert b"RandomStrA" not in claim_body()
    assert b'"DHParameter": {"RandomStrA": "ABCD"}' in claim_body("ABCD")


def test_what_is_not_ciphered_stays_as_it_is_whatever_was_agreed() -> None:
    coding = Coding(Cipher(FIXED_KEY), frozenset({MessageId.MONITOR_CLAIM.value}))

    def came(message_id: int, body: bytes) -> bytes:
        framer = Framer()
        data = pack(message_id, body)
        framer.get_buffer()[: len(data)] = data
        (frame,) = framer.commit(len(data))
        return coding.decode(frame).body

    assert came(MessageId.CONFIG_GET, coding.cipher.encode(b"{}")) == b"{}"
    assert came(MessageId.CONFIG_GET, b'{"Ret":100}\n\0') == b'{"Ret":100}\n\0'
    odd = base64.b64encode(b"fifteen bytes..")
    assert came(MessageId.CONFIG_GET, odd) == odd, "no whole block: it was never ciphered"
    ciphered = coding.cipher.encode(b"{}")
    assert came(MessageId.MONITOR_CLAIM, ciphered) == ciphered, "agreed to be in clear"
    assert coding.encode(MessageId.MONITOR_CLAIM, b"{}") == b"{}"
