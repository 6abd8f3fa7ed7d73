"""Which controls a device has is told by what was read from it; flags only hide."""

import json
import re
from pathlib import Path

import pytest

import dvrip_proto
from dvrip_proto import CATALOG, CONTROLS, control, present
from dvrip_proto.config.controls.reasons import OBJECTS, REASONS, reason
from dvrip_proto.config.spec import Access

PROFILES = Path(dvrip_proto.__file__).parent / "simulator" / "profiles"
ENCODER = {
    "EncodeInfo": [
        {"StreamType": "MainStream", "CompressionMask": "0x00000180", "ResolutionMask": "0x00004000"},
        {"StreamType": "ExtraStream2", "CompressionMask": "0x00000080", "ResolutionMask": "0x00000009"},
    ],
    "ImageSizePerChannel": ["0x00040000", "0x00000000"],
    "ExImageSizePerChannel": ["0x00000009"],
}


def found(trees, **told):
    return {(row.control.key, row.channel): row for row in present(trees, **told)}


def test_an_object_that_was_not_read_has_no_controls():
    flags = {"SystemFunction": {"OtherFunction": {"SupportOneKeyMaskVideo": True}}}
    assert found({}, abilities=flags) == {}
    assert found({"General.OneKeyMaskVideo": None}, abilities=flags) == {}


def test_a_control_is_there_where_its_value_is_one_of_its_kind():
    tree = [{"Enable": True, "Level": 3}, {"Enable": "maybe", "Level": 0}, None, {"Level": 6}]
    assert set(found({"Detect.MotionDetect": tree})) == {
        ("motion_detection", 0),
        ("motion_sensitivity", 0),
        ("motion_sensitivity", 3),
    }


def test_a_flag_hides_and_never_removes():
    tree = {"Detect.MotionDetect": [{"Enable": True}]}
    for flags, shown in (
        ({}, True),
        ({"AlarmFunction": {"MotionDetect": True}}, True),
        ({"AlarmFunction": {"MotionDetect": False}}, False),
        ({"AlarmFunction": {"MotionDetect": 0}}, False),
        ({"AlarmFunction": None}, True),
        ("none", True),
    ):
        rows = found(tree, abilities={"SystemFunction": flags})
        assert rows["motion_detection", 0].shown is shown


@pytest.mark.parametrize(
    ("info", "places"),
    [
        ({}, [0, 1, 2]),
        ({"AlarmInChannel": 0}, []),
        ({"AlarmInChannel": 2}, [0, 1]),
        ({"AlarmInChannel": "0x00000001"}, [0]),
        ({"AlarmInChannel": None}, [0, 1, 2]),
    ],
)
def test_inputs_are_those_that_the_device_counts(info, places):
    tree = {"Alarm.LocalAlarm": [{"SensorType": "NO"}] * 3}
    assert [channel for _, channel in found(tree, info=info)] == places


def test_a_recorder_does_not_count_its_cameras_microphones():
    tree = {"Simplify.Encode": [{"MainFormat": {"AudioEnable": True}}]}
    assert found(tree, info={"AudioInChannel": 0, "DigChannel": 0}) == {}
    assert ("audio", 0) in found(tree, info={"AudioInChannel": 0, "DigChannel": 4})


def test_choices_are_those_of_the_encoder_and_the_present_one():
    video = {"Compression": "H.265X", "Resolution": "5M"}
    element = {
        "MainFormat": {"Video": video},
        "ExtraFormat": {"Video": {"Compression": "H.264", "Resolution": "D1"}},
    }
    rows = found({"Simplify.Encode": [element, element]}, abilities={"EncodeCapability": ENCODER})
    assert rows["codec", 0].kind.options == ("H.264", "H.265", "H.264+", "H.265+", "H.265X")
    assert rows["extra_codec", 0].kind.options == ("H.264", "H.264+")
    assert rows["resolution", 0].kind.options == ("5M",)
    assert rows["resolution", 1].kind.options == ("1080P", "5M")
    assert rows["extra_resolution", 1].kind.options == ("D1", "CIF")
    told_nothing = found({"Simplify.Encode": [element]}, abilities={"EncodeCapability": {}})
    assert told_nothing["codec", 0].kind == control("codec").kind


def test_modes_of_day_and_night_are_those_of_the_cameras_lights():
    tree = {"Camera.Param": [{"DayNightColor": "0x00000004"}]}
    options = [
        found(tree, abilities={"Camera": camera})["day_night", 0].kind.options
        for camera in ({}, {"SupportIntellDoubleLight": 0}, {"SupportIntellDoubleLight": 1})
    ]
    assert options == [
        control("day_night").kind.options,
        ("auto", "colour", "black-white", "white light"),
        ("auto", "colour", "black-white", "intelligent light", "white light", "intelligent infrared"),
    ]


@pytest.mark.parametrize("name", ["ipc", "hi3516", "nvr", "hvr"])
def test_every_recorded_model_has_controls_whose_values_are_possible(name):
    profile = json.loads((PROFILES / f"{name}.json").read_text())
    channels = {key: [value] for key, value in profile["channel_config"].items()}
    rows = list(
        present(
            {**channels, **profile["config"]}, info=profile["system_info"], abilities=profile["abilities"]
        )
    )
    assert len(rows) > 100
    assert all(row.kind.accepts(row.value) for row in rows)
    assert any(row.shown for row in rows)


def eligible(spec):
    for path in spec.fields:
        row = spec.row(path)
        kind = row.kind
        bounded = kind.bounds is not None and None not in kind.bounds
        if row.access is Access.READ_WRITE and (kind.name == "bool" or kind.options or bounded):
            yield path


def addressed():
    """Fields that a control is of, as the catalog's paths."""
    for row in CONTROLS:
        for path in filter(None, (row.path, row.minute)):
            yield row.object, re.sub(r"\[[^\]]*\]", "[]", path)


def test_every_field_of_an_object_with_controls_has_one_or_a_reason():
    rows = set(addressed())
    objects = {name for name, _ in rows}
    silent = [
        (name, path)
        for name in objects
        for path in eligible(CATALOG[name])
        if (name, path) not in rows and not reason(name, path)
    ]
    assert sorted(silent) == []


def test_no_reason_is_idle():
    rows = set(addressed())
    fields = [(name, path) for name in {name for name, _ in rows} for path in eligible(CATALOG[name])]
    without = [field for field in fields if field not in rows]
    idle = [
        entry
        for entry in REASONS
        if not any(name.startswith(entry[0]) and path.startswith(entry[1]) for name, path in without)
    ]
    assert idle == []


def test_every_object_with_something_to_set_has_controls_or_a_reason():
    with_rows = {name for name, _ in addressed()}
    bare = {name for name, spec in CATALOG.items() if any(eligible(spec))} - with_rows
    assert bare == set(OBJECTS)
