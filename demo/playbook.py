"""Runs `provision.yml` with the real ansible-playbook and keeps what it did as data."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .processes import end
from .progress import DemoError
from .stage import CHECKOUT, HERE, Secrets


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of the playbook: exit code, what it printed, results of its tasks and the recap by host."""

    code: int
    printed: str
    results: tuple[dict[str, Any], ...]
    recap: dict[str, dict[str, int]]

    @property
    def changed(self) -> int:
        """Changed results over all hosts, from Ansible's own recap."""
        return sum(host["changed"] for host in self.recap.values())

    @property
    def failed(self) -> int:
        """Failures and unreachable hosts over all hosts."""
        return sum(host["failures"] + host["unreachable"] for host in self.recap.values())

    def changes(self) -> list[dict[str, Any]]:
        """Host, task and diff of every result that changed something."""
        return [
            {"host": one["host"], "task": one["task"], "diff": one["result"].get("diff")}
            for one in self.results
            if one["result"].get("changed")
        ]


def _environment(run: Path, secrets: Secrets, results: Path, *, colour: bool) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}
    return kept | {
        "ANSIBLE_CONFIG": str(_no_settings(run)),
        "ANSIBLE_HOME": str(run / "ansible"),
        "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT),
        "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
        "ANSIBLE_CALLBACKS_ENABLED": "results",
        "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml",
        "ANSIBLE_FORCE_COLOR": "1" if colour else "0",
        "ANSIBLE_NOCOLOR": "0" if colour else "1",
        "ANSIBLE_RETRY_FILES_ENABLED": "0",
        "ANSIBLE_LOCALHOST_WARNING": "0",
        "PYTHONUNBUFFERED": "1",
        "DEMO_RESULTS": str(results),
        "DEMO_DEVICE_PASSWORD": secrets.device,
        "DEMO_OPERATOR_PASSWORD": secrets.operator,
    }


def _no_settings(run: Path) -> Path:
    # So that nobody's own ansible.cfg counts.
    empty = run / "ansible.cfg"
    empty.touch()
    return empty


async def run(
    folder: Path, name: str, secrets: Secrets, show: Callable[[str], None], *, colour: bool = False
) -> Run:
    """Run the playbook with `--diff`; each line it prints goes to `show` and to FOLDER/NAME.log."""
    results = folder / f"{name}.jsonl"
    argv = [Path(sys.executable).parent / "ansible-playbook", "--diff", "-i", HERE / "inventory.yml"]
    process = await asyncio.create_subprocess_exec(
        *map(str, [*argv, HERE / "provision.yml"]),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=folder,
        env=_environment(folder, secrets, results, colour=colour),
        start_new_session=True,
    )
    try:
        await _relay(process, folder / f"{name}.log", show)
        code = await process.wait()
    finally:
        await end(process)
    if not results.exists():
        raise DemoError(
            f"ansible-playbook ended with exit code {code} before it did anything; see {folder / name}.log"
        )
    return _read(code, (folder / f"{name}.log").read_text(encoding="utf-8"), results)


async def _relay(process: asyncio.subprocess.Process, log: Path, show: Callable[[str], None]) -> None:
    if process.stdout is None:
        return
    with log.open("ab") as kept:
        async for line in process.stdout:
            kept.write(line)
            show(line.decode(errors="replace").rstrip())


def _read(code: int, printed: str, results: Path) -> Run:
    lines = [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()]
    return Run(
        code=code,
        printed=printed,
        results=tuple(line for line in lines if line["status"] != "recap"),
        recap={line["host"]: line["result"] for line in lines if line["status"] == "recap"},
    )
