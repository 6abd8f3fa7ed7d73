"""Models that lack what a module needs: the object is named, and nothing is written."""

import pytest

CASES = {
    "time": ({"ntp": True, "ntp_server": "ntp.example.net"}, "NetWork.NetNTP"),
    "network": ({"dns": ["9.9.9.9", "1.1.1.1"]}, "NetWork.NetDNS"),
    "settings": ({"device_name": "gate"}, "General.General"),
    "storage": ({"when_full": "stop"}, "General.General"),
    "config_info": ({"name": "General.General"}, "General.General"),
}


@pytest.mark.parametrize("module", CASES)
def test_an_object_that_the_model_lacks_is_named_and_nothing_is_written(camera, module):
    wish, name = CASES[module]
    del camera.config[name]
    task = {"name": "apply", f"dvrip.devices.{module}": wish, "ignore_errors": True}
    run = camera.play([{**task, "name": "check", "check_mode": True}, task]).ok()
    for outcome in (run["check"], run["apply"]):
        assert outcome.outcome == "failed", outcome.result
        assert name in outcome["msg"], outcome["msg"]
        assert outcome["changed"] is False
        assert "written" not in outcome.result
    assert not [message_id for message_id, _, _ in camera.simulator.requests if message_id == 1040]
