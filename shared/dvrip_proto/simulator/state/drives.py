"""The drives of a device's channels, and the configuration that lists what is stored in them."""

from __future__ import annotations

from typing import Any, Final

from .configuration import ConfigStore
from .ptz import PtzState

_PRESETS: Final = "Uart.PTZPreset"
_STORING: Final = ("SetPreset", "ClearPreset")
_TOURS: Final = "Uart.PTZTour"
_TOURING: Final = ("AddTour", "DeleteTour", "ClearTour")


class Drives:
    """One drive a channel; presets and tours that the profile lists are in it from the start."""

    def __init__(self, store: ConfigStore, channels: int) -> None:
        self._store = store
        self.by_channel = {channel: PtzState() for channel in range(channels)}
        for channel, stored in enumerate(self._store.current.get(_PRESETS) or []):
            for item in stored or [] if channel < channels else []:
                self.by_channel[channel].presets[int(item["Id"])] = (float(item["Id"]), 0.0, 0.0)
        for channel, tours in enumerate(self._store.current.get(_TOURS) or []):
            for tour in tours or [] if channel < channels else []:
                stops = [(int(stop["Id"]), int(stop["Time"])) for stop in tour.get("Tour") or []]
                self.by_channel[channel].tours[int(tour["Id"])] = stops

    def move(self, channel: int, command: str, parameter: dict[str, Any]) -> None:
        """Obey one OPPTZControl; Uart.PTZPreset lists what is stored."""
        drive = self.by_channel[channel]
        drive.command(command, parameter)
        if command in _STORING:
            self._list_presets(channel, drive)
        elif command in _TOURING:
            self._list_tours(channel, drive)

    def forget_presets(self) -> None:
        """Lose every stored position."""
        for channel, drive in self.by_channel.items():
            drive.presets.clear()
            self._list_presets(channel, drive)

    def _list_presets(self, channel: int, drive: PtzState) -> None:
        lists = self._store.current.get(_PRESETS)
        if isinstance(lists, list) and channel < len(lists):
            named = {each.get("Id"): each for each in lists[channel] or [] if isinstance(each, dict)}
            stored = [named.get(number, {"Id": number}) for number in sorted(drive.presets)]
            lists[channel] = stored if stored or lists[channel] is not None else None

    def _list_tours(self, channel: int, drive: PtzState) -> None:
        lists = self._store.current.get(_TOURS)
        if isinstance(lists, list) and channel < len(lists):
            named = {each.get("Id"): each for each in lists[channel] or [] if isinstance(each, dict)}
            lists[channel] = [
                {**named.get(number, {"Name": ""}), "Id": number, "Tour": _stops(drive.tours[number])}
                for number in sorted(drive.tours)
            ]


def _stops(stops: list[tuple[int, int]]) -> list[dict[str, Any]]:
    return [{"Id": preset, "Name": "", "Time": seconds} for preset, seconds in stops]
