"""Times on the line: a day, a month, a span. All are the device's own."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer


def _moment(text: str) -> datetime:
    """Read a moment; a date alone is its begin."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no time such as 2026-11-20 08:00") from error
    if moment.tzinfo is not None:
        raise typer.BadParameter(
            f"{text!r} names a zone: times are the device's own, such as 2026-11-20 08:00"
        )
    return moment


def _day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d")
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no day such as 2026-11-20") from error


def _month(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m")
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no month such as 2026-11") from error


DAY = Annotated[
    datetime | None,
    typer.Option("--day", metavar="YYYY-MM-DD", parser=_day, help="A day; today without any."),
]
FROM = Annotated[
    datetime | None,
    typer.Option("--from", metavar="TIME", parser=_moment, help="Time of the device: 2026-11-20 08:00."),
]
TO = Annotated[datetime | None, typer.Option("--to", metavar="TIME", parser=_moment, help="The end.")]
MONTH = Annotated[
    datetime | None,
    typer.Option("--month", metavar="YYYY-MM", parser=_month, help="This month without any."),
]
