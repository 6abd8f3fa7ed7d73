# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""An error as the result of a task: what went wrong, what to do, and what was done before."""

from __future__ import annotations

import typing as t

from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Result

# Where Ansible has its own words for what to do; the rest is the library's table.
_REMEDIES = {
    203: "Check ansible_password; devices lock an account after a few wrong passwords. "
    "During a rotation list the old and the new one in ansible_dvrip_passwords.",
    106: "Check ansible_user and ansible_password; devices lock an account after a few wrong passwords.",
}
# What a model that does not know a message can do instead, by the message.
_INSTEAD = {
    1542: "This model does not export its configuration: what `config_info` with `name: all` and `format: objects` "
    "returns is what `config` takes back (without passwords).",
}


def failure(
    error: dvrip_proto.DvripError,
    *,
    written: t.Sequence[str] = (),
    uncertain: t.Sequence[str] = (),
    always_failed: bool = False,
    skips: bool = False,
) -> Result:
    """The result of a task that ended with this error: only a network that may come back is UNREACHABLE.

    A write in doubt is a failure, because somebody has to look; so is (`always_failed`) a device that is not the
    host of the inventory. `skips`: the task has the option `missing`.
    """
    away = isinstance(error, dvrip_proto.TransportError) and not uncertain and not always_failed
    reason: Result = {"type": type(error).__name__}
    for name in ("ret", "name", "message_id"):
        value = getattr(error, name, None)
        if value:
            # Plain values: Ansible warns of enumerations.
            reason[name] = int(value) if isinstance(value, int) else str(value)
    remedy = _remedy(error, uncertain, skips)
    if remedy:
        reason["remedy"] = remedy
    result: Result = {
        "unreachable" if away else "failed": True,
        "changed": bool(written or uncertain),
        "msg": str(error),
        "failure": reason,
    }
    if written:
        result["written"] = list(written)
    if uncertain:
        result["uncertain"] = list(uncertain)
    return result


def _remedy(error: dvrip_proto.DvripError, uncertain: t.Sequence[str], skips: bool) -> str:
    if uncertain:
        return "Run the play again when the device answers: it compares with what the device then has."
    if isinstance(error, dvrip_proto.NotAppliedError):
        return "The firmware does not take this value: look at what it has now with config_info."
    if isinstance(error, dvrip_proto.TransportError):
        return "See whether the device has power and network, and whether host and port are right."
    if isinstance(error, dvrip_proto.UnsupportedError) and error.message_id in _INSTEAD:
        return _INSTEAD[error.message_id]
    if isinstance(error, dvrip_proto.UnsupportedError) and error.name:
        way = "leave it out with `missing: skip`" if skips else "leave the task out for it"
        return f"This model does not have it: {way}, or list what it has with config_info (`name: all`)."
    own = _REMEDIES.get(getattr(error, "ret", None) or 0, "")
    known = dvrip_proto.remedy(error)
    return own or (known.text if known is not None else "")
