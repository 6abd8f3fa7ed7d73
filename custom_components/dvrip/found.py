"""A device that reported, in the form that a flow keeps."""

from dataclasses import dataclass
from typing import Self

from dvrip_proto import Discovered

from .identity import display_name, mac_of, unique_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a report says; anybody on the network can say it."""

    host: str
    port: int
    name: str
    unique_id: str
    mac: str | None = None
    model: str = ""

    @classmethod
    def of(cls, reply: Discovered) -> Self:
        """What one reply says."""
        return cls(
            host=reply.host,
            port=reply.port,
            name=display_name(reply.hostname, "Recorder" if (reply.channels or 1) > 1 else "Camera"),
            unique_id=unique_id(serial=reply.serial, mac=reply.mac, host=reply.host, port=reply.port),
            mac=mac_of(reply.mac),
            model=f"{reply.device_type}/{reply.channels}",
        )
