"""What runs only elsewhere, held against its own rules here: workflows, issue forms, container, service."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
GITHUB = ROOT / ".github"
DEPLOY = ROOT / "deploy"
FORMS = [path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml"]


def test_workflows_pass_actionlint() -> None:
    actionlint = ROOT / ".venv" / "peers" / "actionlint"
    if not actionlint.exists():
        pytest.skip("actionlint is missing: tools/peers.sh builds it where there is Go")
    done = subprocess.run([actionlint, "-no-color"], cwd=ROOT, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stdout


def test_every_command_of_the_workflows_is_one_of_ours() -> None:
    text = "".join(path.read_text() for path in (GITHUB / "workflows").glob("*.yml"))
    targets = set(re.findall(r"^(\w+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake (\w+)", text)) <= targets
    assert all((ROOT / script).exists() for script in re.findall(r"bash (tools/\S+)", text))


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_issue_forms_ask_in_the_shape_that_github_takes(form: Path) -> None:
    told = yaml.safe_load(form.read_text())
    assert {"name", "description", "body"} <= told.keys()
    inputs = [field for field in told["body"] if field["type"] != "markdown"]
    assert all(field["attributes"]["label"] for field in inputs)
    names = [field["id"] for field in inputs]
    assert len(set(names)) == len(names)
    assert all(field["type"] in {"input", "textarea", "dropdown", "checkboxes"} for field in inputs)


def test_the_container_takes_what_is_there() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE)
    assert all((ROOT / name).exists() for line in copied for name in line.split())
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    (wanted,) = re.findall(r"/src\[([\w,]+)\]", text)
    assert set(wanted.split(",")) <= extras.keys()


def test_a_wrong_password_is_never_tried_again_by_a_service_manager() -> None:
    unit = (DEPLOY / "dvrip-relay@.service").read_text()
    assert re.search(r"^RestartPreventExitStatus=2 3$", unit, re.MULTILINE)
    relay = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["relay"]
    assert relay["restart"] == "no"


def test_the_service_is_what_systemd_takes(tmp_path: Path) -> None:
    systemd = shutil.which("systemd-analyze")
    if systemd is None:
        pytest.skip("systemd-analyze is missing (Debian: systemd)")
    unit = (DEPLOY / "dvrip-relay@.service").read_text().replace("/opt/dvrip/bin/dvrip", "/bin/true")
    (tmp_path / "dvrip-relay@.service").write_text(unit)
    done = subprocess.run(
        [systemd, "verify", "--man=no", tmp_path / "dvrip-relay@.service"],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "dvrip" not in done.stderr, done.stderr
