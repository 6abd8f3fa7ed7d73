"""A Home Assistant of its own: seeded configuration, first start, first user. Nothing leaves the machine."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import aiohttp

from .processes import Child
from .progress import DemoError
from .stage import CHECKOUT

ADDRESS = "127.0.0.1"
USER = "demo"
RESTART_EXIT_CODE = 100

_CONFIGURATION = """\
homeassistant:
  name: DVRIP demo
  time_zone: UTC
  unit_system: metric
  country: DE
  allowlist_external_dirs: [{media}]
frontend:
config:
history:
logbook:
media_source:
recorder:
  db_url: "sqlite:///{config}/history.db"
stream:
system_health:
logger:
  default: info
  logs: {levels}
dvrip:
{more}"""


def _http_settings(port: int) -> dict[str, Any]:
    # HTTP settings in YAML are a five minute trial; the stored, stable form is not.
    return {
        "server_port": port,
        "server_host": [ADDRESS],
        "cors_allowed_origins": [],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": False,
        "ssl_profile": "modern",
        "use_x_frame_options": True,
        "created_at": "2026-01-01T00:00:00+00:00",
        "error": None,
        "error_message": None,
    }


def _store(config: Path, key: str, version: int, minor: int, data: dict[str, Any]) -> None:
    content = {"version": version, "minor_version": minor, "key": key, "data": data}
    (config / ".storage" / key).write_text(json.dumps(content), encoding="utf-8")


def seed(config: Path, media: Path, port: int, *, verbose: bool, more: str = "") -> None:
    """Write the configuration directory of a Home Assistant that listens on 127.0.0.1:`port`.

    `more` are further lines of its YAML. Everything about streams is as Home Assistant has it by itself.
    """
    (config / ".storage").mkdir(parents=True)
    media.mkdir(exist_ok=True)
    levels = {"dvrip_proto": "debug", "custom_components.dvrip": "debug"} if verbose else {}
    (config / "configuration.yaml").write_text(
        _CONFIGURATION.format(
            media=json.dumps(str(media)), config=config, levels=json.dumps(levels), more=more
        ),
        encoding="utf-8",
    )
    stable = {"stable": _http_settings(port), "pending": None, "yaml_migration_done": True}
    _store(config, "http", 2, 2, stable)
    # Only the loopback adapter: the integration's discovery probes stay on this machine.
    _store(config, "core.network", 1, 1, {"configured_adapters": ["lo"]})
    # These two steps would start integrations that call out (weather, radio) and ask about analytics.
    _store(config, "onboarding", 4, 1, {"done": ["core_config", "analytics"]})
    shutil.copytree(
        CHECKOUT / "custom_components" / "dvrip",
        config / "custom_components" / "dvrip",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    (config / "custom_components" / "__init__.py").touch()


def process(config: Path, log: Path) -> Child:
    """The `hass` process of a seeded directory. Its user interface can restart it."""
    argv = [Path(sys.executable).parent / "hass", "-c", config, "--skip-pip", "--log-no-color"]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    return Child("Home Assistant", argv, log=log, cwd=config, env=environment, again=RESTART_EXIT_CODE)


async def answers(session: aiohttp.ClientSession, url: str, *, timeout_s: float = 240.0) -> None:
    """Wait until the API answers. Errors: DemoError after `timeout_s`."""
    try:
        async with asyncio.timeout(timeout_s):
            while True:
                try:
                    async with session.get(f"{url}/api/onboarding") as response:
                        if response.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.2)
    except TimeoutError:
        raise DemoError(f"Home Assistant did not answer on {url} within {timeout_s:.0f} s") from None


async def _post(session: aiohttp.ClientSession, url: str, **request: Any) -> dict[str, Any]:
    async with session.post(url, **request) as response:
        content = await response.text()
        if response.status != 200:
            raise DemoError(f"Home Assistant answered {response.status} to {url}: {content[:200]}")
        return dict(json.loads(content))


async def onboard(session: aiohttp.ClientSession, url: str, password: str) -> str:
    """Create the first user as the onboarding page does; returns an access token of his."""
    client = f"{url}/"
    person = {"name": "Demo", "username": USER, "password": password, "language": "en"}
    code = (await _post(session, f"{url}/api/onboarding/users", json=person | {"client_id": client}))[
        "auth_code"
    ]
    grant = {"client_id": client, "grant_type": "authorization_code", "code": code}
    token = str((await _post(session, f"{url}/auth/token", data=grant))["access_token"])
    await _post(
        session,
        f"{url}/api/onboarding/integration",
        json={"client_id": client, "redirect_uri": f"{client}?auth_callback=1"},
        headers={"Authorization": f"Bearer {token}"},
    )
    return token
