"""Write docs/ansible-modules.md: every module and plugin of the collection, as ansible-doc tells of it.

`--check` fails when the page is not what it would be.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "ansible-modules.md"
sys.path[:0] = [str(ROOT)]

from tools.written import write_or_check  # noqa: E402 - found by the line above

_PLUGINS: Final = ROOT / "ansible_collections" / "dvrip" / "devices" / "plugins"
_KINDS: Final = {"module": "modules", **{kind: kind for kind in ("connection", "inventory", "lookup")}}
_HEAD: Final = """\
<!-- Written by tools/ansible_pages.py: change the documentation in ansible_collections/, run it. -->

# Ansible modules

Every module and plugin of the collection `dvrip.devices`, as `ansible-doc dvrip.devices.NAME` shows it.
How to begin is in [the tutorial](tutorial-ansible.md).

"""
_MANY: Final = 60


def page() -> str:
    """Text of docs/ansible-modules.md."""
    text = _HEAD
    told = {kind: _documents(kind, folder) for kind, folder in _KINDS.items()}
    text += "| name | what it does |\n|---|---|\n"
    for documents in told.values():
        for name, document in documents.items():
            text += f"| [{name}](#{name}) | {_prose(document['doc']['short_description'])} |\n"
    for kind, documents in told.items():
        for name, document in documents.items():
            text += "".join(_section(kind, name, document))
    return text


def _documents(kind: str, folder: str) -> dict[str, Any]:
    ansible_doc = Path(sys.executable).with_name("ansible-doc")
    names = sorted(file.stem for file in (_PLUGINS / folder).glob("[a-z]*.py"))
    done = subprocess.run(
        [
            ansible_doc,
            "-t",
            kind,
            "-j",
            *(f"dvrip.devices.{name}" for name in names),
        ],
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(ROOT), "ANSIBLE_LOCALHOST_WARNING": "0"},
        capture_output=True,
        check=True,
        text=True,
    )
    documents = json.loads(done.stdout)
    return {name: documents[f"dvrip.devices.{name}"] for name in names}


def _section(kind: str, name: str, document: dict[str, Any]) -> Iterator[str]:
    doc = document["doc"]
    title = "" if kind == "module" else f"\nA plugin: {kind}.\n"
    yield f"\n## {name}\n{title}\n{_paragraphs(doc['description'])}\n"
    if doc.get("notes"):
        yield "\n" + "".join(f"- {_prose(note)}\n" for note in _list(doc["notes"]))
    if options := doc.get("options"):
        yield "\n| option | type | what |\n|---|---|---|\n"
        yield from _options(options, "")
    if document.get("examples"):
        yield f"\n```yaml\n{document['examples'].strip()}\n```\n"
    returned = document.get("return") or {}
    if returned:
        yield "\n| returns | type | what |\n|---|---|---|\n"
        for key, value in returned.items():
            yield f"| `{key}` | {value.get('type', '')} | {_cell(value.get('description', ''))} |\n"


def _options(options: dict[str, Any], prefix: str) -> Iterator[str]:
    for key, value in options.items():
        kind = value.get("type", "str")
        if kind == "list":
            kind = f"list of {value.get('elements', 'str')}"
        told = _cell(value.get("description", ""))
        if value.get("required"):
            told = f"**Needed.** {told}"
        if value.get("choices"):
            told += f" One of {', '.join(f'`{choice}`' for choice in value['choices'])}."
        if value.get("default") is not None:
            told += f" Without it `{json.dumps(value['default'])}`."
        yield f"| `{prefix}{key}` | {kind} | {told} |\n"
        within = value.get("suboptions") or {}
        if len(within) > _MANY:
            told = f"One of {len(within)} [settings](settings.md)."
            yield f"| `{prefix}{key}.KEY` | | {told} |\n"
        else:
            yield from _options(within, f"{prefix}{key}.")


def _paragraphs(text: Any) -> str:
    return "\n\n".join(_prose(each) for each in _list(text))


def _cell(text: Any) -> str:
    told = " ".join(_prose(each) for each in _list(text))
    told = re.sub(r"`([^`]*\|[^`]*)`", lambda found: f"<code>{found[1].replace('|', '&#124;')}</code>", told)
    return told.replace("|", "&#124;")


def _list(text: Any) -> list[str]:
    return [str(each) for each in text] if isinstance(text, list) else [str(text)]


def _prose(text: str) -> str:
    """Ansible's marks as Markdown's."""
    text = re.sub(r"\b(?:O|RV)\(([^()]+)\)", lambda found: f"`{found[1].rpartition(':')[2]}`", text)
    text = re.sub(r"\b[CV]\(([^()]+(?:\([^()]*\))?[^()]*)\)", r"`\1`", text)
    text = re.sub(r"\b[BM]\(([^()]+)\)", r"**\1**", text)
    text = re.sub(r"\bP\(([^()#]+)#?\w*\)", r"**\1**", text)
    text = re.sub(r"\b[EI]\(([^()]+)\)", r"`\1`", text)
    text = re.sub(r"\b[LR]\(([^(),]+),\s*([^()]+)\)", r"[\1](\2)", text)
    return " ".join(re.sub(r"\bU\(([^()]+)\)", r"<\1>", text).split())


if __name__ == "__main__":
    sys.exit(write_or_check({PAGE: page()}))
