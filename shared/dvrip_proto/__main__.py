"""`python -m dvrip_proto` is `dvrip`."""

from __future__ import annotations

from .cli import main

main()
