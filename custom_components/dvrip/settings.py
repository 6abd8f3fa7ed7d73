"""Settings of one device: objects that have controls, read every few minutes while somebody looks at them."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from dvrip_proto import (
    CONTROLS,
    Control,
    DvripError,
    Present,
    RequestError,
    UnsupportedError,
    present,
)

from .const import LOGGER
from .session import DvripSession
from .shape import Place, Shape, ShapeStore

INTERVAL = timedelta(minutes=5)

FIRST_LOOK_S = 5.0
"""How long a device that was never seen may hold up its set-up; what it tells later is added then."""

AGAIN_S = 20.0
"""When an object is asked for again that was refused once, as a busy device refuses it."""

NO_PERMISSION = 107

SILENT_MAX = 3
"""Each question that a device never answers costs the session: after so many, no new ones are asked."""

# Those that are an entity: the rest is for tasks and the command line.
SHOWN = tuple(row for row in CONTROLS if row.entity and not row.kind.secret)
ABILITIES = tuple(dict.fromkeys(row.options_from for row in SHOWN if row.options_from))
OBJECTS = tuple(dict.fromkeys(row.object for row in SHOWN))

# What a device counts beside its channels. Its loudspeaker and its microphone are one each.
NUMBERED = ("alarm input", "alarm output", "port")

type Found = Callable[[list[Place]], None]


class DvripSettings(DataUpdateCoordinator[Mapping[str, Any]]):
    """Data are the objects as the device has them, by name; those that were not read yet are not there."""

    def __init__(self, hass: HomeAssistant, session: DvripSession, entry: ConfigEntry) -> None:
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=f"{session.name} settings",
            update_interval=INTERVAL,
        )
        self.data = {}
        self.session = session
        self._entry = entry
        self._unreadable: dict[str, RequestError] = {}
        self._unwritable: dict[str, RequestError] = {}
        self._refused_once: set[str] = set()
        self._again: CALLBACK_TYPE | None = None
        self._present: dict[str, dict[Place, Present]] = {}
        self._abilities: dict[str, Any] = {}
        self._shape = Shape()
        self._store = ShapeStore(hass, entry.entry_id)
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._finders: dict[object, Found] = {}
        self._looked = False
        self.told_first = False
        """Whether a recorder has told only now which of its channels have no camera."""

    @property
    def places(self) -> list[Place]:
        """Where the device has which control."""
        return self._shape.places

    async def async_start(self) -> None:
        """Find out which settings there are, or remember it."""
        self._shape = await self._store.async_load(self.session.identity)
        await self._recall_channels()
        self._entry.async_on_unload(self.session.async_listen(self._session_changed))
        self._entry.async_on_unload(self._stop_asking_again)
        await self._learn()
        if self._unknown():
            look = self._start_task(self._look_around())
            await asyncio.wait([look], timeout=FIRST_LOOK_S)

    async def _recall_channels(self) -> None:
        """Keep which channels of a recorder have no camera; one that is busy says nothing of them."""
        channels = self.session.channels
        if not any(channel.word for channel in channels):
            self.session.async_recall_empty(self._shape.empty or ())
            return
        empty = [channel.number for channel in channels if not channel.exists]
        self.told_first = self._shape.empty is None
        if empty != self._shape.empty:
            self._shape.empty = empty
            await self._store.async_save(self.session.identity, self._shape)

    def settled(self, name: str) -> bool:
        """Whether it is known if the device has an object, as far as it will ever be."""
        return self._looked or name in self._shape.objects

    @callback
    def async_on_found(self, found: Found) -> CALLBACK_TYPE:
        """Call `found` with the places that are known, with those that turn up, and with none at the end.

        That goes on until the returned function is called.
        """
        mark = object()
        self._finders[mark] = found
        found(self.places)

        @callback
        def forget() -> None:
            self._finders.pop(mark, None)

        return forget

    @callback
    def async_first_read(self) -> None:
        """Read what the entities show and nobody has read yet, once they are there."""
        if set(self.async_contexts()) - self.data.keys():
            _ = self._start_task(self.async_refresh())

    def refusal(self, name: str) -> RequestError | None:
        """Why the account may not read or write an object, None when it may."""
        return self._unwritable.get(name) or self._unreadable.get(name)

    def value(self, row: Control, channel: int | None) -> Any:
        """Present value as people write it; None when the device does not tell it now."""
        one = self.at(row, channel)
        return None if one is None or row.object not in self.data else one.value

    def told(self) -> dict[str, Any]:
        """Last values of switches, numbers and choices, by key and channel (from 1); no names, no secrets."""
        return {
            one.control.key if one.channel is None else f"{one.control.key} {one.channel + 1}": one.value
            for places in self._present.values()
            for one in places.values()
            if isinstance(one.value, bool | int | float) or one.control.kind.options
        }

    def at(self, row: Control, channel: int | None) -> Present | None:
        """What was read last of a control, with what this device can do; None while nothing was."""
        return self._present.get(row.object, {}).get((row.key, channel))

    @asynccontextmanager
    async def async_alone(self, name: str) -> AsyncIterator[None]:
        """Within it, nobody else here changes an object, what is part of it, or what it is part of."""
        parts = {each for each in OBJECTS if each.startswith(f"{name}.") or name.startswith(f"{each}.")}
        async with AsyncExitStack() as stack:
            for each in sorted(parts | {name}):
                await stack.enter_async_context(self._locks[each])
            yield

    async def async_write(self, row: Control, channel: int | None, value: Any) -> None:
        """Change one setting, if it differs; what the device says then is its state.

        Errors: those of `settings.ensure`. Changes of one object come one after the other.
        """
        async with self._locks[row.object]:
            settings = self.session.device.settings
            try:
                await settings.ensure(row.object, row.patch(value), channel=channel)
            except RequestError as error:
                if error.ret == NO_PERMISSION:
                    self._unwritable[row.object] = error
                raise
            finally:
                await self._read(row.object)
                if row.object in self._refused_once:  # what was known may be no longer so
                    self.data = _without(self.data, row.object)
                self.async_set_updated_data(dict(self.data))

    @override
    async def _async_update_data(self) -> Mapping[str, Any]:
        watched = set(self.async_contexts())
        for name in OBJECTS:
            if name in watched and (name in self._shape.objects or not self._too_silent()):
                async with self._locks[name]:
                    await self._read(name)
        return dict(self.data)

    def _too_silent(self) -> bool:
        """Whether so many questions were left unanswered that no new ones are asked."""
        return len(self.session.silence.names & set(OBJECTS)) >= SILENT_MAX

    def _start_task(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        return self._entry.async_create_background_task(self.hass, work, self.name)

    def _unknown(self) -> list[str]:
        return [name for name in OBJECTS if name not in self._shape.objects or name in self._shape.doubtful]

    @callback
    def _session_changed(self) -> None:
        if self.session.connected:
            self._unwritable.clear()
            _ = self._start_task(self._catch_up())
        self.async_update_listeners()

    async def _catch_up(self) -> None:
        """After a reconnect: what was changed meanwhile, and what was not found out before."""
        await self.async_refresh()
        await self._look_around()

    async def _learn(self) -> None:
        """Ask what narrows choices, once."""
        session = self.session
        self._abilities["SystemFunction"] = session.functions
        device = session.device
        for name in ABILITIES:
            answer = await session.silence.ask(device, name, partial(device.system.ability, name))
            if answer is not None:
                self._abilities[name] = answer

    async def _look_around(self) -> None:
        """Read every object that is not known yet; a loss of the session ends it, the next one goes on."""
        unknown = self._unknown()
        for name in unknown:
            if self._too_silent():
                LOGGER.info("%s: leaves questions about settings open, asking no more", self.session.name)
                break
            async with self._locks[name]:
                if name in self._unknown():  # nobody found it meanwhile
                    await self._read(name)
        if unknown and self.session.connected:
            self._looked = True
            self._tell_found([])
            await self._store.async_save(self.session.identity, self._shape)

    async def _read(self, name: str) -> None:
        """Ask for one object. What goes wrong says whether it exists; a lost session says nothing."""
        silence = self.session.silence
        try:
            device = self.session.device
            if name in silence and not device.closed:
                raise UnsupportedError(f"{self.session.address}: {name}: never answered", name=name)
            tree = await silence.once(device, name, partial(device.settings.get, name))
        except UnsupportedError as error:
            if name not in self.data or not self._may_pass(name, error):
                self._found(name, None)
        except RequestError as error:
            LOGGER.debug("%s: %s: %s", self.session.name, name, error)
            if not self._may_pass(name, error):
                self._unreadable[name] = error
                self.data = _without(self.data, name)
        except DvripError as error:
            LOGGER.debug("%s: %s: %s", self.session.name, name, error)
        else:
            self._unreadable.pop(name, None)
            self._refused_once.discard(name)
            self._found(name, tree)

    @callback
    def _may_pass(self, name: str, error: RequestError) -> bool:
        """Whether a refusal is the first, for no reason that lasts: the object is asked for again soon."""
        if error.ret == NO_PERMISSION or name in self._unreadable or name in self._refused_once:
            self._refused_once.discard(name)
            return False
        self._refused_once.add(name)
        if self._again is None:
            again = HassJob(self._ask_again_now, cancel_on_shutdown=True)
            self._again = async_call_later(self.hass, AGAIN_S, again)
        return True

    @callback
    def _ask_again_now(self, _now: datetime) -> None:
        self._again = None
        _ = self._start_task(self._ask_again())

    @callback
    def _stop_asking_again(self) -> None:
        if self._again is not None:
            self._again()
            self._again = None

    async def _ask_again(self) -> None:
        """Read what was refused once, for good or for bad."""
        for name in tuple(self._refused_once):
            async with self._locks[name]:
                await self._read(name)
        self.async_set_updated_data(dict(self.data))
        await self._store.async_save(self.session.identity, self._shape)

    @callback
    def _found(self, name: str, tree: Any) -> None:
        if tree is not None and name in self._present and self.data.get(name) == tree:
            return  # what it says was looked up when it was read before
        self.data = _without(self.data, name) if tree is None else {**self.data, name: tree}
        self._present[name] = self._places(name, tree)
        self._shape.doubtful.discard(name)
        known = self._shape.objects.get(name, [])
        new = [place for place in self._present[name] if place not in known]
        self._shape.objects[name] = [*known, *new]
        if new:
            self._tell_found(new)

    @callback
    def _tell_found(self, places: list[Place]) -> None:
        if not self.session.going:
            for found in tuple(self._finders.values()):
                found(places)

    def _places(self, name: str, tree: Any) -> dict[Place, Present]:
        """The controls of an object that are an entity, where the device has them."""
        told = present({name: tree}, info=self.session.identity.info.raw, abilities=self._abilities)
        return {
            (one.control.key, one.channel): one
            for one in told
            if one.control.entity and not one.control.kind.secret and self._is_there(one)
        }

    def _is_there(self, one: Present) -> bool:
        """Whether it is of a channel that the device has, or of its only loudspeaker or microphone."""
        if one.channel is None or one.control.spec.element in NUMBERED:
            return True
        of_channel = one.control.spec.element == "channel"
        return one.channel < (self.session.channel_count if of_channel else 1)


def _without(trees: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {known: tree for known, tree in trees.items() if known != name}
