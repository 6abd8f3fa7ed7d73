"""Message ids: their names, which reply belongs to which request, and which ids carry what.

Names are the vendor's in plain spelling; ids seen on devices only, with no known meaning, have no name.
The reply to a request has the next id, except in the login block, where old devices count one lower.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import IntEnum
from typing import Final

_CHANNEL: Final = re.compile(r"\.\[(\d+)\]")


class MessageId(IntEnum):
    """Every message id with a known meaning, as it is on the wire."""

    LOGIN = 1000
    LOGIN_REPLY = 1001
    LOGOUT = 1002
    LOGOUT_REPLY = 1003
    FORCED_LOGOUT = 1004
    FORCED_LOGOUT_REPLY = 1005
    KEEPALIVE = 1006
    KEEPALIVE_REPLY = 1007
    KEY_NEGOTIATION = 1010
    KEY_NEGOTIATION_REPLY = 1011

    SYSINFO = 1020
    SYSINFO_REPLY = 1021
    CONFIG_SET = 1040
    CONFIG_SET_REPLY = 1041
    CONFIG_GET = 1042
    CONFIG_GET_REPLY = 1043
    DEFAULT_CONFIG_GET = 1044
    DEFAULT_CONFIG_GET_REPLY = 1045
    CHANNEL_TITLE_SET = 1046
    CHANNEL_TITLE_SET_REPLY = 1047
    CHANNEL_TITLE_GET = 1048
    CHANNEL_TITLE_GET_REPLY = 1049
    CHANNEL_TITLE_DOTS_SET = 1050
    CHANNEL_TITLE_DOTS_SET_REPLY = 1051
    SYSTEM_DEBUG = 1052
    SYSTEM_DEBUG_REPLY = 1053
    ABILITY_GET = 1360
    ABILITY_GET_REPLY = 1361
    CHANNEL_ABILITY_GET = 1362
    CHANNEL_ABILITY_GET_REPLY = 1363

    PTZ = 1400
    PTZ_REPLY = 1401
    MONITOR = 1410
    MONITOR_REPLY = 1411
    MONITOR_DATA = 1412
    MONITOR_CLAIM = 1413
    MONITOR_CLAIM_REPLY = 1414
    PLAYBACK = 1420
    PLAYBACK_REPLY = 1421
    PLAYBACK_DATA = 1422
    PLAYBACK_EOF = 1423
    PLAYBACK_CLAIM = 1424
    PLAYBACK_CLAIM_REPLY = 1425
    DOWNLOAD_DATA = 1426
    TALK = 1430
    TALK_REPLY = 1431
    TALK_CLIENT_DATA = 1432
    TALK_DEVICE_DATA = 1433
    TALK_CLAIM = 1434
    TALK_CLAIM_REPLY = 1435
    FILE_SEARCH = 1440
    FILE_SEARCH_REPLY = 1441
    LOG_SEARCH = 1442
    LOG_SEARCH_REPLY = 1443
    FILE_SEARCH_BY_TIME = 1444
    FILE_SEARCH_BY_TIME_REPLY = 1445
    FILE_SEARCH_CALENDAR = 1446
    FILE_SEARCH_CALENDAR_REPLY = 1447
    COMPRESS_PICTURE = 1448
    COMPRESS_PICTURE_REPLY = 1449
    SYSTEM_MANAGER = 1450
    SYSTEM_MANAGER_REPLY = 1451
    TIME_QUERY = 1452
    TIME_QUERY_REPLY = 1453
    DISK_MANAGER = 1460
    DISK_MANAGER_REPLY = 1461

    AUTHORITIES_GET = 1470
    AUTHORITIES_GET_REPLY = 1471
    USERS_GET = 1472
    USERS_GET_REPLY = 1473
    GROUPS_GET = 1474
    GROUPS_GET_REPLY = 1475
    GROUP_ADD = 1476
    GROUP_ADD_REPLY = 1477
    GROUP_MODIFY = 1478
    GROUP_MODIFY_REPLY = 1479
    GROUP_DELETE = 1480
    GROUP_DELETE_REPLY = 1481
    USER_ADD = 1482
    USER_ADD_REPLY = 1483
    USER_MODIFY = 1484
    USER_MODIFY_REPLY = 1485
    USER_DELETE = 1486
    USER_DELETE_REPLY = 1487
    PASSWORD_MODIFY = 1488
    PASSWORD_MODIFY_REPLY = 1489

    GUARD = 1500
    GUARD_REPLY = 1501
    UNGUARD = 1502
    UNGUARD_REPLY = 1503
    ALARM = 1504
    ALARM_REPLY = 1505
    NET_ALARM = 1506
    NET_ALARM_REPLY = 1507
    ALARM_CENTRE = 1508

    UPGRADE = 1520
    UPGRADE_REPLY = 1521
    UPGRADE_DATA = 1522
    UPGRADE_DATA_REPLY = 1523
    UPGRADE_PROGRESS = 1524
    UPGRADE_INFO = 1525
    UPGRADE_INFO_REPLY = 1526
    DISCOVERY = 1530
    DISCOVERY_REPLY = 1531
    IP_SET = 1532
    IP_SET_REPLY = 1533
    CONFIG_IMPORT = 1540
    CONFIG_IMPORT_REPLY = 1541
    CONFIG_EXPORT = 1542
    CONFIG_EXPORT_REPLY = 1543
    LOG_EXPORT = 1544
    LOG_EXPORT_REPLY = 1545
    NET_KEYBOARD = 1550
    NET_KEYBOARD_REPLY = 1551
    SNAPSHOT = 1560
    SNAPSHOT_REPLY = 1561
    FORCE_KEY_FRAME = 1562
    FORCE_KEY_FRAME_REPLY = 1563
    RS232_READ = 1570
    RS232_READ_REPLY = 1571
    RS232_WRITE = 1572
    RS232_WRITE_REPLY = 1573
    RS485_READ = 1574
    RS485_READ_REPLY = 1575
    RS485_WRITE = 1576
    RS485_WRITE_REPLY = 1577
    TRANSPARENT_OPEN = 1578
    TRANSPARENT_OPEN_REPLY = 1579
    RS485_DATA = 1580
    RS485_DATA_REPLY = 1581
    RS232_DATA = 1582
    RS232_DATA_REPLY = 1583
    TIME_SYNC = 1590
    TIME_SYNC_REPLY = 1591
    PHOTO_GET = 1600
    PHOTO_GET_REPLY = 1601
    UPLOAD_START = 1610
    UPLOAD_START_REPLY = 1611
    UPLOAD_STOP = 1612
    UPLOAD_STOP_REPLY = 1613
    MAIL_TEST = 1636
    MAIL_TEST_REPLY = 1637
    PHONE_SYNC = 1638
    PHONE_SYNC_REPLY = 1639
    CLOUD_SEARCH = 1640
    CLOUD_SEARCH_REPLY = 1641
    CLOUD_FILE = 1642
    CLOUD_FILE_REPLY = 1643
    DEFAULT_CONFIG_EXPORT = 1644
    DEFAULT_CONFIG_EXPORT_REPLY = 1645
    MUSIC_FILES = 1646
    MUSIC_FILES_REPLY = 1647
    MUSIC_PLAY = 1648
    MUSIC_PLAY_REPLY = 1649
    SAFETY_ABILITY_GET = 1650
    SAFETY_ABILITY_GET_REPLY = 1651
    SAFETY_CHECK = 1652
    SAFETY_CHECK_REPLY = 1653
    OSD_DOTS_SET = 1654
    OSD_DOTS_SET_REPLY = 1655
    OSD_SET = 1656
    OSD_SET_REPLY = 1657
    RANDOM_USER = 1660
    RANDOM_USER_REPLY = 1661
    LANGUAGE_EXPORT = 1666
    LANGUAGE_EXPORT_REPLY = 1667

    CLOUD_UPGRADE_LIST = 2000
    CLOUD_UPGRADE_LIST_REPLY = 2001
    CLOUD_UPGRADE_START = 2002
    CLOUD_UPGRADE_START_REPLY = 2003
    CLOUD_UPGRADE_STOP = 2004
    CLOUD_UPGRADE_STOP_REPLY = 2005
    FTP_TEST = 2008
    FTP_TEST_REPLY = 2009
    VERSION_REPORT = 2016
    VERSION_REPORT_REPLY = 2017
    ONLINE_UPGRADE = 2018
    ONLINE_UPGRADE_REPLY = 2019
    YEAR_CALENDAR = 2026
    YEAR_CALENDAR_REPLY = 2027
    LANGUAGES = 2036
    LANGUAGES_REPLY = 2037
    THUMBNAIL = 2038
    THUMBNAIL_REPLY = 2039
    TELNET_CONTROL = 2040
    TELNET_CONTROL_REPLY = 2041
    RECORD_SNAPSHOT = 2044
    RECORD_SNAPSHOT_REPLY = 2045
    DEVICE_INFO = 2126
    DEVICE_INFO_REPLY = 2127
    FEED_BOOK_SET = 2300
    FEED_BOOK_SET_REPLY = 2301
    FEED_BOOK_GET = 2302
    FEED_BOOK_GET_REPLY = 2303
    FEED_MANUAL = 2304
    FEED_MANUAL_REPLY = 2305
    FEED_HISTORY_GET = 2306
    FEED_HISTORY_GET_REPLY = 2307
    FEED_HISTORY_SET = 2308
    FEED_HISTORY_SET_REPLY = 2309

    REMOTE_CONTROL = 4000
    REMOTE_CONTROL_REPLY = 4001


# The vendor's own table counts the login block one lower than the wire, and some devices reply by it.
_SHIFTED: Final = frozenset({MessageId.LOGIN, MessageId.LOGOUT, MessageId.KEEPALIVE})

MEDIA_IDS: Final = frozenset(
    {
        MessageId.MONITOR_DATA.value,
        MessageId.PLAYBACK_DATA.value,
        MessageId.DOWNLOAD_DATA.value,
        MessageId.TALK_CLIENT_DATA.value,
        MessageId.TALK_DEVICE_DATA.value,
    }
)
"""Messages whose body is media and whose header bytes 12 and 13 are channel and end flag."""

UNDIVIDED_IDS: Final = MEDIA_IDS | {
    MessageId.UPGRADE_DATA.value,
    MessageId.CHANNEL_TITLE_DOTS_SET.value,
    MessageId.OSD_DOTS_SET.value,
}
"""Messages that never come in fragments: bytes 12 and 13 of their headers mean something else."""

MARK: Final = 0x63
"""In the place of the total: the body of this message, or of its reply, is ciphered."""

_MARKED_IDS: Final = frozenset(
    {
        MessageId.LOGIN.value,
        MessageId.LOGIN_REPLY.value,
        MessageId.MONITOR_CLAIM.value,
        MessageId.MONITOR_CLAIM_REPLY.value,
    }
)

PUSH_IDS: Final = frozenset(
    {
        MessageId.FORCED_LOGOUT.value,
        MessageId.PLAYBACK_EOF.value,
        MessageId.ALARM.value,
        MessageId.UPGRADE_PROGRESS.value,
    }
)
"""Messages that a device sends unasked on the control connection."""

BINARY_REPLIES: Final = frozenset(
    {
        MessageId.COMPRESS_PICTURE_REPLY.value,
        MessageId.CONFIG_EXPORT_REPLY.value,
        MessageId.LOG_EXPORT_REPLY.value,
        MessageId.SNAPSHOT_REPLY.value,
        MessageId.RS232_READ_REPLY.value,
        MessageId.RS485_READ_REPLY.value,
        MessageId.RS485_DATA.value,
        MessageId.RS485_DATA_REPLY.value,
        MessageId.RS232_DATA.value,
        MessageId.RS232_DATA_REPLY.value,
        MessageId.PHOTO_GET_REPLY.value,
        MessageId.DEFAULT_CONFIG_EXPORT_REPLY.value,
        MessageId.LANGUAGE_EXPORT_REPLY.value,
        MessageId.THUMBNAIL_REPLY.value,
        MessageId.RECORD_SNAPSHOT_REPLY.value,
    }
)
"""Messages of a device whose body may be an image, an archive or raw bytes instead of JSON."""

UNNAMED_IDS: Final = frozenset(
    {1054, 1436, 1490, 1668, 1770, 1774, 2062, 2063, 2088, 2120, 2122, 2123, 2130, 2140, 3016, 3502}
)
"""Requests that devices are known to take, and nobody has published what they are for."""

_CLOUD: Final = "an upgrade from the vendor's cloud, which cannot be relied on"

NEVER_SENT: Final[Mapping[int, str]] = {
    999: "the number of the login in the vendor's paper; devices listen to 1000",
    1008: "one of the doors without a login, of no known use",
    1009: "runs commands without a login (CVE-2024-3765)",
    MessageId.SYSTEM_DEBUG.value: "internal to the vendor",
    MessageId.RANDOM_USER.value: "tells and changes first passwords without a login",
    MessageId.CLOUD_UPGRADE_START.value: _CLOUD,
    MessageId.CLOUD_UPGRADE_STOP.value: _CLOUD,
    MessageId.ONLINE_UPGRADE.value: _CLOUD,
    MessageId.TELNET_CONTROL.value: "opens a shell on the device, or closes it for ever",
}
"""Requests that a client never sends, and why."""

NAMED_REPLIES: Final = frozenset(
    {
        MessageId.SYSINFO_REPLY.value,
        MessageId.CONFIG_SET_REPLY.value,
        MessageId.CONFIG_GET_REPLY.value,
        MessageId.DEFAULT_CONFIG_GET_REPLY.value,
        MessageId.ABILITY_GET_REPLY.value,
        MessageId.CHANNEL_ABILITY_GET_REPLY.value,
    }
)
"""Replies that repeat the asked object's name, when they name one at all."""


READS: Final = frozenset(
    {
        MessageId.SYSINFO.value,
        MessageId.CONFIG_GET.value,
        MessageId.DEFAULT_CONFIG_GET.value,
        MessageId.CHANNEL_TITLE_GET.value,
        MessageId.ABILITY_GET.value,
        MessageId.CHANNEL_ABILITY_GET.value,
    }
)
"""Questions for an object: a reply without it is no answer."""


def is_divided(message_id: int, total: int) -> bool:
    """Whether a message with this total comes in fragments."""
    return total > 1 and message_id not in UNDIVIDED_IDS and not (total == MARK and message_id in _MARKED_IDS)


def reply_of(message_id: int) -> int:
    """The id of the reply to a request."""
    return message_id + 1


def acceptable_replies(message_id: int) -> frozenset[int]:
    """Every id under which devices reply to a request."""
    if message_id in _SHIFTED:
        return frozenset({message_id + 1, int(message_id)})
    return frozenset({message_id + 1})


def spoken(name: str) -> str:
    """Name of an object for a person, who counts channels from 1: "Record.[1]" is "Record channel 2"."""
    return _CHANNEL.sub(lambda match: f" channel {int(match[1]) + 1}", name)


def label(message_id: int) -> str:
    """A message id for a person: "1042 CONFIG_GET", or only the number."""
    try:
        return f"{int(message_id)} {MessageId(message_id).name}"
    except ValueError:
        return str(int(message_id))
