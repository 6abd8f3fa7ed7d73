"""Write docs/actions.md: every action of the integration with its fields, as Home Assistant shows them.

`--check` fails when the page is not what it would be.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "actions.md"
sys.path[:0] = [str(ROOT)]

from tools.written import write_or_check  # noqa: E402 - found by the line above

_HERE: Final = ROOT / "custom_components" / "dvrip"
_HEAD: Final = """\
<!-- Written by tools/action_pages.py: change services.yaml and strings.json, run it. -->

# Actions

What automations and scripts can do in Home Assistant besides setting [entities](entities.md). Channels are
not named: an action's target is a camera, or whatever entity or device is given there.

Moments are in the device's own time. One that names its zone, such as `trigger.to_state.last_changed` of an
automation, is turned into what the clock of the device shows then. An error names the device or channel.

"""


def page() -> str:
    """Text of docs/actions.md."""
    actions = yaml.safe_load((_HERE / "services.yaml").read_text("utf-8"))
    texts = json.loads((_HERE / "strings.json").read_text("utf-8"))["services"]
    rows = (f"| [`dvrip.{name}`](#dvrip{name}) | {texts[name]['description']} |\n" for name in actions)
    table = "| action | what it does |\n|---|---|\n" + "".join(rows)
    return _HEAD + table + "".join("".join(_section(name, actions[name], texts[name])) for name in actions)


def _section(name: str, action: dict[str, Any] | None, texts: dict[str, Any]) -> Iterator[str]:
    yield f"\n## dvrip.{name}\n\n**{texts['name']}.** {texts['description']}\n"
    fields = (action or {}).get("fields") or {}
    if fields:
        yield "\n| field | values | what |\n|---|---|---|\n"
    for key, field in fields.items():
        told = texts["fields"][key]["description"]
        needed = "**Needed.** " if field.get("required") else ""
        default = f" Without it `{json.dumps(field['default'])}`." if "default" in field else ""
        yield f"| `{key}` | {_values(field.get('selector') or {})} | {needed}{told}{default} |\n"


def _values(selector: dict[str, Any]) -> str:
    kind, told = next(iter(selector.items()), ("", None))
    told = told or {}
    if kind == "select":
        return ", ".join(f"`{each if isinstance(each, str) else each['value']}`" for each in told["options"])
    if kind == "number":
        unit = f" {told['unit_of_measurement']}" if told.get("unit_of_measurement") else ""
        return f"{told.get('min', '')} to {told.get('max', '')}{unit}"
    return str(kind).replace("_", " ")


if __name__ == "__main__":
    sys.exit(write_or_check({PAGE: page()}))
