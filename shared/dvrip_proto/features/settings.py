"""Configuration objects of a device: read, compare, write whole, read back."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from ..config.catalog import CATALOG, setting, spec_for
from ..config.change import Change
from ..config.compare import missing_channel, no_channel
from ..config.fit import GRID, fitted, open_questions
from ..config.guards import Caller, Danger, dangers, guarded
from ..config.plan import Plan, plan
from ..config.spec import Setting, Spec
from ..config.spelling import near
from ..connection import Connection, Reply
from ..errors import DangerError, NotAppliedError, TransportError, UnsupportedError, UsageError
from ..values import Json, count
from ..wire.ids import MessageId
from ..wire.ret import SUCCESS, error_for

# What firmware says of an object that it does not know: 607, V5.08 102.
_NO_SUCH_CONFIG = frozenset({607, 102})
_CHANNELS_AT_ONCE = 8
# Recorders take their time to log in to a camera anew: up to 45 s, tools for them wait so long.
_SLOW_S = {"NetWork.RemoteDeviceV3": 45.0}
_INDEX = re.compile(r"(.*)\.\[(\d+)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What came of writing a plan. `verified`: the device was seen to have it afterwards."""

    reboot_needed: bool = False
    verified: bool = True


@dataclass(frozen=True, slots=True)
class _Target:
    """An object as it was asked for: its spec under that name, and the channel."""

    spec: Spec
    channel: int | None

    @property
    def wire_name(self) -> str:
        return self.spec.name if self.channel is None else f"{self.spec.name}.[{self.channel}]"

    @property
    def label(self) -> str:
        return self.spec.label(self.channel)

    @property
    def whole(self) -> _Target:
        return _Target(self.spec, None)


@contextmanager
def mistakes_at(where: str) -> Iterator[None]:
    """Put HOST:PORT before what a comparison says of a wish: it knows no device."""
    try:
        yield
    except UsageError as error:
        raise UsageError(f"{where}: {error}", channel=error.channel) from error


class Settings:
    """Reads and writes configuration objects by their names on the device.

    Channels count from 0. A name may be of an object ("NetWork.NetCommon"), of one channel's element
    ("Record.[0]", the same as "Record" with `channel`), of a part ("NetWork.NetCommon.HostName") or of a
    section ("NetWork").
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def get(self, name: str, *, channel: int | None = None) -> Json:
        """Object as the device spells it. UnsupportedError when the device does not have it."""
        target = self._target(name, channel)
        tree, listed = await self._read(target)
        return self._element(target, tree) if listed else tree

    async def get_or_none(self, name: str, *, channel: int | None = None) -> Json:
        """Object as `get` tells it, None when the device does not have it."""
        try:
            return await self.get(name, channel=channel)
        except UnsupportedError:
            return None

    async def default(self, name: str, *, channel: int | None = None) -> Json:
        """Object as the device has it when new."""
        target = self._target(name, channel)
        if channel is None or target.spec.indexed:
            return await self._ask(target.spec.default_id, target)
        return self._element(target, await self._ask(target.spec.default_id, target.whole))

    async def value[T](self, setting: Setting[T], *, channel: int | None = None) -> T | None:
        """One leaf in the spelling of people, None when the device's object has no such leaf."""
        return setting.read(await self.get(setting.name, channel=channel))

    async def plan(
        self,
        name: str,
        desired: Json,
        *,
        channel: int | None = None,
        replace: bool = False,
        exact_lists: bool = False,
        allow_new: bool = False,
    ) -> Plan:
        """Compare the device's object with a wish, as `config.plan.plan` does; nothing is written.

        Its `dangers` say what writing it would do to this connection.
        """
        target = self._target(name, channel)
        if questions := open_questions(target.spec, desired):
            target = _Target(await self._fitted(target.spec, questions), target.channel)
        tree, listed = await self._read(target)
        with mistakes_at(self._connection.where):
            wanted = plan(
                target.spec,
                tree,
                desired,
                channel=target.channel,
                listed=listed,
                replace=replace,
                exact_lists=exact_lists,
                allow_new=allow_new,
            )
        return dataclasses.replace(wanted, dangers=await self._dangers(wanted)) if wanted.changed else wanted

    async def apply(self, wanted: Plan, *, allow_disconnect: bool = False) -> Applied:
        """Write the object of a plan and read it back.

        DangerError before anything is sent, when the plan has dangers and they are not allowed.
        NotAppliedError with the changes that the device did not take. A device that wants a restart first may
        show the old values until then: the result says so, and is no error.
        """
        if not wanted.changed:
            return Applied()
        if not allow_disconnect:
            self.check(wanted)
        target = _Target(wanted.spec, wanted.channel)
        reboot_needed = await self._write(target, wanted)
        try:
            left = await self._left(target, wanted)
        except TransportError:
            if not reboot_needed:
                raise
            return Applied(reboot_needed=True, verified=False)
        if left and not reboot_needed:
            raise self._not_applied(target, left)
        return Applied(reboot_needed=reboot_needed, verified=not left and not wanted.unverifiable)

    def check(self, wanted: Plan, *, may_move: bool = False) -> None:
        """DangerError when a plan has dangers; with `may_move` only when it has lasting ones."""
        told = tuple(str(danger) for danger in wanted.dangers if danger.lasting or not may_move)
        if told:
            text = f"{wanted.label}: {'; '.join(told)} (not written: it needs allow_disconnect)"
            raise DangerError(f"{self._connection.where}: {text}", dangers=told, channel=wanted.channel)

    async def ensure(
        self,
        name: str,
        desired: Json,
        *,
        channel: int | None = None,
        replace: bool = False,
        allow_disconnect: bool = False,
    ) -> tuple[Plan, Applied | None]:
        """Plan, and write only when there is something to change."""
        wanted = await self.plan(name, desired, channel=channel, replace=replace)
        if not wanted.changed:
            return wanted, None
        return wanted, await self.apply(wanted, allow_disconnect=allow_disconnect)

    async def _fitted(self, spec: Spec, questions: frozenset[str]) -> Spec:
        """The spec with what a wish needs to be known of the device: asked only when it is needed."""
        grid = await self._told(MessageId.ABILITY_GET, GRID) if GRID in questions else None
        if questions <= {GRID}:
            return fitted(spec, grid=grid)
        info = await self._told(MessageId.SYSINFO, "SystemInfo")
        channels = sum(count(info.get(key)) for key in ("VideoInChannel", "DigChannel"))
        return fitted(spec, grid=grid, channels=channels, outputs=count(info.get("AlarmOutChannel")))

    async def _told(self, message_id: int, name: str) -> Mapping[str, Json]:
        reply = await self._connection.request(message_id, name)
        told = reply.body.get(name)
        return told if isinstance(told, dict) else {}

    async def _dangers(self, wanted: Plan) -> tuple[Danger, ...]:
        own, device = self._connection.ends
        caller = Caller(own, device, self._connection.port)
        owner = guarded(wanted.name)
        if owner is None:
            return dangers(wanted.name, wanted.current, wanted.payload, caller)
        whole = await self.get(owner)
        part = setting(owner, wanted.name[len(owner) + 1 :]).patch(wanted.payload)
        return dangers(owner, whole, plan(spec_for(owner), whole, part, allow_new=True).payload, caller)

    def _target(self, name: str, channel: int | None) -> _Target:
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
        return _Target(spec, channel)

    async def _read(self, target: _Target) -> tuple[Json, bool]:
        """Tree of the target, and whether it is the list of all channels although one is meant."""
        if target.channel is not None and not target.spec.indexed:
            return await self._ask(target.spec.get_id, target.whole), True
        try:
            return await self._ask(target.spec.get_id, target), False
        except UnsupportedError as error:
            if error.ret not in _NO_SUCH_CONFIG:
                raise
            return await self._elsewhere(target, error)

    async def _elsewhere(self, target: _Target, error: UnsupportedError) -> tuple[Json, bool]:
        """Object that some firmware tells only as part of a larger one: of the list, or of its section."""
        if target.channel is not None:
            tree, _ = await self._read(target.whole)
            if not isinstance(tree, list):
                raise error
            return tree, True
        section, _, item = target.spec.name.partition(".")
        if not target.spec.in_section or not item:
            raise error
        tree = await self._ask(target.spec.get_id, _Target(spec_for(section), None))
        if not isinstance(tree, dict) or tree.get(item) is None:
            raise error
        return tree[item], False

    async def _ask(self, message_id: int, target: _Target) -> Json:
        name = target.wire_name
        reply = await self._request(message_id, target)
        # The vendor's paper answers with the last part of the name as the key.
        tree = reply.body.get(name, reply.body.get(name.rpartition(".")[2]))
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
        self, message_id: int, target: _Target, *value: Json, timeout_s: float | None = None
    ) -> Reply:
        reply = await self._connection.request(
            message_id, target.wire_name, *value, ok=None, timeout_s=timeout_s
        )
        if reply.ret is None or reply.ret in SUCCESS:
            return reply
        refused = partial(error_for, reply.ret, where=self._connection.where, message_id=message_id)
        error = refused(name=target.wire_name, whose=target.label)
        if isinstance(error, UnsupportedError) and not target.spec.title:
            error = refused(name=target.wire_name, whose=target.label + near(target.spec.name, CATALOG))
        error.channel = target.channel
        raise error

    def _element(self, target: _Target, tree: Json) -> Json:
        channel = target.channel or 0
        count = len(tree) if isinstance(tree, list) else 0
        if channel >= count:
            with mistakes_at(self._connection.where):
                raise no_channel(target.spec, channel, count)
        if missing_channel(tree[channel]):
            raise self._no_settings(target, target.spec.get_id)
        return tree[channel]

    def _no_settings(self, target: _Target, message_id: int, ret: int | None = None) -> UnsupportedError:
        return UnsupportedError(
            f"{self._connection.where}: {target.label}: this device has no such settings",
            ret=ret,
            message_id=message_id,
            name=target.wire_name,
            channel=target.channel,
        )

    async def _write(self, target: _Target, wanted: Plan) -> bool:
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
        return await self._send(whole)

    async def _send(self, trees: list[tuple[_Target, Json]]) -> bool:
        replies = [
            await self._request(
                target.spec.set_id,
                target,
                target.spec.written(tree),
                timeout_s=max(self._connection.timeout_s, _SLOW_S.get(target.spec.name, 0)),
            )
            for target, tree in trees
        ]
        return any(reply.reboot_needed for reply in replies)

    async def _left(self, target: _Target, wanted: Plan) -> tuple[Change, ...]:
        """Changes that are still to be made: those of the plan whose values can be read back."""
        tree, listed = await self._read(target)
        with mistakes_at(self._connection.where):
            again = plan(
                wanted.spec,
                tree,
                wanted.desired,
                channel=target.channel,
                listed=listed,
                exact_lists=wanted.exact_lists,
                allow_new=True,
            )
        meant = {
            (change.channel, change.path)
            for change in wanted.changes
            if change.path not in wanted.unverifiable
        }
        return tuple(change for change in again.changes if (change.channel, change.path) in meant)

    def _not_applied(self, target: _Target, left: tuple[Change, ...]) -> NotAppliedError:
        lines = "; ".join(str(change) for change in left)
        return NotAppliedError(
            f"{self._connection.where}: {target.spec.name}: the device accepted the change but does not have "
            f"it: {lines}",
            changes=left,
            message_id=target.spec.set_id,
            name=target.wire_name,
            channel=target.channel,
        )


def _changed_channels(target: _Target, wanted: Plan) -> list[tuple[_Target, Json]]:
    """Elements to write one by one: a big recorder does not take the list of all channels in time."""
    spec, tree = wanted.spec, wanted.payload
    if target.channel is not None or not spec.per_channel or not spec.indexed or not isinstance(tree, list):
        return []
    if len(tree) <= _CHANNELS_AT_ONCE:
        return []
    return [
        (_Target(spec, at), element)
        for at, (element, old) in enumerate(zip(tree, wanted.current, strict=True))
        if element is not old
    ]
