"""One run of the demo from the first process to the last: set up, shown or checked, taken down."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import secrets as random
import shutil
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import aiohttp

from . import acceptance, dashboard, devices, entities, home_assistant, playbook, report
from .hass_client import HassClient
from .processes import Child, choose_port
from .progress import DemoError, Progress, require
from .stage import MODELS, OUT, PICTURES, Secrets

MARKER = "DVRIP_DEMO_RUN"
WANTED_PORT = 8123


class Show:
    """The demo itself. `checking`: checks instead of staying up, and writes a report."""

    def __init__(self, progress: Progress, *, checking: bool) -> None:
        self.checking = checking
        self._progress = progress
        self._secrets = Secrets()
        self._children: list[Child] = []
        self._simulated: list[devices.Simulated] = []

    async def run(self) -> int:
        """Run it; returns the exit code. Errors: DemoError with what a person needs to know."""
        os.environ[MARKER] = random.token_hex(8)
        marker = f"{MARKER}={os.environ[MARKER]}"
        written = report.Report(self._progress)
        with _locked(OUT):
            folder = OUT / "run"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            try:
                await self._on_stage(folder)
                if self.checking:
                    await acceptance.after(self._progress, folder, self._secrets, self._children, marker)
            except DemoError as error:
                written.error = str(error)
                raise
            finally:
                if self.checking:
                    self._keep(folder, written)
                shutil.rmtree(folder, ignore_errors=True)
        return 0 if not self.checking or written.ok else 1

    def _keep(self, folder: Path, written: report.Report) -> None:
        failed = OUT / "failed"
        shutil.rmtree(failed, ignore_errors=True)
        written.write(OUT / "report.json")
        if not written.ok and folder.exists():
            folder.rename(failed)
            self._progress.say(f"\n  Logs and configuration of this run are in {_shown(failed)}")
        self._progress.say(f"\n  {_shown(OUT / 'report.json')}: {'ok' if written.ok else 'NOT ok'}")

    async def _on_stage(self, folder: Path) -> None:
        async with contextlib.AsyncExitStack() as stack:
            crash: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            stack.callback(crash.cancel)
            await _unless(crash, self._perform(folder, stack, crash))

    async def _start(
        self, child: Child, stack: contextlib.AsyncExitStack, crash: asyncio.Future[None]
    ) -> None:
        async def watch() -> None:
            error = await child.crashed()
            if not crash.done():
                crash.set_exception(error)

        await child.start()
        self._children.append(child)
        stack.push_async_callback(child.stop)
        watcher = asyncio.create_task(watch())
        stack.callback(watcher.cancel)

    async def _perform(
        self, folder: Path, stack: contextlib.AsyncExitStack, crash: asyncio.Future[None]
    ) -> None:
        progress = self._progress
        progress.say(
            "\nDVRIP demo: simulated cameras and a recorder, a real Home Assistant, a real ansible-playbook\n"
        )
        await self._start_devices(folder, stack, crash)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        hass = await self._start_home_assistant(folder, stack, crash, session)
        views = await self._set_up(hass)
        runs = await self._provision(folder)
        views = await self._follow_titles(hass, views)
        if self.checking:
            await acceptance.during(progress, hass, session, views, runs, folder, self._secrets)
        else:
            self._invite(hass.url)
            await asyncio.Event().wait()

    async def _start_devices(
        self, folder: Path, stack: contextlib.AsyncExitStack, crash: asyncio.Future[None]
    ) -> None:
        async with self._progress.step("devices", "Simulated devices answer") as step:
            devices.require_free_addresses(MODELS)
            children = [
                devices.process(model, self._secrets, folder, moving=not self.checking) for model in MODELS
            ]
            for child in children:
                await self._start(child, stack, crash)
            for model, child in zip(MODELS, children, strict=True):
                device = await devices.ready(model, child)
                self._simulated.append(device)
                step.note(f"{model.address}  {model.description}")
            step.detail["devices"] = [device.as_json() for device in self._simulated]

    async def _start_home_assistant(
        self,
        folder: Path,
        stack: contextlib.AsyncExitStack,
        crash: asyncio.Future[None],
        session: aiohttp.ClientSession,
    ) -> HassClient:
        port = choose_port(home_assistant.ADDRESS, WANTED_PORT)
        url = f"http://{home_assistant.ADDRESS}:{port}"
        config = folder / "config"
        async with self._progress.step("home_assistant", f"Home Assistant answers on {url}") as step:
            home_assistant.seed(config, folder / "media", port, verbose=self.checking)
            await self._start(home_assistant.process(config, folder / "home-assistant.log"), stack, crash)
            await home_assistant.answers(session, url)
        async with self._progress.step("user", "Its first user is created and signs in") as step:
            token = await home_assistant.onboard(session, url, self._secrets.home_assistant)
            hass = await stack.enter_async_context(HassClient(session, url, token))
            step.detail["version"] = (await hass.command("get_config"))["version"]
        return hass

    async def _set_up(self, hass: HassClient) -> list[entities.View]:
        async with self._progress.step("discovery", "Discovery finds every device") as step:
            flows = await entities.discovered(hass, self._simulated)
            step.detail["found"] = sorted(flows)
        async with self._progress.step(
            "integration", "The discovered devices are set up with their password"
        ) as step:
            for device in self._simulated:
                await entities.confirm(hass, flows[device.serial], self._secrets)
            views = await entities.views(hass, self._simulated)
            for view in views:
                if view.device.model.channels == 1:
                    await entities.rename(hass, view, view.device.model.title)
            views = await entities.views(hass, self._simulated)
            cameras = sum(len(view.cameras) for view in views)
            step.detail.update(channels=len(views), cameras=cameras)
            require(len(views) == PICTURES, f"{len(views)} channels, expected {PICTURES}")
            step.note(f"{len(views)} channels, {cameras} cameras, {len(views)} motion sensors")
        async with self._progress.step("dashboard", "The dashboard shows them all"):
            await dashboard.save(hass, views)
        return views

    async def _provision(self, folder: Path) -> list[playbook.Run]:
        runs = []
        for name, title in (
            ("playbook_first", "ansible-playbook provisions them"),
            ("playbook_second", "ansible-playbook again changes nothing"),
        ):
            async with self._progress.step(name, title) as step:
                run = await playbook.run(
                    folder, name, self._secrets, self._show_line, colour=self._progress.colour
                )
                step.detail.update(recap=run.recap, changes=run.changes())
                require(run.code == 0 and not run.failed, f"exit code {run.code}, {run.failed} failures")
                require(
                    run.recap.keys() == {model.key for model in MODELS}, f"it ran on {sorted(run.recap)} only"
                )
                runs.append(run)
        return runs

    def _show_line(self, line: str) -> None:
        if line.startswith(("PLAY", "TASK")):
            self._progress.say("    │")
        if line.strip():
            self._progress.say(f"    │ {line}")

    async def _follow_titles(self, hass: HassClient, views: list[entities.View]) -> list[entities.View]:
        async with self._progress.step("titles", "Home Assistant shows the new channel titles") as step:
            for entry_id in await entities.entry_ids(hass):
                await hass.post(f"/api/config/config_entries/entry/{entry_id}/reload")
            views = await entities.views(hass, self._simulated)
            await dashboard.save(hass, views)
            step.detail["names"] = [view.name for view in views]
            step.note(", ".join(view.name for view in views))
        return views

    def _invite(self, url: str) -> None:
        paint = self._progress.paint
        print(
            f"\n  Open      {paint('1', f'{url}/{dashboard.PATH}')}"
            f"\n  User      {home_assistant.USER}"
            f"\n  Password  {self._secrets.home_assistant}"
            "\n\n  Every few seconds something moves in front of a camera."
            "\n  Ctrl-C ends everything and leaves nothing behind.\n",
            flush=True,
        )


async def _unless(crash: asyncio.Future[None], work: Coroutine[Any, Any, None]) -> None:
    """Result of `work`, unless a child crashes first: then that error, with `work` cancelled."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait([task, crash], return_when=asyncio.FIRST_COMPLETED)
    finally:
        task.cancel()
        await asyncio.wait([task])
    if crash.done() and (error := crash.exception()):
        if not task.cancelled():
            task.exception()
        raise error
    task.result()


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    folder.mkdir(exist_ok=True)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoError(f"another demo runs in this checkout ({_shown(folder)} is locked)") from None
        yield
    finally:
        with contextlib.suppress(OSError):
            folder.rmdir()
        os.close(handle)


def _shown(path: Path) -> str:
    return os.path.relpath(path)
