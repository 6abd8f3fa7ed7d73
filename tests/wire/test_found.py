"""Inputs that were found to cost too much: what comes in a moment is read in a moment."""

from __future__ import annotations

import time

import pytest

from dvrip_proto.errors import ProtocolError
from dvrip_proto.wire.body import decode, encode
from dvrip_proto.wire.framer import Framer
from dvrip_proto.wire.header import Header


@pytest.mark.parametrize("start", [b'{"a":"', b'{"a":"\xff'], ids=["utf-8", "old firmware"])
def test_quotes_without_end_are_no_json_in_no_time(start: bytes) -> None:
    began = time.process_time()
    with pytest.raises(ProtocolError):
        decode(start + b'\\"' * 15_000)  # half of a datagram
    assert time.process_time() - began < 1


def test_fragments_that_are_never_whole_cost_no_more_than_what_came() -> None:
    data = b"".join(
        Header(message_id=2500 + at // 200, total_or_channel=255, current_or_end=at % 200).pack()
        for at in range(20_000)
    )
    began = time.process_time()
    Framer().feed(data)  # 400 KB
    assert time.process_time() - began < 1.5


@pytest.mark.parametrize("byte", [b"\x85", b"\xa0"])
def test_keys_of_old_firmware_may_end_with_what_is_a_space_elsewhere(byte: bytes) -> None:
    body = b'{"a\xd6' + byte + b'": "\xd5"}'
    assert encode(decode(body)) == body + b"\n\0"
