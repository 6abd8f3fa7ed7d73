"""ansible-rulebook itself runs the example's rulebook on alarms of a simulated camera."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time

import yaml

from dvrip_proto import sofia_hash
from tests.ansible.community import java_home, program
from tests.ansible.conftest import PASSWORD
from tests.ansible.stage import ROOT, environment, write_inventory

PATIENCE_S = 120


class Following:
    """A process, and the lines that it prints."""

    def __init__(self, command, **options):
        self.lines = []
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            **options,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        self.lines.extend(self.process.stdout)

    @property
    def printed(self):
        return "".join(self.lines)

    def wait_for(self, words, meanwhile=lambda: None):
        ends_at = time.monotonic() + PATIENCE_S
        while words not in self.printed:
            assert time.monotonic() < ends_at, f"no {words!r} in:\n{self.printed}"
            assert self.process.poll() is None, self.printed
            meanwhile()
            time.sleep(0.5)

    def end(self):
        self.process.terminate()
        self.process.wait(30)
        self._reader.join(10)


def test_alarms_reach_the_rules_of_the_example(camera, tmp_path):
    rulebook = program("ansible-rulebook")
    java = java_home()
    shutil.copy(ROOT / "examples/site/alarms.yml", tmp_path)
    told = {
        "gate_host": camera.simulator.host,
        "gate_port": camera.simulator.port,
        "events_password": PASSWORD,
    }
    (tmp_path / "events.yml").write_text(yaml.safe_dump(told))
    inventory = write_inventory(tmp_path, {"gate": camera.variables})

    async def move():
        camera.simulator.raise_alarm(0, "VideoMotion", active=True)
        camera.simulator.raise_alarm(0, "VideoMotion", active=False)

    following = Following(
        [rulebook, "--rulebook", "alarms.yml", "--inventory", inventory, "--vars", "events.yml", "-vv"],
        cwd=tmp_path,
        env=environment(tmp_path) | {"JAVA_HOME": java, "PATH": f"{rulebook.parent}:/usr/bin:/bin"},
    )
    try:
        following.wait_for("motion at gate, channel 1", lambda: camera.stage.call(move()))
        camera.stage.call(camera.simulator._go_down())
        following.wait_for("gate is offline: ")
    finally:
        following.end()
    assert PASSWORD not in following.printed
    assert sofia_hash(PASSWORD) not in following.printed
