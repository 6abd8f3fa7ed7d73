"""`dvrip dump`."""

from __future__ import annotations

import json
from pathlib import Path

from dvrip_proto.simulator import Simulator

from .conftest import Dvrip


async def test_a_dump_is_a_profile(dvrip: Dvrip, device: Simulator, at: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    shown = await dvrip("dump", at, file)
    assert (shown.code, shown.out) == (0, f"{file}: {file.stat().st_size} bytes\n")
    assert device.serial not in file.read_text()
    async with Simulator(profile=file, users={"admin": "s3cret pass"}) as again:
        told = (await dvrip("info", f"{again.host}:{again.port}", "--json")).json
        assert told["channels"] == device.channels
    printed = await dvrip("dump", at, "-")
    assert json.loads(printed.out) == json.loads(file.read_text())
