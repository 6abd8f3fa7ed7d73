import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dvrip_proto.config.kinds import BOOL, INT, RAW, Choice, Code, Int, validate
from dvrip_proto.config.lists import Array, Channels, Mask, Row, Set
from dvrip_proto.config.schedule import CLOCK, DAYS, SCHEDULE, TIME_SECTION, TIME_ZONE
from dvrip_proto.config.texts import CHANNEL, HEX, IPV4, SECRET, TEXT, Text
from dvrip_proto.errors import UsageError

KINDS = {
    "raw": RAW,
    "bool": BOOL,
    "int": INT,
    "range": Int(-5, 300, "s"),
    "choice": Choice(("Auto", "KeepOpen", "24")),
    "open choice": Choice(("H.264", "H.265"), open=True),
    "code": Code({"auto": 0, "colour": 1, "black-white": 2}),
    "text": Text(8),
    "secret": SECRET,
    "ipv4": IPV4,
    "hex": HEX,
    "channel": CHANNEL,
    "mask": Mask(),
    "flags": Mask(8, ("regular", "motion")),
    "channels": Channels(),
    "outputs": Channels(4, "relay output"),
    "set": Set(TEXT),
    "array": Array(TEXT, "none", 5),
    "addresses": Array(IPV4, "0x00000000", 64, ordered=False),
    "list": Array(Mask(8)),
    "row": Row((INT, Choice(("None", "Odd")), BOOL)),
    "section": TIME_SECTION,
    "sections": Array(TIME_SECTION, "off"),
    "schedule": SCHEDULE,
    "zone": TIME_ZONE,
    "clock": CLOCK,
}

clocks = st.builds("{:02d}:{:02d}:{:02d}".format, st.integers(0, 25), st.integers(0, 61), st.integers(0, 61))
sections = st.one_of(
    st.builds("{} {}-{}".format, st.integers(0, 9), clocks, clocks),
    st.builds(
        "{}-{}".format, st.sampled_from(("08:30", "7:00", "24:00")), st.sampled_from(("17:45", "24:00"))
    ),
    st.just("off"),
)
words = st.sampled_from(
    [
        *(
            "true",
            "On",
            "no",
            "Off",
            "AUTO",
            "auto",
            "keepopen",
            "black-white",
            "H.264",
            "h.265",
            "avbr",
            "none",
            "odd",
        ),
        *(
            "regular",
            "MOTION",
            "always",
            "never",
            "UTC",
            "+08:00",
            "-03:30",
            "GMT+1",
            "+8",
            "-480",
            "007",
            "12",
            "-0",
        ),
        *("channel 1", "Channel 256", "channel 0", "channel 4x"),
        *(
            "0x",
            "0x0F",
            "0x0000000f",
            "0xFFFFFFFFFF",
            "0x00000005",
            "0A01A8C0",
            "192.168.1.10",
            "0.0.0.0",
            "1.2.3",
        ),
        *("...", "10.0.0.256", "\u0661"),
    ]
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 40),
    st.integers(),
    st.floats(allow_nan=False),
    words,
    sections,
    st.text(max_size=10),
    st.builds("0x{:08X}".format, st.integers(0, 2**34)),
    st.builds("0x{:032x}".format, st.integers(0, 2**128 - 1)),
)
weeks = st.one_of(
    st.lists(st.lists(sections, max_size=7), min_size=7, max_size=7),
    st.dictionaries(
        st.sampled_from((*DAYS, "everyday", "weekdays", "weekend")),
        st.one_of(sections, st.lists(sections)),
        max_size=10,
    ),
)
trees = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
)
LAW = settings(max_examples=60, deadline=None)
values = st.one_of(scalars, trees, weeks, st.lists(scalars, max_size=6), st.lists(sections, max_size=6))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
class TestLaws:
    @LAW
    @given(value=values)
    def test_canon_is_a_fixed_point(self, kind, value):
        assert kind.canon(kind.canon(value)) == kind.canon(value)

    @LAW
    @given(value=values, like=values)
    def test_the_devices_spelling_means_the_same(self, kind, value, like):
        assert kind.canon(kind.wire(kind.canon(value), like)) == kind.canon(value)
        assert kind.canon(kind.wire(value, like)) == kind.canon(value)

    @LAW
    @given(value=values)
    def test_the_devices_spelling_is_json(self, kind, value):
        json.dumps(kind.wire(value))

    @LAW
    @given(value=values)
    def test_what_is_accepted_is_accepted_in_either_spelling(self, kind, value):
        if kind.accepts(value):
            assert kind.accepts(kind.canon(value)), kind.canon(value)

    @LAW
    @given(value=values)
    def test_a_refusal_says_where_and_what_is_allowed(self, kind, value):
        if kind.accepts(value):
            validate(kind, value, "Record: Mode")
            return
        with pytest.raises(UsageError) as refusal:
            validate(kind, value, "Record: Mode")
        assert str(refusal.value).startswith("Record: Mode: ")
        assert kind.allowed in str(refusal.value)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("unknown", [None, {"a": 1}, "unknown words", [["x"]], {"everyday": "later"}, -7.5])
def test_what_a_kind_does_not_know_passes_through(kind, unknown):
    assert kind.canon(kind.wire(unknown, "0x00000001")) == kind.canon(unknown)
    if not kind.accepts(unknown) and kind.name not in ("text", "secret", "set", "list"):
        assert kind.wire(unknown) == unknown
