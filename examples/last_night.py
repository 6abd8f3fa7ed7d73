"""Download what was recorded last night. Run it again when it broke off: it goes on where it was."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime, time, timedelta
from pathlib import Path

from options import device, parser, run


async def main(options: Namespace) -> None:
    """Save each recording between the evening and the morning, by the device's clock."""
    options.folder.mkdir(parents=True, exist_ok=True)
    async with device(options) as camera:
        today = (await camera.system.time()).date()
        begin = datetime.combine(today - timedelta(days=1), options.evening)
        end = datetime.combine(today, options.morning)
        events = {"M"} if options.motion else None
        search = camera.recordings.search(begin, end, channel=options.channel - 1, events=events)
        found = [recording async for recording in search]
        print(len(found), "recordings from", begin, "to", end)
        for recording in found:
            if recording.begin is None:
                continue
            file = options.folder / f"{recording.begin:%Y-%m-%d_%H-%M-%S}.h264"
            if file.exists():
                continue
            saved = await camera.recordings.save(recording, file, resume=True)
            print(saved.path.name, saved.codec, saved.size_bytes, "bytes", flush=True)


if __name__ == "__main__":
    options = parser(__doc__)
    options.add_argument("host")
    options.add_argument("folder", type=Path)
    options.add_argument("--channel", type=int, default=1)
    options.add_argument("--evening", type=time.fromisoformat, default=time(20))
    options.add_argument("--morning", type=time.fromisoformat, default=time(7))
    options.add_argument("--motion", action="store_true", help="only what was recorded for motion")
    run(main, options.parse_args())
