"""RTSP/1.0 messages (RFC 2326): requests out of a stream of bytes, replies into one. Nothing is guessed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from ..errors import DvripError, UnsupportedError, UsageError

LINE_LIMIT: Final = 8192
_MAX_HEADERS: Final = 64
_MAX_BODY: Final = 65_536
_REQUEST_LINE: Final = re.compile(r"([A-Z_]{1,32}) (\S{1,4096}) RTSP/(\d)\.(\d)")
_HEADER: Final = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,128})[ \t]*:[ \t]*([^\r\n]*?)[ \t]*")
_TRACK: Final = re.compile(r"(.*)/trackID=(\d{1,3})/?")

REASONS: Final = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Request Entity Too Large",
    415: "Unsupported Media Type",
    453: "Not Enough Bandwidth",
    454: "Session Not Found",
    455: "Method Not Valid in This State",
    459: "Aggregate Operation Not Allowed",
    461: "Unsupported Transport",
    500: "Internal Server Error",
    501: "Not Implemented",
    503: "Service Unavailable",
    505: "RTSP Version not supported",
    551: "Option not supported",
}


_STATUS: Final[Mapping[type[DvripError], int]] = {UsageError: 453, UnsupportedError: 415}


def status_of(error: DvripError) -> int:
    """The status that answers a request which failed of an error; 503 for whatever may end by itself."""
    return _STATUS.get(type(error), 503)


class RefusedError(Exception):
    """A request is answered with `status` and nothing else happens; `headers` go with the answer.

    `reason` says in place of the usual words what is the matter.
    """

    def __init__(
        self,
        status: int,
        headers: Mapping[str, str] | None = None,
        *,
        fatal: bool = False,
        reason: str = "",
    ) -> None:
        self.reason = reason or REASONS[status]
        super().__init__(f"{status} {self.reason}")
        self.status = status
        self.headers = headers or {}
        self.fatal = fatal  # where the next message starts is not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request; names of `headers` are in lower case. Not for logs: it carries credentials."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def path(self) -> str:
        """The path of the address, decoded, without slashes at the ends and without a track."""
        return self._target()[0]

    @property
    def track(self) -> int | None:
        """The number of the track addressed, None for the whole."""
        return self._target()[1]

    @property
    def base(self) -> str:
        """The address of the whole without credentials, ending in a slash, as Content-Base wants it."""
        parts = urlsplit(self.url)
        return f"rtsp://{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}/"

    def _target(self) -> tuple[str, int | None]:
        path = urlsplit(self.url).path
        match = _TRACK.fullmatch(path)
        if match is None:
            return unquote(path).strip("/"), None
        return unquote(match[1]).strip("/"), int(match[2])


async def read_request(
    reader: asyncio.StreamReader, on_packet: Callable[[int, bytes], None]
) -> Request | None:
    """Return the next request; None at the end. `on_packet` gets interleaved packets and their channels.

    Raises a fatal RefusedError for anything that is not RTSP/1.0 or is larger than any viewer sends.
    """
    while True:
        try:
            start = await reader.readexactly(1)
            if start == b"$":
                header = await reader.readexactly(3)
                on_packet(header[0], await reader.readexactly(int.from_bytes(header[1:], "big")))
            elif start not in b"\r\n":
                return await _read_message(reader, start)
        except (asyncio.IncompleteReadError, OSError):
            return None


async def _read_message(reader: asyncio.StreamReader, start: bytes) -> Request:
    match = _REQUEST_LINE.fullmatch((start + await _line(reader)).decode("latin-1").rstrip("\r\n"))
    if match is None:
        raise RefusedError(400, fatal=True)
    if match[3] != "1":
        raise RefusedError(505, fatal=True)
    headers: dict[str, str] = {}
    while line := (await _line(reader)).decode("latin-1").removesuffix("\n").removesuffix("\r"):
        pair = _HEADER.fullmatch(line)
        if pair is None or len(headers) >= _MAX_HEADERS:
            raise RefusedError(400, fatal=True)
        headers[pair[1].lower()] = pair[2]
    await _skip_body(reader, headers.get("content-length", "0"))
    try:
        valid = match[2] == "*" or urlsplit(match[2]).scheme == "rtsp"
    except ValueError:
        valid = False
    if not valid:
        raise RefusedError(400, _sequence(headers))
    return Request(method=match[1], url=match[2], headers=headers)


async def _line(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\n")
    except asyncio.LimitOverrunError:
        raise RefusedError(400, fatal=True) from None


async def _skip_body(reader: asyncio.StreamReader, length: str) -> None:
    if not re.fullmatch(r"\d{1,9}", length, re.ASCII):
        raise RefusedError(400, fatal=True)
    if int(length) > _MAX_BODY:
        raise RefusedError(413, fatal=True)
    await reader.readexactly(int(length))


def _sequence(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the header that ties a reply to its request."""
    return {"CSeq": headers["cseq"]} if re.fullmatch(r"\d{1,10}", headers.get("cseq", ""), re.ASCII) else {}


def reply(
    status: int, request: Request | None, headers: Mapping[str, str], body: bytes = b"", *, reason: str = ""
) -> bytes:
    """Return a reply to `request`, or to what could not be read; `reason` stands in for the usual words."""
    fields = {**(_sequence(request.headers) if request is not None else {}), **headers}
    if body:
        fields["Content-Length"] = str(len(body))
    lines = [
        f"RTSP/1.0 {status} {reason or REASONS[status]}",
        *(f"{name}: {value}" for name, value in fields.items()),
    ]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
