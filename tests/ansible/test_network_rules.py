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


def check(wish, *, dhcp_after=False):
    _network.check(BEFORE, {**BEFORE, **wish}, dhcp_after=dhcp_after)


def test_dhcp_decides_about_the_address():
    with pytest.raises(UsageError, match="DHCP is on and decides about HostIP 192.168.1.11"):
        check({"HostIP": "192.168.1.11"}, dhcp_after=True)
    check({"HostName": "gate"}, dhcp_after=True)
    check({"HostIP": "192.168.1.11"}, dhcp_after=False)


def test_view_has_the_names_of_the_options():
    shown = _network.view(BEFORE, True, {"Address": "192.168.1.1", "SpareAddress": "0.0.0.0"})
    assert shown["hostname"] == "cam"
    assert shown["dns"] == ["192.168.1.1"]
    assert shown["dhcp"] is True
    assert shown["mac"] == "00:12:34:56:78:90"


def test_a_single_name_server_clears_the_other():
    assert _network.dns_wish(["9.9.9.9"]) == {"Address": "9.9.9.9", "SpareAddress": "0.0.0.0"}
