"""Wishes from the command line: KEY=VALUE words, or a JSON document."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..config.merge import merged
from ..config.spec import Setting
from ..errors import UsageError
from .output import keeps

_JSON_STARTS = ("{", "[", '"')
_JSON_WORDS = {"true": True, "false": False, "null": None}


def wish(words: Sequence[str], file: Path | None) -> Any:
    """Return what is wanted: a tree out of KEY=VALUE words, or the JSON of a file; `-` is standard input."""
    if words and file is not None:
        raise UsageError("give KEY=VALUE or --file, not both")
    if words:
        return assigned(words)
    if keeps() and (file is None or str(file) == "-"):
        raise UsageError("standard input is for one device: give KEY=VALUE or --file FILE")
    if file is None and sys.stdin.isatty():
        raise UsageError("say what to set: KEY=VALUE, --file FILE, or JSON on standard input")
    name = "standard input" if file is None or str(file) == "-" else str(file)
    try:
        text = sys.stdin.read() if name == "standard input" else Path(name).read_text(encoding="utf-8-sig")
        return json.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{name}: {getattr(error, 'strerror', None) or 'is no text'}") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name}: is no JSON: {error}") from error


def assigned(words: Sequence[str]) -> Any:
    """Return the tree that asks for every KEY=VALUE.

    A key is a path: `Server.Port`, `Covers[0].Enable`, `[Interface=eth0].Enable`. A value that starts with
    `{`, `[` or `"`, and `true`, `false` and `null`, is JSON; all else is taken as it stands.
    """
    tree: Any = None
    for word in words:
        path, equals, text = _cut(word)
        if not path or not equals:
            raise UsageError(f"{word!r} is not KEY=VALUE")
        patch = Setting("", path).patch(_value(path, text))
        tree = patch if tree is None else merged(tree, patch, path)
    return tree


def _cut(word: str) -> tuple[str, str, str]:
    """Cut at the first = that is not inside brackets."""
    depth = 0
    for index, character in enumerate(word):
        depth += (character == "[") - (character == "]")
        if character == "=" and depth == 0:
            return word[:index], "=", word[index + 1 :]
    return word, "", ""


def _value(path: str, text: str) -> Any:
    if text in _JSON_WORDS:
        return _JSON_WORDS[text]
    if not text.startswith(_JSON_STARTS):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: {text!r} is no JSON: {error}") from error
