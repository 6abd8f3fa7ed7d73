"""Pictures one after the other, for browsers that cannot show a camera's video; and viewers who leave."""

from __future__ import annotations

from unittest.mock import AsyncMock, patch

import pytest
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.dvrip import camera as camera_module
from dvrip_proto import TransportError
from dvrip_proto.simulator import Simulator
from tests.homeassistant.world import entity, entry_for, set_up

AWAY = TransportError("h:1: not connected, trying again")


async def shown(hass: HomeAssistant, client: ClientSessionGenerator, sim: Simulator, *takes: object) -> bytes:
    """The moving picture when stills are `takes`, until it ends."""
    entry = await set_up(hass, entry_for(sim))
    camera = entity(hass, f"{sim.serial}_0_main", "camera")
    take = AsyncMock(side_effect=takes)
    with patch.object(entry.runtime_data.streams.stills, "take", take):
        answer = await (await client()).get(f"/api/camera_proxy_stream/{camera}?interval=0.5")
        assert answer.status == 200
        return await answer.read()


async def test_moving_pictures_go_on_when_the_device_was_away(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    came = await shown(hass, hass_client, sim, b"first", AWAY, AWAY, b"second", b"")
    assert came.count(b"first") == 2  # the frontend shows the last but one
    assert came.count(b"second") == 1
    assert "Error handling request" not in caplog.text


async def test_moving_pictures_of_a_device_that_stays_away_end(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    sim: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(camera_module, "OUTAGE_S", 0.0)
    came = await shown(hass, hass_client, sim, b"first", AWAY)
    assert came.count(b"first") == 2
    assert "Error handling request" not in caplog.text


async def test_a_camera_without_a_first_picture_shows_none(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    assert await shown(hass, hass_client, sim, AWAY) == b""
    assert "Error handling request" not in caplog.text
