"""Fast servers of prebuilt bytes: they answer by message id and parse nothing else, and print their port.

media PACKET_SIZE MEGABYTES MIX   a monitor stream; the data goes out on the socket that claimed
session                       login, SystemInfo and logout
encrypted                     as session, behind an exchange of keys
stall                         a monitor stream without end
recording PACKET_SIZE MEGABYTES   a download, on the socket that claimed, and its end
"""

from __future__ import annotations

import os
import socket
import struct
import sys
import threading

HEADER = struct.Struct("<BBBBIIBBHI")
SESSION = 0x0B
LOGIN = (
    b'{ "AliveInterval" : 20, "ChannelNum" : 1, "DeviceType " : "IPC", "ExtraChannel" : 1, "Ret" : 100, '
    b'"SessionID" : "0x0000000B" }\n\0'
)
INFO = (
    b'{ "Name" : "SystemInfo", "Ret" : 100, "SessionID" : "0x0000000b", "SystemInfo" : { "DigChannel" : 0, '
    b'"HardWare" : "BENCH", "SerialNo" : "0123456789abcdef", "SoftWareVersion" : "V5.00", '
    b'"VideoInChannel" : 1 } }\n\0'
)
OK = b'{ "Name" : "", "Ret" : 100, "SessionID" : "0x0000000b" }\n\0'
MONITOR_OK = b'{ "Name" : "OPMonitor", "Ret" : 100, "SessionID" : "0x0000000b" }\n\0'
PLAYBACK_OK = b'{ "Name" : "OPPlayBack", "Ret" : 100, "SessionID" : "0x0000000b" }\n\0'
REPLIES = {
    1000: LOGIN,
    1002: OK,
    1006: OK,
    1020: INFO,
    1413: MONITOR_OK,
    1410: MONITOR_OK,
    1424: PLAYBACK_OK,
    1420: PLAYBACK_OK,
}
CLAIMS = (1413, 1424)
STARTS = {1410: b'"Start"', 1420: b'"DownloadStart"'}
DOWNLOAD_DATA = 1426
DOWNLOAD_END = HEADER.pack(255, 1, 0, 0, SESSION, 0, 0, 1, DOWNLOAD_DATA, 0)
FRAMES_A_GOP = 50
MIXES = {"even": (40_000, 40_000), "real": (120_000, 20_700)}
"""Bytes of a key frame and of the others: 8 Mbit/s; what a camera sends, 22.7 kB on average."""


def gop(mix: str = "even") -> list[bytes]:
    """One group of pictures as a device sends it, with a sound block after each picture."""
    key_size, size = MIXES[mix]
    picture = b"\0\0\0\1\x67" + os.urandom(key_size)
    slice_ = b"\0\0\0\1\x41" + os.urandom(size)
    sound = b"\0\0\1\xfa\x0e\x02\x40\x01" + bytes(320)
    first = b"\0\0\1\xfc\x02\x19\xa0\x5a" + struct.pack("<II", 0x6A1159B9, len(picture)) + picture
    other = b"\0\0\1\xfd" + struct.pack("<I", len(slice_)) + slice_
    return [first, sound] + [other, sound] * (FRAMES_A_GOP - 1)


def packets(frames: list[bytes], size: int, message_id: int = 1412) -> bytes:
    """The frames as media messages of at most `size` bytes; each begins a message, as python-dvr needs it."""
    cuts = [frame[at : at + size] for frame in frames for at in range(0, len(frame), size)]
    return b"".join(
        HEADER.pack(255, 1, 0, 0, SESSION, at, 0, 0, message_id, len(cut)) + cut
        for at, cut in enumerate(cuts)
    )


def read_exactly(link: socket.socket, size: int) -> bytes:
    """`size` bytes, or b"" at the end of the connection."""
    data = b""
    while len(data) < size:
        part = link.recv(size - len(data))
        if not part:
            return b""
        data += part
    return data


class Server:
    """Accepts on loopback; a thread a connection."""

    def __init__(self, blob: bytes, repeat: int, end: bytes = b"") -> None:
        self.blob, self.repeat, self.end = blob, repeat, end
        self.claimed: socket.socket | None = None
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=2048)

    def run(self) -> None:
        """Serve until the process ends."""
        print(self.listener.getsockname()[1], flush=True)
        while True:
            link, _ = self.listener.accept()
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(link,), daemon=True).start()

    def serve(self, link: socket.socket) -> None:
        """Answer one connection."""
        try:
            while header := read_exactly(link, HEADER.size):
                *_, sequence, _, _, message_id, length = HEADER.unpack(header)
                body = read_exactly(link, length)
                if message_id in CLAIMS:
                    self.claimed = link
                starts = message_id in STARTS and STARTS[message_id] in body
                if not (starts and link is self.claimed) and message_id in REPLIES:
                    reply = REPLIES[message_id]
                    link.sendall(
                        HEADER.pack(255, 1, 0, 0, SESSION, sequence, 0, 0, message_id + 1, len(reply)) + reply
                    )
                if starts and self.claimed is not None:
                    threading.Thread(target=self.blast, args=(self.claimed,), daemon=True).start()
        except OSError:
            pass

    def blast(self, link: socket.socket) -> None:
        """Send the whole stream, then close the media socket."""
        try:
            for _ in range(self.repeat):
                link.sendall(self.blob)
            link.sendall(self.end)
            link.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def main() -> None:
    """Start the server that the command line asks for."""
    kind, *rest = sys.argv[1:]
    if kind in ("media", "recording"):
        size, megabytes = map(int, rest[:2])
        recorded = kind == "recording"
        blob = packets(gop(*rest[2:]) * 16, size, DOWNLOAD_DATA if recorded else 1412)
        repeat = max(1, megabytes * 1_000_000 // len(blob))
        Server(blob, repeat, DOWNLOAD_END if recorded else b"").run()
    elif kind == "session":
        Server(b"", 0).run()
    elif kind == "encrypted":
        from bench.encrypted import EncryptedServer

        EncryptedServer().run()
    elif kind == "stall":
        Server(packets(gop(), 8192), 1_000_000).run()
    else:
        raise SystemExit(f"unknown server {kind!r}")


if __name__ == "__main__":
    main()
