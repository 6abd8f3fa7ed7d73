# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""What to say of an option that a module does not have. Pure."""

from __future__ import annotations

import difflib
import typing as t

_Spec = t.Mapping[str, t.Mapping[str, t.Any]]


def unknown_option(name: str | t.Sequence[str], spec: _Spec) -> str:
    """In words: where it belongs, or what it may have meant. A sequence is the way to an option of an option."""
    way = (name,) if isinstance(name, str) else tuple(name)
    options = spec
    for part in way[:-1]:
        options = options.get(part, {}).get("options") or {}
    last, shown = way[-1], ".".join(way)
    for other, option in spec.items():
        if last in (option.get("options") or {}) and way[:-1] != (other,):
            return f"{shown}: this belongs below `{other}`"
    if len(way) > 1 and last in spec:
        return f"{shown}: this is an option of the task itself, not of `{'.'.join(way[:-1])}`"
    near = difflib.get_close_matches(last, options, 1)
    return f"{shown}: there is no such option" + (f", did you mean {near[0]}?" if near else "")
