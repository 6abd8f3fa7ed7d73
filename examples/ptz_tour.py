"""Move a camera from preset to preset, round and round until Ctrl-C."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from itertools import count

from options import device, parser, run


async def main(options: Namespace) -> None:
    """Go to each preset and stay there for a while."""
    async with device(options) as camera:
        for number in count(1):
            for preset in options.presets:
                await camera.ptz.goto_preset(preset, channel=options.channel - 1)
                print("preset", preset, flush=True)
                await asyncio.sleep(options.stay)
            if number == options.rounds:
                break


if __name__ == "__main__":
    options = parser(__doc__)
    options.add_argument("host")
    options.add_argument("presets", type=int, nargs="+", help="numbers of presets")
    options.add_argument("--channel", type=int, default=1)
    options.add_argument("--stay", type=float, default=20.0, help="seconds at each")
    options.add_argument("--rounds", type=int, default=0, help="end after so many; 0 for no end")
    run(main, options.parse_args())
