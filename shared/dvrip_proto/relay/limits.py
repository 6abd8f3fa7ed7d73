"""How long a relay waits for whom, and how many it serves at once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Limits:
    """Seconds and numbers of one relay; its fields may be set."""

    idle_s: float = 30.0
    """A connection that does not play must say something."""
    talk_idle_s: float = 120.0
    """Who only talks and says nothing must send a request: go2rtc does every 55 s."""
    talk_open_s: float = 4.0
    """For a device to open the talk: go2rtc waits 5 s for an answer."""
    talk_silence_s: float = 10.0
    """A talk without sound is closed."""
    talk_retry_s: float = 10.0
    """Between attempts to open a talk that the device has ended."""
    connections_max: int = 256
    """Of those who have shown the token."""
    stranger_s: float = 10.0
    """For showing it."""
