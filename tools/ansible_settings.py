"""Write what the Ansible module `settings` takes, from the rows of the controls: options and documentation.

`--check` writes nothing and fails when a file would change.
"""

from __future__ import annotations

import json
import sys
import textwrap
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "shared")]

from dvrip_proto import CONTROLS, Control  # noqa: E402 - needs the path
from tools.written import write_or_check  # noqa: E402 - needs the path

PLUGINS = ROOT / "ansible_collections" / "dvrip" / "devices" / "plugins"
OPTIONS = PLUGINS / "module_utils" / "_setting_options.py"
FRAGMENT = PLUGINS / "doc_fragments" / "_settings.py"
HEAD = """# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.
# Written by tools/ansible_settings.py from the controls of the library.
"""
# Kinds that have a type of Ansible; what the others take says their sentence.
RAW = ("schedule", "list", "set", "mask", "row")
TYPES = {"bool": "bool", "int": "int", **dict.fromkeys(RAW, "raw")}


TEXTS = {"choice", "code", "text", "time", "timezone", "ipv4", "hex", "secret"}


def option(control: Control) -> dict[str, Any]:
    """What the argument spec says of a control."""
    kind = control.kind
    found: dict[str, Any] = {"type": TYPES.get(kind.name, "raw" if kind.name not in TEXTS else "str")}
    if kind.options and not getattr(kind, "open", False):
        found["choices"] = list(kind.options)
    if kind.secret:
        found["no_log"] = True
    elif "key" in control.key:
        found["no_log"] = False  # Ansible takes every name with a key in it for a secret
    return found


def lists() -> dict[str, list[Control]]:
    """Controls by the option that has them: "" the device's own, "channels", "alarm_outputs" ..."""
    found: dict[str, list[Control]] = {}
    for control in CONTROLS:
        name = f"{control.spec.element.replace(' ', '_')}s" if control.per_channel else ""
        found.setdefault(name, []).append(control)
    return found


def number_option(name: str) -> str:
    """Name of the option that says which one of a list is meant."""
    return "channel" if name == "channels" else "number"


def literal(found: dict[str, Any]) -> str:
    """The options as the formatter writes them."""
    return json.dumps(found, ensure_ascii=False).replace(": true", ": True").replace(": false", ": False")


def spec_text() -> str:
    """The file of the argument spec."""
    lines = [HEAD, '"""Options of the module `settings`: one a control of the library."""\n']
    lines += ["from __future__ import annotations\n", "import typing as t\n", "# fmt: off"]
    lines += ["DEVICE: dict[str, dict[str, t.Any]] = {"]
    lines += [f"    {json.dumps(row.key)}: {literal(option(row))}," for row in lists().get("", [])] + ["}"]
    lines += ["# Option that is a list -> the option that says which one is meant, and those of one.\n"]
    lines += ["LISTS: dict[str, tuple[str, dict[str, dict[str, t.Any]]]] = {"]
    for name, rows in lists().items():
        if name:
            lines += [f'    "{name}": ("{number_option(name)}", {{']
            lines += [f"        {json.dumps(row.key)}: {literal(option(row))}," for row in rows] + ["    }),"]
    lines += ["}", "# fmt: on", ""]
    return (
        "\n".join(lines)
        .replace("'", '"')
        .replace("meant, and those of one.\n\n", "meant, and those of one.\n")
    )


def page(control: Control, indent: int) -> str:
    """What the documentation says of a control."""
    found = option(control)
    where = f"{control.object} {control.path}".strip()
    text = f"{control.title}: {control.kind.allowed}. It is C({where}) of the device."
    parts = [f"type: {found['type']}", f"description: {json.dumps(text, ensure_ascii=False)}"]
    if "choices" in found:
        parts.append(f"choices: {json.dumps(found['choices'], ensure_ascii=False)}")
    # YAML joins the lines of a quoted text by one space; a line of more than 160 fails the checks.
    return textwrap.fill(
        f"{control.key}: {{{', '.join(parts)}}}",
        width=160,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + 2),
        break_long_words=False,
        break_on_hyphens=False,
    )


def fragment_text() -> str:
    """The file of the documentation fragment."""
    lines = [HEAD, "from __future__ import annotations\n\n", "class ModuleDocFragment:"]
    lines += ['    """Settings by name."""\n', '    DOCUMENTATION = r"""', "options:"]
    lines += [page(row, 2) for row in lists().get("", [])]
    for name, rows in lists().items():
        if name:
            element = rows[0].spec.element
            lines += [
                f"  {name}:",
                f"    description: Settings of the {element}s, one entry for each or for several at once.",
                "    type: list",
                "    elements: dict",
                "    default: []",
                "    suboptions:",
                f"      {number_option(name)}:",
                "        description:",
                f"          - Number of the {element}, from V(1), or a list of numbers, or V(all).",
                "          - A setting of one of them wins over the same setting of V(all).",
                "        type: raw",
                "        required: true",
                *(page(row, 6) for row in rows),
            ]
    return "\n".join([*lines, '"""', ""])


if __name__ == "__main__":
    sys.exit(write_or_check({OPTIONS: spec_text(), FRAGMENT: fragment_text()}))
