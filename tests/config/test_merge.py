"""Several partial wishes for one object become one, and two wishes for one thing are a mistake."""

from __future__ import annotations

import pytest

from dvrip_proto import CATALOG, UsageError, plan, wishes
from dvrip_proto.config.controls.reasons import reason
from dvrip_proto.config.fit import fitted, open_questions
from dvrip_proto.config.merge import Rest, merged


@pytest.mark.parametrize(
    ("one", "other", "where", "both"),
    [
        ({"A": 1}, {"B": 2}, "", {"A": 1, "B": 2}),
        ({"A": {"B": 1}}, {"A": {"C": 2}}, "", {"A": {"B": 1, "C": 2}}),
        ({"A": 1}, {"A": 1}, "", {"A": 1}),
        ([None, {"A": 1}], [{"B": 2}], "x[0].B", [{"B": 2}, {"A": 1}]),
        ([{"A": 1}], [{"B": 2}, {"C": 3}], "x[1].C", [{"A": 1, "B": 2}, {"C": 3}]),
        (
            [{"Interface": "eth0", "Enable": True}],
            [{"Interface": "eth0", "Mode": "auto"}],
            "[Interface=eth0].Mode",
            [{"Interface": "eth0", "Enable": True, "Mode": "auto"}],
        ),
        (
            [{"Interface": "eth0", "Enable": True}],
            [{"Interface": "eth2", "Enable": False}],
            "[Interface=eth2].Enable",
            [{"Interface": "eth0", "Enable": True}, {"Interface": "eth2", "Enable": False}],
        ),
    ],
)
def test_two_wishes_are_one(one, other, where, both):
    assert merged(one, other, where) == both


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"A": 1}, {"A": 2}),
        ([{"A": 1}], [{"A": 2}]),
        (Rest([1], rest=0), [1, 2]),
        ({"A": {"B": 1}}, {"A": 5}),
    ],
)
def test_two_values_of_one_thing_are_a_mistake(one, other):
    with pytest.raises(UsageError, match=r"^key: is given twice$"):
        merged(one, other, "key")
    with pytest.raises(UsageError, match=r"^a value is given twice$"):
        merged(one, other)


def test_settings_of_one_object_are_one_wish():
    (wish,) = wishes({"motion_detection": True, "motion_sensitivity": 4}).values()
    assert wish == {"Enable": True, "Level": 4}


def test_a_word_that_no_known_device_understands_is_doubted_and_written():
    spec = CATALOG["NetWork.NetCommon"]
    made = plan(spec, {"TransferPlan": "Quality"}, {"TransferPlan": "Fastest"})
    (doubt,) = made.doubts
    assert doubt.startswith(
        "TransferPlan: no known device understands 'Fastest': it may store it and do nothing"
    )
    assert made.payload == {"TransferPlan": "Fastest"}
    assert plan(spec, {"TransferPlan": "Quality"}, {"TransferPlan": "Fluency"}).doubts == ()


def test_every_channel_of_a_list_may_be_asked_for_with_all():
    spec = CATALOG["fVideo.Tour"]
    assert open_questions(spec, [{"Mask": ["all", [1]]}]) == {"channels"}
    made = plan(fitted(spec, channels=4), [{"Mask": ["0x1", "0x0"]}], [{"Mask": ["all", [1]]}])
    assert made.payload == [{"Mask": ["0xF", "0x1"]}]


def test_a_field_without_a_row_has_its_reason_and_one_that_nobody_thought_of_has_none():
    assert reason("AVEnc.VideoWidget", "Covers[].PreviewBlend")
    assert reason("No.Such", "Thing") == ""
