"""Objects and messages without what tells whose a device is, for reports and traces that others see."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ..config.catalog import CATALOG, spec_for
from ..config.kinds import Choice, Code, Raw
from ..config.redact import MASKED, redact
from ..config.spec import join
from ..config.texts import Text
from ..values import Json

_ADDRESS_KEYS: Final = frozenset(
    {
        *("hostip", "gateway", "address", "spareaddress", "banned", "trusted"),
        *("dnsserver1", "dnsserver2"),
    }
)
_PRIVATE_KEYS: Final = frozenset(
    {
        "username",
        "hostname",
        "sendaddr",
        "url",
        "serveraddr",
        "deviceid",
        "ddnskey",
        "chnname",
        "nainfocode",
        "info",
        "serial",
    }
)
_NAMED: Final = frozenset({"Port", "SerialNo", "Id"})
# Free texts that say what a device is, and never whose; every other one is left out.
_HARMLESS: Final = frozenset(
    {
        *("EncodeType", "SearchType", "Version", "StartTime", "EndTime", "Interface", "Protocol", "DevType"),
        *("StreamType", "BrandInfo", "FirmwareVersion", "HardwareId", "Model", "ProtocolName"),
    }
)
_CHOICES: Final = frozenset(
    str(choice)
    for spec in CATALOG.values()
    for row in spec.fields.values()
    if isinstance(row.kind, Choice | Code)
    for choice in row.kind.options or ()
)
# Words of firmware where no row tells the choices: links of alarms, states of channels and of the cloud.
_WORDS: Final = frozenset(
    {
        *(
            "None",
            "none",
            "Preset",
            "Tour",
            "Pattern",
            "Conneted",
            "Connected",
            "Probing",
            "Unknow",
            "Unknown",
        ),
        *("NoConfig", "NoLogin", "LoginFailed", "Logining", "Offline", "UTF-8", "LocalHost"),
    }
)
_NUMBER_OR_TIME: Final = re.compile(
    r"\d{1,5}x\d{1,5}|0[xX][0-9A-Fa-f]{1,32}|-?\d{1,5}(?:\.\d{1,6})?|\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?"
    r"|(?:\d )?\d{1,2}:\d\d(?::\d\d)?(?:-\d{1,2}:\d\d(?::\d\d)?)?"
)
_BUILT_IN: Final = ("admin", "default", "guest", "user")
_AS_IT_IS: Final = ("Name", "Ret", "SessionID", "AliveInterval", "ChannelNum", "EncryptType", "LoginType")

type _Rows = dict[str, bool]

_NO_ADDRESS: Final = "0x00000000"
_DOTTED: Final = re.compile(r"\b(?!0\.0\.0\.0\b)\d{1,3}(?:\.\d{1,3}){3}\b")
_MAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_MAC: Final = re.compile(r"\b[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}\b")


def anonymous(name: str, tree: Json) -> Json:
    """Copy of an object without secrets and without what tells whose it is."""
    if name == "ChannelTitle" and isinstance(tree, list):
        return titles(len(tree))
    return _cleaned(redact(tree, spec_for(name), identity=True), "", _rows(name))


def _rows(name: str) -> _Rows | None:
    """Whether each listed text of an object is harmless; None for what is no configuration."""
    if name not in CATALOG:
        return None
    return {
        path.removeprefix("[]").removeprefix("."): not isinstance(row.kind, Text)
        or path.rpartition(".")[2] in _HARMLESS
        for path, row in CATALOG[name].fields.items()
        if not isinstance(row.kind, Raw)
    }


def _is_word(text: str) -> bool:
    """Whether an unlisted text is a number, a time, or a choice that some object of every device has."""
    return text in _CHOICES or _NUMBER_OR_TIME.fullmatch(text) is not None


def _cleaned(tree: Json, path: str, rows: _Rows | None) -> Json:
    if isinstance(tree, dict):
        return {name: _member(tree, name, join(path, name), rows) for name in tree}
    if isinstance(tree, list):
        return [_cleaned(item, f"{path}[]", rows) for item in tree]
    key = path.rpartition(".")[2].partition("[")[0]
    if isinstance(tree, int) and not isinstance(tree, bool) and key.casefold() in _ADDRESS_KEYS:
        return 0  # some firmware tells addresses as numbers
    if not isinstance(tree, str) or not tree or tree == MASKED:
        return tree
    if key.casefold() in _ADDRESS_KEYS:
        return _NO_ADDRESS
    if key.casefold() in _PRIVATE_KEYS:
        return ""
    listed = None if rows is None else rows.get(path.removeprefix("[]").removeprefix("."))
    harmless = listed or tree in _WORDS or (listed is None and _is_word(tree))
    if rows is not None and not harmless:
        return ""
    return _MAC.sub("00:00:00:00:00:00", _MAIL.sub("nobody@example.com", _DOTTED.sub("0.0.0.0", tree)))


def _member(tree: dict[str, Json], name: str, path: str, rows: _Rows | None) -> Json:
    value = tree[name]
    # Host names of servers, titles of channels drawn into pictures, names of presets.
    if name == "Name" and isinstance(value, str) and _NAMED & tree.keys():
        return ""
    return _cleaned(value, path, rows)


def titles(count: int) -> list[str]:
    """Titles of channels that say nothing but their numbers."""
    return [f"CAM{number:02d}" for number in range(1, count + 1)]


def anonymous_body(body: Json) -> Json:
    """Body of a message, each member as `anonymous` leaves the object of its name; accounts get numbers."""
    if not isinstance(body, Mapping):
        return body
    return {key: _part(key, value) for key, value in body.items()}


def _part(key: str, value: Json) -> Json:
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
