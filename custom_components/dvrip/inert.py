"""Text of a device, of a report or of an error, where people read it: shown as it is, never obeyed.

The frontend renders descriptions of forms, aborts, repairs and notifications as markdown, where a name could
become a link, or a picture that the browser fetches.
"""

import re
from typing import Any

from dvrip_proto import shown_text

ERROR_LIMIT = 256

# Each looks like what it stands for, and means nothing.
_MARKS = str.maketrans(
    {"[": "(", "]": ")", "<": "‹", ">": "›", "*": "∗", "`": "'", "|": "¦", "\\": "∕", "~": "∼"}
)
# A word's own underscore is none of markdown's.
_LOOSE_UNDERSCORE = re.compile(r"(?<![^\W_])_+|_+(?![^\W_])")
# What becomes a link by itself.
_LINKS = (
    (re.compile(r":/+"), ":∕∕"),
    (re.compile(r"\bwww\.", re.IGNORECASE), "www·"),
    (re.compile("@"), "＠"),
)
# What makes a heading, a list, a quotation or a rule of a line that begins with it.
_BLOCK = re.compile(r"^(?:[#+=\-›∼\s]+|(\d+)[.)](?=\s))")


def inert(value: Any, limit: int = 64) -> str:
    """`value` on one line of at most `limit` characters, with no mark of markdown or HTML."""
    text = shown_text(value, limit).translate(_MARKS)
    text = _LOOSE_UNDERSCORE.sub(" ", text)
    for link, shown in _LINKS:
        text = link.sub(shown, text)
    return " ".join(_BLOCK.sub(r"\1", text).split())


def error_text(error: BaseException) -> str:
    """What an error says; it may quote a device."""
    return inert(str(error), ERROR_LIMIT)
