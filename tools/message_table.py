"""Write docs/messages.md: every message a client may send, the call that sends it, and where it is tested.

Messages without a call say why: never, or not yet. `--check` fails when the page is not what it would be.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "messages.md"
TESTS: Final = ("device", "session", "wire", "cli")
sys.path.insert(0, str(ROOT / "shared"))

from dvrip_proto.wire.ids import MEDIA_IDS, PUSH_IDS, MessageId  # noqa: E402 - found by the line above


@dataclass(frozen=True, slots=True)
class Call:
    """Where a message is sent: attribute of a module, how a caller writes it, what a test of it contains."""

    path: str
    written: str
    needle: str = ""

    @property
    def pattern(self) -> str:
        """Text that a test of this call has."""
        return self.needle or self.written.removeprefix("device") + "("


def _features(module: str, owner: str, attribute: str, **methods: str) -> dict[MessageId, Call]:
    """Calls of one feature: message name -> method."""
    return {
        MessageId[message]: Call(f"features.{module}:{owner}.{method}", f"device.{attribute}.{method}")
        for message, method in methods.items()
    }


CALLS: Final[dict[MessageId, Call]] = {
    MessageId.LOGIN: Call("device:Device.open", "device.open", "async with Device("),
    MessageId.LOGOUT: Call("device:Device.close", "device.close"),
    MessageId.KEEPALIVE: Call("session:Session.tick", "by itself", "KEEPALIVE"),
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
        "alarm_centre:AlarmCentre.reports", "AlarmCentre.reports", "centre.reports("
    ),
    MessageId.DISCOVERY: Call("discovery:discover", "discover"),
    MessageId.IP_SET: Call("discovery:set_address", "set_address"),
    MessageId.MONITOR_DATA: Call("stream:MediaStream.__anext__", "async for frame in stream", "async for"),
    MessageId.PLAYBACK_DATA: Call("stream:MediaStream.__anext__", "async for frame in playback", ".play("),
    MessageId.PLAYBACK_EOF: Call("features.playback:Player.play", "end of the iterator", ".play("),
    MessageId.DOWNLOAD_DATA: Call(
        "stream:MediaStream.__anext__", "async for frame in download", ".download("
    ),
    MessageId.TALK_CLIENT_DATA: Call("features.talk:Conversation.send", "conversation.send", "talk.send("),
    MessageId.TALK_DEVICE_DATA: Call(
        "features.talk:Conversation.__anext__", "async for frame in conversation", "in talk:"
    ),
    MessageId.RS485_DATA: Call("features.serial:Channel.send", "channel.send"),
    MessageId.RS232_DATA: Call("features.serial:Channel.send", "channel.send"),
    **_features("system", "System", "system", SYSINFO="info", ABILITY_GET="ability", TIME_QUERY="time"),
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
        "recordings",
        "Recordings",
        "recordings",
        PLAYBACK="play",
        PLAYBACK_CLAIM="play",
        FILE_SEARCH="search",
        FILE_SEARCH_BY_TIME="search",
        FILE_SEARCH_CALENDAR="calendar",
        YEAR_CALENDAR="year_calendar",
    ),
    **_features("logs", "Logs", "logs", LOG_SEARCH="entries", LOG_EXPORT="export"),
    **_features("storage", "Storage", "storage", DISK_MANAGER="clear"),
    **_features("talk", "Talk", "talk", TALK="open", TALK_CLAIM="open"),
    **_features(
        "users",
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
    **_features("upgrade", "Upgrade", "upgrade", UPGRADE_INFO="info"),
    **{
        message: Call("features.upgrade:Upgrade.install", "device.upgrade.install", "install(device")
        for message in (MessageId.UPGRADE, MessageId.UPGRADE_DATA, MessageId.UPGRADE_PROGRESS)
    },
    **_features(
        "backup",
        "Backup",
        "backup",
        CONFIG_IMPORT="restore",
        CONFIG_EXPORT="export",
        DEFAULT_CONFIG_EXPORT="export_defaults",
    ),
    **_features("keyboard", "Keyboard", "keyboard", NET_KEYBOARD="press"),
    **_features("snapshot", "Snapshot", "snapshot", SNAPSHOT="take"),
    **_features(
        "serial",
        "Serial",
        "serial",
        RS232_READ="read",
        RS232_WRITE="write",
        RS485_READ="read",
        RS485_WRITE="write",
        TRANSPARENT_OPEN="open",
    ),
    **_features("services", "Services", "services", MAIL_TEST="try_mail", FTP_TEST="try_ftp"),
}

_SHAPE: Final = "Not yet: nobody has published what it carries"
_CLOUD: Final = "Never: the vendor's cloud, which this project does without"
_THUMBNAIL: Final = "Not yet: a picture of a recording comes from its first key frame"
_QUESTIONS: Final = "Never: recovers forgotten passwords by questions, without a login"
_FEEDER: Final = "Not yet: pet feeders only"

WITHOUT: Final[dict[int, str]] = {
    999: "Never: the number of the login in the vendor's paper; devices listen to 1000",
    1008: "Never: undocumented, no known use",
    1009: "Never: runs commands without a login (CVE-2024-3765)",
    MessageId.KEY_NEGOTIATION: "Not yet: the encrypted login of new firmware is not understood",
    MessageId.CHANNEL_TITLE_DOTS_SET: "Not yet: titles as bitmaps, for scripts that the device cannot draw",
    MessageId.SYSTEM_DEBUG: "Never: internal to the vendor",
    1054: _SHAPE,
    MessageId.CHANNEL_ABILITY_GET: "Not yet: every device seen refuses it",
    1436: _SHAPE,
    MessageId.COMPRESS_PICTURE: _THUMBNAIL,
    1490: _SHAPE,
    MessageId.TIME_SYNC: "Never: sets clocks that were lost; `device.system.sync_time` compares first",
    MessageId.PHOTO_GET: _SHAPE,
    MessageId.UPLOAD_START: "Not yet: battery cameras",
    MessageId.UPLOAD_STOP: "Not yet: battery cameras",
    MessageId.PHONE_SYNC: _CLOUD,
    MessageId.CLOUD_SEARCH: _CLOUD,
    MessageId.CLOUD_FILE: _CLOUD,
    MessageId.MUSIC_FILES: _SHAPE,
    MessageId.MUSIC_PLAY: _SHAPE,
    MessageId.SAFETY_ABILITY_GET: _QUESTIONS,
    MessageId.SAFETY_CHECK: _QUESTIONS,
    MessageId.OSD_DOTS_SET: _SHAPE,
    MessageId.OSD_SET: 'Not yet: texts in the picture are `device.settings.ensure("fVideo.OSDInfo")`',
    MessageId.RANDOM_USER: "Never: tells first passwords without a login",
    MessageId.LANGUAGE_EXPORT: _SHAPE,
    1668: _SHAPE,
    1770: _SHAPE,
    1774: _SHAPE,
    MessageId.CLOUD_UPGRADE_LIST: _CLOUD,
    MessageId.CLOUD_UPGRADE_START: _CLOUD,
    MessageId.CLOUD_UPGRADE_STOP: _CLOUD,
    MessageId.VERSION_REPORT: _CLOUD,
    MessageId.ONLINE_UPGRADE: _CLOUD,
    MessageId.LANGUAGES: _SHAPE,
    MessageId.THUMBNAIL: _THUMBNAIL,
    2040: _SHAPE,
    MessageId.RECORD_SNAPSHOT: _SHAPE,
    2062: _SHAPE,
    2063: _SHAPE,
    2088: _SHAPE,
    2120: _SHAPE,
    2122: _SHAPE,
    2123: _SHAPE,
    MessageId.DEVICE_INFO: _SHAPE,
    2130: _SHAPE,
    2140: _SHAPE,
    MessageId.FEED_BOOK_SET: _FEEDER,
    MessageId.FEED_BOOK_GET: _FEEDER,
    MessageId.FEED_MANUAL: _FEEDER,
    MessageId.FEED_HISTORY_GET: _FEEDER,
    MessageId.FEED_HISTORY_SET: _FEEDER,
    3016: _SHAPE,
    3502: _SHAPE,
}

_HEAD: Final = """\
<!-- Written by tools/message_table.py: change that, and run it. -->

# Messages

What a client may send to a device, and what a device sends unasked. A reply has the next number. Names of the
messages are those of `dvrip_proto.wire.ids`.

| id | message | call | tested in |
|---:|---|---|---|
"""
_MIDDLE: Final = """
## Without a call

| id | message | why |
|---:|---|---|
"""


def expected() -> set[int]:
    """Every named message that is no reply."""
    replies = {message.value for message in MessageId if message.name.endswith("_REPLY")}
    return {message.value for message in MessageId} - replies | MEDIA_IDS | PUSH_IDS


def resolve(call: Call) -> object:
    """What a call's path names; ImportError or AttributeError when there is no such thing."""
    module, _, attributes = call.path.partition(":")
    found: object = importlib.import_module(f"dvrip_proto.{module}")
    for attribute in attributes.split("."):
        found = getattr(found, attribute)
    return found


def where_tested(call: Call) -> Iterator[str]:
    """Files with a test of a call, the closest first."""
    for folder in TESTS:
        for path in sorted((ROOT / "tests" / folder).glob("test_*.py")):
            if call.pattern in path.read_text("utf-8"):
                yield path.relative_to(ROOT).as_posix()


def page() -> str:
    """Text of docs/messages.md."""
    texts = [_HEAD]
    for message, call in sorted(CALLS.items()):
        tests = list(where_tested(call))
        feature = re.sub(r".*features\.(\w+):.*", r"test_\1", call.path)
        best = next((test for test in tests if feature in test), next(iter(tests), ""))
        texts.append(
            f"| {message.value} | {message.name} | `{call.written}` | {f'`{best}`' if best else '–'} |\n"
        )
    texts.append(_MIDDLE)
    for number, why in sorted(WITHOUT.items()):
        name = MessageId(number).name if number in {message.value for message in MessageId} else "–"
        texts.append(f"| {number} | {name} | {why} |\n")
    return "".join(texts)


def main() -> int:
    """Write the page, or check it."""
    text = page()
    if "--check" in sys.argv[1:]:
        if not PAGE.exists() or PAGE.read_text("utf-8") != text:
            print(f"{PAGE.relative_to(ROOT)} is old: run python tools/message_table.py")
            return 1
        return 0
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
