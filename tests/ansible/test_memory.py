"""What the controller remembers: broken files, several processes at once, passwords that were mistyped."""

import fcntl
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ansible_collections.dvrip.devices.plugins.module_utils import _fleet
from ansible_collections.dvrip.devices.plugins.module_utils._memory import Memory
from ansible_collections.dvrip.devices.plugins.module_utils._module import How
from ansible_collections.dvrip.devices.plugins.module_utils._session import Session, Sessions
from ansible_collections.dvrip.devices.plugins.modules import accounts
from ansible_collections.dvrip.devices.plugins.modules.device_info import SPEC
from tests.ansible.conftest import PASSWORD

ADMIN, NEW = "admin", "Heron-gate5"
WRONG = ["Wrong-lamp1", "Wrong-lamp2"]


def test_a_disk_that_is_full_fails_no_task_and_fills_with_no_remains(tmp_path, monkeypatch):
    def full(_path, _target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    Memory(str(tmp_path), "cam").add_refusal(ADMIN, NEW)
    _fleet.write_kept(tmp_path / "fleet.json", [{"host": "192.0.2.1", "port": 34567}])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [
        '{"refusals": []}',
        '{"refusals": {"admin": 5}}',
        '{"refusals": {"admin": [["a", 1], 7, [1]]}}',
        '{"places": []}',
        '{"restart": []}',
        '{"restart": {"for": 5}}',
        '{"restart": {"for": ["x"], "at": "a", "uptime_min": null}}',
        "[]",
        "\x00",
    ],
)
def test_a_file_that_no_version_writes_is_as_none(tmp_path, text):
    memory, path = Memory(str(tmp_path), "cam"), tmp_path / "cam.json"
    for use in (
        lambda: memory.add_restart(["clock"], 3.0),
        lambda: memory.restarted(5.0),
        lambda: memory.add_login(ADMIN, 1),
        lambda: memory.forgive(ADMIN),
        lambda: memory.add_refusal(ADMIN, "x"),
    ):
        path.write_text(text)
        use()
    assert memory.refusals(ADMIN) == 1
    assert memory.place(ADMIN) == 0
    assert memory.restart_for in ([], ["x"])


def test_a_loop_with_wrong_passwords_asks_once_for_each_also_where_nothing_is_remembered(camera):
    place = {"host": camera.simulator.host, "port": camera.simulator.port}
    options = SPEC.validate({**place, "login_password": WRONG[0], "login_passwords": [WRONG[1]]})
    with Sessions() as sessions:
        told = [SPEC.run(sessions, options.validated_parameters, How()) for _item in range(3)]
    assert [one["failed"] for one in told] == [True] * 3
    assert camera.logins() == 2


def test_a_session_that_changed_its_password_and_was_lost_comes_back_with_the_new_one(camera, monkeypatch):
    place = {"host": camera.simulator.host, "port": camera.simulator.port}
    login = {**place, "login_password": WRONG[0], "login_passwords": [PASSWORD]}
    how = How(folder=str(camera.folder))
    with Sessions() as sessions:
        change = accounts.SPEC.validate({**login, "own_password": NEW}).validated_parameters
        assert not accounts.SPEC.run(sessions, change, how).get("failed")
        before, answers = camera.logins(), iter([True])

        async def stale(*_):
            return next(answers, False)

        monkeypatch.setattr(Session, "_is_stale", stale)
        ask = SPEC.validate({**login, "gather_subset": []}).validated_parameters
        assert not SPEC.run(sessions, ask, How()).get("failed")
    assert camera.logins() == before + 1


def test_a_loop_over_accounts_and_devices_stays_logged_in_with_the_last_alone(make_camera):
    recorder, other = make_camera(users=dict.fromkeys([ADMIN, "anna", "fleet"], PASSWORD)), make_camera()
    seen = []
    with Sessions() as sessions:
        for device, user in [
            (recorder, ADMIN),
            (recorder, "anna"),
            (recorder, "fleet"),
            (other, ADMIN),
            (recorder, "anna"),
            (recorder, "anna"),
        ]:
            place = {"host": device.simulator.host, "port": device.simulator.port}
            login = {**place, "login_user": user, "login_password": PASSWORD, "gather_subset": []}
            assert not SPEC.run(sessions, SPEC.validate(login).validated_parameters, How()).get("failed")
            seen.append((recorder.simulator.sessions, other.simulator.sessions))
    assert seen == [(1, 0), (1, 0), (1, 0), (0, 1), (1, 0), (1, 0)]
    assert (recorder.logins(), other.logins()) == (4, 1)


def test_a_login_with_one_password_forgives_what_was_mistyped_before(camera):
    memory = Memory(str(camera.folder / "home" / "dvrip"), f"{camera.simulator.host}:{camera.simulator.port}")
    memory.add_refusal(ADMIN, "mistyped")
    assert not camera.run("device_info", {}).get("failed")
    assert memory.refusals(ADMIN) == 0


def test_hosts_that_are_one_device_try_its_passwords_one_after_the_other(camera):
    login = {"login_password": WRONG[0], "login_passwords": [PASSWORD]}
    with ThreadPoolExecutor(4) as workers:
        told = list(workers.map(lambda _: camera.run("device_info", login), range(4)))
    assert not any(one.get("failed") for one in told), told
    assert camera.logins() == 5  # one wrong and one right, and then the right one three times
    assert not list((camera.folder / "home" / "dvrip").glob(".*.lock"))


def test_whoever_waits_too_long_for_the_turn_goes_on(camera):
    memory = Memory(str(camera.folder / "home" / "dvrip"), f"{camera.simulator.host}:{camera.simulator.port}")
    path = memory.turn
    path.parent.mkdir(parents=True)
    with path.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        began = time.monotonic()
        told = camera.run("device_info", {"login_passwords": ["other"], "timeout": 0.3})
    assert not told.get("failed"), told
    assert time.monotonic() - began < 20


def test_an_address_with_its_port_is_read_before_anything_is_made_of_it(camera):
    told = camera.run(
        "wait", {"host": f"{camera.simulator.host}:{camera.simulator.port}", "port": 9, "timeout": 5}
    )
    assert not told.get("failed"), told


def test_a_restart_is_seen_by_an_uptime_that_is_minutes_too_short(tmp_path):
    memory = Memory(str(tmp_path), "cam")
    memory.add_restart(["clock"], 10.0)
    assert [memory.restarted(uptime_min) for uptime_min in (10.0, 9.0)] == [False, False], "whole minutes"
    assert memory.restart_for == ["clock"]
    assert memory.restarted(0.0)
    assert memory.restart_for == []
