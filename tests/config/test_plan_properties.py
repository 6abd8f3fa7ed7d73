import copy

from hypothesis import example, given
from hypothesis import strategies as st

from dvrip_proto.config.kinds import RAW
from dvrip_proto.config.plan import plan
from dvrip_proto.config.spec import Field, Spec
from dvrip_proto.errors import UsageError

keys = st.sampled_from(["Enable", "Level", "Mask", "Mode", "Server", "Port", "x", "y"])
leaves = st.one_of(
    st.none(), st.booleans(), st.integers(0, 9), st.sampled_from(["Auto", "0x0000000f", "0x1", "text", ""])
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=4)),
    max_leaves=12,
)
objects = st.dictionaries(keys, trees, max_size=6)
PLAIN = Spec(name="Any.Object", fields={"Level": Field(RAW), "x[].Level": Field(RAW)})


@given(current=objects, wish=objects, replace=st.booleans(), allow_new=st.booleans())
def test_planning_the_same_wish_again_changes_nothing(current, wish, replace, allow_new):
    before = copy.deepcopy(current)
    try:
        first = plan(PLAIN, current, wish, replace=replace, allow_new=allow_new)
    except UsageError:
        assert current == before
        return
    assert current == before
    again = plan(PLAIN, first.payload, wish, replace=replace, allow_new=allow_new)
    assert again.changes == ()
    assert again.payload is first.payload
    assert bool(first.changes) == (first.payload is not current)


@given(current=objects, wish=objects, allow_new=st.booleans())
@example(current={"Level": {"Enable": None}}, wish={"Level": {}}, allow_new=False)
def test_what_nobody_mentioned_is_never_touched(current, wish, allow_new):
    try:
        found = plan(PLAIN, current, wish, allow_new=allow_new)
    except UsageError:
        return
    _same_outside(current, found.payload, wish)


def _same_outside(old, new, wish):
    if isinstance(old, dict) and isinstance(wish, dict):
        assert list(new)[: len(old)] == list(old)
        for key in old:
            if key in wish:
                _same_outside(old[key], new[key], wish[key])
            else:
                assert new[key] is old[key]
    elif isinstance(old, list) and isinstance(wish, list) and len(new) == len(old):
        for place, element in enumerate(old[len(wish) :], len(wish)):
            assert new[place] is element


@given(current=objects)
def test_an_object_wished_as_it_is_changes_nothing(current):
    assert plan(PLAIN, current, copy.deepcopy(current)).payload is current
    assert not plan(PLAIN, current, copy.deepcopy(current), replace=True).changed
