import copy
import json

import pytest

from dvrip_proto.config.catalog import CATALOG, USER, spec_for
from dvrip_proto.config.kinds import BOOL, Choice, Int
from dvrip_proto.config.lists import Mask, Set
from dvrip_proto.config.plan import plan
from dvrip_proto.config.spec import Access, Field, Key, Spec
from dvrip_proto.config.texts import IPV4, SECRET, TEXT
from dvrip_proto.errors import UsageError

SPEC = Spec(
    name="Test.Object",
    fields={
        "Enable": Field(BOOL),
        "Level": Field(Int(1, 6)),
        "Mask": Field(Mask()),
        "Address": Field(IPV4),
        "Mode": Field(Choice(("Auto", "Close"))),
        "Serial": Field(TEXT, Access.READ_ONLY),
        "Pin": Field(TEXT, Access.WRITE_ONLY),
        "Server.Password": Field(SECRET),
        "Rights": Field(Set(TEXT)),
        "Users[].Name": Field(TEXT),
        "Ports[].No": Field(Int(0, 9)),
    },
    keyed={"Users": Key("Name", grows=True), "Ports": Key("No")},
)


@pytest.fixture
def current():
    return {
        "Enable": 1,
        "Level": 3,
        "Mask": "0x0000000a",
        "Address": "0x0A01A8C0",
        "Mode": "AUTO",
        "Serial": "55be",
        "Pin": "",
        "Server": {"Password": "old", "Port": 80, "Extra": None},
        "Rights": ["b", "a"],
        "Users": [{"Name": "admin", "Memo": "x"}, {"Name": "guest", "Memo": "y"}, None],
        "Ports": [{"No": "0x1", "Speed": 9600}, {"No": 2, "Speed": 300}],
        "Points": [{"X": 1}, {"X": 2}, {"X": 3}],
        "Links": [["None", 0], [None, None]],
        "Position": [1, 2, 3, 4],
        "Unknown": {"deep": {"er": [1, {"a": "0x0F"}]}},
        "Null": None,
        "Empty": {},
    }


def paths(found):
    return [change.path for change in found.changes]


def test_nothing_changes_in_any_spelling(current):
    found = plan(
        SPEC,
        current,
        {
            "Enable": True,
            "Level": "3",
            "Mask": [1, 3],
            "Address": "192.168.1.10",
            "Mode": "auto",
            "Serial": "55be",
            "Server": {"Password": "old", "Port": "80"},
            "Rights": ["a", "b"],
            "Users": [{"Name": "guest", "Memo": "y"}],
            "Ports": [{"No": 1, "Speed": "9600"}],
            "Points": [None, {"X": 2}],
            "Links": [["None", "0"]],
            "Position": [1, 2, 3, "4"],
            "Unknown": {"deep": {"er": [True, {"a": "0x0000000f"}]}},
            "Null": None,
            "Empty": {},
        },
    )
    assert not found.changed
    assert found.payload is current
    assert found.summary() == []


def test_a_change_imitates_the_device_and_leaves_the_rest(current):
    before = copy.deepcopy(current)
    found = plan(SPEC, current, {"Enable": "off", "Mask": [0, 3], "Address": "10.0.0.1", "Mode": "close"})
    assert found.payload == before | {
        "Enable": 0,
        "Mask": "0x00000009",
        "Address": "0x0100000A",
        "Mode": "Close",
    }
    assert type(found.payload["Enable"]) is int
    assert found.payload["Unknown"] is current["Unknown"]
    assert found.payload["Users"] is current["Users"]
    assert list(found.payload) == list(current)
    assert current == before
    assert found.summary() == [
        "Enable: true -> false",
        "Mask: [1, 3] -> [0, 3]",
        "Address: 192.168.1.10 -> 10.0.0.1",
        "Mode: Auto -> Close",
    ]


def test_deep_values_share_every_sibling(current):
    found = plan(SPEC, current, {"Unknown": {"deep": {"er": [None, {"a": 16}]}}, "Server": {"Port": 81}})
    assert found.payload["Unknown"] == {"deep": {"er": [1, {"a": "0x10"}]}}
    assert found.payload["Server"] == {"Password": "old", "Port": 81, "Extra": None}
    assert paths(found) == ["Unknown.deep.er[1].a", "Server.Port"]


class TestMistakes:
    @pytest.mark.parametrize(
        ("wish", "message"),
        [
            ({"Level": 7}, "Test.Object: Level: 7 is not possible, it must be a whole number from 1 to 6"),
            ({"Level": None}, "Test.Object: Level: null is not possible"),
            ({"Mode": "Sometimes"}, "Test.Object: Mode: 'Sometimes' is not possible, it must be one of Auto, Close"),
            ({"Serial": "77"}, "Test.Object: Serial: cannot be changed, the device reports '55be'"),
            ({"enable": True}, "has no key 'enable' (did you mean 'Enable'?), its keys are: Address, Empty, Enable,"),
            ({"Server": {"Host": "x"}}, "Test.Object: Server: this device has no key 'Host'"),
            ({"Empty": {"x": 1}}, "Test.Object: Empty: this device has no key 'x', its keys are: none"),
            ({"Null": {"x": 1}}, "Test.Object: Null: this device has no key 'x'"),
            ({"Level": {"x": 1}}, "Test.Object: Level: this value is not possible, it must be a whole number"),
            ({"Position": [{"Password": "p"}] * 9}, "Test.Object: Position: the device has 4 elements here, not 9"),
            ({"Server": {"Port": {"Password": "p"}}}, "Test.Object: Server.Port: the device holds a number here"),
            ({"Unknown": [{"Password": "p"}]}, "Test.Object: Unknown: the device holds an object here, not a list"),
            ({"Unknown": 5}, "Test.Object: Unknown: 5 is not possible, the device holds an object here"),
            ({"Position": {"x": 1}}, "Test.Object: Position: the device holds a list here, not an object"),
            ({"Server": {"Port": [{"x": 1}]}}, "Test.Object: Server.Port: the device holds a number here, not a list"),
            ({"Server": {"Port": "http"}}, "Server.Port: 'http' is not possible, the device holds a number here"),
            ({"Server": {"Password": 5.5e300, "Port": True, "Extra": 1}}, ""),
            ({"Server": {"Password": None}}, "Server.Password: this value is not possible, it must be text"),
            ({"Points": [{}, {}, {}, {}]}, "Test.Object: Points: the device has 3 elements here, not 4"),
            ({"Points": [1]}, "Test.Object: Points[0]: 1 is not possible, the device holds an object here"),
            ({"Users": [{"Memo": "x"}]}, "Test.Object: Users: every element needs its 'Name'"),
            ({"Users": [["admin"]]}, "Test.Object: Users: every element needs its 'Name'"),
            ({"Users": [{"Name": "a"}, {"Name": "a"}]}, "Test.Object: Users: Name a is there twice"),
            ({"Ports": [{"No": 3}]}, "Test.Object: Ports: no element has No 3, there are: 1, 2"),
            ([], "Test.Object: [] is not possible, the device holds an object here"),
            ([{"x": 1}], "Test.Object: the device holds an object here, not a list"),
            ("on", "Test.Object: 'on' is not possible, the device holds an object here"),
        ],
    )  # fmt: skip
    def test_is_refused_with_names_and_values(self, current, wish, message):
        before = copy.deepcopy(current)
        if not message:
            assert plan(SPEC, current, wish).changed
            return
        with pytest.raises(UsageError) as refusal:
            plan(SPEC, current, wish)
        assert message in str(refusal.value)
        assert current == before

    def test_a_secret_is_not_shown_even_without_a_row(self):
        for wish in ({"PassWord": {"a": "hunter2"}}, {"PassWord": ["hunter2"]}):
            with pytest.raises(UsageError, match="PassWord") as refusal:
                plan(Spec(name="New"), {"PassWord": "x"}, wish)
            assert "hunter2" not in str(refusal.value)

    def test_a_read_only_secret_is_not_shown(self):
        spec = Spec(name="New", fields={"Password": Field(SECRET, Access.READ_ONLY)})
        with pytest.raises(UsageError, match="cannot be changed") as refusal:
            plan(spec, {"Password": "hunter2"}, {"Password": "x"})
        assert "hunter2" not in str(refusal.value)


class TestNewKeys:
    def test_may_be_allowed(self, current):
        found = plan(
            SPEC, current, {"Fresh": {"a": [{"b": 1}], "c": {}}, "Null": {"x": 1}, "e": []}, allow_new=True
        )
        assert found.payload["Fresh"] == {"a": [{"b": 1}], "c": {}}
        assert found.payload["Null"] == {"x": 1}
        assert paths(found) == ["Fresh.a[0].b", "Fresh.c", "Null.x", "e"]
        assert [change.before for change in found.changes] == [None] * 4

    def test_that_the_catalog_knows_may_fill_what_is_null(self):
        spec = Spec(
            name="T", fields={"Server.Port": Field(Int(1, 9)), "Serial": Field(TEXT, Access.READ_ONLY)}
        )
        found = plan(spec, {"Server": None}, {"Server": {"Port": "5"}})
        assert found.payload == {"Server": {"Port": 5}}
        assert plan(spec, {"Server": None}, {"Server": {}}).payload == {"Server": None}

    def test_more_elements_may_be_allowed(self, current):
        found = plan(
            SPEC, current, {"Points": [None, None, None, {"X": 9}], "Ports": [{"No": 3}]}, allow_new=True
        )
        assert found.payload["Points"] == [{"X": 1}, {"X": 2}, {"X": 3}, {"X": 9}]
        assert found.payload["Ports"][2] == {"No": 3}


class TestLists:
    def test_keyed_elements_are_found_by_key_and_added(self, current):
        found = plan(SPEC, current, {"Users": [{"Name": "new", "Memo": "z"}, {"Name": "admin", "Memo": "q"}]})
        assert found.payload["Users"] == [
            {"Name": "admin", "Memo": "q"}, {"Name": "guest", "Memo": "y"}, None, {"Name": "new", "Memo": "z"},
        ]  # fmt: skip
        assert paths(found) == ["Users[Name=new].Name", "Users[Name=new].Memo", "Users[Name=admin].Memo"]

    def test_a_null_list_may_be_filled_by_key(self):
        found = plan(SPEC, {"Users": None}, {"Users": [{"Name": "a"}]})
        assert found.payload == {"Users": [{"Name": "a"}]}

    def test_a_shorter_wish_leaves_the_tail(self, current):
        found = plan(SPEC, current, {"Points": [None, {"X": 9}]})
        assert found.payload["Points"] == [{"X": 1}, {"X": 9}, {"X": 3}]
        assert found.payload["Points"][2] is current["Points"][2]

    def test_a_list_of_plain_values_is_one_value(self, current):
        found = plan(SPEC, current, {"Position": [9, "2"]})
        assert found.payload["Position"] == [9, 2]
        assert found.summary() == ["Position: [1, 2, 3, 4] -> [9, 2]"]

    def test_a_set_keeps_the_devices_order(self, current):
        found = plan(SPEC, current, {"Rights": ["a", "c", "b"]})
        assert found.payload["Rights"] == ["b", "a", "c"]

    def test_a_leaf_can_be_the_object_itself(self):
        found = plan(spec_for("NetWork.NetCommon.HostIP"), "0x0A01A8C0", "192.168.1.11")
        assert found.payload == "0x0B01A8C0"
        assert found.summary() == ["value: 192.168.1.10 -> 192.168.1.11"]


class TestReplace:
    def test_removes_what_is_not_wanted(self, current):
        wish = {"Enable": True, "Users": [{"Name": "guest"}], "Points": [{"X": 1}], "Unknown": {}}
        found = plan(SPEC, current, wish, replace=True)
        assert found.payload == {
            "Enable": 1, "Serial": "55be", "Users": [{"Name": "guest"}, None], "Points": [{"X": 1}], "Unknown": {},
        }  # fmt: skip
        assert {
            "Level",
            "Server",
            "Users[Name=admin]",
            "Users[Name=guest].Memo",
            "Points[2]",
            "Unknown.deep",
        } <= set(paths(found))
        assert all(change.after is None for change in found.changes)
        assert "Server: {'Password': '********', 'Port': 80, 'Extra': None} -> none" in found.summary()

    def test_changes_nothing_when_all_is_equal(self, current):
        wish = {key: value for key, value in current.items() if key != "Pin"}
        wish["Users"] = wish["Users"][:2]
        found = plan(SPEC, current, wish, replace=True)
        assert paths(found) == ["Pin"]


class TestSecrets:
    def test_are_masked_and_not_verifiable(self, current):
        found = plan(SPEC, current, {"Server": {"Password": "hunter2"}, "Pin": "1234"})
        assert found.payload["Server"]["Password"] == "hunter2"
        assert found.unverifiable == ("Server.Password", "Pin")
        assert found.changes[0].secret
        assert found.changes[0].after == "********"
        shown = f"{found!r} {found.summary()} {json.dumps(found.before)} {json.dumps(found.after)}"
        assert "hunter2" not in shown
        assert "old" not in shown

    def test_that_the_device_shows_and_that_are_equal_are_no_change(self, current):
        assert not plan(SPEC, current, {"Server": {"Password": "old"}}).changed

    def test_write_only_values_are_never_known_to_be_equal(self, current):
        found = plan(SPEC, current, {"Pin": ""})
        assert paths(found) == ["Pin"]
        assert found.unverifiable == ("Pin",)

    def test_are_known_by_their_key_in_objects_without_a_row(self):
        found = plan(
            Spec(name="New.Thing"), {"PassWord": "a", "Url": ""}, {"PassWord": "b", "Url": "rtsp://u:p@h/"}
        )
        assert found.unverifiable == ("PassWord",)
        assert found.summary() == ["PassWord: ******** -> ********", 'Url: "" -> rtsp://********@h/']


class TestChannels:
    ELEMENTS = ({"Enable": True, "Level": 3}, None, {"0": None}, {"Enable": False, "Level": 3})
    MOTION = CATALOG["Detect.MotionDetect"]

    def test_one_element(self):
        found = plan(self.MOTION, self.ELEMENTS[0], {"Level": 5}, channel=0)
        assert (found.payload, found.name, found.channel) == (
            {"Enable": True, "Level": 5}, "Detect.MotionDetect", 0,
        )  # fmt: skip

    def test_one_element_within_the_list(self):
        current = list(self.ELEMENTS)
        found = plan(self.MOTION, current, {"Level": 5}, channel=3, listed=True)
        assert found.payload == [*current[:3], {"Enable": False, "Level": 5}]
        assert paths(found) == ["Level"]
        assert plan(self.MOTION, current, {"Level": 3}, channel=3, listed=True).payload is current

    def test_a_wish_that_is_no_list_is_for_every_channel_that_has_the_object(self):
        current = list(self.ELEMENTS)
        found = plan(self.MOTION, current, {"Enable": True})
        assert found.payload == [current[0], None, {"0": None}, {"Enable": True, "Level": 3}]
        assert [(change.channel, change.path) for change in found.changes] == [(3, "Enable")]
        assert found.summary() == ["channel 4: Enable: false -> true"]

    def test_a_list_is_by_channel_and_null_leaves_a_channel(self):
        current = list(self.ELEMENTS)
        found = plan(self.MOTION, current, [{"Level": 1}, None, None, {"Level": 2}])
        assert [element and element.get("Level") for element in found.payload] == [1, None, None, 2]
        assert plan(self.MOTION, current, []).payload is current

    def test_titles_are_texts_by_channel(self):
        titles = CATALOG["ChannelTitle"]
        assert plan(titles, ["Door", "Yard"], ["Door", "Garden"]).summary() == ["channel 2: Yard -> Garden"]
        assert plan(titles, ["Door", "Yard"], "Gate", channel=1, listed=True).payload == ["Door", "Gate"]

    def test_lists_that_are_elements(self):
        presets = CATALOG["Uart.PTZPreset"]
        found = plan(presets, [{"Id": 1, "Name": "Door"}], [{"Id": 2, "Name": "Yard"}], channel=0)
        assert found.payload == [{"Id": 1, "Name": "Door"}, {"Id": 2, "Name": "Yard"}]

    def test_a_wish_for_lists_that_are_elements_is_for_every_channel_too(self):
        colours = CATALOG["AVEnc.VideoColor"]
        current = [[{"Enable": True}, {"Enable": False}], None, [{"Enable": True}]]
        found = plan(colours, current, [{"Enable": False}])
        assert found.payload == [[{"Enable": False}, {"Enable": False}], None, [{"Enable": False}]]
        assert found.summary() == [
            "channel 1: [0].Enable: true -> false",
            "channel 3: [0].Enable: true -> false",
        ]
        assert plan(colours, current, [None, None, [{"Enable": False}]]).summary() == [
            "channel 3: [0].Enable: true -> false"
        ]
        assert plan(colours, current, [None, {"Enable": True}], channel=0, listed=True).payload[0][1] == {
            "Enable": True
        }

    def test_a_per_channel_object_that_is_no_list_on_this_device(self):
        assert plan(self.MOTION, {"Enable": True}, {"Enable": 0}).payload == {"Enable": False}

    @pytest.mark.parametrize(
        ("current", "wish", "options", "message"),
        [
            (ELEMENTS, [None, {"Enable": True}], {}, "Detect.MotionDetect channel 2: this device has no such settings"),
            (ELEMENTS, [None, None, {}], {}, "channel 3: this device has no such settings"),
            (ELEMENTS, [None] * 4 + [{}], {}, "there is no channel 5, the device has 4"),
            ([None], {"Enable": True}, {}, "the device has no channel with these settings"),
            (ELEMENTS, {}, {"channel": 9, "listed": True}, "Detect.MotionDetect: there is no channel 10"),
            (ELEMENTS, {}, {"channel": -1, "listed": True}, "there is no channel 0"),
            (ELEMENTS, {}, {"channel": 1, "listed": True}, "channel 2: this device has no such settings"),
            ({"a": 1}, {}, {"channel": 0, "listed": True}, "the device holds no list of channels"),
            (None, {}, {"channel": 2}, "Detect.MotionDetect channel 3: this device has no such settings"),
        ],
    )  # fmt: skip
    def test_channels_that_are_not_there(self, current, wish, options, message):
        tree = list(current) if isinstance(current, tuple) else current
        with pytest.raises(UsageError) as refusal:
            plan(self.MOTION, tree, wish, **options)
        assert message in str(refusal.value)

    def test_what_is_wrong_names_the_channel_and_carries_it(self):
        for current, wish, options in (
            ([{"Level": 3}, {"Level": 3}], [None, {"Level": 9}], {}),
            ([{"Level": 3}, {"Level": 3}], {"Level": 9}, {"channel": 1, "listed": True}),
            ({"Level": 3}, {"Level": 9}, {"channel": 1}),
        ):
            with pytest.raises(UsageError) as refusal:
                plan(self.MOTION, current, wish, **options)
            assert str(refusal.value) == (
                "Detect.MotionDetect channel 2: Level: 9 is not possible, it must be a whole number from 1 to 6"
            )
            assert refusal.value.channel == 1

    def test_inputs_and_outputs_are_named_as_what_they_are(self):
        inputs = CATALOG["Alarm.LocalAlarm"]
        assert plan(inputs, [{"SensorType": "NO"}] * 2, [None, {"SensorType": "NC"}]).summary() == [
            "alarm input 2: SensorType: NO -> NC"
        ]
        with pytest.raises(UsageError, match="Alarm.LocalAlarm: there is no alarm input 3, the device has 2"):
            plan(inputs, [{}, {}], [None, None, {}])


def test_objects_that_the_device_only_reports():
    status = CATALOG["Status.NatInfo"]
    current = {"NatStatus": "Probing", "NaInfoCode": "0"}
    assert not plan(status, current, {"NatStatus": "Probing", "NaInfoCode": 0}).changed
    for wish in ({"NatStatus": "Connected"}, {"NaInfoCode": "1"}):
        with pytest.raises(UsageError, match="cannot be changed"):
            plan(status, current, wish)


def test_a_real_user_compares_rights_as_a_set():
    current = {"AuthorityList": ["Monitor_01", "Replay_01"], "Group": "user", "Name": "a", "Reserved": True}
    assert not plan(USER, current, {"AuthorityList": ["Replay_01", "Monitor_01"]}).changed
