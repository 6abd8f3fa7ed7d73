"""The encrypted exchange without the library: the server of the benchmark, and the floor under it."""

from __future__ import annotations

import asyncio
import base64
import json
import secrets
import socket
from typing import Any, override

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bench.servers import HEADER, INFO, LOGIN, OK, SESSION, Server, read_exactly

FIXED = b"dashoiahfarqdasr"
CLEAR = [1000, 1001, 1412, 1413, 1414]
CLAIM = (
    b'{"Name": "OPMonitor", "OPMonitor": {"Action": "Claim", "Parameter": {"Channel": 0, "CombinMode": '
    b'"CONNECT_ALL", "StreamType": "Main", "TransMode": "TCP"}}, "SessionID": "0x000001869f"}\n\0'
)


def seal(key: bytes, plain: bytes) -> bytes:
    """A ciphered body."""
    worker = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).encryptor()
    return base64.b64encode(worker.update(plain + bytes(16 - len(plain) % 16)) + worker.finalize()) + b"\0"


def unseal(key: bytes, body: bytes) -> dict[str, Any]:
    """What a ciphered body says."""
    worker = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).decryptor()
    plain = worker.update(base64.b64decode(body.rstrip(b"\0"))) + worker.finalize()
    told: dict[str, Any] = json.loads(plain.rstrip(b"\0"))
    return told


class EncryptedServer(Server):
    """Key exchange, login, SystemInfo and logout, all of it ciphered as firmware does."""

    def __init__(self) -> None:
        super().__init__(b"", 0)
        self.private = rsa.generate_private_key(65537, 1024)
        offer = {
            "EncryptAlgo": "RSA_V1.5",
            "LoginEncryptionType": {"MD5": True, "RSA": True},
            "NotEncryptMsgID": CLEAR,
            "PublicKey": f"{self.private.public_key().public_numbers().n:X},010001",
            "Ret": 100,
        }
        self.offer = seal(FIXED, json.dumps(offer).encode())

    @override
    def serve(self, link: socket.socket) -> None:
        key = b""
        try:
            while header := read_exactly(link, HEADER.size):
                *_, sequence, _, _, message_id, length = HEADER.unpack(header)
                body = read_exactly(link, length)
                if message_id == 1413:
                    reply = self.offer
                elif message_id == 1000:
                    told = unseal(FIXED, body)
                    key = self.private.decrypt(bytes.fromhex(told["CommunicateKey"]), padding.PKCS1v15())
                    reply = LOGIN
                else:
                    reply = seal(key, INFO if message_id == 1020 else OK)
                link.sendall(
                    HEADER.pack(255, 1, 0, 0, SESSION, sequence, 0, 0, message_id + 1, len(reply)) + reply
                )
        except OSError:
            pass


async def visit_floor(port: int) -> None:
    """One device by hand: offer, login with keys, SystemInfo, logout."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def exchange(message_id: int, body: bytes, session: int = SESSION, mark: int = 0) -> bytes:
        writer.write(HEADER.pack(255, 0, 0, 0, session, 0, mark, 0, message_id, len(body)) + body)
        *_, length = HEADER.unpack(await reader.readexactly(HEADER.size))
        return await reader.readexactly(length)

    offer = unseal(FIXED, await exchange(1413, CLAIM, 99999, 0x63))
    modulus, exponent = offer["PublicKey"].split(",")
    public = rsa.RSAPublicNumbers(int(exponent, 16), int(modulus, 16)).public_key()
    key = secrets.token_hex(8).encode()
    fields = {"UserName": b"admin", "PassWord": b"tlJwpbo6", "CommunicateKey": key}
    login = {name: public.encrypt(text, padding.PKCS1v15()).hex().upper() for name, text in fields.items()}
    login |= {"EncryptType": "MD5", "LoginType": "DVRIP-Web"}
    await exchange(1000, seal(FIXED, json.dumps(login).encode()), 0, 0x63)
    info = unseal(key, await exchange(1020, seal(key, b'{"Name": "SystemInfo", "SessionID": "0x0000000B"}')))
    assert info["SystemInfo"]["HardWare"] == "BENCH"
    await exchange(1002, seal(key, b'{"Name": "", "SessionID": "0x0000000B"}'))
    writer.close()
