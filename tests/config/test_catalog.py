import copy
import json
import re
from pathlib import Path

import pytest

from dvrip_proto.config.catalog import CATALOG, setting, spec_for, split_name
from dvrip_proto.config.kinds import PORT, RAW
from dvrip_proto.config.plan import plan
from dvrip_proto.config.spec import Access, Field, join

VECTORS = json.loads((Path(__file__).parent.parent / "frames" / "vectors.json").read_text())
ENVELOPE = {"Name", "Ret", "SessionID"}
# Real objects of which nothing is known but their keys.
OPAQUE = {
    "General.Location": {"Week"},
}


def real_objects():
    """(id, name, value) of every configuration object that a real device sent or was sent."""
    for vector in VECTORS:
        if re.match("cfg", vector["id"]) or vector["id"] == "json-channeltitle-kos":
            for name, value in vector["json"].items():
                if name not in ENVELOPE and value is not None:
                    yield pytest.param(name, value, id=vector["id"])


def leaves(spec, path, tree):
    """Paths of a tree down to the first row that covers them."""
    if spec.row(path) is not None or not isinstance(tree, dict | list) or tree in ({}, []):
        yield path, tree
    elif isinstance(tree, dict):
        for key, value in tree.items():
            yield from leaves(spec, join(path, key), value)
    else:
        for value in tree:
            yield from leaves(spec, f"{path}[]", value)


def elements(spec, name, value):
    whole = spec.per_channel and split_name(name)[1] is None
    return value if whole else [value]


@pytest.mark.parametrize(("name", "value"), list(real_objects()))
class TestRealObjects:
    def test_every_key_has_a_row(self, name, value):
        spec = spec_for(name)
        assert spec.title, f"{name} is not in the catalog"
        for element in elements(spec, name, value):
            unknown = {path for path, _ in leaves(spec, "", element) if spec.row(path) is None}
            assert unknown <= OPAQUE.get(spec.name, set())

    def test_every_value_is_one_that_its_row_accepts(self, name, value):
        spec = spec_for(name)
        for element in elements(spec, name, value):
            for path, leaf in leaves(spec, "", element):
                row = spec.row(path)
                if row is not None and leaf is not None:
                    assert row.kind.accepts(leaf), f"{path}: {leaf!r} is not {row.kind.allowed}"

    def test_the_canonical_form_wishes_for_nothing_new(self, name, value):
        spec = spec_for(name)
        for element in elements(spec, name, value):
            wish = canonical(spec, "", element)
            found = plan(spec, element, wish, channel=0 if spec.per_channel else None)
            assert found.payload is element
            assert json.loads(json.dumps(wish)) == wish


def canonical(spec, path, tree):
    row = spec.row(path)
    if row is not None:
        return row.kind.canon(copy.deepcopy(tree))
    if isinstance(tree, dict):
        return {key: canonical(spec, join(path, key), value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [canonical(spec, f"{path}[]", value) for value in tree]
    return tree


def test_the_catalog_has_the_objects_that_people_change():
    assert {
        "NetWork.NetCommon", "NetWork.NetDHCP", "NetWork.NetDNS", "NetWork.NetNTP", "NetWork.NetEmail", "NetWork.NetFTP",
        "General.General", "General.Location", "General.AutoMaintain", "System.TimeZone", "ChannelTitle",
        "Simplify.Encode", "AVEnc.VideoWidget", "Detect.MotionDetect", "Detect.BlindDetect", "Detect.LossDetect",
        "Detect.HumanDetection", "Record", "Camera.Param",
    } <= set(CATALOG)  # fmt: skip


@pytest.mark.parametrize("spec", CATALOG.values(), ids=CATALOG)
class TestRows:
    def test_say_what_they_are(self, spec):
        assert spec.title
        assert spec.fields
        assert all(row.kind.allowed for row in spec.fields.values())

    def test_cover_each_path_once(self, spec):
        for path, row in spec.fields.items():
            inner = [other for other in spec.fields if other.startswith((f"{path}.", f"{path}[")) and path]
            assert not inner, f"{path} hides {inner}"
            assert row.kind is not None

    def test_key_fields_have_rows(self, spec):
        for path, key in spec.keyed.items():
            assert spec.row(join(f"{path}[]", key.name)) is not None


@pytest.mark.parametrize(
    ("name", "plain", "channel"),
    [
        ("Record", "Record", None),
        ("Record.[0]", "Record", 0),
        ("Detect.MotionDetect.[31]", "Detect.MotionDetect", 31),
        ("Record.[ff]", "Record", None),
        ("bypass@Uart.PTZPreset.[2]", "Uart.PTZPreset", 2),
        ("Detect.MotionDetect.[1].Enable", "Detect.MotionDetect.Enable", 1),
    ],
)
def test_names_as_the_device_takes_them(name, plain, channel):
    assert split_name(name) == (plain, channel)


def test_unknown_objects_have_an_empty_row():
    spec = spec_for("Brand.New")
    assert (spec.name, spec.fields, spec.get_id, spec.set_id, spec.default_id) == (
        "Brand.New",
        {},
        1042,
        1040,
        1044,
    )
    assert plan(spec, {"a": 1, "b": "0x0f"}, {"a": True, "b": 15}).payload == {"a": 1, "b": "0x0f"}


def test_parts_and_sections_of_objects():
    assert spec_for("NetWork.NetCommon.HttpPort").row("").kind is PORT
    assert spec_for("Detect.MotionDetect.[0].EventHandler").row("RecordEnable") is not None
    section = spec_for("NetWork")
    assert section.row("NetCommon.HttpPort").kind is PORT
    assert section.row("NetDHCP[].Enable") is not None
    assert section.keyed["NetDHCP"].name == "Interface"
    assert section.row("RemoteDeviceV3[].Decoder[].PassWord").kind.secret
    assert section.row("ChnStatus[].Status").access is Access.READ_ONLY
    assert spec_for("Detect").row("MotionDetect[].Level") is not None
    found = plan(section, {"NetCommon": {"HttpPort": 80}, "NetDHCP": [{"Interface": "eth0", "Enable": True}]}, {
        "NetDHCP": [{"Interface": "eth0", "Enable": False}], "NetCommon": {"HttpPort": 81},
    })  # fmt: skip
    assert found.summary() == [
        "NetDHCP[Interface=eth0].Enable: true -> false",
        "NetCommon.HttpPort: 80 -> 81",
    ]


def test_settings_take_their_kind_from_the_catalog():
    assert setting("Detect.MotionDetect", "Level").kind == CATALOG["Detect.MotionDetect"].row("Level").kind
    assert (
        setting("AVEnc.VideoWidget", "Covers[2].EncodeBlend").read({"Covers": [{}, {}, {"EncodeBlend": 1}]})
        is True
    )
    assert setting("Brand.New", "x").kind is RAW
    assert Field().access is Access.READ_WRITE
