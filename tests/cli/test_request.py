"""Messages as they are, for what has no command."""

from __future__ import annotations

import pytest

from dvrip_proto.simulator import Simulator

from .conftest import Dvrip


async def test_a_message_by_number_and_by_name(dvrip: Dvrip, device: Simulator, at: str) -> None:
    shown = await dvrip("request", at, 1020, "SystemInfo")
    assert (shown.code, shown.err) == (0, "")
    assert shown.json["SystemInfo"]["SerialNo"] == device.serial
    assert "SessionID" not in shown.json
    named = await dvrip("request", at, "sysinfo", "SystemInfo", "--json")
    assert named.json["SystemInfo"]["SerialNo"] == device.serial
    assert named.out.count("\n") == 1


async def test_a_message_with_a_value(dvrip: Dvrip, device: Simulator, at: str) -> None:
    words = ("request", at, "OPTimeSetting", '"2026-01-02 03:04:05"')
    assert (await dvrip(words[0], words[1], 1450, *words[2:])).json["Ret"] == 100
    assert str(device.state.clock.text()).startswith("2026-01-02 03:04:0")


async def test_secrets_are_masked_unless_asked_for(dvrip: Dvrip, device: Simulator, at: str) -> None:
    device.state.config["NetWork.NetFTP"]["Server"]["Password"] = "ftp secret"
    hashes = [user["Password"] for user in device.state.users.values()]
    for words in ((1042, "NetWork.NetFTP"), ("USERS_GET",)):
        shown = await dvrip("request", at, *words)
        assert shown.code == 0
        assert not any(secret in shown.out for secret in ("ftp secret", *hashes))
        assert "********" in shown.out
        clear = (await dvrip("request", at, *words, "--show-secrets")).out
        assert any(secret in clear for secret in ("ftp secret", *hashes))


async def test_a_no_is_shown_and_is_an_exit_code(dvrip: Dvrip, at: str) -> None:
    shown = await dvrip("request", at, 1042, "Nope")
    assert (shown.code, shown.json["Ret"]) == (1, 607)
    assert shown.err == f"dvrip: {at}: the configuration does not exist (Ret 607)\n"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("1009",), "never sent"),
        (("1660",), "never sent"),
        (("LOGIN",), "is not sent alone"),
        (("1412",), "is not sent alone"),
        (("UPGRADE_DATA",), "is not sent alone"),
        (("MONITOR_CLAIM",), "is not sent alone"),
        (("nonsense",), "neither a number"),
        (("70000",), "no message has the number 70000"),
        (("1040", "X", "{"), "is no JSON"),
    ],
)
async def test_what_is_no_request_is_not_sent(
    dvrip: Dvrip, device: Simulator, at: str, words: tuple[str, ...], text: str
) -> None:
    shown = await dvrip("request", at, *words)
    assert shown.code == 2
    assert text in " ".join(shown.err.replace("│", " ").split())
    assert not any(str(asked) == words[0] for asked, _, _ in device.requests)


async def test_a_reply_that_is_no_json(dvrip: Dvrip, at: str) -> None:
    shown = await dvrip("request", at, "CONFIG_EXPORT")
    assert (shown.code, "the reply is no JSON" in shown.err) == (5, True)
