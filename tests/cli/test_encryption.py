"""`--encryption`, and what `dvrip info` and `dvrip dump` tell of the way that was taken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dvrip_proto.simulator import Quirks, Simulator
from tests.cli.conftest import PASSWORD, Dvrip
from tests.encrypted_device import EncryptedDevice, serve


@pytest.mark.parametrize(
    ("quirk", "way", "policy"),
    [
        ("", "plain", "never"),
        ("required", "encrypted", "always"),
        ("md5_dh", "salted", "salted"),
        ("empty", "encrypted", "always"),
        ("light", "light", "light"),
    ],
)
async def test_info_and_dump_tell_the_way_to_keep_to(
    dvrip: Dvrip, tmp_path: Path, quirk: str, way: str, policy: str
) -> None:
    async with Simulator(quirks=Quirks(encrypted=quirk), users={"admin": PASSWORD}) as sim:
        at = f"{sim.host}:{sim.port}"
        shown = await dvrip("info", at, "--json")
        assert shown.code == 0
        assert json.loads(shown.out)["login"] == way
        kept = await dvrip("info", at, "--json", "--encryption", policy)
        assert json.loads(kept.out)["login"] == way
        assert (await dvrip("dump", at, str(tmp_path / "one.json"))).code == 0
    told = json.loads((tmp_path / "one.json").read_text())["entry"]
    assert told["way"] == way
    assert bool(told["offered"]) is (way != "plain")
    async with Simulator(profile=tmp_path / "one.json", users={"admin": PASSWORD}) as again:
        assert (await dvrip("info", f"{again.host}:{again.port}")).code == 0


async def test_a_device_is_not_spoken_to_in_clear_where_that_is_asked_for(dvrip: Dvrip) -> None:
    device = EncryptedDevice(manner="open", offers=False, password=PASSWORD)
    async with serve(device) as (host, port):
        shown = await dvrip("info", f"{host}:{port}", "--encryption", "always")
        assert shown.code == 1
        assert "no agreement with the device on encryption (always)" in shown.err
        assert device.logins == []
        device.manner = "required"
        shown = await dvrip("info", f"{host}:{port}", "--encryption", "never")
        assert shown.code == 1
        assert "encryption is not allowed here" in shown.err
        assert "does not speak DVRIP" not in shown.err
        assert (await dvrip("info", f"{host}:{port}", "--encryption", "maybe")).code == 2
    assert device.logins == [("plain", 124)]
