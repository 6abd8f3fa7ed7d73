"""Case 40: a camera stores any word for the mode of its white light, and obeys two; unknown words are warned of."""

from __future__ import annotations

from typing import Any

import pytest

from dvrip_proto import plan, spec_for
from dvrip_proto.cli.plan_output import print_plan

LIGHT = {"Brightness": 50, "MoveTrigLight": {"Duration": 60, "Level": 3}, "WorkMode": "Close"}


def planned(name: str, current: Any, wish: Any) -> tuple[str, ...]:
    return plan(spec_for(name), current, wish).doubts


@pytest.mark.parametrize("word", ["Auto", "auto", "Close", "KeepOpen", "Intelligent", "Timing"])
def test_words_that_devices_understand_are_written_without_a_word(word: str) -> None:
    assert planned("Camera.WhiteLight", LIGHT, {"WorkMode": word}) == ()


@pytest.mark.parametrize("word", ["Bogus", "On", "Open"])
def test_other_words_are_written_with_a_warning(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = plan(spec_for("Camera.WhiteLight"), LIGHT, {"WorkMode": word})
    assert wanted.payload["WorkMode"] == word, "the device may be newer than we know"
    (doubt,) = wanted.doubts
    assert repr(word) in doubt
    assert "Auto, KeepOpen, Close" in doubt
    print_plan(wanted, None, json=False)
    assert "warning: WorkMode: no known device understands" in capsys.readouterr().out.replace("\n", " ")


def test_what_is_not_changed_is_not_doubted() -> None:
    odd = {**LIGHT, "WorkMode": "Bogus"}
    assert planned("Camera.WhiteLight", odd, {"WorkMode": "Bogus", "Brightness": 60}) == ()
