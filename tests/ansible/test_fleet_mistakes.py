"""The inventory `dvrip.devices.fleet` with mistakes in it: each is told, and none takes the other devices away."""

import json
import math
import socket
import threading
from types import SimpleNamespace

import pytest
import yaml
from ansible.errors import AnsibleParserError

from ansible_collections.dvrip.devices.plugins.inventory.fleet import InventoryModule
from ansible_collections.dvrip.devices.plugins.module_utils import _fleet_search
from ansible_collections.dvrip.devices.plugins.module_utils._fleet import read_kept
from ansible_collections.dvrip.devices.plugins.module_utils._fleet_expected import (
    FleetError,
    expected_devices,
)
from ansible_collections.dvrip.devices.plugins.module_utils._fleet_targets import Target
from tests.ansible.stage import ansible

PORT = 34567


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({"host": "10.0.0.1", "port": "abc"}, "abc is no port"),
        ({"host": "10.0.0.1", "port": 70000}, "70000 is no port"),
        ({"host": "10.0.0.1:0"}, "0 is no port"),
        ({"host": "a..b"}, "write an address"),
        ({"host": "x" * 70}, "write an address"),
        ({"host": "{{ gate }}"}, "write an address"),
        ({"mac": yaml.safe_load("10:12:34:56:18:50")}, "no MAC address"),
        ({"mac": "front door"}, "no MAC address"),
        ({"serial": yaml.safe_load("12.5e+45")}, "write it in quotes"),
        ({"serial": "a", "vars": ["x"]}, "vars is a mapping"),
        ({"serial": "a", "name": "localhost"}, "something else"),
        ({"serial": "a", "naem": "gate"}, "has only these"),
        ("10.0.0.1", "is no device"),
    ],
)
def test_a_mistake_among_who_is_expected_is_told_with_its_entry(entry, told):
    with pytest.raises(FleetError, match=told):
        expected_devices([{"host": "10.0.0.9"}, entry], PORT)


def test_all_mistakes_are_told_at_once_but_not_three_thousand_of_them():
    with pytest.raises(FleetError) as told:
        expected_devices(
            [{"host": f"10.0.0.1:{port}", "vars": {"pin": "Otter"}} for port in range(66000, 69000)], PORT
        )
    assert "66004" in str(told.value)
    assert str(told.value).endswith("and 2995 more")
    assert "Otter" not in str(told.value)


@pytest.mark.parametrize(
    ("entry", "place"),
    [
        ({"host": "site.example:8000"}, ("site.example", 8000)),
        ({"host": "[fd00::7]:8000"}, ("fd00::7", 8000)),
        ({"host": "fd00::7"}, ("fd00::7", PORT)),
        ({"host": "gäste.example", "port": "81"}, ("gäste.example", 81)),
    ],
)
def test_an_expected_device_is_where_people_write_it(entry, place):
    (record,) = expected_devices([entry], PORT)
    assert (record["host"], record["port"]) == place


@pytest.mark.parametrize("mac", ["00-12-34-56-78-9A", "001234 56789a".replace(" ", ""), "0012.3456.789a"])
def test_a_mac_address_is_the_same_however_it_is_written(mac):
    assert expected_devices([{"mac": mac}], PORT)[0]["mac"] == "00:12:34:56:78:9a"


def search(**more):
    told = {"broadcast": [], "targets": [], "interface": "0.0.0.0", "discovery_port": 34569, "wait_s": 0.1}
    told |= {"timeout_s": 0.5, "parallel": 50, "facts": False, "username": "admin", "passwords": ()}
    return _fleet_search.Search(**told | more)


@pytest.mark.parametrize("facts", [False, True])
@pytest.mark.parametrize("host", ["a..b", "x" * 70, "\udc80"])
def test_an_address_that_is_none_is_silent_and_the_others_are_found(host, facts, camera):
    good = Target(camera.simulator.host, camera.simulator.port, sure=True)
    wish = search(targets=[Target(host, PORT, sure=True), good], facts=facts, passwords=("x",), timeout_s=5)
    online = {one["host"]: one["online"] for one in _fleet_search.fleet(wish, [], [])}
    assert online == {host: False, camera.simulator.host: True}


def test_names_that_no_server_answers_for_do_not_hold_up_the_others(camera, monkeypatch):
    answered = threading.Event()
    real = socket.getaddrinfo

    def slow(host, *more, **options):
        if str(host).startswith("dead"):
            answered.wait(20)
            raise socket.gaierror(socket.EAI_AGAIN, "no server")
        found = real("127.0.0.1" if host == "gate.example" else host, *more, **options)
        if host == "gate.example":
            answered.set()
        return found

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    dead = [Target(f"dead{number}.example", PORT, sure=True) for number in range(40)]
    wish = search(targets=[*dead, Target("gate.example", camera.simulator.port, sure=True)], timeout_s=10)
    assert [one["host"] for one in _fleet_search.fleet(wish, [], []) if one["online"]] == ["gate.example"]


def test_kept_devices_that_another_version_wrote_are_left_out(tmp_path):
    path = tmp_path / "kept.json"
    good = {"host": "10.0.0.1", "port": 1}
    path.write_text(
        json.dumps([good, {"host": "10.0.0.2", "port": "x"}, {"host": 5, "port": 1}, 7, {"port": 1}])
    )
    assert read_kept(path) == [good]
    path.write_text('{"host": 1}')
    assert read_kept(path) == []


@pytest.fixture
def inventory(tmp_path):
    """The plugin with a cache, as ansible-inventory reads it."""
    cache = tmp_path / "cache"

    def read(**options):
        path = tmp_path / "fleet.dvrip.yml"
        told = {"plugin": "dvrip.devices.fleet", "broadcast": [], "keep_missing": False}
        told |= {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(cache)}
        path.write_text(yaml.safe_dump(told | options))
        printed = ansible(tmp_path, "ansible-inventory", "-i", path, "--list").printed
        return json.loads(printed[printed.index("{\n") :])["_meta"]["hostvars"]

    return SimpleNamespace(read=read, cache=cache)


def test_a_cache_that_is_spoilt_or_of_another_version_is_not_used(inventory, camera):
    told = {"targets": [f"{camera.simulator.host}:{camera.simulator.port}"]}
    first = inventory.read(**told)
    (file,) = inventory.cache.iterdir()
    whole = file.read_text()
    of_another_version = whole.replace(str(camera.simulator.port), "99999999")
    assert of_another_version != whole
    for text in ("{", of_another_version):
        file.write_text(text)
        assert inventory.read(**told) == first
    assert len(first) == 1


def test_who_changes_the_file_is_not_answered_from_the_cache_of_before(inventory, camera):
    host = {"host": camera.simulator.host, "port": camera.simulator.port}
    assert inventory.read(expected=[{"name": "gate", **host, "vars": {"site": "a"}}])["gate"]["site"] == "a"
    assert inventory.read(expected=[{"name": "gate", **host, "vars": {"site": "b"}}])["gate"]["site"] == "b"
    assert len(list(inventory.cache.iterdir())) == 1  # variables are not what is cached
    assert inventory.read(expected=[{"name": "yard", **host, "vars": {"site": "c"}}])["yard"]["site"] == "c"


@pytest.mark.parametrize(
    "wrong", [{"port": 0}, {"discovery_port": 70000}, {"timeout": -1}, {"wait": math.nan}]
)
def test_a_number_that_cannot_be_is_told_with_its_name(wrong, monkeypatch):
    told = {"port": 1, "discovery_port": 1, "timeout": 1.0, "wait": 1.0, **wrong}
    plugin = object.__new__(InventoryModule)
    monkeypatch.setattr(InventoryModule, "get_option", lambda _self, name: told[name])
    with pytest.raises(AnsibleParserError, match=next(iter(wrong))):
        plugin._check_numbers("fleet.dvrip.yml")
