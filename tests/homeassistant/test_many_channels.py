"""A recorder with more channels than connections: every one shows a picture, and others still get in."""

from __future__ import annotations

import asyncio

from homeassistant.components.camera import async_get_image
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from dvrip_proto import Device
from dvrip_proto.simulator import Quirks, Simulator
from tests.homeassistant.world import PASSWORD, entity, entry_for, set_up

CHANNELS = 16


async def test_sixteen_channels_of_ten_connections_all_show_a_picture(hass: HomeAssistant) -> None:
    quirks = Quirks(max_connections=10)
    async with Simulator(
        profile="nvr", channels=CHANNELS, users={"admin": PASSWORD}, quirks=quirks, videos=["scene:h264"]
    ) as sim:
        entry = await set_up(hass, entry_for(sim))
        cameras = [entity(hass, f"{sim.serial}_{number}_sub", "camera") for number in range(CHANNELS)]
        pictures: dict[str, bytes] = {}
        peak = 0

        async def ask(camera: str) -> None:
            nonlocal peak
            while camera not in pictures:
                try:
                    pictures[camera] = (await async_get_image(hass, camera)).content
                except HomeAssistantError:  # Home Assistant gave up after ten seconds, and asks again
                    await asyncio.sleep(0.5)
                peak = max(peak, sim.connections)

        async with asyncio.timeout(30):
            await asyncio.gather(*map(ask, cameras))
        assert len(pictures) == CHANNELS
        assert all(picture.startswith(b"\xff\xd8") for picture in pictures.values())
        assert max(sim.monitors_peak.values()) == 1
        assert peak <= 3, "the session, and a still at a time"
        async with Device(sim.host, sim.port, password=PASSWORD) as other:
            assert (await other.system.info()).channel_count >= CHANNELS
        await hass.config_entries.async_unload(entry.entry_id)
