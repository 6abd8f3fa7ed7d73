"""What Home Assistant's own checks of an integration would say, as far as they can be said without them."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml
from awesomeversion import AwesomeVersion, AwesomeVersionStrategy
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import validate_selector
from homeassistant.helpers.translation import async_get_translations
from homeassistant.setup import async_setup_component
from PIL import Image
from pytest_homeassistant_custom_component.common import MockConfigEntry

import custom_components.dvrip
from custom_components.dvrip import (
    binary_sensor,
    camera,
    config_flow,
    event,
    failure,
    media_player,
    moves,
    options_flow,
    reported,
    sensor,
    services,
    siren,
)
from custom_components.dvrip.const import CONF_CHANNELS, DOMAIN, PLATFORMS
from dvrip_proto import DIRECTIONS, AuthenticationError, RequestError
from tools import entity_texts

ROOT = Path(custom_components.dvrip.__file__).parent
CHECKOUT = ROOT.parent.parent
MANIFEST = json.loads((ROOT / "manifest.json").read_text())
STRINGS = json.loads((ROOT / "strings.json").read_text())
ICONS = json.loads((ROOT / "icons.json").read_text())
SERVICES = yaml.safe_load((ROOT / "services.yaml").read_text())
SOURCES = {path.name: path.read_text() for path in ROOT.glob("*.py")}

OWN_TEXTS = {
    "firmware_unwatched",
    "no_device",
    "no_such_recording",
    "not_loaded",
    "partly_written",
    "path_not_allowed",
    "sound_not_found",
}
"""What is wrong without a device having said so, or is told whatever it said."""


def test_manifest() -> None:
    assert list(MANIFEST) == ["domain", "name", *sorted(set(MANIFEST) - {"domain", "name"})]
    required = {"domain", "name", "codeowners", "documentation", "issue_tracker", "version", "iot_class"}
    allowed = {
        "after_dependencies",
        "config_flow",
        "dependencies",
        "dhcp",
        "integration_type",
        "loggers",
        "requirements",
    }
    assert required <= set(MANIFEST) <= required | allowed
    assert MANIFEST["domain"] == DOMAIN == ROOT.name
    assert MANIFEST["integration_type"] == "hub"
    assert MANIFEST["iot_class"] == "local_push"
    assert MANIFEST["config_flow"] is True
    assert all(owner.startswith("@") for owner in MANIFEST["codeowners"])
    assert MANIFEST["documentation"].startswith("https://")
    version = AwesomeVersion(MANIFEST["version"])
    assert version.strategy is AwesomeVersionStrategy.SEMVER
    # The release carries the library inside, so nothing may be asked of a package index.
    assert MANIFEST["requirements"] == []


def test_one_version_everywhere() -> None:
    assert f'version = "{MANIFEST["version"]}"' in (CHECKOUT / "pyproject.toml").read_text()


def test_every_component_that_is_imported_is_a_dependency() -> None:
    imported = {
        name
        for source in SOURCES.values()
        for name in re.findall(r"from homeassistant\.components(?:\.(\w+)| import (\w+))", source)
        for name in name
        if name
    }
    platforms = {platform.value for platform in PLATFORMS} | {"diagnostics", "system_health"}
    # What the media browser is made of is there when it loads our part of it.
    known = {*MANIFEST["dependencies"], *MANIFEST["after_dependencies"], "media_player"}
    assert imported - platforms <= known


def test_the_library_is_imported_by_its_public_names() -> None:
    for name, source in SOURCES.items():
        modules = {
            module
            for node in ast.walk(ast.parse(source))
            for module in (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom) and not node.level
                else [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else []
            )  # fmt: skip
            if module.split(".")[0] == "dvrip_proto"
        }
        assert modules <= {"dvrip_proto", "dvrip_proto.relay"}, name


def test_hacs() -> None:
    hacs = json.loads((CHECKOUT / "hacs.json").read_text())
    allowed = {
        "name",
        "content_in_root",
        "country",
        "filename",
        "hide_default_branch",
        "homeassistant",
        "zip_release",
    }
    assert set(hacs) <= allowed
    assert hacs["zip_release"]
    assert hacs["filename"] == "dvrip.zip"


def test_english_is_the_source_of_strings() -> None:
    assert json.loads((ROOT / "translations" / "en.json").read_text()) == STRINGS


def leaves(tree: Any, path: str = "") -> dict[str, str]:
    if isinstance(tree, str):
        return {path: tree}
    return {
        key: text for name, value in tree.items() for key, text in leaves(value, f"{path}.{name}").items()
    }


def test_strings_are_texts_without_addresses() -> None:
    for path, text in leaves(STRINGS).items():
        assert text.strip() == text != "", path
        assert "://" not in text, path
        assert "<" not in text, path


def test_every_step_and_field_has_its_text() -> None:
    source = SOURCES["config_flow.py"]
    steps = STRINGS["config"]["step"]
    shown = set(re.findall(r'_form\(\s*"(\w+)"', source))
    assert shown == set(steps)
    fields = {
        "user": config_flow._address_schema([]),
        "known_device": config_flow._KNOWN_DEVICE,
        "reconfigure": config_flow._RECONFIGURE,
        "discovery_confirm": config_flow.vol.Schema(config_flow._CREDENTIALS),
        "reauth_confirm": config_flow.vol.Schema(config_flow._CREDENTIALS),
    }
    for step, schema in fields.items():
        names = {str(key) for key in schema.schema}
        assert names == set(steps[step]["data"]) == set(steps[step]["data_description"]), step
    options = STRINGS["options"]["step"]["init"]
    asked = {
        str(key) for key in (*options_flow._OPTIONS.schema, *options_flow._LIGHT, *options_flow._FIRMWARE)
    }
    asked |= {CONF_CHANNELS}
    assert asked == set(options["data"]) == set(options["data_description"])
    reasons = set(re.findall(r'reason="(\w+)"', source))
    reasons |= {"already_configured", "already_in_progress", "reauth_successful", "reconfigure_successful"}
    assert set(STRINGS["config"]["abort"]) == reasons


def causes() -> set[str]:
    return {key for _, key in failure._BY_CLASS} | failure._BY_CODE | {"unknown"}


def test_every_failure_has_its_texts() -> None:
    assert set(STRINGS["exceptions"]) == causes() | OWN_TEXTS
    in_forms = causes() - {"unsupported", "not_applied", "wrong_device", "danger", "no_connection"} | {
        "unsupported_encryption"
    }
    assert set(STRINGS["config"]["error"]) == in_forms
    keys = {key for source in SOURCES.values() for key in re.findall(r'translation_key="(\w+)"', source)}
    entity_keys = {key for platform in STRINGS["entity"].values() for key in platform}
    asked = moves.issue_id(MockConfigEntry(entry_id="x")).removesuffix("_x")
    assert set(STRINGS["issues"]) == {asked, *reported.KINDS}
    assert keys <= entity_keys | set(STRINGS["exceptions"])
    assert failure.cause(AuthenticationError("", ret=104)) == failure.cause(RequestError("", ret=104))


def test_every_entity_has_its_name_and_every_name_its_entity() -> None:
    used = {
        "binary_sensor": {
            d.translation_key
            for d in (
                *binary_sensor.CHANNEL_ALARMS,
                binary_sensor.INPUT,
                binary_sensor.NETWORK_PROBLEM,
                binary_sensor.RECORDING,
                binary_sensor.DISK_PROBLEM,
            )
        },
        "button": {f"ptz_{direction}" for direction in DIRECTIONS},
        "camera": {d.translation_key for d in camera.CAMERAS},
        "sensor": {
            d.translation_key
            for d in (*sensor.DEVICE, sensor.BIT_RATE, sensor.CAMERA_STATE, sensor.CAMERA_RESOLUTION)
        },
        "event": {event.ALARM.translation_key, event.DEVICE_ALARM.translation_key},
        "light": {"white_light"},
        "media_player": {media_player.SPEAKER.translation_key},
        "siren": {siren.SIREN.translation_key},
    }
    named = {
        platform: set(entities)
        for platform, entities in STRINGS["entity"].items()
        if platform not in entity_texts.PLATFORMS
    }
    assert {platform: {key for key in keys if key} for platform, keys in used.items()} == named
    for description in binary_sensor.CHANNEL_ALARMS:
        assert description.translation_key or description.device_class, description.key
    for key, types in (
        ("alarm", {**event._PERSON, **event._TYPES}),
        ("device_alarm", {**event._INPUT, **event._DEVICE_TYPES}),
    ):
        states = STRINGS["entity"]["event"][key]["state_attributes"]["event_type"]["state"]
        assert set(states) == set(types.values())


def test_every_name_has_its_icon() -> None:
    for platform, entities in STRINGS["entity"].items():
        for key in entities:
            assert ICONS["entity"][platform][key]["default"].startswith("mdi:")
    assert set(ICONS["services"]) == set(SERVICES)


def keys_of(schema: Any) -> Iterable[Any]:
    """Keys that a schema of an action takes, whatever it is wrapped in."""
    while not isinstance(schema, dict):
        schema = schema.validators[0] if hasattr(schema, "validators") else schema.schema
    return schema


async def test_actions_are_described_as_they_are_registered(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    registered = hass.services.async_services_for_domain(DOMAIN)
    assert set(registered) == set(SERVICES) == set(STRINGS["services"])
    for name, service in SERVICES.items():
        accepted = {str(key) for key in keys_of(registered[name].schema)} - set(targets())
        described = set(STRINGS["services"][name].get("fields", {}))
        assert accepted == set(service.get("fields", {})) == described, name
        for field in service.get("fields", {}).values():
            validate_selector(field["selector"])
    await hass.async_block_till_done()


def targets() -> list[str]:
    return ["entity_id", "device_id", "area_id", "floor_id", "label_id", "metadata"]


def test_choices_of_actions_are_those_of_the_library() -> None:
    direction = SERVICES["ptz_move"]["fields"]["direction"]["selector"]["select"]["options"]
    assert set(direction) == set(DIRECTIONS) == set(STRINGS["selector"]["direction"]["options"])
    action = SERVICES["ptz_preset"]["fields"]["action"]["selector"]["select"]["options"]
    assert tuple(action) == services.PRESET_ACTIONS
    assert set(action) == set(STRINGS["selector"]["preset_action"]["options"])
    action = SERVICES["ptz_tour"]["fields"]["action"]["selector"]["select"]["options"]
    assert tuple(action) == services.TOUR_ACTIONS
    assert set(action) == set(STRINGS["selector"]["tour_action"]["options"])


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("icon", (256, 256)),
        ("icon@2x", (512, 512)),
        ("logo", None),
        ("logo@2x", None),
        ("dark_logo", None),
        ("dark_logo@2x", None),
    ],
)
def test_brand(name: str, size: tuple[int, int] | None) -> None:
    with Image.open(ROOT / "brand" / f"{name}.png") as image:
        image.load()
        assert image.format == "PNG"
        assert image.mode == "RGBA"
        if size:
            assert image.size == size
        else:
            low, high = (256, 512) if "@2x" in name else (128, 256)
            assert low <= min(image.size) <= high


async def test_home_assistant_reads_the_translations(hass: HomeAssistant) -> None:
    texts = await async_get_translations(hass, "en", "exceptions", [DOMAIN])
    assert (
        texts[f"component.{DOMAIN}.exceptions.timeout.message"] == STRINGS["exceptions"]["timeout"]["message"]
    )
