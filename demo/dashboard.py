"""The dashboard: every channel live, its motion sensor, and buttons that move it."""

from __future__ import annotations

from typing import Any

from .entities import View
from .hass_client import HassClient

PATH = "dvrip-demo"
TITLE = "Cameras"
_ARROWS = (
    ("left", "mdi:arrow-left-bold"),
    ("up", "mdi:arrow-up-bold"),
    ("down", "mdi:arrow-down-bold"),
    ("right", "mdi:arrow-right-bold"),
    ("zoom_in", "mdi:magnify-plus-outline"),
    ("zoom_out", "mdi:magnify-minus-outline"),
)
PRESET = 1
HISTORY_H = 0.25


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
        "type": "picture-glance",
        "camera_image": view.shown,
        "camera_view": "live",
        "fit_mode": "cover",
        "aspect_ratio": "16x9",
        "entities": [*(_button(view, *arrow) for arrow in _ARROWS), _preset(view)],
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


def _button(view: View, direction: str, icon: str) -> dict[str, Any]:
    data = {"direction": direction, "duration": 0.5}
    return _act(view, "dvrip.ptz_move", data, icon, direction.replace("_", " "))


def _preset(view: View) -> dict[str, Any]:
    return _act(view, "dvrip.ptz_preset", {"preset": PRESET, "action": "goto"}, "mdi:home-outline", "home")


def _act(view: View, action: str, data: dict[str, Any], icon: str, name: str) -> dict[str, Any]:
    target = {"entity_id": view.shown}
    tap = {"action": "perform-action", "perform_action": action, "target": target, "data": data}
    return {"entity": view.shown, "icon": icon, "name": name, "tap_action": tap}
