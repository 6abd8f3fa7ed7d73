"""Take the pictures that the pages show anew: docs/simulator.png, and docs/dashboard.png of the demo.

`python -m tools.pictures` takes both; the dashboard's costs a whole `make demo CHECK=1`. A name chooses one:
`simulator`, `dashboard`. Needs Chromium.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from playwright.async_api import async_playwright

from demo import browser

ROOT: Final = Path(__file__).resolve().parent.parent
DOCS: Final = ROOT / "docs"
_SETTLED_S: Final = 4.0


def dashboard() -> None:
    """Run the demo, and take its picture of the dashboard."""
    subprocess.run(["make", "demo"], cwd=ROOT, env={**os.environ, "CHECK": "1"}, check=True)
    shutil.copy2(ROOT / "demo" / "out" / "dashboard.png", DOCS / "dashboard.png")


async def simulator() -> None:
    """Start two devices with their page, let one see something, and take a picture of the page."""
    words = ("-m", "dvrip_proto", "simulate", "--bind", "127.0.0.91", "--count", "2", "--profile", "nvr")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *words,
        *("--discovery-port", "0", "--control", "127.0.0.91:0"),
        env={**os.environ, "PYTHONPATH": str(ROOT / "shared")},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        page = await _told(process, "control=")
        await _shoot(page, DOCS / "simulator.png")
    finally:
        process.terminate()
        await process.wait()


async def _told(process: asyncio.subprocess.Process, what: str) -> str:
    """The word behind `what` in the lines of a program."""
    assert process.stdout is not None
    async with asyncio.timeout(120):
        while line := (await process.stdout.readline()).decode():
            for word in line.split():
                if word.startswith(what):
                    return word.removeprefix(what)
    raise SystemExit(f"the simulator did not say {what}")


async def _shoot(url: str, target: Path) -> None:
    chromium = browser.find()
    if chromium is None:
        raise SystemExit("there is no Chromium here (Debian: apt-get install chromium)")
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = await running.new_page(viewport={"width": 1280, "height": 860})
        await page.goto(url)
        await asyncio.sleep(_SETTLED_S)
        await page.screenshot(path=str(target))
        await running.close()


def main(names: list[str]) -> None:
    """Take the pictures of these names, or all."""
    if not names or "simulator" in names:
        asyncio.run(simulator())
    if not names or "dashboard" in names:
        dashboard()


if __name__ == "__main__":
    main(sys.argv[1:])
