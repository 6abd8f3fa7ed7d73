"""`dvrip set-address`."""

from __future__ import annotations

from dvrip_proto.simulator import Simulator
from tests.device.test_set_address import BROADCAST, free_port

from .conftest import PASSWORD, Dvrip


async def test_a_device_gets_another_address(dvrip: Dvrip) -> None:
    port = free_port()
    words = ("--target", BROADCAST, "--discovery-port", port, "--timeout", 1)
    async with Simulator(bind="127.0.0.21", discovery_port=port, users={"admin": PASSWORD}) as camera:
        mac = camera.state.mac
        asked = await dvrip("set-address", mac, "10.0.0.9", *words)
        assert (asked.code, "the address 10.0.0.9? Nobody can be asked here: give --yes" in asked.err) == (
            2,
            True,
        )
        told = await dvrip("set-address", camera.serial, "10.0.0.9", *words, "--yes")
        assert (told.code, told.err, told.out) == (0, "", f"{mac}: has the address 10.0.0.9\n")
        assert camera.state.config["NetWork.NetCommon"]["GateWay"] == "0x0100000A"
        words_of_it = ("set-address", camera.serial, "10.0.0.9", *words, "--yes", "--json")
        assert (await dvrip(*words_of_it)).json == {"device": mac, "address": "10.0.0.9"}
        wrong = await dvrip("set-address", mac, "10.0.0.9", *words, "--yes", password="no")
        assert wrong.code == 3
        assert "wrong password (Ret 203)" in wrong.err
        assert (await dvrip("set-address", mac, "10.0.0.300", *words, "--yes")).code == 2
        nobody = await dvrip("set-address", "00:00:00:00:00:01", "10.0.0.9", *words, "--yes")
        assert (nobody.code, nobody.err) == (4, "dvrip: 00:00:00:00:00:01: no such device answered\n")
