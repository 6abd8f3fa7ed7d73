"""Devices by the names of the owner's file, and what that file must not do."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from dvrip_proto.cli import book
from dvrip_proto.cli.login import Login
from dvrip_proto.errors import UsageError
from dvrip_proto.simulator import Simulator

from .conftest import PASSWORD, Dvrip
from .test_completion import _completed


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DVRIP_DEVICES", str(tmp_path / "devices.toml"))
    for name in ("DVRIP_USER", "DVRIP_ENCRYPTION", "DVRIP_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "devices.toml"


def _private(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
    return file


@pytest.fixture
def named(file: Path, at: str) -> Path:
    _private(file.with_name("gate.password"), f"{PASSWORD}\n")
    words = json.dumps(["printf", "%s", PASSWORD])
    return _private(
        file,
        f'[gate]\nhost = "{at}"\npassword_file = "gate.password"\nchannel = 2\n'
        f'[yard]\nhost = "{at}"\npassword_env = "YARD"\n'
        f'[door]\nhost = "{at}"\npassword_command = {words}\n' + f'[shed]\nhost = "{at}"\n',
    )


async def test_a_name_is_where_a_device_is_and_how_to_log_in(
    dvrip: Dvrip, device: Simulator, named: Path, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YARD", PASSWORD)
    for name in ("gate", "yard", "door", "admin@gate"):
        told = (await dvrip("info", name, "--json", password=None)).json
        assert (told["host"], told["serial"]) == (name, device.serial)
    alone = await dvrip("info", "shed", password=None)
    assert (alone.code, alone.err) == (2, "dvrip: no password: set DVRIP_PASSWORD or give --password-file\n")
    assert (await dvrip("info", "shed", "--json")).json["serial"] == device.serial
    shown = await dvrip("info", "gate", password=None)
    assert shown.out.splitlines()[0].split() == ["address", at]


async def test_a_name_stands_for_a_channel_where_none_is_given(dvrip: Dvrip, named: Path) -> None:
    for words, channel in ((("gate",), 2), (("gate", "--channel", "1"), 1), (("shed",), 1)):
        assert (await dvrip("osd", *words, "--json")).json["channel"] == channel
    rows = (await dvrip("show", "gate", "channel_name", "--json")).json
    assert [row["channel"] for row in rows] == [2]


async def test_names_stand_in_a_file_of_devices_too(
    dvrip: Dvrip, named: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YARD", "wrong")
    (tmp_path / "site").write_text("gate\ndoor\nyard\n")
    done = await dvrip("osd", f"@{tmp_path}/site", "--json", password=None)
    assert [(each["host"], each.get("value", {}).get("channel")) for each in done.json] == [
        ("gate", 2),
        ("door", 1),
        ("yard", None),
    ]
    assert done.code == done.json[2]["exit_code"] == 3
    await dvrip("dump", f"@{tmp_path}/site", tmp_path / "{host}.json", password=None)
    assert _dumps(tmp_path) == {"gate.json", "door.json"}


def _dumps(folder: Path) -> set[str]:
    return {each.name for each in folder.glob("*.json")}


def _open_to_others(file: Path) -> None:
    file.chmod(0o622)


async def test_what_is_given_on_the_line_comes_first(
    dvrip: Dvrip, named: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _private(tmp_path / "wrong", "wrong\n")
    refused = await dvrip("info", "gate", "--password-file", tmp_path / "wrong", password=None)
    assert refused.code == 3
    monkeypatch.setenv("DVRIP_USER", "somebody")
    own = _private(named, '[gate]\nhost = "boss@192.0.2.1:1"\nport = 5\nencryption = "always"\n')
    book._read.cache_clear()
    login = Login(password="x")
    assert own.exists()
    assert [login.device(word).username for word in ("gate", "me@gate", "192.0.2.1")] == [
        "boss",
        "me",
        "somebody",
    ]
    assert Login(password="x", user="root", port=7).device("gate").username == "root"
    assert Login(password="x", user="root", port=7).device("gate").port == 7
    assert (login.device("gate").port, login.device("gate")._encryption) == (1, "always")
    assert Login(password="x", encryption="never").device("gate")._encryption == "never"


async def test_info_without_a_device_is_of_all_that_have_names(
    dvrip: Dvrip, device: Simulator, named: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YARD", PASSWORD)
    told = (await dvrip("info", "--json")).json
    assert [(each["host"], each["serial"]) for each in told] == [
        (name, device.serial) for name in ("gate", "yard", "door", "shed")
    ]
    monkeypatch.setenv("DVRIP_DEVICES", "/nowhere/devices.toml")
    nobody = await dvrip("info")
    assert (nobody.code, nobody.err) == (
        2,
        "dvrip: which device? No one has a name in /nowhere/devices.toml\n",
    )


async def test_the_names_are_listed_and_completed(dvrip: Dvrip, named: Path, at: str) -> None:
    shown = await dvrip("devices")
    assert [line.split()[0] for line in shown.out.splitlines()] == ["NAME", "gate", "yard", "door", "shed"]
    told = (await dvrip("devices", "--json")).json
    assert [each["password"] for each in told] == ["file", "variable", "command", None]
    assert (told[0]["name"], told[0]["channel"], f"{told[0]['host']}:{told[0]['port']}") == ("gate", 2, at)
    assert _completed("dvrip info ga") == ["gate"]
    assert _completed("dvrip snapshot do") == ["door"]
    assert _completed("dvrip ptz gate do") == ["down", "down_left", "down_right"]


async def test_without_a_file_it_is_said_where_it_would_be(
    dvrip: Dvrip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DVRIP_DEVICES", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    shown = await dvrip("devices")
    assert (shown.code, shown.out) == (0, "")
    assert shown.err == (
        f"dvrip: {tmp_path}/dvrip/devices.toml: no device has a name yet; see dvrip devices --help\n"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[gate]\nhost = "h"\npassword = "secret"', "passwords do not stand here"),
        ('[gate]\naddress = "h"', "a device has at least its host"),
        ('[gate]\nhost = "h:99999"', "'h:99999' is no address of a device"),
        ('[gate]\nhost = "h"\nporte = 1', "porte: a device has"),
        ('[gate]\nhost = "h"\nport = 0', "port is a number from 1 to 65535"),
        ('[gate]\nhost = "h"\nchannel = true', "channel is a number from 1 to 256"),
        ('[gate]\nhost = "h"\nencryption = "tls"', "encryption one of auto, always, salted, light, never"),
        ('[gate]\nhost = "h"\npassword_command = "pass gate"', "a list of words"),
        ('[gate]\nhost = "h"\npassword_file = "a"\npassword_env = "b"', "one of them"),
        ('["10.0.0.1"]\nhost = "h"', "a name has letters"),
        ("[gate", "Expected ']'"),
    ],
)
async def test_a_mistake_in_the_file_is_said_and_keeps_nobody_from_an_address(
    dvrip: Dvrip, device: Simulator, file: Path, at: str, text: str, said: str
) -> None:
    _private(file, text)
    shown = await dvrip("info", "gate")
    assert (shown.code, shown.out) == (2, "")
    assert shown.err.startswith(f"dvrip: {file}: ")
    assert said in shown.err
    assert "secret" not in shown.err
    assert (await dvrip("info", at, "--json")).json["serial"] == device.serial


@pytest.mark.skipif(os.name != "posix", reason="needs the permissions of POSIX")
async def test_who_else_may_write_the_file_or_read_a_password_is_not_trusted(
    dvrip: Dvrip, named: Path
) -> None:
    password = named.with_name("gate.password")
    for mode in (0o640, 0o604):
        password.chmod(mode)
        refused = await dvrip("info", "gate", password=None)
        assert (refused.code, refused.out) == (2, "")
        assert f"{password}: others may read it: chmod 600" in refused.err
    password.chmod(0o400)
    assert (await dvrip("info", "gate", password=None)).code == 0
    _open_to_others(named)
    book._read.cache_clear()
    assert "others may write it" in (await dvrip("info", "gate", password=None)).err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('password_file = "nothing"', "nothing: No such file or directory"),
        ('password_env = "NOTHING_HERE"', "NOTHING_HERE is not set"),
        ('password_command = ["/nothing/here"]', "/nothing/here gave no password: No such file"),
        ('password_command = ["false"]', "false gave no password: it ended with exit code 1"),
        ('password_command = ["true"]', "true gave no password"),
    ],
)
def test_a_password_that_cannot_be_had_is_said_before_anybody_is_asked(
    file: Path, line: str, said: str
) -> None:
    _private(file, f'[gate]\nhost = "192.0.2.1"\n{line}\n')
    with pytest.raises(UsageError, match="^gate: ") as told:
        Login(password="x").device("gate")
    assert said in str(told.value)
