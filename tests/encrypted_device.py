"""A device with encrypted sessions, written with `cryptography` alone: nothing of the library's codec is used.

It knows one account, counts the logins, and speaks in the padding and with the terminator that a test names.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding as rsa_padding
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from tests import hostile

HEADER = struct.Struct("<BBBBIIBBHI")
FIXED = b"dashoiahfarqdasr"
SESSION = 0x2A
IN_CLEAR = 0x29
CLEAR = [1000, 1001, 1008, 1009, 1010, 1011, 1412, 1413, 1414, 1422, 1424, 1425, 1426, 1432, 1433, 1434, 1435]
PADDINGS = ("always zeros", "zeros", "nul and zeros", "pkcs7")
TERMINATORS = (b"", b"\0", b"#", b"\n\0")
PRIVATE = rsa.generate_private_key(65537, 1024)
MODULUS = PRIVATE.public_key().public_numbers().n
PICTURE = b"\0\0\1\xfc\x02\x19\xa0\x5a" + struct.pack("<II", 0x6A1159B9, 9) + b"\0\0\0\1\x67abcd"


def old_hash(text: str) -> str:
    digest = hashlib.md5(text.encode()).digest()
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    return "".join(alphabet[(digest[i] + digest[i + 1]) % 62] for i in range(0, 16, 2))


def pad(plain: bytes, how: str) -> bytes:
    if how == "pkcs7":
        padder = PKCS7(128).padder()
        return padder.update(plain) + padder.finalize()
    if how == "nul and zeros":
        plain += b"\0"
    short = -len(plain) % 16
    return plain + bytes(short or (16 if how == "always zeros" else 0))


def encrypt(key: bytes, plain: bytes, how: str = "always zeros", end: bytes = b"\0") -> bytes:
    worker = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).encryptor()
    return base64.b64encode(worker.update(pad(plain, how)) + worker.finalize()) + end


def decrypt(key: bytes, body: bytes) -> dict[str, Any]:
    assert body.endswith(b"\0")
    worker = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).decryptor()
    plain = worker.update(base64.b64decode(body[:-1], validate=True)) + worker.finalize()
    assert plain.endswith(b"\0"), "the app ends its text with a NUL"
    told: dict[str, Any] = json.loads(plain.rstrip(b"\0"))
    return told


@dataclass
class EncryptedDevice:
    """How it behaves, and what was said to it. `manner` is what becomes of a plain login:

    required: refused with `refusal`; empty: taken, and every answer is empty; ciphered: taken, and answers are
    what nobody reads; light: as empty, until 1413; open: taken.
    """

    manner: str = "required"
    refusal: int = 124
    salted: bool = False
    broken_salt: bool = False
    offers: bool = True
    padding: str = "nul and zeros"
    end: bytes = b"\0"
    password: str = "correct horse"
    changes: dict[str, Any] = field(default_factory=dict)
    logins: list[tuple[str, int]] = field(default_factory=list)
    seen: list[tuple[int, Any]] = field(default_factory=list)
    session: int = 0
    claimed: int = 0
    in_clear: list[int] = field(default_factory=list)
    versions: set[int] = field(default_factory=set)
    title: str = "CAM01"
    links: list[Link] = field(default_factory=list)
    negotiated: asyncio.Event = field(default_factory=asyncio.Event)

    def offer(self, random_b: str) -> dict[str, Any]:
        kinds = {"MD5": True, "NONE": True, "RSA": True, "TOKEN": True}
        offer = {
            "Bits": 1024,
            "DataEncryptionType": {"AES": True, "AESV2": True, "VEKEY1": True},
            "EncryptAlgo": "RSA_V1.5",
            "LoginEncryptionType": {**kinds, "MD5_DH": True} if self.salted else kinds,
            "NotEncryptMsgID": CLEAR,
            "PublicKey": f"{MODULUS:X},010001",
            "Ret": 100,
        }
        if self.salted:
            offer["DHParameter"] = {"RandomStrB": random_b}
        return {**offer, **self.changes}


@dataclass
class Link:
    device: EncryptedDevice
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    key: bytes | None = None
    muffled: str = ""
    salt: tuple[str, str] | None = None

    def send(self, message_id: int, body: bytes, session: int = SESSION) -> None:
        self.writer.write(HEADER.pack(255, 1, 0, 0, session, 0, 0, 0, message_id, len(body)) + body)

    def say(self, message_id: int, told: dict[str, Any]) -> None:
        plain = json.dumps(told).encode() + b"\n"
        device = self.device
        if message_id not in CLEAR and self.muffled == "empty":
            self.send(message_id, b"")
        elif message_id not in CLEAR and self.muffled == "ciphered":
            self.send(message_id, encrypt(b"nobody knows it!", plain))
        elif message_id not in CLEAR and self.key:
            self.send(message_id, encrypt(self.key, plain, device.padding, device.end))
        else:
            self.send(message_id, plain + b"\0")

    async def run(self) -> None:
        while True:
            head = HEADER.unpack(await self.reader.readexactly(20))
            body = await self.reader.readexactly(head[9])
            message_id, mark = head[8], head[6]
            self.device.versions.add(head[1])
            if message_id == 1000:
                self.login(body, mark, head[4])
            elif message_id == 1413 and (mark == 0x63 or head[4] == 99999):
                self.negotiate(body, mark)
            else:
                self.answer(message_id, body)

    def negotiate(self, body: bytes, mark: int) -> None:
        told = json.loads(body.rstrip(b"\n\0"))
        assert told["OPMonitor"]["Action"] == "Claim"
        assert told["OPMonitor"]["Parameter"]["CombinMode"] == "CONNECT_ALL"
        self.device.seen.append((1413, told))
        self.device.negotiated.set()
        if not self.device.offers:
            self.say(1414, {"Name": "OPMonitor", "Ret": 103})
            return
        first = told.get("DHParameter", {}).get("RandomStrA", "")
        self.salt = (first, "wxyz")
        plain = json.dumps(self.device.offer("wxyz")).encode()
        self.send(1414, encrypt(FIXED, plain, self.device.padding, self.device.end) if mark else plain)
        if self.device.manner == "light" and self.muffled:
            self.key, self.muffled = FIXED, ""

    def login(self, body: bytes, mark: int, session: int) -> None:
        assert session == 0
        device = self.device
        if body.startswith(b"{"):
            told = json.loads(body.rstrip(b"\n\0"))
            right = told["PassWord"] == old_hash(device.password)
            ret = device.refusal if device.manner == "required" else 100 if right else 203
            device.logins.append(("plain", ret))
            self.muffled = {"empty": "empty", "light": "empty", "ciphered": "ciphered"}.get(device.manner, "")
        else:
            assert mark == 0x63
            told = decrypt(FIXED, body)
            assert (told["EncryptType"], told["LoginType"]) == ("MD5", "DVRIP-Web")
            fields = [told[name] for name in ("UserName", "PassWord", "CommunicateKey")]
            assert all(text == text.upper() and len(text) == 256 for text in fields)
            user, secret, key = (
                PRIVATE.decrypt(bytes.fromhex(text), rsa_padding.PKCS1v15()).decode() for text in fields
            )
            salt = self.salt or ("", "")
            salted = secret == old_hash(f"{salt[0]}{device.password}{salt[1]}")
            right = salted or secret == old_hash(device.password)
            ret = 100 if user == "admin" and right else 203
            if device.manner == "light" or (device.broken_salt and salted):
                ret = 124
            device.logins.append(("salted" if salted else "keys", ret))
            assert len(key) == 16
            assert key.isalnum()
            if ret == 100:
                self.key = key.encode()
        if ret == 100:
            device.session = IN_CLEAR if body.startswith(b"{") else SESSION
        reply = {"AliveInterval": 20, "ChannelNum": 1, "DeviceType ": "IPC", "Ret": ret}
        self.say(1001, {**reply, "SessionID": f"0x{device.session if ret == 100 else 0:08X}"})

    def answer(self, message_id: int, body: bytes) -> None:
        device = self.device
        if message_id in CLEAR or (self.key is None and body.startswith(b"{")):
            told = json.loads(body.rstrip(b"\n\0"))
            device.in_clear.append(message_id)
        elif self.key is None or body.startswith(b"{"):
            raise AssertionError(f"{message_id} came in clear in an encrypted session")
        else:
            told = decrypt(self.key, body)
        device.seen.append((message_id, told))
        reply = self.reply(message_id, told)
        self.say(message_id + 1, reply)
        if message_id == 1500:
            alarm = {
                "Channel": 0,
                "Event": "VideoMotion",
                "StartTime": "2026-11-26 10:00:00",
                "Status": "Start",
            }
            self.say(1504, {"AlarmInfo": alarm, "Name": "AlarmInfo", "SessionID": "0x0000002A"})
        if message_id == 1410 and told["OPMonitor"]["Action"] == "Start" and reply["Ret"] == 100:
            for link in device.links:
                if link is not self:
                    link.send(1412, PICTURE)

    def reply(self, message_id: int, told: dict[str, Any]) -> dict[str, Any]:
        device, name = self.device, told.get("Name", "")
        reply = {"Name": name, "Ret": 100, "SessionID": f"0x{SESSION:08X}"}
        if message_id == 1020:
            info = {
                "HardWare": "50H20L",
                "SerialNo": "abcdef",
                "SoftWareVersion": "V5.06.R02",
                "VideoInChannel": 1,
            }
            reply[name] = info
        elif message_id in (1042, 1048) and name == "ChannelTitle":
            reply[name] = [device.title]
        elif message_id in (1040, 1046) and name == "ChannelTitle":
            (device.title,) = told[name]
        elif message_id == 1413:
            device.claimed = int(told["SessionID"], 16)
        elif message_id == 1410 and told[name]["Action"] == "Start" and device.claimed != device.session:
            reply["Ret"] = 103
        return reply


@asynccontextmanager
async def serve(device: EncryptedDevice) -> AsyncIterator[tuple[str, int]]:
    """Run it; an assertion that fails in it fails the test."""

    async def run(stranger: hostile.Link) -> None:
        link = Link(device, stranger.reader, stranger.writer)
        device.links.append(link)
        try:
            await link.run()
        finally:
            device.links.remove(link)

    async with hostile.peer(run) as address:
        yield address
