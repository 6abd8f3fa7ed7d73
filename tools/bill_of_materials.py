"""What is in a release (CycloneDX 1.6): its artifacts with their checksums, and what the extras can add."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from .collection_archive import EPOCH


def bill_of_materials(project: dict[str, Any], artifacts: Iterable[Path]) -> str:
    """Return the bill of one release as JSON; `project` is the table of that name in pyproject.toml."""
    version = str(project["version"])
    library = Component(
        name=project["name"],
        version=version,
        type=ComponentType.LIBRARY,
        bom_ref=project["name"],
        purl=PackageURL("pypi", name=project["name"], version=version),
        licenses=[LicenseExpression(project["license"])],
    )
    built = [_artifact(path, version) for path in sorted(artifacts)]
    optional = [_optional(name) for name in _extras(project)]
    bom = Bom(components=[*built, *optional])
    bom.metadata.component = library
    bom.metadata.timestamp = datetime.fromtimestamp(EPOCH, UTC)
    bom.serial_number = uuid.uuid5(uuid.NAMESPACE_URL, "".join(_digest(path) for path in sorted(artifacts)))
    bom.register_dependency(library, optional)
    return JsonV1Dot6(bom).output_as_string(indent=2) + "\n"


def _artifact(path: Path, version: str) -> Component:
    return Component(
        name=path.name,
        version=version,
        type=ComponentType.FILE,
        bom_ref=path.name,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=_digest(path))],
    )


def _optional(requirement: str) -> Component:
    name = re.split(r"[^\w-]", requirement, maxsplit=1)[0]
    return Component(
        name=name,
        type=ComponentType.LIBRARY,
        scope=ComponentScope.OPTIONAL,
        bom_ref=name,
        description=f"wanted as {requirement}, by an extra; not carried",
        purl=PackageURL("pypi", name=name),
    )


def _extras(project: dict[str, Any]) -> list[str]:
    wanted = (item for items in project["optional-dependencies"].values() for item in items)
    return sorted({item for item in wanted if not item.startswith(project["name"])})


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
