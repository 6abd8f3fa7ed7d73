"""What the tools that write files have in common: the files as they should be, written or checked."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent


def write_or_check(files: Mapping[Path, str]) -> int:
    """Write what differs; with `--check` write nothing, name what differs, and return 1."""
    check = "--check" in sys.argv[1:]
    different = [path for path, text in files.items() if not path.exists() or path.read_text("utf-8") != text]
    for path in different:
        if check:
            print(f"{path.relative_to(ROOT)} is old: run python tools/{Path(sys.argv[0]).name}")
        else:
            path.write_text(files[path], "utf-8")
    return 1 if check and different else 0


def between(page: str, name: str, text: str) -> str:
    """The page with the text between its lines `<!-- name: ... -->` and `<!-- end of name -->`."""
    start, end = f"<!-- {name}: ", f"<!-- end of {name} -->\n"
    if page.count(start) != 1 or page.count(end) != 1:
        raise ValueError(f"the page has no place for {name}")
    head, _, rest = page.partition(start)
    told, _, rest = rest.partition(" -->\n")
    return f"{head}{start}{told} -->\n{text}{end}{rest.partition(end)[2]}"
