"""A mistake is told in the library's sentence by the actions of Home Assistant."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from custom_components.dvrip.const import DOMAIN
from dvrip_proto.simulator import Simulator
from tests.homeassistant.test_settings import set_up_with
from tests.homeassistant.world import PASSWORD, entity, entry_for, set_up
from tests.sentences import LOCK_OUTS, MISTAKES, OUT_OF_RANGE, Mistake


@pytest.fixture
async def model(request: pytest.FixtureRequest, socket_enabled: None) -> AsyncIterator[Simulator]:
    async with Simulator(profile=request.param.profile, users={"admin": PASSWORD}) as simulator:
        yield simulator


@pytest.mark.parametrize(
    ("model", "mistake"), [(each, each) for each in (*MISTAKES, *LOCK_OUTS)], indirect=["model"], ids=str
)
async def test_an_action_says_the_sentence_and_writes_what_is_allowed(
    hass: HomeAssistant, model: Simulator, mistake: Mistake
) -> None:
    entry = await set_up(hass, entry_for(model))
    before = copy.deepcopy(model.state.config[mistake.object])
    wish = {
        "device_id": entry.runtime_data.session.device_id,
        "name": mistake.object,
        "value": mistake.wish,
        **({} if mistake.channel is None else {"channel": mistake.channel}),
    }
    with pytest.raises(ServiceValidationError) as told:
        await hass.services.async_call(DOMAIN, "set_config", wish, blocking=True)
    assert f"{model.host}:{model.port}: {mistake.says}" in str(told.value)
    assert model.state.config[mistake.object] == before
    if mistake in LOCK_OUTS:
        await hass.services.async_call(
            DOMAIN, "set_config", {**wish, "allow_disconnect": True}, blocking=True
        )
        assert model.state.config[mistake.object] != before


@pytest.mark.parametrize(
    ("model", "mistake"), [(OUT_OF_RANGE, OUT_OF_RANGE)], indirect=["model"], ids=["out of range"]
)
async def test_an_entity_says_the_sentence(hass: HomeAssistant, model: Simulator, mistake: Mistake) -> None:
    assert mistake.channel is not None
    place = f"{mistake.channel - 1}_{mistake.setting}"
    await set_up_with(hass, model, ("number", place))
    number = entity(hass, f"{model.serial}_{place}", "number")
    # The action `set_value` knows the range and has words of Home Assistant's own; nothing else may pass, either.
    with pytest.raises(ServiceValidationError) as told:
        await (
            hass.data["entity_components"]["number"].get_entity(number).async_set_native_value(mistake.value)
        )
    assert f"{model.host}:{model.port}: {mistake.says}" in str(told.value)
