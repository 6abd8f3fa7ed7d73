"""What would lock its owner out is refused before anything is sent, whichever way the object is named."""

import pytest

from dvrip_proto import DangerError

GATEWAY = "gateway 10.9.8.7 is not in the device's network"
FILTER = "the device would refuse this computer: Trusted does not have its address 127.0.0.1"


@pytest.mark.parametrize(
    ("name", "wish", "text"),
    [
        ("NetWork.NetCommon", {"GateWay": "10.9.8.7"}, GATEWAY),
        ("NetWork.NetCommon.GateWay", "10.9.8.7", GATEWAY),
        ("NetWork", {"NetCommon": {"GateWay": "10.9.8.7"}}, GATEWAY),
        ("NetWork.NetIPFilter", {"Enable": True, "Trusted": ["10.0.0.1"]}, FILTER),
    ],
)
async def test_a_lock_out_needs_to_be_allowed(sim, device, name, wish, text):
    before = sim.state.config.get("NetWork.NetIPFilter"), sim.state.config.get("NetWork.NetCommon")
    plan = await device.settings.plan(name, wish)
    assert any(str(danger).startswith(text) and danger.lasting for danger in plan.dangers)
    with pytest.raises(DangerError) as refusal:
        await device.settings.apply(plan)
    assert str(refusal.value).startswith(f"127.0.0.1:{sim.port}: {name}: {text}")
    assert refusal.value.dangers == tuple(map(str, plan.dangers))
    with pytest.raises(DangerError):
        await device.settings.ensure(name, wish)
    after = sim.state.config.get("NetWork.NetIPFilter"), sim.state.config.get("NetWork.NetCommon")
    assert after == before


async def test_what_is_allowed_is_written(sim, device):
    wish = {"Enable": True, "Trusted": ["10.0.0.1"]}
    plan, applied = await device.settings.ensure("NetWork.NetIPFilter", wish, allow_disconnect=True)
    assert plan.dangers
    assert applied is not None
    assert applied.verified
    assert sim.state.config["NetWork.NetIPFilter"]["Enable"] in (True, 1)


async def test_what_endangers_nothing_has_no_dangers(device):
    assert (await device.settings.plan("NetWork.NetCommon", {"HostName": "door"})).dangers == ()
    assert (await device.settings.plan("NetWork.NetIPFilter", {"Trusted": ["127.0.0.1"]})).dangers == ()
