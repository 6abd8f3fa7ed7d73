"""Outputs, texts in the picture, restarts and resets; errors that programs read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from dvrip_proto.cli.commands.discover import _HINT
from dvrip_proto.cli.output import flat
from dvrip_proto.simulator import Simulator

from .conftest import PASSWORD, Dvrip


@pytest.fixture
async def camera() -> AsyncIterator[Simulator]:
    async with Simulator(profile="ipc", users={"admin": PASSWORD}) as simulator:
        yield simulator


@pytest.fixture
def gate(camera: Simulator) -> str:
    return f"{camera.host}:{camera.port}"


async def test_outputs_are_listed_and_switched(dvrip: Dvrip, camera: Simulator, gate: str) -> None:
    before = (await dvrip("outputs", gate, "--json")).json
    assert before[0]["output"] == 1
    for word, stored in (("on", "MANUAL"), ("off", "CLOSE"), ("auto", "AUTO")):
        shown = await dvrip("outputs", gate, 1, word)
        assert (shown.code, shown.out.splitlines()[1].split()[:2]) == (0, ["1", word])
        assert camera.state.config["Alarm.AlarmOut"][0]["AlarmOutType"] == stored
    wrong = await dvrip("outputs", gate, len(before) + 1, "on")
    assert (wrong.code, "there is no alarm output" in wrong.err) == (2, True)
    half = await dvrip("outputs", gate, 1)
    assert (half.code, "its number and on, off or auto" in half.err) == (2, True)


async def test_a_device_without_outputs_says_so_to_people_and_programs(dvrip: Dvrip, at: str) -> None:
    shown = await dvrip("outputs", at, "--json")
    assert (shown.code, "this device has no outputs" in shown.err) == (1, True)
    assert shown.json == {"error": f"{at}: Alarm.AlarmOut: this device has no outputs", "exit_code": 1}


async def test_what_is_written_into_the_picture(dvrip: Dvrip, camera: Simulator, gate: str) -> None:
    assert (await dvrip("osd", gate, "--json")).json == {
        "channel": 1,
        "title": "Living room",
        "title_shown": True,
        "time_shown": True,
        "text": [],
    }
    words = ("osd", gate, "--title", "Tür 門", "--text", "East", "--text", "side", "--hide-time")
    planned = await dvrip(*words, "--dry-run")
    assert (planned.code, planned.out.count("not written")) == (0, 3)
    assert camera.state.titles == ["Living room"]
    assert all(each["written"] for each in (await dvrip(*words, "--json")).json)
    assert (await dvrip("osd", gate, "--json")).json == {
        "channel": 1,
        "title": "Tür 門",
        "title_shown": True,
        "time_shown": False,
        "text": ["East", "side"],
    }
    assert not any(each["changed"] for each in (await dvrip(*words, "--json")).json)
    await dvrip("osd", gate, "--text", "")
    info = camera.state.config["fVideo.OSDInfo"]["OSDInfo"][0]
    assert (info["Info"], info["OSDInfoWidget"]["EncodeBlend"]) == ([""] * 6, False)
    many = await dvrip("osd", gate, *["--text", "x"] * 7)
    assert (many.code, "the device has 6 lines of text" in many.err) == (2, True)


async def test_parts_are_reset_and_what_may_lock_out_is_asked_for_twice(
    dvrip: Dvrip, camera: Simulator, gate: str
) -> None:
    await dvrip("config", "set", gate, "General.General", "LocalNo=77")
    told = (await dvrip("reset", gate, "general", "--yes", "--json")).json
    assert told == {"device": gate, "parts": ["general"], "factory": False, "reboot_needed": True}
    assert camera.state.config["General.General"]["LocalNo"] != 77
    for words in (("network",), ("accounts", "general"), ("--factory",)):
        refused = await dvrip("reset", gate, *words, "--yes")
        assert (refused.code, "--allow-disconnect" in refused.err) == (2, True)
    for words in ((), ("general", "--factory"), ("everything",)):
        assert (await dvrip("reset", gate, *words, "--yes")).code == 2
    unasked = await dvrip("reset", gate, "general")
    assert (unasked.code, "give --yes" in unasked.err) == (2, True)
    assert camera.state.titles == ["Living room"]
    await dvrip("osd", gate, "--title", "mine")
    everything = await dvrip("reset", gate, "--factory", "--allow-disconnect", "--yes")
    assert (everything.code, "everything is as it was when new" in everything.out) == (0, True)
    assert camera.state.titles == ["Living room"]


async def test_a_device_is_turned_off_when_that_is_meant(dvrip: Dvrip, camera: Simulator, gate: str) -> None:
    assert (await dvrip("shutdown", gate)).code == 2
    assert camera.up
    assert (await dvrip("shutdown", gate, "--yes", "--json")).json == {"device": gate, "off": True}
    for _ in range(1000):
        if camera.up:
            await asyncio.sleep(0.01)
    assert not camera.up


async def test_programs_read_what_a_restart_and_a_movement_did(
    dvrip: Dvrip, camera: Simulator, gate: str
) -> None:
    told = (await dvrip("ptz", gate, "left", "--duration", "0.1", "--json")).json
    assert told == {"device": gate, "channel": 1, "action": "left"}
    assert (await dvrip("ptz", gate, "set", 3, "--json")).json["preset"] == 3
    assert (await dvrip("ptz", gate, "left", "--duration", "0.1")).out == ""
    assert (await dvrip("reboot", gate, "--yes", "--json")).json == {"device": gate, "restarts": True}


@pytest.mark.parametrize(
    "words",
    [
        ("info", "127.0.0.1:1"),
        ("config", "get", "127.0.0.1:1", "General.General"),
        ("watch", "127.0.0.1:1"),
        ("reboot", "127.0.0.1:1", "--yes"),
        ("recordings", "list", "127.0.0.1:1"),
    ],
)
async def test_an_error_is_json_where_json_is_wanted(dvrip: Dvrip, words: tuple[str, ...]) -> None:
    shown = await dvrip(*words, "--json")
    assert shown.code == 4
    told = shown.json
    assert (told["exit_code"], "connection refused" in told["error"]) == (4, True)
    assert shown.err.startswith("dvrip: 127.0.0.1:1: connection refused")
    assert (await dvrip(*words)).out == ""


async def test_a_wrong_password_is_json_too(dvrip: Dvrip, gate: str) -> None:
    shown = await dvrip("time", gate, "--json", password="wrong")
    assert (shown.code, shown.json["exit_code"]) == (3, 3)


def test_a_search_that_finds_nothing_says_where_broadcasts_do_not_go() -> None:
    assert "--target 127.255.255.255" in _HINT
    assert "dvrip simulate" in _HINT


@pytest.mark.parametrize("family", ["users", "groups", "storage", "recordings", "config"])
async def test_a_family_without_a_command_lists(dvrip: Dvrip, gate: str, family: str) -> None:
    shown = await dvrip(family, gate)
    assert (shown.code, shown.err) == (0, "")
    assert len(shown.out.splitlines()) > 0
    misspelt = await dvrip(family, "lits" if family != "storage" else "shwo", gate)
    assert (misspelt.code, "no command " in misspelt.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [(("--port", 99999), "it is at most 65535"), (("--parallel", 0), "it is at least 1")],
)
async def test_limits_are_said_in_words(dvrip: Dvrip, words: tuple[object, ...], said: str) -> None:
    shown = await dvrip("info", "127.0.0.1", *words)
    assert (shown.code, said in shown.err) == (2, True)


@pytest.mark.parametrize("words", [("info",), ("ptz",), ("storage", "format"), ("record",)])
async def test_help_names_what_is_typed_and_no_types(dvrip: Dvrip, words: tuple[str, ...]) -> None:
    shown = await dvrip(*words, "--help")
    assert "  HOST" in shown.out
    assert not [
        mark
        for mark in ("<str>", "<list", "<path>", "<bool>", "{HOST}", "<=x", "[required]")
        if mark in shown.out
    ]


def test_what_is_the_same_many_times_is_told_once() -> None:
    tree = {"PtzLink": [["None", 0]] * 64, "Level": 3, "Few": [[1], [1]], "Mask": [0] * 20}
    assert list(flat(tree)) == [
        ("PtzLink[0-63]", '["None", 0]'),
        ("Level", "3"),
        ("Few[0]", "[1]"),
        ("Few[1]", "[1]"),
        ("Mask", str([0] * 20)),
    ]
