"""Words, options and numbers that a command does not take: one line with a hint, and JSON where it was asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Dvrip

REFUSED = [
    (("info", "h", "--port", "0"), "--port: it is at least 1 (see dvrip info --help)"),
    (("info", "h", "--port", "70000"), "--port: it is at most 65535 (see dvrip info --help)"),
    (("info", "h", "-p", "x"), "--port: it is a whole number (see dvrip info --help)"),
    (("info", "h", "--timeout", "soon"), "--timeout: it is a number (see dvrip info --help)"),
    (("info", "h", "--prot", "1"), "no option --prot: did you mean --port? (see dvrip info --help)"),
    (("set", "h"), "KEY=VALUE is missing (see dvrip set --help)"),
    (("record", "h"), "FILE is missing (see dvrip record --help)"),
    (("snapshot", "h", "x.jpg", "--port"), "--port: its value is missing (see dvrip snapshot --help)"),
    (("dump", "h", "-", "more", "words"), "more words: not expected here (see dvrip dump --help)"),
    (("infoo", "h"), "no command infoo: did you mean info? (see dvrip --help)"),
    (("ptz", "h", "goto", "300"), "NUMBER: it is at most 255 (see dvrip ptz --help)"),
    (("h", "info", "--yes"), "info comes before h: dvrip info h --yes (see dvrip --help)"),
    (
        ("recordings", "h", "list"),
        "list comes before h: dvrip recordings list h (see dvrip recordings --help)",
    ),
    (("users", "authorities", "10.0.0.1"), "no command authorities (see dvrip users --help)"),
    (("upgrade", "h", "/"), "/: Is a directory"),
    (("talk", "h", "/nonexistent"), "/nonexistent: No such file or directory"),
    (
        ("config", "import", "h", "/nonexistent"),
        "/nonexistent: No such file or directory",
    ),
    (("config", "gett", "h"), "no command gett: did you mean get? (see dvrip config --help)"),
    (("recordings", "list"), "HOST is missing (see dvrip recordings list --help)"),
    (
        ("recordings", "days", "h", "--month", "11"),
        "--month: '11' is no month such as 2026-11 (see dvrip recordings days --help)",
    ),
    (
        ("record", "h", "x.mp4", "--stream", "third"),
        "--stream: 'third' is not one of 'main', 'sub' (see dvrip record --help)",
    ),
    (
        ("info", "h", "--trace", "/nonexistent/x"),
        "/nonexistent/x: No such file or directory",
    ),
    (("simulate", "--channels", "x"), "--channels: it is a whole number (see dvrip simulate --help)"),
    (
        ("simulate", "ctl", "u", "liszt"),
        "no command liszt: did you mean list? (see dvrip simulate ctl --help)",
    ),
    (("--verbos",), "no option --verbos: did you mean --verbose, --version? (see dvrip --help)"),
]


@pytest.mark.parametrize(("words", "text"), REFUSED, ids=[" ".join(words) for words, _ in REFUSED])
async def test_what_is_not_taken_is_one_line(dvrip: Dvrip, words: tuple[str, ...], text: str) -> None:
    shown = await dvrip(*words)
    assert (shown.code, shown.out, shown.err) == (2, "", f"dvrip: {text}\n")


ONE_WORD = [each for each in REFUSED if each[0][0] in ("info", "set", "record", "snapshot", "dump", "talk")]


@pytest.mark.parametrize(("words", "text"), ONE_WORD, ids=[" ".join(words) for words, _ in ONE_WORD])
async def test_a_program_gets_it_as_one_object(dvrip: Dvrip, words: tuple[str, ...], text: str) -> None:
    shown = await dvrip(words[0], "--json", *words[1:])
    assert (shown.code, shown.err) == (2, f"dvrip: {text}\n")
    assert shown.json == {"error": text, "exit_code": 2}
    assert shown.out.count("\n") == 1


async def test_json_is_asked_for_wherever_the_word_stands(dvrip: Dvrip) -> None:
    for words in (("recordings", "list", "--json"), ("infoo", "--json")):
        assert (await dvrip(*words)).json["exit_code"] == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("infoo", "h"), 2),
        (("config", "gett", "h"), 2),
        (("simulate", "profiles", "nothing"), 2),
        (("simulate", "ctl", "nowhere", "list"), 2),
        (("simulate", "ctl", "http://127.0.0.1:1", "list"), 4),
        (("alarm-centre", "nowhere.invalid"), 4),
        (("users", "authorities", "10.0.0.1"), 2),
    ],
)
async def test_so_do_errors_without_a_device(dvrip: Dvrip, words: tuple[str, ...], code: int) -> None:
    shown = await dvrip(*words, "--json")
    assert shown.code == code
    assert shown.json == {"error": shown.err.removeprefix("dvrip: ").strip(), "exit_code": code}
    assert "Errno" not in shown.err


async def test_a_zone_that_does_not_exist_is_found_before_a_device_that_needs_none(dvrip: Dvrip) -> None:
    shown = await dvrip("time", "127.0.0.1:1", "--sync", "--zone", "Europe/Berln", "--json")
    assert shown.code == 2  # it would be 4: nothing listens there
    assert "timezone 'Europe/Berln' is not known (did you mean 'Europe/Berlin'?)" in shown.json["error"]


async def test_what_is_wrong_with_options_of_a_simulated_device_is_said_as_all_else(dvrip: Dvrip) -> None:
    shown = await dvrip("simulate", "--profile", "nothing")
    assert (shown.code, shown.err.startswith("dvrip: profile nothing: not one of ")) == (2, True)


async def test_a_word_behind_two_dashes_asks_for_no_json(dvrip: Dvrip) -> None:
    shown = await dvrip("set", "h", "--prot", "--", "--json")
    assert (shown.code, shown.out) == (2, "")


async def test_groups_without_a_command_show_their_help(dvrip: Dvrip) -> None:
    shown = await dvrip("storage")
    assert shown.code in (0, 2)
    assert "Usage: dvrip storage" in shown.out + shown.err
    assert "dvrip: " not in shown.err


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


@pytest.mark.parametrize(
    "words",
    [
        ("doctor", "{at}", "--report", "{file}"),
        ("snapshot", "{at}", "{file}"),
        ("dump", "{at}", "{file}"),
        ("config", "export", "{at}", "{file}"),
        ("logs", "{at}", "--export", "{file}"),
        ("record", "{at}", "{file}.mp4", "--seconds", "1"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("where", ["nowhere/file", "folder", "plain/file"])
async def test_a_file_that_cannot_be_written_is_found_before_the_device_is_asked(
    dvrip: Dvrip, tmp_path: Path, words: tuple[str, ...], where: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "plain").write_text("")
    file = tmp_path / where
    shown = await dvrip(*(word.format(at="127.0.0.1:1", file=file) for word in words), "--json")
    assert shown.code == 2  # it would be 4: nothing listens there
    assert str(file.parent if words[0] == "record" else file) in json.loads(shown.out)["error"]
    assert _names(tmp_path) == ["folder", "folder.mp4", "plain"]


async def test_looking_whether_a_file_can_be_written_leaves_it_as_it_is(dvrip: Dvrip, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text("what I had")
    shown = await dvrip("doctor", "127.0.0.1:1", "--report", file, "--timeout", "x")
    assert (shown.code, file.read_text()) == (2, "what I had")
    assert _names(tmp_path) == ["report.json"]
