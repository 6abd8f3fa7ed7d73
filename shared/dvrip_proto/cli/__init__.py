"""`dvrip`: the library from a shell. Needs typer and rich (extra `cli`)."""

from __future__ import annotations

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
    app(prog_name="dvrip")
