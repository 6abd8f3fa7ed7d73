"""The one RTSP relay of this Home Assistant: started by the first device, closed after the last."""

import asyncio
from dataclasses import dataclass, field

from homeassistant.core import HomeAssistant
from homeassistant.util.hass_dict import HassKey

from dvrip_proto import Relay


@dataclass(slots=True, kw_only=True)
class _Shared:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    relay: Relay | None = None
    users: int = 0


_SHARED: HassKey[_Shared] = HassKey("dvrip_relay")


async def async_acquire(hass: HomeAssistant) -> Relay:
    """The running relay; every call needs one `async_release`."""
    shared = hass.data.setdefault(_SHARED, _Shared())
    async with shared.lock:
        if shared.relay is None:
            relay = Relay()
            await relay.start()
            shared.relay = relay
        shared.users += 1
        return shared.relay


async def async_release(hass: HomeAssistant) -> None:
    """Undo one `async_acquire`."""
    shared = hass.data[_SHARED]
    async with shared.lock:
        shared.users -= 1
        if shared.users == 0 and shared.relay is not None:
            relay, shared.relay = shared.relay, None
            await relay.close()
