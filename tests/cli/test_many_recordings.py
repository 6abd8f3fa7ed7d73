"""`record` and `recordings download` of many devices: @FILE in place of HOST."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dvrip_proto.simulator import Simulator

from .conftest import PASSWORD, Dvrip, finish, start

DAY = datetime(2021, 3, 4, 10)
ON_THE_DAY = ("--day", "2021-03-04")
AWAY = "127.0.0.1:1"


@pytest.fixture
async def two() -> AsyncIterator[list[Simulator]]:
    video = ["scene:h264"]
    async with (
        Simulator(users={"admin": PASSWORD}, videos=video) as gate,
        Simulator(users={"admin": PASSWORD}, videos=video) as yard,
    ):
        for each in (gate, yard):
            await each.prepare_media()
            each.archive.days = 0
        gate.archive.add(0, DAY, DAY + timedelta(seconds=2))
        yard.archive.add(0, DAY, DAY + timedelta(seconds=2))
        yard.archive.add(0, DAY + timedelta(seconds=2), DAY + timedelta(seconds=4))
        yield [gate, yard]


@pytest.fixture
def places(two: list[Simulator]) -> list[str]:
    return [f"{each.host}:{each.port}" for each in two]


@pytest.fixture
def hosts(places: list[str], tmp_path: Path) -> str:
    file = tmp_path / "cameras"
    file.write_text("".join(f"{place}\n" for place in (*places, AWAY)))
    return f"@{file}"


def _named(place: str) -> str:
    return place.replace(":", "_")


def _sizes(folder: Path, ends: str = ".h264") -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_size for path in folder.rglob(f"*{ends}")}


async def _both_are_recorded(folder: Path) -> None:
    async with asyncio.timeout(60):
        while len(sizes := _sizes(folder, ".part")) < 2 or not all(sizes.values()):  # noqa: ASYNC110 # files tell nobody
            await asyncio.sleep(0.05)


async def test_recordings_of_many_come_into_a_folder_each_and_are_told_as_they_come(
    dvrip: Dvrip, places: list[str], hosts: str, tmp_path: Path
) -> None:
    into = str(tmp_path / "night" / "{host}")
    shown = await dvrip("recordings", "download", hosts, *ON_THE_DAY, "--output", into, "--json")
    assert shown.code == 4
    told = [json.loads(line) for line in shown.out.splitlines()]
    assert [entry["host"] for entry in told if "file" in entry].count(places[1]) == 2
    assert {entry["host"]: entry.get("exit_code") for entry in told} == {
        places[0]: None,
        places[1]: None,
        AWAY: 4,
    }
    sizes = _sizes(tmp_path / "night")
    assert {Path(name).parent.name for name in sizes} == {_named(place) for place in places}
    assert sorted(sizes.values()) == sorted(entry["bytes"] for entry in told if "file" in entry)
    again = await dvrip("recordings", "download", hosts, *ON_THE_DAY, "--output", into)
    assert again.code == 4
    assert sorted(line.partition("  ")[0] for line in again.out.splitlines()) == sorted([*places, places[1]])
    assert again.out.count("is there already") == 3
    assert _sizes(tmp_path / "night") == sizes


async def test_one_without_recordings_is_an_error_beside_the_others(
    dvrip: Dvrip, two: list[Simulator], places: list[str], hosts: str, tmp_path: Path
) -> None:
    two[0].archive.clear()
    shown = await dvrip(
        "recordings", "download", hosts, *ON_THE_DAY, "--output", tmp_path / "{host}", "--json"
    )
    told = [json.loads(line) for line in shown.out.splitlines()]
    (empty,) = [entry for entry in told if entry["host"] == places[0]]
    assert (empty["exit_code"], "there are no such recordings" in empty["error"]) == (1, True)
    assert len([entry for entry in told if "file" in entry]) == 2
    assert not (tmp_path / _named(places[0])).exists()


@pytest.mark.parametrize(
    "words",
    [
        ("recordings", "download", "{hosts}", "--output", "{folder}/night"),
        ("recordings", "download", "{hosts}"),
        ("record", "{hosts}", "{folder}/gate.h264"),
        ("record", "{hosts}", "-"),
    ],
    ids=" ".join,
)
async def test_one_place_for_many_is_refused_before_any_is_asked(
    dvrip: Dvrip, tmp_path: Path, words: tuple[str, ...]
) -> None:
    hosts = tmp_path / "cameras"
    hosts.write_text(f"{AWAY}\n127.0.0.1:2\n")
    shown = await dvrip(*(word.format(hosts=f"@{hosts}", folder=tmp_path) for word in words), "--json")
    assert (shown.code, shown.json["exit_code"]) == (2, 2)  # it would be 4: nobody listens there
    assert "one place for many devices: put {host} into its name" in shown.err


async def test_many_are_recorded_at_the_same_time(
    dvrip: Dvrip, places: list[str], hosts: str, tmp_path: Path
) -> None:
    shown = await dvrip("record", hosts, tmp_path / "{host}.h264", "--seconds", 1, "--json")
    assert shown.code == 4
    assert [entry["host"] for entry in shown.json] == [*places, AWAY]
    assert [entry["value"]["codec"] for entry in shown.json[:2]] == ["h264", "h264"]
    assert _sizes(tmp_path) == {
        f"{_named(entry['host'])}.h264": entry["value"]["bytes"] for entry in shown.json[:2]
    }


async def test_ctrl_c_ends_the_recordings_of_all(two: list[Simulator], hosts: str, tmp_path: Path) -> None:
    process = await start("record", hosts, tmp_path / "{host}.h264")
    await _both_are_recorded(tmp_path)
    process.send_signal(signal.SIGINT)
    ran = await finish(process, 60)
    assert ran.code == 4  # of the one that is away
    assert ran.out.count(" of h264 ") == 2
    assert all(each.monitors == {} for each in two)


async def test_the_place_of_one_device_has_its_name_too(
    dvrip: Dvrip, places: list[str], tmp_path: Path
) -> None:
    shown = await dvrip("snapshot", places[0], tmp_path / "{host}.jpg")
    assert shown.code == 0
    assert (tmp_path / f"{_named(places[0])}.jpg").exists()
