"""A control is a row: an address of the catalog, and words for people."""

import pytest

from dvrip_proto import CONTROLS, UsageError, control, plan, spec_for, wishes
from dvrip_proto.config.control import Control, index
from dvrip_proto.config.kinds import BOOL, INT, Choice, Code, Int
from dvrip_proto.config.schedule import CLOCK
from dvrip_proto.config.texts import TEXT

LIGHT = {
    "WorkMode": "Auto",
    "WorkPeriod": {"Enable": 1, "SHour": 18, "SMinute": 0, "EHour": 6, "EMinute": "0x1E"},
}


@pytest.mark.parametrize(
    ("kind", "options", "bounds", "unit"),
    [
        (BOOL, (), None, ""),
        (INT, (), (None, None), ""),
        (Int(0, 300, "s"), (), (0, 300), "s"),
        (Choice(("PAL", "NTSC")), ("PAL", "NTSC"), None, ""),
        (Code({"auto": 0, "on": 1}), ("auto", "on"), None, ""),
        (TEXT, (), None, ""),
    ],
)
def test_a_kind_says_what_a_user_interface_needs(kind, options, bounds, unit):
    assert (kind.options, kind.bounds, kind.unit) == (options, bounds, unit)


def test_a_control_is_read_wherever_the_device_has_it():
    motion = control("motion_sensitivity")
    tree = [{"Level": 3}, None, {"Enable": True}, {"0": None}, {"Level": "0x00000006"}]
    assert list(motion.values(tree)) == [(0, 3), (4, 6)]
    assert list(motion.values(None)) == list(motion.values({"Level": 3})) == []
    assert list(control("white_light").values(LIGHT)) == [(None, "Auto")]


def test_what_is_asked_for_is_what_plan_understands():
    wish = wishes({"motion_sensitivity": 5, "motion_records": "off", "mirror": True})
    assert wish == {
        "Detect.MotionDetect": {"Level": 5, "EventHandler": {"RecordEnable": "off"}},
        "Camera.Param": {"PictureMirror": True},
    }
    current = [{"Level": 3, "EventHandler": {"RecordEnable": True, "Other": 1}}]
    made = plan(spec_for("Detect.MotionDetect"), current, wish["Detect.MotionDetect"])
    assert made.payload == [{"Level": 5, "EventHandler": {"RecordEnable": False, "Other": 1}}]


def test_a_setting_within_a_list_is_one_too():
    assert wishes({"privacy_mask_1": True}) == {"AVEnc.VideoWidget": {"Covers": [{"EncodeBlend": True}]}}
    assert control("brightness").read([{"VideoColorParam": {"Brightness": 50}}, {}]) == 50
    assert control("brightness").read([]) is None


def test_a_whole_element_is_one_too():
    title = control("channel_name")
    assert list(title.values(["Gate", None, "Yard"])) == [(0, "Gate"), (2, "Yard")]
    made = plan(title.spec, ["Gate", "Yard"], title.patch("Door"), channel=1, listed=True)
    assert made.payload == ["Gate", "Door"]


def test_a_choice_can_act_as_a_switch():
    output = control("alarm_output")
    assert output.kind is BOOL
    assert [output.read({"AlarmOutType": word}) for word in ("MANUAL", "manual", "AUTO", "CLOSE", "x")] == [
        *(True, True, False, False, False)
    ]
    assert output.patch("on") == {"AlarmOutType": "MANUAL"}
    assert output.patch(0) == {"AlarmOutType": "AUTO"}
    with pytest.raises(UsageError, match="alarm_output: 'maybe' is not possible, it must be true or false"):
        output.patch("maybe")


def test_hour_and_minute_are_one_time_of_day():
    begin, end = control("white_light_from"), control("white_light_until")
    assert begin.kind is CLOCK
    assert (begin.read(LIGHT), end.read(LIGHT)) == ("18:00", "06:30")
    assert begin.read({"WorkPeriod": {"SHour": 18}}) is None
    wish = wishes({"white_light_from": "7:45", "white_light_until": "24:00"})["Camera.WhiteLight"]
    assert wish == {"WorkPeriod": {"SHour": 7, "SMinute": 45, "EHour": 24, "EMinute": 0}}
    assert plan(begin.spec, LIGHT, wish).payload["WorkPeriod"]["EMinute"] == "0x00"
    with pytest.raises(UsageError, match="white_light_from: '7:75' is not possible"):
        begin.patch("7:75")


def test_an_unknown_key_names_the_nearest():
    with pytest.raises(UsageError, match="no setting 'motion_sensitivty', did you mean motion_sensitivity"):
        wishes({"motion_sensitivty": 3})


def test_two_wishes_for_one_field_are_refused():
    with pytest.raises(UsageError, match="is given twice"):
        wishes({"alarm_output": True, "alarm_output_mode": "CLOSE"})


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (("Bad Key", "Record", "PreRecord", "x"), "no key"),
        (("key", "Record", "PreRecord", ""), "no title"),
        (("key", "Record", "PreRecrod", "x"), "no setting of the catalog"),
        (("key", "Recrod", "PreRecord", "x"), "no setting of the catalog"),
        (("key", "NetWork.ChnStatus", "[].Status", "x"), "no setting of the catalog"),
        (("key", "NetWork.NetCommon", "MAC", "x"), "no setting of the catalog"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused_at_once(row, complaint):
    with pytest.raises(ValueError, match=complaint):
        Control(*row)


def test_words_of_a_switch_are_words_of_the_choice():
    with pytest.raises(ValueError, match="are not both words of"):
        Control("key", "Alarm.AlarmOut", "AlarmOutType", "x", on="MANUAL", off="NEVER")
    with pytest.raises(ValueError, match="are not both words of"):
        Control("key", "Alarm.AlarmOut", "AlarmOutType", "x", on="MANUAL")


def test_a_key_is_there_once():
    row = Control("key", "Record", "PreRecord", "x")
    with pytest.raises(ValueError, match="two controls have the key 'key'"):
        index((row,), (row,))
    assert len({row.key for row in CONTROLS}) == len(CONTROLS)
