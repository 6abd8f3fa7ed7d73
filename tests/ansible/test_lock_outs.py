"""Nobody locks himself out, through any module: what would end the login or the way to the device is refused."""

import copy
from pathlib import Path

import pytest

from tests.ansible.conftest import PASSWORD

FILTER = {"Enable": True, "Trusted": ["10.0.0.1"]}
GATEWAY = "is not in the device's network"
REFUSES = "the device would refuse this computer"
LOSES = "it would lose Account"
MOVES = "this connection ends"
DISCONNECT = "allow_disconnect"
OWN = "is the account in use"

# Module, what somebody tries, the words of the refusal. {own}: the account in use, {group}: its group.
ATTEMPTS = [
    ("user", {"name": "{own}", "state": "absent"}, OWN),
    ("user", {"users": [{"name": "{own}", "state": "absent"}]}, OWN),
    ("user", {"name": "{own}", "authorities": ["Monitor_01"]}, LOSES),
    ("user", {"name": "{own}", "group": "user"}, "{own}"),
    ("user", {"name": "{own}", "group": "user", "authorities": ["Monitor_01"]}, LOSES),
    ("group", {"name": "{group}", "authorities": ["Monitor_01"]}, "its user"),
    ("group", {"name": "{group}", "state": "absent"}, "{group}"),
    ("group", {"groups": [{"name": "{group}", "authorities": []}]}, "its user"),
    ("accounts", {"users": [{"name": "{own}", "state": "absent"}]}, OWN),
    ("accounts", {"users": [{"name": "{own}", "authorities": []}]}, LOSES),
    ("accounts", {"groups": [{"name": "{group}", "authorities": ["Monitor_01"]}]}, "its user"),
    ("accounts", {"groups": [{"name": "{group}", "state": "absent"}]}, "{group}"),
    (
        "accounts",
        {"groups": [{"name": "few", "authorities": ["Monitor_01"]}], "users": [{"name": "{own}", "group": "few"}]},
        "{own}",
    ),
    ("config", {"name": "NetWork.NetIPFilter", "config": FILTER}, REFUSES),
    ("config", {"name": "NetWork.NetIPFilter", "config": {"Enable": True, "Banned": ["{client}"]}}, REFUSES),
    ("config", {"name": "NetWork.NetIPFilter.Trusted", "config": ["10.0.0.1"]}, REFUSES),
    ("config", {"name": "NetWork", "config": {"NetIPFilter": FILTER}}, REFUSES),
    ("config", {"objects": [{"name": "NetWork.NetIPFilter", "config": FILTER}]}, REFUSES),
    ("config", {"from_file": "{file}"}, REFUSES),
    ("config", {"name": "NetWork.NetCommon", "config": {"GateWay": "10.9.8.7"}}, GATEWAY),
    ("config", {"name": "NetWork.NetCommon", "config": {"HostIP": "10.9.8.7"}}, DISCONNECT),
    ("config", {"name": "NetWork.NetCommon", "config": {"Submask": "255.0.255.0"}}, "netmask"),
    ("config", {"name": "NetWork.NetCommon", "config": {"TCPPort": 40000}}, MOVES),
    ("config", {"name": "NetWork.NetCommon", "config": {"TCPPort": 0}}, "TCPPort"),
    ("config", {"name": "NetWork.NetCommon", "config": {"TCPMaxConn": 0}}, "connection"),
    ("config", {"name": "NetWork.NetCommon", "state": "default"}, DISCONNECT),
    ("config", {"name": "NetWork.NetDHCP", "config": [{"Enable": True, "Interface": "eth0"}]}, DISCONNECT),
    ("settings", {"http_port": "{port}"}, "are both"),
    ("settings", {"max_connections": 0}, "connection"),
    ("network", {"gateway": "10.9.8.7"}, GATEWAY),
    ("network", {"address": "{broadcast}", "dhcp": False}, ""),
    ("network", {"tcp_port": 0}, "TCPPort"),
    ("network", {"http_port": "{port}"}, "are both"),
    ("network", {"max_connections": 0}, "connection"),
    ("reset", {"parts": ["accounts"], "confirm": "{serial}"}, DISCONNECT),
    ("reset", {"parts": ["general", "network"], "confirm": "{serial}"}, DISCONNECT),
    ("reset", {"factory": True, "confirm": "{serial}"}, DISCONNECT),
    ("reset", {"parts": ["general"], "confirm": "another"}, "is not the serial number"),
    ("restore", {"src": "{archive}", "confirm": "another", "match": "any"}, "is not the serial number"),
    ("restore", {"src": "{archive}", "confirm": "{serial}"}, "has no note beside it of whose it is"),
    ("storage", {"disks": [{"disk": 1, "state": "erased"}]}, "serial number"),
]  # fmt: skip
HARMLESS = {
    "backup": "reads",
    "config_info": "reads",
    "device_facts": "reads",
    "device_info": "reads",
    "discover_info": "reads",
    "fetch": "reads",
    "wait": "reads",
    "time": "neither clock nor zone takes part in a login",
    "recorder_channels": "tells a recorder of its cameras, nothing of its own login",
    "discover_address": "test_dies_in_the_middle: addresses that do not go together and taken ones are refused",
    "firmware": "test_firmware: other hardware, a broken file and a downgrade are refused",
    "reboot": "it comes back, and `state: shutdown` says what it is",
}
WRITES = frozenset({1040, 1450, 1460, 1482, 1484, 1486, 1488, 1492, 1494, 1496, 1498, 1540})
MODULES = {
    path.stem
    for path in (
        Path(__file__).parents[2] / "ansible_collections/dvrip/devices/plugins/modules"
    ).glob("[a-z]*.py")
}  # fmt: skip


def test_every_module_is_attempted_or_harmless():
    assert {module for module, _, _ in ATTEMPTS} | HARMLESS.keys() == MODULES
    assert {module for module, _, _ in ATTEMPTS} & HARMLESS.keys() == set()


@pytest.mark.parametrize("own", ["admin", "chief"])
@pytest.mark.parametrize(("module", "wish", "words"), ATTEMPTS)
def test_nobody_locks_himself_out(make_camera, tmp_path, own, module, wish, words):
    camera = make_camera(users={"admin": PASSWORD, "chief": PASSWORD})
    config, simulator = camera.config, camera.simulator
    _prepare(camera)
    (tmp_path / "objects.yml").write_text("NetWork.NetIPFilter: {Enable: true, Trusted: [10.0.0.1]}\n")
    (tmp_path / "cam.zip").write_bytes(b"PK\x03\x04")
    told = {
        "own": own,
        "group": simulator.state.users[own]["Group"],
        "client": "127.0.0.1",
        "serial": simulator.serial,
        "port": simulator.port,
        "file": tmp_path / "objects.yml",
        "archive": tmp_path / "cam.zip",
        "broadcast": "127.255.255.255",
    }
    before = copy.deepcopy((config, simulator.state.users, simulator.state.groups))
    for check_mode in (True, False):
        refused = camera.run(module, {**_filled(wish, told), "login_user": own}, check_mode=check_mode)
        assert refused.get("failed") is True, refused
        assert words.format(**told) in refused["msg"], refused["msg"]
        assert refused["changed"] is False
    assert (config, simulator.state.users, simulator.state.groups) == before
    sent = [(message_id, name) for message_id, name, _ in simulator.requests if message_id in WRITES]
    assert not sent
    assert not camera.run("device_info", {"login_user": own}).get("failed")


def _prepare(camera):
    """Two who may do everything, a filter that is on and lets everybody in, and a fixed address."""
    users = camera.simulator.state.users
    users["chief"] |= {key: users["admin"][key] for key in ("Group", "AuthorityList")}
    camera.config["NetWork.NetIPFilter"] |= {"Enable": True, "Banned": [], "Trusted": []}
    camera.config["NetWork.NetCommon"]["HostIP"] = "0x0100007F"
    camera.simulator.state.store.defaults["NetWork.NetCommon"]["HostIP"] = "0x0A01A8C0"
    for interface in camera.config["NetWork.NetDHCP"]:
        interface["Enable"] = False


def _filled(wish, told):
    if isinstance(wish, dict):
        return {key: _filled(value, told) for key, value in wish.items()}
    if isinstance(wish, list):
        return [_filled(value, told) for value in wish]
    return wish.format(**told) if isinstance(wish, str) else wish
