"""Serial ports: weakly documented, so every odd answer is an error of ours and nothing hangs."""

import pytest

from dvrip_proto import (
    ProtocolError,
    RequestError,
    RequestTimeoutError,
    SerialLine,
    SerialPort,
    TransportError,
    UsageError,
)
from dvrip_proto.wire.framer import pack
from dvrip_proto.wire.ids import MessageId
from tests.device.conftest import scripted

READS = {SerialPort.RS232: MessageId.RS232_READ_REPLY, SerialPort.RS485: MessageId.RS485_READ_REPLY}


async def test_a_device_that_agrees_and_has_nothing_to_read(sim, device):
    for port in SerialPort:
        await device.serial.write(port, b"\xff\x01\x00\x08")
        assert await device.serial.read(port, timeout_s=0.1) == b""
    assert not device.closed
    sent = [message_id for message_id, _, _ in sim.requests]
    assert {MessageId.RS232_WRITE, MessageId.RS485_WRITE, MessageId.RS232_READ, MessageId.RS485_READ} <= set(
        sent
    )
    for data in (b"", bytes(20_000)):
        with pytest.raises(UsageError):
            await device.serial.write(SerialPort.RS485, data)


@pytest.mark.parametrize("port", SerialPort)
async def test_what_came_through_a_port(port):
    async def answer(link, _message_id, _body):
        await link.send(pack(READS[port], b"\x01\x02{}", session=11, version=1))

    async with scripted(answer) as device:
        assert await device.serial.read(port) == b"\x01\x02{}"


@pytest.mark.parametrize("port", SerialPort)
async def test_bytes_both_ways(port):
    data = MessageId.RS232_DATA if port is SerialPort.RS232 else MessageId.RS485_DATA
    actions = []

    async def answer(link, message_id, body):
        if message_id == MessageId.TRANSPARENT_OPEN:
            actions.append(body["OPTrans"])
            return {}
        said = link.seen[-1].body
        await link.send(pack(data, said[::-1], session=11) + pack(data + 1, said.upper(), session=11))
        return None

    async with scripted(answer) as device:
        async with device.serial.open(port, SerialLine(baud=2400, parity="even")) as channel:
            await channel.send(b"abc")
            assert [await anext(channel), await anext(channel)] == [b"cba", b"ABC"]
        assert [rest async for rest in channel] == []
    assert [action["Action"] for action in actions] == ["Start", "Stop"]
    assert actions[0] == {
        "Action": "Start",
        "BaudRate": 2400,
        "DataBits": 8,
        "Parity": 2,
        "StopBits": 1,
        "CommName": port.name,
    }


async def test_a_device_that_refuses_bytes(sim, device):
    async with device.serial.open(SerialPort.RS485) as channel:
        await channel.send(b"abc")
        with pytest.raises(RequestError) as refused:
            await anext(channel)
        assert refused.value.ret == 103
        sim.drop_connections()
        await device.wait_closed()
        with pytest.raises(TransportError):
            await channel.send(b"abc")
    with pytest.raises(UsageError, match="no parity"):
        async with device.serial.open(SerialPort.RS485, SerialLine(parity="perhaps")):
            pass


@pytest.mark.parametrize(
    ("members", "error"),
    [({"ret": 103}, RequestError), ({"ret": None}, ProtocolError), (None, RequestTimeoutError)],
)
async def test_devices_that_do_not_write(members, error):
    async def answer(_link, _message_id, _body):
        return members

    async with scripted(answer, timeout_s=0.3) as device:
        with pytest.raises(error):
            await device.serial.write(SerialPort.RS232, b"x")


async def test_a_port_that_does_not_open():
    async def answer(_link, _message_id, _body):
        return {"ret": 103}

    async with scripted(answer) as device:
        with pytest.raises(RequestError):
            async with device.serial.open(SerialPort.RS232):
                pass


async def test_a_second_opening_of_one_port_leaves_the_first_alone(sim, device):
    def closings():
        return [body for message_id, _, body in sim.requests if message_id == MessageId.TRANSPARENT_OPEN]

    async with device.serial.open(SerialPort.RS485):
        with pytest.raises(UsageError, match="RS485 is open already"):
            async with device.serial.open(SerialPort.RS485):
                pass
        assert len(closings()) == 1
    async with device.serial.open(SerialPort.RS485):
        assert len(closings()) == 3
