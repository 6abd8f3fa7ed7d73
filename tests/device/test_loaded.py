"""What is loaded when: a login by itself costs little, and a front-end that may not wait has all beforehand."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

import dvrip_proto
from tests import hostile

SHARED = Path(dvrip_proto.__file__).parent.parent
PART = "{name.split('.')[1] for name in sys.modules if name.startswith('dvrip_proto.')}"


async def run(code: str) -> str:
    """What a fresh interpreter prints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, cwd=SHARED, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate()
    assert process.returncode == 0
    return told.decode()


async def test_a_login_loads_the_connection_and_nothing_that_it_does_not_use() -> None:
    async def script(link: hostile.Link) -> None:
        await link.accept_login()
        await link.reply(await link.receive())  # the logout

    async with hostile.peer(script) as (host, port):
        told = await run(
            f"""if True:
            import asyncio, sys
            from dvrip_proto import Device
            async def main():
                async with Device({host!r}, {port}) as device:
                    assert device.login_reply.session
            asyncio.run(main())
            print(*sorted({PART}))
            print(*sorted({{"zipfile", "zoneinfo", "difflib", "decimal"}} & set(sys.modules)))
            """
        )
    assert told.splitlines() == ["connection device errors session values wire", ""]


@pytest.mark.parametrize("feature", ["settings", "controls"])
async def test_the_rows_of_configuration_are_loaded_when_an_object_is_asked_for(feature: str) -> None:
    async def script(link: hostile.Link) -> None:
        await link.accept_login()
        await link.reply(await link.receive())

    async with hostile.peer(script) as (host, port):
        told = await run(
            f"""if True:
            import asyncio, sys
            from dvrip_proto import Device
            async def main():
                async with Device({host!r}, {port}) as device:
                    device.alarms, device.ptz, device.monitor, device.messages, device.logs
                    print("dvrip_proto.config.catalog" in sys.modules)
                    device.{feature}
                    print("dvrip_proto.config.catalog" in sys.modules)
            asyncio.run(main())
            """
        )
    assert told.split() == ["False", "True"]


async def test_after_a_preload_no_capability_loads_anything() -> None:
    told = await run(
        """if True:
        import sys
        from functools import cached_property
        from types import SimpleNamespace
        from dvrip_proto import Device
        Device.preload()
        before = set(sys.modules)
        device = Device("camera")
        device._connection = SimpleNamespace(
            where="camera", turn=None, on_push=lambda *told: None, on_close=lambda told: None
        )
        made = [getattr(device, name) for name, each in vars(Device).items() if isinstance(each, cached_property)]
        print(len(made) > 20, sorted(name for name in set(sys.modules) - before if name.startswith("dvrip_proto")))
        """
    )
    assert told.strip() == "True []"


LOADS = [
    "import custom_components.dvrip",  # in a thread of Home Assistant, before its event loop uses it
    "from ansible_collections.dvrip.devices.plugins.module_utils._library import preload; preload()",
]


@pytest.mark.parametrize("load", LOADS)
async def test_a_front_end_that_may_not_wait_loads_all_of_a_device_beforehand(load: str) -> None:
    told = await run(
        f"""if True:
        import sys
        sys.path.append({str(SHARED.parent)!r})
        {load}
        print("dvrip_proto.features.every" in sys.modules)
        """
    )
    assert told.strip() == "True"
