"""The module `recorder_channels`: cameras of a recorder, and their passwords."""

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
