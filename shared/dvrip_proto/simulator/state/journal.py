"""The device's log: entries with growing positions, read in pages of 128 that overlap by one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from .clock import FORMAT

PAGE: Final = 128
_KEPT: Final = 1024


class Journal:
    """Log entries as the wire spells them; the oldest are dropped."""

    def __init__(
        self,
        clock_text: Callable[[], str],
        entries: Iterable[dict[str, Any]],
        *,
        names_users: bool,
        since: int = 0,
    ) -> None:
        self._clock_text = clock_text
        self._names_users = names_users
        known = list(entries)
        self._entries: deque[dict[str, Any]] = deque([*_older(known, since), *known], maxlen=_KEPT)
        self._position = max((entry["Position"] for entry in self._entries), default=-1) + 1

    @property
    def position(self) -> int:
        """Position of the next entry."""
        return self._position

    def add(self, kind: str, data: str, user: str = "System") -> None:
        """Append an entry; old firmware writes every entry as `System`."""
        entry = {"Data": data, "Position": self._position, "Time": self._clock_text(), "Type": kind}
        self._entries.append({**entry, "User": user if self._names_users else "System"})
        self._position += 1

    def page(self, *, begin: str, end: str, position: int, kind: str) -> list[dict[str, Any]] | None:
        """Up to 128 entries from a position on; None when there are none.

        Times compare as text, which is how `2000-00-00 00:00:00` and `2126-...` can be bounds.
        """
        found = [
            entry
            for entry in self._entries
            if entry["Position"] >= position
            and begin <= entry["Time"] <= end
            and _of_kind(entry["Type"], kind)
        ]
        return found[:PAGE] or None

    def text(self) -> str:
        """The whole log as the exported file has it."""
        return "".join(
            f"{entry['Position']} {entry['Time']} {entry['Type']} {entry['User']} {entry['Data']}\n"
            for entry in self._entries
        )

    def clear(self) -> None:
        """Remove every entry; positions go on."""
        self._entries.clear()


def _older(known: list[dict[str, Any]], since: int) -> Iterator[dict[str, Any]]:
    """What fills the log before the known entries, an hour apart; nothing without a position to begin at."""
    if not known or not since:
        return
    first = known[0]["Position"]
    begin = datetime.strptime(known[0]["Time"], FORMAT)
    for position in range(since, first):
        like = known[(position - first) % len(known)]
        time = (begin - (first - position) * _HOUR).strftime(FORMAT)
        yield {**like, "Position": position, "Time": time}


_HOUR: Final = timedelta(hours=1)
_FILES: Final = ("FileSearch", "FileAccess", "FileAccessError")
_KINDS: Final = {
    "LogSystem": ("Reboot", "ShutDown", "ClearLog", "ZeroBitrate", "Upgrade", "SetTime", "RecoverTime"),
    "LogConfig": ("SaveConfig", "RestoreConfig"),
    "LogStorage": ("SetDriverType", "ClearDriver", "StorageDeviceError"),
    "LogAlarm": ("EventStart", "EventStop"),
    "LogRecord": ("Record",),
    "LogAccount": ("LogIn", "LogOut", "AddUser", "ModifyUser", "DeleteUser", "AddGroup", "ModifyGroup")
    + ("DeleteGroup", "ModifyPassword", "AccountRestore"),
}


def _of_kind(entry_type: str, kind: str) -> bool:
    return kind in ("", "LogAll", "All") or entry_type in _KINDS.get(kind, _FILES)
