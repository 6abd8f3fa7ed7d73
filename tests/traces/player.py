"""A device that says what one has said: it plays a trace, one answer for each request that is in it."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dvrip_proto.wire.body import encode_reply, parse_session
from dvrip_proto.wire.framer import Framer, pack

LOGIN = 1000
KEEPALIVE = 1006
SILENT_S = 1.0  # a socket that closes so long behind a request was closed by us

type Key = tuple[int, str]


@dataclass
class Turn:
    """What a device said behind one request, and whether it hung up then."""

    said: list[dict[str, Any]] = field(default_factory=list)
    closes: bool = False


class Trace:
    """A file of `--trace`."""

    def __init__(self, file: Path) -> None:
        lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        if not lines or lines[0].get("trace") != 1 or "command" not in lines[-1]:
            raise ValueError(f"{file}: is no complete trace: its last line names the command")
        self.command: list[str] = lines[-1]["command"]
        self.exit: int = lines[-1]["exit"]
        self.messages: list[dict[str, Any]] = lines[1:-1]
        self.lost_bodies = sum(1 for line in self.messages if line["way"] == "<" and "size" in line)
        self.turns = self._turns()

    @property
    def asked(self) -> set[Key]:
        """Every request that is in it."""
        return {key(line["id"], line.get("body")) for line in self.messages if line["way"] == ">"}

    def _turns(self) -> dict[Key, deque[Turn]]:
        turns: dict[Key, deque[Turn]] = defaultdict(deque)
        last: dict[int, tuple[Turn, float]] = {}
        for line in self.messages:
            socket = line["socket"]
            if line["way"] == ">":
                turn = Turn()
                last[socket] = (turn, line["s"])
                turns[key(line["id"], line.get("body"))].append(turn)
            elif socket in last and line["way"] == "<":
                last[socket][0].said.append(line)
            elif socket in last and line["event"].startswith("closed"):
                turn, at = last[socket]
                turn.closes = not turn.said and line["s"] - at < SILENT_S
        return _in_clear(self.messages, turns)


def key(message_id: int, body: Any) -> Key:
    """What makes two requests the same."""
    return message_id, str((body or {}).get("Name", ""))


def _in_clear(messages: list[dict[str, Any]], turns: dict[Key, deque[Turn]]) -> dict[Key, deque[Turn]]:
    """An encrypted session is played in clear: of its logins the accepted one is left."""
    if any(line["way"] == ">" and line["id"] == LOGIN and "size" in line for line in messages):
        accepted = [
            turn
            for turn in turns[LOGIN, ""]
            if any((line.get("body") or {}).get("Ret") == 100 for line in turn.said)
        ]
        for turn in accepted:
            for line in turn.said:
                line.get("body", {}).pop("DataUseAES", None)
        turns[LOGIN, ""] = deque(accepted)
    return turns


@asynccontextmanager
async def played(trace: Trace, host: str = "127.0.0.23") -> AsyncIterator[tuple[str, list[Key]]]:
    """The address of a device that plays a trace, and what it was asked that is not in it."""
    strange: list[Key] = []
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        framer = Framer()
        try:
            while data := await reader.read(65536):
                for frame in framer.feed(data):
                    body = json.loads(frame.body.rstrip(b"\n\0")) if frame.body.startswith(b"{") else {}
                    asked = key(frame.message_id, body)
                    turns = trace.turns.get(asked)
                    if not turns:
                        if frame.message_id != KEEPALIVE:
                            strange.append(asked)
                        continue
                    turn = turns.popleft() if len(turns) > 1 else turns[0]
                    writer.write(b"".join(map(_packed, turn.said)))
                    if turn.closes:
                        return
        finally:
            writer.close()

    server = await asyncio.start_server(serve, host, 0)
    try:
        yield f"{host}:{server.sockets[0].getsockname()[1]}", strange
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _packed(line: dict[str, Any]) -> bytes:
    body = line.get("body")
    if body is None:
        return pack(line["id"], bytes(line["size"]))
    session = body.get("SessionID")
    return pack(line["id"], encode_reply(body), session=parse_session(session) if session else 0)
