"""The pages are a site without a warning, and the messages that they explain are ours."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCES = ("shared/dvrip_proto", "custom_components/dvrip", "ansible_collections/dvrip/devices/plugins")


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", tmp_path],
        cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, check=False, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "index.html").exists()


def test_nothing_of_the_site_comes_from_elsewhere(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", tmp_path],
        cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, check=True,
    )  # fmt: skip
    pages = "".join(path.read_text() for path in tmp_path.glob("*.html"))
    assert not re.findall(r"<(?:script|img|link rel=.stylesheet.)[^>]*(?:src|href)=.https?://[^\"'>]*", pages)


def test_every_message_of_the_troubleshooting_page_is_said_somewhere() -> None:
    page = (ROOT / "docs" / "troubleshooting.md").read_text()
    rows = re.findall(r"^\| ((?:`[^`]+`,? ?)+)[^|]*\|", page, re.MULTILINE)
    messages = [message for row in rows for message in re.findall(r"`([^`]+)`", row)]
    assert len(messages) > 8
    said = (
        "".join(
            path.read_text().replace('" f"', "").replace('"\n', "")
            for folder in SOURCES
            for path in (ROOT / folder).rglob("*.py")
        )
        + (ROOT / "custom_components" / "dvrip" / "strings.json").read_text()
    )
    assert [message for message in messages if message.lower() not in said.lower()] == []
