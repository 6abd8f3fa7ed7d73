"""Which network settings are refused, without a device."""

import pytest

from ansible_collections.dvrip.devices.plugins.module_utils import _network
from dvrip_proto import UsageError

BEFORE = {
    "HostName": "cam",
    "HostIP": "192.168.1.10",
    "Submask": "255.255.255.0",
    "GateWay": "192.168.1.1",
    "TCPPort": 34567,
    "HttpPort": 80,
    "SSLPort": 8443,
    "MAC": "00:12:34:56:78:90",
}


def check(wish, *, dhcp_before=False, dhcp_after=False, before=BEFORE):
    _network.check(before, {**before, **wish}, dhcp_before=dhcp_before, dhcp_after=dhcp_after)


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"HostIP": "192.168.1.11"},
        {"HostIP": "10.0.0.2", "Submask": "255.0.0.0", "GateWay": "10.255.255.254"},
        {"HostIP": "10.0.0.2", "Submask": "255.255.255.252", "GateWay": "0.0.0.0"},
        {"HostIP": "10.0.0.0", "Submask": "255.255.255.254", "GateWay": "10.0.0.1"},
        {"TCPPort": 40000},
        {"HttpPort": 0, "SSLPort": 0},
    ],
)
def test_a_sound_configuration_passes(wish):
    check(wish)


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"HostIP": "10.0.0.2"}, r"gateway 192\.168\.1\.1 is not in .* 10\.0\.0\.0/24"),
        ({"GateWay": "192.168.2.1"}, r"gateway 192\.168\.2\.1 is not in"),
        ({"GateWay": "192.168.1.10"}, "own address"),
        ({"Submask": "255.0.255.0"}, r"netmask 255\.0\.255\.0"),
        ({"Submask": "0.0.0.0"}, r"netmask 0\.0\.0\.0"),
        ({"HostIP": "192.168.1.0"}, "network address of 192"),
        ({"HostIP": "192.168.1.255"}, "broadcast address of 192"),
        ({"HostIP": "0.0.0.0"}, "not the address of one device"),
        ({"HostIP": "239.1.1.1"}, "not the address of one device"),
        ({"HostIP": "255.255.255.255"}, "not the address of one device"),
        ({"HostIP": "127.0.0.1"}, "not the address of one device"),
        ({"TCPPort": 80}, "http_port and tcp_port are both 80"),
    ],
)
def test_what_would_lose_the_device_is_refused(wish, reason):
    with pytest.raises(UsageError, match=reason):
        check(wish)


def test_dhcp_decides_about_the_address():
    with pytest.raises(UsageError, match="DHCP is on and decides about HostIP 192.168.1.11"):
        check({"HostIP": "192.168.1.11"}, dhcp_before=True, dhcp_after=True)
    check({"HostName": "gate"}, dhcp_before=True, dhcp_after=True)


def test_leaving_dhcp_needs_a_sound_address():
    odd = BEFORE | {"GateWay": "10.0.0.1"}
    check({"HostName": "gate"}, before=odd)
    with pytest.raises(UsageError, match="gateway 10"):
        check({}, before=odd, dhcp_before=True)


def test_view_has_the_names_of_the_options():
    shown = _network.view(BEFORE, True, {"Address": "192.168.1.1", "SpareAddress": "0.0.0.0"})
    assert shown["hostname"] == "cam"
    assert shown["dns"] == ["192.168.1.1"]
    assert shown["dhcp"] is True
    assert shown["mac"] == "00:12:34:56:78:90"


def test_a_single_name_server_clears_the_other():
    assert _network.dns_wish(["9.9.9.9"]) == {"Address": "9.9.9.9", "SpareAddress": "0.0.0.0"}
