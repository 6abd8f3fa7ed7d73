"""What the example has for AWX and for execution environments fits its plays and the release."""

from __future__ import annotations

import json
import re

import jinja2
import pytest
import yaml

from tests.ansible.stage import ROOT

SITE = ROOT / "examples" / "site"
TYPES = sorted(path.name.removesuffix("_inputs.json") for path in (SITE / "awx").glob("*_inputs.json"))
PLAYS = {"fleet": ["provision.yml", "audit.yml", "upgrade.yml", "site.yml"], "rotation": ["rotate.yml"]}


def injected(kind: str, **given: str) -> dict[str, str]:
    """The variables that AWX makes of a credential."""
    told = json.loads((SITE / "awx" / f"{kind}_injectors.json").read_text())
    assert set(told) == {"extra_vars"}
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
    return {name: environment.from_string(text).render(given) for name, text in told["extra_vars"].items()}


@pytest.mark.parametrize("kind", TYPES)
def test_a_credential_type_gives_its_plays_every_secret_that_they_use(kind):
    inputs = json.loads((SITE / "awx" / f"{kind}_inputs.json").read_text())
    fields = {field["id"]: field for field in inputs["fields"]}
    assert all(field["type"] == "string" and field["secret"] and field["label"] for field in fields.values())
    assert set(inputs["required"]) == set(fields)
    variables = injected(kind, **{name: f"value of {name}" for name in fields})
    used = {name for play in PLAYS[kind] for name in re.findall(r"\bvault_\w+", (SITE / play).read_text())}
    assert set(variables) == used
    assert set(variables.values()) == {f"value of {name}" for name in fields}
    # Variables of a credential go before everything that a play sets: the account in use would never change.
    assert not any(name.startswith("ansible_") for name in variables)


def test_every_play_of_the_example_has_its_credential_type():
    assert sorted(PLAYS) == TYPES
    plays = {path.name for path in SITE.glob("*.yml") if "vault_" in path.read_text()} - {"secrets.yml"}
    assert plays == {play for plays in PLAYS.values() for play in plays}


def test_the_execution_environment_installs_the_archive_of_this_version():
    told = yaml.safe_load((SITE / "execution-environment.yml").read_text())
    version = yaml.safe_load((ROOT / "ansible_collections/dvrip/devices/galaxy.yml").read_text())["version"]
    (copied,) = told["additional_build_files"]
    (collection,) = told["dependencies"]["galaxy"]["collections"]
    assert copied["src"] == f"dvrip-devices-{version}.tar.gz"
    # The image installs beside the folder into which the archive is copied.
    assert collection == {"name": f"{copied['dest']}/{copied['src']}", "type": "file"}
