"""What typer refuses - commands, options, numbers - told as every other error: in one line, and as JSON."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

import typer

from ..errors import UsageError
from .exit_codes import ExitCode, fail
from .trace import finish

_MISUSE: Final[type[Any]] = typer.BadParameter.__mro__[1]  # typer has no public name for it

_IN_WORDS: Final = (
    (r"Input should be less than or equal to (\S+)", r"it is at most \1"),
    (r"Input should be greater than or equal to (\S+)", r"it is at least \1"),
    (r"Input should be a valid integer\b.*", "it is a whole number"),
    (r"Input should be a valid number\b.*", "it is a number"),
    (r"^Invalid value for '\[?([^']+?)\]?'( / '[^']+')*: (Value error, )?", r"\1: "),
    (r"^Invalid value: ", ""),
    (r"^Missing (?:argument|option|parameter) '([^']+)'( / '[^']+')*\.?", r"\1 is missing"),
    (r"^Missing command\.?", "which command?"),
    (r"^Option '([^']+)' requires an argument\.?", r"\1: its value is missing"),
    (r"^Option '([^']+)' does not take a value\.?", r"\1 takes no value"),
    (r"^Got unexpected extra arguments?(?:\(s\))? \((.*)\)$", r"\1: not expected here"),
    (r"^No such option: (\S+)", r"no option \1"),
    (r"^No such command '(.*?)'\.?", r"no command \1"),
    (r" *\(Possible options: (.*)\)$", r": did you mean \1?"),
    (r" +Did you mean (?:one of )?:? *'?(.+?)'?\?$", r": did you mean \1?"),
)


@contextlib.contextmanager
def refused(words: Sequence[str]) -> Iterator[None]:
    """Tell what typer refuses of the words after `dvrip`, and leave with exit code 2."""
    try:
        yield
    except _MISUSE as error:
        if type(error).show is not _MISUSE.show:
            raise  # no mistake: it shows the help
        raise _left(UsageError(_sentence(error)), words) from error
    except UsageError as error:  # of an argument that was looked at
        raise _left(error, words) from error


def _left(error: UsageError, words: Sequence[str]) -> typer.Exit:
    finish(words, int(ExitCode.USAGE))
    return fail(error, json=_wants_json(words))


@contextlib.contextmanager
def belonging_to(context: Any) -> Iterator[None]:
    """Let what typer refuses know its command, whose help is named: typer leaves some without."""
    try:
        yield
    except _MISUSE as error:
        error.ctx = error.ctx or context
        raise


def refuse_order(context: Any, words: Sequence[str], commands: Collection[str]) -> None:
    """Refuse a device before its command, and name the right order."""
    if len(words) > 1 and words[1] in commands and not words[0].startswith("-"):
        right = " ".join((context.command_path, words[1], words[0], *words[2:]))
        raise typer.BadParameter(f"{words[1]} comes before {words[0]}: {right}", ctx=context)


def _wants_json(words: Sequence[str]) -> bool:
    own = words[: words.index("--")] if "--" in words else words
    return "--json" in own


def _sentence(error: Any) -> str:
    text = " ".join(error.format_message().split())
    for pattern, words in _IN_WORDS:
        text = re.sub(pattern, words, text)
    text = text.removesuffix(".")
    if error.ctx is None:
        return text
    command = re.sub(r"[{}]", "", error.ctx.command_path)  # a group's own argument stands in it: {URL}
    return f"{text} (see {command} --help)"
