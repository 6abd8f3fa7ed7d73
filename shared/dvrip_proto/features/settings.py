"""Configuration objects of a device: read, compare, write whole, read back."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from ..config.catalog import setting, spec_for
from ..config.change import Change
from ..config.fit import GRID, fitted, open_questions
from ..config.guards import Caller, Danger, dangers, guarded, refusal
from ..config.plan import Plan, plan
from ..config.spec import Setting, Spec
from ..connection import Connection
from ..errors import NotAppliedError, TransportError, UnsupportedError
from ..values import Json, count
from ..wire.ids import MessageId
from .objects import Objects, Target, mistakes_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What came of writing a plan. `verified`: the device was seen to have it afterwards."""

    reboot_needed: bool = False
    verified: bool = True


class Settings:
    """Reads and writes configuration objects by their names on the device.

    Channels count from 0. A name may be of an object ("NetWork.NetCommon"), of one channel's element
    ("Record.[0]", the same as "Record" with `channel`), of a part ("NetWork.NetCommon.HostName") or of a
    section ("NetWork").
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._objects = Objects(connection)
        self._turn = connection.turn

    @property
    def turn(self) -> AbstractAsyncContextManager[object]:
        """Held from reading an object to having it written: else two changes of one lose the first."""
        return self._turn

    @property
    def caller(self) -> Caller:
        """Both ends of the connection, as guards need to know them."""
        own, device = self._connection.ends
        return Caller(own, device, self._connection.port)

    async def get(self, name: str, *, channel: int | None = None) -> Json:
        """Object as the device spells it. UnsupportedError when the device does not have it."""
        target = self._objects.target(name, channel)
        tree, listed = await self._objects.read(target)
        return self._objects.element(target, tree) if listed else tree

    async def get_or_none(self, name: str, *, channel: int | None = None) -> Json:
        """Object as `get` tells it, None when the device does not have it."""
        try:
            return await self.get(name, channel=channel)
        except UnsupportedError:
            return None

    async def default(self, name: str, *, channel: int | None = None) -> Json:
        """Object as the device has it when new."""
        target = self._objects.target(name, channel)
        if channel is None or target.spec.indexed:
            return await self._objects.ask(target.spec.default_id, target)
        return self._objects.element(target, await self._objects.ask(target.spec.default_id, target.whole))

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
        skip_missing: bool = False,
    ) -> Plan:
        """Compare the device's object with a wish, as `config.plan.plan` does; nothing is written.

        Its `dangers` say what writing it would do to this connection.
        """
        target, seen = self._objects.target(name, channel), self._turn.count
        if questions := open_questions(target.spec, desired):
            target = Target(await self._fitted(target.spec, questions), target.channel)
        tree, listed = await self._objects.read(target)
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
                skip_missing=skip_missing,
            )
        danger = await self._dangers(wanted) if wanted.changed else ()
        return dataclasses.replace(wanted, dangers=danger, seen=seen)

    async def apply(self, wanted: Plan, *, allow_disconnect: bool = False) -> Applied:
        """Write the object of a plan and read it back.

        DangerError before anything is sent, when the plan has dangers and they are not allowed.
        NotAppliedError with the changes that the device did not take. A device that wants a restart first may
        show the old values until then: the result says so, and is no error. What was written here since the
        plan was made stays: then the object is read again.
        """
        if not wanted.changed:
            return Applied()
        async with self._turn:
            if self._turn.stale(wanted.name, wanted.seen):
                wanted = await self._anew(wanted)
            if not allow_disconnect:
                self.check(wanted)
            return await self._write(wanted)

    async def _write(self, wanted: Plan) -> Applied:
        if not wanted.changed:  # somebody else has made it so
            return Applied()
        target = Target(wanted.spec, wanted.channel)
        try:
            reboot_needed = await self._objects.write(target, wanted)
        finally:
            self._turn.wrote(wanted.name)
        try:
            left = await self._left(wanted)
        except TransportError as error:
            if not reboot_needed:
                error.args = (f"{error}; the device agreed to {wanted.label}, which is not read back",)
                raise
            return Applied(reboot_needed=True, verified=False)
        if left and not reboot_needed:
            refused = self._not_applied(target, left)
            refused.written = wanted.partly(left)
            raise refused
        return Applied(reboot_needed=reboot_needed, verified=not left and not wanted.unverifiable)

    def check(self, wanted: Plan, *, may_move: bool = False) -> None:
        """DangerError when a plan has dangers; with `may_move` only when it has lasting ones."""
        told = tuple(str(danger) for danger in wanted.dangers if danger.lasting or not may_move)
        if told:
            raise refusal(f"{self._connection.where}: {wanted.label}", told, channel=wanted.channel)

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
        async with self._turn:
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
        caller = self.caller
        owner = guarded(wanted.name)
        if owner is None:
            return dangers(wanted.name, wanted.current, wanted.payload, caller)
        whole = await self.get(owner)
        part = setting(owner, wanted.name[len(owner) + 1 :]).patch(wanted.payload)
        return dangers(owner, whole, plan(spec_for(owner), whole, part, allow_new=True).payload, caller)

    async def _anew(self, wanted: Plan) -> Plan:
        """A plan made again, from what the device has now."""
        again = await self._compared(wanted, replace=wanted.replace)
        return dataclasses.replace(again, dangers=await self._dangers(again)) if again.changed else again

    async def _compared(self, wanted: Plan, *, replace: bool = False) -> Plan:
        """The wish of a plan beside what the device has now."""
        target = Target(wanted.spec, wanted.channel)
        tree, listed = await self._objects.read(target)
        with mistakes_at(self._connection.where):
            return plan(
                wanted.spec,
                tree,
                wanted.desired,
                channel=target.channel,
                listed=listed,
                replace=replace,
                exact_lists=wanted.exact_lists,
                allow_new=not wanted.skip_missing,
                skip_missing=wanted.skip_missing,
            )

    async def _left(self, wanted: Plan) -> tuple[Change, ...]:
        """Changes that are still to be made: those of the plan whose values can be read back."""
        again = await self._compared(wanted)
        meant = {
            (change.channel, change.path)
            for change in wanted.changes
            if change.path not in wanted.unverifiable
        }
        return tuple(change for change in again.changes if (change.channel, change.path) in meant)

    def _not_applied(self, target: Target, left: tuple[Change, ...]) -> NotAppliedError:
        lines = "; ".join(str(change) for change in left)
        return NotAppliedError(
            f"{self._connection.where}: {target.spec.name}: the device accepted the change but does not have "
            f"it: {lines}",
            changes=left,
            message_id=target.spec.set_id,
            name=target.wire_name,
            channel=target.channel,
        )
