"""A wish for what a device's object does not have: left out, and told."""

from dvrip_proto.config.kinds import BOOL, Int
from dvrip_proto.config.plan import plan
from dvrip_proto.config.spec import Field, Key, Spec

SPEC = Spec(
    name="Test.Object",
    fields={"Enable": Field(BOOL), "Level": Field(Int(1, 6)), "Ports[].No": Field(Int(0, 9))},
    keyed={"Ports": Key("No")},
)


def test_what_the_object_lacks_is_left_out_on_request_and_told_with_what_may_be_meant():
    wish = {"enable": True, "Level": 4, "Server": {"Host": "x", "Port": 81}, "Ports": [{"No": 1, "Rate": 5}]}
    current = {
        "Enable": 1,
        "Level": 3,
        "Server": {"Password": "old", "Port": 80, "Extra": None},
        "Ports": [{"No": "0x1", "Speed": 9600}],
    }
    found = plan(SPEC, current, wish, skip_missing=True)
    assert [change.path for change in found.changes] == ["Level", "Server.Port"]
    told = [(one.path, one.channel, one.hint) for one in found.missing]
    assert told == [
        ("enable", None, " (did you mean 'Enable'?)"),
        ("Server.Host", None, ""),
        ("Ports[No=1].Rate", None, ""),
    ]
    assert found.payload["Server"] == {"Password": "old", "Port": 81, "Extra": None}
    assert not plan(SPEC, current, {"Nothing": 1}, skip_missing=True).changed


def test_a_key_that_channels_lack_is_told_once_a_channel():
    spec = Spec(name="Test.Listed", fields={"Level": Field(Int(1, 6))}, per_channel=True)
    found = plan(spec, [{"Level": 1}, {"Other": 1}, {"Level": 2}], {"Level": 3}, skip_missing=True)
    assert [(one.path, one.channel) for one in found.missing] == [("Level", 1)]
    assert [(change.channel, change.after) for change in found.changes] == [(0, 3), (2, 3)]
