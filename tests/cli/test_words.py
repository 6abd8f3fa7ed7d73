"""KEY=VALUE words, logins and texts of the command line, without a device."""

from __future__ import annotations

from typing import Any

import pytest

from dvrip_proto.cli.commands.logs import Kind
from dvrip_proto.cli.commands.recordings import Event
from dvrip_proto.cli.login import Login
from dvrip_proto.cli.output import clean, flat
from dvrip_proto.cli.wishes import assigned
from dvrip_proto.errors import UsageError
from dvrip_proto.features.logs import LogKind
from dvrip_proto.features.recordings.recording import EVENT_NAMES


@pytest.mark.parametrize(
    ("words", "tree"),
    [
        (["A=1"], {"A": "1"}),
        (["A=true", "B=false", "C=null"], {"A": True, "B": False, "C": None}),
        (["A=0x0A01A8C0", "B=x=y", "C="], {"A": "0x0A01A8C0", "B": "x=y", "C": ""}),
        (['A="1"', "B=[1, 2]", 'C={"D": 1}'], {"A": "1", "B": [1, 2], "C": {"D": 1}}),
        (["S.Port=80", "S.Name=x"], {"S": {"Port": "80", "Name": "x"}}),
        (["C[1].E=true"], {"C": [None, {"E": True}]}),
        (["C[1].E=true", "C[0].E=false", "C[1].F=x"], {"C": [{"E": False}, {"E": True, "F": "x"}]}),
        (["[I=eth0].E=true"], [{"I": "eth0", "E": True}]),
        (
            ["[I=eth0].E=true", "[I=eth1].E=false", "[I=eth0].F=1"],
            [{"I": "eth0", "E": True, "F": "1"}, {"I": "eth1", "E": False}],
        ),
        (["C[0]=null", "C[1]=x"], {"C": [None, "x"]}),
    ],
)
def test_words_become_the_tree_they_ask_for(words: list[str], tree: Any) -> None:
    assert assigned(words) == tree


@pytest.mark.parametrize(
    "words", [["A"], ["=1"], ["A=1", "A=2"], ["A=1", "A.B=2"], ["A={"], ["A=[1"], ['A="']]
)
def test_words_that_ask_for_nothing_are_refused(words: list[str]) -> None:
    with pytest.raises(UsageError):
        assigned(words)


def test_a_login_does_not_show_its_password() -> None:
    assert "secret" not in repr(Login(port=1, user="a", password="secret", timeout_s=1))


def test_text_is_cleaned() -> None:
    assert clean("Tür 门") == "Tür 门"
    assert clean("a\nb\x1b[2J\x00") == "a\\nb\\x1b[2J\\x00"
    assert [clean(value) for value in (None, True, False, 5)] == ["-", "yes", "no", "5"]


def test_a_tree_is_flattened_to_its_leaves() -> None:
    tree = {"A": {"B": 1, "C": []}, "D": [{"E": True}, {"E": None}], "F": [1, 2], "G": {}}
    assert dict(flat(tree)) == {
        "A.B": "1",
        "A.C": "[]",
        "D[0].E": "true",
        "D[1].E": "null",
        "F": "[1, 2]",
        "G": "{}",
    }


def test_the_choices_are_the_library_s() -> None:
    assert {event.value for event in Event} == set(EVENT_NAMES.values())
    assert [kind.name for kind in Kind] == [kind.name for kind in LogKind]
