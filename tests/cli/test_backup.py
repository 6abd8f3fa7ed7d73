"""`dvrip backup`."""

from __future__ import annotations

import json
import socket
import zipfile
from pathlib import Path

from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.wire.ids import MessageId
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
    assert (back.code, back.out) == (
        0,
        f"{at}: has the configuration of nvr.zip; takes effect after a reboot\n",
    )
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
    danger = says.removeprefix("the archive: ").partition(" (not written")[0]
    allowed = await dvrip("config", "import", at, file, "--yes", "--allow-disconnect")
    assert (allowed.code, allowed.out.splitlines()) == (
        0,
        [f"danger: {danger}", f"{at}: has the configuration of nvr.zip; takes effect after a reboot"],
    )
    assert device.state.config["NetWork.NetCommon"]["GateWay"] == "0x0708090A"


async def test_what_was_allowed_is_told_with_where_the_device_is_afterwards(
    dvrip: Dvrip, device: Simulator, at: str, tmp_path: Path
) -> None:
    file, asked = tmp_path / "nvr.zip", device.port
    with socket.socket() as free:
        free.bind((device.host, 0))
        port = free.getsockname()[1]
    device.state.config["NetWork.NetCommon"]["TCPPort"] = port
    assert (await dvrip("config", "export", at, file)).code == 0
    device.state.config["NetWork.NetCommon"]["TCPPort"] = asked
    device.downtime_s = 0.05
    danger = f"the device moves to port {port}: this connection ends"
    unasked = await dvrip("config", "import", at, file, "--allow-disconnect")
    assert unasked.code != 0
    assert unasked.out == f"danger: {danger}\n", "told before anybody is asked"
    told = await dvrip("config", "import", at, file, "--yes", "--allow-disconnect", "--json")
    assert told.code == 0, told.err
    assert device.state.config["NetWork.NetCommon"]["TCPPort"] == port
    answer = json.loads(told.out)
    assert (answer["dangers"], answer["moves_to"]) == ([danger], f"{device.host}:{port}")


async def test_a_device_that_moves_before_it_answers_is_told_with_where_to_look(
    dvrip: Dvrip, device: Simulator, at: str, tmp_path: Path
) -> None:
    file, asked = tmp_path / "nvr.zip", device.port
    other = asked - 1
    device.state.config["NetWork.NetCommon"]["TCPPort"] = other
    assert (await dvrip("config", "export", at, file)).code == 0
    device.state.config["NetWork.NetCommon"]["TCPPort"] = asked
    device.quirks = Quirks(reset_on=frozenset({MessageId.CONFIG_IMPORT}))
    lost = await dvrip("config", "import", at, file, "--yes", "--allow-disconnect")
    assert lost.code != 0
    assert lost.err.endswith(f": when the device took the file over, it is at {device.host}:{other} now\n")


async def test_defaults(dvrip: Dvrip, at: str, tmp_path: Path) -> None:
    assert (await dvrip("config", "export", at, tmp_path / "new.zip", "--defaults")).code == 0
    assert "ProductType.ini" in zipfile.ZipFile(tmp_path / "new.zip").namelist()
