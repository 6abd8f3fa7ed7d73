"""Every text that a person would see, rendered with the placeholders that the code gives."""

from __future__ import annotations

import json
import string
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigFlow, OptionsFlow
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

import custom_components.dvrip
from custom_components.dvrip.const import DOMAIN

STRINGS = json.loads((Path(custom_components.dvrip.__file__).parent / "strings.json").read_text())
CARDS = ("integration_discovery", "reauth", "reconfigure", "dhcp")


def render(text: str, placeholders: Mapping[str, Any] | None) -> str:
    """`text` as the frontend shows it; fails for a placeholder without a value."""
    names = {name for _, name, *_ in string.Formatter().parse(text) if name}
    missing = names - set(placeholders or {})
    assert not missing, f"{text!r} wants {sorted(missing)}, the code gives {sorted(placeholders or {})}"
    return text.format(**(placeholders or {}))


def check_form(kind: str, result: Mapping[str, Any], context: Mapping[str, Any]) -> None:
    """Check title, description, fields and errors of a form."""
    step = STRINGS[kind]["step"][result["step_id"]]
    given = result["description_placeholders"]
    for key in ("title", "description"):
        if key in step:
            render(step[key], given)
    for field in result["data_schema"].schema if result["data_schema"] else ():
        render(step["data"][str(field)], given)
        render(step["data_description"][str(field)], given)
    for error in (result["errors"] or {}).values():
        render(STRINGS[kind]["error"][error], given)
    if kind == "config" and context.get("source") in CARDS:
        render(STRINGS["config"]["flow_title"], context.get("title_placeholders", {"name": ""}))


def check_abort(kind: str, result: Mapping[str, Any]) -> None:
    """Check the reason of an abort."""
    render(STRINGS[kind]["abort"][result["reason"]], result["description_placeholders"])


@contextmanager
def checked() -> Iterator[None]:  # noqa: C901 - one small wrapper a door
    """Within it, everything that the integration shows is rendered."""

    def wrapped(flow: type, name: str, check: Callable[..., None]) -> Any:
        original = getattr(flow, name)

        def show(self: Any, **given: Any) -> Any:
            result = original(self, **given)
            if type(self).__module__.startswith("custom_components."):
                check("config" if isinstance(self, ConfigFlow) else "options", self, result)
            return result

        return patch.object(flow, name, show)

    def form(kind: str, flow: Any, result: Mapping[str, Any]) -> None:
        check_form(kind, result, flow.context)

    def abort(kind: str, _flow: Any, result: Mapping[str, Any]) -> None:
        check_abort(kind, result)

    create_issue = ir.async_create_issue

    def issue(hass: Any, domain: str, issue_id: str, **given: Any) -> None:
        if domain == DOMAIN:
            text = STRINGS["issues"][given["translation_key"]]
            placeholders = given.get("translation_placeholders")
            render(text["title"], placeholders)
            if given["is_fixable"]:
                assert "fix_flow" in text, given["translation_key"]
            else:
                render(text["description"], placeholders)
        create_issue(hass, domain, issue_id, **given)

    raise_error = HomeAssistantError.__init__

    def error(self: HomeAssistantError, *args: Any, **given: Any) -> None:
        if given.get("translation_domain") == DOMAIN:
            text = STRINGS["exceptions"][given["translation_key"]]["message"]
            render(text, given.get("translation_placeholders"))
        raise_error(self, *args, **given)

    with (
        wrapped(ConfigFlow, "async_show_form", form),
        wrapped(OptionsFlow, "async_show_form", form),
        wrapped(ConfigFlow, "async_abort", abort),
        patch.object(ir, "async_create_issue", issue),
        patch.object(HomeAssistantError, "__init__", error),
    ):
        yield
