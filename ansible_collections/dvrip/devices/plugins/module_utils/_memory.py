# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""What a controller remembers of a device between runs: restarts that are due, logins that were refused. No secrets."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import time
import typing as t
from pathlib import Path

from ansible_collections.dvrip.devices.plugins.module_utils import _files

# A device that keeps count of wrong passwords forgets them within minutes; nobody tells after how many exactly.
REFUSALS_S = 30 * 60.0
_STRANGE = re.compile(r"[^\w.-]")  # what no file is named with
_RESTART_SHOWS_MIN = 2  # devices count their uptime in whole minutes


def _mark(password: str) -> int:
    return hashlib.sha256(password.encode(errors="surrogatepass")).digest()[0]


def _is_pair(entry: t.Any) -> bool:
    return isinstance(entry, list) and len(entry) == 2 and isinstance(entry[0], int | float)


class Memory:
    """One small file for one device; without a folder nothing is kept."""

    def __init__(self, folder: str | None, where: str) -> None:
        self._path = Path(folder) / (_STRANGE.sub("_", where) + ".json") if folder else None

    @property
    def file(self) -> Path | None:
        """Where it is kept."""
        return self._path

    @property
    def turn(self) -> Path | None:
        """What is locked while passwords are tried."""
        return self._path and self._path.with_name(f".{self._path.name}.lock")

    def refusals(self, username: str) -> int:
        """How many wrong passwords this account saw lately."""
        return len(self._recent(username))

    def add_refusal(self, username: str, password: str) -> None:
        """This account refused this password, of which one byte of a hash is kept: it tells passwords apart, no more."""
        known = self._read()
        known.setdefault("refusals", {})[username] = [*self._recent(username), (time.time(), _mark(password))]
        self._write(known)

    def was_refused(self, username: str, password: str) -> bool:
        """Whether this password, or one in 256 that are taken for it, was refused lately."""
        return any(mark == _mark(password) for dummy, mark in self._recent(username))

    def add_login(self, username: str, place: int) -> None:
        """This account logged in with the password at that place of the candidates: the wrong ones are forgiven."""
        known = self._read()
        if not known.get("refusals", {}).get(username) and known.get("places", {}).get(username, 0) == place:
            return
        known.setdefault("refusals", {}).pop(username, None)
        known.setdefault("places", {})[username] = place
        self._write(known)

    def forgive(self, username: str) -> None:
        """This account logged in: what was refused before was a mistake that is mended."""
        known = self._read()
        if known.get("refusals", {}).pop(username, None) is not None:
            self._write(known)

    def place(self, username: str) -> int:
        """Place among the candidates that was right the last time."""
        place = self._read().get("places", {}).get(username, 0)
        return place if isinstance(place, int) else 0

    @property
    def restart_for(self) -> list[str]:
        """What was written and waits for a restart, as far as this controller knows."""
        labels = self._read().get("restart", {}).get("for")
        return [str(label) for label in labels] if isinstance(labels, list) else []

    @property
    def restart_host(self) -> str:
        """Where this controller sent the device, which it is only after that restart; "" for nowhere else."""
        host = self._read().get("restart", {}).get("host")
        return host if isinstance(host, str) else ""

    def add_restart(self, labels: t.Iterable[str], uptime_min: float, host: str | None = None) -> None:
        known = self._read()
        labels = dict.fromkeys([*self.restart_for, *labels])
        known["restart"] = {
            "for": list(labels),
            "at": time.time(),
            "uptime_min": uptime_min,
            "host": host or self.restart_host,
        }
        self._write(known)

    def restarted(self, uptime_min: float) -> bool:
        """Whether a device that is up for so long has restarted since then; if so, that is forgotten."""
        known = self._read().get("restart", {})
        at, up_min = (
            known[key] if isinstance(known.get(key), int | float) else 0 for key in ("at", "uptime_min")
        )
        grown = up_min + (time.time() - at) / 60
        if uptime_min > grown - _RESTART_SHOWS_MIN:
            return False
        self.forget_restart()
        return True

    def forget_restart(self) -> None:
        known = self._read()
        if known.pop("restart", None) is not None:
            self._write(known)

    def _recent(self, username: str) -> list[tuple[float, int]]:
        found = self._read().get("refusals", {}).get(username)
        pairs = [entry for entry in found if _is_pair(entry)] if isinstance(found, list) else []
        return [(at, mark) for at, mark in pairs if 0 <= time.time() - at < REFUSALS_S]

    def _read(self) -> dict[str, t.Any]:
        """What is known; nothing of a part that no version of this file writes so."""
        if self._path is None:
            return {}
        with contextlib.suppress(OSError, ValueError):
            known = json.loads(self._path.read_text(encoding="utf-8"))
            if isinstance(known, dict):
                return {name: part for name, part in known.items() if isinstance(part, dict)}
        return {}

    def _write(self, known: dict[str, t.Any]) -> None:
        """Keep it, whole or not at all; a controller that cannot is no reason to fail."""
        if self._path is None:
            return
        with contextlib.suppress(OSError):
            if not any(known.values()):
                self._path.unlink(missing_ok=True)
                return
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _files.replace(self._path, json.dumps(known).encode())
