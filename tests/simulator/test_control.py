"""The control API: faults on demand, the page, and requests it refuses."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from dvrip_proto import Device
from dvrip_proto.errors import TransportError
from dvrip_proto.simulator import Fleet, Simulator
from dvrip_proto.simulator.control import Control
from dvrip_proto.simulator.state.alarms import EVENTS
from tests.simulator.raw import Raw, monitor, until, watch

type Call = Callable[..., Any]


@pytest.fixture
async def device() -> AsyncIterator[Simulator]:
    async with Fleet(1, bind="127.0.0.79", port=0, users={"admin": "s3cret"}) as fleet:
        yield fleet.devices[0]


@pytest.fixture
async def control(device: Simulator) -> AsyncIterator[Control]:
    fleet = Fleet(1)
    fleet.devices = [device]
    control = Control(fleet, "127.0.0.1", 0)
    await control.start()
    yield control
    await control.stop()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def act(control: Control, device: Simulator, http: aiohttp.ClientSession) -> Call:
    async def act(action: str, *, status: int = 200, **wish: object) -> Any:
        url = f"{control.url}/devices/{device.serial}/{action}"
        async with http.post(url, json=wish) as response:
            assert response.status == status, await response.text()
            return await response.json()

    return act


@pytest.fixture
async def client(device: Simulator) -> AsyncIterator[Raw]:
    raw = await Raw.open(device)
    assert (await raw.log_in("admin", "s3cret", "NONE")).ret == 100
    yield raw
    raw.close()


@pytest.mark.parametrize(("word", "event"), EVENTS.items())
async def test_every_event_has_a_word(act: Call, client: Raw, word: str, event: str) -> None:
    await client.ask(1500, b"")
    assert (await act("alarm", event=word))["event"] == event
    assert (await client.receive()).json["AlarmInfo"]["Event"] == event


async def test_an_unplugged_device_is_silent_and_goes_on_afterwards(act: Call, client: Raw) -> None:
    await client.ask(1500, b"")
    assert await act("unplug", duration_s=0.6) == {"plugged": False, "duration_s": 0.6}
    began = time.monotonic()
    await act("alarm")
    assert (await client.receive()).json["AlarmInfo"]["Event"] == "VideoMotion"
    assert time.monotonic() - began > 0.4
    assert (await client.named(1006, "KeepAlive")).ret == 100


async def test_a_connection_to_an_unplugged_device_waits(act: Call, device: Simulator) -> None:
    await act("unplug")
    assert device.discovery_reply() is None
    waiting = await Raw.open(device)
    login = asyncio.create_task(waiting.log_in("admin", "s3cret", "NONE"))
    await asyncio.sleep(0.3)
    assert not login.done()
    assert await act("plug") == {"plugged": True}
    assert (await login).ret == 100
    assert device.discovery_reply() is not None
    waiting.close()


async def test_a_stream_that_had_too_much_to_send_ends(act: Call, device: Simulator, client: Raw) -> None:
    media = await watch(device, client)
    await act("unplug")
    device._unit.monitors.claims.drop_session(next(iter(device._unit.sessions)))
    link = next(link for link in device._listening.links if link.claims or link.session is None)
    link.write([bytes(2 * 1024 * 1024)])
    assert device.connections
    await act("plug")
    assert await media.is_closed()


async def test_an_unplugged_device_can_be_rebooted_and_stopped(
    act: Call, device: Simulator, client: Raw
) -> None:
    await act("unplug")
    await act("reboot", downtime_s=0.1)
    assert await client.is_closed()
    await until(lambda: device.up)
    assert not device.state.cable.plugged
    late = await Raw.open(device)
    await asyncio.sleep(0.05)
    await device.stop()
    assert await late.is_closed()


async def test_the_disk_fills_goes_and_comes_back(act: Call, device: Simulator, client: Raw) -> None:
    await client.ask(1500, b"")
    before = [dict(part) for part in device.state.storage.disks[0]["Partition"]]
    device.state.config["Storage.StorageLowSpace"]["Enable"] = True
    device.state.config["General.General"]["OverWrite"] = "StopRecord"
    assert await act("disk", state="full") == {"state": "full", "recording": False}
    assert (await client.receive()).json["AlarmInfo"]["Event"] == "StorageLowSpace"
    answer = await client.named(1020, "StorageInfo")
    assert {part["RemainSpace"] for part in answer.json["StorageInfo"][0]["Partition"]} == {"0x00000000"}
    await act("disk", state="missing")
    assert device.state.storage.disks == []
    await act("disk", state="good")
    assert device.state.storage.disks[0]["Partition"] == before
    assert "is not one of full, missing, good" in (await act("disk", state="wet", status=400))["error"]


async def test_a_session_is_thrown_out(act: Call, device: Simulator, client: Raw) -> None:
    other = await Raw.open(device)
    assert (await other.log_in("admin", "s3cret", "NONE")).ret == 100
    media = await watch(device, client)
    assert await act("logout", session=client.session) == {"sessions": [client.session]}
    told = await client.receive()
    assert (told.message_id, told.json) == (1004, {"SessionID": f"0x{client.session:08x}"})
    assert await media.is_closed()
    assert (await media_claim(device, client)) == 103
    client.send(1005, {"Ret": 100, "SessionID": told.json["SessionID"]})
    assert await client.is_closed(0.8)
    assert (await other.named(1006, "KeepAlive")).ret == 100


async def media_claim(device: Simulator, client: Raw) -> int:
    """What a claim for a client's session is answered with."""
    socket = await Raw.open(device)
    socket.session = client.session
    ret = (await socket.named(1413, "OPMonitor", monitor("Claim"))).ret
    socket.close()
    return ret


async def test_a_user_or_everybody_is_thrown_out(act: Call, device: Simulator, client: Raw) -> None:
    group = {"Name": "guard", "Group": "user", "AuthorityList": [], "Password": "tlJwpbo6"}
    assert (await client.named(1482, "User", **{"User": group})).ret == 100
    guard = await Raw.login(device, "guard")
    assert await act("logout", user="guard") == {"sessions": [guard.session]}
    assert (await guard.receive()).message_id == 1004
    assert await guard.is_closed(), "who does not answer is closed as well"
    assert device.logins == [(client.session, "admin", "127.0.0.1")]
    assert await act("logout") == {"sessions": [client.session]}
    assert (await client.receive()).message_id == 1004
    assert await act("logout") == {"sessions": []}
    complaint = (await act("logout", user="guard", status=400))["error"]
    assert complaint == f"user guard: is not logged in on device {device.serial}"
    assert (await act("logout", session=9, status=400))["error"].startswith("session 9: is not logged in")


async def test_who_was_thrown_out_may_log_in_again(act: Call, device: Simulator, client: Raw) -> None:
    await act("logout")
    assert (await client.receive()).message_id == 1004
    assert (await client.log_in("admin", "s3cret", "NONE")).ret == 100
    await asyncio.sleep(1.2)
    assert (await client.named(1006, "KeepAlive")).ret == 100


async def test_the_library_hears_that_it_is_thrown_out(act: Call, device: Simulator) -> None:
    connection = Device(device.host, device.port, password="s3cret")
    async with connection:
        await act("logout", user="admin")
        with pytest.raises(TransportError, match="has logged this session out"):
            await asyncio.wait_for(_ask_on(connection), 5)


async def _ask_on(device: Device) -> None:
    while True:
        await device.system.info()


async def test_the_clock_goes_wrong_and_right_again(act: Call, device: Simulator) -> None:
    right = device.state.clock.now()
    await act("clock", error_s=-3600)
    assert -3601 < (device.state.clock.now() - right).total_seconds() < -3590
    await act("clock", error_s=0)
    assert abs((device.state.clock.now() - right).total_seconds()) < 5


@pytest.mark.parametrize(
    ("action", "wish", "complaint"),
    [
        ("alarm", {"event": "moton"}, "event: 'moton' is not one of motion, blind"),
        ("alarm", {"chanel": 1}, "chanel: unknown, there are channel, event, active, duration_s"),
        ("alarm", {"channel": -1}, "channel -1: this device has 1"),
        ("drop", {"now": True}, "now: unknown, there are no members here"),
        ("unplug", {"duration_s": "soon"}, "duration_s: 'soon' is not between 0 and 86400"),
        ("clock", {"error_s": 1e12}, "error_s: 1000000000000.0 is not between"),
    ],
)
async def test_wrong_wishes_are_told(act: Call, action: str, wish: dict[str, Any], complaint: str) -> None:
    assert (await act(action, status=400, **wish))["error"].startswith(complaint)


async def test_no_such_action(act: Call) -> None:
    assert await act("explode", status=404) == {"error": "no action explode"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "application/json", "Host": "camera.example"}, 403),
        ({"Content-Type": "application/json", "Origin": "http://camera.example"}, 403),
        ({"Content-Type": "application/json", "Origin": "null"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({}, 415),
    ],
)
async def test_other_sites_can_do_nothing(
    control: Control, device: Simulator, http: aiohttp.ClientSession, headers: dict[str, str], status: int
) -> None:
    url = f"{control.url}/devices/{device.serial}/alarm"
    async with http.post(url, data=b"{}", headers=headers) as response:
        assert response.status == status
        assert set(await response.json()) == {"error"}
    assert not device.state.alarms.active


async def test_pictures_and_their_errors(
    control: Control, device: Simulator, http: aiohttp.ClientSession
) -> None:
    pictures = f"{control.url}/devices/{device.serial}/channels"
    async with http.get(f"{pictures}/0.jpg") as response:
        assert (response.status, response.content_type) == (200, "image/jpeg")
        assert (await response.read()).startswith(b"\xff\xd8\xff\xe0")
    async with http.get(f"{pictures}/1.jpg") as response:
        assert response.status == 404
    await device.stop()
    async with http.get(f"{pictures}/0.jpg") as response:
        assert response.status == 503
