"""Streams: codec, size, rate and sound."""

from __future__ import annotations

from ..control import Control

ROWS: tuple[Control, ...] = (
    Control(
        "codec",
        "Simplify.Encode",
        "MainFormat.Video.Compression",
        "Codec",
        options_from="EncodeCapability",
    ),
    Control(
        "resolution",
        "Simplify.Encode",
        "MainFormat.Video.Resolution",
        "Resolution",
        options_from="EncodeCapability",
    ),
    Control("frame_rate", "Simplify.Encode", "MainFormat.Video.FPS", "Frame rate"),
    Control("bit_rate", "Simplify.Encode", "MainFormat.Video.BitRate", "Bit rate"),
    Control("speaker_volume", "fVideo.Volume", "LeftVolume", "Speaker volume", physical="TalkOutChannel"),
)
