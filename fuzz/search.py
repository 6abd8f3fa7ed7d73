"""One search: `python -m fuzz.search TARGET [libFuzzer's options]`. `python -m fuzz` brings atheris."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["dvrip_proto"]):
    from .properties import TARGETS


def main() -> None:
    """Search until the time is over or a fault is found; libFuzzer decides the exit status."""
    program, target, *options = sys.argv
    atheris.Setup([program, *options], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
