"""Write the names and icons of the settings into the integration's strings.json, en.json and icons.json.

A control's title is its name, its words are its options. `--check` writes nothing and fails when a file would
change. What has no control in it stays as it is.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "shared")]

from custom_components.dvrip import number, select, switch, text, time  # noqa: E402 - needs the path
from custom_components.dvrip.settings import NUMBERED, SHOWN  # noqa: E402 - needs the path
from dvrip_proto import Control  # noqa: E402 - needs the path
from tools.written import write_or_check  # noqa: E402 - needs the path

INTEGRATION = ROOT / "custom_components" / "dvrip"
PLATFORMS = {"switch": switch, "select": select, "number": number, "text": text, "time": time}

# Words of devices that say nothing to people.
WORDS = {
    "AUTO": "Automatic",
    "Brazilian": "Portuguese (Brazil)",
    "CLOSE": "Off",
    "ChineseEnglish": "Chinese and English",
    "Close": "Off",
    "ClosedRecord": "Never",
    "ClosedSnap": "Never",
    "ConfigRecord": "By schedule",
    "ConfigSnap": "By schedule",
    "Dansk": "Danish",
    "Everyday": "Every day",
    "KeepClose": "KeepClose",  # nobody has told what it does
    "KeepOpen": "On",
    "MANUAL": "On",
    "ManualRecord": "Always",
    "ManualSnap": "Always",
    "NC": "Normally closed",
    "NO": "Normally open",
    "OFF": "Off",
    "OverWrite": "Overwrite the oldest",
    "Poland": "Polish",
    "Portugal": "Portuguese",
    "SimpChinese": "Chinese (simplified)",
    "Slovakia": "Slovak",
    "StopRecord": "Stop recording",
    "Timing": "By time",
    "TradChinese": "Chinese (traditional)",
    "Turkey": "Turkish",
    "typedefault": "Default",
    "black-white": "Black and white",
    "type1": "Type 1",
    "type2": "Type 2",
}

# Home Assistant spells like Americans, and its cameras are called a main and a sub stream.
THERE = {
    "olour": "olor",
    "icence": "icense",
    "isation": "ization",
    "extra stream": "sub stream",
    "Extra stream": "Sub stream",
}

# The first part of a key that is here gives the icon.
ICONS = {
    "motion": "motion-sensor",
    "person": "account-search",
    "face": "face-recognition",
    "vehicle": "car-search",
    "tamper": "eye-off-outline",
    "video_loss": "video-off-outline",
    "privacy": "eye-lock-outline",
    "mask": "rectangle-outline",
    "alarm_output": "electric-switch",
    "output": "electric-switch",
    "alarm_input": "electric-switch-closed",
    "input": "electric-switch-closed",
    "day_night": "theme-light-dark",
    "light": "lightbulb-on-outline",
    "mirror": "flip-horizontal",
    "flip": "flip-vertical",
    "brightness": "brightness-6",
    "contrast": "contrast-box",
    "saturation": "palette-outline",
    "hue": "palette-outline",
    "volume": "volume-high",
    "audio": "volume-high",
    "sound": "volume-high",
    "microphone": "microphone",
    "record": "record-rec",
    "snapshot": "camera-outline",
    "codec": "file-video-outline",
    "resolution": "aspect-ratio",
    "rate": "speedometer",
    "restart": "restart",
    "time": "clock-outline",
    "ntp": "clock-outline",
    "cloud": "cloud-outline",
    "name": "form-textbox",
    "title": "format-title",
    "osd": "format-title",
    "disk": "harddisk",
    "mail": "email-outline",
    "wifi": "wifi",
}
DEFAULT_ICONS = {
    "switch": "toggle-switch-outline",
    "select": "form-dropdown",
    "number": "tune-variant",
    "text": "form-textbox",
    "time": "clock-outline",
}


def platform(row: Control) -> str | None:
    """Platform whose entity shows a control, None when none does."""
    return next((name for name, module in PLATFORMS.items() if module.fits(row.kind)), None)


def said(word: str) -> str:
    """A device's word as people read it: "KeepOpen" is "On", "black-white" is "Black-white"."""
    if word in WORDS:
        return WORDS[word]
    if word.isupper() or any(char.isdigit() for char in word):
        return word
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", word).lower()
    return spaced[:1].upper() + spaced[1:]


def there(text: str) -> str:
    """A text of ours in the words of Home Assistant."""
    return re.sub("|".join(THERE), lambda found: THERE[found[0]], text)


def texts(row: Control) -> dict[str, Any]:
    """Entry of a control in strings.json."""
    title = there(row.title)
    name = f"{title} {{number}}" if row.spec.element in NUMBERED else title
    states = {select.option_key(word): there(said(word)) for word in row.kind.options}
    return {"name": name, **({"state": dict(sorted(states.items()))} if platform(row) == "select" else {})}


def icon(row: Control) -> dict[str, Any]:
    """Entry of a control in icons.json."""
    key = f"_{row.key}_"
    name = next((icon for part, icon in ICONS.items() if f"_{part}" in key), None)
    return {"default": f"mdi:{name or DEFAULT_ICONS[platform(row) or 'switch']}"}


def merged(tree: dict[str, Any], entry: Any) -> dict[str, Any]:
    """File with the entries of all controls, and without those of controls that are gone."""
    entities = {name: rows for name, rows in tree["entity"].items() if name not in PLATFORMS}
    kept = {name: tree["entity"].get(name, {}) for name in PLATFORMS}
    shown = [row for row in SHOWN if platform(row)]
    for name in PLATFORMS:
        rows = {row.key: entry(row) for row in shown if platform(row) == name}
        entities[name] = dict(sorted({**by_hand(kept[name]), **rows}.items()))
    return {**tree, "entity": dict(sorted(entities.items()))}


def by_hand(rows: dict[str, Any]) -> dict[str, Any]:
    """Entries of what is no control."""
    return {key: row for key, row in rows.items() if key in OTHER}


# Entities of these platforms that are no control: their texts are written by hand.
OTHER: frozenset[str] = frozenset({"ptz_speed", "ptz_preset", "ptz_tour"})


def files() -> dict[Path, str]:
    """Content of each file as it should be."""
    strings = json.loads((INTEGRATION / "strings.json").read_text())
    icons = json.loads((INTEGRATION / "icons.json").read_text())
    english = merged(strings, texts)
    trees = {
        "strings.json": english,
        "translations/en.json": english,
        "icons.json": merged(icons, icon),
    }
    return {
        INTEGRATION / name: json.dumps(tree, indent=2, ensure_ascii=False) + "\n"
        for name, tree in trees.items()
    }


if __name__ == "__main__":
    sys.exit(write_or_check(files()))
