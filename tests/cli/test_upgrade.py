"""`dvrip upgrade`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.wire.ids import MessageId
from tests.device.firmware_file import write

from .conftest import PASSWORD, Dvrip


@pytest.fixture
async def camera() -> AsyncIterator[Simulator]:
    async with Simulator(users={"admin": PASSWORD}) as simulator:
        simulator._unit.upgrade.burn_s = 0.2
        simulator.downtime_s = 0.2
        yield simulator


async def test_new_firmware(dvrip: Dvrip, camera: Simulator, tmp_path: Path) -> None:
    shown = await dvrip("upgrade", f"{camera.host}:{camera.port}", write(tmp_path), "--yes", "--back", 8)
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.startswith(f"{camera.host}:{camera.port}: has V5.00.R02.")
    assert shown.out.endswith("of 2026-01-02 03:04:06\n")


async def test_a_check_sends_nothing(dvrip: Dvrip, camera: Simulator, tmp_path: Path) -> None:
    at = f"{camera.host}:{camera.port}"
    told = await dvrip("upgrade", at, write(tmp_path), "--dry-run", "--json")
    assert told.code == 0
    assert told.json["fits"]
    assert told.json["release"] == "V5.00.R02"
    assert not told.json["installed"]
    other = await dvrip("upgrade", at, write(tmp_path, Hardware="HI3516"), "--dry-run")
    assert other.code == 1
    assert "hardware is HI3516 in the file, XM530_50X50-WG_8M on the device" in other.out
    assert MessageId.UPGRADE not in [message_id for message_id, _, _ in camera.requests]


async def test_what_needs_a_word_of_the_user(dvrip: Dvrip, camera: Simulator, tmp_path: Path) -> None:
    at = f"{camera.host}:{camera.port}"
    asked = await dvrip("upgrade", at, write(tmp_path))
    assert (asked.code, "Nobody can be asked here: give --yes" in asked.err) == (2, True)
    misfit = await dvrip("upgrade", at, write(tmp_path, Vendor="Other"), "--yes")
    assert misfit.code == 2
    assert "is not for" in misfit.err
    forced = await dvrip("upgrade", at, write(tmp_path, Vendor="Other"), "--yes", "--force")
    assert forced.code == 1
    assert "sent nevertheless" in forced.err
    assert "the upgrade failed (Ret 514" in forced.err


async def test_a_broken_file_and_a_device_that_fails(dvrip: Dvrip, camera: Simulator, tmp_path: Path) -> None:
    at = f"{camera.host}:{camera.port}"
    page = tmp_path / "page.bin"
    page.write_text("<html>")
    broken = await dvrip("upgrade", at, page, "--yes")
    assert (broken.code, broken.err) == (2, f"dvrip: {page}: not a firmware file: no ZIP archive\n")
    camera.quirks = Quirks(upgrade_result=513)
    failed = await dvrip("upgrade", at, write(tmp_path), "--yes")
    assert failed.code == 1
    assert "upgrade data error" in failed.err
