"""Nothing that Ansible prints or keeps holds a secret."""

from ansible_collections.dvrip.devices.plugins.module_utils import _secrets
from dvrip_proto import sofia_hash
from tests.ansible.conftest import PASSWORD

MAIL = "Pigeon-post4"
OLD_MAIL = "Carrier-old8"
GUARD = "Heron-gate5"


def test_secrets_are_masked_everywhere(camera):
    camera.config["NetWork.NetEmail"]["MailServer"] |= {"UserName": "post", "Password": OLD_MAIL}
    mail = {"Enable": True, "MailServer": {"UserName": "post2", "Password": MAIL}}
    user = {"name": "guard", "password": GUARD, "group": "user"}
    run = camera.play(
        [
            {"name": "mail", "dvrip.devices.config": {"name": "NetWork.NetEmail", "config": mail, "return": "full"}},
            {
                "name": "secret alone",
                "dvrip.devices.config": {"name": "NetWork.NetEmail", "config": {"MailServer": {"Password": OLD_MAIL}}},
            },
            {
                "name": "listed",
                "dvrip.devices.config": {"objects": [{"name": "NetWork.NetEmail", "config": mail}]},
            },
            {
                "name": "mistaken",
                "dvrip.devices.config": {"name": "NetWork.NetEmail", "config": {"MailServer": {"Password": [MAIL]}}},
                "ignore_errors": True,
            },
            {
                "name": "unknown object",
                "dvrip.devices.config": {"name": "No.Such", "config": {"Password": MAIL}},
                "ignore_errors": True,
            },
            {"name": "users", "dvrip.devices.user": {"users": [user]}},
            {"name": "invalid", "dvrip.devices.user": user | {"sharable": f"{GUARD}x"}, "ignore_errors": True},
            {"name": "in a name", "dvrip.devices.user": user | {"group": f"x{GUARD}"}, "ignore_errors": True},
            {"name": "info", "dvrip.devices.config_info": {"name": ["NetWork.NetEmail", "System.ExUserMap"]}, "ignore_errors": True},
            {"name": "facts", "dvrip.devices.device_info": {"gather_subset": ["all"]}},
        ],
        "-vvvv",
        "--diff",
    ).ok()  # fmt: skip
    everything = run.printed + str([outcome.result for outcome in run.outcomes])
    for secret in (PASSWORD, MAIL, OLD_MAIL, GUARD):
        assert secret not in everything
        assert sofia_hash(secret) not in everything
    assert run["mail"]["after"]["MailServer"]["UserName"] == "post2"
    assert run["secret alone"]["changed"] is True
    assert "(new secret)" in str(run["secret alone"]["diff"])
    assert camera.config["NetWork.NetEmail"]["MailServer"]["Password"] == MAIL


def test_a_password_that_is_also_a_name_does_not_hide_the_name(make_camera):
    camera = make_camera(users={"admin": "admin"})
    tasks = [
        {"name": "facts", "dvrip.devices.device_info": {"gather_subset": ["accounts"]}},
        {"name": "user", "dvrip.devices.user": {"name": "guard", "password": "guard", "group": "user"}},
    ]
    run = camera.play(tasks, ansible_password="admin").ok()
    assert run["facts"]["device"]["users"][0]["name"] == "admin"
    # ansible-core 2.22 masks every value of a secret option by itself.
    assert run["user"]["name"] in ("guard", "$REDACTED$")


def test_a_password_and_its_hash_are_secret_but_not_what_is_said_openly():
    found = _secrets.secret_strings([GUARD, "admin", ""], ["admin"])
    assert found == {GUARD, sofia_hash(GUARD), sofia_hash("admin")}
