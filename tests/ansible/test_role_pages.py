"""Every role says on its page what it does, with a play that its options allow."""

import re

import pytest
import yaml

from tests.ansible.stage import ROOT

ROLES = sorted(path.parent for path in (ROOT / "ansible_collections/dvrip/devices/roles").glob("*/tasks"))


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_the_play_of_a_roles_page_uses_what_the_role_has(role):
    page = (role / "README.md").read_text()
    (block,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (play,) = yaml.safe_load(block)
    (used,) = play["roles"]
    given = {name: value for name, value in used.items() if name != "role"}
    specs = yaml.safe_load((role / "meta/argument_specs.yml").read_text())["argument_specs"]["main"]
    assert used["role"] == f"dvrip.devices.{role.name}"
    assert set(given) <= set(specs["options"])
    assert {name for name, option in specs["options"].items() if option.get("required")} <= set(given)
    for name, value in given.items():
        choices = specs["options"][name].get("choices")
        assert not choices or value in choices


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_a_number_and_a_boolean_may_be_a_text_as_the_command_line_gives_them(role):
    """`-e decommission_erase=false` is the text "false", which is true to a condition."""
    specs = yaml.safe_load((role / "meta/argument_specs.yml").read_text())["argument_specs"]["main"]
    for file in [*role.glob("tasks/*"), *role.glob("templates/*"), *role.glob("vars/*")]:
        text = re.sub(r"`[^`\n]*`", "", file.read_text())  # words to people
        for name, option in specs["options"].items():
            if option["type"] in {"bool", "int"}:
                handed_on = (
                    rf': "{{{{ {name} }}}}"'  # to an option of a module, which makes of it what it needs
                )
                for found in re.finditer(rf"\b{name}\b(?! \| {option['type']}\b)", text):
                    line = text[: found.end()].rpartition("\n")[2] + text[found.end() :].partition("\n")[0]
                    assert handed_on in line, f"{file.name}: {line}"
