"""The simulator's encrypted firmware, entered by the library, and asked by hand what it offers."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from dvrip_proto import AuthenticationError, Device, UnsupportedError
from dvrip_proto.simulator import Simulator
from dvrip_proto.simulator.quirk_options import parse_quirks
from tests.simulator.raw import BLANK, Raw

FIXED = b"dashoiahfarqdasr"
CLAIM = {"Action": "Claim", "Parameter": {"Channel": 0, "CombinMode": "CONNECT_ALL", "StreamType": "Main"}}


@pytest.mark.parametrize(
    ("quirk", "way", "logins"),
    [
        ("offered", "plain", 1),
        ("required", "encrypted", 2),
        ("md5_dh", "salted", 2),
        ("empty", "encrypted", 2),
        ("light", "light", 3),
    ],
)
async def test_every_manner_is_entered(quirk: str, way: str, logins: int) -> None:
    async with Simulator(quirks=parse_quirks([f"encrypted={quirk}"]), users={"admin": "secret"}) as sim:
        async with Device(sim.host, sim.port, password="secret", timeout_s=5) as device:
            info = await device.system.info()
            assert info.serial
            await device.settings.apply(await device.settings.plan("ChannelTitle", ["Gate"]))
            await device.alarms.arm()
            async with device.monitor.open(0, "Main") as stream:
                assert (await anext(stream)).payload
            assert (device.entry.way, device.entry.logins) == (way, logins)
        with pytest.raises(AuthenticationError):
            await Device(sim.host, sim.port, password="wrong", encryption=device.entry.policy).open()
        assert {"SystemInfo", "ChannelTitle", "OPMonitor"} <= {name for _, name, _ in sim.requests}


async def test_always_is_encrypted_also_where_that_is_only_offered() -> None:
    async with (
        Simulator(quirks=parse_quirks(["encrypted=offered"])) as sim,
        Device(sim.host, sim.port, encryption="always") as device,
    ):
        assert device.entry.way == "encrypted"
        await device.system.info()
    async with Simulator() as sim:
        with pytest.raises(UnsupportedError, match="no agreement with the device on encryption"):
            await Device(sim.host, sim.port, encryption="always", timeout_s=2).open()


async def test_what_is_offered_can_be_read_with_the_key_that_everybody_has() -> None:
    async with Simulator(quirks=parse_quirks(["encrypted=required"])) as sim:
        client = await Raw.open(sim)
        assert (await client.log_in("admin", BLANK)).ret == 124
        client.session = 0x1869F
        plain = await client.ask(1413, json.dumps({"Name": "OPMonitor", "OPMonitor": CLAIM}).encode())
        assert plain.json["PublicKey"].endswith(",010001")
        async with Device(sim.host, sim.port) as device:
            assert device.entry.offered["plain_ids"] == len(plain.json["NotEncryptMsgID"])
    worker = Cipher(algorithms.AES(FIXED), modes.CBC(bytes(16))).decryptor()
    recorded = base64.b64decode("rfIQlMaR6Ses2pRV7x9RcqLQDOs9GDPH7FuY0jxaWEwOBvxOE2S7iMQgSIJbivkE")
    assert worker.update(recorded).startswith(b'{"EncryptType":"MD5","LoginType":"DVRIP-Xm030",')
