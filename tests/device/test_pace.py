"""How long talking takes, to the block: on a clock that no machine slows down."""

from __future__ import annotations

import pytest

from dvrip_proto import Device
from dvrip_proto.simulator import Simulator
from tests.clock import now, run_at_once

SOUND = bytes(range(256)) * 50  # 12800 samples, 40 blocks
BLOCK_S = 0.04


@pytest.mark.parametrize("pieces", [1, 3, 40], ids=lambda pieces: f"{pieces} pieces")
def test_sound_is_sent_as_fast_as_it_is_spoken_and_no_slower(pieces: int) -> None:
    async def main() -> float:
        async with Simulator() as sim, Device(sim.host, sim.port) as device, device.talk.open() as talk:
            began = now()
            size = -(-len(SOUND) // pieces)
            for at in range(0, len(SOUND), size):
                await talk.send(SOUND[at : at + size])
            return now() - began

    assert run_at_once(main()) == pytest.approx(39 * BLOCK_S, abs=0.001), "40 blocks, the first one at once"
