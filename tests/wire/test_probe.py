"""Discovery datagrams."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvrip_proto.wire.framer import pack
from dvrip_proto.wire.probe import PROBE, is_probe, parse, probe_reply
from tests.frames.vectors import vector


def test_probe_is_that_of_the_capture() -> None:
    assert PROBE.hex() == vector("pkt-discovery-req")["hex"]


@pytest.mark.parametrize("datagram", [PROBE, bytes([0xFF, 1]) + PROBE[2:], pack(1530, b"{}\n\0")])
def test_probe_is_recognised_and_is_no_answer(datagram: bytes) -> None:
    assert is_probe(datagram)
    assert parse(datagram) is None


def test_answer_is_a_devices() -> None:
    reply = probe_reply({"HostName": "cam", "SN": "1"})
    assert reply[20:] == (
        b'{ "NetWork.NetCommon" : { "HostName" : "cam", "SN" : "1" }, "Ret" : 100, "SessionID" : "0x00000000" }\n\0'
    )
    assert parse(reply) == {"HostName": "cam", "SN": "1"}
    assert not is_probe(reply)


def test_answer_may_have_the_probes_id() -> None:
    assert parse(pack(1530, b'{"NetWork.NetCommon":{"SN":"1"}}')) == {"SN": "1"}
    assert not is_probe(pack(1530, b'{"NetWork.NetCommon":{"SN":"1"}}'))


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        PROBE[:19],
        b"M-SEARCH * HTTP/1.1\r\n\r\n",
        pack(1531, b"[]"),
        pack(1531, b"{"),
        pack(1531, b'{"NetWork.NetCommon":[]}'),
        pack(1531, b'{"NetWork.NetCommon":{}}'),
        pack(1533, b'{"Ret":100}'),
    ],
)
def test_anything_else_is_neither(datagram: bytes) -> None:
    assert parse(datagram) is None
    assert not is_probe(datagram)


@given(st.binary())
def test_any_datagram_is_survived(datagram: bytes) -> None:
    for each in (datagram, PROBE + datagram):
        parse(each)
        is_probe(each)
