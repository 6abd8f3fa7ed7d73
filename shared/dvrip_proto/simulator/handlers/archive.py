"""Configuration and log as ZIP files: export and import."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Final

from ...values import Json
from ...wire.ids import MessageId
from .request import NO_RIGHT, Answer, Handler, Request, reply

_FOLDER: Final = "Config/Json/"
_IMPORT_FAILED: Final = 601
_RESTART: Final = 602
_TOTAL_MAX: Final = 16 * 1024 * 1024


def _export(request: Request) -> Answer:
    if not request.allows("ImExport"):
        return reply(NO_RIGHT)
    objects = request.state.config
    return _zip({f"{_FOLDER}{name}.json": json.dumps(value) for name, value in sorted(objects.items())})


def _export_defaults(request: Request) -> Answer:
    if not request.allows("ImExport"):
        return reply(NO_RIGHT)
    upgrade = request.state.profile.data["upgrade"]
    product = f"[Product]\nHardware={upgrade['Hardware']}\nVendor={upgrade['Vendor']}\n"
    objects = {name: json.dumps(value) for name, value in sorted(request.state.store.defaults.items())}
    return _zip(
        {"ProductType.ini": product, **{f"{_FOLDER}{name}.json": text for name, text in objects.items()}}
    )


def _export_log(request: Request) -> Answer:
    if not request.allows("ImExport", "QueryLog"):
        return reply(NO_RIGHT)
    return _zip({"Log": request.state.journal.text()})


def _import(request: Request) -> Answer:
    if not request.allows("ImExport"):
        return reply(NO_RIGHT)
    try:
        objects = _unzip(request.frame.body)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError):
        return reply(_IMPORT_FAILED)
    for name, value in objects.items():
        request.state.store.write(name, value)
    request.state.journal.add("RestoreConfig", "Import", request.user)
    return reply(_RESTART)


def _zip(members: dict[str, str]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in members.items():
            file.writestr(name, text)
    return archive.getvalue()


def _unzip(data: bytes) -> dict[str, Json]:
    objects: dict[str, Json] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(member.file_size for member in archive.infolist()) > _TOTAL_MAX:
            raise ValueError("too big")
        for member in archive.infolist():
            if not member.filename.startswith(_FOLDER) or not member.filename.endswith(".json"):
                continue
            name = member.filename.removeprefix(_FOLDER).removesuffix(".json")
            objects[name] = json.loads(archive.read(member))
    if not objects:
        raise ValueError("no configuration inside")
    return objects


TABLE: Final[dict[int, Handler]] = {
    MessageId.CONFIG_EXPORT: _export,
    MessageId.DEFAULT_CONFIG_EXPORT: _export_defaults,
    MessageId.LOG_EXPORT: _export_log,
    MessageId.CONFIG_IMPORT: _import,
}
