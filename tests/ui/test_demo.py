"""`make demo CHECK=1` as a whole, judged by the report that it writes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
OUT = CHECKOUT / "demo" / "out"
CHANNELS = 6
CAMERAS = 8

pytestmark = pytest.mark.timeout(420)


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    target = OUT / "report.json"
    target.unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "demo"],
        cwd=CHECKOUT,
        env=os.environ | {"CHECK": "1"},
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert target.exists(), done.stdout + done.stderr
    content = json.loads(target.read_text())
    assert done.returncode == (0 if content["ok"] else 1), done.stdout + done.stderr
    assert not content["missing_steps"], content["error"] or done.stdout + done.stderr
    return content


@pytest.fixture(scope="module")
def steps(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {step["name"]: step for step in report["steps"]}


def test_every_step_held(report: dict[str, Any]) -> None:
    assert [(step["name"], step.get("error")) for step in report["steps"] if not step["ok"]] == []
    assert report["ok"] is True
    assert report["duration_s"] < 240


def test_discovery_found_every_simulated_device(steps: dict[str, dict[str, Any]]) -> None:
    serials = sorted(device["serial"] for device in steps["devices"]["detail"]["devices"])
    assert len(serials) == 3
    assert steps["discovery"]["detail"]["found"] == serials


def test_every_channel_became_entities(steps: dict[str, dict[str, Any]]) -> None:
    assert steps["integration"]["detail"] == {"channels": CHANNELS, "cameras": CAMERAS}


def test_every_camera_moves_in_hls(steps: dict[str, dict[str, Any]]) -> None:
    cameras = steps["hls"]["detail"]["cameras"]
    assert len(cameras) == CAMERAS
    for entity, seen in cameras.items():
        assert seen["frames"] >= 40, entity
        assert seen["difference"] > 0.5, entity
        assert seen["width"] >= 320, entity
    assert {seen["codec"] for seen in cameras.values()} == {"h264", "hevc"}
    assert any(seen.get("distance_to_clip", 255) < 6 for seen in cameras.values())


def test_snapshots_are_pictures(steps: dict[str, dict[str, Any]]) -> None:
    cameras = steps["snapshot"]["detail"]["cameras"]
    assert len(cameras) == CAMERAS
    assert all(seen["bytes"] > 1000 and seen["width"] >= 320 for seen in cameras.values())


def test_recordings_have_video_and_sound(steps: dict[str, dict[str, Any]]) -> None:
    recordings = steps["record"]["detail"]["cameras"]
    assert len(recordings) == 2
    for seen in recordings.values():
        assert seen["frames"] >= 40
        assert seen["audio_codec"] == "aac"
        assert seen["audio_samples"] > 8000


def test_motion_is_seen_within_a_second(steps: dict[str, dict[str, Any]]) -> None:
    sensors = steps["motion"]["detail"]["sensors"]
    assert len(sensors) == CHANNELS
    assert all(0 < took["on"] <= 1 and 0 < took["off"] <= 1 for took in sensors.values())


def test_ptz_arrives(steps: dict[str, dict[str, Any]]) -> None:
    moves = steps["ptz"]["detail"]["moves"]
    assert len(moves) == CHANNELS
    assert all(len(seen["device_saw"]) >= 3 for seen in moves.values())


def test_five_viewers_cost_one_stream(steps: dict[str, dict[str, Any]]) -> None:
    detail = steps["one_monitor"]["detail"]
    assert (detail["viewers"], detail["monitors"]) == (5, 1)
    assert min(detail["bytes"]) > 1000
    peaks = steps["monitor_peaks"]["detail"]["peaks"]
    assert len(peaks) >= CHANNELS
    assert set(peaks.values()) == {1}


def test_the_playbook_changes_once(steps: dict[str, dict[str, Any]]) -> None:
    first, second = (steps[name]["detail"] for name in ("playbook_first", "playbook_second"))
    assert {host: counts["changed"] for host, counts in first["recap"].items()} == steps["playbook_diff"][
        "detail"
    ]["expected_changes"]
    assert all(counts["changed"] == 0 and counts["ok"] > 0 for counts in second["recap"].values())
    assert second["changes"] == []


def test_the_devices_hold_what_was_provisioned(steps: dict[str, dict[str, Any]]) -> None:
    detail = steps["provisioned"]["detail"]
    assert detail["recorder"]["titles"] == ["Gate", "Car park", "Loading bay", "Office"]
    assert {device["ntp"] for device in detail.values()} == {"ntp.example.net"}
    assert steps["titles"]["detail"]["names"][:4] == ["Gate", "Car park", "Loading bay", "Office"]


def test_nobody_complained_in_a_log(steps: dict[str, dict[str, Any]]) -> None:
    assert steps["quiet"]["detail"]["complaints"] == []


def test_no_secret_in_any_log(steps: dict[str, dict[str, Any]]) -> None:
    searched = steps["secrecy"]["detail"]["bytes_searched"]
    assert len(searched) >= 7
    assert searched["home-assistant.log"] > 1000


def test_nothing_is_left(steps: dict[str, dict[str, Any]]) -> None:
    assert steps["nothing_left"]["detail"] == {"started": 4, "processes_left": []}
    assert not (OUT / "run").exists()


@pytest.mark.skipif(
    not any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")),
    reason="no Chromium on this machine: the dashboard is not looked at (Debian: apt-get install chromium)",
)
def test_the_dashboard_plays_in_a_browser(steps: dict[str, dict[str, Any]]) -> None:
    detail = steps["browser"]["detail"]
    assert detail["moving"] == CHANNELS
    assert detail["device_saw"], "a button of the dashboard moves the camera"
    assert (OUT / "dashboard.png").read_bytes().startswith(b"\x89PNG")
    assert detail["screenshot"]["bytes"] > 100_000
