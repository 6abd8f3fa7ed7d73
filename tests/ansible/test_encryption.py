"""Firmware that encrypts, and plays against it."""

from dvrip_proto.simulator import Quirks


def test_a_play_reads_and_writes_through_an_encrypted_session(make_camera):
    camera = make_camera(quirks=Quirks(encrypted="required"))
    tasks = [
        {"name": "info", "dvrip.devices.device_info": {}},
        {"name": "write", "dvrip.devices.config": {"name": "ChannelTitle", "config": ["Gate"]}},
        {"name": "again", "dvrip.devices.config": {"name": "ChannelTitle", "config": ["Gate"]}},
    ]
    run = camera.play(tasks).ok()
    assert run["info"]["device"]["login"] == "encrypted"
    assert (run["write"]["changed"], run["again"]["changed"]) == (True, False)
    assert camera.config["ChannelTitle"] == ["Gate"]
    assert camera.logins() == 6  # a plain one and one with keys for each task
    run = camera.play(tasks[:1], ansible_dvrip_encryption="always").ok()
    assert run["info"]["device"]["login"] == "encrypted"
    assert camera.logins() == 7


def test_a_device_in_clear_is_refused_where_encryption_is_wanted(camera):
    task = {"name": "info", "dvrip.devices.device_info": {"encryption": "always"}, "ignore_errors": True}
    run = camera.play([task], ansible_timeout=2)
    assert "no agreement with the device on encryption" in run["info"]["msg"]
    assert camera.logins() == 0
