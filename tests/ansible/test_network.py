"""The module `network`: names, addresses and ports, and a device that moves."""

import asyncio
import contextlib
import socket

import pytest

from ansible_collections.dvrip.devices.plugins.module_utils import _follow
from ansible_collections.dvrip.devices.plugins.module_utils._module import How
from ansible_collections.dvrip.devices.plugins.module_utils._session import Sessions
from ansible_collections.dvrip.devices.plugins.modules.network import SPEC
from dvrip_proto.simulator import Quirks
from tests.ansible.conftest import PASSWORD, assert_triplet, triplet

NETWORK = "dvrip.devices.network"


def in_hex(address):
    return "0x" + "".join(f"{int(octet):02X}" for octet in reversed(address.split(".")))


@pytest.fixture
def fixed(make_camera):
    """A camera with a fixed address of its own in 127.0.83.0/24, that goes where it is sent."""
    camera = make_camera(bind="127.0.83.10", quirks=Quirks(move_listener=True))
    camera.config["NetWork.NetDHCP"][0]["Enable"] = False
    return camera


@pytest.fixture
def unused_tcp_port():
    with socket.socket() as sock:
        sock.bind(("127.0.83.10", 0))
        return sock.getsockname()[1]


@pytest.fixture
def moving(fixed):
    """The same, and a changed HostIP moves it there, before the reply is out."""
    with leaving(fixed, comes_back=True):
        yield fixed


@contextlib.contextmanager
def leaving(camera, *, comes_back):
    """While this lasts the camera leaves its address as soon as it is given another one."""
    simulator = camera.simulator

    async def watch():
        while True:
            await asyncio.sleep(0.02)
            wanted = camera.config["NetWork.NetCommon"]["HostIP"]
            if wanted != in_hex(simulator.host) and not camera.config["NetWork.NetDHCP"][0]["Enable"]:
                await simulator._go_down()
                await asyncio.sleep(0.5)
                simulator.host = ".".join(str(octet) for octet in bytes.fromhex(wanted[2:])[::-1])
                if comes_back:
                    await simulator._listen()

    async def start():
        return asyncio.create_task(watch())

    async def stop():
        task.cancel()

    task = camera.stage.call(start())
    yield
    camera.stage.call(stop())


def test_name_servers_and_ports_change_in_place(fixed):
    wish = {"hostname": "gate", "dns": ["9.9.9.9"], "http_port": 8080, "max_connections": 20}
    run = fixed.play(triplet("network", wish))
    assert_triplet(run)
    common = fixed.config["NetWork.NetCommon"]
    assert (common["HostName"], common["HttpPort"], common["TCPMaxConn"]) == ("gate", 8080, 20)
    assert fixed.config["NetWork.NetDNS"] == {"Address": "0x09090909", "SpareAddress": "0x00000000"}
    assert run["apply"]["host"] == "127.0.83.10"
    assert run["apply"]["before"]["address"] == "127.0.83.10"
    assert run["apply"]["after"]["dns"] == ["9.9.9.9"]
    parts = {part["after_header"]: part["after"] for part in run["apply"]["diff"]}
    assert "HostName: gate\n" in parts["cam NetWork.NetCommon"]
    assert "Address: 9.9.9.9\n" in parts["cam NetWork.NetDNS"]


def test_a_device_is_followed_to_its_new_address(moving):
    wish = {"address": "127.0.83.21", "netmask": "255.255.255.0", "gateway": "127.0.83.1", "hostname": "yard"}
    port = moving.simulator.port
    run = moving.play(
        [
            {"name": "check", NETWORK: wish, "check_mode": True},
            {"name": "apply", NETWORK: wish},
            {"name": "fact", "ansible.builtin.set_fact": {"ansible_host": "127.0.83.21"}},
            {"name": "again", NETWORK: wish},
        ]
    ).ok()
    assert run["check"]["host"] == run["apply"]["host"] == "127.0.83.21"
    assert run["apply"]["port"] == port
    assert run["apply"]["changed"] is True
    assert run["apply"]["reboot_required"] is False
    assert run["again"]["changed"] is False
    assert moving.simulator.host == "127.0.83.21"


def test_a_device_is_followed_to_its_new_port(fixed, unused_tcp_port):
    run = fixed.play([{"name": "apply", NETWORK: {"tcp_port": unused_tcp_port}}]).ok()
    assert run["apply"]["port"] == unused_tcp_port == fixed.simulator.port


def test_a_device_that_stays_until_its_restart_is_reported(make_camera, unused_tcp_port):
    camera = make_camera(bind="127.0.83.11", quirks=Quirks(restart={"NetWork.NetCommon": 603}))
    run = camera.play([{"name": "apply", NETWORK: {"tcp_port": unused_tcp_port}}]).ok()
    assert run["apply"]["reboot_required"] is True
    assert run["apply"]["port"] == camera.simulator.port


def run_here(camera, **options):
    """The module in this process, whose constants a test may change."""
    given = {
        "host": camera.simulator.host,
        "port": camera.simulator.port,
        "login_password": PASSWORD,
        **options,
    }
    with Sessions() as sessions:
        return SPEC.run(sessions, SPEC.validate(given).validated_parameters, How())


def test_a_device_that_stays_without_a_word_is_noticed(make_camera, unused_tcp_port, monkeypatch):
    monkeypatch.setattr(_follow, "MOVE_S", 0.5)
    camera = make_camera(bind="127.0.83.12", quirks=Quirks(move_listener=False))
    result = run_here(camera, tcp_port=unused_tcp_port)
    assert result["changed"] is True
    assert result["reboot_required"] is True
    assert result["port"] == camera.simulator.port


def test_a_device_that_is_slow_to_move_is_still_followed(moving, monkeypatch):
    monkeypatch.setattr(_follow, "MOVE_S", 0.3)
    monkeypatch.setattr(_follow, "_GLANCE_S", 0.1)
    result = run_here(moving, address="127.0.83.22")
    assert (result["host"], result["reboot_required"]) == ("127.0.83.22", False)


def test_without_waiting_the_new_address_is_only_told(moving):
    result = run_here(moving, address="127.0.83.23", wait=False)
    assert (result["changed"], result["host"]) == (True, "127.0.83.23")


def test_behind_address_translation_the_device_stays_where_it_is(fixed):
    fixed.config["NetWork.NetCommon"] |= {"HostIP": in_hex("127.0.84.9"), "GateWay": in_hex("127.0.84.1")}
    assert run_here(fixed, address="127.0.84.10")["host"] == "127.0.83.10"


def test_another_device_at_the_new_address_is_not_taken_for_this_one(moving, monkeypatch):
    is_same = _follow.is_same
    monkeypatch.setattr(_follow, "is_same", lambda _serial: is_same("0123456789abcdef"))
    result = run_here(moving, address="127.0.83.24", wait_timeout=2)
    assert result["unreachable"] is True
    assert "another device answers, with serial number" in result["msg"]


@pytest.mark.parametrize("stored", [None, []])
def test_a_device_without_dhcp_can_be_named_but_not_switched(fixed, stored):
    if stored is None:
        del fixed.config["NetWork.NetDHCP"]
    else:
        fixed.config["NetWork.NetDHCP"] = stored
    named = run_here(fixed, hostname="gate")
    assert named["changed"] is True
    assert "dhcp" not in named["after"]
    switched = run_here(fixed, dhcp=True)
    assert switched["failed"] is True
    assert "NetWork.NetDHCP" in switched["msg"]


def test_dhcp_goes_off_before_the_address_is_written(moving):
    moving.config["NetWork.NetDHCP"][0]["Enable"] = True
    wish = {"dhcp": False, "address": "127.0.83.31"}
    run = moving.play(
        [
            {"name": "on", NETWORK: {"address": "127.0.83.31"}, "ignore_errors": True},
            {"name": "apply", NETWORK: wish},
        ]
    ).ok()
    assert "DHCP is on and decides about HostIP 127.0.83.31" in run["on"]["msg"]
    assert run["apply"]["before"]["dhcp"] is True
    assert run["apply"]["after"]["dhcp"] is False
    assert run["apply"]["host"] == moving.simulator.host == "127.0.83.31"
    writes = [name for message_id, name, _user in moving.simulator.requests if message_id == 1040]
    assert writes == ["NetWork.NetDHCP", "NetWork.NetCommon"]


def test_dhcp_goes_on_last_and_is_waited_for(fixed):
    run = fixed.play(triplet("network", {"dhcp": True, "hostname": "pond"}))
    assert_triplet(run)
    assert fixed.config["NetWork.NetDHCP"][0] == {"Enable": True, "Interface": "eth0"}
    assert [entry["Enable"] for entry in fixed.config["NetWork.NetDHCP"]].count(True) == 1
    writes = [name for message_id, name, _user in fixed.simulator.requests if message_id == 1040]
    assert writes == ["NetWork.NetCommon", "NetWork.NetDHCP"]


def test_what_would_lose_the_device_is_refused(fixed, make_camera):
    other = make_camera(bind="127.0.83.77", port=fixed.simulator.port)
    cases = {
        "gateway outside": ({"gateway": "127.0.84.1"}, "gateway 127.0.84.1 is not in the device's network"),
        "holes": ({"netmask": "255.0.255.0"}, "netmask 255.0.255.0"),
        "broadcast": ({"address": "127.0.83.255"}, "broadcast address"),
        "no address": ({"address": "127.0.83"}, "127.0.83"),
        "same ports": ({"http_port": fixed.simulator.port}, "are both"),
        "taken": ({"address": other.simulator.host}, "address 127.0.83.77 is taken"),
        "three servers": ({"dns": ["9.9.9.9"] * 3}, "one or two"),
        "no such interface": ({"dhcp": True, "interface": "eth9"}, "eth9"),
        "big port": ({"tcp_port": 70000}, "70000"),
    }
    before = str(fixed.config)
    tasks = [{"name": name, NETWORK: wish, "ignore_errors": True} for name, (wish, _) in cases.items()]
    run = fixed.play(tasks).ok()
    for name, (_wish, part) in cases.items():
        assert run[name].outcome == "failed", name
        assert part in run[name]["msg"], name
        assert run[name]["msg"].startswith(f"127.0.83.10:{fixed.simulator.port}: "), name
    assert str(fixed.config) == before


def test_a_device_that_does_not_come_back_is_unreachable(fixed):
    with leaving(fixed, comes_back=False):
        run = fixed.play([{"name": "apply", NETWORK: {"address": "127.0.83.40", "wait_timeout": 3}}])
    assert run.rc == 4
    assert run["apply"].outcome == "unreachable"
    assert run["apply"]["msg"].startswith(f"127.0.83.40:{fixed.simulator.port}: not back within")
    assert run["apply"]["written"] == ["NetWork.NetCommon"]
    assert run["apply"]["changed"] is True


def test_a_restart_brings_the_new_port_and_the_device_is_followed_there(make_camera, unused_tcp_port):
    camera = make_camera(bind="127.0.83.10", quirks=Quirks(restart={"NetWork.NetCommon": 603}))
    camera.config["NetWork.NetDHCP"][0]["Enable"] = False
    camera.simulator.downtime_s = 0.3
    old = camera.simulator.port
    first = camera.play([{"name": "stored", NETWORK: {"tcp_port": unused_tcp_port}}]).ok()
    assert (first["stored"]["reboot_required"], first["stored"]["port"]) == (True, old)
    second = camera.play(
        [
            {"name": "waits", NETWORK: {"tcp_port": unused_tcp_port}},
            {"name": "heals", NETWORK: {"tcp_port": unused_tcp_port, "reboot": "if_needed"}},
        ]
    ).ok()
    assert (second["waits"]["changed"], second["waits"]["reboot_required"]) == (False, True)
    assert second["heals"]["rebooted"] is True
    assert second["heals"]["port"] == unused_tcp_port == camera.simulator.port
