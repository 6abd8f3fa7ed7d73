"""What the suite plays on: simulated devices on an event loop of their own thread, and real Ansible processes."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
# Where ansible-playbook is: another one tries another version of ansible-core.
BIN = Path(os.environ.get("DVRIP_ANSIBLE_BIN", Path(sys.executable).parent))
# A folder with the released collection, which has the library inside: instead of the sources.
RELEASED = os.environ.get("DVRIP_ANSIBLE_RELEASED", "")
PROCESS_TIMEOUT_S = 90


class Stage:
    """An event loop in a thread, and the asynchronous contexts that live on it until the stage closes."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._ends: list[tuple[asyncio.Event, asyncio.Task[None]]] = []

    def enter[T](self, make: Callable[[], AbstractAsyncContextManager[T]]) -> T:
        """Enter a context made on the loop; it is left when the stage closes."""
        return self.call(self._enter(make))

    def call[T](self, work: Awaitable[T]) -> T:
        async def awaited() -> T:
            return await work

        return asyncio.run_coroutine_threadsafe(awaited(), self._loop).result(30)

    def close(self) -> None:
        for end, task in reversed(self._ends):
            self.call(self._leave(end, task))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _enter[T](self, make: Callable[[], AbstractAsyncContextManager[T]]) -> T:
        entered: asyncio.Future[T] = self._loop.create_future()
        end = asyncio.Event()

        async def hold() -> None:
            try:
                async with make() as value:
                    entered.set_result(value)
                    await end.wait()
            except BaseException as error:
                if entered.done():
                    raise
                entered.set_exception(error)

        self._ends.append((end, asyncio.create_task(hold())))
        return await entered

    async def _leave(self, end: asyncio.Event, task: asyncio.Task[None]) -> None:
        end.set()
        await task


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How one task ended on one host."""

    host: str
    task: str
    outcome: str
    result: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.result[key]


@dataclass(frozen=True, kw_only=True)
class Run:
    """One finished process of Ansible: every result, and all it printed."""

    rc: int
    outcomes: Sequence[Outcome]
    printed: str

    def __getitem__(self, task: str) -> Outcome:
        found = [outcome for outcome in self.outcomes if outcome.task == task]
        assert len(found) == 1, f"{len(found)} results of {task!r}\n{self.printed}"
        return found[0]

    def of_host(self, host: str) -> Outcome:
        found = [outcome for outcome in self.outcomes if outcome.host == host]
        assert len(found) == 1, f"{len(found)} results on {host}\n{self.printed}"
        return found[0]

    def ok(self) -> Run:
        assert self.rc == 0, self.printed
        assert "DEPRECATION WARNING" not in self.printed, self.printed
        return self


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    return kept | {
        "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).parent / "callback_plugins"),
        "ANSIBLE_COLLECTIONS_PATH": RELEASED or str(ROOT),
        "ANSIBLE_CONFIG": str(folder / "no-ansible.cfg"),
        "ANSIBLE_DEPRECATION_WARNINGS": "true",
        "ANSIBLE_LOAD_CALLBACK_PLUGINS": "true",
        "ANSIBLE_HOME": str(folder / "home"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_NOCOLOR": "1",
        "DVRIP_RECORD": str(folder / "record.jsonl"),
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONPATH": "" if RELEASED else str(ROOT / "shared"),
    }


def ansible(folder: Path, *command: str | Path, env: Mapping[str, str] | None = None) -> Run:
    """Run one of Ansible's commands in that folder."""
    record = folder / "record.jsonl"
    record.write_text("")
    done = subprocess.run(
        [BIN / command[0], *command[1:]],
        cwd=folder,
        env=environment(folder) | dict(env or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PROCESS_TIMEOUT_S,
        check=False,
    )
    lines = [json.loads(line) for line in record.read_text().splitlines()]
    return Run(rc=done.returncode, outcomes=[Outcome(**line) for line in lines], printed=done.stdout)


def write_inventory(folder: Path, hosts: Mapping[str, Mapping[str, Any]], **variables: Any) -> Path:
    path = folder / "inventory.json"
    path.write_text(json.dumps({"all": {"hosts": hosts, "vars": variables}}))
    return path


def write_plays(folder: Path, *plays: Mapping[str, Any]) -> Path:
    """A playbook; YAML has JSON inside it."""
    path = folder / "play.yml"
    path.write_text(json.dumps([{"gather_facts": False, **play} for play in plays]))
    return path
