"""Turns a file of `dvrip COMMAND --trace FILE` into a test: `python -m tools.trace_to_test FILE NAME`.

The trace goes to tests/traces/NAME.jsonl, whose test plays it to the command that wrote it.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.traces.player import Trace  # noqa: E402 # the repository is no package


def main(words: list[str]) -> int:
    """Check a trace, and put it where it is tested."""
    if len(words) != 2 or not re.fullmatch(r"[a-z0-9-]+", words[1]):
        sys.stderr.write("python -m tools.trace_to_test FILE NAME (small letters, digits, dashes)\n")
        return 2
    file, name = Path(words[0]), words[1]
    trace = Trace(file)
    target = ROOT / "tests" / "traces" / f"{name}.jsonl"
    if target.exists():
        sys.stderr.write(f"{target}: is there already\n")
        return 2
    target.write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    sys.stdout.write(
        f"{target.relative_to(ROOT)}: dvrip {' '.join(trace.command)}, exit code {trace.exit}, "
        f"{len(trace.messages)} messages, {trace.lost_bodies} of them no JSON and played as zeros\n"
        f"pytest tests/traces -k {name}\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
