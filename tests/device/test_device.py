import asyncio

import pytest

import dvrip_proto
from dvrip_proto import AuthenticationError, Device, ProtocolError, TransportError, UsageError
from dvrip_proto.wire.digest import sofia_hash
from tests import hostile
from tests.device.conftest import PASSWORD


async def test_a_device_is_a_login_and_what_it_can(sim, device):
    assert (device.host, device.port, device.username) == (sim.host, sim.port, "admin")
    assert device.login_reply.channel_count >= 1
    assert (await device.system.info()).serial == sim.serial
    assert device.settings is device.settings
    assert sim.sessions == 1


async def test_its_end_is_heard(sim, device):
    ended = asyncio.create_task(device.wait_closed())
    await asyncio.sleep(0)
    sim.drop_connections()
    assert isinstance(await ended, TransportError)
    assert device.closed
    with pytest.raises(TransportError):
        await device.system.info()


class TestLife:
    @pytest.fixture
    def profile(self):
        return "ipc"

    async def test_closing_logs_out_and_is_heard_as_wanted(self, sim):
        device = Device(sim.host, sim.port, password=PASSWORD)
        await device.open()
        await device.close()
        await device.close()
        assert await device.wait_closed() is None
        assert sim.sessions == 0
        assert "closed" in repr(device)

    async def test_a_refused_login_leaves_nothing_open(self, sim):
        with pytest.raises(AuthenticationError) as refusal:
            async with Device(sim.host, sim.port, password="wrong horse"):
                pytest.fail("not reached")
        assert refusal.value.ret == 203
        assert f"{sim.host}:{sim.port}" in str(refusal.value)
        await asyncio.sleep(0.05)
        assert sim.connections == 0

    async def test_the_password_itself_can_be_the_login(self, sim):
        async with Device(sim.host, sim.port, password=PASSWORD, encrypt_type="NONE") as device:
            assert (await device.system.info()).serial == sim.serial
        with pytest.raises(AuthenticationError):
            await Device(sim.host, sim.port, password=sofia_hash(PASSWORD), encrypt_type="NONE").open()

    async def test_no_other_encryption_is_tried(self, sim):
        with pytest.raises(UsageError, match="one of MD5, NONE, not '3DES'"):
            await Device(sim.host, sim.port, password=PASSWORD, encrypt_type="3DES").open()
        assert sim.sessions == 0

    async def test_is_opened_once(self, sim):
        device = Device(sim.host, sim.port, password=PASSWORD)
        with pytest.raises(UsageError, match="not open"):
            _ = device.connection
        with pytest.raises(UsageError, match="not open"):
            _ = device.login_reply
        async with device:
            with pytest.raises(UsageError, match="opened once"):
                await device.open()

    async def test_no_text_of_it_holds_the_password(self, sim):
        device = Device(sim.host, sim.port, password=PASSWORD)
        assert PASSWORD not in repr(device)
        async with device:
            assert "open" in repr(device)
            for part in (device, device.users, device.connection, device.login_reply):
                assert PASSWORD not in repr(part)
                assert dvrip_proto.sofia_hash(PASSWORD) not in repr(part)


async def test_what_is_no_device_is_named_as_such():
    async with hostile.http() as (host, port):
        with pytest.raises(ProtocolError, match=f"{host}:{port}: .*HTTP"):
            await Device(host, port, timeout_s=2).open()


def test_public_names_are_there():
    for name in dvrip_proto.__all__:
        assert getattr(dvrip_proto, name) is not None
    assert len(set(dvrip_proto.__all__)) == len(dvrip_proto.__all__)
