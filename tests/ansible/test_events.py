"""The event source of Event-Driven Ansible, run as ansible-rulebook runs it: by its path, with a queue."""

import asyncio
import contextlib
import runpy

import pytest
import yaml

from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.wire.framer import pack
from dvrip_proto.wire.ids import MessageId
from tests.ansible.conftest import PASSWORD
from tests.ansible.stage import ROOT

SOURCE = ROOT / "ansible_collections/dvrip/devices/extensions/eda/plugins/event_source/alarms.py"


@contextlib.asynccontextmanager
async def source(**args):
    """Events of the plugin, each waited for."""
    queue = asyncio.Queue()
    task = asyncio.create_task(runpy.run_path(str(SOURCE))["main"](queue, args))

    async def following():
        getting = asyncio.create_task(queue.get())
        await asyncio.wait({getting, task}, timeout=30, return_when=asyncio.FIRST_COMPLETED)
        if not getting.done():
            getting.cancel()
            await task
        return getting.result()["dvrip"]

    try:
        yield following
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def watched(device, **more):
    return {"name": "gate", "host": device.host, "port": device.port, "password": PASSWORD, **more}


async def test_an_alarm_becomes_an_event_with_its_channel_from_one():
    async with (
        Simulator(users={"admin": PASSWORD}, profile="nvr", channels=4) as device,
        source(devices=[watched(device)]) as following,
    ):
        assert (await following())["what"] == "online"
        device.raise_alarm(1, "VideoMotion", active=True)
        event = await following()
        assert {key: event[key] for key in ("what", "device", "kind", "active", "channel")} == {
            "what": "alarm",
            "device": "gate",
            "kind": "motion",
            "active": True,
            "channel": 2,
        }
        device.raise_alarm(1, "VideoMotion", active=False)
        assert (await following())["active"] is False


async def test_a_device_that_goes_is_told_and_watched_again():
    async with (
        Simulator(users={"admin": PASSWORD}) as device,
        source(devices=[watched(device)], retry=0.1) as following,
    ):
        assert (await following())["what"] == "online"
        await device._go_down()
        assert (await following())["what"] == "offline"
        await device._listen()
        assert (await following())["what"] == "online"


async def test_a_refused_password_is_tried_once():
    async with (
        Simulator(users={"admin": PASSWORD}, quirks=Quirks(lock_after=3)) as device,
        source(devices=[watched(device, password="Wrong-one1")]) as following,
    ):
        assert (await following())["what"] == "refused"
        assert sum(one[0] == 1000 for one in device.requests) == 1


async def test_reports_to_the_alarm_centre_are_events(unused_tcp_port):
    body = (
        b'{ "Address" : "0x0A01A8C0", "Channel" : 0, "Descrip" : "", "Event" : "HumanDetect", '
        b'"SerialID" : "2a981919678907c1", "StartTime" : "2026-01-31 08:00:00", "Status" : "Start", '
        b'"Type" : "Alarm" }\n'
    )
    async with source(centre={"host": "127.0.0.1", "port": unused_tcp_port}) as following:
        while True:
            try:
                _reader, writer = await asyncio.open_connection("127.0.0.1", unused_tcp_port)
                break
            except OSError:
                await asyncio.sleep(0.05)
        writer.write(pack(MessageId.ALARM_CENTRE, body, version=1))
        event = await following()
        writer.close()
    assert (event["what"], event["device"], event["channel"]) == ("alarm", "2a981919678907c1", 1)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({}, "give devices or centre"),
        ({"device": []}, "give devices or centre"),
        ({"devices": [{"host": "127.0.0.1"}]}, "needs host and password"),
        ({"centre": {"host": "127.0.0.1"}, "cameras": 1}, "no option"),
    ],
)
async def test_wrong_arguments_are_named(args, words):
    with pytest.raises(ValueError, match=words):
        async with source(**args) as following:
            await following()


def test_the_rulebook_of_the_examples_uses_what_the_source_has():
    (rulebook,) = yaml.safe_load((ROOT / "examples/site/alarms.yml").read_text())
    options = yaml.safe_load(runpy.run_path(str(SOURCE))["DOCUMENTATION"])["options"]
    assert set(rulebook["sources"][0]["dvrip.devices.alarms"]) <= set(options)
