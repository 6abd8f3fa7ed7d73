"""The table of the device's manual in the README: what it names is there, and every chapter is in it."""

import re
from importlib import import_module
from pathlib import Path

import pytest
import yaml

from dvrip_proto import CATALOG
from dvrip_proto.simulator.handlers import TABLE
from dvrip_proto.simulator.handlers.request import reply
from dvrip_proto.wire.ids import MessageId

COLLECTION = Path(__file__).parents[2] / "ansible_collections/dvrip/devices"
MODULES = {path.stem for path in (COLLECTION / "plugins/modules").glob("[a-z]*.py")}
ROLES = {path.name for path in (COLLECTION / "roles").iterdir()}
KEYS = {"TimeSection", "EventHandler", "weekdays", "08:00-17:30", "Storage.NAS"}  # keys, words, rare objects
CHAPTERS = {
    *("4.1", "4.3", "4.4", "4.5", "4.6", "4.7", "4.8", "4.9", "5.1", "5.2", "5.3", "5.2.3", "5.3.3", "6.1", "6.2"),
    *("7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "7.7", "7.10", "7.11", "7.12", "8.1", "8.2", "9.1", "9.2", "9.3"),
    *("9.4", "9.5", "9.6", "9.7", "9.8", "9.9", "9.11", "9.12", "9.13", "9.14.2", "9.14.4", "9.15", "9.16"),
    "9.16.3",
}  # fmt: skip
TEXT = (COLLECTION / "README.md").read_text(encoding="utf-8")
MANUAL = TEXT.partition("| Manual | Module and option |\n|---|---|\n")[2].partition("\n\n")[0]
ROWS = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in MANUAL.splitlines()]


def named(cell):
    return re.findall(r"`([^`]+)`", cell)


def options_of(module):
    return import_module(f"ansible_collections.dvrip.devices.plugins.modules.{module}").SPEC.argument_spec


def there(name):
    """Whether something of this name is there: an object, a module, a role, an option, one of its choices."""
    if name in KEYS | MODULES | ROLES or name in CATALOG:
        return True
    if name.endswith(".*"):
        return any(known.startswith(name[:-1]) for known in CATALOG)
    place, _, value = name.partition(": ")
    module, _, option = place.partition(".")
    if module not in MODULES or option not in options_of(module):
        return False
    return not value or value in options_of(module)[option].get("choices", (value,))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:30])
def test_a_line_names_what_there_is_or_says_that_the_protocol_has_nothing(row):
    _, where = row
    assert named(where) or where == "not in DVRIP"
    assert [name for name in named(where) if not there(name)] == []


def test_every_chapter_has_a_line():
    found = {number for chapter, _ in ROWS for number in re.findall(r"\b\d+(?:\.\d+)+", chapter)} - {"802.1"}
    assert found == CHAPTERS


def test_a_device_tries_its_mail_after_a_change_and_only_then(camera, monkeypatch):
    for message_id in (MessageId.MAIL_TEST, MessageId.FTP_TEST):
        monkeypatch.setitem(TABLE, message_id, lambda request: reply(100, request.name))
    wish = {
        "name": "NetWork.NetEmail",
        "config": {"MailServer": {"Name": "post.example.net"}},
        "test_services": ["mail", "ftp"],
    }
    check, apply, again = (camera.run("config", wish, check_mode=at == 0) for at in range(3))
    assert [run["changed"] for run in (check, apply, again)] == [True, True, False]
    assert apply["tested_services"] == ["mail", "ftp"]
    assert "tested_services" not in check | again
    tried = [name for _, name, _ in camera.simulator.requests if name in ("OPMailTest", "OPFTPTest")]
    assert tried == ["OPMailTest", "OPFTPTest"]


def test_a_mail_that_does_not_go_out_fails_and_tells_what_is_written(camera):
    camera.config["NetWork.NetEmail"]["Enable"] = False
    wish = {"name": "NetWork.NetEmail", "config": {"Enable": True}, "test_services": ["mail"]}
    failed = camera.run("config", wish)
    assert failed["failed"] is failed["changed"] is True
    assert failed["written"] == ["NetWork.NetEmail"]
    assert "the mail was not sent" in failed["msg"]


def test_roles_ask_of_a_device_only_what_it_is_told_to_have():
    """A name that is not there is empty under `default`, and the task that needed it is skipped without a word."""
    page = import_module("ansible_collections.dvrip.devices.plugins.modules.device_info").RETURN
    known = set(yaml.safe_load(page)["device"]["contains"])
    texts = [path.read_text(encoding="utf-8") for path in (COLLECTION / "roles").rglob("*.*")]
    asked = {name for text in texts for name in re.findall(r"_(?:info|proof)\.device\.([a-z_]+)", text)}
    assert asked
    assert asked <= known


def test_an_audit_compares_every_part_that_provision_brings_about():
    findings = (COLLECTION / "roles/audit/templates/findings.json.j2").read_text(encoding="utf-8")
    parts = re.search(r"for name in \[(.*?)\]", findings)
    assert parts is not None
    tasks = yaml.safe_load((COLLECTION / "roles/provision/tasks/main.yml").read_text(encoding="utf-8"))
    registered = {task["register"] for task in tasks if "register" in task}
    assert {f"provision_{name}_result" for name in re.findall(r"\w+", parts[1])} == registered
