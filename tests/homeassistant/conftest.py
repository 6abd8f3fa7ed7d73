"""A real Home Assistant core around the integration, and simulated devices on loopback for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import partial
from unittest.mock import patch

import pytest

# Before the `hass` fixture: the plugin puts a package of the same name first on the path.
from custom_components.dvrip import session
from dvrip_proto import Keeper
from dvrip_proto.simulator import Simulator
from tests.homeassistant import rendered
from tests.homeassistant.world import PASSWORD, Air


@pytest.fixture(autouse=True)
def custom_integrations(enable_custom_integrations: None, socket_enabled: None) -> None:
    """Custom components load, and loopback sockets work."""


@pytest.fixture(autouse=True)
def every_text_is_rendered() -> Iterator[None]:
    """What a person would see has a value for each of its placeholders."""
    with rendered.checked():
        yield


@pytest.fixture(autouse=True)
def air() -> Iterator[Air]:
    """What discovery hears: nothing, until a test lets a device report."""
    air = Air()
    with patch("custom_components.dvrip.discovery.discover", air.discover):
        yield air


@pytest.fixture
def prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attempts to connect again follow each other quickly."""
    monkeypatch.setattr(session, "Keeper", partial(Keeper, backoff_s=(0.1,)))


@pytest.fixture
async def sim(socket_enabled: None) -> AsyncIterator[Simulator]:
    """A camera with one channel."""
    async with Simulator(profile="ipc", users={"admin": PASSWORD}) as simulator:
        yield simulator


@pytest.fixture
async def recorder(socket_enabled: None) -> AsyncIterator[Simulator]:
    """A recorder with four channels."""
    async with Simulator(profile="nvr", channels=4, users={"admin": PASSWORD}) as simulator:
        yield simulator
