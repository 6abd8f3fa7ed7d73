"""A link that somebody laid where a file will be written leads nowhere, and what is published names nobody."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from dvrip_proto import Device, UsageError, redact
from dvrip_proto.config.catalog import CATALOG
from dvrip_proto.config.texts import Ipv4, Text
from dvrip_proto.features.anonymous import anonymous
from dvrip_proto.features.recordings.part_file import PartFile
from dvrip_proto.media.new_file import fresh, kept
from dvrip_proto.simulator import Simulator
from dvrip_proto.wire.ids import MessageId
from tests.cli.conftest import PASSWORD, Dvrip, dvrip  # noqa: F401 - a fixture is found by its name here


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    file = tmp_path / "victim"
    file.write_bytes(b"precious")
    return file


def lay(kind: str, at: Path, victim: Path) -> None:
    if kind == "symbolic":
        at.symlink_to(victim)
    elif kind == "hard":
        at.hardlink_to(victim)
    elif kind == "dangling":
        at.symlink_to(victim.with_name("not-yet"))
    else:
        os.mkfifo(at)


@pytest.mark.parametrize("resume", [True, False])
@pytest.mark.parametrize("kind", ["symbolic", "hard", "dangling", "pipe"])
def test_a_download_does_not_write_through_a_link(tmp_path, victim, kind, resume):
    lay(kind, tmp_path / "clip.h264.part", victim)
    with pytest.raises(UsageError, match="clip.h264.part"):
        PartFile(tmp_path / "clip.h264", resume=resume)
    assert victim.read_bytes() == b"precious"
    assert not (tmp_path / "not-yet").exists()


def test_an_honest_part_file_is_gone_on_with_or_begun_anew(tmp_path):
    part = tmp_path / "clip.h264.part"
    part.write_bytes(b"old")
    with kept(part) as file:
        assert file.read() == b"old"
    with fresh(part) as file:
        assert file.read() == b""
    first = PartFile(tmp_path / "clip.h264", resume=False)
    with pytest.raises(UsageError, match="another program writes it"):
        PartFile(tmp_path / "clip.h264", resume=False)
    first.close()


@pytest.mark.parametrize("kind", ["symbolic", "hard", "dangling", "pipe"])
def test_a_new_file_takes_the_place_of_a_link(tmp_path, victim, kind):
    lay(kind, tmp_path / "x.part", victim)
    with fresh(tmp_path / "x.part") as file:
        file.write(b"new")
    assert victim.read_bytes() == b"precious"
    assert (tmp_path / "x.part").read_bytes() == b"new"
    assert not (tmp_path / "x.part").is_symlink()


@pytest.mark.parametrize("suffix", [".mp4", ".h264", ".jpg", ".zip", ".json"])
async def test_no_command_writes_through_a_link(dvrip: Dvrip, tmp_path, victim, suffix):  # noqa: F811 - the fixture
    file = tmp_path / f"x{suffix}"
    file.with_name(f"{file.name}.part").symlink_to(victim)
    words = {
        ".mp4": ("record", file, "--seconds", 1),
        ".h264": ("record", file, "--seconds", 1),
        ".jpg": ("snapshot", file),
        ".zip": ("config", "export", file),
        ".json": ("dump", file),
    }[suffix]
    async with Simulator(profile="ipc", users={"admin": PASSWORD}) as sim:
        *command, place = [word for word in words if not isinstance(word, int)][
            : 3 if words[0] == "config" else 2
        ]
        rest = words[len(command) + 1 :]
        ran = await dvrip(*command, f"{sim.host}:{sim.port}", place, *rest)
    assert ran.code == 0, ran.err
    assert victim.read_bytes() == b"precious"
    assert file.exists()
    assert not file.is_symlink()


POISON = "Zpoison-of-the-owner"
TOLD = {"EncodeType", "SearchType", "Version", "StartTime", "EndTime", "Interface", "Protocol", "DevType"}
TOLD |= {"StreamType", "BrandInfo", "FirmwareVersion", "HardwareId", "Model", "ProtocolName"}


def poisoned(path: str) -> object:
    """A tree that has the poison at this path."""
    tree: object = POISON
    for step in reversed(path.replace("[]", ".[]").split(".")):
        if step:
            tree = [tree] if step == "[]" else {step: tree}
    return tree


@pytest.mark.parametrize("name", CATALOG)
def test_a_dump_has_no_free_text_of_the_owner(name):
    texts = [path for path, row in CATALOG[name].fields.items() if isinstance(row.kind, Text)]
    for path in texts:
        if path.rpartition(".")[2] not in TOLD:
            assert POISON not in json.dumps(anonymous(name, poisoned(path))), path
    for path in ("Unlisted", "Deep.Unlisted", "List[].Unlisted", "List[]", "Phone"):
        assert POISON not in json.dumps(anonymous(name, poisoned(path))), path
        assert "+491511234567" not in json.dumps(anonymous(name, {"Phone": "+491511234567"}))


@pytest.mark.parametrize("told", ["0x0707A8C0", 0x0707A8C0, -0x3F5800F9, "192.168.7.7"])
def test_a_dump_has_no_address_however_it_is_told(told):
    for name, spec in CATALOG.items():
        for path, row in spec.fields.items():
            if isinstance(row.kind, Ipv4) and not path.lower().endswith("mask"):
                tree = json.loads(json.dumps(poisoned(path)).replace(json.dumps(POISON), json.dumps(told)))
                assert json.dumps(told) not in json.dumps(anonymous(name, tree)), (name, path)


async def test_a_dump_tells_no_serial_number_of_the_upgrade(monkeypatch):
    async with (
        Simulator(users={"admin": PASSWORD}) as sim,
        Device(sim.host, sim.port, password=PASSWORD) as device,
    ):
        monkeypatch.setitem(sim.state.profile.data["upgrade"], "Serial", "442344dd8b229e06")
        asked = await device.messages.send(MessageId.UPGRADE_INFO, "OPSystemUpgrade")
        assert "442344dd8b229e06" in json.dumps(asked.body)
        told = await device.dump()
        assert told["upgrade"]["Hardware"] == sim.state.profile.data["upgrade"]["Hardware"]
        assert "442344dd8b229e06" not in json.dumps(told)


async def test_a_dump_tells_no_names_and_servers():
    async with (
        Simulator(profile="nvr", users={"admin": PASSWORD}) as sim,
        Device(sim.host, sim.port, password=PASSWORD) as device,
    ):
        for name, member in (
            ("NetWork.Nat", "Addr"),
            ("NetWork.NetEmail", "Title"),
            ("General.General", "MachineName"),
        ):
            sim.state.config[name][member] = POISON
        assert POISON not in json.dumps(await device.dump())


@pytest.mark.parametrize(
    "key",
    [
        "WlanMac",
        "PCMac",
        "MacAddr",
        "NaInfoCode",
        "DeviceID",
        "SecurityPhone",
        "ServName",
        "ServerAddr",
        "MAC",
    ],
)
def test_what_identifies_a_device_is_masked_in_diagnostics(key):
    assert POISON not in json.dumps(redact({"a": [{key: POISON}]}, identity=True))
    assert POISON in json.dumps(redact({"a": [{key: POISON}]}))
