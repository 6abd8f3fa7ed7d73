"""Values that cannot be: named with what they should be, and no device hears of them."""

import pytest

PLACE = {"address": "192.0.2.5", "netmask": "255.255.255.0", "gateway": "192.0.2.1"}
CASES = [
    ("backup", {"dest": "{folder}/file/cam.zip"}, "Not a directory"),
    ("backup", {"dest": ""}, "dest: it is empty"),
    ("fetch", {"what": "snapshot", "dest": ""}, "dest: it is empty"),
    ("firmware", {"src": ""}, "src: it is empty"),
    ("restore", {"src": "{folder}/none.zip", "confirm": "{serial}"}, "is not there"),
    ("fetch", {"what": "snapshot", "dest": "{folder}", "channel": 0}, "channel 0"),
    ("fetch", {"what": "snapshot", "dest": "{folder}", "channel": 9}, "there is no channel 9, the device has 4"),
    ("fetch", {"what": "recordings", "dest": "{folder}", "since": "2026-01-01", "channel": [1, 9]}, "there is no channel 9"),
    ("fetch", {"what": "logs", "dest": "{folder}", "since": "yesterday"}, "'yesterday' is no time such as"),
    ("fetch", {"what": "logs", "dest": "{folder}", "since": "2026-01-31T08:00:00Z"}, "names a zone"),
    ("fetch", {"what": "logs", "dest": "{folder}", "since": "2026-01-31", "until": "2026-02-01 00:00+02:00"}, "names a zone"),
    ("discover_address", {"mac": "", **PLACE}, "mac: '' is no MAC address"),
    ("discover_address", {"mac": "00:12:34:56:78", **PLACE}, "is no MAC address such as 00:12:34:56:78:90"),
    ("fetch", {"what": "films", "dest": "{folder}"}, "value of what must be one of"),
    ("discover_info", {"targets": ["256.0.0.1"], "wait": 0.2}, "256.0.0.1"),
    ("discover_info", {"targets": [], "wait": 0.2}, "target"),
    ("discover_info", {"wait": 0}, "wait: 0.0 is not possible, it must be above 0"),
    ("discover_info", {"discovery_port": 70000, "wait": 0.2}, "discovery_port: 70000 is no port"),
    ("discover_info", {"targets": ["127.0.0.1"], "wait": -1}, "wait: -1.0 is not possible"),
    ("storage", {"disks": [{"disk": 0}]}, "there is no disk 0"),
    ("device_info", {"gather_subset": ["everything"]}, "must be one or more of"),
    ("reboot", {"when": "tomorrow"}, "value of when must be one of"),
    ("reset", {"parts": ["everything"], "confirm": "{serial}"}, "must be one or more of"),
    ("time", {"ntp_port": 0}, "NetWork.NetNTP: Server.Port: 0"),
    ("time", {"ntp_port": 70000}, "NetWork.NetNTP: Server.Port: 70000"),
    ("time", {"tolerance": -5, "sync": True}, "tolerance: -5.0 is not possible"),
    ("network", {"http_port": 70000}, "70000"),
    ("network", {"address": "10.0.0.300"}, "10.0.0.300"),
    ("wait", {"wait_timeout": -1}, "wait_timeout: -1 is not possible"),
    ("recorder_channels", {"channels": [{"channel": 9, "address": "192.0.2.1"}]}, "9"),
]  # fmt: skip
WRITES = frozenset({1040, 1450, 1460, 1482, 1484, 1486, 1488, 1540})


@pytest.mark.parametrize(("module", "wish", "words"), CASES)
def test_what_is_wrong_is_named_and_nothing_is_sent(make_camera, tmp_path, module, wish, words):
    camera = make_camera(profile="nvr", channels=4)
    (tmp_path / "file").write_text("no folder")
    told = {"folder": tmp_path, "serial": camera.simulator.serial}
    wish = {key: value.format(**told) if isinstance(value, str) else value for key, value in wish.items()}
    for check_mode in (True, False):
        refused = camera.run(module, wish, check_mode=check_mode)
        assert refused.get("failed") is True, refused
        assert words in refused["msg"], refused["msg"]
        assert refused["changed"] is False
    assert not [message_id for message_id, _, _ in camera.simulator.requests if message_id in WRITES]
