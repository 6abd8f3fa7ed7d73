"""The checks of `make demo CHECK=1` in their order."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import aiohttp

from dvrip_proto import Device

from . import browser, checks, dashboard
from .devices import USER, Control, require_free_addresses
from .entities import View
from .hass_client import HassClient
from .playbook import Run
from .processes import Child, marked
from .progress import Progress, Step, require
from .report import BROWSER_STEP
from .secrecy import require_no_secret
from .stage import DEVICE_PORT, MODELS, OUT, PICTURES, Secrets

_EXPECTED = "has not been tested by Home Assistant"  # what every custom integration is greeted with
_COMPLAINT = re.compile(
    r" (?:WARNING|ERROR|CRITICAL) .*(?:dvrip|components\.(?:camera|stream|frontend)|\[frontend)"
)

CHECKS = (
    ("hls", "Every camera moves in Home Assistant's HLS", checks.hls_pictures),
    ("snapshot", "camera.snapshot writes a JPEG of every camera", checks.snapshots),
    ("record", "camera.record writes MP4 with video and sound", checks.recordings),
    ("motion", "Motion turns the sensors on within 1 s, and off", checks.motion),
    ("ptz", "PTZ actions arrive at the devices", checks.ptz),
    ("one_monitor", "Five viewers cost the device one stream", checks.one_monitor),
)


async def during(
    progress: Progress,
    hass: HassClient,
    session: aiohttp.ClientSession,
    views: list[View],
    runs: list[Run],
    folder: Path,
    secrets: Secrets,
) -> None:
    """Check the running demo; what fails is kept for the report."""
    controls = {view.device.serial: Control(session, view.device) for view in views}
    running = checks.Running(hass=hass, views=views, controls=controls, media=folder / "media")
    async with progress.step("playbook_diff", "The playbook's diff is the expected one", go_on=True) as step:
        checks.playbook_diff(step, *runs)
    async with progress.step("provisioned", "The devices hold what the playbook wrote", go_on=True) as step:
        await provisioned(step, secrets)
    for name, title, check in CHECKS:
        async with progress.step(name, title, go_on=True) as step:
            await check(step, running)
    await in_browser(progress, running, secrets)
    async with progress.step(
        "monitor_peaks", "No stream was ever fetched twice at a time", go_on=True
    ) as step:
        await checks.never_more_than_one(step, running)


async def provisioned(step: Step, secrets: Secrets) -> None:
    """Log in to every device as the new operator, and read as administrator what the playbook wrote."""
    for model in MODELS:
        where = (model.address, DEVICE_PORT)
        async with Device(*where, username="operator", password=secrets.operator):
            pass
        async with Device(*where, username=USER, password=secrets.device) as device:
            titles = await device.settings.get("ChannelTitle")
            ntp: Any = await device.settings.get("NetWork.NetNTP")
        step.detail[model.key] = {"titles": titles, "ntp": ntp["Server"]["Name"]}
        require(ntp["Enable"] is True and ntp["Server"]["Name"] == checks.NTP, f"{model.key}: NTP is {ntp}")
        require(titles == checks.TITLES[model.key], f"{model.key}: titles are {titles}")
    step.note("signed in as operator at each of them")


async def in_browser(progress: Progress, running: checks.Running, secrets: Secrets) -> None:
    """Look at the dashboard as a person does; without a Chromium say so."""
    target = OUT / "dashboard.png"
    target.unlink(missing_ok=True)
    chromium = browser.find()
    if chromium is None:
        progress.say(
            "  - No Chromium here, so nobody looks at the dashboard (Debian: apt-get install chromium)"
        )
        return
    async with progress.step(BROWSER_STEP, "The dashboard plays in a browser", go_on=True) as step:
        view = running.views[0]
        control = running.control(view)
        before = await ptz_history(control, view)
        async with browser.signed_in(
            chromium, running.hass.url, f"/{dashboard.PATH}", secrets.home_assistant
        ) as page:
            playing = await browser.wait_until_playing(page, PICTURES)
            step.detail.update(players=playing.players, moving=playing.moving, loads=playing.loads)
            await control.alarm(view.channel, active=True)
            await browser.press(page, camera=0, button=0)
            await browser.screenshot(page, target)
            await control.alarm(view.channel, active=False)
        seen = step.detail["device_saw"] = (await ptz_history(control, view))[len(before) :]
        require(
            any("Left" in str(command) for command in seen), f"the button did not reach the device: {seen}"
        )
        step.detail["screenshot"] = {"path": target.name, "bytes": target.stat().st_size}
        require(playing.players == PICTURES, f"{playing.players} players for {PICTURES} cameras")
        step.note(f"{playing.moving} moving pictures; demo/out/{target.name}")


async def ptz_history(control: Control, view: View) -> list[Any]:
    """What the drive of `view` was told so far."""
    return list((await control.state())["ptz"][str(view.channel)]["history"])


def complaints(folder: Path) -> list[str]:
    """Warnings and errors about our parts in Home Assistant's log, and every traceback of a simulator."""
    log = (folder / "home-assistant.log").read_text(encoding="utf-8", errors="replace").splitlines()
    found = [line for line in log if _COMPLAINT.search(line) and _EXPECTED not in line]
    for model in MODELS:
        text = (folder / f"{model.key}.log").read_text(encoding="utf-8", errors="replace")
        found += [f"{model.key}.log has a traceback"] if "Traceback" in text else []
    return found


def all_logs(folder: Path) -> list[Path]:
    """Every log of a run."""
    return sorted([*folder.glob("*.log"), *folder.glob("*.jsonl"), *(folder / "config").glob("*.log")])


async def after(
    progress: Progress, folder: Path, secrets: Secrets, children: list[Child], marker: str
) -> None:
    """Check what is left once everything has been stopped."""
    async with progress.step("quiet", "Nobody complained in a log", go_on=True) as step:
        found = step.detail["complaints"] = complaints(folder)
        require(not found, f"{len(found)} complaints, the first: {found[:1]}")
    async with progress.step("secrecy", "No password and no hash in any log", go_on=True) as step:
        (folder / "demo.log").write_text("\n".join(progress.transcript), encoding="utf-8")
        logs = all_logs(folder)
        require(len(logs) >= len(MODELS) + 4, f"only {len(logs)} logs to look at")
        require_no_secret(step, logs, secrets)
    async with progress.step("nothing_left", "Nothing is left behind", go_on=True) as step:
        left = marked(marker)
        step.detail.update(started=len(children), processes_left=left)
        require(not left, f"processes are left: {left}")
        require_free_addresses(MODELS)
        if progress.ok:
            shutil.rmtree(folder)
        step.note(
            f"{len(children)} processes ended, ports free" + (", folder removed" if progress.ok else "")
        )
