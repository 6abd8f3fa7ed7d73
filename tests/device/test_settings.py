import copy

import pytest

from dvrip_proto import (
    Applied,
    NotAppliedError,
    RequestError,
    TransportError,
    UnsupportedError,
    UsageError,
    setting,
)
from dvrip_proto.config.catalog import CATALOG
from dvrip_proto.simulator import Quirks
from dvrip_proto.wire.ids import MessageId
from tests.device.conftest import VIEWER_PASSWORD, login, scripted


def written(sim):
    return [
        name
        for message_id, name, _ in sim.requests
        if message_id in (MessageId.CONFIG_SET, MessageId.CHANNEL_TITLE_SET)
    ]


async def readable(device, sim):
    """Objects of this model that the catalog knows."""
    return [name for name in CATALOG if name in sim.state.config]


async def test_every_known_object_of_the_model_reads_as_its_rows_say(sim, device):
    names = await readable(device, sim)
    assert len(names) > 20
    for name in names:
        tree = await device.settings.get(name)
        assert tree == sim.state.config[name]
        plan = await device.settings.plan(name, copy.deepcopy(tree))
        assert not plan.changed, f"{name}: {plan.summary()}"


async def test_every_known_object_can_be_written_back_whole(sim, device):
    for name in await readable(device, sim):
        spec, tree = CATALOG[name], await device.settings.get(name)
        if spec.read_only:
            continue
        reply = await device.connection.request(spec.set_id, name, tree)
        assert reply.ret == 100


async def test_a_change_keeps_everything_else(sim, device):
    before = copy.deepcopy(sim.state.config["NetWork.NetNTP"])
    plan, applied = await device.settings.ensure(
        "NetWork.NetNTP", {"Enable": not before["Enable"], "Server": {"Name": "10.0.0.9"}}
    )
    assert plan.changed
    assert applied is not None
    assert applied.verified
    assert sim.state.config["NetWork.NetNTP"] == {
        **before, "Enable": not before["Enable"], "Server": {**before["Server"], "Name": "10.0.0.9"},
    }  # fmt: skip


async def test_the_second_time_nothing_is_written(sim, device):
    wish = {"HostName": "garage", "GateWay": "127.0.0.1"}
    first, _ = await device.settings.ensure("NetWork.NetCommon", wish)
    assert first.changed
    writes = len(written(sim))
    assert await device.settings.apply(await device.settings.plan("NetWork.NetCommon", wish)) == Applied()
    second, applied = await device.settings.ensure("NetWork.NetCommon", wish)
    assert not second.changed
    assert applied is None
    assert len(written(sim)) == writes
    assert sim.state.config["NetWork.NetCommon"]["GateWay"] == "0x0100007F"


async def test_planning_writes_nothing(sim, device):
    plan = await device.settings.plan("General.General", {"MachineName": "garage"})
    assert plan.summary() == [f"MachineName: {plan.before['MachineName']} -> garage"]
    assert written(sim) == []


class TestChannels:
    async def test_one_element_is_written_alone(self, sim, device):
        before = copy.deepcopy(sim.state.config["Detect.MotionDetect"])
        last = sim.channels - 1
        plan = await device.settings.plan("Detect.MotionDetect", {"Level": 2, "Enable": False}, channel=last)
        assert plan.channel == last
        await device.settings.apply(plan)
        assert written(sim) == [f"Detect.MotionDetect.[{last}]"]
        assert sim.state.config["Detect.MotionDetect"][:last] == before[:last]
        assert sim.state.config["Detect.MotionDetect"][last] == {**before[last], "Level": 2, "Enable": False}
        assert await device.settings.get(f"Detect.MotionDetect.[{last}]") == {
            **before[last],
            "Level": 2,
            "Enable": False,
        }

    async def test_a_setting_is_a_typed_leaf(self, device):
        level = setting("Detect.MotionDetect", "Level")
        await device.settings.ensure(level.name, level.patch(5), channel=0)
        assert await device.settings.value(level, channel=0) == 5

    async def test_all_channels_at_once(self, sim, device):
        await device.settings.ensure("Detect.BlindDetect", {"Enable": True})
        assert all(element["Enable"] for element in sim.state.config["Detect.BlindDetect"])

    async def test_titles_have_messages_of_their_own(self, sim, device):
        titles = await device.settings.get("ChannelTitle")
        assert len(titles) == sim.channels
        await device.settings.ensure("ChannelTitle", "Front door", channel=0)
        assert sim.state.titles == ["Front door", *titles[1:]]
        assert await device.settings.get("ChannelTitle", channel=0) == "Front door"
        assert written(sim) == ["ChannelTitle"]

    @pytest.mark.parametrize("name", ["Detect.MotionDetect", "ChannelTitle"])
    async def test_that_are_not_there(self, device, name):
        for ask in (
            device.settings.get(name, channel=99),
            device.settings.plan(name, {"Level": 1}, channel=99),
        ):
            with pytest.raises(UsageError, match=rf"^127.0.0.1:\d+: {name}.*there is no channel 100"):
                await ask

    async def test_the_factory_values(self, sim, device):
        factory = await device.settings.default("Detect.MotionDetect", channel=0)
        await device.settings.ensure(
            "Detect.MotionDetect", {"Level": 1 if factory["Level"] != 1 else 2}, channel=0
        )
        assert await device.settings.default("Detect.MotionDetect", channel=0) == factory
        assert await device.settings.default("General.General") == sim.state.store.defaults["General.General"]


async def test_parts_and_sections_have_names_too(sim, device):
    assert await device.settings.get("NetWork.NetCommon.HttpPort") == 80
    await device.settings.ensure("NetWork.NetCommon.HostName", "cellar")
    assert sim.state.config["NetWork.NetCommon"]["HostName"] == "cellar"
    section = await device.settings.get("NetWork")
    assert section["NetCommon"]["HostName"] == "cellar"


async def test_keyed_lists(sim, device):
    before = copy.deepcopy(sim.state.config["NetWork.NetDHCP"])
    one = {"Interface": "eth0", "Enable": not before[0]["Enable"]}
    await device.settings.ensure("NetWork.NetDHCP", [one], allow_disconnect=True)
    assert sim.state.config["NetWork.NetDHCP"] == [before[0] | one, *before[1:]]


class TestRefusals:
    @pytest.fixture
    def profile(self):
        return "ipc"

    async def test_unknown_objects(self, device):
        with pytest.raises(UnsupportedError) as refusal:
            await device.settings.get("Brand.New")
        assert refusal.value.ret == 607
        assert "Brand.New" in str(refusal.value)

    async def test_typos_name_device_object_and_keys(self, sim, device):
        with pytest.raises(
            UsageError, match=rf"^{sim.host}:{sim.port}: NetWork.NetCommon: .*'Hostname'.*'HostName'"
        ):
            await device.settings.plan("NetWork.NetCommon", {"Hostname": "x"})

    async def test_values_out_of_range(self, sim, device):
        with pytest.raises(UsageError, match=r"HttpPort: 70000 is not possible, it must be .* 1 to 65535"):
            await device.settings.plan("NetWork.NetCommon", {"HttpPort": 70000})
        assert written(sim) == []

    async def test_names_that_are_none(self, device):
        for name, channel in (("", None), ("Record", -1), ("Record.[0]", 1)):
            with pytest.raises(UsageError):
                await device.settings.get(name, channel=channel)

    async def test_no_right(self, sim):
        async with login(sim, "viewer", VIEWER_PASSWORD) as viewer:
            with pytest.raises(RequestError) as refusal:
                await viewer.settings.ensure("NetWork.NetCommon", {"HostName": "mine"})
        assert refusal.value.ret == 107


class TestWhatTheDeviceMakesOfIt:
    @pytest.fixture
    def profile(self):
        return "ipc"

    async def test_a_write_that_is_ignored_is_an_error_that_lists_it(self, sim, device):
        sim.quirks = Quirks(ignore_writes=frozenset({"General.General"}))
        with pytest.raises(NotAppliedError) as refusal:
            await device.settings.ensure("General.General", {"MachineName": "garage"})
        (change,) = refusal.value.changes
        assert (change.path, change.after) == ("MachineName", "garage")
        assert f"{sim.host}:{sim.port}: General.General" in str(refusal.value)

    @pytest.mark.parametrize("code", [150, 522, 602, 603])
    async def test_a_restart_that_is_needed_is_told(self, sim, device, code):
        sim.quirks = Quirks(restart={"General.General": code})
        _, applied = await device.settings.ensure("General.General", {"MachineName": "garage"})
        assert applied.reboot_needed
        assert applied.verified

    async def test_values_that_wait_for_the_restart_are_no_error(self):
        async def answer(link, message_id, body):
            return {"Thing": {"a": 1}} if message_id == 1042 else {"ret": 603}

        async with scripted(answer) as device:
            _, applied = await device.settings.ensure("Thing", {"a": 2})
        assert applied == Applied(reboot_needed=True, verified=False)

    async def test_a_device_that_goes_to_restart_at_once_has_obeyed(self):
        reads = 0

        async def answer(link, message_id, body):
            nonlocal reads
            reads += message_id == 1042
            if reads == 2:
                link.reset()
            return {"Thing": {"a": 1}} if message_id == 1042 else {"ret": 603}

        async with scripted(answer) as device:
            _, applied = await device.settings.ensure("Thing", {"a": 2})
        assert applied == Applied(reboot_needed=True, verified=False)

    async def test_a_connection_lost_without_a_word_of_restart_is_an_error(self):
        reads = 0

        async def answer(link, message_id, body):
            nonlocal reads
            reads += message_id == 1042
            if reads == 2:
                link.reset()
            return {"Thing": {"a": 1}}

        async with scripted(answer) as device:
            with pytest.raises(TransportError):
                await device.settings.ensure("Thing", {"a": 2})

    async def test_a_key_that_is_gone_after_the_write_was_not_applied(self):
        written = False

        async def answer(link, message_id, body):
            nonlocal written
            written = written or message_id == 1040
            return {"Thing": {"b": 1} if written else {"a": 1, "b": 1}}

        async with scripted(answer) as device:
            with pytest.raises(NotAppliedError, match="a: none -> 2"):
                await device.settings.ensure("Thing", {"a": 2})

    async def test_normalised_values_are_the_same(self):
        tree = {"On": 0, "Mask": "0x0f", "Other": 1}

        async def answer(link, message_id, body):
            if message_id == 1040:
                tree.update(On=True, Mask="0x0000000F", Other=7)
                return {}
            return {"Thing": tree}

        async with scripted(answer) as device:
            plan, applied = await device.settings.ensure("Thing", {"On": 1, "Mask": 15})
        assert plan.summary() == ["On: 0 -> 1"]
        assert applied.verified

    async def test_secrets_are_written_and_not_shown(self, sim, device):
        wish = {"Server": {"Password": "hunter2", "UserName": "bob"}}
        plan, applied = await device.settings.ensure("NetWork.NetNTP", wish)
        assert sim.state.config["NetWork.NetNTP"]["Server"]["Password"] == "hunter2"
        assert "hunter2" not in f"{plan!r}{plan.summary()}{plan.before}{plan.after}{applied!r}"
        assert plan.unverifiable == ("Server.Password",)
        assert not applied.verified
        again, _ = await device.settings.ensure("NetWork.NetNTP", wish)
        assert not again.changed


class TestWaysAround:
    async def test_an_object_that_only_its_section_tells(self):
        async def answer(link, message_id, body):
            if body["Name"] == "AVEnc":
                return {"AVEnc": {"Encode": [{"MainFormat": []}], "VideoColor": []}}
            return {"ret": 607, body["Name"]: None}

        async with scripted(answer) as device:
            assert await device.settings.get("AVEnc.Encode") == [{"MainFormat": []}]
            assert await device.settings.get("AVEnc.Encode", channel=0) == {"MainFormat": []}
            for name in ("AVEnc.VideoColor", "Record"):
                with pytest.raises(UnsupportedError):
                    await device.settings.get(name)

    async def test_a_section_that_does_not_tell_it_either(self):
        async def answer(link, message_id, body):
            return {"AVEnc": {}} if body["Name"] == "AVEnc" else {"ret": 607}

        async with scripted(answer) as device:
            with pytest.raises(UnsupportedError, match="AVEnc.Encode"):
                await device.settings.get("AVEnc.Encode")

    async def test_the_list_where_one_element_cannot_be_asked_for(self):
        tree = [{"Level": 3}, {"Level": 3}]

        async def answer(link, message_id, body):
            if body["Name"] != "Detect.MotionDetect":
                return {"ret": 607}
            if message_id == 1040:
                tree[:] = body["Detect.MotionDetect"]
            return {"Detect.MotionDetect": tree}

        async with scripted(answer) as device:
            plan, _ = await device.settings.ensure("Detect.MotionDetect", {"Level": 5}, channel=1)
            assert plan.summary() == ["channel 2: Level: 3 -> 5"]
            assert tree == [{"Level": 3}, {"Level": 5}]

    async def test_an_element_that_is_no_element_of_a_list(self):
        async def answer(link, message_id, body):
            return {"Thing": {"a": 1}} if body["Name"] == "Thing" else {"ret": 607}

        async with scripted(answer) as device:
            with pytest.raises(UnsupportedError, match="Thing channel 1"):
                await device.settings.get("Thing", channel=0)

    async def test_other_refusals_are_not_asked_around(self):
        asked = []

        async def answer(link, message_id, body):
            asked.append(body["Name"])
            return {"ret": 605}

        async with scripted(answer) as device:
            with pytest.raises(UnsupportedError):
                await device.settings.get("Record", channel=0)
        assert "Record" not in asked

    @pytest.mark.parametrize("answer_key", ["Uart.Comm", "Comm"])
    async def test_the_key_of_the_answer_may_be_the_last_part(self, answer_key):
        async def answer(link, message_id, body):
            return {answer_key: [{"PortNo": 1}]}

        async with scripted(answer) as device:
            assert await device.settings.get("Uart.Comm") == [{"PortNo": 1}]

    async def test_channels_of_a_recorder_without_the_object(self):
        tree = [None, {"0": None}, {"Level": 3}]

        async def answer(link, message_id, body):
            name = body["Name"]
            return {name: tree if name == "Detect.MotionDetect" else None}

        async with scripted(answer) as device:
            assert (await device.settings.plan("Detect.MotionDetect", {"Level": 3})).changes == ()
            with pytest.raises(UnsupportedError, match="this device has no such settings"):
                await device.settings.get("Detect.MotionDetect", channel=0)
            with pytest.raises(UnsupportedError, match="this device has no such settings"):
                await device.settings.default("Detect.MotionDetect", channel=0)

    async def test_a_title_that_is_null(self):
        async def answer(link, message_id, body):
            return {"ChannelTitle": ["Door", None]}

        async with scripted(answer) as device:
            assert await device.settings.default("ChannelTitle", channel=0) == "Door"
            with pytest.raises(
                UnsupportedError, match="ChannelTitle channel 2: this device has no such settings"
            ):
                await device.settings.get("ChannelTitle", channel=1)

    @pytest.mark.parametrize("single", [True, False])
    async def test_a_big_recorder_is_written_channel_by_channel_where_it_can_be(self, single):
        name = "Detect.MotionDetect"
        tree = [{"Level": level % 2 + 1} for level in range(32)]
        written = []

        async def answer(link, message_id, body):
            asked = body["Name"]
            if message_id == 1042:
                return {asked: tree}
            if asked != name and not single:
                return {"ret": 607}
            if message_id == 1040:
                written.append(asked)
            for index in range(32):
                if asked == f"{name}.[{index}]":
                    tree[index] = body[asked]
            if asked == name:
                tree[:] = body[asked]
            return {}

        async with scripted(answer) as device:
            await device.settings.ensure(name, {"Level": 2})
        assert tree == [{"Level": 2}] * 32
        assert written == ([f"{name}.[{index}]" for index in range(0, 32, 2)] if single else [name])

    async def test_other_refusals_of_a_big_write_are_errors(self):
        async def answer(link, message_id, body):
            return {body["Name"]: [{"Level": 1}] * 9} if message_id == 1042 else {"ret": 605}

        async with scripted(answer) as device:
            with pytest.raises(UnsupportedError) as refusal:
                await device.settings.ensure("Detect.MotionDetect", {"Level": 2})
        assert refusal.value.ret == 605
