"""ansible-runner, and so AWX, runs plays of the collection: events are read, artifacts hold no secret."""

from __future__ import annotations

import json
import subprocess

import pytest

from dvrip_proto import sofia_hash
from tests.ansible.community import program
from tests.ansible.conftest import PASSWORD
from tests.ansible.stage import environment, write_inventory

GUARD = "Heron-gate5"
TASKS = [
    {"name": "facts", "dvrip.devices.device_facts": {}},
    {"name": "user", "dvrip.devices.user": {"name": "guard", "password": GUARD, "group": "user"}},
    {"name": "wrong", "dvrip.devices.user": {"name": "guard", "group": "nobody"}, "ignore_errors": True},
]


@pytest.mark.parametrize("asked", [False, True], ids=["inventory", "asked as AWX does"])
def test_a_run_has_its_events_and_no_secret(camera, tmp_path, asked):
    runner = program("ansible-runner")
    variables = {"ansible_connection": "dvrip.devices.dvrip", **camera.variables}
    flags = "-vvvv --diff"
    for folder in ("inventory", "project", "env"):
        (tmp_path / folder).mkdir()
    if asked:
        del variables["ansible_password"]
        flags += " --ask-pass"
        (tmp_path / "env/passwords").write_text(json.dumps({"SSH password:\\s*?$": PASSWORD}))
    write_inventory(tmp_path / "inventory", {"cam": variables})
    play = [{"name": "Try", "hosts": "all", "gather_facts": False, "tasks": TASKS}]
    (tmp_path / "project/play.yml").write_text(json.dumps(play))
    done = subprocess.run(
        [runner, "run", str(tmp_path), "-p", "play.yml", "--ident", "one", f"--cmdline={flags}"],
        env=environment(tmp_path) | {"PATH": f"{runner.parent}:/usr/bin:/bin"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr

    artifacts = tmp_path / "artifacts/one"
    events = [json.loads(path.read_text()) for path in (artifacts / "job_events").glob("*.json")]
    results = {
        event["event_data"]["task"]: event
        for event in events
        if event["event"] in ("runner_on_ok", "runner_on_failed")
    }
    assert set(results) == {"facts", "user", "wrong"}
    assert results["user"]["event_data"]["res"]["changed"] is True
    assert results["user"]["event_data"]["res"]["diff"]
    assert "nobody" in results["wrong"]["event_data"]["res"]["msg"]
    assert results["facts"]["event_data"]["res"]["ansible_facts"]["dvrip"]["serial"]
    (stats,) = [event["event_data"] for event in events if event["event"] == "playbook_on_stats"]
    assert stats["ok"] == {"cam": 3}
    assert stats["ignored"] == {"cam": 1}
    assert "guard" in (artifacts / "stdout").read_text()
    kept = [path for path in artifacts.rglob("*") if path.is_file()]
    assert any("serial" in path.read_text() for path in kept if "fact_cache" in path.parts)
    for path in kept:
        text = path.read_text(errors="replace")
        for secret in (PASSWORD, GUARD):
            assert secret not in text, path
            assert sofia_hash(secret) not in text, path
