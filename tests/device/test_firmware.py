"""Firmware files: whole ones, broken ones, and those that no device should get."""

import zipfile
from datetime import date, datetime

import pytest

from dvrip_proto import Firmware, UpgradeInfo, UsageError
from dvrip_proto.features.firmware.package import BLOCK
from tests.device.firmware_file import IMAGES, write

CAMERA = UpgradeInfo(hardware="XM530_50X50-WG_8M", vendor="General")
VERSION = "V5.00.R02.00030747.10010.349f17.0000000"


def test_a_whole_file(tmp_path):
    path = write(tmp_path)
    firmware = Firmware.read(path)
    assert (firmware.hardware, firmware.vendor, firmware.device_id) == ("XM530_50X50-WG_8M", "General", "")
    assert firmware.compatible_version == 2
    assert firmware.commands == (("Burn", "romfs-x.cramfs.img"), ("Burn", "user-x.cramfs.img"))
    assert (firmware.release, firmware.date) == ("V5.00.R02", date(2026, 1, 2))
    blocks = list(firmware.blocks())
    assert b"".join(blocks) == path.read_bytes()
    assert [len(block) for block in blocks[:-1]] == [BLOCK] * (len(blocks) - 1)
    assert len(blocks) > 3


def test_a_file_of_other_commands_that_are_known(tmp_path):
    commands = [{"Command": "BurnHWID", "HWID": "1"}, {"Command": "RemoveFile", "FileName": "old.img"}]
    assert Firmware.read(write(tmp_path, UpgradeCommand=commands)).commands == (
        ("BurnHWID", ""),
        ("RemoveFile", "old.img"),
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"UpgradeCommand": [{"Command": "Shell", "FileName": "x"}]}, "it has the command 'Shell'"),
        ({"UpgradeCommand": [{"Command": ["Burn"]}]}, "it has the command"),
        ({"UpgradeCommand": ["Burn"]}, "it has the command None"),
        ({"UpgradeCommand": []}, "no UpgradeCommand"),
        ({"UpgradeCommand": None}, "no UpgradeCommand"),
        ({"UpgradeCommand": [{"Command": "Burn", "FileName": "web-x.img"}]}, "web-x.img is missing"),
        ({"UpgradeCommand": [{"Command": "RemoveFile", "FileName": "*"}]}, "for the file '*'"),
        ({"UpgradeCommand": [{"Command": "Burn"}]}, "for the file ''"),
        ({"Hardware": "SkipCheck"}, "its Hardware is 'SkipCheck', which fits every device"),
        ({"Vendor": "*"}, "its Vendor is"),
        ({"DevID": "????????1001"}, "its DevID is"),
        ({"SupportFlashType": [{"FlashID": "SkipCheck"}]}, "its FlashID is 'SkipCheck'"),
        ({"SupportFlashType": [{"FlashID": "some"}]}, "FlashID 'some' is no number"),
        ({"text": b"{"}, "InstallDesc is no JSON"),
        ({"text": b"\xff\xfe"}, "InstallDesc is no JSON"),
        ({"text": b"[" * 100_000}, "InstallDesc is no JSON"),
        ({"text": b"[1]\0"}, "InstallDesc is no JSON object"),
        ({"text": b" " * 2_000_000}, "InstallDesc is too big"),
    ],
)
def test_files_that_no_device_gets(tmp_path, changes, told):
    path = write(tmp_path, **changes)
    with pytest.raises(UsageError) as refused:
        Firmware.read(path)
    assert str(refused.value).startswith(f"{path}: ")
    assert told in str(refused.value)


def test_a_damaged_image_is_found(tmp_path):
    path = write(tmp_path)
    data = path.read_bytes()
    at = data.index(IMAGES["user-x.cramfs.img"][:64])
    path.write_bytes(data[:at] + b"\0" + data[at + 1 :])
    with pytest.raises(UsageError, match="damaged: user-x.cramfs.img has another checksum"):
        Firmware.read(path)


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_file_that_is_packed_otherwise_is_refused_and_not_unpacked(tmp_path, packing):
    path = tmp_path / "other.bin"
    with zipfile.ZipFile(path, "w", packing) as file:
        file.writestr("InstallDesc", b"{}" * 400)
        at = file.infolist()[0].header_offset + 60
    data = bytearray(path.read_bytes())
    data[at : at + 8] = bytes(8)
    path.write_bytes(data)
    with pytest.raises(UsageError, match=r"other\.bin: not a firmware file: it is packed as no device"):
        Firmware.read(path)


@pytest.mark.parametrize("keep", [0, 3, 100, 5000, -1])
def test_a_file_that_broke_off(tmp_path, keep):
    path = write(tmp_path)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(UsageError, match=r"no firmware file|not a firmware file|damaged"):
        Firmware.read(path)


def test_what_is_no_file_of_firmware(tmp_path):
    with pytest.raises(UsageError, match="No such file"):
        Firmware.read(tmp_path / "none.bin")
    with pytest.raises(UsageError, match="no firmware file"):
        Firmware.read(tmp_path)
    page = tmp_path / "page.bin"
    page.write_text("<html>not found</html>")
    with pytest.raises(UsageError, match="no ZIP archive"):
        Firmware.read(page)
    empty = tmp_path / "other.zip"
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(UsageError, match="it has 0 InstallDesc"):
        Firmware.read(empty)


def test_a_file_that_changes_is_not_sent_to_its_end(tmp_path):
    path = write(tmp_path)
    firmware = Firmware.read(path)
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(UsageError, match="has changed"):
        list(firmware.blocks())
    path.unlink()
    with pytest.raises(UsageError, match="No such file"):
        list(firmware.blocks())


def test_which_devices_a_file_is_for(tmp_path):
    assert Firmware.read(write(tmp_path)).misfits(CAMERA, VERSION) == ()
    other = UpgradeInfo(hardware="HI3516EV300_85H50AI", vendor="Other")
    reasons = Firmware.read(write(tmp_path, DevID="00030747100100000000000")).misfits(other, "V5.00")
    assert reasons == (
        "hardware is XM530_50X50-WG_8M in the file, HI3516EV300_85H50AI on the device",
        "vendor is General in the file, Other on the device",
        "product is 00030747 in the file, not told on the device",
    )
    silent = Firmware.read(write(tmp_path, Hardware=None, Vendor=None))
    assert len(silent.misfits(UpgradeInfo(hardware="", vendor=""), VERSION)) == 2


@pytest.mark.parametrize(
    ("version", "built", "installed"),
    [
        (VERSION, datetime(2026, 1, 2, 9), True),
        (VERSION, datetime(2026, 1, 1, 23), True),
        (VERSION, datetime(2025, 12, 1), False),
        ("V4.03.R11", datetime(2026, 1, 2), False),
        (VERSION, None, None),
    ],
)
def test_what_is_installed_already(tmp_path, version, built, installed):
    assert Firmware.read(write(tmp_path)).is_installed(version, built) is installed
    assert Firmware.read(write(tmp_path, name="update.bin")).is_installed(version, built) is None
