from __future__ import annotations

import pytest
from homeassistant.exceptions import (
    ConfigEntryAuthFailed,
    ConfigEntryError,
    ConfigEntryNotReady,
    HomeAssistantError,
    ServiceValidationError,
)

import dvrip_proto
from custom_components.dvrip.failure import OtherDeviceError, cause, setup_error, translated
from dvrip_proto import (
    AuthenticationError,
    DangerError,
    DvripError,
    NoConnectionError,
    NotAppliedError,
    ProtocolError,
    RequestError,
    RequestTimeoutError,
    TransportError,
    UnsupportedError,
    UsageError,
)

TABLE = [
    (TransportError("x"), "cannot_connect", ConfigEntryNotReady, HomeAssistantError),
    (NoConnectionError("x"), "no_connection", ConfigEntryNotReady, HomeAssistantError),
    (RequestTimeoutError("x"), "timeout", ConfigEntryNotReady, HomeAssistantError),
    (ProtocolError("x"), "not_dvrip", ConfigEntryNotReady, HomeAssistantError),
    (AuthenticationError("x", ret=203), "invalid_auth", ConfigEntryAuthFailed, HomeAssistantError),
    (AuthenticationError("x", ret=106), "invalid_auth", ConfigEntryAuthFailed, HomeAssistantError),
    (AuthenticationError("x", ret=205), "account_locked", ConfigEntryAuthFailed, HomeAssistantError),
    (AuthenticationError("x", ret=206), "address_blocked", ConfigEntryAuthFailed, HomeAssistantError),
    (RequestError("x", ret=104), "account_in_use", ConfigEntryNotReady, HomeAssistantError),
    (RequestError("x", ret=107), "no_permission", ConfigEntryNotReady, HomeAssistantError),
    (RequestError("x", ret=101), "refused", ConfigEntryNotReady, HomeAssistantError),
    (UnsupportedError("x", ret=102), "unsupported", ConfigEntryError, HomeAssistantError),
    (NotAppliedError("x"), "not_applied", ConfigEntryNotReady, HomeAssistantError),
    (UsageError("x"), "invalid_value", ConfigEntryNotReady, ServiceValidationError),
    (DangerError("x"), "danger", ConfigEntryNotReady, ServiceValidationError),
    (OtherDeviceError("x"), "wrong_device", ConfigEntryError, HomeAssistantError),
    (DvripError("x"), "unknown", ConfigEntryNotReady, HomeAssistantError),
]


@pytest.mark.parametrize(("error", "key", "at_setup", "in_action"), TABLE)
async def test_the_table(error, key, at_setup, in_action) -> None:
    assert cause(error) == key
    assert type(setup_error(error, "Gate")) is at_setup

    @translated
    async def action() -> None:
        raise error

    with pytest.raises(HomeAssistantError) as raised:
        await action()
    assert type(raised.value) is in_action
    assert raised.value.translation_key == key
    code = "-" if getattr(error, "ret", None) is None else str(error.ret)
    assert raised.value.translation_placeholders == {"name": "DVRIP", "error": "x", "code": code}
    assert raised.value.__cause__ is error


def test_the_table_knows_every_class_of_the_library() -> None:
    classes = {
        value
        for value in vars(dvrip_proto).values()
        if isinstance(value, type) and issubclass(value, DvripError)
    }
    assert classes | {OtherDeviceError} == {type(row[0]) for row in TABLE}


async def test_other_errors_pass() -> None:
    @translated
    async def action() -> None:
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        await action()
    assert cause(KeyError()) == "unknown"
