import re

import pytest

from dvrip_proto.config.kinds import BOOL, INT, PERCENT, PORT, RAW, Choice, Code, Int, validate
from dvrip_proto.config.lists import Array, Channels, Mask, Row, Set
from dvrip_proto.config.schedule import CLOCK, SCHEDULE, TIME_SECTION, TIME_ZONE, Schedule
from dvrip_proto.config.texts import HEX, IPV4, TEXT, Text
from dvrip_proto.errors import UsageError
from dvrip_proto.values import is_hex, number, spell


@pytest.mark.parametrize(
    ("kind", "device", "person"),
    [
        (BOOL, 1, True),
        (BOOL, "0x00000000", False),
        (BOOL, "Off", False),
        (BOOL, 2, 2),
        (INT, "0x0000000f", 15),
        (INT, "12", 12),
        (INT, 3.0, 3),
        (INT, "007", "007"),
        (Choice(("PAL", "NTSC")), "pal", "PAL"),
        (Choice(("12", "24")), 24, "24"),
        (Choice(("PAL",)), "SECAM", "SECAM"),
        (Code({"auto": 0, "on": 1}), "0x00000001", "on"),
        (Code({"auto": 0}), 7, 7),
        (Code({"auto": 0}), "AUTO", "auto"),
        (TEXT, 12, "12"),
        (IPV4, "0x0A01A8C0", "192.168.1.10"),
        (IPV4, "0a01a8c0", "192.168.1.10"),
        (IPV4, "0xA8C0", "192.168.0.0"),
        (IPV4, "192.168.1.10", "192.168.1.10"),
        (IPV4, 0x0A01A8C0, "192.168.1.10"),
        (IPV4, 0xC801A8C0 - 2**32, "192.168.1.200"),
        (IPV4, 2**32, 2**32),
        (IPV4, "0x1FFFFFFFF", "0x1FFFFFFFF"),
        (HEX, "0xf0ffffff", "0xF0FFFFFF"),
        (HEX, 16, "0x00000010"),
        (Mask(), "0x00000005", [0, 2]),
        (Mask(), "0x00000000000000000000000B0000000A", [1, 3, 32, 33, 35]),
        (Mask(), [2, 0, 2], [0, 2]),
        (Mask(8, ("regular", "motion", "alarm")), "0x6", ["motion", "alarm"]),
        (Mask(8, ("regular",)), 3, ["regular", 1]),
        (Mask(4), "0x10", "0x10"),
        (Set(TEXT), ["b", "a", "b"], ["a", "b"]),
        (Array(TEXT, "none"), ["a", "none", "none"], ["a"]),
        (Array(TEXT, "none"), ["none", "a"], ["none", "a"]),
        (Array(IPV4, "0x00000000", ordered=False), ["0x00000000", "0x0A01A8C0"], ["192.168.1.10"]),
        (Row((INT, Choice(("None",)))), ["115200", "NONE"], [115200, "None"]),
        (TIME_SECTION, "1 08:30:00-17:45:30", "08:30:00-17:45:30"),
        (TIME_SECTION, "0 00:00:00-24:00:00", "off"),
        (TIME_SECTION, "6 1:00-2:00", "6 01:00:00-02:00:00"),
        (TIME_SECTION, "17:00-08:00", "17:00-08:00"),
        (TIME_SECTION, "1 00:00:00-24:00:01", "1 00:00:00-24:00:01"),
        (SCHEDULE, [["1 00:00:00-24:00:00", "0 00:00:00-24:00:00"]] * 7, "always"),
        (SCHEDULE, [["0 00:00:00-24:00:00"]] * 7, "never"),
        (SCHEDULE, {"weekdays": "08:00-17:00", "weekend": [], "monday": "off"}, {
            "sunday": [], "monday": [], "saturday": [],
            **{day: ["08:00:00-17:00:00"] for day in ("tuesday", "wednesday", "thursday", "friday")},
        }),
        (SCHEDULE, {"monday": []}, {"monday": []}),
        (SCHEDULE, {"everyday": [], "funday": []}, {"everyday": [], "funday": []}),
        (TIME_ZONE, -480, "+08:00"),
        (TIME_ZONE, 210, "-03:30"),
        (TIME_ZONE, "utc+1", "+01:00"),
        (TIME_ZONE, "Z", "+00:00"),
        (TIME_ZONE, 5000, 5000),
        (TIME_ZONE, "+01:75", "+01:75"),
        (CLOCK, [8, 5], "08:05"),
        (CLOCK, ["0x08", "5"], "08:05"),
        (CLOCK, "8:05", "08:05"),
        (CLOCK, [24, 0], "24:00"),
        (CLOCK, [24, 1], [24, 1]),
        (CLOCK, "8:60", "8:60"),
        (CLOCK, [8], [8]),
    ],
)  # fmt: skip
def test_canonical_form(kind, device, person):
    assert kind.canon(device) == person


@pytest.mark.parametrize(
    ("kind", "person", "like", "device"),
    [
        (RAW, 15, "0x00000000", "0x0000000F"),
        (RAW, "0x0F", 3, 15),
        (RAW, 1, False, True),
        (RAW, True, 0, 1),
        (RAW, "007", "LocalHost", "007"),
        (RAW, "0x0F", "some text", "0x0F"),
        (RAW, 12, "some text", "12"),
        (RAW, 12, None, 12),
        (RAW, [1, True], ["0x0", 0, 5], ["0x1", 1]),
        (RAW, {"a": 1}, {"a": 2}, {"a": 1}),
        (BOOL, "yes", 0, 1),
        (BOOL, True, "0x00000000", "0x00000001"),
        (BOOL, True, "Off", "On"),
        (BOOL, False, "true", "false"),
        (BOOL, True, None, True),
        (BOOL, True, "odd", True),
        (INT, 255, "0x00", "0xFF"),
        (INT, 255, "0xa0", "0xff"),
        (INT, 4096, "0x00", "0x1000"),
        (INT, -1, "0x00", "-1"),
        (INT, 5, "12", "5"),
        (INT, 5, 1, 5),
        (Choice(("None", "Odd")), "none", "NONE", "NONE"),
        (Choice(("None", "Odd")), "odd", "NONE", "Odd"),
        (Code({"auto": 0, "colour": 1}), "colour", "0x00000000", "0x00000001"),
        (Code({"auto": 0, "colour": 1}), "colour", "x", 1),
        (IPV4, "192.168.1.10", "0x00000000", "0x0A01A8C0"),
        (IPV4, "192.168.1.10", "0x0000000a", "0x0a01a8c0"),
        (IPV4, "192.168.1.10", "10.0.0.1", "192.168.1.10"),
        (IPV4, "192.168.1.10", 0, 0x0A01A8C0),
        (IPV4, "192.168.1.200", -1, 0xC801A8C0 - 2**32),
        (IPV4, "192.168.1.10", None, "0x0A01A8C0"),
        (HEX, 255, "0x00000000", "0x000000FF"),
        (HEX, "0xFF", 0, 255),
        (Mask(), [0, 3], "0x00000000000000000000000000000000", "0x00000000000000000000000000000009"),
        (Mask(), [0, 3], 0, 9),
        (Mask(), [0, 3], None, "0x00000009"),
        (Set(TEXT), ["c", "a"], ["b", "a"], ["a", "c"]),
        (Set(TEXT), ["c", "a"], None, ["a", "c"]),
        (Array(TEXT, "none", 5), ["a"], ["b", "c", "none"], ["a", "none", "none"]),
        (Array(TEXT, "none", 5), ["a"], None, ["a"]),
        (Array(Mask(8)), [[0]], ["0x0000"], ["0x0001"]),
        (Row((INT, INT)), ["1", 2], ["0x0", 0], ["0x1", 2]),
        (Row((INT, INT)), [1, 2], None, [1, 2]),
        (TIME_SECTION, "08:30-17:45", "0 00:00:00-24:00:00", "1 08:30:00-17:45:00"),
        (TIME_SECTION, "off", "1 08:30:00-17:45:00", "0 08:30:00-17:45:00"),
        (TIME_SECTION, "off", None, "0 00:00:00-24:00:00"),
        (TIME_SECTION, "0 01:00:00-02:00:00", "1 08:30:00-17:45:00", "0 01:00:00-02:00:00"),
        (TIME_ZONE, "+01:00", -480, -60),
    ],
)  # fmt: skip
def test_spelling_of_the_device(kind, person, like, device):
    written = kind.wire(person, like)
    assert written == device
    assert type(written) is type(device)


def test_a_schedule_keeps_the_places_of_the_device():
    off, on = "0 00:00:00-24:00:00", "1 00:00:00-24:00:00"
    week = [[on, off, off]] * 7
    new = SCHEDULE.wire({"weekdays": ["06:00-07:00", "08:00-17:00"], "weekend": "off"}, week)
    assert new[0] == [off, off, off]
    assert new[1] == ["1 06:00:00-07:00:00", "1 08:00:00-17:00:00", off]
    assert SCHEDULE.wire("never") == [[off] * 6] * 7
    assert not Schedule(1).accepts({"everyday": ["06:00-07:00", "08:00-17:00"]})


@pytest.mark.parametrize(
    ("kind", "bad"),
    [
        (BOOL, 2),
        (PERCENT, 101),
        (PERCENT, -1),
        (PERCENT, True),
        (PERCENT, "many"),
        (PORT, 0),
        (Choice(("PAL", "NTSC")), "SECAM"),
        (Choice(("H.264",), open=True), ""),
        (Choice(("H.264",), open=True), ["H.264"]),
        (Code({"auto": 0}), True),
        (Code({"auto": 0}), 9),
        (Code({"auto": 0}), ["auto"]),
        (Text(3), "four"),
        (Text(3), "äö"),
        (TEXT, "nul\0"),
        (TEXT, None),
        (IPV4, "10.0.0.256"),
        (IPV4, 7),
        (HEX, -1),
        (HEX, 1 << 32),
        (Mask(4), [4]),
        (Mask(4), True),
        (Mask(8, ("regular",)), [1]),
        (Mask(), ["first"]),
        (Set(Text(2)), ["long"]),
        (Set(TEXT), "a"),
        (Array(TEXT, "none", 1), ["a", "b"]),
        (Array(INT), ["a"]),
        (Row((INT,)), [1, 2]),
        (Row((INT,)), ["x"]),
        (TIME_SECTION, "6 00:00:00-01:00:00"),
        (TIME_SECTION, 8),
        (SCHEDULE, "sometimes"),
        (SCHEDULE, {"monday": "08:00-17:00"}),
        (TIME_ZONE, "Europe/Berlin"),
        (TIME_ZONE, True),
    ],
)
def test_refused_values(kind, bad):
    assert not kind.accepts(bad)


def test_a_refusal_never_shows_a_secret():
    with pytest.raises(UsageError) as refusal:
        validate(Text(4, secret=True), "hunter22", "NetWork.Wifi: Keys")
    assert "hunter22" not in str(refusal.value)


def test_what_is_allowed_reads_as_a_sentence():
    assert Int(1, 6).allowed == "a whole number from 1 to 6"
    assert Int(0, None, "s").allowed == "a whole number from 0 s"
    assert INT.allowed == "a whole number"
    assert Choice(("a", "b")).allowed == "one of a, b"
    assert Choice(("a", "b"), open=True).allowed == "text such as a, b"
    assert Mask(4).allowed == "a list of numbers from 0 to 3"
    assert Mask(4, ("regular",)).allowed == "a list of regular"
    assert Text(8).allowed == "text of at most 8 bytes"
    assert Array(TEXT).allowed == "a list, each text"


@pytest.mark.parametrize(
    "nonsense",
    [
        lambda: Int(6, 1),
        lambda: Int(None, 5),
        lambda: Choice(()),
        lambda: Choice(("a", "A")),
        lambda: Code({"a": 1, "b": 1}),
        lambda: Code({"5": 1}),
    ],
)
def test_kinds_that_make_no_sense_are_refused_at_once(nonsense):
    with pytest.raises(ValueError, match=re.compile("range|choices|labels")):
        nonsense()


def test_numbers_in_every_spelling():
    assert [number(x) for x in (15, 15.0, True, "15", "0x0F", "-3")] == [15, 15, 1, 15, 15, -3]
    assert [number(x) for x in (None, 1.5, float("inf"), "", "0x", "1e3", "9" * 5000, [1])] == [None] * 8
    assert is_hex("0XaF")
    assert not is_hex("af")
    assert spell(10, "0Xff") == "0X0a"


@pytest.mark.parametrize(
    ("value", "like", "fits"),
    [
        ("x", None, True),
        (1, True, True),
        (5, True, False),
        ("5", 3, True),
        (1.5, 3, True),
        ("x", 3, False),
        (5, "x", True),
        (True, "x", False),
        (1.5, "x", False),
        ({}, {"a": 1}, True),
        ([], {"a": 1}, False),
        ([1], [], True),
        ("x", [], False),
    ],
)
def test_a_value_without_a_row_must_have_the_devices_type(value, like, fits):
    assert RAW.fits(value, like) is fits


class TestOrderOfWords:
    """Masks of 128 bits: the highest word first on most devices, the lowest first on an R80X30-PQ."""

    LOW_FIRST = "0x00000001" + "0" * 24

    @pytest.mark.parametrize(
        ("text", "bits"),
        [
            (LOW_FIRST, [0]),
            ("0x0000000B" + "0000000A" + "0" * 16, [0, 1, 3, 33, 35]),
            ("0x" + "0" * 16 + "0000000B" + "0000000A", [1, 3, 32, 33, 35]),  # a 50X50-WG
            ("0x" + "0" * 31 + "1", [0]),
            ("0x00000005" + "00000000", [0, 2]),
            ("0x80000000" + "0" * 23 + "1", [0, 127]),
            ("0x00000005", [0, 2]),
            ("0x0000000500", [8, 10]),
        ],
    )
    def test_a_mask_is_read_in_the_order_of_its_words(self, text, bits):
        kind = Mask()
        assert kind.canon(text) == bits
        assert kind.wire(bits, text) == text

    def test_it_is_written_in_the_order_seen(self):
        kind = Mask()
        assert kind.wire([0, 1], self.LOW_FIRST) == "0x00000003" + "0" * 24
        assert kind.wire([33], self.LOW_FIRST) == "0x00000000" + "00000002" + "0" * 16
        assert kind.wire([0], "0x" + "0" * 32) == "0x" + "0" * 31 + "1", "of zeros nothing is known"
        assert kind.wire([0], "0x" + "0" * 31 + "4") == "0x" + "0" * 31 + "1"

    @pytest.mark.parametrize("like", [None, 0, "0x" + "0" * 32, "0x" + "0" * 31 + "1"])
    @pytest.mark.parametrize("bits", [[96], [127], [100, 64], [0, 127], [96, 31]])
    def test_channels_at_the_far_end_alone_are_not_taken_for_the_first_ones(self, like, bits):
        assert Mask().canon(Mask().wire(bits, like)) == sorted(bits)

    def test_what_goes_beyond_the_text_keeps_its_meaning(self):
        assert Mask().canon(Mask().wire([0, 40], "0x00000001")) == [0, 40]


class TestChannels:
    """People count channels from 1; a device keeps a bit for each."""

    @pytest.mark.parametrize(
        ("value", "person"),
        [
            ("0x00000005", [1, 3]),
            ("0x00000000", []),
            (2, [2]),
            ([3, 1, 3], [1, 3]),
            (["2"], [2]),
            ("all", "all"),
            ([0], [0]),
            ([True], [True]),
            ("many", "many"),
        ],
    )
    def test_are_told_from_1(self, value, person):
        assert Channels().canon(value) == person

    def test_all_of_them_where_their_number_is_known(self):
        four = Channels(4)
        assert four.canon("All") == [1, 2, 3, 4]
        assert four.wire("all", "0x00000000") == "0x0000000F"
        assert four.wire([4], "0x0") == "0x8"
        assert four.accepts("all")
        assert not Channels().accepts("all")

    @pytest.mark.parametrize("value", [[0], [5], [-1], ["x"], [True], "every", None, True, {"a": 1}, "0x10"])
    def test_what_is_no_channel_is_refused(self, value):
        kind = Channels(4)
        assert not kind.accepts(value)
        assert kind.allowed == 'a list of channels from 1 to 4, or "all"'
