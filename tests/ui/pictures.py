"""Pictures of what an owner sees, at desktop and phone width: `python -m tests.ui.pictures [SCENE ...]`.

A real Home Assistant with simulated devices, in a real Chromium. They go to build/pictures; a scene that fails is named,
and the others are taken all the same. The speaker's sentence needs espeak-ng.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from demo import browser
from dvrip_proto.simulator import Quirks, Simulator
from tests.ui.home import Home, home
from tests.ui.look import Look
from tests.ui.scenes import CHANNELS, SCENES, House, Scene

OUT = Path(__file__).resolve().parents[2] / "build" / "pictures"
VOICE = Path(__file__).with_name("voice")
USERS = {"admin": "admin"}


async def take(scenes: list[Scene], folder: Path) -> list[str]:
    """Photograph the scenes into `folder`; what went wrong, a line each."""
    wrong: list[str] = []
    async with AsyncExitStack() as stack:
        run = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        camera = await stack.enter_async_context(
            Simulator(bind="127.0.0.201", videos=["scene:h264"], users=USERS)
        )
        yard = await stack.enter_async_context(
            Simulator(bind="127.0.0.202", profile="xm210", videos=["scene:h265+h264"], users=USERS)
        )
        recorder = await stack.enter_async_context(
            Simulator(
                bind="127.0.0.203",
                profile="nvr",
                channels=CHANNELS,
                users=USERS,
                quirks=Quirks(max_connections=10),
            )
        )
        new = await stack.enter_async_context(
            Simulator(bind="127.0.0.204", profile="hvr", discovery_port=34569, users=USERS)
        )
        here = await stack.enter_async_context(home(run, more="tts:\n  - platform: voice\n", beside=_voice))
        await _add(here, camera, yard, recorder)
        page = await stack.enter_async_context(here.page("/"))
        house = House(camera=camera, yard=yard, recorder=recorder, new=new, look=Look(here, page, folder))
        for scene in scenes:
            try:
                await scene(house)
            except Exception as error:  # noqa: BLE001 - the other scenes are worth a picture
                wrong.append(f"{scene.__name__}: {type(error).__name__}: {error}")
                await page.screenshot(path=folder / f"{scene.__name__}-failed.png")
            print(
                scene.__name__,
                "failed" if wrong and wrong[-1].startswith(scene.__name__) else "ok",
                flush=True,
            )
        if wrong:
            shutil.copy(here.log, folder / "home-assistant.log")
    return wrong


def _voice(integrations: Path) -> None:
    shutil.copytree(VOICE, integrations / VOICE.name)


async def _add(here: Home, *sims: Simulator) -> None:
    for sim in sims:
        await here.add(sim)
    for sim in sims:
        await here.until(await here.entity(f"{sim.serial}_{sim.channels - 1}_sub"), {"idle", "streaming"})


def main() -> int:
    """Take them; exit code 1 when a scene failed."""
    wanted = sys.argv[1:]
    known = {scene.__name__: scene for scene in SCENES}
    if unknown := [name for name in wanted if name not in known]:
        print(f"no such scene: {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    if browser.find() is None:
        print("no Chromium on this machine", file=sys.stderr)
        return 2
    OUT.mkdir(parents=True, exist_ok=True)
    wrong = asyncio.run(take([known[name] for name in wanted or known], OUT))
    print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
