"""Every way to answer wrongly, at every stage: the right value, or the right error in time.

A row of TWISTS is what a device does, a row of STAGES where. `test_hostile_matrix.py` says which test covers which
behaviour for control, media, files and discovery.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from dvrip_proto import Device
from dvrip_proto.errors import (
    AuthenticationError,
    DvripError,
    NoConnectionError,
    ProtocolError,
    RequestTimeoutError,
    TransportError,
)
from dvrip_proto.features.firmware.package import Firmware
from dvrip_proto.features.recordings.recording import Recording
from dvrip_proto.wire.body import encode_reply
from dvrip_proto.wire.framer import Frame, pack
from dvrip_proto.wire.ids import MessageId
from tests.device import firmware_file
from tests.hostile import Link
from tests.rogue import BEGIN, FILE, FRAMES, Rogue, Twist, answer, members_of, rogue

pytestmark = pytest.mark.usefixtures("no_leaks")


async def info(device: Device) -> object:
    return (await device.system.info()).serial


async def watch(device: Device) -> object:
    frames = []
    try:
        async with device.monitor.open() as stream:
            async for frame in stream:
                frames.append(frame)
    except TransportError as error:
        if len(frames) != len(FRAMES) or "the device ended the stream" not in str(error):
            raise
    return frames


async def find(device: Device) -> object:
    begin, end = datetime(2021, 3, 4), datetime(2021, 3, 4, 23)
    return [found.name async for found in device.recordings.search(begin, end)]


async def log(device: Device) -> object:
    return [entry.event async for entry in device.logs.entries()]


async def download(device: Device) -> object:
    async with device.recordings.download(Recording(name=FILE, begin=BEGIN)) as stream:
        return [frame async for frame in stream]


async def talk(device: Device) -> object:
    async with device.talk.open() as conversation:
        await conversation.send(bytes(320))
    return "said"


@dataclass(frozen=True)
class Stage:
    """Where it goes wrong: a message of an operation, and what the operation gives when nothing does."""

    message_id: int
    run: Callable[[Device], Awaitable[object]]
    result: object
    action: str = ""


STAGES = {
    "login": Stage(MessageId.LOGIN, info, "abc"),
    "request": Stage(MessageId.SYSINFO, info, "abc"),
    "monitor claim": Stage(MessageId.MONITOR_CLAIM, watch, FRAMES, "Claim"),
    "monitor start": Stage(MessageId.MONITOR, watch, FRAMES, "Start"),
    "file search": Stage(MessageId.FILE_SEARCH, find, [FILE]),
    "log search": Stage(MessageId.LOG_SEARCH, log, ["Reboot"]),
    "download claim": Stage(MessageId.PLAYBACK_CLAIM, download, FRAMES, "Claim"),
    "download start": Stage(MessageId.PLAYBACK, download, FRAMES, "DownloadStart"),
    "talk claim": Stage(MessageId.TALK_CLAIM, talk, "said", "Claim"),
    "talk start": Stage(MessageId.TALK, talk, "said", "Start"),
}


def says(make: Callable[[Frame], bytes]) -> Twist:
    async def twist(link: Link, request: Frame) -> None:
        await link.send(make(request))

    return twist


def with_body(change: Callable[[bytes], bytes]) -> Twist:
    return says(lambda request: answer(request, change(encode_reply(members_of(request)))))


def with_ret(ret: object) -> Twist:
    return says(lambda request: answer(request, encode_reply({**members_of(request), "Ret": ret})))


def then_gone(make: Callable[[Frame], bytes]) -> Twist:
    async def twist(link: Link, request: Frame) -> None:
        await link.send(make(request))
        raise EOFError

    return twist


def half(request: Frame) -> bytes:
    whole = answer(request)
    return whole[: len(whole) // 2]


async def silence(_link: Link, _request: Frame) -> None:
    return


async def reset(link: Link, _request: Frame) -> None:
    link.reset()
    raise EOFError


async def drip(link: Link, request: Frame) -> None:
    data = answer(request)
    for at in range(len(data)):
        await link.send(data[at : at + 1])
        if at % 8 == 0:
            await asyncio.sleep(0)


async def drip_for_ever(link: Link, request: Frame) -> None:
    await link.send(answer(request, b"", length=1_000_000))
    for _ in range(200):
        await asyncio.sleep(0.02)
        await link.send(b" ")


async def alarms_first(link: Link, request: Frame) -> None:
    alarm = {"AlarmInfo": {"Channel": 0, "Event": "VideoMotion", "Status": "Start"}, "Name": "AlarmInfo"}
    odd = [pack(1504, b"\xff{"), pack(1504, b"[]"), pack(1504, b""), pack(1412, b"media"), pack(4242, b"x")]
    await link.send(pack(1504, encode_reply(alarm)) * 500 + b"".join(odd) + answer(request))


async def alarms_only(link: Link, _request: Frame) -> None:
    for _ in range(200):
        await link.send(pack(1504, b'{ "AlarmInfo" : { "Event" : "VideoMotion" } }') * 20)
        await asyncio.sleep(0.02)


def fragments(request: Frame) -> bytes:
    body = encode_reply(members_of(request))
    parts = [body[:9], body[9:30], body[30:]]
    return b"".join(
        answer(request, part, total_or_channel=3, current_or_end=at) for at, part in enumerate(parts)
    )


VALUE = None
TWISTS: dict[str, tuple[Twist, type[DvripError] | None]] = {
    "cut off in the header": (then_gone(lambda request: answer(request)[:13]), TransportError),
    "cut off in the body": (then_gone(half), TransportError),
    "closed": (then_gone(lambda _request: b""), TransportError),
    "reset": (reset, TransportError),
    "stalls": (silence, RequestTimeoutError),
    "stalls in the header": (says(lambda request: answer(request)[:13]), RequestTimeoutError),
    "stalls in the body": (says(half), RequestTimeoutError),
    "drip-fed": (drip, VALUE),
    "drip-fed for ever": (drip_for_ever, RequestTimeoutError),
    "no DVRIP": (says(lambda _request: b"HTTP/1.1 400 Bad Request\r\n\r\n"), ProtocolError),
    "absurd length": (says(lambda request: answer(request, b"", length=0xFFFFFFFF)), ProtocolError),
    "absurd header": (
        says(
            lambda request: answer(
                request,
                version=255,
                reserved1=255,
                reserved2=255,
                session=0xFFFFFFFF,
                sequence=0xFFFFFFFF,
                total_or_channel=1,
                current_or_end=255,
            )
        ),
        VALUE,
    ),
    "in fragments": (says(fragments), VALUE),
    "a fragment is missing": (
        says(lambda request: answer(request, total_or_channel=2, current_or_end=0)),
        RequestTimeoutError,
    ),
    "bad JSON": (with_body(lambda _body: b'{ "Ret" : 100, "Name" '), ProtocolError),
    "no object": (with_body(lambda _body: b"[ 100 ]\n\0"), ProtocolError),
    "deep JSON": (with_body(lambda _body: b'{ "Ret" : ' + b"[" * 100_000), ProtocolError),
    "deep and whole": (
        with_body(lambda body: b'{ "X" : ' + b"[" * 500 + b"]" * 500 + b"," + body.strip(b"\0\n")[1:]),
        ProtocolError,
    ),
    "GBK": (with_body(lambda body: body.replace(b"{", b'{ "Vendor" : "\xd6\xd0\xb9\xfa",', 1)), VALUE),
    "NUL bytes": (with_body(lambda body: b"\0\0" + body.replace(b" ", b"\0 ") + b"\0" * 50), VALUE),
    "wrong session": (says(lambda request: answer(request, session=0x77777777)), VALUE),
    "wrong id": (says(lambda request: answer(request, message_id=4243)), RequestTimeoutError),
    "twice": (says(lambda request: answer(request) * 2), VALUE),
    "pushes first": (alarms_first, VALUE),
    "pushes only": (alarms_only, RequestTimeoutError),
    "a Ret that is text": (with_ret("100"), VALUE),
    "a Ret that is a list": (with_ret([100]), ProtocolError),
    "a Ret beyond all": (says(lambda r: answer(r, b'{ "Ret" : 1e400 }')), ProtocolError),
}


def patience_s(error: type[DvripError] | None) -> float:
    """Short only where the time must run out: a busy machine makes everything else late."""
    return 0.25 if error is RequestTimeoutError else 3.0


async def attempt(device: Rogue, run: Callable[[Device], Awaitable[object]], timeout_s: float) -> object:
    """What an operation gives, or its error, which names the device and comes in time."""
    began = time.monotonic()
    result: object
    async with rogue(device, timeout_s=timeout_s) as client:
        try:
            await client.open()
            result = await run(client)
        except DvripError as error:
            result = error
    # A search has three times the patience; opening and closing come on top.
    assert time.monotonic() - began < 4 * timeout_s + 2
    assert not isinstance(result, DvripError) or str(result).startswith(f"{client.host}:{client.port}: ")
    assert device.twisted == 1
    return result


# A login that does not say yes is refused, and not tried again. A device that ends a connection at once, where
# connections are counted, has none to give.
ELSEWHERE: dict[tuple[str, str], type[DvripError]] = {
    ("a Ret that is a list", "login"): AuthenticationError,
    ("a Ret beyond all", "login"): AuthenticationError,
} | {
    (twist, stage): NoConnectionError
    for twist, (_, error) in TWISTS.items()
    for stage in ("monitor claim", "download claim", "talk claim")
    if error is TransportError
}


# Media need neither the answer to the claim nor that to the start, a talk one of them. What begins and never ends is
# no answer, and spoils the connection that it is on.
_CLAIMS, _STARTS = {"monitor claim", "download claim"}, {"monitor start", "download start"}
_TALKS = {"talk claim", "talk start"}
GOES_ON: dict[str, set[str]] = {
    "stalls": _CLAIMS | _STARTS | _TALKS,
    "stalls in the header": _STARTS | {"talk start"},
    "stalls in the body": _STARTS | {"talk start"},
    "drip-fed for ever": {"talk start"},
    "a fragment is missing": _STARTS | {"talk start"},
    "wrong id": _CLAIMS | _STARTS | _TALKS,
    "pushes only": _TALKS,
}


@pytest.mark.parametrize("twist", TWISTS)
async def test_an_answer_at_any_stage_is_the_right_value_or_the_right_error(twist: str) -> None:
    does, error = TWISTS[twist]
    results = await asyncio.gather(
        *(attempt(Rogue(at.message_id, at.action, does), at.run, patience_s(error)) for at in STAGES.values())
    )
    if error is VALUE:
        assert dict(zip(STAGES, results, strict=True)) == {name: at.result for name, at in STAGES.items()}
    else:
        expected = dict.fromkeys(STAGES, error) | {
            stage: other for (told, stage), other in ELSEWHERE.items() if told == twist
        }
        found = dict(zip(STAGES, results, strict=True))
        for stage in GOES_ON.get(twist, ()):
            assert found[stage] == STAGES[stage].result
            expected[stage] = type(STAGES[stage].result)
        assert dict(zip(STAGES, map(type, results), strict=True)) == expected, results


async def test_no_answer_to_the_logout_matters() -> None:
    async def leave(client: Device) -> object:
        await client.close()
        return client.closed

    devices = [Rogue(MessageId.LOGOUT, "", does) for does, _ in TWISTS.values()]
    assert all(await asyncio.gather(*(attempt(device, leave, 1.0) for device in devices)))


@pytest.mark.parametrize("message_id", [MessageId.UPGRADE_INFO, MessageId.UPGRADE, MessageId.UPGRADE_DATA])
async def test_an_upgrade_that_is_answered_wrongly(message_id: int, tmp_path: Path) -> None:
    firmware = Firmware.read(firmware_file.write(tmp_path))
    wrong = {name: row for name, row in TWISTS.items() if row[1] is not VALUE}

    def install(patience: float) -> Callable[[Device], Awaitable[object]]:
        return lambda client: client.upgrade.install(firmware, silence_s=patience, back_s=0.1)

    results = await asyncio.gather(
        *(
            attempt(Rogue(message_id, "Start", does), install(patience_s(error)), patience_s(error))
            for does, error in wrong.values()
        )
    )
    expected = {name: error for name, (_, error) in wrong.items()}
    assert dict(zip(wrong, map(type, results), strict=True)) == expected
