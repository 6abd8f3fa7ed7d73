"""Configuration archives of simulated devices, and what broken devices send instead."""

import io
import json
import zipfile

import pytest

from dvrip_proto import ProtocolError, RequestError, RequestTimeoutError, TransportError, UsageError
from dvrip_proto.wire.framer import pack
from dvrip_proto.wire.ids import MessageId
from tests.device.conftest import login, scripted


def archive(members):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name, text in members.items():
            file.writestr(name, text)
    return data.getvalue()


async def test_what_is_taken_out_can_be_put_back(sim, device):
    whole = await device.backup.export()
    names = zipfile.ZipFile(io.BytesIO(whole)).namelist()
    assert "Config/Json/General.General.json" in names
    before = json.loads(json.dumps(sim.state.config["General.General"]))
    await device.settings.ensure("General.General", {"LocalNo": 77})
    assert sim.state.config["General.General"]["LocalNo"] == 77
    applied = await device.backup.restore(whole)
    assert (applied.reboot_needed, applied.verified) == (True, False)
    assert sim.state.config["General.General"] == before


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
async def test_an_archive_that_is_packed_otherwise_is_not_unpacked(device, packing):
    """What their unpackers raise is no error of an archive: OSError, LZMAError."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", packing) as file:
        file.writestr("Config/Json/General.General.json", b"{}" * 400)
        at = file.infolist()[0].header_offset + 80
    damaged = bytearray(data.getvalue())
    damaged[at : at + 8] = bytes(8)
    with pytest.raises(
        UsageError, match="no configuration to import: an archive that is packed as no device"
    ):
        await device.backup.restore(bytes(damaged))


async def test_defaults_come_with_the_products_name(device):
    whole = await device.backup.export_defaults()
    with zipfile.ZipFile(io.BytesIO(whole)) as file:
        assert b"Vendor=General" in file.read("ProductType.ini")


async def test_what_is_no_archive_is_not_sent(sim, device):
    good = archive({"Config/Json/General.General.json": "{}" * 40})
    for bad in (b"", b"{}", b"PK\x03\x04 and nothing", good[:-9], good.replace(b"{}{}", b"{}[]", 1)):
        with pytest.raises(UsageError, match=r"no configuration to import: (no ZIP|a damaged) archive"):
            await device.backup.restore(bad)
    with pytest.raises(UsageError, match="is no configuration"):
        await device.backup.restore(bytes(17 * 1024 * 1024))
    assert MessageId.CONFIG_IMPORT not in [message_id for message_id, _, _ in sim.requests]


async def test_an_archive_of_something_else_is_refused_by_the_device(device):
    with pytest.raises(RequestError) as refused:
        await device.backup.restore(archive({"readme.txt": "hello"}), allow_disconnect=True)
    assert refused.value.ret == 601


async def test_archives_need_the_right(sim):
    async with login(sim, "viewer", "only looking") as device:
        for call in (device.backup.export(), device.backup.export_defaults()):
            with pytest.raises(RequestError) as refused:
                await call
            assert refused.value.ret == 107
        with pytest.raises(RequestError):
            await device.backup.restore(archive({"a": "b"}))


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", ProtocolError),
        (b"<html>", ProtocolError),
        (b"PK\x03\x04" + bytes(100), ProtocolError),
        (archive({"a": "b" * 99})[:-5], ProtocolError),
        (b'{ "Ret" : 100 }\n\0', ProtocolError),
        (b'{ "Ret" : 102 }\n\0', RequestError),
        (b'{ "Ret" : ', ProtocolError),
        (None, RequestTimeoutError),
        ("close", TransportError),
    ],
)
async def test_devices_that_send_no_archive(body, error):
    async def answer(link, message_id, _body):
        if body == "close":
            raise EOFError
        if body is not None and message_id == MessageId.CONFIG_EXPORT:
            await link.send(pack(MessageId.CONFIG_EXPORT_REPLY, body, session=11, version=1))

    async with scripted(answer, timeout_s=0.4) as device:
        with pytest.raises(error) as failed:
            await device.backup.export()
    assert str(failed.value).startswith(device.connection.where)


@pytest.mark.parametrize(
    ("members", "error"),
    [({"ret": None}, ProtocolError), ({"ret": 604}, RequestError), (None, RequestTimeoutError)],
)
async def test_devices_that_do_not_import(members, error):
    async def answer(_link, _message_id, _body):
        return members

    async with scripted(answer) as device:
        with pytest.raises(error):
            await device.backup.restore(archive({"a": "b"}), allow_disconnect=True, timeout_s=0.4)
