"""Motion regions and privacy masks in per cent of the picture; the empty list removes them."""

import pytest

from dvrip_proto import CATALOG, UsageError, control, plan, present, wishes
from dvrip_proto.config.areas import MASKS, Region
from dvrip_proto.config.fit import fitted, open_questions

MOTION = CATALOG["Detect.MotionDetect"]
GRIDS = {"XM530": Region(7, 7), "HI3516": Region(22, 18)}
FULL_32 = ["0xFFFFFFFF"] * 32  # what an XM530 sends for a grid of 7 x 7


def cover(on, *place):
    return {"EncodeBlend": on, "PreviewBlend": on, "RelativePos": list(place), "BackColor": "0x40000000"}


@pytest.mark.parametrize("kind", GRIDS.values(), ids=GRIDS)
def test_the_whole_picture_and_nothing(kind):
    whole, bits = [[0, 0, 100, 100]], (1 << kind.columns) - 1
    like = [f"0x{bits:08X}"] * kind.rows
    assert kind.canon(like) == whole
    assert kind.wire(whole, like) == like
    assert kind.wire([], like) == ["0x00000000"] * kind.rows
    assert kind.canon(["0x00000000"] * kind.rows) == []


def test_bits_outside_the_grid_do_not_count_and_the_list_keeps_its_length():
    kind = GRIDS["XM530"]
    assert kind.canon(FULL_32) == [[0, 0, 100, 100]]
    written = kind.wire([[0, 0, 50, 100]], FULL_32)
    assert len(written) == 32
    assert written[:7] == ["0x0000000F"] * 7
    assert set(written[7:]) == {"0x00000000"}


def test_the_lowest_bit_is_the_left_column_and_the_first_row_the_top():
    kind = GRIDS["HI3516"]
    assert kind.wire([[0, 0, 4, 5]], ["0x0"] * 18)[0] == "0x1"
    assert kind.canon(["0x00000000"] * 17 + ["0x00200000"]) == [[95.5, 94.4, 100, 100]]


@pytest.mark.parametrize("kind", GRIDS.values(), ids=GRIDS)
@pytest.mark.parametrize(
    "areas",
    [
        [[10, 10, 33.3, 40]],
        [[0, 0, 50, 50], [50, 50, 100, 100]],
        [[99, 99, 100, 100]],
        [[0, 0, 1, 1], [0, 0, 100, 7]],
    ],
)
def test_areas_that_a_grid_cannot_draw_meet_it_at_once(kind, areas):
    once = kind.canon(areas)
    assert kind.canon(once) == once
    assert kind.canon(kind.wire(areas, ["0x00000000"] * kind.rows)) == once
    assert all(kind.accepts(spelling) for spelling in (areas, once))


def test_sides_may_be_named():
    kind = GRIDS["XM530"]
    assert kind.canon([{"left": 0, "top": 0, "right": 100, "bottom": 100}]) == [[0, 0, 100, 100]]


@pytest.mark.parametrize(
    "value",
    [[[0, 0, 101, 5]], [[5, 0, 5, 9]], [[9, 0, 5, 9]], [[0, 0, 9]], [[True, 0, 9, 9]], "x", [5, "x"], None],
)
def test_what_is_no_area_is_refused(value):
    assert not MASKS.accepts(value)
    assert not GRIDS["XM530"].accepts(value)


def test_without_its_grid_a_region_takes_no_per_cents():
    assert open_questions(MOTION, {"Region": [[0, 0, 50, 50]]}) == {"MotionArea"}
    assert open_questions(MOTION, [None, {"Region": []}]) == {"MotionArea"}
    assert open_questions(MOTION, {"Region": ["0x1"], "Level": 3}) == frozenset()
    with pytest.raises(UsageError, match="areas of the picture in per cent"):
        plan(MOTION, {"Region": ["0x00000001"]}, {"Region": [[0, 0, 50, 50]]}, channel=0)


def test_a_region_is_planned_and_told_in_per_cent():
    spec = fitted(MOTION, grid={"GridColumn": 22, "GridRow": 18})
    current = {"Region": ["0x003FFFFF"] * 18, "Level": 3}
    made = plan(spec, current, {"Region": [[0, 0, 50, 100]]}, channel=0)
    assert made.payload["Region"] == ["0x000007FF"] * 18
    assert made.summary() == ["channel 1: Region: [[0, 0, 100, 100]] -> [[0, 0, 50, 100]]"]
    assert made.before["Region"] == [[0, 0, 100, 100]]


def test_all_channels_is_a_question_about_the_device():
    wish = {"EventHandler": {"RecordMask": "all", "AlarmOutMask": "ALL"}}
    assert open_questions(MOTION, wish) == {"channels", "outputs"}
    spec = fitted(MOTION, channels=4, outputs=2)
    current = {"EventHandler": {"RecordMask": "0x00000001", "AlarmOutMask": "0x0"}}
    assert plan(spec, current, wish, channel=0).payload["EventHandler"] == {
        "RecordMask": "0x0000000F",
        "AlarmOutMask": "0x3",
    }
    with pytest.raises(UsageError, match="a list of channels from 1 to 4"):
        plan(spec, current, {"EventHandler": {"RecordMask": [5]}}, channel=0)


COVERS = [cover(True, 0, 0, 4096, 4096), cover(False, 1024, 1024, 2048, 2048), cover(1, 4096, 0, 8192, 819)]


def test_masks_are_those_in_use():
    masks = control("privacy_masks")
    assert masks.read({"Covers": COVERS}) == [[0, 0, 50, 50], [50, 0, 100, 10]]
    assert masks.read({"Covers": []}) == []
    assert masks.read({}) is None
    (row,) = [row for row in present({"AVEnc.VideoWidget": [{"Covers": COVERS}]}) if row.control is masks]
    assert row.value == [[0, 0, 50, 50], [50, 0, 100, 10]]


@pytest.mark.parametrize(
    ("wanted", "used"),
    [
        ([], [False] * 3),
        ([[25, 25, 75, 75]], [True, False, False]),
        ([[0, 0, 50, 50], [50, 0, 100, 10]], [True, True, False]),
    ],
)
def test_masks_are_drawn_and_the_others_removed(wanted, used):
    (wish,) = wishes({"privacy_masks": wanted}).values()
    made = plan(CATALOG["AVEnc.VideoWidget"], {"Covers": COVERS, "Other": 1}, wish, channel=0).payload
    assert [bool(place["EncodeBlend"]) for place in made["Covers"]] == used
    assert control("privacy_masks").read(made) == wanted
    assert [place["BackColor"] for place in made["Covers"]] == ["0x40000000"] * 3
    assert not plan(CATALOG["AVEnc.VideoWidget"], made, wish, channel=0).changed


def test_more_masks_than_the_device_has_places_for():
    (wish,) = wishes({"privacy_masks": [[0, 0, 1, 1]] * 4}).values()
    with pytest.raises(UsageError, match="the device has 3 elements here, not 4"):
        plan(CATALOG["AVEnc.VideoWidget"], {"Covers": COVERS}, wish, channel=0)
    with pytest.raises(UsageError, match="privacy_masks: .* is not possible"):
        wishes({"privacy_masks": [[0, 0, 200, 1]]})


@pytest.mark.parametrize("listed", [False, True])
def test_the_number_of_masks_follows_those_in_use(listed):
    (wish,) = wishes({"privacy_masks": [[25, 25, 75, 75]]}).values()
    old = {"Covers": COVERS, "CoversNum": 2, "coversNum": 2}
    current = [old, old] if listed else old
    made = plan(CATALOG["AVEnc.VideoWidget"], current, wish, channel=1, listed=listed)
    payload = made.payload[1] if listed else made.payload
    assert (payload["CoversNum"], payload["coversNum"]) == (1, 1)
    assert not listed or made.payload[0] is old
    assert (made.before["CoversNum"], made.after["CoversNum"]) == (2, 1)
    assert all("Num" not in change.path for change in made.changes), "what nobody asked for is not read back"


def test_the_number_of_masks_stays_when_they_do_or_when_it_is_wished():
    spec, old = (
        CATALOG["AVEnc.VideoWidget"],
        {"Covers": COVERS, "CoversNum": 0, "ChannelTitle": {"Name": "a"}},
    )
    assert plan(spec, old, {"ChannelTitle": {"Name": "b"}}, channel=0).payload["CoversNum"] == 0
    assert (
        plan(spec, old, {"Covers": [{"EncodeBlend": False}], "CoversNum": 8}, channel=0).payload["CoversNum"]
        == 8
    )
    for every in (plan(spec, [old, old], {"Covers": [{"EncodeBlend": False}]}),):
        assert [element["CoversNum"] for element in every.payload] == [1, 1]
    assert "coversNum" not in plan(spec, old, {"Covers": [{"EncodeBlend": False}]}, channel=0).payload
