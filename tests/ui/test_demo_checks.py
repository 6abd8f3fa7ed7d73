"""The checks of the demo fail when they should."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from demo.pictures import decode, likeness
from demo.progress import DemoError, Progress, Step
from demo.secrecy import require_no_secret
from demo.stage import CLIP, Secrets
from dvrip_proto import sofia_hash

SECRETS = Secrets()


def movie(picture: Callable[[int], np.ndarray], frames: int = 50) -> bytes:
    target = io.BytesIO()
    with av.open(target, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(picture(number), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return target.getvalue()


def bars(shift: int) -> np.ndarray:
    row = np.where((np.arange(320) + shift * 4) // 40 % 2, 200, 30).astype(np.uint8)
    return np.broadcast_to(row[None, :, None], (180, 320, 3)).copy()


def test_a_moving_picture_passes() -> None:
    decode(movie(bars)).require_moving("bars", frames=50)


def test_a_picture_that_stands_still_is_refused() -> None:
    with pytest.raises(DemoError, match="stands still"):
        decode(movie(lambda _number: bars(0))).require_moving("bars", frames=50)


def test_a_plain_picture_is_refused() -> None:
    with pytest.raises(DemoError, match="plain"):
        decode(movie(lambda number: np.full((180, 320, 3), number, np.uint8))).require_moving(
            "grey", frames=50
        )


def test_a_short_piece_is_refused() -> None:
    with pytest.raises(DemoError, match="10 frames|10 video frames"):
        decode(movie(bars, frames=10)).require_moving("bars", frames=40)


def test_another_film_is_not_taken_for_the_clip() -> None:
    assert likeness(decode(CLIP), CLIP) < 1
    assert likeness(decode(movie(bars)), CLIP) > 20


@pytest.mark.parametrize(
    "line",
    [
        f"password={SECRETS.device}",
        f"PassWord: {sofia_hash(SECRETS.device)}",
        f"digest {hashlib.md5(SECRETS.operator.encode()).hexdigest()}",
        f"POST {SECRETS.home_assistant}",
        "opening rtsp://dvrip:a1b2c3@127.0.0.1:40000/x",
    ],
    ids=["plain", "device hash", "md5", "user", "url"],
)
def test_a_secret_in_a_log_is_found_and_not_repeated(line: str, tmp_path: Path) -> None:
    log = tmp_path / "some.log"
    log.write_text(f"fine\n{line}\nfine\n")
    with pytest.raises(DemoError, match=r"some\.log contains") as caught:
        require_no_secret(Step("secrecy", ""), [log], SECRETS)
    assert line not in str(caught.value)
    assert not any(secret in str(caught.value) for secret in (SECRETS.device, SECRETS.operator))


def test_an_empty_log_proves_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty.log").touch()
    with pytest.raises(DemoError, match="empty log"):
        require_no_secret(Step("secrecy", ""), [tmp_path / "empty.log"], SECRETS)


async def test_a_step_that_fails_is_kept_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress()
    async with progress.step("good", "Goes well"):
        pass
    async with progress.step("bad", "Goes wrong", go_on=True):
        raise DemoError("because")
    assert not progress.ok
    assert [step.as_json()["ok"] for step in progress.steps] == [True, False]
    assert "✗ Goes wrong" in capsys.readouterr().out
