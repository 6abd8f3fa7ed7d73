"""Case 25: NetWork.ChnStatus says of each digital channel whether its camera is there, and why not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dvrip_proto import Channel, Device, LinkState
from dvrip_proto.features.channels import link_state
from dvrip_proto.simulator import Simulator
from dvrip_proto.simulator.quirk_options import parse_quirks
from dvrip_proto.wire.framer import pack
from tests import hostile
from tests.device.conftest import PASSWORD, login, scripted

WORDS = ("Connected", "LoginFailed", "NoLogin", "Offline", "NoConfig")
STATES = (
    LinkState.CONNECTED,
    LinkState.LOGIN_FAILED,
    LinkState.NO_LOGIN,
    LinkState.OFFLINE,
    LinkState.NO_CONFIG,
)
TOLD = [{"ChnName": name, "Status": word} for name, word in zip(["A", "B", "C", "D", ""], WORDS, strict=True)]


def recorder(states: list[dict[str, Any]]) -> Any:
    answers = {
        "SystemInfo": {"DigChannel": len(states), "VideoInChannel": 0},
        "NetWork.ChnStatus": states,
    }

    async def answer(_link: hostile.Link, _message_id: int, body: dict[str, Any]) -> dict[str, Any] | None:
        name = body["Name"]
        return {name: answers[name]} if name in answers else {"ret": 607}

    return scripted(answer)


async def test_every_state_is_told_with_its_reason() -> None:
    async with recorder(TOLD) as device:
        found = await device.system.channels()
    assert tuple(channel.state for channel in found) == STATES
    assert tuple(channel.word for channel in found) == WORDS
    assert [channel.name for channel in found] == ["A", "B", "C", "D", ""]
    assert [channel.reachable for channel in found] == [True, False, False, False, False]
    assert [channel.exists for channel in found] == [True, True, True, True, False]


@pytest.mark.parametrize("count", [28, 36])
async def test_larger_recorders_in_any_order(count: int) -> None:
    states = [{"Status": WORDS[number * 3 % 5], "ChnName": f"C{number}"} for number in range(count)]
    async with recorder(states) as device:
        found = await device.system.channels()
    assert [channel.state for channel in found] == [STATES[number * 3 % 5] for number in range(count)]


@pytest.mark.parametrize("word", ["LoginFailed", "NoLogin", "Offline", "NoConfig"])
async def test_a_simulated_recorder_can_say_it(word: str) -> None:
    quirks = parse_quirks([f"channel-state=1:{word}"])
    async with (
        Simulator(profile="nvr", channels=3, users={"admin": PASSWORD}, quirks=quirks) as sim,
        login(sim) as device,
    ):
        assert [channel.word for channel in await device.system.channels()] == [
            "Connected",
            word,
            "Connected",
        ]
        told = await device.settings.get("NetWork.ChnStatus")
        assert [state["Status"] for state in told] == ["Connected", word, "Connected"]


async def test_channels_that_are_refused_are_offline_in_the_list_as_well() -> None:
    async with (
        Simulator(
            profile="nvr", channels=3, users={"admin": PASSWORD}, quirks=parse_quirks(["offline-channels=2"])
        ) as sim,
        login(sim) as device,
    ):
        assert [channel.word for channel in await device.system.channels()] == [
            "Connected",
            "Connected",
            "Offline",
        ]


async def test_states_of_a_profile_are_kept(tmp_path: Any) -> None:
    path = tmp_path / "mine.json"
    states = [{**told, "CurRes": "1080P", "MaxRes": "4M"} for told in TOLD]
    info = {"DigChannel": 5, "VideoInChannel": 0, "SoftWareVersion": "V4", "SerialNo": "0"}
    path.write_text(
        json.dumps(
            {
                "base": "nvr",
                "name": "mine",
                "channels": 5,
                "system_info": info,
                "config": {"NetWork.ChnStatus": states},
            }
        )
    )
    async with Simulator(profile=path, users={"admin": PASSWORD}) as sim, login(sim) as device:
        assert await device.settings.get("NetWork.ChnStatus") == states
        assert tuple(channel.word for channel in await device.system.channels()) == WORDS
    async with Simulator(profile=path, channels=7, users={"admin": PASSWORD}) as sim, login(sim) as device:
        assert [channel.word for channel in await device.system.channels()] == [
            *WORDS,
            "NoConfig",
            "NoConfig",
        ]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("connected", "CONNECTED Online Connect Success LoginSuccess Login_OK LoggedIn Connect-Success"),
        (
            "login_failed",
            "LoginFail LOGIN_FAILED LoginError WrongPassword PasswordError AuthFailed UserLocked "
            "UserPasswordError AccountLocked",
        ),
        ("no_login", "NotLogin not-logged-in Connecting Reconnecting Logging"),
        (
            "offline",
            "OffLine DisConnected NotConnected ConnectFailed Timeout VideoLoss NoVideo Unreachable "
            "Refused ConnectionRefused",
        ),
        ("no_config", "noconfig NotConfigured UnConfig Unused NoDevice Empty"),
        ("unknown", "Sleeping Upgrading Idle 1 ?"),
    ],
)
def test_words_of_the_same_kind(state: str, words: str) -> None:
    for word in words.split():
        told = link_state(word)
        assert told == state, word
        assert Channel(number=0, state=told).reachable is (state in ("connected", "unknown"))


@pytest.mark.parametrize(
    ("titles", "states", "told"),
    [
        ([], ["Connected", "Offline", None], [("", "connected"), ("", "offline"), ("", "unknown")]),
        ([[" A ", "B", "C", "D"]], [TOLD[:2]], [("A", "connected"), ("B", "login_failed"), ("C", "unknown")]),
        ([{"Name": "A"}, {"x": 1}, 7], TOLD[3:], [("A", "offline"), ("", "no_config"), ("7", "unknown")]),
        ("ABC", {"0": TOLD[0]}, [("A", "connected"), *[("", "unknown")] * 2]),
        (
            ["A"],
            [{"status": "Connected"}, {"Status": ["Offline"]}],
            [("A", "connected"), *[("", "unknown")] * 2],
        ),
    ],
)
async def test_lists_of_odd_shapes(titles: Any, states: Any, told: list[tuple[str, str]]) -> None:
    answers = {"SystemInfo": {"DigChannel": 3}, "ChannelTitle": titles, "NetWork.ChnStatus": states}

    async def answer(_link: hostile.Link, _message_id: int, body: dict[str, Any]) -> dict[str, Any] | None:
        return {body["Name"].upper(): answers.get(body["Name"])}

    async with scripted(answer) as device:
        found = await device.system.channels()
    assert [(channel.name, channel.state.value) for channel in found] == told


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"\xc3\xc5\xbf\xda 1", "\u95e8\u53e3 1"),
        (b"Entr\xe9e", "Entr\u00e9e"),
        (b"Gar\xe7on", "Gar\u00e7on"),
        ("\u95e8\u53e3".encode(), "\u95e8\u53e3"),
    ],
)
async def test_names_in_the_letters_of_old_firmware(raw: bytes, shown: str) -> None:
    async def script(link: hostile.Link) -> None:
        await link.accept_login()
        while True:
            request = await link.receive()
            if request.message_id == 1048:
                body = b'{ "Name" : "ChannelTitle", "ChannelTitle" : [ "' + raw + b'" ], "Ret" : 100 }\n\0'
                await link.send(pack(1049, body, session=hostile.SESSION))
            else:
                await link.reply(request, SystemInfo={"VideoInChannel": 1})

    async with hostile.peer(script) as (host, port), Device(host, port, timeout_s=2) as device:
        (channel,) = await device.system.channels()
        assert channel.name == shown


@pytest.mark.parametrize("titles", ["Gate", ["Gate"], {"0": "Gate"}])
async def test_the_title_of_a_camera_with_and_without_a_list_around(titles: Any) -> None:
    answers = {"SystemInfo": {"VideoInChannel": 1}, "ChannelTitle": titles}

    async def answer(_link: hostile.Link, _message_id: int, body: dict[str, Any]) -> dict[str, Any] | None:
        return {body["Name"]: answers.get(body["Name"])}

    async with scripted(answer) as device:
        assert [channel.name for channel in await device.system.channels()] == ["Gate"]
