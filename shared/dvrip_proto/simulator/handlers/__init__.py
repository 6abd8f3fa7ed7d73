"""What a device answers: one table from message id to handler, made of one file a family."""

from __future__ import annotations

from . import (
    accounts,
    alarms,
    archive,
    battery,
    dialled,
    feeder,
    fixed,
    info,
    login,
    monitor,
    overlay,
    playback,
    records,
    settings,
    system,
    talk,
    upgrade,
)
from .request import Handler

TABLE: dict[int, Handler] = {
    **fixed.TABLE,
    **login.TABLE,
    **info.TABLE,
    **settings.TABLE,
    **monitor.TABLE,
    **accounts.TABLE,
    **alarms.TABLE,
    **records.TABLE,
    **playback.TABLE,
    **system.TABLE,
    **archive.TABLE,
    **talk.TABLE,
    **upgrade.TABLE,
    **overlay.TABLE,
    **battery.TABLE,
    **feeder.TABLE,
}

TABLE |= dialled.calling_back(TABLE)

BEFORE_LOGIN = login.BEFORE_LOGIN | monitor.BEFORE_LOGIN | playback.BEFORE_LOGIN | talk.BEFORE_LOGIN
"""Requests that a connection without a session may make."""

__all__ = ["BEFORE_LOGIN", "TABLE", "Handler"]
