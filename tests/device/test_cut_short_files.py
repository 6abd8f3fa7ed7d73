"""Files that are being written when something is cancelled, fails, or is done twice."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from dvrip_proto import TransportError
from dvrip_proto.errors import NotAppliedError
from dvrip_proto.features.accounts.passwords import Passwords
from dvrip_proto.features.recordings import download
from dvrip_proto.features.recordings.part_file import PartFile
from dvrip_proto.features.recordings.recording import Recording
from tests.device.conftest import scripted
from tests.hostile import Link

pytestmark = pytest.mark.usefixtures("no_leaks")


async def test_a_download_that_is_cancelled_while_its_file_is_opened_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    class Slow(PartFile):
        def __init__(self, path: Path, *, resume: bool) -> None:
            super().__init__(path, resume=resume)
            loop.call_soon_threadsafe(opened.set)
            go_on.wait(10)

    monkeypatch.setattr(download, "PartFile", Slow)

    async def fetch() -> bytes:
        raise AssertionError

    recording = Recording(name="a.jpg", kind="jpg", size_kib=1)
    saving = asyncio.create_task(download.save_picture(fetch, recording, tmp_path / "a.jpg"))
    await opened.wait()
    saving.cancel()
    go_on.set()
    await asyncio.wait([saving])
    assert saving.cancelled()
    assert await asyncio.to_thread(lambda: list(tmp_path.iterdir())) == []


@pytest.mark.parametrize("error", [TransportError("away"), asyncio.CancelledError(), NotAppliedError("no")])
async def test_a_password_that_was_written_counts_until_its_proof_fails(
    monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    sent: list[str] = []

    async def answer(_link: Link, _id: int, body: dict[str, Any]) -> dict[str, Any]:
        if "PassWord" in body:
            sent.append(body["PassWord"])
        return {}

    async def prove(_self: Passwords, _name: str, _hash: str) -> None:
        raise error

    monkeypatch.setattr(Passwords, "prove", prove)
    async with scripted(answer) as device:
        passwords = Passwords(device.connection, username="admin", password="old")
        for new in ("first", "second"):
            with pytest.raises(type(error)):
                await passwords.change_own(new)
    assert (sent[1] == "first") == (not isinstance(error, NotAppliedError))
