"""What `make fuzz` searches for hours holds for its seeds and for a few hundred inputs at every run of the tests."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fuzz.properties import TARGETS
from fuzz.seeds import SEEDS

QUICK = settings(max_examples=60, deadline=None)
EXAMPLES = {name: make() for name, make in SEEDS.items()}


def test_every_target_has_seeds() -> None:
    assert EXAMPLES.keys() == TARGETS.keys()
    assert all(EXAMPLES.values())


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_hold(name: str) -> None:
    for seed in EXAMPLES[name]:
        TARGETS[name](seed)


@pytest.mark.parametrize("name", TARGETS)
@QUICK
@given(data=st.binary(max_size=200))
@example(data=b"")
def test_any_bytes_hold(name: str, data: bytes) -> None:
    TARGETS[name](data)


@pytest.mark.parametrize("name", TARGETS)
@QUICK
@given(draw=st.data())
def test_damaged_seeds_hold(name: str, draw: st.DataObject) -> None:
    data = bytearray(draw.draw(st.sampled_from(EXAMPLES[name])))
    for _ in range(draw.draw(st.integers(1, 4))):
        at = draw.draw(st.integers(0, len(data)))
        gone = draw.draw(st.integers(0, 8))
        data[at : at + gone] = draw.draw(st.binary(max_size=8))
    TARGETS[name](bytes(data))
