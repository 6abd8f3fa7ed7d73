"""Messages without what tells whose a device is: for traces that are shown to others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..values import Json
from .dump import anonymous

_BUILT_IN: Final = ("admin", "default", "guest", "user")
_AS_IT_IS: Final = ("Name", "Ret", "SessionID", "AliveInterval", "ChannelNum", "EncryptType", "LoginType")


def anonymous_body(body: Json) -> Json:
    """Body of a message, each member as `anonymous` leaves the object of its name; accounts get numbers."""
    if not isinstance(body, Mapping):
        return body
    return {key: _member(key, value) for key, value in body.items()}


def _member(key: str, value: Json) -> Json:
    if key in _AS_IT_IS:
        return value
    if key.casefold() == "username":
        return "admin"
    if key in ("Users", "Groups", "User", "Group"):
        return _accounts(value)
    return anonymous(key, value) if isinstance(value, Mapping | list) else _value(key, value)


def _value(key: str, value: Json) -> Json:
    """One value beside the objects of a message."""
    cleaned = anonymous("", {key: value})
    return cleaned[key] if isinstance(cleaned, dict) else cleaned


def _accounts(value: Json) -> Json:
    if isinstance(value, list):
        return [_account(each, number) for number, each in enumerate(value, 1)]
    return _account(value, 1)


def _account(value: Json, number: int) -> Json:
    if not isinstance(value, Mapping):
        return value if value in _BUILT_IN else f"account{number}"
    known = value.get("Name") in _BUILT_IN
    cleaned = anonymous("", {**value, "Memo": ""})
    return {**cleaned, "Name": value["Name"] if known else f"account{number}"} if cleaned else value
