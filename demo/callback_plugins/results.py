"""Writes what a playbook did as JSON lines, beside the output a person reads."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible.executor.stats import AggregateStats
from ansible.executor.task_result import CallbackTaskResult
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
    name: results
    type: notification
    short_description: Writes results as JSON lines
    description:
      - One line for each result of a task and one line with the counts of each host,
        appended to the file that the environment variable DEMO_RESULTS names.
"""


class CallbackModule(CallbackBase):
    """One JSON line a result, one a host at the end."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "results"
    CALLBACK_NEEDS_ENABLED = True

    def _write(self, line: dict[str, Any]) -> None:
        with Path(os.environ["DEMO_RESULTS"]).open("a", encoding="utf-8") as out:
            out.write(json.dumps(line, default=str) + "\n")

    def _result(self, status: str, done: CallbackTaskResult) -> None:
        self._write(
            {
                "status": status,
                "host": str(done.host),
                "task": done.task.get_name(),
                "result": dict(done.result),
            }
        )

    def v2_runner_on_ok(self, result: CallbackTaskResult) -> None:
        """Keep a result that went well."""
        self._result("ok", result)

    def v2_runner_on_failed(self, result: CallbackTaskResult, ignore_errors: bool = False) -> None:
        """Keep a failure."""
        self._result("ignored" if ignore_errors else "failed", result)

    def v2_runner_on_unreachable(self, result: CallbackTaskResult) -> None:
        """Keep a host that did not answer."""
        self._result("unreachable", result)

    def v2_playbook_on_stats(self, stats: AggregateStats) -> None:
        """Keep the recap."""
        for host in sorted(stats.processed):
            self._write({"status": "recap", "host": host, "result": dict(stats.summarize(host))})
