"""Text to speech by espeak-ng, which needs no network."""

import io
import subprocess
from typing import Any, override

import av
from homeassistant.components.tts import Provider, TtsAudioType
from homeassistant.core import HomeAssistant
from homeassistant.helpers.typing import ConfigType, DiscoveryInfoType


def get_engine(
    hass: HomeAssistant, config: ConfigType, discovery_info: DiscoveryInfoType | None = None
) -> Provider:
    """The only one."""
    return Voice()


class Voice(Provider):
    """Says English sentences."""

    name = "Voice"
    default_language = "en"
    supported_languages = ["en"]

    @override
    def get_tts_audio(self, message: str, language: str, options: dict[str, Any]) -> TtsAudioType:
        done = subprocess.run(
            ["espeak-ng", "-v", language, "--stdin", "--stdout"],
            input=message.encode(),
            capture_output=True,
            check=True,
        )
        return "mp3", _mp3(done.stdout)


def _mp3(wave: bytes) -> bytes:
    # Home Assistant wants this kind, and would convert any other by ffmpeg.
    target = io.BytesIO()
    # espeak-ng does not know the length when it begins: what it writes there is nonsense to be passed over.
    with (
        av.open(io.BytesIO(wave), "r", options={"ignore_length": "1"}) as source,
        av.open(target, "w", "mp3") as output,
    ):
        stream = output.add_stream("libmp3lame", rate=source.streams.audio[0].rate)
        for frame in source.decode(audio=0):
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return target.getvalue()
