"""A question that a device leaves open is asked once; one that a cable swallowed is asked again."""

import asyncio
import contextlib
from functools import partial

import pytest

from dvrip_proto import Device, Keeper, ProtocolError, RequestTimeoutError, Silence, TransportError
from dvrip_proto.simulator import Quirks, Simulator
from tests import hostile
from tests.device.conftest import PASSWORD

MUTE = Quirks(mute=frozenset({1042, 1360}))


def login(sim, timeout_s=0.3):
    return Device(sim.host, sim.port, password=PASSWORD, timeout_s=timeout_s)


@contextlib.asynccontextmanager
async def mute_device():
    async with Simulator(profile="ipc", users={"admin": PASSWORD}, quirks=MUTE) as sim:
        yield sim


class Asks:
    """An `on_up` that wants two answers before it is content."""

    def __init__(self):
        self.silence = Silence()
        self.answers = []
        self.calls = 0

    async def up(self, device):
        self.calls += 1
        settings = partial(device.settings.get, "General.General")
        self.answers = [
            await self.silence.ask(device, "General.General", settings),
            await self.silence.ask(device, "functions", device.system.functions),
        ]
        if device.closed:
            raise TransportError("questions were left open")

    def keeper(self, factory):
        return Keeper(factory, on_up=self.up, on_down=lambda _: None, silence=self.silence)


async def test_the_first_start_goes_on_without_what_the_device_never_says():
    asks = Asks()
    async with mute_device() as sim:
        keeper = asks.keeper(lambda: login(sim))
        await keeper.start()
        try:
            assert asks.calls == 3
            assert asks.answers == [None, None]
            assert asks.silence.names == {"General.General", "functions"}
            assert not asks.silence.suspected
            asked = [message_id for message_id, *_ in sim.requests]
            assert asked.count(1042) == asked.count(1360) == 1
        finally:
            await keeper.stop()


async def test_a_device_that_went_away_is_not_called_silent():
    asks = Asks()
    async with mute_device() as sim:
        first = login(sim)
        await first.open()
        with pytest.raises(RequestTimeoutError):
            await asks.silence.once(first, "General.General", partial(first.settings.get, "General.General"))
        await first.close()
        assert "General.General" in asks.silence
        assert asks.silence.suspected
        gone = login(sim)
    keeper = asks.keeper(lambda: gone)
    with pytest.raises(TransportError):
        await keeper.start()
    assert "General.General" not in asks.silence


async def test_what_was_known_before_is_not_asked_at_all():
    async with mute_device() as sim, login(sim) as device:
        silence = Silence(["functions"])
        assert await silence.ask(device, "functions", device.system.functions) is None
        assert not silence.suspected
        assert 1360 not in {message_id for message_id, *_ in sim.requests}


async def test_a_refusal_is_an_answer_and_nonsense_is_silence():
    async with Simulator(profile="ipc", users={"admin": PASSWORD}) as sim, login(sim) as device:
        silence = Silence()
        assert await silence.ask(device, "No.Such", partial(device.settings.get, "No.Such")) is None
        assert "No.Such" not in silence

        async def nonsense():
            raise ProtocolError("nonsense")

        assert await silence.ask(device, "nonsense", nonsense) is None
        assert "nonsense" in silence
        assert await silence.ask(device, "info", device.system.info)
        await device.close()
        assert await silence.ask(device, "info", device.system.info) is None
        assert "info" not in silence


async def test_only_the_question_that_was_left_open_is_to_blame():
    async with mute_device() as sim:
        device = login(sim, timeout_s=3)  # both are open at a time and one ends first, on a busy machine too
        await device.open()
        other = asyncio.create_task(device.system.functions())
        await asyncio.sleep(1)
        silence = Silence()
        with pytest.raises(RequestTimeoutError):
            await silence.once(device, "settings", partial(device.settings.get, "General.General"))
        with pytest.raises(RequestTimeoutError):
            await other
        with pytest.raises(TransportError):
            await silence.once(device, "info", device.system.info)
        assert not silence.names


@pytest.mark.parametrize("patient", [False, True])
async def test_a_device_that_hangs_up_on_a_question_is_kept_without_it(patient):
    logins = 0

    async def script(link):
        nonlocal logins
        logins += 1
        await link.accept_login()
        while (request := await link.receive()).message_id != 1500:
            await link.reply(request)

    silence, ups = Silence(), []

    async def up(device):
        ups.append("guard" not in silence)
        if ups[-1]:
            await silence.once(device, "guard", device.alarms.arm)

    async with hostile.peer(script) as (host, port):
        keeper = Keeper(
            lambda: Device(host, port, timeout_s=2),
            on_up=up,
            on_down=lambda _error: None,
            silence=silence,
            backoff_s=(0.01,),
        )
        await keeper.start(patient=patient)
        async with asyncio.timeout(10):
            while keeper.device is None:  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.02)
        assert (ups, logins, silence.names) == ([True, True, True, False], 4, {"guard"})
        await keeper.stop()


async def test_hanging_up_now_and_then_is_no_habit():
    silence = Silence()

    async def hangs_up(device):
        await device.connection.close()
        raise TransportError("gone")

    async with Simulator(users={"admin": PASSWORD}) as sim:
        for attempt in range(7):
            async with login(sim) as device:
                if attempt % 3 == 2:
                    assert await silence.once(device, "time", device.system.time)
                else:
                    with pytest.raises(TransportError):
                        await silence.once(device, "time", partial(hangs_up, device))
    assert "time" not in silence


async def test_what_was_answered_once_is_given_up_only_when_it_fails_time_after_time():
    """A network that stands still for some seconds looks like a device that does not know a question."""
    async with Simulator(profile="ipc", users={"admin": PASSWORD}) as sim:
        silence = Silence()

        async def ask():
            async with login(sim) as device:
                silence.settle(there=True)
                return await silence.ask(device, "functions", device.system.functions)

        assert await ask()
        for fails in (1, 2):
            sim.quirks = MUTE
            assert await ask() is None
            assert "functions" not in silence, f"after {fails}"
        sim.quirks = Quirks()
        assert await ask(), "it is answered again, and the count begins anew"
        sim.quirks = MUTE
        for _ in range(3):
            assert await ask() is None
        assert "functions" in silence
        sim.quirks = Quirks()
        assert await ask() is None
