"""`dvrip doctor`: what it says of good and of strange devices, and that its report tells nothing of whose."""

from __future__ import annotations

import json
from pathlib import Path

from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.wire.ids import MessageId
from tests import hostile

from .conftest import PASSWORD, Dvrip


async def test_a_good_device_works_and_nothing_is_written_to_it(
    dvrip: Dvrip, device: Simulator, at: str
) -> None:
    shown = await dvrip("doctor", at, "--channels", 1, "--json")
    assert shown.code == 0, shown.out
    found = {each["what"]: each for each in shown.json["findings"]}
    assert shown.json["works"] is True
    assert "h264" in found["channel 1 main"]["text"]
    assert found["login"]["text"] == "plain, in clear"
    assert "4 of 4" in found["channels"]["text"]
    written = {MessageId.CONFIG_SET}
    assert not written & {message_id for message_id, _, _ in device.requests}


async def test_a_wrong_password_is_tried_once(dvrip: Dvrip, device: Simulator, at: str) -> None:
    shown = await dvrip("doctor", at, password="wrong")
    assert shown.code == 3
    assert "It was tried once." in shown.out
    assert [message_id for message_id, _, _ in device.requests].count(MessageId.LOGIN) == 1


async def test_a_password_that_is_refused_later_is_tried_once_and_ends_it(dvrip: Dvrip) -> None:
    logins: list[hostile.Frame] = []

    async def script(link: hostile.Link) -> None:
        request = await link.receive()
        if request.message_id != MessageId.LOGIN:
            return
        logins.append(request)
        if len(logins) > 1:
            await link.reply(request, 203)
            await link.gone()
        login = {"AliveInterval": 20, "ChannelNum": 1, "DeviceType ": "IPC", "ExtraChannel": 0}
        await link.reply(request, **login)
        await link.receive()  # the first question, at which it restarts

    async with hostile.peer(script) as (host, port):
        shown = await dvrip("doctor", f"{host}:{port}", "--timeout", 1)
    assert len(logins) == 2
    assert shown.out.endswith("Not all of it works: device, clock.\n")


async def test_three_quirks_are_seen_and_the_rest_is_still_looked_at(
    dvrip: Dvrip, device: Simulator, at: str, tmp_path: Path
) -> None:
    device.quirks = Quirks(mute=frozenset({int(MessageId.TIME_QUERY)}), trailing_nuls=3, own_sequence=True)
    report, trace = tmp_path / "report.json", tmp_path / "trace.jsonl"
    words = ("--channels", 1, "--timeout", 2, "--report", report, "--trace", trace)
    shown = await dvrip("doctor", at, *words)
    assert shown.code == 4
    assert "bad   clock" in shown.out
    assert "good  channel 1 main" in shown.out
    assert "no answer about clock" in shown.out
    text = report.read_text()
    told = json.loads(text)
    assert told["silent"] == ["clock"]
    assert told["profile"]["channels"] == 4
    for private in (PASSWORD, device.serial, at):
        assert private not in text
        assert private not in trace.read_text()


async def test_what_is_no_device_is_said(dvrip: Dvrip) -> None:
    async with hostile.http() as (host, port):
        shown = await dvrip("doctor", f"{host}:{port}", "--timeout", 1)
    assert shown.code == 5
    assert "the peer speaks HTTP, not DVRIP" in shown.out
    with hostile.refused_port() as port:
        shown = await dvrip("doctor", f"127.0.0.1:{port}", "--timeout", 1)
    assert shown.code == 4
    assert "connection refused" in shown.out
    assert "Not all of it works: ports, login." in shown.out
