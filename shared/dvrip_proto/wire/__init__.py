"""Bytes to values and back, without any I/O: headers, frames, bodies, media, discovery datagrams."""

from __future__ import annotations
