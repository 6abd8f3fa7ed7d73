"""The event source of Event-Driven Ansible, run as ansible-rulebook runs it: by its path, with a queue."""

import asyncio
import contextlib
import runpy

import pytest
import yaml

from dvrip_proto import TransportError
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


async def test_a_centre_that_cannot_listen_says_why_instead_of_naming_a_group_of_errors():
    async with Simulator(users={"admin": PASSWORD}) as device:
        args = {"devices": [watched(device)], "centre": {"host": device.host, "port": device.port}}
        with pytest.raises(TransportError, match="Address already in use"):
            await runpy.run_path(str(SOURCE))["main"](asyncio.Queue(), args)


async def test_a_device_that_refuses_does_not_end_the_rulebook():
    async with Simulator(users={"admin": PASSWORD}) as device:
        queue = asyncio.Queue()
        work = runpy.run_path(str(SOURCE))["main"](
            queue, {"devices": [watched(device, password="Wrong-one1")]}
        )
        task = asyncio.create_task(work)
        assert (await queue.get())["dvrip"]["what"] == "refused"
        done, _ = await asyncio.wait({task}, timeout=0.1)
        assert not done
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()


GATE = {"name": "gate", "host": "127.0.0.1", "password": "x"}


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({}, "give devices or centre"),
        ({"device": []}, "no option"),
        ({"devices": [{"host": "127.0.0.1"}]}, "needs host and password"),
        ({"centre": {"host": "127.0.0.1"}, "cameras": 1}, "no option"),
        ({"devices": "10.0.0.1"}, "devices is a list"),
        ({"devices": {"host": "10.0.0.1"}}, "devices is a list"),
        ({"devices": ["10.0.0.1"]}, "is not str"),
        (
            {"devices": [{**GATE, "user": "events"}]},
            "gate: there is no option .'user'., only host, name, password",
        ),
        ({"devices": [{**GATE, "port": "http"}]}, "gate: http is no port"),
        ({"devices": [{**GATE, "port": 70000}]}, "gate: 70000 is no port"),
        ({"devices": [{**GATE, "host": "10.0.0.1/24"}]}, "gate: .* is no address of a device"),
        ({"devices": [GATE], "retry": "soon"}, "retry: soon is no number"),
        ({"devices": [GATE], "retry": 0}, "retry: 0 is no number"),
        ({"centre": "127.0.0.1"}, "centre has options"),
        ({"centre": {"port": 15002}}, "give the own address"),
        ({"centre": {"host": "127.0.0.1", "port": -1}}, "centre: -1 is no port"),
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
