"""`dvrip backup`."""

from __future__ import annotations

import zipfile
from pathlib import Path

from dvrip_proto.simulator import Simulator
from tests.sentences import FOREIGN_GATEWAY

from .conftest import Dvrip


async def test_out_and_back(dvrip: Dvrip, device: Simulator, at: str, tmp_path: Path) -> None:
    file = tmp_path / "nvr.zip"
    shown = await dvrip("config", "export", at, file)
    assert (shown.code, shown.out) == (0, f"{file}: {file.stat().st_size} bytes\n")
    assert file.stat().st_mode & 0o777 == 0o600, "it holds passwords"
    assert zipfile.ZipFile(file).testzip() is None
    assert not file.with_name("nvr.zip.part").exists()
    device.state.config["General.General"]["LocalNo"] = 99
    back = await dvrip("config", "import", at, file, "--yes")
    assert (back.code, back.out) == (0, f"{at}: has the configuration of nvr.zip, it restarts\n")
    assert device.state.config["General.General"]["LocalNo"] != 99


async def test_what_is_refused(dvrip: Dvrip, at: str, tmp_path: Path) -> None:
    assert (await dvrip("config", "import", at, tmp_path / "none.zip", "--yes")).code == 2
    text = tmp_path / "text.zip"
    text.write_text("no archive")
    await dvrip("config", "export", at, tmp_path / "own.zip")
    asked = await dvrip("config", "import", at, tmp_path / "own.zip")
    assert asked.err == f"dvrip: Replace the configuration of {at}? Nobody can be asked here: give --yes\n"
    refused = await dvrip("config", "import", at, text, "--yes")
    assert refused.code == 2
    assert "no ZIP archive" in refused.err
    nowhere = await dvrip("config", "export", at, tmp_path / "no" / "folder.zip")
    assert nowhere.code == 2
    assert "No such file" in nowhere.err


async def test_a_file_that_locks_out_is_refused_before_anybody_is_asked(
    dvrip: Dvrip, device: Simulator, at: str, tmp_path: Path
) -> None:
    file = tmp_path / "nvr.zip"
    common = device.state.config["NetWork.NetCommon"]
    right = common["GateWay"]
    common["GateWay"] = "0x0708090A"
    assert (await dvrip("config", "export", at, file)).code == 0
    common["GateWay"] = right
    says = f"the archive: {FOREIGN_GATEWAY.says.partition(': ')[2]}"
    for words in ((), ("--yes",), ("--yes", "--json")):
        refused = await dvrip("config", "import", at, file, *words)
        assert (refused.code, refused.err) == (2, f"dvrip: {at}: {says}\n")
    assert device.state.config["NetWork.NetCommon"]["GateWay"] == right
    assert (await dvrip("config", "import", at, file, "--yes", "--allow-disconnect")).code == 0
    assert device.state.config["NetWork.NetCommon"]["GateWay"] == "0x0708090A"


async def test_defaults(dvrip: Dvrip, at: str, tmp_path: Path) -> None:
    assert (await dvrip("config", "export", at, tmp_path / "new.zip", "--defaults")).code == 0
    assert "ProductType.ini" in zipfile.ZipFile(tmp_path / "new.zip").namelist()
