"""Configuration as data: what the device's objects hold, and the one comparator over them. Pure functions."""

from __future__ import annotations
