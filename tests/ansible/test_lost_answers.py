"""Every module whose write is done and never answered: it looks again, and tells what is true."""

import pytest

from ansible_collections.dvrip.devices.plugins.module_utils._account_steps import _left_by_login
from ansible_collections.dvrip.devices.plugins.module_utils._endpoint import Endpoint
from ansible_collections.dvrip.devices.plugins.module_utils._session import Session
from dvrip_proto import AuthenticationError
from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.wire.ids import MessageId
from tests.ansible.conftest import PASSWORD

WRITES = frozenset(
    {
        MessageId.CONFIG_SET,
        MessageId.USER_ADD,
        MessageId.USER_MODIFY,
        MessageId.USER_DELETE,
        MessageId.GROUP_ADD,
        MessageId.GROUP_MODIFY,
        MessageId.GROUP_DELETE,
        MessageId.PASSWORD_MODIFY,
        MessageId.CHANNEL_TITLE_SET,
    }
)
GUARD = {"name": "guard", "password": "Heron-gate5", "group": "user"}
WISHES = [
    ("config", {"name": "General.AutoMaintain", "config": {"AutoRebootDay": "Friday"}}),
    ("settings", {"device_name": "gate", "channels": [{"channel": "all", "motion_sensitivity": 5}]}),
    ("user", GUARD),
    ("user", {"users": [GUARD, {"name": "admin", "memo": "chief"}]}),
    ("group", {"name": "guards", "authorities": ["Monitor_01"]}),
    ("accounts", {"groups": [{"name": "guards", "authorities": ["Monitor_01"]}], "own_password": "Osprey-bay9"}),
    ("network", {"hostname": "gate", "http_port": 8081}),
    ("time", {"timezone": "Asia/Kolkata", "ntp_server": "ntp.example.net"}),
    ("storage", {"when_full": "stop"}),
    ("recorder_channels", {"channels": [{"channel": 1, "address": "192.0.2.9", "password": "Camera-lock4"}]}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("module", "wish"), WISHES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_change_without_an_answer_is_seen_and_told(make_camera, module, wish):
    camera = make_camera(profile="nvr", channels=4, quirks=Quirks(mute=WRITES))
    camera.config["General.General"]["OverWrite"] = "OverWrite"
    name = f"dvrip.devices.{module}"
    run = camera.play(
        [{"name": "apply", name: wish}, {"name": "again", name: wish}],
        "-v",
        ansible_dvrip_timeout=2,
        ansible_dvrip_passwords=[PASSWORD, "Osprey-bay9"],
    ).ok()
    assert (run["apply"]["changed"], run["again"]["changed"]) == (True, False)
    assert "uncertain" not in run["apply"].result
    assert "reading it back" in run.printed


@pytest.mark.parametrize(
    ("module", "wish"), WISHES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_device_that_says_no_is_quoted_and_nothing_counts_as_changed(make_camera, module, wish):
    camera = make_camera(profile="nvr", channels=4, users={"boss": "Boss-key3", "admin": PASSWORD})
    camera.config["General.General"]["OverWrite"] = "OverWrite"
    camera.simulator.state.users["admin"]["AuthorityList"] = ["SysInfo", "Monitor_01"]
    run = camera.play([{"name": "apply", f"dvrip.devices.{module}": wish, "ignore_errors": True}]).ok()
    outcome = run["apply"]
    assert outcome.outcome == "failed"
    assert outcome["changed"] is False
    assert outcome["failure"]["type"] in ("RequestError", "UsageError")
    assert camera.simulator.state.users.keys() == {"boss", "admin"}


@pytest.mark.parametrize(("ret", "proves"), [(203, True), (106, True), (205, False), (206, False)])
async def test_only_a_wrong_password_proves_that_it_was_not_taken(ret, proves):
    """A device that locks the account or the caller says nothing of the password."""
    rows = [{"object": "user guard", "path": "password", "before": None, "after": None}]
    async with Simulator(users={"admin": PASSWORD}, quirks=Quirks(login_ret=ret)) as camera:
        options = {
            "host": camera.host,
            "port": camera.port,
            "login_user": "admin",
            "login_password": PASSWORD,
        }
        session = Session(Endpoint.from_options(options))
        if proves:
            assert await _left_by_login(session, "guard", "Heron-gate5", rows) == rows
        else:
            with pytest.raises(AuthenticationError) as error:
                await _left_by_login(session, "guard", "Heron-gate5", rows)
            assert error.value.ret == ret
