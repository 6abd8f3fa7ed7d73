"""What is released works where it is installed: without this checkout, without an index."""

import asyncio
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import textwrap
import zipfile
from pathlib import Path

import pytest

from dvrip_proto.simulator import Simulator
from tools.build_release import COLLECTION, ReleaseError, carried_imports

ROOT = Path(__file__).parent.parent
BLOCK_LIBRARY = """
import sys

class NoLibrary:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] == "dvrip_proto":
            raise ModuleNotFoundError(f"{name} is not installed here", name=name)

sys.meta_path.insert(0, NoLibrary)
"""


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, check=False, text=True
    )
    if done.returncode:
        pytest.fail(f"{command}\n{done.stdout}\n{done.stderr}", pytrace=False)
    return done.stdout


def python(code: str, *arguments: str | Path, cwd: Path, options: tuple[str, ...] = ()) -> str:
    return run(sys.executable, *options, "-c", textwrap.dedent(code), *arguments, cwd=cwd)


def tool(name: str) -> Path:
    return Path(sys.executable).with_name(name)


@pytest.fixture(scope="module")
def dist(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "tools.build_release", "--out", folder, cwd=ROOT)
    return folder


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def test_the_same_sources_give_the_same_bytes(dist, tmp_path):
    run(
        "bash", ROOT / "tools" / "dist.sh", "--out", tmp_path, cwd=ROOT
    )  # with the system's Python and none of ours
    digests = [
        {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
        for folder in (dist, tmp_path)
    ]
    assert digests[0] == digests[1]
    assert len(digests[0]) == 6
    told = dict(line.split()[::-1] for line in (dist / "SHA256SUMS").read_text().splitlines())
    assert told == {name: digest for name, digest in digests[0].items() if name != "SHA256SUMS"}


def test_the_bill_names_every_artifact_and_what_the_extras_want(dist):
    bill = json.loads(only(dist, "*.cdx.json").read_text())
    hashes = {part["name"]: part["hashes"][0]["content"] for part in bill["components"] if "hashes" in part}
    artifacts = [
        path for path in dist.iterdir() if path.name not in ("SHA256SUMS", only(dist, "*.cdx.json").name)
    ]
    assert hashes == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in artifacts}
    assert {"typer", "rich", "av", "aiohttp"} <= {part["name"] for part in bill["components"]}


def test_the_archive_of_the_collection_is_what_ansible_galaxy_makes_of_it(dist, tmp_path):
    source = tmp_path / "source"
    with tarfile.open(only(dist, "dvrip-devices-*.tar.gz")) as archive:
        archive.extractall(source, filter="data")
        ours = json.load(archive.extractfile("MANIFEST.json") or pytest.fail("no manifest"))
    for name in ("MANIFEST.json", "FILES.json"):
        (source / name).unlink()
    shutil.copy(COLLECTION / "galaxy.yml", source)
    run(tool("ansible-galaxy"), "collection", "build", source, "--output-path", tmp_path, cwd=tmp_path)
    with tarfile.open(only(tmp_path, "*.tar.gz")) as theirs:
        files = json.load(theirs.extractfile("FILES.json") or pytest.fail("no list of files"))
        manifest = json.load(theirs.extractfile("MANIFEST.json") or pytest.fail("no manifest"))
    with tarfile.open(only(dist, "dvrip-devices-*.tar.gz")) as archive:
        own_files = json.load(archive.extractfile("FILES.json") or pytest.fail("no list of files"))

    def by_name(entries):
        return sorted(entries, key=lambda entry: entry["name"])

    assert ours["collection_info"] == manifest["collection_info"]
    assert by_name(own_files["files"]) == by_name(files["files"])


def test_clean_home_assistant_loads_the_integration_from_the_zip(dist, tmp_path):
    with zipfile.ZipFile(dist / "dvrip.zip") as archive:
        archive.extractall(tmp_path / "custom_components" / "dvrip")
    load = """
        import asyncio, importlib, os, pathlib
        from homeassistant import loader
        from homeassistant.core import HomeAssistant

        async def load():
            hass = HomeAssistant(os.getcwd())
            loader.async_setup(hass)
            integration = await loader.async_get_integration(hass, "dvrip")
            assert not integration.is_built_in
            assert not integration.requirements, integration.requirements
            for path in sorted(integration.file_path.rglob("*.py")):
                module = path.relative_to(os.getcwd()).with_suffix("")
                importlib.import_module(".".join(module.parts).removesuffix(".__init__"))

        asyncio.run(load())
        print(*(name for name in sys.modules if "dvrip" in name))
    """
    loaded = python(BLOCK_LIBRARY + textwrap.dedent(load), cwd=tmp_path).split()
    assert "custom_components.dvrip.dvrip_proto.session" in loaded
    assert "custom_components.dvrip.config_flow" in loaded
    assert not [name for name in loaded if name.startswith("dvrip_proto")]


def test_zip_leaves_out_what_the_integration_does_not_run(dist):
    with zipfile.ZipFile(dist / "dvrip.zip") as archive:
        names = archive.namelist()
    assert "manifest.json" in names
    assert "dvrip_proto/LICENSE" in names
    assert not [name for name in names if name.startswith(("dvrip_proto/cli", "dvrip_proto/simulator"))]
    assert not [name for name in names if "__pycache__" in name]


@pytest.fixture(scope="module")
def collections(dist, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("collections")
    archive = only(dist, "dvrip-devices-*.tar.gz")
    run(
        tool("ansible-galaxy"), "collection", "install", "--offline", "-p", folder, archive,
        cwd=folder, ANSIBLE_HOME=str(folder / "home"),
    )  # fmt: skip
    return folder


@pytest.fixture
def clean_ansible(collections, tmp_path) -> dict[str, str]:
    """The environment of an Ansible that has the installed collection and no library."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(BLOCK_LIBRARY)
    return {
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
        "ANSIBLE_HOME": str(tmp_path / "home"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_REMOTE_TMP": str(tmp_path / "remote"),
        "PYTHONPATH": str(site),
    }


def test_collection_documents_every_plugin(collections, clean_ansible, tmp_path):
    plugins = collections / "ansible_collections" / "dvrip" / "devices" / "plugins"
    modules = {f"dvrip.devices.{path.stem}" for path in (plugins / "modules").glob("[a-z]*.py")}
    assert modules
    listed = run(
        tool("ansible-doc"), "--list", "--type", "module", "dvrip.devices", cwd=tmp_path, **clean_ansible
    )
    assert {line.split()[0] for line in listed.splitlines() if line.strip()} == modules
    run(tool("ansible-doc"), "--type", "module", *sorted(modules), cwd=tmp_path, **clean_ansible)
    run(tool("ansible-doc"), "--type", "connection", "dvrip.devices.dvrip", cwd=tmp_path, **clean_ansible)


def test_every_python_file_of_the_collection_imports(collections, clean_ansible, tmp_path):
    code = """
        import importlib, pathlib, sys
        from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionFinder
        root = pathlib.Path(sys.argv[1])
        _AnsibleCollectionFinder(paths=[str(root)])._install()
        for path in sorted((root / "ansible_collections/dvrip/devices/plugins").rglob("*.py")):
            module = path.relative_to(root).with_suffix("")
            importlib.import_module(".".join(module.parts).removesuffix(".__init__"))
        print(*(name for name in sys.modules if "dvrip" in name))
    """
    loaded = run(
        sys.executable, "-c", textwrap.dedent(code), collections, cwd=tmp_path, **clean_ansible
    ).split()
    carried = "ansible_collections.dvrip.devices.plugins.module_utils._vendor.dvrip_proto"
    assert f"{carried}.session" in loaded
    assert not [name for name in loaded if name.startswith("dvrip_proto")]


@pytest.mark.parametrize("runs", ["in the worker", "as a module"])
async def test_clean_ansible_reads_a_device(collections, clean_ansible, tmp_path, runs):
    module = "dvrip.devices.device_info"
    if runs == "as a module":  # under a name that has no action plugin, it is shipped with what it imports
        module = "shipped_device_info"
        plugins = collections / "ansible_collections" / "dvrip" / "devices" / "plugins"
        (tmp_path / "library").mkdir()
        shutil.copy(plugins / "modules" / "device_info.py", tmp_path / "library" / f"{module}.py")
    async with Simulator(users={"admin": "Zebra-lamp7"}) as device:
        account = {"login_user": "admin", "login_password": "Zebra-lamp7"}
        arguments = {"host": device.host, "port": device.port, **account}
        play = {
            "hosts": "localhost",
            "gather_facts": False,
            "tasks": [{module: arguments, "register": "found"}],
        }
        play["tasks"].append({"ansible.builtin.debug": {"var": "found.device.serial"}})
        (tmp_path / "play.yml").write_text(json.dumps([play]))
        variables = f"ansible_python_interpreter={sys.executable}"
        command = [tool("ansible-playbook"), "-i", "localhost,", "-c", "local", "-e", variables, "play.yml"]
        printed = await asyncio.to_thread(run, *command, cwd=tmp_path, **clean_ansible)
    assert device.serial in printed


@pytest.mark.parametrize("page", ["README.md", "docs/install.md"])
def test_the_line_of_the_pages_unpacks_into_a_configuration_that_has_nothing_yet(dist, tmp_path, page):
    (line,) = re.findall(r"^    (.* dist/dvrip\.zip .*)$", (ROOT / page).read_text(), re.MULTILINE)
    (tmp_path / "dist").symlink_to(dist)
    config = tmp_path / "config"
    config.mkdir()
    for _ in ("first", "a newer one over it"):
        run("sh", "-c", line.replace("/path/to/config", str(config)), cwd=tmp_path)
    manifest = json.loads((config / "custom_components" / "dvrip" / "manifest.json").read_text())
    assert manifest["domain"] == "dvrip"


def test_library_wheel_needs_nothing_but_the_standard_library(dist, tmp_path):
    code = "import sys; sys.path.insert(0, sys.argv[1]); import dvrip_proto; print(dvrip_proto.__file__)"
    wheel = only(dist, "*.whl")
    assert str(wheel) in python(code, wheel, cwd=tmp_path, options=("-I", "-S"))


def test_source_distribution_builds_the_same_library(dist, tmp_path):
    with tarfile.open(only(dist, "dvrip_proto-*.tar.gz")) as archive:
        archive.extractall(tmp_path, filter="data")
    source = only(tmp_path, "dvrip_proto-*")
    run(tool("hatchling"), "build", "--target", "wheel", "--directory", tmp_path / "again", cwd=source)
    wheels = [only(folder, "*.whl") for folder in (dist, tmp_path / "again")]
    names = [zipfile.ZipFile(wheel).namelist() for wheel in wheels]
    assert names[0] == names[1]


@pytest.mark.parametrize(
    ("source", "prefix", "carried"),
    [
        ("from dvrip_proto import Device", ".", "from .dvrip_proto import Device"),
        ("from dvrip_proto.relay import (\n    Hub,\n)", "..", "from ..dvrip_proto.relay import (\n    Hub,\n)"),
        ("def f():\n    import dvrip_proto as p\n", ".", "def f():\n    from . import dvrip_proto as p\n"),
        ("import dvrip_proto", "a.b.", "from a.b import dvrip_proto"),
        ("from dvrip_proto_x import y\n# from dvrip_proto", ".", "from dvrip_proto_x import y\n# from dvrip_proto"),
        ("from .dvrip_proto import y", ".", "from .dvrip_proto import y"),
    ],
)  # fmt: skip
def test_imports_of_the_library_are_rewritten(source, prefix, carried):
    assert carried_imports(source, prefix, Path("x.py")) == carried


@pytest.mark.parametrize(
    "source", ["import dvrip_proto.relay", "import os, dvrip_proto", "x = 1; import dvrip_proto"]
)
def test_imports_that_cannot_be_rewritten_stop_the_build(source):
    with pytest.raises(ReleaseError, match=r"x\.py:1"):
        carried_imports(source, ".", Path("x.py"))
