"""Everything one device knows: configuration, accounts, clock, log, disks, drives, alarms. No sockets."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from ...values import Json
from ...wire.bitmap import Bitmap
from ..profile import Profile
from .accounts import Accounts
from .address import ADDRESS, Whereabouts
from .alarms import Alarms
from .archive import Archive
from .clock import Clock
from .configuration import ConfigStore
from .drives import Drives
from .encoding import SIMPLE, follow
from .feeder import Feeder
from .journal import Journal
from .links import BINDINGS, STATUS, Links
from .ptz import PtzState
from .recording import packet, recorded, records
from .storage import Storage
from .unplugged import Cable

_DAY_MIN: Final = 24 * 60
_ERROR_MAX_S: Final = 60 * 366 * 86400.0
_CODECS: Final = {"h264": "H.264", "h265": "H.265"}
_OVERWRITE: Final = "OverWrite"
_ZONE: Final = "System.TimeZone"
_UNITS_S: Final = {"minutes": 60, "seconds": 1}
_NOT_STORED: Final = {ADDRESS: ("MAC",)}
_TITLED: Final = ("ChannelTitle", "AVEnc.VideoWidget")


class DeviceState:
    """The state of one simulated device; `config`, `users` and `groups` are live and spelt as on the wire."""

    def __init__(
        self, profile: Profile, *, channels: int, serial: str, passwords: Mapping[str, str] | None
    ) -> None:
        self.profile = profile
        self.channels = channels
        self.serial = serial
        self.store = ConfigStore(profile, channels)
        self.accounts: Accounts = Accounts(profile, channels, passwords)
        self.abilities = profile.abilities()
        self.links = Links(self.store, profile.inputs(channels))
        self._runtime_unit_s = _UNITS_S[profile.flag("runtime_unit")]
        told = int(profile.data["system_info"].get("DeviceRunTime", "0x0"), 16)
        self.clock = Clock(told * self._runtime_unit_s)
        self.journal = Journal(
            self.clock.text,
            profile.data["journal"],
            names_users=profile.flag("account_codes") == "new",
            since=profile.flag("journal_from"),
        )
        self.storage = Storage(copy.deepcopy(profile.data["storage"]))
        self.archive = Archive(
            serial,
            now=self.clock.now,
            plan=partial(recorded, self.store),
            packet=partial(packet, self.store),
            has_disk=lambda: self.storage.has_room,
        )
        self.alarms = Alarms()
        self.cable = Cable()
        self.drives = Drives(self.store, channels)
        self.keys: list[tuple[str, str]] = []
        self.siren = False
        self.feeder = Feeder(self.clock.now)
        self.battery: dict[str, Json] | None = None
        self.drawn: dict[tuple[int, int], Bitmap] = {}
        self.texts: dict[tuple[int, int], tuple[str, int, int]] = {}
        self.mac = _mac(serial)
        self.address = Whereabouts(self.store, self.mac)
        known = profile.data["system_info"]
        self.firmware = {key: known.get(key, "") for key in ("SoftWareVersion", "BuildTime")}
        self.clock.location = lambda: self.config.get("General.Location")
        self.clock.stand_here()
        if _ZONE in self.config:
            self.store.preset(_ZONE, timeMin=self.clock.west_min)
        self.store.on_change = self._changed
        self.on_bindings: Callable[[], None] = lambda: None
        self.on_disk: Callable[[], None] = lambda: None
        self.follow_disk()

    @property
    def config(self) -> dict[str, Json]:
        """Current configuration objects by name."""
        return self.store.current

    @property
    def users(self) -> dict[str, dict[str, Any]]:
        """Accounts by name; `Password` is the hash."""
        return self.accounts.users

    @property
    def groups(self) -> dict[str, dict[str, Any]]:
        """Groups by name."""
        return self.accounts.groups

    @property
    def ptz(self) -> dict[int, PtzState]:
        """Drives by channel."""
        return self.drives.by_channel

    @property
    def titles(self) -> list[str]:
        """Channel titles."""
        return [str(title) for title in self.config.get("ChannelTitle") or [""] * self.channels]

    def show(self, channel: int, streams: Sequence[tuple[str, int]]) -> None:
        """Write into Simplify.Encode what a channel really sends: codec and frame rate of main and extra."""
        for objects in (self.store.defaults, self.store.current):
            formats = copy.deepcopy(objects.get(SIMPLE, []))
            if channel < len(formats):
                for side, (codec, rate) in zip(("MainFormat", "ExtraFormat"), streams, strict=True):
                    formats[channel][side]["Video"] |= {"Compression": _CODECS[codec], "FPS": rate}
                objects[SIMPLE] = formats
                follow(SIMPLE, objects)

    def system_info(self) -> dict[str, Any]:
        """The SystemInfo object now."""
        info = {**self.profile.system_info(self.channels), **self.firmware, "SerialNo": self.serial}
        text = info.get("DeviceRunTime", "")
        upper = text != text.lower()
        count = self.clock.uptime_s() // self._runtime_unit_s
        return {**info, "DeviceRunTime": f"0x{count:08X}" if upper else f"0x{count:08x}"}

    def discovery(self) -> dict[str, Json]:
        """The NetWork.NetCommon of a discovery reply."""
        info, model = self.system_info(), self.profile.data["discovery"]
        described = {
            **self.config[ADDRESS],
            "BuildDate": info["BuildTime"],
            "ChannelNum": self.channels,
            "OtherFunction": f"D={self.clock.text()} V={self.serial[:15]}",
            "SN": self.serial,
            "Version": info["SoftWareVersion"],
            **model["values"],
        }
        if described["HostName"] == self.store.defaults[ADDRESS]["HostName"]:
            hostname = model["hostname"]
            described["HostName"] = (
                hostname % self.mac[-5:].replace(":", "") if "%s" in hostname else hostname
            )
        return {key: described[key] for key in model["keys"] if key in described}

    def work_state(self, bitrates: Mapping[int, int]) -> dict[str, Any]:
        """WorkState, given the kbit/s each channel sends now."""
        state: dict[str, Any] = {"AlarmState": self.alarms.masks(as_hex=self.profile.flag("masks") == "hex")}
        channels = [
            {
                "Bitrate": bitrates.get(channel, 0) if self.links.shows(channel) else 0,
                "Record": self.is_recording(channel),
            }
            for channel in range(self.channels)
        ]
        unused = self.profile.flag("work_channels") - len(channels)
        channels += [{"Bitrate": 0, "Record": False} for _ in range(unused)]
        idle = not any(entry["Record"] or entry["Bitrate"] for entry in channels)
        if not idle or self.profile.flag("idle_channels"):
            state["ChannelState"] = channels
        return state

    def is_recording(self, channel: int) -> bool:
        """Whether a channel records now, by its mode, its schedule and its motion."""
        moves = (channel, "VideoMotion") in self.alarms.active
        return not self.archive.halted and records(self.store, channel, self.clock.now(), motion=moves)

    def overwrites(self) -> bool:
        """Whether new recordings take the place of the oldest ones on a full disk."""
        return bool(self.config.get("General.General", {}).get("OverWrite", _OVERWRITE) == _OVERWRITE)

    def follow_disk(self) -> None:
        """Stop recording, go on, or begin to overwrite, as the disks and General.General say now."""
        full, overwrites = self.storage.full, self.overwrites()
        self.archive.follow(
            halted=not self.storage.has_room or (full and not overwrites), overwriting=full and overwrites
        )

    def kept(self) -> dict[str, Any]:
        """What survives a restart of the program: what `load_kept` takes. With password hashes."""
        defaults = self.store.defaults
        return {
            "config": {
                name: value
                for name, value in self.config.items()
                if value != defaults.get(name) and name != STATUS
            },
            "users": self.users,
            "groups": self.groups,
            "clock_error_s": self.clock.error_s,
        }

    def load_kept(self, kept: Mapping[str, Any]) -> None:
        """Be as `kept` said; ValueError, TypeError or LookupError for what no device could be."""
        error_s = kept["clock_error_s"]
        if (
            isinstance(error_s, bool)
            or not isinstance(error_s, int | float)
            or not abs(error_s) <= _ERROR_MAX_S
        ):
            raise ValueError(f"clock_error_s: {error_s!r} is no time")
        self.store.load(kept["config"])
        self.accounts.load(kept["users"], kept["groups"])
        self.clock.error_s = error_s
        if _ZONE in self.config:
            self._set_zone(self.config[_ZONE])
        self.links.refresh()
        self.follow_disk()

    def set_titles(self, titles: list[str]) -> int:
        """Rename the channels; a shorter list leaves the others."""
        current = self.titles
        return self.store.write("ChannelTitle", [*titles[: len(current)], *current[len(titles) :]])

    def _set_zone(self, zone: Mapping[str, Any]) -> None:
        self.clock.west_min = min(max(zone["timeMin"], -_DAY_MIN), _DAY_MIN)

    def _changed(self, name: str, before: Json, after: Json) -> None:
        for key in _NOT_STORED.get(name, ()):
            after[key] = before[key]
        if name == ADDRESS:
            self.address.changed(before, after)
        elif name == "General.General" or name.startswith("Storage."):
            self.on_disk()
        elif name == _ZONE:
            self._set_zone(after)
        elif name == BINDINGS:
            self.links.refresh()
            self.on_bindings()
        elif name in _TITLED:
            self._retitle(name, after)
        elif name == "Alarm.AlarmOut":
            for output in after:
                output["AlarmOutStatus"] = "CLOSE" if output["AlarmOutType"] == "MANUAL" else "OPEN"
        follow(name, self.config)
        self.journal.add("SaveConfig", name.rpartition(".")[2])

    def _retitle(self, name: str, after: Json) -> None:
        if name == "AVEnc.VideoWidget":
            self.config["ChannelTitle"] = [widget["ChannelTitle"]["Name"] for widget in after]
            return
        for widget, title in zip(self.config.get("AVEnc.VideoWidget", []), after, strict=False):
            widget["ChannelTitle"]["Name"] = title


def serial_for(*parts: object) -> str:
    """A serial number of 16 hex digits that depends on these parts only."""
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()[:16]


def _mac(serial: str) -> str:
    """A locally administered address that follows from the serial number."""
    digits = hashlib.sha256(serial.encode()).hexdigest()[:10]
    return ":".join(["02", *(digits[index : index + 2] for index in range(0, 10, 2))])
