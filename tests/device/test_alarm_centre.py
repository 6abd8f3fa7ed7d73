"""The alarm centre, dialled by simulated devices and by peers that mean no good."""

import asyncio
import contextlib
import random
import struct

import pytest

from dvrip_proto import AlarmCentre, AlarmKind, TransportError, UsageError
from dvrip_proto.servers.alarm_centre import read_report
from dvrip_proto.wire.body import encode_reply
from dvrip_proto.wire.framer import pack
from dvrip_proto.wire.ids import MessageId

HOST = "127.0.0.1"
REPORT = {
    "Address": "0x0B0A060A",
    "Channel": 0,
    "Descrip": "",
    "Event": "MotionDetect",
    "SerialID": "003344236523",
    "StartTime": "2010-06-24 17:04:22",
    "Status": "Stop",
    "Type": "Alarm",
}


def message(message_id=MessageId.ALARM_CENTRE, **changes):
    return pack(message_id, encode_reply(REPORT | changes), version=1)


@pytest.fixture
async def centre():
    async with AlarmCentre(HOST, 0, message_s=0.5, connections_max=20) as opened:
        yield opened


async def dial(centre, data, *, linger=False):
    reader, writer = await asyncio.open_connection(HOST, centre.port)
    writer.write(data)
    if not linger:
        writer.write_eof()
    return reader, writer


async def heard(centre, count=1, timeout_s=3):
    """Reports that come from now on."""
    reports = []
    async with asyncio.timeout(timeout_s):
        async for report in centre.reports():
            reports.append(report)
            if len(reports) == count:
                break
    return reports


async def dropped(reader):
    async with asyncio.timeout(2):
        with contextlib.suppress(ConnectionError):
            assert await reader.read() == b""


async def listen(centre, count=1, timeout_s=3):
    task = asyncio.create_task(heard(centre, count, timeout_s))
    await asyncio.sleep(0)
    return task


async def test_a_simulated_device_reports(sim, device, centre):
    server = {"Name": HOST, "Port": centre.port}
    await device.settings.ensure("NetWork.AlarmServer", [{"Enable": True, "Alarm": True, "Server": server}])
    await device.settings.ensure("Detect.MotionDetect", {"EventHandler": {"MessageEnable": True}}, channel=0)
    listening = await listen(centre, 2)
    sim.raise_alarm(0, "VideoMotion", active=True)
    await asyncio.sleep(0.1)
    sim.raise_alarm(0, "VideoMotion", active=False)
    begin, end = await listening
    assert (begin.serial, begin.host, begin.address) == (sim.serial, HOST, HOST)
    assert (begin.channel, begin.event, begin.kind) == (0, "MotionDetect", AlarmKind.MOTION)
    assert (begin.active, end.active, begin.is_log) == (True, False, False)


async def test_one_connection_may_carry_many_reports(centre):
    listening = await listen(centre, 3)
    other = message(MessageId.KEEPALIVE)
    _, writer = await dial(centre, message() + other + message(Type="Log", Descrip="x"), linger=True)
    await asyncio.sleep(0.1)
    writer.write(message(Event="Whatever", Status="None", Channel=3))
    first, second, third = await listening
    assert first.address == "10.6.10.11"
    assert (second.is_log, second.text) == (True, "x")
    assert (third.event, third.kind, third.active, third.channel) == ("Whatever", AlarmKind.OTHER, None, 3)
    writer.close()


async def test_bytes_may_come_one_by_one(centre):
    listening = await listen(centre)
    _, writer = await dial(centre, b"", linger=True)
    for byte in message():
        writer.write(bytes([byte]))
        await writer.drain()
    (report,) = await listening
    assert report.serial == "003344236523"
    writer.close()


HOSTILE = {
    "garbage": random.Random(1).randbytes(3000),
    "http": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "huge": struct.pack("<BBBBIIBBHI", 255, 1, 0, 0, 0, 0, 0, 0, MessageId.ALARM_CENTRE, 0xFFFFFFFF),
    "half a header": message()[:11],
    "half a body": message()[:60],
    "no JSON": pack(MessageId.ALARM_CENTRE, b"{ what"),
    "a list": pack(MessageId.ALARM_CENTRE, b"[1]"),
    "deep": pack(MessageId.ALARM_CENTRE, b"[" * 60_000),
    "no event": pack(MessageId.ALARM_CENTRE, b'{"Event": 5}'),
    "empty": pack(MessageId.ALARM_CENTRE, b""),
    "nothing": b"",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("linger", [False, True])
async def test_peers_that_mean_no_good_harm_nobody(centre, data, linger):
    listening = await listen(centre)
    reader, writer = await dial(centre, data, linger=linger)
    await asyncio.sleep(0.05)
    _, good = await dial(centre, message())
    (report,) = await listening
    assert report.serial == "003344236523"
    if data and data[0] != 255:
        await dropped(reader)
    writer.close()
    good.close()


async def test_a_report_that_takes_too_long_is_dropped(centre):
    reader, writer = await dial(centre, message()[:30], linger=True)
    await dropped(reader)
    writer.close()


async def test_more_connections_than_allowed_drop_the_oldest(centre):
    links = [await dial(centre, b"", linger=True) for _ in range(25)]
    await asyncio.sleep(0.1)
    assert len(centre._links) <= 20
    listening = await listen(centre)
    links[-1][1].write(message())
    assert len(await listening) == 1
    for _, writer in links:
        writer.close()


async def test_a_slow_reader_loses_the_oldest(centre):
    reports = centre.reports()
    first = asyncio.create_task(anext(reports))
    await asyncio.sleep(0)
    await dial(centre, message(Channel=9999))
    assert (await first).channel == 9999
    for start in range(0, 1200, 100):
        await dial(centre, b"".join(message(Channel=number) for number in range(start, start + 100)))
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.2)
    assert (await anext(reports)).channel == 200
    await reports.aclose()


async def test_strange_values_become_plain_ones():
    report = read_report(
        HOST, encode_reply({"Event": "X" * 5000, "Channel": -4, "SerialID": ["a"], "Address": "?"})
    )
    assert report is not None
    assert (len(report.event), report.channel, report.serial, report.address) == (1024, None, "", "")
    assert read_report(HOST, encode_reply({**REPORT, "Channel": "0xFFFFFFFFFF"})).channel == 0xFFFF


async def test_closing_ends_iterators_and_a_broken_callback_nothing(centre):
    def broken(_report):
        raise ZeroDivisionError

    seen = []
    centre.subscribe(broken)
    forget = centre.subscribe(seen.append)
    listening = await listen(centre, 2)
    await dial(centre, message())
    await asyncio.sleep(0.1)
    await centre.close()
    await centre.close()
    assert len(await listening) == 1
    assert len(seen) == 1
    forget()
    forget()
    assert [report async for report in centre.reports()] == []


async def test_an_address_that_is_taken(centre):
    with pytest.raises(UsageError, match="listens already"):
        await centre.start()
    with pytest.raises(TransportError, match=f"{HOST}:{centre.port}: cannot listen"):
        await AlarmCentre(HOST, centre.port).start()
