"""Links of the pages to what lies outside of docs/: on the site they lead to the repository.

A hook of MkDocs. In the repository itself, and in what a package index shows, such links are relative.
"""

from __future__ import annotations

import re
from typing import Any, Final

_OUTSIDE: Final = re.compile(r"\]\(\.\./([^)#]+)([^)]*)\)")


def on_page_markdown(markdown: str, *, config: Any, **_: Any) -> str:
    """Text of a page with links that the site can follow."""
    return _OUTSIDE.sub(rf"]({config.repo_url}/blob/main/\1\2)", markdown)
