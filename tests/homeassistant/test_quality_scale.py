"""The quality scale claims what is shown: each rule that is done names a test or a part of a page, and it is there."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from homeassistant.components.binary_sensor import BinarySensorDeviceClass
from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

import custom_components.dvrip
from custom_components.dvrip.const import PLATFORMS
from custom_components.dvrip.runtime import DvripData
from dvrip_proto.simulator import Simulator
from tests.homeassistant.world import PASSWORD, entity, entry_for, set_up

COMPONENT = Path(custom_components.dvrip.__file__).parent
ROOT = COMPONENT.parent.parent
RULES = yaml.safe_load((COMPONENT / "quality_scale.yaml").read_text())["rules"]
DONE = {rule: told["comment"] for rule, told in RULES.items() if told["status"] == "done"}


def headings(page: Path) -> set[str]:
    """Anchors of a page, as GitHub and the site make them."""
    lines = [line for line in page.read_text("utf-8").splitlines() if line.startswith("#")]
    return {re.sub(r"[^\w\- ]", "", line.lstrip("# ").lower()).replace(" ", "-") for line in lines}


def names_of_tests(module: Path) -> set[str]:
    """Names of the tests of a module."""
    tree = ast.parse(module.read_text("utf-8"))
    return {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    }


def test_every_rule_is_there_once() -> None:
    assert len(RULES) == 54
    assert {told["status"] for told in RULES.values()} == {"done", "todo", "exempt"}
    assert [rule for rule, told in RULES.items() if told["status"] == "todo"] == [
        "dependency-transparency",
        "integration-owner",
    ]


@pytest.mark.parametrize("rule", sorted(DONE))
def test_what_a_rule_names_is_there(rule: str) -> None:
    shown = DONE[rule]
    if "::" in shown:
        module, _, test = shown.partition("::")
        assert test in names_of_tests(ROOT / module)
    elif "#" in shown:
        page, _, anchor = shown.partition("#")
        assert anchor in headings(ROOT / page)
    else:
        assert rule == "test-coverage"
        measured = r'--include="custom_components/dvrip/\*" --fail-under=(\d+)'
        [least] = re.findall(measured, (ROOT / "Makefile").read_text("utf-8"))
        assert int(least) > 95


def test_the_page_says_which_rules_are_not_done() -> None:
    page = (ROOT / "docs" / "home-assistant.md").read_text("utf-8")
    said = page.partition("## Quality scale")[2].partition("\n## ")[0]
    for rule, told in RULES.items():
        assert (f"`{rule}`" in said) == (told["status"] == "todo"), rule


def test_the_page_has_every_platform_in_its_table() -> None:
    page = (ROOT / "docs" / "home-assistant.md").read_text("utf-8")
    table = page.partition("## What there is")[2].partition("| action |")[0].lower()
    firsts = " ".join(line.split("|")[1] for line in table.splitlines() if line.startswith("| "))
    # Of a switch and a select there are several.
    assert [one for one in PLATFORMS if not re.search(rf"\b{one.replace('_', ' ')}(s|es)?\b", firsts)] == []


def test_every_platform_says_how_many_may_work_at_once() -> None:
    for platform in PLATFORMS:
        assert re.search(r"^PARALLEL_UPDATES = [01]$", (COMPONENT / f"{platform}.py").read_text(), re.M), (
            platform
        )


def test_what_entities_share_is_in_the_usual_modules() -> None:
    assert (COMPONENT / "entity.py").is_file()
    shared = [COMPONENT / "settings.py", COMPONENT / "status.py"]
    assert all("(DataUpdateCoordinator[" in module.read_text() for module in shared)


async def test_what_an_entry_needs_is_its_runtime_data(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    assert isinstance(entry.runtime_data, DvripData)
    assert "dvrip" not in hass.data or not isinstance(hass.data["dvrip"], dict)


async def test_every_entity_has_a_unique_id_and_a_name_within_its_device(
    hass: HomeAssistant, recorder: Simulator
) -> None:
    entry = await set_up(hass, entry_for(recorder))
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    assert len({(one.domain, one.unique_id) for one in entities}) == len(entities) > 100
    assert all(one.has_entity_name and one.device_id for one in entities)


async def test_settings_and_diagnostics_are_set_apart(hass: HomeAssistant, recorder: Simulator) -> None:
    entry = await set_up(hass, entry_for(recorder))
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    category = {one.unique_id.removeprefix(f"{recorder.serial}_"): one.entity_category for one in entities}
    assert category["0_motion_detection"] is EntityCategory.CONFIG
    assert category["storage_used"] is EntityCategory.DIAGNOSTIC
    assert category["0_motion"] is category["0_sub"] is category["speaker"] is None


async def test_a_relay_is_what_people_switch_and_no_setting(hass: HomeAssistant) -> None:
    async with Simulator(profile="hvr", users={"admin": PASSWORD}) as hvr:
        await set_up(hass, entry_for(hvr))
        registry = er.async_get(hass)
        assert (
            registry.async_get(entity(hass, f"{hvr.serial}_0_alarm_output", "switch")).entity_category is None
        )
        mode = registry.async_get(entity(hass, f"{hvr.serial}_0_alarm_output_mode", "select"))
        assert mode.entity_category is EntityCategory.CONFIG


async def test_classes_are_those_of_home_assistant(hass: HomeAssistant, recorder: Simulator) -> None:
    await set_up(hass, entry_for(recorder))
    for place, platform, kind in (
        ("0_motion", "binary_sensor", BinarySensorDeviceClass.MOTION),
        ("0_video_loss", "binary_sensor", BinarySensorDeviceClass.PROBLEM),
        ("connected", "binary_sensor", BinarySensorDeviceClass.CONNECTIVITY),
        ("storage_total", "sensor", SensorDeviceClass.DATA_SIZE),
        ("oldest_recording", "sensor", SensorDeviceClass.TIMESTAMP),
    ):
        state = hass.states.get(entity(hass, f"{recorder.serial}_{place}", platform))
        assert state.attributes["device_class"] == kind


async def test_a_disabled_entity_listens_to_nothing(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    alarms = entry.runtime_data.alarms
    registry = er.async_get(hass)
    motion = registry.async_get(entity(hass, f"{sim.serial}_0_motion", "binary_sensor"))
    waiting = [alarm for alarm, listeners in alarms._waiting.items() if listeners and alarm[1] == 0]
    registry.async_update_entity(motion.entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    await hass.async_block_till_done()
    left = [alarm for alarm, listeners in alarms._waiting.items() if listeners and alarm[1] == 0]
    assert len(left) == len(waiting) - 1


def test_the_library_waits_without_a_thread() -> None:
    """Files and pictures go to an executor; the protocol has neither a blocking socket nor a thread of its own."""
    blocking = re.compile(
        r"^import threading|to_thread|run_in_executor|\.sendall\(|\.recv\(|time\.sleep", re.M
    )
    for module in (ROOT / "shared" / "dvrip_proto").glob("connection/*.py"):
        assert not blocking.search(module.read_text("utf-8")), module


def test_types_are_checked_strictly() -> None:
    mypy = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mypy"]
    assert mypy["strict"] is True
    assert {"shared/dvrip_proto", "custom_components/dvrip"} <= set(mypy["files"])
    assert (ROOT / "shared" / "dvrip_proto" / "py.typed").exists()
