"""`dvrip`: the library from a shell. Needs typer and rich (extra `cli`)."""

from __future__ import annotations

import io
import os
import sys


def main() -> None:
    """Run the command line; without its extra, say what to install."""
    try:
        from .app import app
    except ModuleNotFoundError as missing:
        name = (missing.name or "").partition(".")[0]
        if name not in {"typer", "rich", "click"}:
            raise
        sys.stderr.write(f"dvrip: {name} is not installed: pip install 'dvrip-proto[cli]'\n")
        raise SystemExit(2) from None
    _speak_any_language()
    app(prog_name="dvrip")


def _speak_any_language() -> None:
    """Devices have names in every script; what a terminal or a pipe cannot take is escaped, not an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            own = stream.isatty() or "PYTHONIOENCODING" in os.environ
            stream.reconfigure(encoding=None if own else "utf-8", errors="backslashreplace")
