"""Absurd members in the reply to a login: the session is ready with usual values, or the login fails. Nothing else."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from dvrip_proto.session import Failed, Pushed, Replied, State
from dvrip_proto.wire.framer import pack
from tests.session.conversation import CREDENTIALS, LOGIN_OK, Wire

ABSURD = [
    *(..., None, True, False, 0, -1, 1, 2**32, 10**70, 10**400, 1e400, -1e400, 1e-300, 1.5),
    *("", "x", "0x", "-5", "1e9", "0xFFFFFFFFFFFF", "9" * 4000, "\0", "\u0663"),
    *([], {}, [20], {"a": {"b": None}}, [[[[]]]]),
]
MEMBERS = [*LOGIN_OK, "DataUseAES", "Name"]


def spelled(tree: Any) -> bytes:
    return json.dumps(tree).replace("Infinity", "1e400").encode()


@pytest.mark.parametrize("member", MEMBERS)
def test_an_absurd_member_is_a_usual_value_or_a_failed_login(member: str) -> None:
    for value in ABSURD:
        body = {key: told for key, told in LOGIN_OK.items() if key != member}
        if value is not ...:
            body[member] = value
        wire = Wire()
        request = wire.session.login(CREDENTIALS, now=0, timeout_s=10)
        (event,) = wire.hears(pack(1001, spelled(body), session=0x57))
        assert isinstance(event, Replied | Failed)
        assert event.request is request
        login = wire.session.login_reply
        if wire.session.state is not State.READY:
            assert (login, wire.session.state) == (None, State.NEW)
            continue
        assert login is not None
        assert 0 <= login.channel_count <= 1024
        assert 0 <= login.extra_channels <= 1024
        assert 0.1 <= login.alive_interval_s <= 300
        assert isinstance(login.device_type, str)
        assert 0 <= wire.session.session_id <= 0xFFFFFFFF
        assert math.isfinite(wire.session.deadline() or math.nan)
        wire.session.tick(1e6)


@pytest.mark.parametrize(
    "value", [value for value in ABSURD if isinstance(value, list | dict | str) and value != "1"]
)
def test_a_login_without_a_readable_return_code_is_no_login(value: Any) -> None:
    wire = Wire()
    wire.session.login(CREDENTIALS, now=0, timeout_s=10)
    wire.hears(pack(1001, spelled({**LOGIN_OK, "Ret": value})))
    assert wire.session.state is State.NEW


@pytest.mark.parametrize("value", ABSURD, ids=range(len(ABSURD)))
def test_pushes_with_absurd_members_are_pushes(value: Any) -> None:
    wire = Wire()
    wire.session.login(CREDENTIALS, now=0, timeout_s=10)
    wire.hears(pack(1001, spelled(LOGIN_OK)))
    told = None if value is ... else value
    body = {"Name": told, "Ret": told, "SessionID": told, "AlarmInfo": told}
    (event,) = wire.hears(pack(1504, spelled(body)))
    assert isinstance(event, Pushed)
    assert wire.session.state is State.READY
