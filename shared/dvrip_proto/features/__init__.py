"""What a device can do: one file a capability, each a class over a connection."""

from __future__ import annotations
