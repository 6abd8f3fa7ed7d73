"""Command line: `python -m demo` stays up until Ctrl-C; with CHECK=1 it checks itself and ends."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from .progress import DemoError, Progress
from .show import Show


async def _until_signal(show: Show) -> int:
    task = asyncio.ensure_future(show.run())
    loop = asyncio.get_running_loop()

    def stop() -> None:
        # Once: a second Ctrl-C must not interrupt the clearing up.
        if not task.cancelling():
            print("\n  Stopping ...", flush=True)
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop)
    try:
        return await task
    except asyncio.CancelledError:
        print("  Everything is stopped, nothing is left behind.", flush=True)
        return 130 if show.checking else 0


def main() -> int:
    """Run the demo; exit code 0 only if all of it held."""
    progress = Progress()
    show = Show(progress, checking=os.environ.get("CHECK", "") not in {"", "0"})
    try:
        return asyncio.run(_until_signal(show))
    except DemoError as error:
        if not progress.told(error):
            print(f"\n{error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
