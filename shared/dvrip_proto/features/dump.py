"""Profile of a real device for a report of a bug: what it is, can and has, without what is whose.

The simulator runs it, so that a bug of one model can be met without that model. Passwords, serial numbers,
addresses, names of hosts, people and channels are replaced, and so is every free text that is not known to be
harmless; accounts keep their rights and lose the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict
from typing import Final

from ..config.catalog import CATALOG, spec_for
from ..connection import Connection
from ..errors import ProtocolError, RequestError, RequestTimeoutError
from ..values import Json
from ..wire.digest import sofia_hash
from ..wire.ids import MessageId
from ..wire.shapes import members
from .accounts.users import Users
from .anonymous import anonymous, titles
from .snapshot import takes_pictures

ABILITIES: Final = (
    *("SystemFunction", "EncodeCapability", "BlindCapability", "MotionArea", "DDNSService", "ComProtocol"),
    *("PTZProtocol", "UartProtocol", "TalkAudioFormat", "MultiLanguage", "MultiVstd", "MaxPreRecord"),
    *("SupportExtRecord", "Encode264ability", "HumanRuleLimit", "Camera", "NetAbility", "Intelligent"),
    *("EncStaticParam", "VideoAbility", "FishEyePlatform", "NetOrder"),
)
"""Abilities that a dump asks for."""

_SILENCE_S: Final = 3.0
_NOBODY: Final = "NoSuchName"
_PRIVATE_OBJECTS: Final = (
    "NetWork.Wifi",
    "WifiAPALL",
    "System.ExUserMap",
    "NetWork.RemoteDevice",
    "NetWork.RemoteDeviceV3",
    "AppDowloadLink",
)
_NUMBERED: Final = re.compile(r"^(.+_)\d\d")


async def dump(connection: Connection, users: Users) -> dict[str, Json]:
    """Profile of the device: a JSON object that `dvrip simulate --profile FILE` takes. Nothing is written."""
    asker = _Asker(connection)
    info = await asker.ask(MessageId.SYSINFO, "SystemInfo")
    if not isinstance(info, dict):
        raise ProtocolError(f"{connection.where}: SystemInfo: the device told no object")
    count = _channels(connection, info)
    config, section_only = await _config(asker, count)
    upgrade = await asker.ask(MessageId.UPGRADE_INFO, "OPSystemUpgrade")
    masks = await asker.ask(MessageId.SYSINFO, "WorkState")
    abilities = {name: await asker.ask(MessageId.ABILITY_GET, name) for name in ABILITIES}
    model = str(info.get("DeviceModel") or info.get("HardWare") or "device")
    return {
        "name": re.sub(r"[^\w.-]+", "-", model).strip("-").lower() or "device",
        "title": f"{model}, firmware {info.get('SoftWareVersion', 'unknown')}",
        "source": "dump of a device",
        "channels": count,
        "streams": ["Main", "Extra1"],
        "login": _login(connection, count),
        "entry": {} if connection.entry is None else asdict(connection.entry),
        "system_info": {**_INFO, **anonymous("SystemInfo", info)},
        "storage": anonymous("StorageInfo", await asker.ask(MessageId.SYSINFO, "StorageInfo")) or [],
        "upgrade": {**_UPGRADE, **members(anonymous("OPSystemUpgrade", upgrade))},
        "abilities": {name: value for name, value in abilities.items() if value is not None},
        "config": config,
        "channel_config": {},
        "section_only": section_only,
        **await _manners(asker, masks),
        "snapshot": takes_pictures(abilities.get("SystemFunction")),
        **await _accounts(users),
        **_discovery(config),
        "limits": [],
        "restart": [],
        "growable": [],
        "journal": [],
    }


_INFO: Final[dict[str, Json]] = {
    "BuildTime": "2000-01-01 00:00:00",
    "DeviceRunTime": "0x00000000",
    "DigChannel": 0,
    "HardWare": "",
    "SerialNo": "",
    "SoftWareVersion": "",
    "VideoInChannel": 0,
}
_UPGRADE: Final[dict[str, Json]] = {"Hardware": "", "Serial": "", "Vendor": ""}


class _Asker:
    """Asks for what a device may not have, or keep silent about; remembers how it refuses."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.sessions: list[str] = []

    async def ask(self, message_id: int, name: str) -> Json:
        """Object of this name, None when the device does not tell it."""
        body = await self._body(message_id, name)
        return None if isinstance(body, int) else body.get(name)

    async def refusal(self, message_id: int, default: int) -> int:
        """Return code for a name that no device knows."""
        answer = await self._body(message_id, _NOBODY)
        return answer if isinstance(answer, int) and answer else default

    async def named(self, message_id: int, name: str) -> bool:
        """Whether the reply repeats the name."""
        answer = await self._body(message_id, name)
        return not isinstance(answer, int) and answer.get("Name") == name

    async def _body(self, message_id: int, name: str) -> dict[str, Json] | int:
        connection = self._connection
        try:
            reply = await connection.request(
                message_id, name, timeout_s=min(_SILENCE_S, connection.timeout_s), optional=True
            )
        except RequestTimeoutError:
            if connection.closed:
                raise
            return 0
        except RequestError as error:
            return error.ret or 0
        except ProtocolError:
            if connection.closed:
                raise
            return 0
        self.sessions.append(str(reply.body.get("SessionID", "")))
        return reply.body


def _channels(connection: Connection, info: dict[str, Json]) -> int:
    told = [info.get("VideoInChannel"), info.get("DigChannel")]
    counted = sum(value for value in told if isinstance(value, int) and value > 0)
    login = connection.login_reply
    return min(max(1, counted, login.channel_count if login else 0), 128)


def _login(connection: Connection, count: int) -> dict[str, Json]:
    login = connection.login_reply
    if login is None:
        return {"AliveInterval": 20, "ChannelNum": count, "DeviceType ": "DVR", "ExtraChannel": 0}
    return {
        "AliveInterval": max(1, round(login.alive_interval_s)),
        "ChannelNum": count,
        "DataUseAES": login.encrypted,
        "DeviceType ": login.device_type,
        "ExtraChannel": login.extra_channels,
    }


async def _config(asker: _Asker, count: int) -> tuple[dict[str, Json], list[str]]:
    """Every object of the catalog that the device has; names of those it tells in their section only."""
    config: dict[str, Json] = {}
    section_only: list[str] = []
    for name in CATALOG:
        if name in _PRIVATE_OBJECTS:
            continue
        value = await asker.ask(spec_for(name).get_id, name)
        if value is None and spec_for(name).in_section:
            section, _, item = name.partition(".")
            members = await asker.ask(spec_for(name).get_id, section)
            value = members.get(item) if isinstance(members, dict) else None
            section_only += [name] if value is not None else []
        if value is not None:
            config[name] = anonymous(name, value)
    named = config.get("ChannelTitle")
    if not isinstance(named, list) or len(named) < count:
        config["ChannelTitle"] = titles(count)
    return config, section_only


async def _manners(asker: _Asker, work_state: Json) -> dict[str, Json]:
    """How the device answers, as far as harmless questions show it; else as most devices do."""
    alarms = work_state.get("AlarmState") if isinstance(work_state, dict) else None
    masks = alarms.get("VideoMotion") if isinstance(alarms, dict) else None
    unknown = await asker.refusal(MessageId.CONFIG_GET, 607)
    return {
        "login_failure": "short",
        "account_codes": "new",
        "sparse_set": "merge",
        "short_session": any(text and len(text) < 10 for text in asker.sessions),
        "time_query_name": await asker.named(MessageId.TIME_QUERY, "OPTimeQuery"),
        "masks": "hex" if isinstance(masks, str) else "int",
        "unknown": {
            "1020": await asker.refusal(MessageId.SYSINFO, 102),
            "1040": unknown,
            "1044": await asker.refusal(MessageId.DEFAULT_CONFIG_GET, 100),
            "1360": await asker.refusal(MessageId.ABILITY_GET, 103),
        },
    }


async def _accounts(users: Users) -> dict[str, Json]:
    """Rights, groups and accounts; without the right to read them, those of a new device."""
    admin: dict[str, Json] = {
        "Group": "admin",
        "Memo": "",
        "Name": "admin",
        "Reserved": True,
        "Sharable": True,
    }
    try:
        rights, groups, accounts = await users.authorities(), await users.groups(), await users.list()
    except RequestError:
        rights, groups, accounts = [], [], []
    told: list[Json] = [{"AuthorityList": "*", "Memo": "administrator group", "Name": "admin"}]
    told += [
        {"AuthorityList": _folded(sorted(group.authorities)), "Memo": "", "Name": _name(group.name, number)}
        for number, group in enumerate(groups)
        if group.name != "admin"
    ]
    if all(group["Name"] != "user" for group in told):
        told.append({"AuthorityList": ["Monitor_NN", "Replay_NN"], "Memo": "", "Name": "user"})
    blank = sofia_hash("")
    others = [
        {
            "AuthorityList": _folded(sorted(account.authorities)),
            "Group": "admin" if account.group == "admin" else "user",
            "Memo": "",
            "Name": _name(account.name, number),
            "Password": blank,
            "Reserved": account.reserved,
            "Sharable": account.sharable,
        }
        for number, account in enumerate(accounts)
        if account.name != "admin"
    ]
    return {
        "authorities": _folded(rights) or ["ShutDown", "Account", "Monitor_NN", "Replay_NN"],
        "groups": told,
        "users": [{**admin, "Password": blank}, *others],
    }


def _name(name: str, number: int) -> str:
    """Names that every device has stay, those that somebody chose go."""
    return name if name in ("admin", "user", "default", "guest") else f"name{number}"


def _folded(rights: Iterable[str]) -> list[str]:
    """Rights of the channels as one: `Monitor_01`, `Monitor_02` ... is `Monitor_NN`."""
    return list(dict.fromkeys(_NUMBERED.sub(r"\1NN", right) for right in rights))


def _discovery(config: dict[str, Json]) -> dict[str, Json]:
    """What the device would say to a probe, which is not asked here: its NetCommon."""
    common = config.get("NetWork.NetCommon")
    keys = set(common) if isinstance(common, dict) else set()
    described = {"BuildDate", "ChannelNum", "DeviceType", "OtherFunction", "SN", "Version"}
    return {
        "discovery": {
            "hostname": "LocalHost",
            "keys": sorted(keys | described),
            "values": {"DeviceType": 1, "NetConnectState": 0},
        }
    }
