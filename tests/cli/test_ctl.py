"""`dvrip simulate ctl`: the control API from a shell."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import av
import pytest

from dvrip_proto import Device
from dvrip_proto.errors import DvripError
from dvrip_proto.simulator import Fleet
from dvrip_proto.simulator.control import Control
from tests.cli.conftest import Dvrip, Ran
from tests.hostile import http as web_server
from tests.hostile import refused_port


class Ctl:
    def __init__(self, dvrip: Dvrip, control: Control, fleet: Fleet) -> None:
        self._dvrip = dvrip
        self.url = control.url
        self.where = control.url.removeprefix("http://")
        self.device = fleet.devices[0]

    async def __call__(self, command: str, *words: object) -> Ran:
        return await self._dvrip("simulate", "ctl", self.url, command, self.device.serial, *words)


@pytest.fixture
async def ctl(dvrip: Dvrip) -> AsyncIterator[Ctl]:
    async with Fleet(1, bind="127.0.0.90", port=0, profile="nvr") as fleet:
        control = Control(fleet, "127.0.0.1", 0)
        await control.start()
        yield Ctl(dvrip, control, fleet)
        await control.stop()


async def test_it_lists_and_shows(ctl: Ctl, dvrip: Dvrip) -> None:
    listed = await dvrip("simulate", "ctl", ctl.url, "list")
    assert listed.code == 0
    assert listed.out.split()[:3] == ["serial", "host", "port"]
    assert ctl.device.serial in listed.out
    as_json = await dvrip("simulate", "ctl", ctl.url, "list", "--json")
    assert as_json.json[0]["serial"] == ctl.device.serial
    assert (await ctl("show")).json["titles"] == ctl.device.state.titles


async def test_it_makes_things_happen(ctl: Ctl) -> None:
    device = ctl.device
    done = await ctl("alarm", "person", "--channel", 3, "--seconds", 0)
    assert (done.code, done.out) == (0, "channel=3 event=HumanDetect active=yes\n")
    assert device.state.alarms.active == {(2, "HumanDetect")}
    assert (await ctl("alarm", "person", "--channel", 3, "--end")).code == 0
    assert not device.state.alarms.active
    gone = await ctl("link", "Offline", "--channel", 2)
    assert gone.out == "channel=2 state=Offline\n"
    assert device.state.links.word(1) == "Offline"
    assert (await ctl("link", "--channel", 2)).out == "channel=2 state=Connected\n"
    assert (await ctl("link", "Offline", "--channel", 99)).code == 2
    assert (await ctl("unplug")).out == "plugged=no duration_s=0.0\n"
    assert (await ctl("plug")).out == "plugged=yes\n"
    assert (await ctl("logout")).out == "sessions=-\n"
    thrown = await ctl("logout", "--user", "bob")
    assert thrown.code == 2
    assert f"user bob: is not logged in on device {device.serial}" in thrown.err
    assert (await ctl("disk", "missing")).code == 0
    assert device.state.storage.disks == []
    assert (await ctl("clock", "-3600")).code == 0
    assert device.state.clock.error_s == -3600
    assert (await ctl("drop")).out == "dropped=0\n"
    assert (await ctl("reboot", "--seconds", 0.2)).code == 0
    await asyncio.sleep(0.05)
    assert not device.up


async def test_what_was_said_is_saved(ctl: Ctl, tmp_path: Path) -> None:
    file = tmp_path / "said.wav"
    nothing = await ctl("heard", file)
    assert nothing.code == 2
    assert f"device {ctl.device.serial} has heard nothing yet" in nothing.err
    said = bytes(range(256)) * 5
    async with Device(ctl.device.host, ctl.device.port) as device, device.talk.open() as talk:
        await talk.send(said)
    assert (await ctl("heard", file)).out == f"{file}: {46 + len(said)} bytes\n"
    with av.open(str(file)) as sound:
        assert (sound.streams.audio[0].codec_context.name, sound.streams.audio[0].rate) == ("pcm_alaw", 8000)
        assert b"".join(bytes(packet) for packet in sound.demux()) == said
    assert (await ctl("heard", tmp_path / "no" / "folder.wav")).code == 2


async def test_a_session_is_thrown_out(ctl: Ctl) -> None:
    async with Device(ctl.device.host, ctl.device.port) as device:
        number = ctl.device.logins[0][0]
        ended: asyncio.Queue[DvripError | None] = asyncio.Queue()
        device.connection.on_close(ended.put_nowait)
        assert (await ctl("logout", "--session", number)).out == f"sessions={number}\n"
        assert "logged this session out" in str(await asyncio.wait_for(ended.get(), 5))


async def test_the_quirks_are_listed_with_their_sources(dvrip: Dvrip) -> None:
    listed = await dvrip("simulate", "quirks")
    assert listed.code == 0
    (line,) = [line for line in listed.out.splitlines() if line.startswith("mute ")]
    assert line.split()[1:3] == ["N,N", "..."]
    assert line.rstrip().endswith("NetSurveillancePp, hass-xmeye")
    as_json = (await dvrip("simulate", "quirks", "--json")).json
    assert {"name": "own-sequence", "takes": "yes or no"}.items() <= as_json[1].items()
    shown = await dvrip("simulate", "--help")
    assert "dvrip simulate quirks" in " ".join(shown.out.replace("│", " ").split())
    wrong = await dvrip("simulate", "--quirk", "toast")
    assert (wrong.code, wrong.out) == (2, "")


async def test_it_says_what_is_wrong(ctl: Ctl, dvrip: Dvrip) -> None:
    wrong = await ctl("alarm", "moton")
    assert wrong.code == 2
    assert wrong.err.startswith(f"dvrip: {ctl.where}: event: 'moton' is not one of motion, blind, loss")
    nobody = await dvrip("simulate", "ctl", ctl.url, "show", "a/b")
    assert (nobody.code, nobody.err) == (2, f"dvrip: {ctl.where}: no device a/b\n")
    assert (
        await dvrip("simulate", "ctl", "ftp://x", "list")
    ).err == "dvrip: url: 'ftp://x' is not http://HOST:PORT\n"


async def test_a_server_that_is_none_is_told(dvrip: Dvrip) -> None:
    with refused_port() as port:
        refused = await dvrip("simulate", "ctl", f"http://127.0.0.1:{port}", "list")
    assert refused.code == 4
    assert "Connection refused" in refused.err
    async with web_server() as (host, port):
        other = await dvrip("simulate", "ctl", f"http://{host}:{port}", "list")
    assert other.code == 5
    assert "not the control API of a simulator" in other.err
