"""The way to the cameras of digital channels: what NetWork.ChnStatus says, and whether there is a picture."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, Final

from ...values import Json
from .configuration import ConfigStore

STATUS: Final = "NetWork.ChnStatus"
BINDINGS: Final = "NetWork.RemoteDeviceV3"
CONNECTED: Final = "Connected"
LOGIN_FAILED: Final = "LoginFailed"
NO_LOGIN: Final = "NoLogin"
OFFLINE: Final = "Offline"
NO_CONFIG: Final = "NoConfig"
_UNSEEN: Final = "Unknow"  # a resolution that the recorder has not seen


class Links:
    """States of digital channels, which come behind the inputs of the device itself.

    A state is the first of: `told` while it runs, `forced` by quirks, `seen` at the camera, a changed
    binding's, the profile's.
    """

    def __init__(self, store: ConfigStore, inputs: int) -> None:
        self._store = store
        self._inputs = inputs
        self.told: dict[int, str] = {}
        self.forced: Mapping[int, str] = {}
        self.seen: dict[int, str] = {}

    def word(self, channel: int) -> str:
        """State of a channel; an input of the device itself is always connected."""
        place, states = channel - self._inputs, self._store.current.get(STATUS)
        if not isinstance(states, list) or not 0 <= place < len(states):
            return self.told.get(channel) or self.forced.get(channel) or CONNECTED
        return str(states[place]["Status"])

    def shows(self, channel: int) -> bool:
        """Whether a channel has a picture."""
        return self.word(channel) == CONNECTED

    def refresh(self) -> None:
        """Write the states into NetWork.ChnStatus, if the device has it."""
        states = self._store.defaults.get(STATUS)
        if not isinstance(states, list):
            return
        self._store.current[STATUS] = [
            self._entry(self._inputs + place, place, state) for place, state in enumerate(states)
        ]

    def _entry(self, channel: int, place: int, state: Mapping[str, Any]) -> dict[str, Any]:
        own = self.told.get(channel) or self.forced.get(channel) or self.seen.get(channel)
        word = own or self._bound(place) or state["Status"]
        entry = {**copy.deepcopy(dict(state)), "Status": word}
        if word not in (CONNECTED, state["Status"]):
            entry |= {key: _UNSEEN for key in ("CurRes", "MaxRes") if key in entry}
        return entry

    def see(self, channel: int, word: str) -> None:
        """Take over what a login to the camera of a channel came to; "" when there is none to log in to."""
        self.seen[channel] = word
        self.refresh()

    def cameras(self) -> dict[int, Mapping[str, Any]]:
        """The camera in use by channel."""
        bindings = self._store.current.get(BINDINGS)
        found = enumerate(bindings if isinstance(bindings, list) else (), self._inputs)
        used = {channel: decoder_in_use(binding) for channel, binding in found}
        return {channel: decoder for channel, decoder in used.items() if decoder is not None}

    def _bound(self, place: int) -> str | None:
        """State that follows from a binding, None while it is the one that the device came with."""
        now, came = self._store.current.get(BINDINGS), self._store.defaults.get(BINDINGS)
        if not isinstance(now, list) or not isinstance(came, list) or place >= min(len(now), len(came)):
            return None
        if now[place] == came[place]:
            return None
        return CONNECTED if decoder_in_use(now[place]) else NO_CONFIG


def decoder_in_use(binding: Json) -> Mapping[str, Any] | None:
    """The camera that a channel of NetWork.RemoteDeviceV3 shows: SingleConnId counts from 1, 0 is none."""
    if not isinstance(binding, dict) or not binding.get("Enable"):
        return None
    decoders, text = binding.get("Decoder"), str(binding.get("SingleConnId", "0"))
    try:
        place = int(text, 0) - 1
    except ValueError:
        return None
    if not isinstance(decoders, list) or not 0 <= place < len(decoders):
        return None
    decoder: Mapping[str, Any] = decoders[place]
    return decoder if isinstance(decoder, dict) and decoder.get("Enable") else None
