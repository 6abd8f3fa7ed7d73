"""What all examples take: addresses, an account, and a password that is never an argument."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from getpass import getpass

from dvrip_proto import Device, DvripError


def parser(description: str | None) -> argparse.ArgumentParser:
    """A parser with the account's options."""
    options = argparse.ArgumentParser(description=description)
    options.add_argument("--user", default="admin")
    options.add_argument("--port", type=int, default=34567)
    return options


def password(user: str) -> str:
    """The password from the environment, or from whoever sits there."""
    known = os.environ.get("DVRIP_PASSWORD")
    return getpass(f"Password of {user}: ") if known is None else known


def device(options: argparse.Namespace, host: str | None = None) -> Device:
    """The device that the options name, not yet open."""
    return Device(host or options.host, options.port, username=options.user, password=password(options.user))


def run(
    main: Callable[[argparse.Namespace], Coroutine[None, None, None]], options: argparse.Namespace
) -> None:
    """Run a program to its end; an error of the device is one line, Ctrl-C is none."""
    try:
        asyncio.run(main(options))
    except DvripError as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
