"""What the code of an answer is to a caller: nothing, an error by its class, or no answer at all."""

from __future__ import annotations

import json

import pytest

from dvrip_proto.errors import (
    AuthenticationError,
    ProtocolError,
    RequestError,
    UnsupportedError,
    UsageError,
)
from dvrip_proto.wire.digest import sofia_hash
from dvrip_proto.wire.ids import MessageId
from dvrip_proto.wire.login import login_body
from dvrip_proto.wire.ret import check, login_refusal

WHERE = "192.0.2.7:34567"


@pytest.mark.parametrize("code", [100, 515, 603])
def test_success_is_no_error(code: int) -> None:
    check(code, where=WHERE, message_id=MessageId.CONFIG_SET)


def test_an_answer_without_a_code_is_no_answer() -> None:
    with pytest.raises(ProtocolError, match=f"^{WHERE}: the reply to 1040 CONFIG_SET has no Ret$"):
        check(None, where=WHERE, message_id=MessageId.CONFIG_SET)


@pytest.mark.parametrize(
    ("code", "kind"), [(107, RequestError), (607, RequestError), (102, UnsupportedError)]
)
def test_a_refusal_is_raised_with_its_code(code: int, kind: type[RequestError]) -> None:
    with pytest.raises(kind) as refused:
        check(code, where=WHERE, message_id=MessageId.CONFIG_SET)
    assert refused.value.ret == code
    assert str(refused.value).startswith(f"{WHERE}: ")


@pytest.mark.parametrize(("code", "what"), [(None, "no Ret"), (100, "no session")])
def test_an_answer_that_lets_nobody_in_is_no_login(code: int | None, what: str) -> None:
    error = login_refusal(code, where=WHERE)
    assert isinstance(error, ProtocolError)
    assert str(error) == f"{WHERE}: the reply to the login gives {what}: it is no login"


@pytest.mark.parametrize("code", [203, 205, 106])
def test_a_refused_login_is_of_its_own_kind(code: int) -> None:
    assert isinstance(login_refusal(code, where=WHERE), AuthenticationError)


def test_a_login_says_the_hash_and_only_where_it_must_the_password() -> None:
    hashed = json.loads(login_body("admin", "tlJwpbo6").decode().rstrip("\n\0"))
    assert hashed["PassWord"] == sofia_hash("tlJwpbo6")
    assert (
        json.loads(login_body("admin", "x", encrypt_type="NONE").decode().rstrip("\n\0"))["PassWord"] == "x"
    )
    with pytest.raises(UsageError, match="encrypt_type is one of MD5, NONE, not 'ROT13'"):
        login_body("admin", "x", encrypt_type="ROT13")
    with pytest.raises(UsageError, match="NONE sends the password itself: its hash will not do"):
        login_body("admin", "tlJwpbo6", encrypt_type="NONE", hashed=True)
