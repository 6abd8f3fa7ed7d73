"""Configuration of other programs for what a relay serves, as they want it: to be pasted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from .serving import Path


def go2rtc(urls: Mapping[str, str]) -> str:
    """Return the streams of go2rtc by name."""
    lines = ["streams:"]
    for name, url in urls.items():
        lines += [f"  {name}:", f"    - {_quoted(url)}"]
    return "\n".join(lines)


def frigate(paths: Sequence[Path], urls: Mapping[str, str]) -> str:
    """Return Frigate's cameras: it records the main stream and looks for things in the sub stream."""
    lines = ["go2rtc:", *(f"  {line}" for line in go2rtc(urls).split("\n")), "cameras:"]
    cameras: dict[str, dict[str, str]] = {}
    for path in paths:
        cameras.setdefault(_camera(path), {})[path.stream] = name(path)
    for camera, streams in cameras.items():
        lines += [f"  {camera}:", "    ffmpeg:", "      inputs:"]
        roles = {"main": ["record"], "sub": ["detect"]} if len(streams) > 1 else {}
        for stream, restreamed in streams.items():
            lines += [
                f"        - path: rtsp://127.0.0.1:8554/{restreamed}",
                "          input_args: preset-rtsp-restream",
                f"          roles: [{', '.join(roles.get(stream, ['record', 'detect']))}]",
            ]
    return "\n".join(lines)


def name(path: Path) -> str:
    """Return what a stream is called there: gate, gate_sub, gate_2, gate_2_sub."""
    return _camera(path) + ("_sub" if path.stream == "sub" else "")


def _camera(path: Path) -> str:
    device = "".join(c if c.isalnum() else "_" for c in path.device) or "camera"
    device = f"camera_{device}" if device[0].isdigit() else device
    return device if path.channel == 1 else f"{device}_{path.channel}"


def _quoted(text: str) -> str:
    return json.dumps(text)  # YAML takes it as it is
