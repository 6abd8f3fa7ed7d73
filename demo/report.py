"""What `make demo CHECK=1` leaves: demo/out/report.json."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

from .progress import Progress

STEPS = (
    "devices",
    "home_assistant",
    "user",
    "discovery",
    "integration",
    "dashboard",
    "playbook_first",
    "playbook_second",
    "titles",
    "playbook_diff",
    "provisioned",
    "hls",
    "snapshot",
    "record",
    "motion",
    "ptz",
    "one_monitor",
    "monitor_peaks",
    "quiet",
    "secrecy",
    "nothing_left",
)
BROWSER_STEP = "browser"


class Report:
    """Collects one run; it is ok only when every expected step was taken and held."""

    def __init__(self, progress: Progress) -> None:
        self.error: str | None = None
        self._progress = progress
        self._started = datetime.now(UTC)
        self._begun = time.monotonic()

    @property
    def missing(self) -> list[str]:
        """Expected steps that were not taken."""
        taken = {step.name for step in self._progress.steps}
        return [name for name in STEPS if name not in taken]

    @property
    def ok(self) -> bool:
        """Whether all of it held."""
        return self.error is None and not self.missing and self._progress.ok

    def write(self, target: Path) -> None:
        """Write the report."""
        content = {
            "ok": self.ok,
            "error": self.error,
            "started": self._started.isoformat(timespec="seconds"),
            "duration_s": round(time.monotonic() - self._begun, 1),
            "missing_steps": self.missing,
            "steps": [step.as_json() for step in self._progress.steps],
        }
        target.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
