"""The dashboard: every channel live, its motion sensor, and buttons that move it."""

from __future__ import annotations

from typing import Any

from .entities import View
from .hass_client import HassClient

PATH = "dvrip-demo"
TITLE = "Cameras"
PRESET = 1
HISTORY_H = 0.1
_MOVE_S = 0.5
# What a press does, its symbol, and what a pointer resting there reads.
_BUTTONS = (
    ("left", "mdi:arrow-left-bold", "Pan left"),
    ("up", "mdi:arrow-up-bold", "Tilt up"),
    ("down", "mdi:arrow-down-bold", "Tilt down"),
    ("right", "mdi:arrow-right-bold", "Pan right"),
    ("zoom_in", "mdi:magnify-plus-outline", "Zoom in"),
    ("zoom_out", "mdi:magnify-minus-outline", "Zoom out"),
    ("home", "mdi:home-outline", f"Go to preset {PRESET}"),
)
_BUTTON_PX = 36
_BUTTON_STYLE = {
    "bottom": "8px",
    "transform": "none",
    "padding": "4px",
    "line-height": "0",
    "border-radius": "50%",
    "color": "white",
    "background": "rgba(0, 0, 0, 0.45)",
    "--mdc-icon-size": "20px",
}


async def save(hass: HassClient, views: list[View]) -> None:
    """Create the dashboard, or bring it up to date, and make it the first page a user sees."""
    known = {dashboard["url_path"] for dashboard in await hass.command("lovelace/dashboards/list")}
    if PATH not in known:
        await hass.command(
            "lovelace/dashboards/create", url_path=PATH, title=TITLE, icon="mdi:cctv", mode="storage"
        )
    await hass.command("lovelace/config/save", url_path=PATH, config=config(views))
    await hass.command("frontend/set_system_data", key="core", value={"default_panel": PATH})


def config(views: list[View]) -> dict[str, Any]:
    """The dashboard as Home Assistant stores it."""
    return {
        "title": TITLE,
        "views": [
            {
                "title": TITLE,
                "path": "live",
                "type": "sections",
                "max_columns": 3,
                "sections": [*(_section(view) for view in views), _history(views)],
            }
        ],
    }


def _section(view: View) -> dict[str, Any]:
    badge = {
        "type": "entity",
        "entity": view.motion,
        "show_state": True,
        "show_icon": True,
        "color": "state",
    }
    heading = {"type": "heading", "heading": view.name, "icon": "mdi:cctv", "badges": [badge]}
    picture = {
        "type": "picture-elements",
        "camera_image": view.shown,
        "camera_view": "live",
        "elements": [_button(view, place, *button) for place, button in enumerate(_BUTTONS)],
    }
    return {"type": "grid", "cards": [heading, picture]}


def _history(views: list[View]) -> dict[str, Any]:
    graph = {
        "type": "history-graph",
        "hours_to_show": HISTORY_H,
        "entities": [{"entity": view.motion, "name": view.name} for view in views],
        "grid_options": {"columns": "full"},
    }
    heading = {"type": "heading", "heading": "Motion", "icon": "mdi:motion-sensor"}
    return {"type": "grid", "column_span": 3, "cards": [heading, graph]}


def _button(view: View, place: int, act: str, icon: str, title: str) -> dict[str, Any]:
    move = {"direction": act, "duration": _MOVE_S}
    call = ("dvrip.ptz_preset", {"preset": PRESET}) if act == "home" else ("dvrip.ptz_move", move)
    return {
        "type": "icon",
        "icon": icon,
        "title": title,
        "style": _BUTTON_STYLE | {"left": f"{8 + place * _BUTTON_PX}px"},
        "tap_action": {
            "action": "perform-action",
            "perform_action": call[0],
            "data": call[1],
            "target": {"entity_id": view.shown},
        },
    }
