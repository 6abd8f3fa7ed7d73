"""Absurd members in the replies of every feature: a right value or one of the library's errors, nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dvrip_proto.errors import ProtocolError
from dvrip_proto.features.accounts.values import read_user
from dvrip_proto.features.alarms import read_events
from dvrip_proto.features.dump import dump
from fuzz.replies import CALLS, NamedConnection, _users, outcome, run
from fuzz.seeds import replies

REPLIES = replies()
ABSURD = [
    *(None, True, False, 0, -1, 1, 2**31, 2**32 - 1, 2**64, 10**70, -(10**70), 10**400, 1e400, -1e400, 1.5),
    *("", " ", "x", "0x", "0xFFFFFFFF", "0x" + "f" * 60, "-5", "1e9", "\u0663", "\0", "\u00e9", "None"),
    *("9999-99-99 99:99:99", "9999-12-31 23:59:59", "0001-01-01 00:00:00", "9" * 4000),
    *([], {}, [[]], [None], [0], {"": None}, {"a": [1]}, ["x"] * 200, {"Name": {"Name": None}}),
]

type Path = tuple[Any, ...]


def places(tree: Any, path: Path = ()) -> Iterator[Path]:
    """Where something can be put, the first elements of lists only."""
    below = tree.items() if isinstance(tree, dict) else enumerate(tree[:3]) if isinstance(tree, list) else ()
    for key, value in below:
        yield (*path, key)
        yield from places(value, (*path, key))


def replaced(tree: Any, path: Path, value: Any) -> Any:
    """A copy of the tree with another value at one place; `...` removes it."""
    if not path:
        return value
    copied, (key, *rest) = tree.copy(), path
    if not rest and value is ...:
        del copied[key]
    else:
        copied[key] = replaced(copied[key], tuple(rest), value)
    return copied


def spelled(tree: Any) -> bytes:
    return json.dumps(tree).replace("Infinity", "1e400").encode()


def test_every_call_has_a_real_reply() -> None:
    assert {name for name, _ in REPLIES} == CALLS.keys()


def alike(path: Path) -> Path:
    """The place without the numbers of list elements."""
    return tuple(0 if isinstance(step, int) else step for step in path)


# A dump asks for a hundred objects: the random ones below are enough of it.
ONE_BY_ONE = [(name, tree) for name, tree in REPLIES if name != "dump"]


@pytest.mark.parametrize(("name", "tree"), ONE_BY_ONE, ids=[name for name, _ in ONE_BY_ONE])
def test_one_absurd_member_at_every_level(name: str, tree: Any) -> None:
    for path in {alike(path): path for path in places(tree)}.values():
        for value in (..., None, [], {}, "x", -1, 1e400):
            outcome(name, spelled(replaced(tree, path, value)))


@settings(max_examples=250, deadline=None)
@given(draw=st.data())
def test_several_absurd_members(draw: st.DataObject) -> None:
    name, tree = draw.draw(st.sampled_from(REPLIES))
    for _ in range(draw.draw(st.integers(1, 4))):
        where = list(places(tree))
        if where:
            path = draw.draw(st.sampled_from(where))
            tree = replaced(tree, path, draw.draw(st.sampled_from([..., *ABSURD])))
    outcome(name, spelled(tree))


@pytest.mark.parametrize("odd", [None, [], {}, True, ["admin"]], ids=repr)
def test_what_is_no_text_is_no_name(odd: Any) -> None:
    user = read_user(
        {"Name": odd, "Group": odd, "Memo": odd, "Password": odd, "AuthorityList": [odd, "Account"]}
    )
    assert (user.name, user.group, user.memo, user.password_hash) == ("", "", "", "")
    assert user.authorities == {"Account"}
    (event,) = read_events(
        {"AlarmInfo": {"Event": odd, "Status": odd, "StartTime": odd, "Channel": odd or 0}}
    )
    assert (event.event, event.started) == ("", "")
    assert event.active is (True if odd is True else None), "a flag is a word of its own"


@pytest.mark.parametrize(
    ("told", "yes"),
    [(True, True), (1, True), ("true", True), ("0x00000001", True), ("On", True), (7, True)]
    + [(False, False), (0, False), ("false", False), ("0x0", False), ("0", False), ("Off", False)],
)
def test_switches_in_every_spelling(told: Any, yes: bool) -> None:
    user = read_user({"Name": "x", "Sharable": told, "Reserved": told})
    assert (user.sharable, user.reserved) == (yes, yes)


@pytest.mark.parametrize("odd", [None, [], {}, "x", 1e400])
def test_a_switch_that_means_nothing_is_as_usual(odd: Any) -> None:
    user = read_user({"Name": "x", "Sharable": odd, "Reserved": odd})
    assert (user.sharable, user.reserved) == (True, False)


@pytest.mark.parametrize("count", ["0xFFFFFFFF", 2**32 - 1, 10**60, -1, None, "x", [4]])
def test_a_number_of_channels_that_no_device_has_is_not_believed(count: Any) -> None:
    info: Any = outcome("info", spelled({"SystemInfo": {"VideoInChannel": 1, "DigChannel": count}}))
    assert (info.channel_count, info.digital_channels) == (1, 0)


def test_an_error_does_not_quote_a_whole_reply() -> None:
    error = outcome("time", spelled({"OPTimeQuery": "x" * 100_000}))
    assert type(error) is ProtocolError
    assert len(str(error)) < 200


@pytest.mark.parametrize("word", ["a", "1.", "a@", "a_"])
@pytest.mark.timeout(10)
def test_long_texts_are_made_anonymous_in_no_time(word: str) -> None:
    text = word * (40_000 // len(word))
    connection = NamedConnection(
        spelled({"tree": {"DeviceModel": "x", "Text": text}, "AuthorityList": [text]})
    )
    profile: Any = run(lambda told: dump(told, _users(told)), connection)
    assert profile["name"] == "x"
