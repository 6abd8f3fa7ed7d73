"""Every Python block and every command of README.md and docs/ does what its page says."""

from __future__ import annotations

import asyncio
import re
import wave
from pathlib import Path

import pytest

from dvrip_proto.simulator import Simulator
from dvrip_proto.wire.ids import MessageId

from .conftest import ROOT, environment, own_address, ran

ADDRESS = "192.168.1.10"
HOST = own_address(22)
OURS = "https://github.com/dvrip/dvrip/blob/main/"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

# What each block must say, in the order of its page, as a pattern.
EXPECTED = {
    "README.md": [
        r"NBD8008R-U \w{16} V4\.03\.",
        r"Server\.Name: time\.windows\.com -> ntp\.example\.net\n<MediaFrame I h26[45] \d+ bytes ",
    ],
    "concepts.md": [
        r"NBD8008R-U V4\.03\.\S+ channels: 4\nclock: \d{4}-",
        r"up: <Device admin@127\.0\.0\.22:34567 open>",
        r"I h26[45] \d+ \d+ \d+ bytes",
        r"h264 640 360 2 s\nsaid 0\.5 s",
        r"channel 1 motion begins\nchannel 1 motion ends",
        r"would change: \['channel 1: Level: 3 -> 5'\]\nchanged: (True|False) reboot needed: False",
        r"check the password: 127\.0\.0\.22:34567: login refused: wrong password \(Ret 203\)",
        r"plain after 1 logins; keep: auto\nTrue 127\.0\.0\.22:34567: no agreement with the device",
        r"[1-9]\d* recordings\nh26[45] from \d{4}-\S+ \S+ to \d{4}-",
        r"127\.0\.0\.22 NBD8008R-U\n127\.0\.0\.22 NBD8008R-U\n127\.0\.0\.1 127\.0\.0\.1:1: connection refused",
        r"NBD8008R-U\n<MediaFrame ",
    ],
    "configuration-objects.md": [
        r"Level 3 -> 5\n(.*\n)*done\nthe second time: \[\]",
        r"now: time\.windows\.com\nwhen new: \S+\nthen: ntp\.example\.net",
        r"\['AutoRebootDay: Tuesday -> Never'\]\nFalse\nGeneral\.AutoMaintain: AutoRebootHour: 24 is not possible.*\n"
        r"this is the row of the catalog: True",
    ],
    "tutorial-python.md": [
        r"NBD8008R-U V4\.03\.\S+\nchannel 1 CAM01\nchannel 2 CAM02\nchannel 3 CAM03\nchannel 4 CAM04\n$",
        r"motion_detection True\nmotion_sensitivity 3\nchannel 1: Level: 3 -> 5\n$",
        r"^channel 1 somebody\.jpg and 1 s of h264\n$",
        r"127\.0\.0\.1 127\.0\.0\.1:1: connection refused(.*\n)+2 of 3\n$",
    ],
    "protocol.md": [r"tlJwpbo6 6QNMIQGe"],
}


def blocks(page: Path) -> list[str]:
    return re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


def test_every_block_is_expected() -> None:
    assert {page.name: len(blocks(page)) for page in PAGES if blocks(page)} == {
        name: len(patterns) for name, patterns in EXPECTED.items()
    }


@pytest.mark.parametrize(
    ("page", "number"),
    [(page, number) for page in PAGES for number in range(len(blocks(page)))],
    ids=lambda value: value.name if isinstance(value, Path) else str(value),
)
async def test_a_block_runs_and_says_what_it_should(page: Path, number: int, tmp_path: Path) -> None:
    block = blocks(page)[number].replace(ADDRESS, HOST)
    if "talk.say" in block:
        _half_a_second(tmp_path / "doorbell.wav")
    users = {"admin": "", "operator": ""}
    async with Simulator(bind=HOST, port=34567, profile="nvr", users=users, videos=["scene:h264"]) as device:
        await device.prepare_media()
        moving = asyncio.create_task(_motion(device)) if "alarms.events" in block else None
        output = await ran("-c", block, cwd=tmp_path, env=environment(PYTHONUNBUFFERED="1"))
        if moving is not None:
            moving.cancel()
    wanted = EXPECTED[page.name][number].replace(r"127\.0\.0\.22", re.escape(HOST))
    assert re.search(wanted, output), output
    assert device.monitors == {}
    if '"gate.jpg"' in block:
        assert (tmp_path / "gate.jpg").read_bytes().startswith(b"\xff\xd8")
    if "recordings.save" in block:
        assert (tmp_path / "smallest.h264").stat().st_size > 1000


def _half_a_second(file: Path) -> None:
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(8000))


async def _motion(device: Simulator) -> None:
    """Something moves for as long as anybody listens."""
    while all(message_id != MessageId.GUARD for message_id, _, _ in device.requests):  # noqa: ASYNC110 # a simulator has no event for it
        await asyncio.sleep(0.05)
    while True:
        for active in (True, False):
            await asyncio.sleep(0.3)
            device.raise_alarm(0, "VideoMotion", active=active)


def test_messages_that_troubleshooting_explains_are_messages_of_this_project() -> None:
    page = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    cells = re.findall(r"^\| (`[^|]*) \|", page, re.MULTILINE)
    messages = [message for cell in cells for message in re.findall(r"`([^`]+)`", cell)]
    assert len(messages) > 12
    folders = [ROOT / "shared" / "dvrip_proto", ROOT / "custom_components", ROOT / "ansible_collections"]
    files = [file for folder in folders for file in (*folder.rglob("*.py"), *folder.rglob("strings.json"))]
    source = "\n".join(re.sub(r'"\s*\n\s*f?"', "", file.read_text(encoding="utf-8")) for file in files)
    for message in messages:
        parts = message.split(": ")  # they are put together of several
        assert all(part in source for part in parts), message


def test_links_between_pages_lead_somewhere() -> None:
    pages = [*PAGES, ROOT / "CONTRIBUTING.md", ROOT / "ARCHITECTURE.md", ROOT / "examples" / "README.md"]
    broken = []
    for page in pages:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if target.startswith(OURS):
                target = ROOT / target.removeprefix(OURS)
            elif "://" in target:
                continue
            if not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert broken == []


def test_every_page_is_reached_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in PAGES[1:] if f"docs/{page.name})" not in readme] == []
