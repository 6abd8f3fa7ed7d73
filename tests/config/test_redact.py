import json

import pytest

from dvrip_proto.config.catalog import spec_for
from dvrip_proto.config.redact import MASKED, redact, secret_key


def test_secrets_are_masked_by_key_in_every_object():
    tree = {
        "A": [{"PassWord": "x", "Password": "", "Port": 1, "NoMD5": None}],
        "Keys": ["a", "b"],
        "b": {"acme": "x"},
    }
    assert redact(tree) == {
        "A": [{"PassWord": MASKED, "Password": MASKED, "Port": 1, "NoMD5": None}], "Keys": MASKED, "b": {"acme": MASKED},
    }  # fmt: skip
    assert tree["A"][0]["PassWord"] == "x"


def test_secrets_are_masked_by_row_in_an_element_and_in_the_list_of_all():
    spec = spec_for("NetWork.RemoteDeviceV3")
    element = {"Decoder": [{"MainRtspUrl": "rtsp://h/?user=a&pw=b", "Port": 1}]}
    masked = {"Decoder": [{"MainRtspUrl": MASKED, "Port": 1}]}
    assert redact(element, spec) == masked
    assert redact([element, None], spec) == [masked, None]
    users = {"User": [{"Name": "admin", "Password": "1215cGFz=jMM"}]}
    assert redact(users, spec_for("System.ExUserMap")) == {"User": [{"Name": "admin", "Password": MASKED}]}
    assert redact("secret", spec_for("NetWork.Wifi.Keys")) == MASKED


def test_credentials_in_addresses_are_masked():
    assert redact({"Url": "rtsp://admin:x@10.0.0.1/1"}) == {"Url": f"rtsp://{MASKED}@10.0.0.1/1"}


def test_identity_is_masked_on_request():
    tree = {"MAC": "00:12:34:56:78:90", "SerialNo": "55be", "Port": 80, "Wifi": {"SSID": "home"}}
    assert redact(tree) == tree
    assert redact(tree, identity=True) == {
        "MAC": MASKED,
        "SerialNo": MASKED,
        "Port": 80,
        "Wifi": {"SSID": MASKED},
    }


def test_key_at_the_end_of_a_path():
    assert secret_key("MailServer.Password")
    assert secret_key("Keys[0]")
    assert not secret_key("Password.Port")


def test_keys_that_are_no_text_survive():
    assert json.dumps(redact({1: {"Password": "x"}})) == json.dumps({1: {"Password": MASKED}})


@pytest.mark.parametrize(
    "key",
    ["AuthToken", "WifiPwd", "userPasswd", "SecretKey", "Access_Key", "AuthCode", "PassWord2", "apiKey"],
)
def test_what_nobody_has_described_is_secret_by_its_words(key: str) -> None:
    assert redact({"Deep": [{key: "x-4711"}]}) == {"Deep": [{key: MASKED}]}
    assert secret_key(f"Vendor.{key}")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("SupportPWDSafety", True),
        ("OnvifPwdCheckout", True),
        ("PwdCheck", False),
        ("PasswordType", "MD5"),
        ("PwdReset", [{"Question": "?"}]),
        ("Author", "somebody"),
        ("Compass", "north"),
    ],
)
def test_what_is_only_about_a_secret_is_shown(key: str, value: object) -> None:
    assert redact({key: value}) == {key: value}
    assert not secret_key(key)
