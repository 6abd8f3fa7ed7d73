"""Configuration objects on the wire: by what names a device tells and takes them, and how it refuses."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from ..config.catalog import CATALOG, spec_for
from ..config.compare import missing_channel, no_channel
from ..config.plan import Plan
from ..config.spec import Spec
from ..config.spelling import near
from ..connection import Connection, Reply
from ..errors import DvripError, UnsupportedError, UsageError
from ..values import Json
from ..wire.ret import SUCCESS, error_for
from ..wire.shapes import member, members

# What firmware says of an object that it does not know: 607, V5.08 102.
_NO_SUCH_CONFIG = frozenset({607, 102})
_CHANNELS_AT_ONCE = 8
# Recorders take their time to log in to a camera anew: up to 45 s, tools for them wait so long.
_SLOW_S = {"NetWork.RemoteDevice": 45.0, "NetWork.RemoteDeviceV3": 45.0}
_INDEX = re.compile(r"(.*)\.\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Target:
    """An object as it was asked for: its spec under that name, and the channel."""

    spec: Spec
    channel: int | None

    @property
    def wire_name(self) -> str:
        """Name in messages of the wire."""
        return self.spec.name if self.channel is None else f"{self.spec.name}.[{self.channel}]"

    @property
    def label(self) -> str:
        """Name in messages for people: the channel counts from 1."""
        return self.spec.label(self.channel)

    @property
    def whole(self) -> Target:
        """The object of all channels."""
        return Target(self.spec, None)


@contextmanager
def mistakes_at(where: str) -> Iterator[None]:
    """Put HOST:PORT before what a comparison says of a wish: it knows no device."""
    try:
        yield
    except UsageError as error:
        raise UsageError(f"{where}: {error}", channel=error.channel) from error


class Objects:
    """Reads and writes objects as a device has them, whatever way its firmware tells them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def target(self, name: str, channel: int | None) -> Target:
        """What is meant by a name of the device, "Record.[0]" like "Record" with channel 0."""
        match = _INDEX.fullmatch(name)
        if match and channel is not None:
            raise UsageError(f"{self._connection.where}: {name}: names a channel already")
        if match:
            name, channel = match[1], int(match[2])
        if not name:
            raise UsageError(f"{self._connection.where}: no object {name!r}")
        spec = dataclasses.replace(spec_for(name), name=name)
        if channel is not None and channel < 0:
            text = f"{name}: there is no {spec.element} {channel + 1}, the first is 1"
            raise UsageError(f"{self._connection.where}: {text}", channel=channel)
        return Target(spec, channel)

    async def read(self, target: Target) -> tuple[Json, bool]:
        """Tree of the target, and whether it is the list of all channels although one is meant."""
        if target.channel is not None and not target.spec.indexed:
            return await self.ask(target.spec.get_id, target.whole), True
        try:
            return await self.ask(target.spec.get_id, target), False
        except UnsupportedError as error:
            if error.ret not in _NO_SUCH_CONFIG:
                raise
            return await self._elsewhere(target, error)

    async def _elsewhere(self, target: Target, error: UnsupportedError) -> tuple[Json, bool]:
        """Object that some firmware tells only as part of a larger one: of the list, or of its section."""
        if target.channel is not None:
            tree, _ = await self.read(target.whole)
            if not isinstance(tree, list):
                raise error
            return tree, True
        section, _, item = target.spec.name.partition(".")
        if not target.spec.in_section or not item:
            raise error
        tree = await self.ask(target.spec.get_id, Target(spec_for(section), None))
        if not isinstance(tree, dict) or tree.get(item) is None:
            raise error
        return tree[item], False

    async def ask(self, message_id: int, target: Target) -> Json:
        """Tree of exactly this name. UnsupportedError when the device does not have it."""
        name = target.wire_name
        reply = await self._request(message_id, target)
        # The vendor's paper answers with the last part of the name as the key.
        tree = member(reply.body, name)
        if tree is None:  # some firmware tells its section
            section, _, item = name.partition(".")
            tree = member(members(member(reply.body, section)), item) if item else None
        if tree is None:
            tree = member(reply.body, name.rpartition(".")[2])
        if (
            tree is None
            and target.channel is not None
            and target.spec.of_lists
            and name in reply.body
            and reply.ret in SUCCESS
        ):
            return []
        if tree is None:
            raise self._no_settings(target, message_id, reply.ret)
        return tree

    async def _request(
        self, message_id: int, target: Target, *value: Json, timeout_s: float | None = None
    ) -> Reply:
        reply = await self._connection.request(
            message_id, target.wire_name, *value, ok=None, timeout_s=timeout_s
        )
        if not reply.ret or reply.ret in SUCCESS:
            return reply
        refused = partial(error_for, reply.ret, where=self._connection.where, message_id=message_id)
        error = refused(name=target.wire_name, whose=target.label)
        if isinstance(error, UnsupportedError) and not target.spec.title:
            error = refused(name=target.wire_name, whose=target.label + near(target.spec.name, CATALOG))
        error.channel = target.channel
        raise error

    def element(self, target: Target, tree: Json) -> Json:
        """The target's channel out of the list of all."""
        channel = target.channel or 0
        count = len(tree) if isinstance(tree, list) else 0
        if channel >= count:
            with mistakes_at(self._connection.where):
                raise no_channel(target.spec, channel, count)
        if missing_channel(tree[channel]):
            raise self._no_settings(target, target.spec.get_id)
        return tree[channel]

    def _no_settings(self, target: Target, message_id: int, ret: int | None = None) -> UnsupportedError:
        return UnsupportedError(
            f"{self._connection.where}: {target.label}: this device has no such settings",
            ret=ret,
            message_id=message_id,
            name=target.wire_name,
            channel=target.channel,
        )

    async def write(self, target: Target, wanted: Plan) -> bool:
        """Write a plan's object; whether the device wants a restart for it."""
        whole = [(target.whole if wanted.listed else target, wanted.payload)]
        parts = _changed_channels(target, wanted)
        if not parts:
            return await self._send(whole)
        try:
            return await self._send(parts)
        except UnsupportedError as error:
            if error.ret not in _NO_SUCH_CONFIG:
                raise
            written = error.written
        try:
            return await self._send(whole)
        except DvripError as error:
            error.written = written
            raise

    async def _send(self, trees: list[tuple[Target, Json]]) -> bool:
        reboot_needed = False
        done: list[int] = []
        for target, tree in trees:
            timeout_s = max(self._connection.timeout_s, _SLOW_S.get(target.spec.name, 0))
            try:
                reply = await self._request(
                    target.spec.set_id, target, target.spec.written(tree), timeout_s=timeout_s
                )
            except DvripError as error:
                error.written = (target.spec.label_of(done),) if done else ()
                raise
            reboot_needed |= reply.reboot_needed
            done += [] if target.channel is None else [target.channel]
        return reboot_needed


def _changed_channels(target: Target, wanted: Plan) -> list[tuple[Target, Json]]:
    """Elements to write one by one: a big recorder does not take the list of all channels in time."""
    spec, tree = wanted.spec, wanted.payload
    if target.channel is not None or not spec.per_channel or not spec.indexed or not isinstance(tree, list):
        return []
    if len(tree) <= _CHANNELS_AT_ONCE:
        return []
    return [
        (Target(spec, at), element)
        for at, (element, old) in enumerate(zip(tree, wanted.current, strict=True))
        if element is not old
    ]
