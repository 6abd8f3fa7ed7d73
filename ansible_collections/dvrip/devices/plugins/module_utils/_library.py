# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""The only file of the collection that imports the protocol library."""

from __future__ import annotations

import traceback

__all__ = ["MISSING", "dvrip_proto"]

try:
    import dvrip_proto
except (ImportError, SyntaxError):  # SyntaxError: a Python older than the library accepts
    dvrip_proto = None  # type: ignore[assignment]  # every use comes after a look at MISSING
    MISSING: str | None = traceback.format_exc()
else:
    MISSING = None
