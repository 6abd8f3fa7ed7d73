"""What a write would do to whoever makes it, in words; only what changes is looked at."""

import pytest

from dvrip_proto.config.catalog import setting, spec_for
from dvrip_proto.config.guards import Caller, dangers, destination, guarded
from dvrip_proto.config.plan import plan

CALLER = Caller("192.168.1.50", "192.168.1.10", 34567)
COMMON = {
    "HostIP": "0x0A01A8C0",
    "Submask": "0x00FFFFFF",
    "GateWay": "0x0101A8C0",
    "TCPPort": 34567,
    "HttpPort": 80,
    "SSLPort": 8443,
    "HostName": "gate",
}
NOBODY = ["0x00000000"] * 64
FILTER = {"Enable": True, "Banned": NOBODY, "Trusted": NOBODY}
WIFI = {"Enable": True, "HostIP": "0x0A01A8C0", "Submask": "0x00FFFFFF", "GateWay": "0x0101A8C0", "SSID": "home", "Keys": "k"}  # fmt: skip
DHCP = [{"Interface": "eth0", "Enable": False}, None]


def told(name, current, wish, caller=CALLER):
    made = plan(spec_for(name), current, wish)
    return [(str(danger), danger.lasting) for danger in dangers(name, current, made.payload, caller)]


@pytest.mark.parametrize(
    ("wish", "text", "lasting"),
    [
        ({"GateWay": "10.0.0.1"}, "gateway 10.0.0.1 is not in the device's network 192.168.1.0/24: set address", True),
        ({"GateWay": "192.168.1.10"}, "gateway 192.168.1.10 is the device's own address", True),
        ({"HostIP": "10.0.0.5"}, "gateway 192.168.1.1 is not in the device's network 10.0.0.0/24", True),
        ({"HostIP": "192.168.1.0"}, "address 192.168.1.0 is the network address of 192.168.1.0/24", True),
        ({"HostIP": "192.168.1.255"}, "address 192.168.1.255 is the broadcast address of", True),
        ({"HostIP": "224.0.0.1"}, "address 224.0.0.1 is not the address of one device", True),
        ({"HostIP": "0.0.0.0"}, "address 0.0.0.0 is not the address of one device", True),
        ({"HostIP": "127.0.0.1"}, "address 127.0.0.1 is not the address of one device", True),
        ({"Submask": "255.0.255.0"}, "netmask 255.0.255.0 is not a netmask such as 255.255.255.0", True),
        ({"Submask": "0.0.0.0"}, "netmask 0.0.0.0 is not a netmask", True),
        ({"TCPPort": 80}, "HttpPort and TCPPort are both 80", True),
        ({"HostIP": "192.168.1.11"}, "the device moves to 192.168.1.11: this connection ends", False),
        ({"TCPPort": 34568}, "the device moves to port 34568: this connection ends", False),
    ],
)  # fmt: skip
def test_addresses_and_ports(wish, text, lasting):
    found = told("NetWork.NetCommon", COMMON, wish)
    assert any(said.startswith(text) and kind is lasting for said, kind in found), found
    assert told("NetWork", {"NetCommon": COMMON, "Other": 1}, {"NetCommon": wish}) == found


@pytest.mark.parametrize(
    ("wish", "there"),
    [
        ({"HostIP": "192.168.1.11"}, ("192.168.1.11", 0)),
        ({"TCPPort": 34568}, ("", 34568)),
        ({"HostIP": "192.168.1.11", "TCPPort": 34568, "GateWay": "10.0.0.1"}, ("192.168.1.11", 34568)),
        ({"HostIP": "0.0.0.0"}, ("", 0)),
        ({"HostIP": "127.0.0.1"}, ("", 0)),
        ({"GateWay": "10.0.0.1"}, ("", 0)),
        ({"HttpPort": 81}, ("", 0)),
    ],
)
def test_a_danger_knows_where_the_device_goes(wish, there):
    made = plan(spec_for("NetWork.NetCommon"), COMMON, wish)
    assert destination(dangers("NetWork.NetCommon", COMMON, made.payload, CALLER)) == there
    behind_translation = Caller("10.0.0.50", "198.51.100.7", 40001)
    found = dangers("NetWork.NetCommon", COMMON, made.payload, behind_translation)
    assert destination(found) == ("", 0), "the caller reaches it where it did"


def test_a_danger_knows_where_a_device_goes_over_wifi():
    made = plan(spec_for("NetWork.Wifi"), WIFI, {"HostIP": "192.168.1.12"})
    assert destination(dangers("NetWork.Wifi", WIFI, made.payload, CALLER)) == ("192.168.1.12", 0)
    on = plan(spec_for("NetWork.NetDHCP"), DHCP, [{"Interface": "eth0", "Enable": True}])
    assert destination(dangers("NetWork.NetDHCP", DHCP, on.payload, CALLER)) == ("", 0), "nobody knows"


@pytest.mark.parametrize("wish", [{"HostName": "door"}, {"GateWay": "0.0.0.0"}, {"HttpPort": 81}, {}])
def test_what_ends_nothing_is_no_danger(wish):
    assert told("NetWork.NetCommon", COMMON, wish) == []


FAR = {"HostIP": "0x0A00010A", "GateWay": "0x0100010A", "Submask": "0x00FFFFFF"}  # 10.1.0.10/24
AFAR = Caller("10.8.0.2", "10.1.0.10", 34567)  # as a controller of many sites is


@pytest.mark.parametrize(
    ("wish", "text"),
    [
        ({"GateWay": "0.0.0.0"}, "no gateway: this computer, 10.8.0.2, is in another network than the device and would get no answer"),
        ({"HostIP": "10.1.0.11", "GateWay": "0.0.0.0"}, "no gateway: this computer, 10.8.0.2,"),
        ({"Submask": "255.0.0.0"}, "netmask 255.0.0.0 puts this computer, 10.8.0.2, into the device's own network 10.0.0.0/8: it would"),
        ({"GateWay": "10.1.0.254"}, ""),
        ({"Submask": "255.255.0.0"}, ""),
        ({"HostIP": "10.8.0.7", "GateWay": "0.0.0.0"}, ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("name", "tree"), [("NetWork.NetCommon", COMMON), ("NetWork.Wifi", WIFI)])
def test_who_is_answered_through_the_gateway_stays_reachable(name, tree, wish, text):
    lasting = [said for said, stays in told(name, {**tree, **FAR}, wish, AFAR) if stays]
    assert [said[: len(text)] for said in lasting] == ([text] if text else [])


@pytest.mark.parametrize(
    "caller", [Caller("10.8.0.2", "198.51.100.7", 40001), Caller("10.1.0.50", "10.1.0.10"), Caller()]
)
def test_who_needs_no_gateway_is_not_warned_of_losing_it(caller):
    assert told("NetWork.NetCommon", {**COMMON, **FAR}, {"GateWay": "0.0.0.0"}, caller) == []


def test_a_device_with_an_odd_gateway_can_still_get_another_name():
    assert told("NetWork.NetCommon", {**COMMON, "GateWay": "0x0100000A"}, {"HostName": "door"}) == []


@pytest.mark.parametrize(
    ("wish", "text"),
    [
        ({"Trusted": ["192.168.1.51"]}, "the device would refuse this computer: Trusted does not have its address 192.168.1.50"),
        ({"Banned": ["192.168.1.50", "10.0.0.1"]}, "the device would refuse this computer: Banned has its address 192.168.1.50"),
    ],
)  # fmt: skip
def test_a_filter_that_excludes_the_caller(wish, text):
    assert told("NetWork.NetIPFilter", FILTER, wish) == [(text, True)]
    assert told("NetWork.NetIPFilter", {**FILTER, "Enable": False}, wish) == []
    armed = {**FILTER, "Enable": False, **wish}
    assert told("NetWork.NetIPFilter", armed, {"Enable": True}) == [(text, True)]
    assert told("NetWork.NetIPFilter", FILTER, wish, Caller()) == []


@pytest.mark.parametrize(
    ("caller", "hinted"),
    [
        (Caller("172.17.0.2", "192.168.1.10", 34567), True),  # as out of a container
        (Caller("10.8.0.2", "10.1.0.10", 34567), True),
        (Caller("192.168.7.2", "192.168.1.10", 34567), False),
        (Caller("172.17.0.2", "fe80::1", 34567), False),
        (Caller("172.17.0.2"), False),
    ],
)
def test_an_address_that_may_be_translated_is_not_told_as_the_one_to_trust(caller, hinted):
    """A log entry of a login: `admin,DVRIP-Web:192.168.0.105`."""
    ((said, stays),) = told("NetWork.NetIPFilter", FILTER, {"Trusted": ["192.168.1.51"]}, caller)
    assert stays
    assert f"Trusted does not have its address {caller.own}" in said
    assert said.endswith("translates that address, the device's log shows the one that counts)") is hinted
    for name, tree in (("NetWork.NetCommon", COMMON), ("NetWork.Wifi", WIFI)):
        for wish in ({"GateWay": "0.0.0.0"}, {"Submask": "255.0.0.0"}):
            lasting = [text for text, stays in told(name, {**tree, **FAR}, wish, AFAR) if stays]
            assert [text.endswith("shows the one that counts)") for text in lasting] == [True]


@pytest.mark.parametrize(
    "wish", [{"Trusted": ["192.168.1.50"]}, {"Banned": ["192.168.1.51"]}, {"Enable": False}]
)
def test_a_filter_that_admits_the_caller(wish):
    assert told("NetWork.NetIPFilter", FILTER, wish) == []


def test_dhcp():
    found = told("NetWork.NetDHCP", DHCP, [{"Interface": "eth0", "Enable": True}])
    assert found == [
        (
            "the device moves to the address that a DHCP server gives it on eth0: this connection may end",
            False,
        )
    ]
    assert told("NetWork.NetDHCP", DHCP, [{"Interface": "eth0", "Enable": 0}]) == []


@pytest.mark.parametrize(
    ("wish", "text", "lasting"),
    [
        ({"Enable": False}, "this connection goes over the Wi-Fi of the device, whose Enable change", True),
        ({"SSID": "other", "Keys": "x"}, "this connection goes over the Wi-Fi of the device, whose SSID, Keys", True),
        ({"HostIP": "192.168.1.12"}, "the device moves to 192.168.1.12: this connection ends", False),
        ({"GateWay": "10.0.0.1"}, "gateway 10.0.0.1 is not in the device's network", True),
    ],
)  # fmt: skip
def test_wifi_that_this_connection_goes_over(wish, text, lasting):
    found = told("NetWork.Wifi", WIFI, wish)
    assert found[0][0].startswith(text)
    assert found[0][1] is lasting
    assert told("NetWork.Wifi", WIFI, wish, Caller("192.168.1.50", "192.168.1.99", 34567)) == []
    assert told("NetWork.Wifi", {**WIFI, "Enable": False}, wish) == []
    assert "k" not in [said for said, _ in found]


@pytest.mark.parametrize("tree", [None, [], "x", {"HostIP": 5}, {"Enable": True, "Trusted": "x"}, [5, None]])
@pytest.mark.parametrize(
    "name", ["NetWork.NetCommon", "NetWork.NetDHCP", "NetWork.NetIPFilter", "NetWork.Wifi"]
)
def test_whatever_a_device_tells_is_looked_at_without_harm(name, tree):
    assert isinstance(dangers(name, tree, tree, CALLER), tuple)
    assert isinstance(dangers(name, {}, tree, CALLER), tuple)


def test_parts_are_known_by_their_owner():
    assert guarded("NetWork.NetCommon.GateWay") == "NetWork.NetCommon"
    assert guarded("NetWork.NetCommon") is None
    assert setting("NetWork.NetCommon", "GateWay").patch("x") == {"GateWay": "x"}
