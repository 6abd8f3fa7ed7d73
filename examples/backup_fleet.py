"""Save the configuration of many devices, a file each: they hold passwords, only their owner reads them."""

from __future__ import annotations

import asyncio
import os
import sys
from argparse import Namespace
from pathlib import Path

from options import device, parser, run

from dvrip_proto import DvripError


def write(file: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        target.write(data)
    part.replace(file)


async def save(options: Namespace, host: str, turns: asyncio.Semaphore) -> bool:
    """Save one device's configuration under its serial number; whether that went well."""
    async with turns:
        try:
            async with device(options, host) as camera:
                serial = (await camera.system.info()).serial
                archive = await camera.backup.export()
        except DvripError as error:
            print("failed:", error)
            return False
    name = "".join(c for c in serial if c.isalnum()) or host.replace(":", "_")
    await asyncio.to_thread(write, options.folder / f"{name}.zip", archive)
    print(host, f"{name}.zip", len(archive), "bytes")
    return True


async def main(options: Namespace) -> None:
    """Save all, at most eight at a time."""
    options.folder.mkdir(parents=True, exist_ok=True)
    turns = asyncio.Semaphore(8)
    if not all(await asyncio.gather(*(save(options, host, turns) for host in options.hosts))):
        sys.exit(1)


if __name__ == "__main__":
    options = parser(__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("hosts", nargs="+")
    run(main, options.parse_args())
