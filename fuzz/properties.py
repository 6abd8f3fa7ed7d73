"""What must hold whatever bytes come: one function a target, for tests and fuzzer alike."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from dvrip_proto.config.catalog import CATALOG
from dvrip_proto.config.plan import plan
from dvrip_proto.config.redact import MASKED, redact, secret_key
from dvrip_proto.errors import DvripError, ProtocolError, UsageError
from dvrip_proto.session import Ended, Event, Failed, Replied, Request, Session, State
from dvrip_proto.wire.body import decode, encode, encode_reply
from dvrip_proto.wire.cipher import FIXED_KEY, Cipher, Coding
from dvrip_proto.wire.framer import Framer, MediaMessage, pack
from dvrip_proto.wire.login import login_body
from dvrip_proto.wire.media import MediaParser
from dvrip_proto.wire.offer import encrypted_login_body, read_offer
from dvrip_proto.wire.probe import address_answer, is_probe, parse

from .replies import CALLS, outcome, pushed

REPLY_NAMES = tuple(CALLS)
_SPECS = (*CATALOG.values(),)


def _pieces(data: bytes, step: int) -> Iterator[bytes]:
    """The data whole (step 0), or in pieces of growing and shrinking length."""
    if not step:
        yield data
        return
    at, turn = 0, 0
    while at < len(data):
        size = 1 + (step * (turn + 1)) % 97
        yield data[at : at + size]
        at, turn = at + size, turn + 1


def _cut(pieces: Iterator[bytes], *, media: bool) -> tuple[list[object], list[object], bool]:
    """Messages and media of a stream, and whether it is broken."""
    sunk: list[object] = []

    def sink(messages: list[MediaMessage]) -> None:
        sunk.extend((*head, bytes(body)) for *head, body in messages)

    framer = Framer(sink if media else None)
    frames: list[object] = []
    try:
        for piece in pieces:
            frames += framer.feed(piece)
            if framer.error is not None:
                return frames, sunk, True
    except ProtocolError:
        return frames, sunk, True
    return frames, sunk, False


def framer(data: bytes) -> None:
    """However a stream is split, its messages are the same; nothing but a ProtocolError comes out."""
    step, stream = data[:1], data[1:]
    for media in (False, True):
        whole = _cut(_pieces(stream, 0), media=media)
        assert whole == _cut(_pieces(stream, step[0] if step else 1), media=media)


def _meant(tree: Any) -> Any:
    """The tree with -0.0 as 0.0 and every text as text: what a comparison means."""
    return json.dumps(tree, sort_keys=True)


def _decoded(data: bytes) -> Any:
    """The value of a body, None when it is none; then the error is short."""
    try:
        return decode(data)
    except ProtocolError as error:
        said = str(error)
    assert len(said) < 400
    return None


def body(data: bytes) -> None:
    """Any bytes are a value or a ProtocolError; a value goes back to the device and comes again."""
    value = _decoded(data)
    if value is None:
        return
    for spell in (encode, encode_reply):
        with suppress(UsageError):
            again = decode(spell(value))
            assert again == value or _meant(again) == _meant(value)


def media(data: bytes) -> None:
    """However media is split, its frames are the same, and hold no more than came."""
    step, stream = data[:1], data[1:]
    for headers in (False, True):
        pieces = list(_pieces(stream, step[0] if step else 1))
        found = []
        for reads in ([[stream]], [[piece] for piece in pieces], [pieces[:9], pieces[9:]]):
            parser = MediaParser(headers=headers)
            frames = [frame for read in reads for frame in parser.feed(*read)]
            found.append((frames, parser.skipped, parser.dropped))
            assert sum(len(frame.payload) for frame in frames) + parser.skipped <= len(stream)
        assert found[0] == found[1] == found[2]


_ASKED = ((1042, "General.General"), (1042, "NetWork.NetCommon"), (1020, "SystemInfo"), (1560, "OPSNAP"))
_LOGIN_OK = pack(1001, b'{"AliveInterval":20,"Ret":100,"SessionID":"0x0000000B"}')


def session(data: bytes) -> None:
    """Whatever comes is events, the same in any split; a request ends once, nothing follows the end."""
    step, stream = data[0] if data else 1, data[1:]
    greeting = _LOGIN_OK if step & 1 else b""
    assert _talk(greeting, _pieces(stream, 0)) == _talk(greeting, _pieces(stream, step))


def _talk(greeting: bytes, pieces: Iterator[bytes]) -> list[object]:
    talk = Session("10.0.0.9:34567")
    talk.login(login_body("admin", ""), now=0, timeout_s=10)
    finished: list[Request] = []
    told = _hear(talk, greeting, finished)
    if talk.state is State.READY:
        for message_id, name in _ASKED:
            talk.request(Request(message_id=message_id, body=b"{}", name=name, timeout_s=10), now=0)
    for piece in pieces:
        told += _hear(talk, piece, finished)
    told += [_told(event, finished) for event in talk.tick(1000.0)]
    talk.outgoing()
    assert len(set(map(id, finished))) == len(finished), "a request ended twice"
    assert Ended not in told[:-1], "something follows the end"
    return told


def _hear(talk: Session, data: bytes, finished: list[Request]) -> list[object]:
    told: list[object] = []
    for start in range(0, len(data), 4096):
        part = data[start : start + 4096]
        room = talk.framer.get_buffer()
        room[: len(part)] = part
        told += [_told(event, finished) for event in talk.received(len(part), now=0)]
    return told


def _told(event: Event, finished: list[Request]) -> object:
    match event:
        case Replied(request, reply):
            finished.append(request)
            return request.message_id, reply
        case Failed(request, error):
            finished.append(request)
            assert isinstance(error, DvripError)
            return request.message_id, type(error)
        case Ended(error):
            assert error is None or str(error).startswith("10.0.0.9:34567: ")
            return Ended
        case _:
            return event.reply


def discovery(data: bytes) -> None:
    """Any datagram is a device, an answer, or nothing; so is any push."""
    is_probe(data)
    address_answer(data)
    netcommon = parse(data)
    assert netcommon is None or netcommon
    with suppress(ProtocolError):
        pushed(decode(data[20:]), data[20:])
    if netcommon:
        pushed(netcommon, b"")


def config(data: bytes) -> None:
    """Any tree can be compared with any other, and shown without its secrets."""
    first, _, second = data[1:].partition(b"\xff")
    spec = _SPECS[(data[0] if data else 0) % len(_SPECS)]
    current, desired = (_inside(spec.name, _decoded(tree)) for tree in (first, second))
    for tree in (current, desired):
        _check_masked(redact(tree, spec, identity=True))
    for replace in (False, True):
        with suppress(UsageError):
            wanted = plan(spec, current, desired, replace=replace, allow_new=True)
            _ = wanted.before, wanted.after, wanted.summary()
            again = plan(spec, wanted.payload, desired, replace=replace, allow_new=True)
            assert {change.path for change in again.changes} <= set(again.unverifiable)


def _inside(name: str, tree: Any) -> Any:
    if isinstance(tree, dict):
        return tree.get(name, tree.get(f"{name}.[0]", tree))
    return tree


def _check_masked(tree: Any) -> None:
    if isinstance(tree, dict):
        for key, value in tree.items():
            assert not secret_key(key) or value in (None, MASKED), "a secret is shown"
            _check_masked(value)
    elif isinstance(tree, list):
        for value in tree:
            _check_masked(value)


def replies(data: bytes) -> None:
    """Whatever a device answers, every call has a value or one of the library's errors."""
    name = REPLY_NAMES[(data[0] if data else 0) % len(REPLY_NAMES)]
    outcome(name, data[1:])


def cipher(data: bytes) -> None:
    """Any body in an encrypted session is read or refused; an offer is within its bounds, or none."""
    coding = Coding(Cipher(FIXED_KEY), frozenset({1413}))
    with suppress(ProtocolError):
        assert len(coding.cipher.decode(data)) <= len(data)
    for text in (data, coding.cipher.encode(data)):
        talk = Session("10.0.0.9:34567")
        talk.login(login_body("admin", ""), now=0, timeout_s=10, then=coding)
        heard: list[Request] = []
        _hear(talk, pack(1001, b'{ "AliveInterval" : 20, "Ret" : 100, "SessionID" : "0x0000000B" }'), heard)
        talk.request(Request(message_id=1020, body=b"{}", name="SystemInfo", timeout_s=10), now=0)
        _hear(talk, pack(1504, text) + pack(1021, text), heard)
    told = _decoded(data)
    if isinstance(told, dict):
        with suppress(ProtocolError):
            offer = read_offer(told)
            assert all(0 <= each <= 0xFFFF for each in offer.plain_ids)
            if offer.takes_keys:
                salt = "ABCD" if offer.takes_salt else ""
                encrypted_login_body(offer, "admin", "secret", key="0" * 16, random_a=salt)


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "framer": framer,
    "body": body,
    "media": media,
    "session": session,
    "discovery": discovery,
    "config": config,
    "replies": replies,
    "cipher": cipher,
}
"""Every property by the name of its target."""
