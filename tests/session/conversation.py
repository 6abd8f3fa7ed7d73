"""Both ends of a conversation, without sockets, clock or event loop."""

from __future__ import annotations

from typing import Any

from dvrip_proto.session import (
    Ended,
    Event,
    Request,
    Session,
    State,
)
from dvrip_proto.wire.body import encode_reply
from dvrip_proto.wire.framer import Frame, Framer, pack
from dvrip_proto.wire.login import login_body

CREDENTIALS = login_body("admin", "")
WHERE = "10.0.0.9:34567"
LOGIN_OK = {"AliveInterval": 20, "ChannelNum": 4, "DeviceType ": "HVR", "Ret": 100, "SessionID": "0x00000057"}


class Wire:
    """A session, and the device's end of it."""

    def __init__(self, **options: Any) -> None:
        self.session = Session(WHERE, **options)
        self.framer = Framer()

    def sent(self) -> list[Frame]:
        return self.framer.feed(self.session.outgoing())

    def sent_ids(self) -> list[int]:
        return [frame.message_id for frame in self.sent()]

    def hears(self, data: bytes, now: float = 0.0) -> list[Event]:
        room = self.session.framer.get_buffer()
        room[: len(data)] = data
        return self.session.received(len(data), now=now)

    def says(self, message_id: int, now: float = 0.0, **members: Any) -> list[Event]:
        body = {key.replace("_", " "): value for key, value in members.items()}
        return self.hears(pack(message_id, encode_reply(body), session=0x57, version=1), now)

    def asks(
        self,
        message_id: int = 1042,
        name: str = "",
        now: float = 0.0,
        timeout_s: float = 10.0,
        **options: Any,
    ) -> Request:
        request = Request(message_id=message_id, body=b"{}", name=name, timeout_s=timeout_s, **options)
        return self.session.request(request, now=now)


def logged_in(now: float = 0.0, **members: Any) -> Wire:
    wire = Wire()
    wire.session.login(CREDENTIALS, now=now, timeout_s=10)
    wire.hears(pack(1001, encode_reply(LOGIN_OK | members), session=0x57), now)
    assert wire.session.state is State.READY
    wire.sent()
    return wire


def ended(events: list[Event]) -> Any:
    (event,) = events
    assert isinstance(event, Ended)
    return event.error
