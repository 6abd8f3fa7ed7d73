"""Streams and sound: codec, size, rate, volume."""

from __future__ import annotations

from ..control import Control, within

_ENCODE = "Simplify.Encode"
# End of the key, key of the format, title, ability that narrows the choices.
_STREAM: tuple[tuple[str, str, str, str], ...] = (
    ("codec", "Video.Compression", "Codec", "EncodeCapability"),
    ("resolution", "Video.Resolution", "Resolution", "EncodeCapability"),
    ("frame_rate", "Video.FPS", "Frame rate", ""),
    ("bit_rate", "Video.BitRate", "Bit rate", ""),
    ("bit_rate_control", "Video.BitRateControl", "Bit rate control", ""),
    ("quality", "Video.Quality", "Quality", ""),
    ("key_frame_interval", "Video.GOP", "Key frame interval", ""),
    ("audio", "AudioEnable", "Audio", ""),
)


def _stream(part: str, before: str, after: str) -> tuple[Control, ...]:
    return tuple(
        Control(
            f"{before}{key}",
            _ENCODE,
            f"{part}.{path}",
            f"{title}{after}",
            options_from=ability,
            physical="AudioInChannel" if key == "audio" else "",
        )
        for key, path, title, ability in _STREAM
    )


ROWS: tuple[Control, ...] = (
    *_stream("MainFormat", "", ""),
    *_stream("ExtraFormat", "extra_", " of the extra stream"),
    Control("extra_video", _ENCODE, "ExtraFormat.VideoEnable", "Extra stream"),
    *within("AVEnc.SmartH264", ("smart_codec", "SmartH264", "Smart codec")),
    *within(
        "AVEnc.EncodeStaticParam",
        ("h264_profile", "Profile", "H.264 profile"),
        ("h264_level", "Level", "H.264 level"),
    ),
    *within("AVEnc.WaterMark", ("watermark", "Enable", "Watermark")),
    Control(
        "speaker_volume",
        "fVideo.Volume",
        "LeftVolume",
        "Speaker volume",
        basic=True,
        physical="TalkOutChannel",
    ),
    Control(
        "microphone_volume",
        "fVideo.VolumeIn",
        "LeftVolume",
        "Microphone volume",
        physical="AudioInChannel",
    ),
    Control(
        "input_volume",
        "fVideo.InVolume",
        "LeftVolume",
        "Input volume",
        physical="AudioInChannel",
    ),
)
