"""`dvrip talk`."""

from __future__ import annotations

import wave
from array import array
from pathlib import Path

from dvrip_proto.simulator import Quirks, Simulator

from .conftest import PASSWORD, Dvrip


def tone(path: Path, seconds: float = 0.6, rate: int = 44100) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(array("h", [8000, -8000] * int(seconds * rate)).tobytes())
    return path


async def test_a_sound_file_is_said(dvrip: Dvrip, tmp_path: Path) -> None:
    async with Simulator(users={"admin": PASSWORD}) as camera:
        at = f"{camera.host}:{camera.port}"
        said = await dvrip("talk", at, tone(tmp_path / "tone.wav"))
        assert (said.code, said.err, said.out) == (0, "", f"{at}: said 0.6 s\n")
        blocks = camera._unit.talk.heard_bytes // 328
        assert blocks == 15, "0.6 s of 40 ms each"
        assert camera._unit.talk.speaker is None


async def test_files_without_sound(dvrip: Dvrip, tmp_path: Path) -> None:
    text = tmp_path / "text.wav"
    text.write_text("no sound")
    async with Simulator(users={"admin": PASSWORD}) as camera:
        at = f"{camera.host}:{camera.port}"
        for file in (text, tmp_path / "missing.wav"):
            refused = await dvrip("talk", at, file)
            assert refused.code == 2
            assert refused.err.startswith(f"dvrip: {file}: ")
        wrong = await dvrip("talk", at, tone(tmp_path / "tone.wav"), "--block", 7)
        assert wrong.code == 2
        assert "160 or 320" in wrong.err


async def test_one_camera_of_a_recorder_is_spoken_to(dvrip: Dvrip, tmp_path: Path) -> None:
    async with Simulator(profile="nvr", channels=3, users={"admin": PASSWORD}) as recorder:
        at = f"{recorder.host}:{recorder.port}"
        said = await dvrip("talk", at, tone(tmp_path / "tone.wav"), "--channel", 2)
        told = (await dvrip("talk", at, tmp_path / "tone.wav", "--channel", 2, "--json")).json
        assert (told["device"], told["seconds"] > 0) == (at, True)
        assert (said.code, said.err) == (0, "")
        assert recorder._unit.talk.channel == 1
        recorder.quirks = Quirks(no_channel_talk=True)
        refused = await dvrip("talk", at, tmp_path / "tone.wav", "--channel", 2)
        assert refused.code == 1
        assert "this recorder has no talk by channel" in refused.err
