import pytest

from dvrip_proto.config.catalog import spec_for
from dvrip_proto.config.kinds import BOOL, Int
from dvrip_proto.config.spec import Access, Field, Key, Setting, Spec, join, under
from dvrip_proto.config.texts import TEXT

TREE = {
    "Enable": 1,
    "Server": {"Port": "0x50"},
    "Covers": [{"Show": False}, {"Show": True}],
    "Nets": [None, {"Interface": "eth0", "Enable": True}],
}


@pytest.mark.parametrize(
    ("path", "kind", "value"),
    [
        ("Enable", BOOL, True),
        ("Server.Port", Int(1, 99), 80),
        ("Covers[1].Show", BOOL, True),
        ("Nets[Interface=eth0].Enable", BOOL, True),
        ("Nets[Interface=eth9].Enable", BOOL, None),
        ("Covers[7].Show", BOOL, None),
        ("Covers.Show", BOOL, None),
        ("Server[0]", BOOL, None),
        ("Missing.Port", BOOL, None),
    ],
)
def test_a_setting_reads_one_leaf(path, kind, value):
    assert Setting("Test", path, kind).read(TREE) == value


@pytest.mark.parametrize(
    ("path", "patch"),
    [
        ("Enable", {"Enable": 1}),
        ("Server.Port", {"Server": {"Port": 1}}),
        ("Covers[2].Show", {"Covers": [None, None, {"Show": 1}]}),
        ("[Interface=eth0].Enable", [{"Interface": "eth0", "Enable": 1}]),
        ("Mask[0][1]", {"Mask": [[None, 1]]}),
        ("", 1),
    ],
)
def test_a_setting_asks_for_one_leaf(path, patch):
    assert Setting("Test", path).patch(1) == patch


def test_paths():
    assert join("", "Port") == "Port"
    assert join("Server", "Port") == "Server.Port"
    assert join("Covers", "[]") == "Covers[]"
    assert join("Covers[]", "") == "Covers[]"
    assert under("[]", {"": 1, "a": 2}) == {"[]": 1, "[].a": 2}


@pytest.mark.parametrize(
    "nonsense",
    [
        {"fields": {"a..b": Field()}},
        {"fields": {"a[0]": Field()}},
        {"fields": {".a": Field()}},
        {"keyed": {"a[]": Key("x")}},
        {"keyed": {"a b..": Key("x")}},
        {"keyed": {"a": Key("")}},
    ],
)
def test_rows_that_make_no_sense_are_refused_at_once(nonsense):
    with pytest.raises(ValueError, match="is no path"):
        Spec(name="Test", **nonsense)


def test_a_row_of_a_reported_object_is_read_only():
    spec = Spec(name="Test", read_only=True, fields={"a": Field(BOOL, title="A")})
    assert spec.row("a") == Field(BOOL, Access.READ_ONLY, "A")
    assert spec.row("b") is None


def test_a_part_has_the_rows_below_it():
    spec = Spec(
        name="T",
        fields={
            "Server.Port": Field(BOOL),
            "ServerName": Field(TEXT),
            "Server": Field(TEXT),
            "Server[].a": Field(BOOL),
        },
        keyed={"Server.List": Key("a")},
        set_id=5,
    )
    part = spec.below("Server", "T.Server")
    assert part.fields == {"Port": Field(BOOL), "": Field(TEXT), "[].a": Field(BOOL)}
    assert part.keyed == {"List": Key("a")}
    assert (part.name, part.set_id) == ("T.Server", 5)
    assert spec.knows("Server")
    assert spec.knows("Server.Port")
    assert not spec.knows("Serv")


def test_what_only_reports_is_written_as_the_device_wants_it():
    relay = spec_for("Alarm.AlarmOut")
    tree = [{"AlarmOutStatus": "CLOSE", "AlarmOutType": "AUTO", "Other": [1]}, None]
    assert relay.written(tree) == [{"AlarmOutStatus": "OPEN", "AlarmOutType": "AUTO", "Other": [1]}, None]
    assert tree[0] is not None
    assert tree[0]["AlarmOutStatus"] == "CLOSE", "the tree itself stays"
    nested = Spec(name="Any", fields={"List[].State": Field(written=0), "State": Field(written=1)})
    assert nested.written({"List": [{"State": 5}, {}], "State": 5}) == {
        "List": [{"State": 0}, {}],
        "State": 1,
    }
    plain = {"State": 5}
    assert Spec(name="Any").written(plain) is plain
