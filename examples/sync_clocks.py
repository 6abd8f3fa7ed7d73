"""Set the clocks of many devices to this computer's, some at a time. One that fails stops no other."""

from __future__ import annotations

import asyncio
import sys
from argparse import Namespace

from options import device, parser, run

from dvrip_proto import DvripError


async def sync(options: Namespace, host: str, turns: asyncio.Semaphore) -> bool:
    """Set one clock if it is wrong by more than two seconds; whether that went well."""
    async with turns:
        try:
            async with device(options, host) as camera:
                was_set = await camera.system.sync_time(tolerance_s=2.0)
        except DvripError as error:
            print("failed:", error)
            return False
    print(host, "was set" if was_set else "was right")
    return True


async def main(options: Namespace) -> None:
    """Ask all, at most `--parallel` at a time."""
    turns = asyncio.Semaphore(options.parallel)
    results = await asyncio.gather(*(sync(options, host, turns) for host in options.hosts))
    if not all(results):
        sys.exit(1)


if __name__ == "__main__":
    options = parser(__doc__)
    options.add_argument("hosts", nargs="+")
    options.add_argument("--parallel", type=int, default=16)
    run(main, options.parse_args())
