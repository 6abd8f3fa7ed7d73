"""A mistake is told in the library's sentence by `config set` and by `set`, for people and for programs."""

from __future__ import annotations

import copy
import json
from collections.abc import AsyncIterator

import pytest

from dvrip_proto.simulator import Simulator
from tests.cli.conftest import PASSWORD, Dvrip
from tests.sentences import LOCK_OUTS, MISTAKES, Mistake


@pytest.fixture
async def sim(request: pytest.FixtureRequest) -> AsyncIterator[Simulator]:
    async with Simulator(profile=request.param.profile, users={"admin": PASSWORD}) as simulator:
        yield simulator


def words(mistake: Mistake) -> list[list[str]]:
    """The ways to say it: as members of an object, and as a named setting."""
    channel = [] if mistake.channel is None else ["--channel", str(mistake.channel)]
    members = [f"{key}={json.dumps(value)}" for key, value in mistake.wish.items()]
    ways = [["config", "set", "HOST", mistake.object, *members, *channel]]
    if mistake.setting:
        ways.append(["set", "HOST", f"{mistake.setting}={mistake.value}", *channel])
    return ways


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["table", "json"])
@pytest.mark.parametrize(
    ("sim", "mistake"), [(each, each) for each in (*MISTAKES, *LOCK_OUTS)], indirect=["sim"], ids=str
)
async def test_the_command_line_says_the_sentence(
    dvrip: Dvrip, sim: Simulator, mistake: Mistake, form: tuple[str, ...]
) -> None:
    at = f"{sim.host}:{sim.port}"
    before = copy.deepcopy(sim.state.config[mistake.object])
    for way in words(mistake):
        ran = await dvrip(*(at if word == "HOST" else word for word in way), *form)
        assert (ran.code, ran.err) == (2, f"dvrip: {at}: {mistake.says}\n")
    assert sim.state.config[mistake.object] == before


@pytest.mark.parametrize(("sim", "mistake"), [(each, each) for each in LOCK_OUTS], indirect=["sim"], ids=str)
async def test_the_command_line_writes_what_is_allowed(
    dvrip: Dvrip, sim: Simulator, mistake: Mistake
) -> None:
    at = f"{sim.host}:{sim.port}"
    (way,) = words(mistake)
    before = copy.deepcopy(sim.state.config[mistake.object])
    ran = await dvrip(*(at if word == "HOST" else word for word in way), "--allow-disconnect")
    assert ran.code == 0, ran.err
    assert "danger: " in ran.out
    assert sim.state.config[mistake.object] != before
