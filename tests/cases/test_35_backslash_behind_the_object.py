"""Case 35: a reply ends with a backslash behind its object; and other bodies that are nearly JSON."""

from __future__ import annotations

from typing import Any

import pytest

from dvrip_proto import Device, ProtocolError
from dvrip_proto.wire.body import decode
from dvrip_proto.wire.framer import pack
from tests import hostile
from tests.hostile import Link

INFO = b'{ "Name" : "SystemInfo", "Ret" : 100, "SystemInfo" : { "SerialNo" : "abc" } }'


@pytest.mark.parametrize(
    "behind",
    [
        b"\\\n\0",
        b"\\",
        b"\n\0",
        b"\0\0\0\0",
        b"\\n\\0",
        b"}",
        b"#",
        b" junk \xff\xfe",
        b'{"Ret":203}',
        b"\r\n\\",
    ],
)
async def test_what_stands_behind_the_object_does_no_harm(behind: bytes) -> None:
    async def script(link: Link) -> None:
        await link.accept_login()
        request = await link.receive()
        await link.send(pack(request.message_id + 1, INFO + behind, session=hostile.SESSION))
        await link.gone()

    async with hostile.peer(script) as (host, port), Device(host, port, timeout_s=2) as device:
        assert (await device.system.info()).serial == "abc"


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (rb'{ "Path" : "C:\dir\xyz" }', {"Path": r"C:\dir\xyz"}),
        (rb'{ "A" : "a\/b\u00e4", }', {"A": "a/bä"}),
        (rb'{ "A" : "\u12" }\ ', {"A": r"\u12"}),
        (b'{ "A " : "tab\there\nand" } {', {"A": "tab\there\nand"}),
        (b'\xef\xbb\xbf{ "A" : 1 }\\', {"A": 1}),
    ],
)
def test_other_bodies_that_are_nearly_json(body: bytes, value: Any) -> None:
    assert decode(body) == value


@pytest.mark.parametrize("body", [b"1 2", b"[1] [2]", b'"a" b', b"\\{}", b"{", b'{"A":1', b"nonsense"])
def test_what_is_no_object_stays_an_error(body: bytes) -> None:
    with pytest.raises(ProtocolError, match="not JSON"):
        decode(body)
