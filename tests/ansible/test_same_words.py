"""A mistake is told in the library's sentence by the modules `config`, `settings` and `network`."""

from __future__ import annotations

import copy

import pytest

from tests.sentences import LOCK_OUTS, MISTAKES, Mistake

CONFIG = "dvrip.devices.config"
MODELS = {mistake.profile for mistake in (*MISTAKES, *LOCK_OUTS)}


def tasks(mistake: Mistake) -> dict[str, dict]:
    """The ways to say it, by the name of the task."""
    channel = {} if mistake.channel is None else {"channel": mistake.channel}
    found = {"config": {CONFIG: {"name": mistake.object, "config": mistake.wish, **channel}}}
    if mistake.setting:
        entry = {**channel, mistake.setting: mistake.value}
        found["settings"] = {"dvrip.devices.settings": {"channels": [entry]}}
    if "GateWay" in mistake.wish:
        found["network"] = {"dvrip.devices.network": {"dhcp": False, "gateway": mistake.wish["GateWay"]}}
    return found


@pytest.mark.parametrize("profile", sorted(MODELS))
def test_the_modules_say_the_sentence_and_write_what_is_allowed(make_camera, profile):
    camera = make_camera(profile=profile)
    before = copy.deepcopy(camera.config)
    mistakes = [mistake for mistake in (*MISTAKES, *LOCK_OUTS) if mistake.profile == profile]
    told = {
        f"{number} {name}": (task, mistake)
        for number, mistake in enumerate(mistakes)
        for name, task in tasks(mistake).items()
    }
    run = camera.play([{"name": name, **task, "ignore_errors": True} for name, (task, _) in told.items()])
    at = f"{camera.simulator.host}:{camera.simulator.port}"
    for name, (_, mistake) in told.items():
        assert run[name]["msg"] == f"{at}: {mistake.says}"
    assert camera.config == before
    allowed = [tasks(mistake)["config"][CONFIG] for mistake in mistakes if mistake in LOCK_OUTS]
    if allowed:
        camera.play([{CONFIG: wish | {"allow_disconnect": True}} for wish in allowed]).ok()
        assert all(camera.config[wish["name"]] != before[wish["name"]] for wish in allowed)
