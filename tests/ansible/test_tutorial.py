"""The tutorial's files do what it says, as they stand on its page."""

from __future__ import annotations

import re
from pathlib import Path

from dvrip_proto.simulator import Simulator
from tests.ansible.conftest import PASSWORD
from tests.ansible.stage import ROOT, Stage, ansible
from tests.examples.conftest import own_address

GATE, YARD = own_address(26), own_address(27)


def write_files(folder: Path) -> None:
    """Write each block of the page that names its file."""
    page = (ROOT / "docs" / "tutorial-ansible.md").read_text(encoding="utf-8")
    files = dict(re.findall(r"```yaml\n# (\S+)\n(.*?)```", page, re.DOTALL))
    assert files.keys() == {"inventory.yml", "secrets.yml", "cameras.yml"}
    assert PASSWORD in files["secrets.yml"]
    for name, text in files.items():
        (folder / name).write_text(text.replace("192.168.1.10", GATE).replace("192.168.1.11", YARD))


def test_the_tutorial_brings_two_cameras_to_what_it_says(stage: Stage, tmp_path: Path) -> None:
    write_files(tmp_path)
    users = {"admin": PASSWORD}
    cameras = [
        stage.enter(lambda host=host: Simulator(bind=host, port=34567, users=users)) for host in (GATE, YARD)
    ]
    words = ("ansible-playbook", "-i", "inventory.yml", "cameras.yml")
    before = [camera.state.titles for camera in cameras]
    planned = ansible(tmp_path, *words, "--check", "--diff").ok()
    assert [camera.state.titles for camera in cameras] == before
    assert {each.outcome for each in planned.outcomes if each["changed"]} == {"ok"}
    done = ansible(tmp_path, *words, "cameras.yml").ok()  # the same playbook twice
    assert [camera.state.titles for camera in cameras] == [["Gate"], ["Yard"]]
    assert all("operator" in camera.state.users for camera in cameras)
    half = len(done.outcomes) // 2
    assert any(each["changed"] for each in done.outcomes[:half])
    assert [each.task for each in done.outcomes[half:] if each["changed"]] == []
