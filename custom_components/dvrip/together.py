"""Actions that are asked of each camera of a channel at once, as by naming the device, are done one time."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, Protocol

from homeassistant.core import Context, HomeAssistant

type Running = dict[tuple[object, ...], asyncio.Task[Any]]


class OfChannel(Protocol):
    """One of the entities of a channel."""

    hass: HomeAssistant
    running: Running
    """What is being done, shared by all entities of a device."""
    _channel: int
    _context: Context | None


def once_a_channel[E: OfChannel, **P, R](
    action: Callable[Concatenate[E, P], Coroutine[Any, Any, R]],
) -> Callable[Concatenate[E, P], Coroutine[Any, Any, R]]:
    """Let the second camera of a channel have the result of the first, while that does the same call."""

    @wraps(action)
    async def run(camera: E, /, *args: P.args, **kwargs: P.kwargs) -> R:
        asked_by = camera._context and camera._context.id  # noqa: SLF001 - what the call came with
        key = (action.__name__, camera._channel, asked_by, repr((args, kwargs)))  # noqa: SLF001 - of its own
        task: asyncio.Task[R] | None = camera.running.get(key)
        if task is None:
            work = action(camera, *args, **kwargs)
            task = camera.running[key] = camera.hass.async_create_task(work, action.__name__)
            task.add_done_callback(lambda _done: camera.running.pop(key, None))
        return await task

    return run
