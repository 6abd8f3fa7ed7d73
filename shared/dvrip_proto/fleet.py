"""One question to many devices: so many at a time, and one that fails stops no other.

devices = [Device(host, password=...) for host in hosts]
for answer in await ask_all(devices, lambda device: device.system.info()):
    print(answer.device.host, answer.value or answer.error)
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from .device import Device
from .errors import DvripError, UsageError

AT_ONCE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer[T]:
    """What one device answered, or why it did not: `error` is None when it did."""

    device: Device
    value: T | None = None
    error: DvripError | None = None


async def ask_all[T](
    devices: Iterable[Device],
    question: Callable[[Device], Awaitable[T]],
    *,
    at_once: int = AT_ONCE,
    on_answer: Callable[[Answer[T]], object] | None = None,
) -> list[Answer[T]]:
    """Open each device for a question and close it; the answers in the order of the devices.

    The devices are new ones: each is opened here. `on_answer` hears of each as it comes. Every DvripError is
    an answer; any other exception of a question is the caller's mistake and ends all.
    """
    if at_once < 1:
        raise UsageError(f"{at_once} devices at once ask nobody")
    turns = asyncio.Semaphore(at_once)

    async def one(device: Device) -> Answer[T]:
        async with turns:
            try:
                async with device:
                    answer = Answer(device=device, value=await question(device))
            except DvripError as error:
                answer = Answer(device=device, error=error)
        if on_answer is not None:
            on_answer(answer)
        return answer

    asking = [asyncio.create_task(one(device)) for device in devices]
    try:
        return await asyncio.gather(*asking)
    finally:
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
