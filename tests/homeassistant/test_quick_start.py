"""What a start need not do again: entities that are disabled, and what entities of one device share."""

from __future__ import annotations

from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from custom_components.dvrip import entity as entity_module
from custom_components.dvrip.setting import DvripSetting
from dvrip_proto.simulator import Simulator
from tests.homeassistant.world import entry_for, set_up, until


async def made_by(hass: HomeAssistant, entry_id: str) -> set[str]:
    """Entity ids of the settings that are made when an entry is set up again."""
    made: list[DvripSetting] = []
    make = DvripSetting.__init__

    def note(self: DvripSetting, *arguments: object) -> None:
        make(self, *arguments)
        made.append(self)

    with patch.object(DvripSetting, "__init__", note):
        assert await hass.config_entries.async_reload(entry_id)
        await hass.async_block_till_done()
    return {each.entity_id for each in made}


async def test_settings_that_are_disabled_are_made_once_only_and_come_when_they_are_enabled(
    hass: HomeAssistant, recorder: Simulator
) -> None:
    entry = await set_up(hass, entry_for(recorder))
    registry = er.async_get(hass)
    known = er.async_entries_for_config_entry(registry, entry.entry_id)
    made = await made_by(hass, entry.entry_id)
    disabled = {each.entity_id for each in known if each.disabled}
    assert len(disabled) > 100
    assert made
    assert sorted(made & disabled) == []
    assert er.async_entries_for_config_entry(registry, entry.entry_id) == known

    wanted = next(each for each in known if each.disabled and each.unique_id.endswith("_0_tamper_detection"))
    registry.async_update_entity(wanted.entity_id, disabled_by=None)
    assert wanted.entity_id in await made_by(hass, entry.entry_id)
    await until(lambda: hass.states.get(wanted.entity_id).state in {"on", "off"})


async def test_another_title_is_told_to_the_registry(hass: HomeAssistant, recorder: Simulator) -> None:
    entry = await set_up(hass, entry_for(recorder))
    session = entry.runtime_data.session
    assert entity_module.device_info(session) is entity_module.device_info(session)
    assert entity_module.channel_info(session, 1)["name"].startswith("Gate")
    hass.config_entries.async_update_entry(entry, title="Cellar")
    assert entity_module.device_info(session)["name"] == "Cellar"
    assert entity_module.channel_info(session, 1)["name"].startswith("Cellar")
