"""One table of what a return code means to a person, for the command line, Home Assistant and Ansible."""

from __future__ import annotations

import pytest

from dvrip_proto import AuthenticationError, DvripError, RequestError, UnsupportedError, remedy
from dvrip_proto.cli.exit_codes import explained
from dvrip_proto.wire.ret import error_for


@pytest.mark.parametrize(
    ("ret", "message_id", "key"),
    [
        (104, 1000, "account_in_use"),
        (207, 1000, "account_in_use"),
        (205, 1000, "account_locked"),
        (206, 1000, "address_blocked"),
        (203, 1000, "wrong_credentials"),
        (113, 1000, "wrong_credentials"),
        (777, 1000, "wrong_credentials"),
        (107, 1040, "no_permission"),
        (121, 1410, "camera_offline"),
        (503, 1430, "busy"),
        (607, 1042, "not_there"),
        (118, 1400, "no_ptz"),
    ],
)
def test_a_refusal_says_what_to_do(ret: int, message_id: int, key: str) -> None:
    error = error_for(ret, where="h:1", message_id=message_id)
    told = remedy(error)
    assert told is not None
    assert told.key == key
    assert explained(error) == f"{error}. {told.text}"


@pytest.mark.parametrize(
    "error",
    [
        RequestError("x", ret=101),
        RequestError("x"),
        UnsupportedError("x"),
        AuthenticationError("x"),
        DvripError("x"),
    ],
)
def test_what_says_nothing_to_a_person_has_no_remedy(error: DvripError) -> None:
    assert remedy(error) is None
    assert explained(error) == "x"
