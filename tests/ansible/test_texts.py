"""Passwords of which YAML made a boolean, a number or a date are refused before anything is sent, at every door."""

import asyncio
import datetime
import json
import re
import shutil

import pytest
import yaml

from ansible_collections.dvrip.devices.extensions.eda.plugins.event_source import alarms
from ansible_collections.dvrip.devices.plugins.module_utils import _site, _texts
from ansible_collections.dvrip.devices.plugins.modules import (
    accounts,
    device_info,
    discover_address,
    fetch,
    firmware,
    network,
    recorder_channels,
    settings,
    time,
    user,
    wait,
)
from tests.ansible.conftest import PASSWORD
from tests.ansible.stage import ansible, write_inventory, write_plays

DVRIP = {"ansible_connection": "dvrip.devices.dvrip"}
ODD = ["no", "0123", "1.5", "12:30", "2024-01-01", "[a]", "{a: b}"]
QUOTES = "write it in quotes"


@pytest.mark.parametrize("written", ODD)
def test_what_yaml_makes_of_a_password_without_quotes_is_no_password(written):
    value = yaml.safe_load(written)
    assert not isinstance(value, str)
    spec = {"password": {"type": "str", "no_log": True}}
    (told,) = _texts.mistakes({"password": value}, spec)
    assert told.startswith("password: a ")
    assert QUOTES in told
    assert _texts.may_be_made(str(value)), "a connection plugin hands on this text of it"


@pytest.mark.parametrize("text", ["Zebra-lamp7", "123abc", "", "no", "off", "0x1F", "12-34"])
def test_a_text_is_a_password_and_most_need_no_second_look(text):
    assert not list(_texts.mistakes({"password": text}, {"password": {"type": "str", "no_log": True}}))
    assert not _texts.may_be_made(text)


def test_a_name_that_a_template_left_empty_makes_no_account_and_no_group(camera):
    anna = {"password": "Otter-moon3", "group": "user"}
    wishes = {
        "null": ("accounts", {"users": [{"name": None, **anna}]}),
        "empty": ("user", {"name": "", **anna}),
        "blank": ("user", {"users": [{"name": " ", **anna}]}),
        "group": ("group", {"name": ""}),
        "groups": ("accounts", {"groups": [{"name": None}]}),
    }
    run = camera.play(
        [
            {"name": at, f"dvrip.devices.{module}": wish, "ignore_errors": True}
            for at, (module, wish) in wishes.items()
        ],
        "--check",
    )
    for at in wishes:
        assert run[at].outcome == "failed", run.printed
        assert "name: it is empty" in run[at]["msg"]
    assert not camera.logins()
    assert _site.mistakes({"accounts": {"users": [{"name": None, **anna}]}}) == [
        "accounts: users: name: it is empty, and names nobody and nothing"
    ]


@pytest.mark.parametrize("text", ["Zebra-lamp7\n", "Zebra\tlamp7", "Zebra-lamp7\x00", "\udc80ebra-lamp7"])
def test_a_password_that_nobody_can_type_is_given_to_no_account_and_is_told_of_where_it_is_refused(
    camera, text
):
    for wish in ({"own_password": text}, {"users": [{"name": "anna", "password": text, "group": "user"}]}):
        (told,) = _texts.mistakes(wish, accounts.SPEC.argument_spec)
        assert "which nobody can type" in told
        assert "lamp7" not in told
    assert _site.mistakes({"accounts": wish})
    assert not list(
        _texts.mistakes({"login_password": text}, accounts.SPEC.argument_spec)
    )  # some device may have it
    for login in ({"login_password": text}, {"login_password": text, "login_passwords": ["Heron-gate5"]}):
        refused = camera.run("device_info", login)
        assert "which nobody can type" in refused["msg"]
        assert refused["failure"]["type"] == "AuthenticationError"
        shutil.rmtree(camera.folder / "home")


WISHES = {
    "user": {"name": "anna", "password": 83, "group": "user"},
    "accounts": {"users": [{"name": "anna", "password": False, "group": "user"}]},
    "recorder_channels": {"channels": [{"channel": 1, "password": 83}]},
    "settings": {"mail_password": 83},
    "config": {"name": "NetWork.NetEmail", "config": {"MailServer": {"Password": 83}}},
}
TASKS = [
    *WISHES.items(),
    ("accounts", {"own_password": 83}),
    ("user", {"name": False, "password": "Heron-gate5", "group": "user"}),
    ("device_info", {"login_password": 83}),
    ("device_info", {"login_passwords": [PASSWORD, 83]}),
    ("device_info", {"login_user": True}),
]
HOSTS = {
    "boolean": {"ansible_password": False},
    "number": {"ansible_password": 83},
    "dvrip": {"ansible_password": PASSWORD, "ansible_dvrip_password": 83},
    "template": {"ansible_password": "{{ other }}", "other": 83},
    "candidates": {"ansible_password": PASSWORD, "ansible_dvrip_passwords": [83]},
    "local": {"ansible_connection": "local", "ansible_password": 83},
}


def test_modules_variables_and_roles_refuse_it_and_send_nothing(make_camera):
    camera = make_camera(users={"admin": PASSWORD, "other": "83"})
    place = {**DVRIP, "ansible_host": camera.simulator.host, "ansible_port": camera.simulator.port}
    hosts = {"cam": {**place, "ansible_password": PASSWORD}}
    hosts |= {name: {**place, **told} for name, told in HOSTS.items()}
    roles = ["rotate_passwords", "decommission"]
    of_roles = {
        "rotate_passwords_new": 83,
        "decommission_confirm": camera.simulator.serial,
        "decommission_factory_password": 83,
    }
    hosts |= dict.fromkeys(roles, hosts["cam"])
    inventory = write_inventory(camera.folder, hosts)
    tasks = [{f"dvrip.devices.{name}": wish, "ignore_errors": True} for name, wish in TASKS]
    asked = {"dvrip.devices.device_info": {}, "ignore_errors": True}
    delegated = {**asked, "delegate_to": "number"}
    plays = [{"hosts": "cam", "tasks": [*tasks, delegated]}, {"hosts": ",".join(HOSTS), "tasks": [asked]}]
    role = {
        "ansible.builtin.include_role": {"name": "dvrip.devices.{{ inventory_hostname }}"},
        "vars": of_roles,
    }
    plays.append({"hosts": ",".join(roles), "tasks": [role]})
    run = ansible(camera.folder, "ansible-playbook", "-i", inventory, write_plays(camera.folder, *plays))
    failed = [one for one in run.outcomes if one.outcome == "failed"]
    assert len(failed) == len(TASKS) + 1 + len(HOSTS) + len(roles), run.printed
    for one in failed:
        assert QUOTES in one["msg"], one
        assert one.result.get("changed", False) is False
    assert camera.logins() == 0


def test_a_module_that_runs_as_an_ordinary_one_refuses_it_too(camera):
    told = {"host": camera.simulator.host, "port": camera.simulator.port, "login_password": 83}
    facts = {"ansible_facts_modules": ["dvrip.devices.device_facts"], "ansible_dvrip_local_modules": True}
    inventory = write_inventory(camera.folder, {"cam": {**DVRIP, **camera.variables, **facts}})
    defaults = {"dvrip.devices.device_facts": told}
    play = {"hosts": "all", "gather_facts": True, "module_defaults": defaults, "tasks": []}
    run = ansible(camera.folder, "ansible-playbook", "-i", inventory, write_plays(camera.folder, play))
    assert run.rc == 2
    assert QUOTES in run.printed
    assert camera.logins() == 0


@pytest.mark.parametrize(
    "told", [{"password": 83}, {"passwords": ["a", 83]}, {"username": True}, {"username": 83}]
)
def test_an_inventory_with_such_a_login_is_refused(camera, told):
    source = camera.folder / "site.dvrip.yml"
    place = f"{camera.simulator.host}:{camera.simulator.port}"
    options = {"password": PASSWORD, "facts": True, "broadcast": [], "targets": [place], **told}
    source.write_text(json.dumps({"plugin": "dvrip.devices.fleet", **options}))
    run = ansible(camera.folder, "ansible-inventory", "-i", source, "--list")
    assert QUOTES in run.printed.replace("\n", " "), run.printed
    assert camera.logins() == 0


def test_a_site_with_such_a_password_has_a_mistake_that_does_not_show_it():
    parts = {"recorder_channels": "channels"}
    site = {
        "accounts": WISHES["accounts"],
        "settings": WISHES["settings"],
        "objects": [WISHES["config"]],
        "devices": {"nvr": {"recorder_channels": WISHES["recorder_channels"][parts["recorder_channels"]]}},
    }
    mistakes = _site.mistakes(site)
    assert len(mistakes) == 4
    for told in mistakes:
        assert QUOTES in told
        assert "83 and" in told
        assert told.count("83") == 1


@pytest.mark.parametrize("written", ["-5:00", "-10:00", "+10:00", "-9:30", "600", "-300"])
def test_an_offset_from_utc_of_which_yaml_made_minutes_sets_no_other_time_zone(written):
    value = yaml.safe_load(written)
    assert isinstance(value, int)
    for module, wish in ((time, {"timezone": value}), (settings, {"time_zone": value})):
        (told,) = _texts.mistakes(wish, module.SPEC.argument_spec)
        assert told.startswith(f"{next(iter(wish))}: the number {value} is no offset from UTC")
        assert QUOTES in told
    assert len(_site.mistakes({"time": {"timezone": value}, "settings": {"time_zone": value}})) == 2


@pytest.mark.parametrize("written", ["-5", "'-5:00'", "-05:00", "+01:00", "Europe/Berlin"])
def test_an_offset_from_utc_that_yaml_leaves_alone_is_taken(written):
    value = yaml.safe_load(written)
    for module, wish in ((time, {"timezone": value}), (settings, {"time_zone": value})):
        assert not list(_texts.mistakes(wish, module.SPEC.argument_spec))


NUMBERS = {
    "mac: 10:12:34:56:38:50": discover_address,
    "address: 10.1": network,
    "netmask: 24": network,
    "dns: [1.1]": network,
    "ntp_server: 10.1": time,
    "version: 4.02": firmware,
    "device_name: 1.10": settings,
    "pppoe_user: 0123": settings,
    "registration_id: 0123": settings,
    "channels: [{channel: 1, channel_name: 1.10}]": settings,
    "channels: [{channel: 1, username: 0123}]": recorder_channels,
    "users: [{name: 0123}]": user,
    "users: [{name: anna, group: 0123}]": accounts,
    "keep: [0123]": accounts,
    "login_user: 0123": accounts,
}


@pytest.mark.parametrize("written", NUMBERS)
def test_a_number_that_yaml_made_of_a_name_or_an_address_is_refused_and_shown(written):
    wish = yaml.safe_load(written)
    (told,) = _texts.mistakes(wish, NUMBERS[written].SPEC.argument_spec)
    assert "YAML made the number " in told
    assert QUOTES in told
    quoted = yaml.safe_load(re.sub(r"([\d:.]+)([}\]]|$)", r'"\1"\2', written))
    assert not list(_texts.mistakes(quoted, NUMBERS[written].SPEC.argument_spec)), quoted


@pytest.mark.parametrize(
    ("module", "wish"),
    [
        (settings, {"device_name": 101, "channels": [{"channel": 1, "channel_name": 1}], "http_port": 80}),
        (wait, {"serial": 1234567890123456, "timeout": 5}),
        (user, {"name": "anna", "memo": 7}),
        (fetch, {"since": datetime.date(2026, 1, 31), "until": datetime.datetime(2026, 1, 31, 8)}),
    ],
)
def test_a_number_that_is_a_name_of_a_channel_and_a_date_that_is_a_date_are_taken(module, wish):
    assert not list(_texts.mistakes(wish, module.SPEC.argument_spec))


@pytest.mark.parametrize(
    ("module", "wish", "words"),
    [
        (settings, {"http_port": True}, "http_port: a boolean is no number"),
        (settings, {"channels": [{"channel": 1, "bit_rate": True}]}, "channels: bit_rate: a boolean is no number"),
        (wait, {"timeout": True}, "timeout: a boolean is no number"),
        (device_info, {"port": True}, "port: a boolean is no number"),
        (user, {"name": "anna", "memo": ["front"]}, "memo: a list is no text"),
        (settings, {"device_name": {"front": None}}, "device_name: a mapping is no text"),
    ],
)  # fmt: skip
def test_what_stands_for_no_number_and_no_text_is_not_made_one(module, wish, words):
    (told,) = _texts.mistakes(wish, module.SPEC.argument_spec)
    assert told.startswith(words)


def test_a_rulebook_with_such_a_password_says_so():
    wish = {"devices": [{"name": "gate", "host": "192.0.2.1", "password": 83}]}
    with pytest.raises(ValueError, match=f"devices: gate: password: {QUOTES}"):
        asyncio.run(alarms.main(asyncio.Queue(), wish))
