"""The module `recorder_channels`: cameras of a recorder, and their passwords."""

from dvrip_proto.simulator import Quirks
from tests.ansible.conftest import assert_triplet, triplet

CHANNELS = "dvrip.devices.recorder_channels"
SECRET, OTHER = "Camera-lock4", "Camera-lock5"


def decoder(recorder, channel):
    return recorder.config["NetWork.RemoteDeviceV3"][channel - 1]["Decoder"][0]


def test_a_camera_is_bound_once_and_gets_its_new_password(make_camera):
    recorder = make_camera(profile="nvr", channels=4)
    camera = {"channel": 2, "address": "192.0.2.31", "username": "recorder", "password": SECRET}
    run = recorder.play(
        [
            *triplet("recorder_channels", {"channels": [camera]}),
            {"name": "rotate", CHANNELS: {"channels": [{"channel": 2, "password": OTHER}]}, "diff": True},
            {"name": "rotated", CHANNELS: {"channels": [{"channel": 2, "password": OTHER}]}},
        ],
        "-vvvv",
    )
    assert_triplet(run)
    assert decoder(recorder, 2)["IPAddress"] == "192.0.2.31"
    assert decoder(recorder, 2)["PassWord"] == OTHER
    assert {change["channel"] for change in run["apply"]["changes"]} == {2}
    (change,) = run["rotate"]["changes"]
    assert (change["before"], change["after"]) == ("(old secret)", "(new secret)")
    assert run["rotated"]["changed"] is False
    everything = run.printed + str([outcome.result for outcome in run.outcomes])
    assert SECRET not in everything
    assert OTHER not in everything


def test_channels_go_by_name_or_by_purge(make_camera):
    recorder = make_camera(profile="nvr", channels=4)
    cameras = [{"channel": at, "address": f"192.0.2.{at}", "password": SECRET} for at in (1, 2, 3)]
    run = recorder.play(
        [
            {"name": "bind", CHANNELS: {"channels": cameras}},
            *triplet("recorder_channels", {"channels": [cameras[0], {"channel": 2, "state": "absent"}]}),
            {"name": "purge", CHANNELS: {"channels": [cameras[0]], "purge": True}},
            {"name": "purged", CHANNELS: {"channels": [cameras[0]], "purge": True}},
        ]
    )
    assert_triplet(run)
    assert run["purge"]["changed"] is True
    assert run["purged"]["changed"] is False
    enabled = [element["Enable"] for element in recorder.config["NetWork.RemoteDeviceV3"]]
    assert enabled == [True, False, False, False]


def test_what_cannot_be_is_refused(make_camera):
    recorder = make_camera(profile="nvr", channels=4)
    for element in recorder.config["NetWork.RemoteDeviceV3"]:
        element["Decoder"] = []
    cases = {
        "no address": (
            [{"channel": 3, "password": SECRET}],
            "channel 3 has no camera yet: it needs an address",
        ),
        "no channel": ([{"channel": 9, "address": "192.0.2.9"}], "there is no channel 9"),
        "zero": ([{"channel": 0, "address": "192.0.2.9"}], "count from 1"),
        "twice": ([{"channel": 1, "address": "192.0.2.9"}] * 2, "may be there once"),
    }
    run = recorder.play(
        [
            {"name": name, CHANNELS: {"channels": wish}, "ignore_errors": True}
            for name, (wish, _) in cases.items()
        ]
    ).ok()
    for name, (_, words) in cases.items():
        assert run[name].outcome == "failed", name
        assert words in run[name]["msg"], run[name]["msg"]
    assert not [name for message_id, name, _ in recorder.simulator.requests if message_id == 1040]


def test_a_camera_has_no_channels_to_bind(camera):
    camera.config.pop("NetWork.RemoteDeviceV3", None)
    run = camera.play([{"name": "x", CHANNELS: {"channels": [{"channel": 1, "state": "absent"}]}}])
    assert run.rc == 2
    assert "NetWork.RemoteDeviceV3" in run["x"]["msg"]


def test_a_recorder_proves_that_it_reaches_its_cameras(make_camera):
    recorder, camera = make_camera(profile="nvr", channels=4), make_camera(users={"admin": SECRET})
    there = {
        "channel": 2,
        "address": camera.simulator.host,
        "port": camera.simulator.port,
        "username": "admin",
        "password": SECRET,
    }
    run = recorder.play(
        [
            {"name": "check", CHANNELS: {"channels": [there], "prove": 60}, "check_mode": True},
            {"name": "bound", CHANNELS: {"channels": [there], "prove": 60}},
            {"name": "again", CHANNELS: {"channels": [there], "prove": 60}},
            {"name": "wrong", CHANNELS: {"channels": [there | {"password": OTHER}], "prove": 1}, "ignore_errors": True},
            {"name": "healed", CHANNELS: {"channels": [there], "prove": 60}},
        ],
        "-v",
    ).ok()  # fmt: skip
    assert run["check"]["channels"] == [{"channel": 2, "changed": True}]
    assert run["bound"]["channels"] == [{"channel": 2, "changed": True, "state": "connected"}]
    assert run["again"]["changed"] is False
    wrong = run["wrong"]
    assert wrong.outcome == "failed"
    assert "is not connected to its cameras after 1 s: channel 2: login_failed" in wrong["msg"]
    assert wrong["changed"] is True
    assert wrong["failure"]["type"] == "NotAppliedError"
    assert "waiting for 1 cameras" in run.printed
    assert run["healed"]["channels"][0]["state"] == "connected"


def test_connections_are_proved_also_where_nothing_changes(make_camera):
    recorder = make_camera(profile="nvr", channels=4, quirks=Quirks(channel_state={0: "Offline"}))
    wish = {"channels": [{"channel": 1}], "prove": 1}
    run = recorder.play([{"name": "x", CHANNELS: wish, "ignore_errors": True}]).ok()
    assert run["x"].outcome == "failed"
    assert "channel 1: offline" in run["x"]["msg"]
    assert run["x"]["changed"] is False
