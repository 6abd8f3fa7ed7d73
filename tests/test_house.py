"""The rules of the house that no linter knows."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LIBRARY = ROOT / "shared" / "dvrip_proto"
MAX_LINES = 400
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}

# In parts, so that this file does not hold what it looks for.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("crates", "io"),
        ("proxy.golang", "org"),
        ("deb.debian", "org"),
    )
]
AT_THE_TOP = re.compile(r"[A-Z]+(\.md)?|Makefile|[a-z]+\.(toml|json|yml)|\.editorconfig|\.gitignore")
MACHINE_PATHS = re.compile(r"(?<![\w.~-])/(?:work|root|tmp|home/\w+|Users/\w+)/")
IGNORE = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma:\s*no|ruff:\s*noqa|mypy:)")
IGNORE_WITH_REASON = re.compile(
    r"#\s*(?:noqa:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|type:\s*ignore\[[\w, -]+\]|pragma:\s*no (?:cover|branch))"
    r"[\s#:-]+[\w`].{8,}"
)


def git_files(*patterns: str) -> list[Path]:
    """Every file that is committed or could be: new files count, ignored ones do not."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-coz", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    return sorted(path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file())


def text_lines(path: Path) -> list[str]:
    content = path.read_bytes()
    return [] if b"\0" in content else content.decode(errors="replace").splitlines()


def places(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files
        for number, line in enumerate(text_lines(path), 1)
        if pattern.search(line)
    ]


def fail_with(problem: str, found: list[str]) -> None:
    if found:
        pytest.fail(f"{problem}:\n  " + "\n  ".join(line[:160] for line in found), pytrace=False)


def test_no_python_file_is_longer_than_the_budget():
    # What a tool writes from rows is as long as they are many.
    by_hand = [path for path in git_files("*.py") if "\n# Written by tools/" not in path.read_text("utf-8")]
    counts = {path: len(text_lines(path)) for path in by_hand}
    long = [f"{path.relative_to(ROOT)}: {lines}" for path, lines in counts.items() if lines > MAX_LINES]
    fail_with(f"files of more than {MAX_LINES} lines: find the second idea in them", long)


def test_imports_go_one_way():
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    lint = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, text=True)
    assert lint.returncode == 0, lint.stdout + lint.stderr


def test_no_module_has_a_name_that_says_nothing():
    names = {path: path.relative_to(LIBRARY).with_suffix("").parts for path in LIBRARY.rglob("*.py")}
    found = [str(path.relative_to(ROOT)) for path, parts in names.items() if FORBIDDEN_NAMES & set(parts)]
    fail_with("names that say nothing", found)


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.name)
def test_requirements_are_pinned_by_hash_and_name_no_address(path):
    pinned = re.compile(
        r"[A-Za-z0-9._-]+(\[[\w,-]+\])?==[^\s;]+( ?;[^-]+)?(\s+--hash=sha256:[0-9a-f]{64})+\s*"
    )
    requirements = path.read_text().replace("\\\n", " ").splitlines()
    fail_with("not a version with its hashes", [line for line in requirements if not pinned.fullmatch(line)])


def test_every_requirements_file_is_locked():
    folder = ROOT / "requirements"
    assert {path.stem for path in folder.glob("*.in")} == {path.stem for path in folder.glob("*.txt")}


def test_every_ignore_in_the_code_has_its_reason():
    ignores = places(IGNORE, [path for path in git_files("*.py") if path != Path(__file__)])
    bare = [place for place in ignores if not IGNORE_WITH_REASON.search(place)]
    fail_with("an ignore names its code and, on the same line, its reason", bare)


def test_every_ignore_in_the_configuration_has_its_reason():
    configuration = (ROOT / "pyproject.toml").read_text()
    lists = re.findall(r"^(?:ignore|\"[^\n]*\") = \[\n(.*?)^\]", configuration, re.MULTILINE | re.DOTALL)
    rules = [line.strip() for block in lists for line in block.splitlines()]
    assert len(rules) > 10
    with_reason = re.compile(r'"[A-Z]+\d*",\s+# \S.{10,}')
    fail_with("rules without a reason", [rule for rule in rules if not with_reason.fullmatch(rule)])


def test_the_commands_in_the_documents_are_those_of_the_makefile():
    targets = set(re.findall(r"^(\w+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    command = re.compile(r"(?:`|^\s*(?:\$ )?|CHECK=1 )make (\w+)", re.MULTILINE)
    readme, contributing = (
        set(command.findall((ROOT / page).read_text())) for page in ("README.md", "CONTRIBUTING.md")
    )
    fail_with("the Makefile has no such target", sorted((readme | contributing) - targets))
    fail_with("CONTRIBUTING.md forgets", sorted(targets - contributing - {"help"}))
    fail_with("README.md forgets", sorted({"demo", "test"} - readme))


def test_architecture_page_names_every_module():
    page = (ROOT / "ARCHITECTURE.md").read_text()
    files = {f"dvrip_proto/{path.name}" for path in LIBRARY.glob("*.py") if not path.name.startswith("__")}
    packages = {f"dvrip_proto/{path.parent.name}/" for path in LIBRARY.glob("*/__init__.py")}
    modules = files | packages
    fail_with(
        "ARCHITECTURE.md does not say what these own", sorted(name for name in modules if name not in page)
    )
    named = set(re.findall(r"dvrip_proto/\w+(?:\.py|/)", page))
    fail_with("ARCHITECTURE.md names what does not exist", sorted(named - modules))


def test_architecture_page_names_every_file_of_the_integration():
    section = (ROOT / "ARCHITECTURE.md").read_text().partition("### Home Assistant")[2].partition("\n### ")[0]
    rows = re.findall(r"^\| (`.*?) \| ", section, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    files = {path.stem for path in (ROOT / "custom_components" / "dvrip").glob("*.py")} - {"__init__"}
    fail_with("ARCHITECTURE.md does not say what these own", sorted(files - named))
    fail_with("ARCHITECTURE.md names what is not there", sorted(named - files))


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "CONTRIBUTING.md", "docs/simulator.md"])
def test_files_that_a_page_names_are_there(page):
    tree = "".join(f"/{path.relative_to(ROOT)}\n" for path in git_files())
    paths = set(re.findall(r"[ `(]([a-z][a-z_/]*(?:/|\.py))`", (ROOT / page).read_text()))
    assert paths
    fail_with(f"{page} names what is not there", sorted(path for path in paths if f"/{path}" not in tree))


def test_nothing_that_a_test_wrote_lies_at_the_top():
    found = [path.name for path in git_files() if path.parent == ROOT and not AT_THE_TOP.fullmatch(path.name)]
    fail_with("what are these, and who wrote them", found)


def test_no_file_knows_one_machine():
    files = [path for path in git_files() if path != Path(__file__)]
    fail_with("paths of one machine", places(MACHINE_PATHS, files))


def test_no_file_names_a_package_registry():
    fail_with("registry host names", places(re.compile("|".join(map(re.escape, REGISTRIES))), git_files()))
