"""A device that is found at another address, or under another name for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from homeassistant.components.repairs import repairs_flow_manager
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component

from custom_components.dvrip import moves
from dvrip_proto.simulator import Simulator
from tests.homeassistant.test_takeover import AWAY, HOME, MAC, camera, gone, questions, scan, stayed, street
from tests.homeassistant.world import PASSWORD, Air, entry_for, report, set_up, until

__all__ = ["camera", "street"]


async def test_a_device_on_another_port_of_its_host_is_followed(hass, camera, air) -> None:
    entry = await set_up(hass, entry_for(camera))
    await gone(hass, entry, camera)
    async with Simulator(bind=HOME, users={"admin": PASSWORD}, serial=camera.serial) as moved:
        air.devices = [report(moved.serial, host=HOME, port=moved.port, mac=MAC)]
        await scan(hass, air)
        await until(lambda: moved.sessions == 1)
        assert (entry.data[CONF_HOST], entry.data[CONF_PORT]) == (HOME, moved.port)
        assert not questions(hass)
        await hass.async_block_till_done()
        assert await hass.config_entries.async_unload(entry.entry_id)


async def test_a_device_that_is_back_while_its_claim_is_weighed_has_not_moved(hass, camera, air) -> None:
    entry = await set_up(hass, entry_for(camera))
    await gone(hass, entry, camera)

    async def back_meanwhile(*_: object) -> bool:
        await camera.start()
        await until(lambda: entry.runtime_data.session.connected)
        return True

    air.devices = [report(camera.serial, host=AWAY, port=34567, mac=MAC)]
    with patch.object(moves, "_fits", back_meanwhile):
        await scan(hass, air)
        await until(lambda: entry.runtime_data.session.connected)
        await hass.async_block_till_done()
    assert stayed(entry, camera)
    assert not questions(hass)


async def test_a_question_about_an_entry_that_was_removed_meanwhile_ends(hass, camera, air) -> None:
    assert await async_setup_component(hass, "repairs", {})
    entry = await set_up(hass, entry_for(camera))
    await gone(hass, entry, camera)
    air.devices = [report(camera.serial, host=AWAY, port=34567, mac=MAC)]
    await scan(hass, air)
    [question] = questions(hass)
    flows = repairs_flow_manager(hass)
    form = await flows.async_init("dvrip", data={"issue_id": question.issue_id})
    await hass.config_entries.async_remove(entry.entry_id)
    result = await flows.async_configure(form["flow_id"], {})
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "no_entry"


@pytest.fixture
async def names() -> AsyncIterator[None]:
    """A resolver that knows `gate`, which is 127.0.0.1, and no other name."""
    loop = asyncio.get_running_loop()
    real = loop.getaddrinfo

    async def getaddrinfo(host: str, *more: Any, **how: Any) -> Any:
        if host == "nobody":
            raise OSError("not known")
        return await real("127.0.0.1" if host == "gate" else host, *more, **how)

    with patch.object(loop, "getaddrinfo", getaddrinfo):
        yield


async def test_a_report_of_the_host_that_a_name_stands_for_is_no_move(
    hass: HomeAssistant, air: Air, names: None
) -> None:
    async with Simulator(users={"admin": PASSWORD}) as device:
        entry = await set_up(hass, entry_for(device, data={CONF_HOST: "gate"}))
        await device.stop()
        await until(lambda: not entry.runtime_data.session.connected)
        air.devices = [report(device.serial, host="127.0.0.1", port=device.port, mac=MAC)]
        await scan(hass, air)
        assert entry.data[CONF_HOST] == "gate"
        assert not questions(hass)


async def test_a_name_that_stands_for_nothing_is_what_a_person_chose_all_the_same(
    hass: HomeAssistant, air: Air, names: None
) -> None:
    async with Simulator(users={"admin": PASSWORD}) as device:
        entry = await set_up(hass, entry_for(device, data={CONF_HOST: "nobody"}))
        air.devices = [report(device.serial, host="127.0.0.1", port=device.port, mac=MAC)]
        await scan(hass, air)
        assert entry.data[CONF_HOST] == "nobody"
        assert len(questions(hass)) == 1
        assert device.sessions == 0


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (None, None),
        (["127.0.0.6 0x1 0x2 02:00:00:00:00:66 * eth0"], MAC),
        (["127.0.0.6 0x1 0x0 00:00:00:00:00:00 * eth0"], None),
        (["broken"], None),
    ],
    ids=["no table on this system", "a neighbour", "one who does not answer", "a line of another kind"],
)
def test_the_neighbours_are_those_of_the_system(
    tmp_path: Path, lines: Iterable[str] | None, expected: str | None
) -> None:
    table = tmp_path / "arp"
    if lines is not None:
        table.write_text("\n".join(["IP address HW type Flags HW address Mask Device", *lines]))
    with patch.object(moves, "_ARP", table):
        assert moves._neighbour("127.0.0.6") == expected
