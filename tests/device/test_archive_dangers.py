"""An archive is put back only when it is known to lock nobody out: its members are read as far as they can be."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from dvrip_proto import DangerError, Device, UsageError
from dvrip_proto.features.archive import difference
from dvrip_proto.simulator import Simulator
from dvrip_proto.wire.framer import pack
from dvrip_proto.wire.ids import MessageId
from tests.device.conftest import scripted
from tests.sentences import FOREIGN_GATEWAY, WITHOUT_THE_CALLER, Mistake

FOREIGN = "0x0708090A"  # 10.9.8.7
COMMON = {"HostIP": "0x0100007F", "Submask": "0x00FFFFFF", "GateWay": "0x0100007F", "TCPPort": 34567}


def archive(members: dict[str, Any]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name, value in members.items():
            file.writestr(name, value if isinstance(value, bytes | str) else json.dumps(value))
    return data.getvalue()


def members(whole: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(whole)) as file:
        return {name: file.read(name) for name in file.namelist()}


def imports(sim: Simulator) -> int:
    return [message_id for message_id, _, _ in sim.requests].count(MessageId.CONFIG_IMPORT)


@pytest.mark.parametrize("mistake", [FOREIGN_GATEWAY, WITHOUT_THE_CALLER], ids=str)
async def test_what_a_file_would_do_is_told_in_the_words_of_a_setting(
    sim: Simulator, device: Device, mistake: Mistake
) -> None:
    plan = await device.settings.plan(mistake.object, mistake.wish)
    whole = members(await device.backup.export())
    bad = archive(whole | {f"Config/Json/{mistake.object}.json": plan.payload})
    with pytest.raises(DangerError) as told:
        await device.backup.restore(bad)
    assert str(told.value) == f"{sim.host}:{sim.port}: the archive: " + mistake.says.partition(": ")[2]
    assert imports(sim) == 0
    assert (await device.backup.restore(bad, allow_disconnect=True)).reboot_needed
    assert sim.state.config[mistake.object] == plan.payload


async def test_the_own_archive_is_put_back_whatever_else_is_in_it(sim: Simulator, device: Device) -> None:
    whole = members(await device.backup.export())
    await device.settings.ensure("General.General", {"LocalNo": 77})
    assert await device.backup.dangers(archive(whole)) == ()
    await device.backup.restore(archive(whole))
    assert sim.state.config["General.General"]["LocalNo"] != 77


async def test_a_move_is_told_before_it_is_made(sim: Simulator, device: Device) -> None:
    common = {**sim.state.config["NetWork.NetCommon"], "HostIP": "0x0200007F"}
    bad = archive(members(await device.backup.export()) | {"Config/Json/NetWork.NetCommon.json": common})
    with pytest.raises(DangerError, match="the archive: the device moves to 127.0.0.2: this connection ends"):
        await device.backup.restore(bad)
    assert imports(sim) == 0


@pytest.mark.parametrize(
    "other",
    [
        {"Config/Json/NetWork.NetCommon.json": COMMON | {"GateWay": FOREIGN}},
        {"Config/Json/NetWork.NetCommon": COMMON | {"GateWay": FOREIGN}},
        {"Config/Json/NetWork": {"NetCommon": COMMON | {"GateWay": FOREIGN}}},
        {"NetCommon.json": COMMON | {"GateWay": FOREIGN}},
        {"custom": {"NetWork.NetCommon": COMMON | {"GateWay": FOREIGN}}},
        {"all.json": {"NetWork": {"NetCommon": COMMON | {"GateWay": FOREIGN}}}},
        {"all.json": json.dumps({"NetWork": {"NetCommon": COMMON | {"GateWay": FOREIGN}}}) + "\n\0\0"},
    ],
    ids=lambda other: f"{next(iter(other))}-{len(str(other))}",
)
def test_an_object_is_found_however_the_firmware_packs_it(other: dict[str, Any]) -> None:
    found = difference(archive(other), b"")
    assert found.objects["NetWork.NetCommon"]["GateWay"] == FOREIGN
    assert found.unreadable == ()


@pytest.mark.parametrize(
    ("present", "wanted", "text"),
    [
        ({"Dot/0.dot": b"\x01\x02"}, {"Dot/0.dot": b"\x01\x03"}, "Dot/0.dot cannot be read here: it may change"),
        ({}, {f"Dot/{n}.dot": b"\x01" for n in range(9)}, "Dot/2.dot and 6 more cannot be read here"),
        ({"Dot/0.dot": b"\x01"}, {"a.json": {}}, "Dot/0.dot is not in the archive, and the device has it"),
        ({"Config/Json/NetWork": {"NetIPFilter": {}}}, {"a.json": {}}, "Config/Json/NetWork is not in the archive"),
        ({}, {"NetCommon": '{"GateWay": 1, "GateWay": 2}'}, "NetCommon cannot be read here"),
        ({}, {"NetCommon": "[" * 90_000}, "NetCommon cannot be read here"),
        ({}, {"Account1": {"Users": [{"Name": "admin"}]}}, "the device gets the accounts of the archive"),
        (None, {"Dot/0.dot": b"\x01\x02"}, "Dot/0.dot cannot be read here"),
    ],
)  # fmt: skip
async def test_what_nobody_can_judge_is_refused(
    present: dict[str, Any] | None, wanted: dict[str, Any], text: str
) -> None:
    sent: list[int] = []

    async def answer(link: Any, message_id: int, _body: Any) -> dict[str, Any] | None:
        sent.append(message_id)
        if message_id != MessageId.CONFIG_EXPORT:
            return {"ret": 607 if message_id == MessageId.CONFIG_GET else 100}
        if present is None:
            return {"ret": 102}
        await link.send(pack(MessageId.CONFIG_EXPORT_REPLY, archive(present), session=11, version=1))
        return None

    async with scripted(answer) as device:
        with pytest.raises(DangerError) as told:
            await device.backup.restore(archive(wanted))
        assert text in str(told.value)
        assert str(told.value).endswith("(not written: it needs allow_disconnect)")
        assert MessageId.CONFIG_IMPORT not in sent
        await device.backup.restore(archive(wanted), allow_disconnect=True)
        assert MessageId.CONFIG_IMPORT in sent


async def test_a_device_that_tells_no_archive_keeps_the_session() -> None:
    async def answer(_link: Any, message_id: int, _body: Any) -> dict[str, Any] | None:
        return None if message_id == MessageId.CONFIG_EXPORT else {"ret": 100}

    async with scripted(answer, timeout_s=0.3) as device:
        assert await device.backup.dangers(archive({"General.json": {"LocalNo": 1}})) == ()
        assert not device.closed


async def test_a_file_that_is_packed_twice_is_no_configuration(device: Device) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        file.writestr("Config/Json/NetWork.NetCommon.json", json.dumps(COMMON))
        with pytest.warns(UserWarning, match="Duplicate name"):
            file.writestr("Config/Json/NetWork.NetCommon.json", json.dumps(COMMON | {"GateWay": FOREIGN}))
    with pytest.raises(UsageError, match="a file is in it twice"):
        await device.backup.restore(data.getvalue(), allow_disconnect=True)
