"""Write docs/messages.md: every message a client may send, its call, what that gives, and where it is tested.

Messages that are never sent say why. `--check` fails when the page is not what it would be.
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "messages.md"
TESTS: Final = ("device", "session", "wire", "cli")
sys.path[:0] = [str(ROOT), str(ROOT / "shared")]

from dvrip_proto.wire.ids import (  # noqa: E402 - found by the line above
    MEDIA_IDS,
    NEVER_SENT,
    PUSH_IDS,
    UNNAMED_IDS,
    MessageId,
)
from tools.written import write_or_check  # noqa: E402 - found by the line above


@dataclass(frozen=True, slots=True)
class Call:
    """Where a message is sent: attribute of a module, how a caller writes it, what a test of it contains.

    `gives` is what the caller gets, where that is not what the attribute returns.
    """

    path: str
    written: str
    needle: str = ""
    gives: str = ""

    @property
    def pattern(self) -> str:
        """Text that a test of this call has."""
        return self.needle or self.written.removeprefix("device") + "("


def _features(module: str, owner: str, attribute: str, **methods: str) -> dict[int, Call]:
    """Calls of one feature: message name -> method."""
    return {
        MessageId[message]: Call(f"features.{module}:{owner}.{method}", f"device.{attribute}.{method}")
        for message, method in methods.items()
    }


_WRAPPERS: Final = (
    r"AbstractAsyncContextManager\[(.*)\]",
    r"AsyncIterator\[(.*)\]",
    r"AsyncGenerator\[(.*), None\]",
)
RAW: Final = Call("features.messages:Messages.send", "device.messages.send")
"""Call for messages of which nobody has published what they carry."""
_RAW_NAMED: Final = (
    MessageId.PHOTO_GET,
    MessageId.PHONE_SYNC,
    MessageId.CLOUD_SEARCH,
    MessageId.CLOUD_FILE,
    MessageId.MUSIC_FILES,
    MessageId.MUSIC_PLAY,
    MessageId.SAFETY_ABILITY_GET,
    MessageId.SAFETY_CHECK,
    MessageId.CLOUD_UPGRADE_LIST,
    MessageId.VERSION_REPORT,
    MessageId.LANGUAGES,
    MessageId.THUMBNAIL,
    MessageId.RECORD_SNAPSHOT,
    MessageId.DEVICE_INFO,
)

CALLS: Final[dict[int, Call]] = {
    **dict.fromkeys((*UNNAMED_IDS, *_RAW_NAMED), RAW),
    MessageId.LOGIN: Call("device:Device.open", "device.open", "async with Device(", "LoginReply"),
    MessageId.KEY_NEGOTIATION: Call("features.encryption:read_encryption", "read_encryption"),
    MessageId.LOGOUT: Call("device:Device.close", "device.close"),
    MessageId.KEEPALIVE: Call("session:Session.tick", "by itself", "KEEPALIVE", "None"),
    MessageId.FORCED_LOGOUT: Call("connection:Connection.wait_closed", "device.wait_closed", "1004"),
    MessageId.CONFIG_SET: Call("features.settings:Settings.apply", "device.settings.apply"),
    MessageId.CONFIG_GET: Call("features.settings:Settings.get", "device.settings.get"),
    MessageId.DEFAULT_CONFIG_GET: Call("features.settings:Settings.default", "device.settings.default"),
    MessageId.CHANNEL_TITLE_SET: Call(
        "features.settings:Settings.ensure", 'device.settings.ensure("ChannelTitle")', 'ensure("ChannelTitle"'
    ),
    MessageId.CHANNEL_TITLE_GET: Call(
        "features.settings:Settings.get", 'device.settings.get("ChannelTitle")', 'settings.get("ChannelTitle"'
    ),
    MessageId.ALARM: Call("features.alarms:Alarms.events", "device.alarms.events"),
    MessageId.ALARM_CENTRE: Call(
        "servers.alarm_centre:AlarmCentre.reports", "AlarmCentre.reports", "centre.reports("
    ),
    MessageId.DISCOVERY: Call("discovery:discover", "discover"),
    MessageId.IP_SET: Call("discovery:set_address", "set_address"),
    MessageId.MONITOR_DATA: Call(
        "stream:MediaStream.__anext__", "async for frame in stream", "open_monitor("
    ),
    MessageId.PLAYBACK_DATA: Call("stream:MediaStream.__anext__", "async for frame in playback", ".play("),
    MessageId.PLAYBACK_EOF: Call("features.recordings.playback:Player.play", "end of the iterator", ".play("),
    MessageId.DOWNLOAD_DATA: Call(
        "stream:MediaStream.__anext__", "async for frame in download", ".download("
    ),
    MessageId.TALK_CLIENT_DATA: Call("features.talk:Conversation.send", "conversation.send", "talk.send("),
    MessageId.TALK_DEVICE_DATA: Call(
        "features.talk:Conversation.__anext__", "async for frame in conversation", "in talk:"
    ),
    MessageId.RS485_DATA: Call("features.rare.serial:SerialLink.send", "link.send"),
    MessageId.RS232_DATA: Call("features.rare.serial:SerialLink.send", "link.send"),
    **_features(
        "system",
        "System",
        "system",
        SYSINFO="info",
        ABILITY_GET="ability",
        CHANNEL_ABILITY_GET="channel_ability",
        TIME_QUERY="time",
        TIME_SYNC="restore_time",
    ),
    MessageId.SYSTEM_MANAGER: Call(
        "features.system:System.reboot", "device.system.reboot, set_time, restore_defaults", "system.reboot("
    ),
    **_features("ptz", "Ptz", "ptz", PTZ="move"),
    **_features(
        "monitor",
        "Monitor",
        "monitor",
        MONITOR="open",
        MONITOR_CLAIM="open",
        FORCE_KEY_FRAME="request_key_frame",
    ),
    **_features(
        "recordings.recordings",
        "Recordings",
        "recordings",
        PLAYBACK="play",
        PLAYBACK_CLAIM="play",
        FILE_SEARCH="search",
        FILE_SEARCH_BY_TIME="timeline",
        FILE_SEARCH_CALENDAR="calendar",
        YEAR_CALENDAR="year_calendar",
        COMPRESS_PICTURE="thumbnail",
    ),
    **_features("logs", "Logs", "logs", LOG_SEARCH="entries", LOG_EXPORT="export"),
    **_features("storage", "Storage", "storage", DISK_MANAGER="clear"),
    **_features("talk", "Talk", "talk", TALK="open", TALK_CLAIM="open"),
    **_features(
        "accounts.users",
        "Users",
        "users",
        AUTHORITIES_GET="authorities",
        USERS_GET="list",
        GROUPS_GET="groups",
        GROUP_ADD="add_group",
        GROUP_MODIFY="modify_group",
        GROUP_DELETE="remove_group",
        USER_ADD="add",
        USER_MODIFY="modify",
        USER_DELETE="remove",
        PASSWORD_MODIFY="set_password",
    ),
    **_features("alarms", "Alarms", "alarms", GUARD="arm", UNGUARD="disarm", NET_ALARM="signal"),
    **_features("firmware.upgrade", "Upgrade", "upgrade", UPGRADE_INFO="info"),
    **{
        message: Call(
            "features.firmware.upgrade:Upgrade.install", "device.upgrade.install", "install(device", result
        )
        for message, result in (
            (MessageId.UPGRADE, "Upgraded"),
            (MessageId.UPGRADE_DATA, "Upgraded"),
            (MessageId.UPGRADE_PROGRESS, "UpgradeProgress"),
        )
    },
    **_features(
        "backup",
        "Backup",
        "backup",
        CONFIG_IMPORT="restore",
        CONFIG_EXPORT="export",
        DEFAULT_CONFIG_EXPORT="export_defaults",
        LANGUAGE_EXPORT="export_languages",
    ),
    **_features("rare.keyboard", "Keyboard", "keyboard", NET_KEYBOARD="press"),
    **_features("snapshot", "Snapshot", "snapshot", SNAPSHOT="take"),
    **_features(
        "rare.serial",
        "Serial",
        "serial",
        RS232_READ="read",
        RS232_WRITE="write",
        RS485_READ="read",
        RS485_WRITE="write",
        TRANSPARENT_OPEN="open",
    ),
    **_features("outputs", "Outputs", "outputs", REMOTE_CONTROL="siren"),
    **_features("rare.service_tests", "Services", "services", MAIL_TEST="try_mail", FTP_TEST="try_ftp"),
    **_features(
        "rare.overlay",
        "Overlay",
        "overlay",
        CHANNEL_TITLE_DOTS_SET="draw_title",
        OSD_DOTS_SET="draw_text",
        OSD_SET="set_text",
    ),
    **_features("rare.battery", "Battery", "battery", UPLOAD_START="reports", UPLOAD_STOP="reports"),
    **_features(
        "rare.feeder",
        "Feeder",
        "feeder",
        FEED_BOOK_SET="add",
        FEED_BOOK_GET="plan",
        FEED_MANUAL="feed",
        FEED_HISTORY_GET="history",
        FEED_HISTORY_SET="forget",
    ),
}

_HEAD: Final = """\
<!-- Written by tools/message_table.py: change that, and run it. -->

# Messages

What a client may send to a device, and what a device sends unasked. A reply has the next number. Names of
the messages are those of `dvrip_proto.wire.ids`. A device that refuses, and one that does not answer, is an
error of `dvrip_proto.errors` in every call but `device.messages.send`, which gives the reply whatever it is.
Of the answers to pushes 1005 goes out by itself; 1505 no client sends, and no device waits for it.

| id | message | call | gives | tested in |
|---:|---|---|---|---|
"""
_MIDDLE: Final = """
## Never sent

| id | message | why |
|---:|---|---|
"""


def expected() -> set[int]:
    """Every request and every push that is known."""
    replies = {message.value for message in MessageId if message.name.endswith("_REPLY")}
    return {message.value for message in MessageId} - replies | MEDIA_IDS | PUSH_IDS | UNNAMED_IDS


def name_of(message: int) -> str:
    """Name of a message, a dash where nobody knows one."""
    return MessageId(message).name if message in MessageId else "–"


def gives(call: Call) -> str:
    """What a call gives to its caller: a type, a dash for nothing."""
    text = call.gives or str(inspect.signature(resolve(call)).return_annotation)
    for wrapper in _WRAPPERS:
        text = re.sub(rf"^{wrapper}$", r"\1", text)
    if text.startswith("_"):  # an alias, where a method has the name of a type
        alias = getattr(importlib.import_module(f"dvrip_proto.{call.path.partition(':')[0]}"), text)
        text = re.sub(r"\b[a-z_.]+\.(?=[A-Z])", "", str(getattr(alias, "__value__", alias)))
    return "–" if text == "None" else f"`{text.replace('|', 'or')}`"


def resolve(call: Call) -> Callable[..., object]:
    """What a call's path names; ImportError or AttributeError when there is no such thing."""
    module, _, attributes = call.path.partition(":")
    found: object = importlib.import_module(f"dvrip_proto.{module}")
    for attribute in attributes.split("."):
        found = getattr(found, attribute)
    if not callable(found):
        raise TypeError(f"{call.path} is no call")
    return found


def where_tested(call: Call) -> list[str]:
    """Files with a test of a call, the closest first: of its feature, then those that make it most often."""
    feature = re.sub(r".*features\.(\w+):.*", r"test_\1.py", call.path)
    found: dict[str, tuple[bool, int, int]] = {}
    for rank, folder in enumerate(TESTS):
        for path in sorted((ROOT / "tests" / folder).glob("test_*.py")):
            if count := path.read_text("utf-8").count(call.pattern):
                found[path.relative_to(ROOT).as_posix()] = (path.name != feature, rank, -count)
    return sorted(found, key=found.__getitem__)


def page() -> str:
    """Text of docs/messages.md."""
    texts = [_HEAD]
    for message, call in sorted(CALLS.items()):
        tests = where_tested(call)
        cells = (
            message,
            name_of(message),
            f"`{call.written}`",
            gives(call),
            f"`{tests[0]}`" if tests else "–",
        )
        texts.append(f"| {' | '.join(map(str, cells))} |\n")
    texts.append(_MIDDLE)
    texts += [f"| {message} | {name_of(message)} | {why} |\n" for message, why in sorted(NEVER_SENT.items())]
    return "".join(texts)


if __name__ == "__main__":
    sys.exit(write_or_check({PAGE: page()}))
