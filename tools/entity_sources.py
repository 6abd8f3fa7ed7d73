"""Where the entities that are no setting come from: the calls of the library behind them."""

from __future__ import annotations

from typing import Final

from dvrip_proto import DIRECTIONS

_PUSHED: Final = "pushed alarms, `system.work_state()`"
_DISKS: Final = "`storage.disks()`"
_CHANNELS: Final = "`system.channels()`"
_STREAM: Final = "`monitor.open()`, `Stills`"

SOURCES: Final[dict[tuple[str, str], str]] = {
    ("binary_sensor", "connected"): "the session",
    ("binary_sensor", "disk_problem"): _DISKS,
    ("binary_sensor", "input"): f"{_PUSHED}; where `Alarm.LocalAlarm` `Enable` is on",
    ("binary_sensor", "motion"): _PUSHED,
    ("binary_sensor", "person"): _PUSHED,
    ("binary_sensor", "tamper"): _PUSHED,
    ("binary_sensor", "video_loss"): _PUSHED,
    ("binary_sensor", "network_problem"): "pushed alarms",
    ("binary_sensor", "recording"): "`system.work_state()`",
    ("button", "reboot"): "`system.reboot()`",
    ("camera", "main"): _STREAM,
    ("camera", "sub"): _STREAM,
    ("event", "alarm"): "pushed alarms",
    ("event", "device_alarm"): "pushed alarms",
    ("light", "white_light"): "`Camera.WhiteLight` `WorkMode`",
    ("media_player", "speaker"): "`talk.say()`, `fVideo.Volume` `LeftVolume`",
    ("number", "ptz_speed"): "kept in Home Assistant",
    ("select", "ptz_preset"): "`ptz.presets()`, `ptz.goto_preset()`",
    ("select", "ptz_tour"): "`ptz.tours()`, `ptz.start_tour()`",
    ("sensor", "battery"): "`battery.state()`",
    ("sensor", "bit_rate_now"): "`system.work_state()`",
    ("sensor", "camera_resolution"): _CHANNELS,
    ("sensor", "camera_state"): _CHANNELS,
    ("sensor", "clock_drift"): "`system.time()`",
    ("sensor", "connections"): "the session's own connections",
    ("sensor", "newest_recording"): _DISKS,
    ("sensor", "oldest_recording"): _DISKS,
    ("sensor", "storage_total"): _DISKS,
    ("sensor", "storage_used"): _DISKS,
    ("sensor", "started"): "`system.info()`",
    ("sensor", "wifi_signal"): "`system.wifi()`, `WifiRouteInfo` `SignalLevel`",
    ("siren", "siren"): "`outputs.siren()`, `talk.say()`",
    ("update", "firmware"): "`system.info()`, `upgrade.install()`",
    **{("button", f"ptz_{direction}"): "`ptz.move()`" for direction in DIRECTIONS},
}
