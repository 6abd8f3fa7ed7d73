"""The inventory `dvrip.devices.fleet`: who is found, what names him, who stays, and what is never kept."""

import json
from types import SimpleNamespace

import pytest
import yaml

from ansible_collections.dvrip.devices.plugins.module_utils._fleet import harmless, merged, name_of
from ansible_collections.dvrip.devices.plugins.module_utils._fleet_targets import TargetError, targets
from dvrip_proto.simulator import Quirks, Simulator
from tests.ansible.conftest import PASSWORD
from tests.ansible.stage import ansible, write_plays


@pytest.fixture
def fleet(stage, tmp_path):
    """Devices, and the inventory that the plugin makes of them."""

    def start(**options):
        options = {"users": {"admin": PASSWORD}, **options}
        return stage.enter(lambda: Simulator(quirks=options.pop("quirks", Quirks()), **options))

    def write(**options):
        path = tmp_path / "fleet.dvrip.yml"
        told = {"plugin": "dvrip.devices.fleet", "broadcast": [], "timeout": 20, **options}
        path.write_text(yaml.safe_dump(told))
        return path

    def read(*flags, **options):
        run = ansible(tmp_path, "ansible-inventory", "-i", write(**options), "--list", *flags).ok()
        text = run.printed[run.printed.index("{\n") :]
        return json.loads(text, object_hook=lambda told: told.get("__ansible_unsafe", told))

    return SimpleNamespace(start=start, write=write, read=read, folder=tmp_path)


def place(simulator):
    return f"{simulator.host}:{simulator.port}"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("10.1.0.9", ["10.1.0.9:34567"]),
        ("site.example.net:34568", ["site.example.net:34568"]),
        ("10.1.0.0/30", ["10.1.0.1:34567", "10.1.0.2:34567"]),
        ("10.1.0.7/32:99", ["10.1.0.7:99"]),
        ("10.1.0.254-10.1.1.1", ["10.1.0.254:34567", "10.1.0.255:34567", "10.1.1.0:34567", "10.1.1.1:34567"]),
        ("10.1.0.5 - 6", ["10.1.0.5:34567", "10.1.0.6:34567"]),
        ("[2001:db8::1]:99", ["[2001:db8::1]:99"]),
        ("2001:db8::1", ["[2001:db8::1]:34567"]),
        ("cam-7.example.net", ["cam-7.example.net:34567"]),
    ],
)
def test_targets_are_written_as_people_write_them(text, places):
    assert [str(target) for target in targets([text], 34567)] == places


@pytest.mark.parametrize(
    "text",
    [
        "10.0.0.0/8",
        "10.0.0.9-3",
        "10.0.0.5-300",
        "10.0.0.300",
        "host:0",
        "host:seventy",
        "",
        "a b",
        "{{ x }}",
    ],
)
def test_what_names_no_address_is_named(text):
    with pytest.raises(TargetError):
        targets([text], 34567)


def test_a_device_is_the_same_one_at_another_address():
    before = [{"host": "10.0.0.5", "port": 34567, "serial": "aa", "mac": "02:00:00:00:00:01"}]
    now = [{"host": "10.0.0.9", "port": 34567, "serial": "aa", "online": True}]
    (device,) = merged(now, [], before)
    assert (device["host"], device["online"], device["mac"]) == ("10.0.0.9", True, "02:00:00:00:00:01")


def test_another_device_at_its_address_is_another_device():
    before = [{"host": "10.0.0.5", "port": 34567, "serial": "aa"}]
    now = [{"host": "10.0.0.5", "port": 34567, "serial": "bb", "online": True}]
    devices = {device["serial"]: device["online"] for device in merged(now, [], before)}
    assert devices == {"bb": True, "aa": False}


def test_two_that_claim_one_serial_number_are_both_there():
    now = [{"host": host, "port": 34567, "serial": "aa", "online": True} for host in ("10.0.0.5", "10.0.0.6")]
    assert sorted(device["host"] for device in merged(now, [], [])) == ["10.0.0.5", "10.0.0.6"]


def test_no_device_chooses_a_name_that_ansible_means_something_else_with():
    record = {"host": "10.0.0.5", "port": 34567}
    assert name_of({**record, "serial": "localhost"}, "serial") == "10.0.0.5"
    assert name_of({**record, "serial": ".."}, "serial") == "10.0.0.5"
    assert name_of({**record, "serial": "a b/c"}, "serial") == "a_b_c"
    assert name_of({**record, "serial": "aa", "mac": "02:00:00:00:00:01"}, "mac") == "02-00-00-00-00-01"
    assert harmless("{{ lookup('pipe', 'id') }}\n") == "lookup('pipe', 'id')"


def test_devices_are_found_by_their_answer_without_a_login(fleet, unused_udp_port):
    cameras = [fleet.start(bind=f"127.0.77.{at}", discovery_port=unused_udp_port) for at in (1, 2)]
    asked = [camera.host for camera in cameras]
    hosts = fleet.read(broadcast=asked, discovery_port=unused_udp_port, wait=1)["_meta"]["hostvars"]
    assert set(hosts) == {camera.serial for camera in cameras}
    first = hosts[cameras[0].serial]
    assert (first["ansible_host"], first["ansible_port"]) == ("127.0.77.1", str(cameras[0].port))
    assert first["ansible_connection"] == "dvrip.devices.dvrip"
    assert first["dvrip_online"] is True
    assert not cameras[0].requests


def test_facts_group_the_devices_and_name_those_that_are_expected(fleet):
    camera, recorder = fleet.start(), fleet.start(profile="nvr", channels=4)
    listed = fleet.read(
        targets=[place(camera), place(recorder)],
        expected=[{"name": "gate", "serial": camera.serial, "vars": {"site": "north"}}],
        facts=True,
        password=PASSWORD,
        strict=True,
        keyed_groups=[
            {"key": "dvrip_hardware", "prefix": "hardware"},
            {"key": "dvrip_channels", "prefix": "n"},
        ][:1],
        groups={"recorders": "dvrip_channels | int > 1", "unexpected": "not dvrip_expected"},
        compose={"where": "ansible_host ~ '/' ~ dvrip_serial"},
    )
    hosts = listed["_meta"]["hostvars"]
    assert set(hosts) == {"gate", recorder.serial}
    assert hosts["gate"]["site"] == "north"
    assert hosts["gate"]["where"] == f"{camera.host}/{camera.serial}"
    assert hosts[recorder.serial]["dvrip_channels"] == 4
    assert listed["recorders"]["hosts"] == listed["unexpected"]["hosts"] == [recorder.serial]
    assert any(group.startswith("hardware_") for group in listed)


def test_a_device_that_is_off_stays_and_a_play_reports_it(fleet, stage):
    camera, other = fleet.start(), fleet.start()
    options = {"facts": True, "password": PASSWORD, "compose": {"ansible_password": f"'{PASSWORD}'"}}
    fleet.read(targets=[place(camera), place(other)], **options)
    stage.call(camera._go_down())
    path = fleet.write(**options)  # and nobody names its address any more
    playbook = write_plays(
        fleet.folder, {"hosts": "all", "tasks": [{"dvrip.devices.device_info": {"timeout": 5}}]}
    )
    run = ansible(fleet.folder, "ansible-playbook", "-i", path, playbook, "-v")
    assert "1 of 2 devices do not answer" in run.printed
    assert run.rc == 4
    assert {outcome.host: outcome.outcome for outcome in run.outcomes} == {
        camera.serial: "unreachable",
        other.serial: "ok",
    }


def test_a_wrong_password_is_tried_once_and_then_no_more(fleet):
    camera = fleet.start(quirks=Quirks(lock_after=3))
    for _ in range(4):
        (told,) = fleet.read(targets=[place(camera)], facts=True, password="Wrong-one1")["_meta"][
            "hostvars"
        ].values()
        assert told["dvrip_online"] is True
        assert told["dvrip_login"] != "ok"
    assert sum(message_id == 1000 for message_id, _name, _user in camera.requests) == 1
    assert "lock accounts" in told["dvrip_login"]


def test_no_secret_is_in_a_cache_a_kept_file_or_a_variable(fleet, stage):
    camera = fleet.start()
    cache = fleet.folder / "cache"
    options = {
        "targets": [place(camera)],
        "expected": [
            {"name": "gate", "host": camera.host, "port": camera.port, "vars": {"pin": "Otter-pin9"}}
        ],
        "facts": True,
        "passwords": ["Wrong-one1", PASSWORD],
        "cache": True,
        "cache_plugin": "ansible.builtin.jsonfile",
        "cache_connection": str(cache),
    }
    fleet.read(**options)
    logins = len(camera.requests)
    hosts = fleet.read(**options)["_meta"]["hostvars"]
    assert hosts["gate"]["dvrip_serial"] == camera.serial
    assert hosts["gate"]["pin"] == "Otter-pin9"
    assert len(camera.requests) == logins, "the cache answers"
    files = [path for path in [*cache.rglob("*"), *(fleet.folder / "home").rglob("*")] if path.is_file()]
    assert len(files) > 1
    for path in files:
        text = path.read_bytes()
        assert not [word for word in (PASSWORD, "Wrong-one1", "Otter-pin9") if word.encode() in text], path
    assert PASSWORD not in json.dumps(hosts)


def test_a_wrong_file_says_what_is_wrong(fleet):
    def told(**how):
        run = ansible(fleet.folder, "ansible-inventory", "-i", fleet.write(**how), "--list")
        return " ".join(run.printed.split())  # an older core wraps its lines

    assert "at most 65536 addresses" in told(targets=["10.0.0.0/8"])
    assert "no password" in told(facts=True)
    assert "needs a serial, mac or host" in told(expected=[{"name": "x"}])
