import asyncio
import contextlib

import pytest

from dvrip_proto import AuthenticationError, Device, FrameKind, Keeper, TransportError, UsageError
from dvrip_proto.simulator import Quirks, Simulator
from tests import hostile
from tests.device.conftest import PASSWORD, login

FAST = (0.05, 0.1, 0.2)


class Diary:
    """What a keeper tells."""

    def __init__(self):
        self.ups = []
        self.downs = []
        self.failing = 0

    async def up(self, device):
        if self.failing:
            self.failing -= 1
            raise TransportError("up failed")
        await device.alarms.arm()
        self.ups.append(device)

    def down(self, error):
        self.downs.append(error)


@pytest.fixture
def profile():
    return "ipc"


@pytest.fixture
def diary():
    return Diary()


@contextlib.asynccontextmanager
async def keeping(factory, diary, backoff_s=FAST, **more):
    keeper = Keeper(factory, on_up=diary.up, on_down=diary.down, backoff_s=backoff_s, **more)
    before = asyncio.all_tasks()
    try:
        yield keeper
    finally:
        await keeper.stop()
        await asyncio.sleep(0)
        assert asyncio.all_tasks() <= before, "a task leaked"


async def until(condition, within_s=5.0):
    for _ in range(int(within_s / 0.01)):
        if condition():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it did not happen in time")


async def test_the_first_connection_is_up_at_once(sim, diary):
    async with keeping(lambda: login(sim), diary) as keeper:
        assert keeper.device is None
        await keeper.start()
        assert diary.ups == [keeper.device]
        assert sim.sessions == 1
    assert keeper.device is None
    assert sim.sessions == 0
    assert diary.downs == []


@pytest.mark.parametrize("downtime_s", [0.1, 1.0])
async def test_a_device_that_reboots_is_found_again(sim, diary, downtime_s):
    async with keeping(lambda: login(sim), diary) as keeper:
        await keeper.start()
        first = keeper.device
        await sim.reboot(downtime_s)
        await until(lambda: len(diary.ups) == 2)
        assert keeper.device is not first
        assert keeper.device is diary.ups[1]
        assert first.closed
        (error,) = diary.downs
        assert isinstance(error, TransportError)
        found = []
        keeper.device.alarms.subscribe(found.append)
        sim.raise_alarm(0)
        await until(lambda: found)


async def test_is_told_down_before_it_is_up_again(sim, diary):
    async with keeping(lambda: login(sim), diary) as keeper:
        await keeper.start()
        sim.drop_connections()
        await until(lambda: diary.downs)
        assert keeper.device is None
        await until(lambda: len(diary.ups) == 2)


class TestFirstConnection:
    async def test_that_fails_raises_and_nothing_goes_on(self, diary):
        with hostile.refused_port() as port:
            async with keeping(lambda: Device("127.0.0.1", port, timeout_s=1), diary) as keeper:
                with pytest.raises(TransportError):
                    await keeper.start()
        assert diary.ups == diary.downs == []

    async def test_with_wrong_credentials_raises(self, sim, diary):
        async with keeping(lambda: login(sim, password="wrong"), diary) as keeper:
            with pytest.raises(AuthenticationError):
                await keeper.start()
        assert diary.downs == []
        assert sim.connections == 0

    async def test_whose_on_up_fails_raises_and_closes(self, sim, diary):
        diary.failing = 1
        async with keeping(lambda: login(sim), diary) as keeper:
            with pytest.raises(TransportError, match="up failed"):
                await keeper.start()
            assert keeper.device is None
            await until(lambda: sim.sessions == 0)

    async def test_happens_once(self, sim, diary):
        async with keeping(lambda: login(sim), diary) as keeper:
            await keeper.start()
            with pytest.raises(UsageError, match="starts once"):
                await keeper.start()

    async def test_that_is_stopped_meanwhile_is_closed(self, sim, diary):
        sim.quirks = Quirks(late={1500: 0.2})
        async with keeping(lambda: login(sim), diary) as keeper:
            starting = asyncio.create_task(keeper.start())
            await until(lambda: keeper.device is not None)
            await keeper.stop()
            with pytest.raises(TransportError):
                await starting
        await until(lambda: sim.sessions == 0)


class TestTrying:
    async def test_a_refused_login_ends_it(self, sim, diary):
        passwords = [PASSWORD, "changed meanwhile"]
        async with keeping(lambda: login(sim, password=passwords.pop(0)), diary) as keeper:
            await keeper.start()
            sim.drop_connections()
            await until(lambda: len(diary.downs) == 2)
            assert isinstance(diary.downs[1], AuthenticationError)
            logins = sum(1 for message_id, *_ in sim.requests if message_id == 1000)
            await asyncio.sleep(0.5)
            assert sum(1 for message_id, *_ in sim.requests if message_id == 1000) == logins == 2
            assert keeper.device is None

    async def test_an_on_up_that_fails_is_tried_again(self, sim, diary):
        async with keeping(lambda: login(sim), diary) as keeper:
            await keeper.start()
            diary.failing = 2
            sim.drop_connections()
            await until(lambda: len(diary.ups) == 2)
            assert len(diary.downs) == 1

    async def test_a_bug_in_the_callbacks_does_not_end_it(self, sim, diary, caplog):
        calls = 0

        async def up(device):
            nonlocal calls
            calls += 1
            if calls == 2:
                raise ValueError("a bug")

        def down(error):
            raise ValueError("another bug")

        diary.up, diary.down = up, down
        async with keeping(lambda: login(sim), diary) as keeper:
            await keeper.start()
            sim.drop_connections()
            await until(lambda: calls == 3)
            assert keeper.device is not None
        assert "on_up failed" in caplog.text
        assert "on_down failed" in caplog.text

    async def test_a_device_that_accepts_and_drops_is_not_hammered(self, diary):
        logins = []

        async def script(link):
            await link.accept_login()
            logins.append(asyncio.get_running_loop().time())
            await link.reply(await link.receive())

        async with hostile.peer(script) as address, keeping(lambda: Device(*address), diary) as keeper:
            await keeper.start()
            await until(lambda: len(logins) >= 5)
        gaps = [later - earlier for earlier, later in zip(logins, logins[1:], strict=False)]
        assert gaps[2] >= 0.2 * 0.8
        assert gaps[3] >= 0.2 * 0.8

    async def test_a_steady_session_starts_the_delays_again(self, sim, diary):
        async with keeping(lambda: login(sim), diary, (0.01, 60.0), steady_s=0.0, lost_s=60.0) as keeper:
            await keeper.start()
            for ups in (2, 3, 4):
                sim.drop_connections()
                await until(lambda ups=ups: len(diary.ups) == ups)

    async def test_encryption_that_is_not_known_is_told_and_tried_on(self, sim, diary):
        async with keeping(lambda: login(sim), diary) as keeper:
            await keeper.start()
            sim.quirks = Quirks(encrypted="login")
            sim.drop_connections()
            await until(lambda: len(diary.downs) >= 3)
            assert all(getattr(error, "encryption", False) for error in diary.downs[1:])
            sim.quirks = Quirks()
            await until(lambda: len(diary.ups) == 2)

    async def test_stopping_ends_a_long_wait(self, sim, diary):
        async with keeping(lambda: login(sim), diary, (60.0,)) as keeper:
            await keeper.start()
            sim.drop_connections()
            await until(lambda: diary.downs)
            async with asyncio.timeout(1):
                await keeper.stop()
                await keeper.stop()
        assert len(diary.ups) == 1

    async def test_a_stop_that_is_cancelled_leaves_no_session(self, sim, diary):
        async with Device(sim.host, sim.port, password=PASSWORD):
            keeper = Keeper(lambda: login(sim), on_up=diary.up, on_down=diary.down, backoff_s=FAST)
            await keeper.start()
            stopping = asyncio.create_task(keeper.stop())
            await asyncio.sleep(0)
            stopping.cancel()
            with pytest.raises(asyncio.CancelledError):
                await stopping
            await until(lambda: sim.sessions == 1)

    @pytest.mark.parametrize("fails", [False, True])
    async def test_a_callback_may_stop_it(self, sim, diary, fails):
        keepers = []

        async def up(device):
            diary.ups.append(device)
            if len(diary.ups) == 2:
                await keepers[0].stop()
                if fails:
                    raise TransportError("and fail")

        diary.up = up
        async with keeping(lambda: login(sim), diary) as keeper:
            keepers.append(keeper)
            await keeper.start()
            sim.drop_connections()
            await until(lambda: len(diary.ups) == 2)
            await until(lambda: sim.sessions == 0)
            assert keeper.device is None


class TestMonitor:
    async def test_runs_on_the_device_of_now(self, sim, diary):
        async with keeping(lambda: login(sim), diary) as keeper:
            await keeper.start()
            async with keeper.monitor(0, "Extra1") as stream:
                assert (await anext(stream)).kind in FrameKind
            await sim.reboot(0.1)
            await until(lambda: len(diary.ups) == 2)
            async with keeper.monitor(0) as stream:
                assert await anext(stream)

    async def test_breaks_with_the_device(self, sim, diary):
        async with keeping(lambda: login(sim), diary) as keeper:
            await keeper.start()
            async with keeper.monitor(0) as stream:
                sim.drop_connections()
                with pytest.raises(TransportError):
                    [frame async for frame in stream]

    async def test_says_so_while_there_is_no_device(self, sim, diary):
        async with keeping(lambda: login(sim), diary, (60.0,)) as keeper:
            with pytest.raises(TransportError, match="not connected"):
                async with keeper.monitor(0):
                    pytest.fail("not reached")
            await keeper.start()
            restart = asyncio.create_task(sim.reboot(30.0))
            await until(lambda: diary.downs)
            with pytest.raises(TransportError, match=rf"^{sim.host}:{sim.port}: not connected"):
                async with keeper.monitor(0):
                    pytest.fail("not reached")
            restart.cancel()
            await asyncio.wait([restart])

    async def test_who_wants_a_stream_has_not_to_wait_for_the_delay(self, sim, diary):
        async with keeping(lambda: login(sim), diary, (60.0,), lost_s=60.0) as keeper:
            await keeper.start()
            sim.drop_connections()
            await until(lambda: diary.downs)
            async with keeper.monitor(0) as stream:
                assert (await anext(stream)).kind is FrameKind.I


async def test_no_delays_at_all_are_replaced_by_the_usual_ones(diary):
    async with Simulator(users={"admin": PASSWORD}) as sim, keeping(lambda: login(sim), diary, ()) as keeper:
        await keeper.start()
        assert keeper._backoff_s == (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
