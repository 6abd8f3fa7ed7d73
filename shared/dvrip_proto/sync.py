"""The library without `await`: for scripts, notebooks and the Python prompt.

    from dvrip_proto.sync import Device

    with Device("192.168.1.10", password="...") as device:
        print(device.system.info().model)
        for event in device.alarms.events():
            print(event)

Every attribute is that of `dvrip_proto.Device`; what is awaited there is called here, what is iterated or
entered with `async` there is so without it here. One thread runs the event loop of all devices.
"""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Iterator
from functools import cache, wraps
from types import TracebackType
from typing import Any, Self

from . import device as _device
from .errors import UsageError

__all__ = ["Device"]


class Device:
    """A camera or recorder, as `dvrip_proto.Device`: the same arguments, attributes and errors."""

    def __init__(self, host: str, *arguments: Any, **options: Any) -> None:
        self._device = _device.Device(host, *arguments, **options)

    def __repr__(self) -> str:
        return repr(self._device)

    def __enter__(self) -> Self:
        run(self._device.open())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        run(self._device.close())

    def open(self) -> Self:
        """Connect and log in, for a prompt that has no `with`; `close` ends it."""
        return self.__enter__()

    def close(self) -> None:
        """Log out and disconnect; any number of times."""
        run(self._device.close())

    def __getattr__(self, name: str) -> Any:
        return _plain(getattr(self._device, name))

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(name for name in dir(self._device) if not name.startswith("_"))]


def run(work: Any) -> Any:
    """Result of a coroutine that runs in the thread of the devices."""
    if _loop() is _running():
        work.close()
        raise UsageError("dvrip_proto.sync: called from its own callback: use dvrip_proto there")
    future = asyncio.run_coroutine_threadsafe(_awaited(work), _loop())
    try:
        return future.result()
    except BaseException:
        future.cancel()
        raise


async def _awaited(work: Any) -> Any:
    return await work


def _running() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="dvrip", daemon=True).start()
    return loop


class _Part:
    """A part of a device, such as `device.system`, or what is open: its methods wait."""

    def __init__(self, whole: Any) -> None:
        self._whole = whole

    def __repr__(self) -> str:
        return repr(self._whole)

    def __getattr__(self, name: str) -> Any:
        return _plain(getattr(self._whole, name))

    def __dir__(self) -> list[str]:
        return [name for name in dir(self._whole) if not name.startswith("_")]

    def __iter__(self) -> Iterator[Any]:
        return _each(self._whole)

    def __enter__(self) -> Any:
        return _plain(run(self._whole.__aenter__()))

    def __exit__(self, *error: Any) -> Any:
        return run(self._whole.__aexit__(*error))


def _each(many: Any) -> Iterator[Any]:
    """Items of what is iterated with `async for`; it is closed when this is left."""
    items = aiter(many)
    try:
        while True:
            try:
                yield _plain(run(anext(items)))
            except StopAsyncIteration:
                return
    finally:
        if inspect.isasyncgen(items):
            run(items.aclose())


def _plain(value: Any) -> Any:
    """What is waited for here instead of there: results as they are, the rest wrapped."""
    if inspect.isawaitable(value):
        return _plain(run(value))
    if isinstance(value, type):
        return value
    if hasattr(value, "__aiter__") or hasattr(value, "__aenter__"):
        return _Part(value)
    if callable(value):
        return _waiting(value)
    ours = type(value).__module__.startswith("dvrip_proto.features")
    return _Part(value) if ours and _is_part(value) else value


def _is_part(value: Any) -> bool:
    return any(
        inspect.iscoroutinefunction(each) or inspect.isasyncgenfunction(each) or _opens(each)
        for name, each in vars(type(value)).items()
        if not name.startswith("_")
    )


def _opens(method: Any) -> bool:
    told = getattr(method, "__annotations__", {}).get("return", "")
    return "Async" in str(told)


def _waiting(method: Any) -> Any:
    @wraps(method)
    def called(*arguments: Any, **options: Any) -> Any:
        if inspect.iscoroutinefunction(method):
            return _plain(run(method(*arguments, **options)))
        return _plain(_in_loop(method, *arguments, **options))

    return called


def _in_loop(method: Any, *arguments: Any, **options: Any) -> Any:
    async def call() -> Any:
        return method(*arguments, **options)

    return run(call())
