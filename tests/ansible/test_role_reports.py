"""What roles report: upgrades, audits and the page that a customer signs, with devices that are away."""

import json

import pytest

from dvrip_proto.simulator import Quirks
from tests.ansible.conftest import PASSWORD
from tests.ansible.stage import ansible
from tests.ansible.test_roles import NEW_FILE, SITE, changed, states
from tests.device import firmware_file


def reported(report, key):
    return {name: one[key] for name, one in json.loads(report.read_text()).items()}


def test_an_upgrade_stops_after_the_canary_and_says_why(fleet):
    for at in range(3):
        quirks = Quirks(upgrade_stalls_at=40) if at == 0 else Quirks()
        fleet.add(f"cam{at}", quirks=quirks)
    fleet.add("dark")
    fleet.off("dark")
    images = fleet.folder / "images"
    images.mkdir()
    firmware_file.write(images, name=NEW_FILE)
    report = fleet.folder / "report.json"
    run = fleet.run(
        "rolling_upgrade",
        rolling_upgrade_src=str(images),
        rolling_upgrade_report=str(report),
        rolling_upgrade_options={"burn_timeout": 1},
    )
    assert states(run, "failed") == {"cam0", "cam1", "cam2", "dark"}, run.printed
    assert states(run, "unreachable") == {"dark"}
    told = json.loads(report.read_text())
    assert [told[name]["state"] for name in ("cam0", "cam1", "cam2", "dark")] == [
        "failed",
        "not started",
        "not started",
        "not reached",
    ]
    assert "nothing listens on this port" in told["dark"]["reason"]
    assert told["cam0"]["canary"] is True
    assert "leave its power on" in told["cam0"]["reason"]
    assert "cam0, failed:" in told["cam2"]["reason"]
    for name in ("cam1", "cam2"):
        assert not [one for one in fleet.devices[name].requests if one[0] == 1522]


def test_an_upgrade_reports_devices_of_which_not_one_answers(fleet):
    fleet.add("dark")
    fleet.off("dark")
    fleet.add("locked")
    file = firmware_file.write(fleet.folder, name=NEW_FILE)
    report = fleet.folder / "report.json"
    told = {"rolling_upgrade_src": str(file), "rolling_upgrade_report": str(report)}
    run = fleet.run("rolling_upgrade", hosts={"locked": {"ansible_password": "Not-the-one8"}}, **told)
    assert run.rc == 2, run.printed
    assert states(run, "failed") == {"dark", "locked"}
    assert reported(report, "state") == {"dark": "not reached", "locked": "not reached"}
    assert "nothing listens on this port" in reported(report, "reason")["dark"]
    assert "password" in reported(report, "reason")["locked"]


def test_an_upgrade_reports_the_only_device_when_it_is_lost_on_the_way(fleet):
    port = fleet.add("gate").port
    file = firmware_file.write(fleet.folder, name=NEW_FILE)
    report = fleet.folder / "report.json"
    told = {"rolling_upgrade_src": str(file), "rolling_upgrade_report": str(report)}
    lost = {"ansible_port": f"{{{{ 9 if rolling_upgrade_canaries is defined else {port} }}}}"}
    run = fleet.run("rolling_upgrade", hosts={"gate": lost}, **told)
    assert states(run, "failed") == {"gate"}, run.printed
    assert reported(report, "state") == {"gate": "failed"}
    assert "nothing listens on this port" in reported(report, "reason")["gate"]


def test_an_upgrade_goes_on_after_the_canary_in_batches(fleet):
    for at in range(3):
        device = fleet.add(f"cam{at}", quirks=Quirks())
        device._unit.upgrade.burn_s, device.downtime_s = 0.2, 0.2
    for name in ("other0", "other1"):
        fleet.add(name, profile="xm210")
    file = firmware_file.write(fleet.folder, name=NEW_FILE)
    report = fleet.folder / "report.json"
    told = {
        "rolling_upgrade_src": str(file),
        "rolling_upgrade_report": str(report),
        "rolling_upgrade_batch": "1",
        "rolling_upgrade_max_failures": "0",
    }
    fleet.run("rolling_upgrade", "--check", **told).ok()
    others = {"other0": "no file", "other1": "no file"}
    cams = ("cam0", "cam1", "cam2")
    assert reported(report, "state") == {**dict.fromkeys(cams, "would be upgraded"), **others}
    fleet.run("rolling_upgrade", **told).ok()
    assert reported(report, "state") == {**dict.fromkeys(cams, "upgraded"), **others}
    assert all("is not for this device: hardware is" in reported(report, "reason")[name] for name in others)
    again = fleet.run("rolling_upgrade", **told).ok()
    assert reported(report, "state") == {**dict.fromkeys(cams, "unchanged"), **others}
    assert changed(again) <= {"cam0"}  # the report


def test_an_audit_tells_what_is_wrong_and_changes_nothing(fleet):
    accounts = {"admin": PASSWORD, "<b>spy</b>": "x", "default": "tluafed", "guest": "", "user": "user"}
    gate = fleet.add("gate", users=accounts)
    gate.state.clock.error_s = 600
    gate.state.storage.disks[0]["Partition"][0]["Status"] = 15
    fleet.add("poor", profile="xm210")
    fleet.add("dark")
    fleet.off("dark")
    before = json.dumps(gate.state.config, sort_keys=True, default=str)
    run = fleet.run(
        "audit",
        "--limit",
        "gate,poor,dark",
        audit_dest=str(fleet.folder / "audit"),
        audit_site=SITE | {"accounts": SITE["accounts"] | {"purge": ["users"], "keep": ["user"]}},
        audit_firmware={"XM530_50X50-WG_8M": "2030-01-01"},
        audit_ports=[gate.port],
        audit_passwords_allowed="user",  # as -e gives lists, numbers and booleans
        audit_ports_allowed="80,554",
        audit_accounts="admin,default",
        audit_clock="60",
        audit_fail="true",
    )
    assert run.rc == 2, run.printed
    assert {"gate", "poor", "dark"} == states(run, "failed")
    assert json.dumps(gate.state.config, sort_keys=True, default=str) == before
    report = json.loads((fleet.folder / "audit" / "audit.json").read_text())
    told, limit = report["devices"], report["limit"]
    whats = {finding["what"] for finding in told["gate"]["findings"]}
    assert whats >= {"account", "clock", "firmware", "service", "drift"}
    assert {one["text"] for one in told["gate"]["findings"] if one["what"] in {"password", "disk"}} == {
        "the account guest has an empty password",
        "partition 1 of disk 1 does not work, its status is 15",
        "the account default has a password of the factory",
    }
    drift = {one["text"] for one in told["gate"]["findings"] if one["what"] == "drift"}
    assert drift >= {
        "group guards is missing",
        "user night is missing",
        "user <b>spy</b> should not be there",
        "ChannelTitle channel 1 is Living room, should be Gate",
        "Detect.MotionDetect channel 1 Level is 3, should be 6",
    }
    assert not any("None" in text for text in drift)
    assert told["dark"]["answered"] is False
    assert "nothing listens on this port" in told["dark"]["reason"]
    poor = told["poor"]
    assert {"timezone", "ntp", "motion_detection", "General.AutoMaintain"} <= set(poor["lacks"])
    assert not any("cannot be judged" in finding["text"] for finding in poor["findings"]), (
        "the site says its zone"
    )
    assert "is wrong by" in "".join(finding["text"] for finding in poor["findings"])
    page = (fleet.folder / "audit" / "audit.html").read_text()
    assert "<b>spy</b>" not in page
    assert "&lt;b&gt;spy&lt;/b&gt;" in page
    assert f"could not be asked</span>: {told['dark']['reason']}" in page
    assert '<b class="bad">1</b> could not be asked.</p>' in page
    assert f"Only {limit} was looked at." in page
    assert limit == "gate,poor,dark"
    assert "not on this model: timezone, ntp" in page
    assert PASSWORD not in page + json.dumps(told)


@pytest.mark.parametrize(("role", "page"), [("audit", "audit.html"), ("commission", "index.html")])
def test_a_report_is_written_though_no_device_answers(fleet, role, page):
    fleet.add("dark")
    fleet.off("dark")
    fleet.add("locked")
    dest = fleet.folder / role
    wrong = {"locked": {"ansible_password": "Not-the-one8"}}
    run = fleet.run(role, hosts=wrong, **{f"{role}_dest": str(dest)})
    assert run.rc == 2, run.printed
    assert states(run, "failed") == {"dark", "locked"}
    text = (dest / page).read_text()
    assert "nothing listens on this port" in text
    assert "password" in text
    assert "Not-the-one8" not in text


@pytest.mark.parametrize(("role", "page"), [("audit", "audit.html"), ("commission", "index.html")])
def test_a_report_tells_silence_from_devices_whose_turn_is_later(fleet, role, page):
    fleet.add("cam0")
    fleet.add("cam1")
    fleet.off("cam0")
    inventory, file, playbook = fleet.prepared(role, {f"{role}_dest": str(fleet.folder / "report")})
    plays = json.loads(playbook.read_text())
    playbook.write_text(json.dumps([plays[0] | {"serial": 1, "any_errors_fatal": True}]))
    run = ansible(fleet.folder, "ansible-playbook", inventory, file, playbook)
    assert run.rc == 2, run.printed
    text = (fleet.folder / "report" / page).read_text()
    assert "nothing listens on this port" in text
    assert "not asked" in text


def test_commissioning_shows_every_channel(fleet):
    fleet.add("recorder", profile="nvr", channels=2)
    dest = fleet.folder / "pictures"
    run = fleet.run("commission", commission_dest=str(dest))
    assert (dest / "index.html").is_file(), run.printed
    page = (dest / "index.html").read_text()
    assert run.rc in (0, 2), run.printed
    assert page.count("<img") + page.count("no picture") >= 1
    for source in [part.split('"')[0] for part in page.split('<img src="')[1:]]:
        assert (dest / source).is_file()
