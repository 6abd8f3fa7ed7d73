from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest

from custom_components.dvrip import select
from custom_components.dvrip.settings import SHOWN
from dvrip_proto import CONTROLS
from tools import entity_texts, written


def test_names_and_icons_are_those_of_the_rows() -> None:
    stale = [path.name for path, content in entity_texts.files().items() if path.read_text() != content]
    assert not stale, "run tools/entity_texts.py"


def test_check_fails_for_a_file_that_is_out_of_date(
    monkeypatch: pytest.MonkeyPatch, tmp_path, capsys
) -> None:
    for name in ("strings.json", "icons.json", "translations/en.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(
            (entity_texts.INTEGRATION / name).read_text().replace("Motion", "Emotion")
        )
    monkeypatch.setattr(entity_texts, "INTEGRATION", tmp_path)
    monkeypatch.setattr(written, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["entity_texts.py", "--check"])
    assert written.write_or_check(entity_texts.files()) == 1
    assert "strings.json" in "".join(capsys.readouterr())
    monkeypatch.setattr(sys, "argv", ["entity_texts.py"])
    assert written.write_or_check(entity_texts.files()) == 0
    assert '"Motion detection"' in (tmp_path / "strings.json").read_text()


def test_it_runs_alone() -> None:
    subprocess.run([sys.executable, entity_texts.__file__, "--check"], check=True)


def test_every_control_that_is_shown_has_a_platform_or_is_no_single_value() -> None:
    hidden = {row.kind.name for row in SHOWN if entity_texts.platform(row) is None}
    assert hidden <= {"schedule", "timezone", "mask", "list", "any", "int", "hex", "time_section"}, hidden
    secret = {row.key for row in CONTROLS if row.kind.secret}
    assert not secret & {row.key for row in SHOWN}


@pytest.mark.parametrize("row", [row for row in SHOWN if row.kind.options], ids=lambda row: row.key)
def test_words_of_a_choice_stay_apart(row) -> None:
    keys = Counter(select.option_key(word) for word in row.kind.options)
    assert max(keys.values()) == 1, keys
    texts = Counter(entity_texts.texts(row).get("state", {}).values())
    assert not texts or max(texts.values()) == 1, texts
