"""`dvrip`: the library from a shell. Needs typer and rich (extra `cli`)."""

from __future__ import annotations

import io
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

_EXTRA: Final = ("typer", "rich")


def main() -> None:
    """Run the command line; without its extra, say what to install."""
    for name in _EXTRA:
        if not _is_installed(name):
            sys.stderr.write(f"dvrip: {name} is not installed: pip install 'dvrip-proto[cli]'\n")
            raise SystemExit(2)
    _have_streams()
    try:
        from .app import app
        from .exit_codes import written

        _speak_any_language()
        with written():  # of --help and --version; commands have their own
            app(prog_name="dvrip")
    except KeyboardInterrupt:  # while modules are loaded; commands have their own
        raise SystemExit(130) from None


def _have_streams() -> None:
    """What the caller closed is nowhere, not an error of a command that has something to say."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 # it stays open until the end
            setattr(sys, name, nowhere)


def _is_installed(name: str) -> bool:
    """Whether a package is there, without the time that importing it takes."""
    try:
        return find_spec(name) is not None
    except ValueError:
        return False


def _speak_any_language() -> None:
    """Devices have names in every script; what a terminal or a pipe cannot take is escaped, not an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            own = stream.isatty() or "PYTHONIOENCODING" in os.environ
            stream.reconfigure(encoding=None if own else "utf-8", errors="backslashreplace")
